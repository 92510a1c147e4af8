"""``sim analyse bottlenecks``: where people in need are stopped, and what a little more would do."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.analysis.bottlenecks import Where, bottleneck_table, largest_bottlenecks, reason_shares, summed_reasons
from sim.analysis.shadow_prices import CHANGES, Outcome, outcome_of, shadow_prices
from sim.cli.failure import UsageError
from sim.cli.stage import Stage, check_file_to_write, known_place, known_service, named_scenarios, set_stage, world_of
from sim.report.bottlenecks import bottleneck_lines, price_lines, print_reasons
from sim.report.files import written_whole
from sim.report.table import report_console
from sim.report.wrap import print_hanging
from sim.specification.load import load_study
from sim.specification.run import RunSpec, Scenario, Study
from sim.study.price import COMPILING_S, compiled
from sim.study.progress import Progress, duration, progress_for
from sim.world.world import World

SUFFIX = ".csv"
MOST_SHOWN = 6
SECONDS_BETWEEN_LINES = 10.0

Made = tuple[Outcome, dict[str, Outcome]]


@dataclass(frozen=True)
class Wanted:
    """What the command was asked for; "" or 0 where an option was not given."""

    study: str
    overrides: Sequence[str] = ()
    regimes: str = ""
    service: str = ""
    place: str = ""
    replicates: int = 0
    shadow_prices: bool = False
    out: str = ""
    as_json: bool = False
    quiet: bool = False


def show_bottlenecks(wanted: Wanted) -> int:
    """Print where people are stopped under each regime, write the whole table where asked to, and return 0.

    Raises ConfigError on a wrong study and UsageError on anything asked for that is not there.
    """
    check_file_to_write(wanted.out, SUFFIX)
    study = load_study(wanted.study, wanted.overrides)
    if wanted.replicates < 0 or wanted.replicates > study.replicates:
        raise UsageError(f"--replicates wants 1 to {study.replicates}, those of {study.id}, got {wanted.replicates}")
    study = replace(study, replicates=wanted.replicates or study.replicates)
    scenarios, world = named_scenarios(study, wanted.regimes), world_of(study, 0)
    where = _where(known_service(wanted.service, study, world), known_place(wanted.place, world), world)
    outcomes = _run_all(study, scenarios, wanted, where)
    counts = {regime: summed_reasons([base.reasons for base, _ in runs], where) for regime, runs in outcomes.items()}
    table = bottleneck_table(counts, world)
    if wanted.out:
        with written_whole(Path(wanted.out)) as temporary:
            table.to_csv(temporary, index=False, lineterminator="\n")
    shares, most = reason_shares(counts, study.replicates), MOST_SHOWN
    found = largest_bottlenecks(counts, world, study.replicates, most)
    prices = shadow_prices(outcomes)
    if wanted.as_json:
        content: dict[str, Any] = {"ok": True, "exit_code": 0, "study": study.id, "replicates": study.replicates}
        content |= {"file": wanted.out or None, "reasons_from_diagnosis": shares}
        content |= {"largest": [_json(one) for one in found], "shadow_prices": [_json(price) for price in prices]}
        print(json.dumps(content, ensure_ascii=False, indent=2))
        return 0
    console = report_console(sys.stdout)
    print_reasons(shares, study.replicates, console)
    print_hanging([*bottleneck_lines(found), *(price_lines(prices) if wanted.shadow_prices else ())], console)
    if wanted.out:
        console.print(f"Table       {wanted.out}", soft_wrap=True)
    return 0


def _json(row: Any) -> dict[str, Any]:
    """Return a row as JSON writes it; what is undefined is null."""
    return {name: None if value != value else value for name, value in asdict(row).items()}  # noqa: PLR0124


def _where(service: str, place: str, world: World) -> Where:
    """Return the part of the runs that is looked at, from ids."""
    return Where(
        service=world.services.ids.index(service) if service else None,
        place=world.places.codes.index(place) if place else None,
    )


def _run_all(study: Study, scenarios: Sequence[Scenario], wanted: Wanted, where: Where) -> dict[str, list[Made]]:
    """Run every scenario on every replicate, as it is and with each change, telling progress in runs."""
    specs = [study.run_spec(scenario, 0) for scenario in scenarios]
    runs = study.replicates * sum(1 + len(_changes(spec, wanted)) for spec in specs)
    progress = progress_for(wanted.quiet, every_s=SECONDS_BETWEEN_LINES)
    if not compiled():
        progress.say(f"compiling the rules once for this version: about {duration(COMPILING_S)} more")
    progress.begin(runs)
    outcomes: dict[str, list[Made]] = {scenario.id: [] for scenario in scenarios}
    done = 0
    try:
        for number in range(study.replicates):
            stage = set_stage(study, scenarios, number, quiet=True)
            for scenario, made in _of_replicate(stage, wanted, where, progress, done):
                outcomes[scenario.id].append(made)
                done += 1 + len(made[1])
    finally:
        progress.end()
    return outcomes


def _changes(spec: RunSpec, wanted: Wanted) -> list[Any]:
    """Return the changes that are to be made to a specification and can be."""
    return [change for change in CHANGES if wanted.shadow_prices and change.possible(spec)]


def _of_replicate(
    stage: Stage, wanted: Wanted, where: Where, progress: Progress, done: int
) -> Iterator[tuple[Scenario, Made]]:
    """Yield every scenario with its runs on the people of one replicate; ``done`` runs were made before."""
    services = _services(where, stage.world)
    for scenario in stage.scenarios:
        spec = stage.study.run_spec(scenario, stage.replicate)
        base, changed = outcome_of(spec, stage.world, stage.population), {}
        done += 1
        progress.advance_to(done)
        for change in _changes(spec, wanted):
            changed[change.name] = outcome_of(spec, stage.world, stage.population, change, services)
            done += 1
            progress.advance_to(done)
        yield scenario, (base, changed)


def _services(where: Where, world: World) -> npt.NDArray[np.bool_]:
    """Return the services that are given more slots, bool[S]: the one that is looked at, otherwise all."""
    rows = np.arange(len(world.services.ids))
    chosen: npt.NDArray[np.bool_] = np.isin(rows, rows if where.service is None else [where.service])
    return chosen
