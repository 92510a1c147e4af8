"""``sim analyse ledger``: two regimes set against each other life by life."""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.analysis.ledger import Account, account_of, effects, make_ledger, totals
from sim.cli.failure import UsageError
from sim.cli.stage import check_file_to_write, named_scenarios, run_each, set_stage
from sim.report.ledger import ledger_json, print_ledger
from sim.report.table import report_console
from sim.specification.load import load_study
from sim.specification.run import RunSpec, Scenario, Study

SUFFIX = ".parquet"


@dataclass(frozen=True)
class Wanted:
    """What the command was asked for; "" where an option was not given."""

    study: str
    overrides: Sequence[str] = ()
    regimes: str = ""
    replicate: int = 0
    out: str = ""
    as_json: bool = False
    quiet: bool = False


def show_ledger(wanted: Wanted) -> int:
    """Print the summary of a ledger, write its lines where asked to, and return 0.

    Raises ConfigError on a wrong study and UsageError on anything asked for that is not there.
    """
    check_file_to_write(wanted.out, SUFFIX)
    study = load_study(wanted.study, wanted.overrides)
    stage = set_stage(study, two_scenarios(study, wanted.regimes), wanted.replicate, wanted.quiet)

    def simulate(spec: RunSpec, month_over: Callable[[int], None]) -> Account:
        return account_of(spec, stage.world, stage.population, month_over)

    ledger = make_ledger(*run_each(stage, wanted.quiet, simulate))
    found, sums = effects(ledger), totals(ledger)
    if wanted.out:
        from sim.report.ledger_file import write_ledger

        write_ledger(ledger, Path(wanted.out))
    if wanted.as_json:
        content = {"ok": True, "exit_code": 0, "study": study.id, "file": wanted.out or None}
        print(json.dumps(content | ledger_json(ledger, found, sums), ensure_ascii=False, indent=2))
        return 0
    console = report_console(sys.stdout)
    print_ledger(ledger, found, sums, console)
    if wanted.out:
        console.print(f"Lines       {wanted.out}", soft_wrap=True)
    return 0


def two_scenarios(study: Study, names: str) -> list[Scenario]:
    """Return the two scenarios to set against each other, the baseline first where it is one of them."""
    chosen = named_scenarios(study, names)
    if len(chosen) < 2 or (names and len(chosen) > 2):
        raise UsageError(f"a ledger wants two regimes, got {len(chosen)}; name them with --regimes a,b")
    return chosen[:2]
