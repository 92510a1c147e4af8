"""``sim analyse money``: the lines of cost of a study from its store."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sim.analysis.money import BY, Money, money_of
from sim.cli.failure import UsageError
from sim.cli.finished import Finished, finished
from sim.report.money import print_money
from sim.report.table import report_console
from sim.settings.hints import did_you_mean
from sim.settings.plural import counted
from sim.specification.axes import LEVERS
from sim.study.plan import NamedRun


def show_money(source: str, *, regimes: str, by: str, point: int, as_json: bool) -> int:
    """Print where the money went and return 0; raises UsageError on regimes, views or points that do not exist."""
    if by and by not in BY:
        raise UsageError(f"--by: nothing is told by {by!r}; {did_you_mean(by, BY, listing='it wants one of')}")
    results = finished(source)
    names = _regimes(results, regimes)
    benchmarks = {scenario.id for scenario in results.study.compare if scenario.benchmark}
    options = [name for name in names if name not in benchmarks]
    money = money_of(_runs(results, point), results.store, names, by, options)
    for error in money.damaged:
        print(f"{error}; left out", file=sys.stderr)
    if money.left_out:
        runs = counted(money.left_out, "run")
        print(
            f"{runs} left out, so that all regimes and replicates are told over the same points; "
            "`sim status` says what is missing",
            file=sys.stderr,
        )
    if not money.rows:
        raise UsageError(f"{results.folder} holds no finished run of {', '.join(names)} for this view")
    if as_json:
        print(json.dumps(_as_json(money, by), ensure_ascii=False, indent=2, allow_nan=False))
    else:
        print_money(money, by, report_console(sys.stdout))
    return 0


def _regimes(results: Finished, wanted: str) -> list[str]:
    """Return the regimes that are wanted in their order, or all of the study with its baseline first."""
    known = results.study.scenarios
    if not wanted:
        return [results.study.baseline, *(name for name in known if name != results.study.baseline)]
    names = [name.strip() for name in wanted.split(",") if name.strip()]
    for name in names:
        if name not in known:
            raise UsageError(f"the study does not compare `{name}`; {did_you_mean(name, known, listing='it compares')}")
    return list(dict.fromkeys(names))


def _runs(results: Finished, point: int) -> Sequence[NamedRun]:
    """Return the runs of one point, or of all where only uncertainties were varied: each point is then a draw."""
    study, numbers = results.study, [found.number for found in results.study.points]
    if point and point not in numbers:
        raise UsageError(f"--point wants a number from 1 to {len(numbers)}, got {point}")
    levers = [axis.key for axis in study.axes if axis.group == LEVERS]
    if levers and not point:
        raise UsageError(f"the study varies {', '.join(levers)}; choose a point with --point, 1 to {len(numbers)}")
    return [run for run in results.runs if not point or run.point == point]


def _as_json(money: Money, by: str) -> dict[str, Any]:
    content = {
        "ok": True,
        "exit_code": 0,
        "by": by or "nation",
        "left_out": money.left_out,
        "rows": [asdict(row) for row in money.rows],
        "economics": None if money.economics is None else asdict(money.economics),
    }
    plain: dict[str, Any] = _without_nan(content)
    return plain


def _without_nan(value: Any) -> Any:
    """Return the same content with null where a number is undefined, which JSON cannot write."""
    if isinstance(value, dict):
        return {name: _without_nan(inside) for name, inside in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(inside) for inside in value]
    return None if isinstance(value, float) and not abs(value) < float("inf") else value
