"""What ``sim run --dry-run`` says: what would be compared, over which years, and what it takes."""

import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.report.stopping import batches_in_words
from sim.report.table import PAGE_WIDTH
from sim.settings.plural import counted
from sim.specification.plausible import implausible
from sim.specification.run import Study
from sim.study.plan import Plan
from sim.study.price import ELSEWHERE
from sim.study.progress import duration

LABEL_WIDTH = 23
MOST_NAMED = 24
"""A study that compares more, as one that moves every service by itself, names the first three of them."""


def price_lines(study: Study, plan: Plan, content: Mapping[str, Any], folder: Path, what: str = "") -> Iterator[str]:
    """Yield the lines; ``content`` holds the numbers, as JSON gives them.

    ``what`` words the runs where they are no product of points, regimes and replicates; then it says what varies, too.
    """
    yield f"{study.id}: {what or _product(study, plan)}"
    yield from _labelled("compared", _compared(study))
    yield from _labelled("years", study.horizon.in_words)
    for axis in () if what else study.axes:
        yield from _labelled("varied", f"{axis.key}: {axis.in_words}")
    if study.axes and not what:
        yield from _labelled("design", _design(study))
    for label, text in () if what else batches_in_words(study, len(study.points)):
        yield from _labelled(label, text)
    for sentence in implausible(study):
        yield from _labelled("note", sentence)
    for sentence in content["warnings"]:
        yield from _labelled("warning", sentence)
    alike = len(plan.runs) - content["runs"]
    if alike:
        yield from _labelled("the same as another", str(alike))
    yield from _labelled("in the store already", str(content["in_store"]))
    yield from _labelled("to be made", str(content["new"]))
    for damaged in plan.damaged:
        yield from _labelled("damaged, made again", str(damaged))
    times = [duration(content[name]) for name in ("seconds", "seconds_low", "seconds_high")]
    workers = counted(content["workers"], "worker")
    time = f"{times[0]} ({times[1]} to {times[2]}) on {workers}, tables and figures not counted; {content['basis']}"
    yield from _labelled("time", time)
    if content["basis"] == ELSEWHERE and content["new"] and not what:
        yield from _labelled("", "`--pilot` makes the first unit of work, keeps it, and tells the time more closely")
    if "most_seconds" in content and not what:
        yield from _labelled("time of all batches", f"at most about {duration(content['most_seconds'])}")
    yield from _labelled("memory per worker", f"{content['mb_per_worker']} MB")
    yield from _labelled("disk", f"{content['disk_mb']} MB in {folder}")
    made = content.get("pilot_runs", 0)
    written = f"{counted(made, 'run')} of a pilot made and stored; nothing else" if made else "Nothing"
    yield f"{written} was written. Run it with:  {content['command']}"


def _design(study: Study) -> str:
    """Word how the points come about: ``saltelli, 512 samples, seed 1: 512 x (12 + 2) = 7,168 points``."""
    return f"{study.design.in_words}: {study.design.arithmetic([len(axis.values) for axis in study.axes])}"


def _product(study: Study, plan: Plan) -> str:
    points = f"{counted(len(study.points), 'point')} x " if study.axes else ""
    product = f"{points}{counted(len(study.compare), 'regime')} x {counted(study.replicates, 'replicate')}"
    batch = " in the first batch" if study.stopping else ""
    return f"{product} = {counted(len(plan.runs), 'run')}{batch}"


def _labelled(label: str, text: str) -> list[str]:
    """Return a line that is wrapped below its own text."""
    hanging = " " * (2 + LABEL_WIDTH)
    return textwrap.wrap(
        f"  {label:<{LABEL_WIDTH}}{text}",
        PAGE_WIDTH,
        subsequent_indent=hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _compared(study: Study) -> str:
    """Say what is set against the baseline."""
    names = [
        f"{scenario.id} (benchmark)" if scenario.benchmark else scenario.id
        for scenario in study.compare
        if scenario.id != study.baseline
    ]
    others = ", ".join(names)
    if len(names) > MOST_NAMED:
        others = f"{', '.join(names[:3])}, … and {len(names) - 3} more"
    return f"each with {study.baseline}, the baseline: {others}" if others else f"nothing; {study.baseline} alone"
