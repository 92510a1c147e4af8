"""``sim check``: whether a file can be used, and what it would do."""

import json
import shlex
from collections.abc import Iterator, Sequence

from sim.governance.matrix import Regime
from sim.report.stopping import batches_in_words
from sim.settings.plural import counted
from sim.specification.idle import idle
from sim.specification.load import Loaded, load
from sim.specification.plausible import implausible
from sim.specification.run import Scenario, Study
from sim.study.until import check_until


def check_file(name: str, overrides: Sequence[str], *, as_json: bool) -> int:
    """Check a file of any kind, print what it would do and return 0; raises ConfigError."""
    found = load(name, overrides)
    if isinstance(found, Study):
        _check_tables()
        check_until(found)
    summary, notes = list(_summary(found)), list(_notes(found))
    if as_json:
        content = {"ok": True, "exit_code": 0, "kind": _kind(found), "id": found.id}
        content |= {"problems": [], "notes": notes}
        print(json.dumps(content, ensure_ascii=False, indent=2))
        return 0
    print(f"ok: {_kind(found)} {found.id}" + (f" - {found.title}" if found.title else ""))
    for line in [*summary, *(f"note: {note}" for note in notes)]:
        print(f"  {line}")
    if isinstance(found, Study):
        sets = "".join(f" --set {shlex.quote(text)}" for text in overrides)
        print(f"Run it with:  sim run {shlex.quote(name)}{sets}")
    return 0


def _check_tables() -> None:
    """Read the data tables as a run would; raise DataError with all that is wrong in them."""
    from sim.world.world import load_england

    load_england()


def _kind(found: Loaded) -> str:
    return type(found).__name__.lower()


def _summary(found: Loaded) -> Iterator[str]:
    if isinstance(found, Regime):
        off = "every mechanism is off" + (" but distance" if found.with_distance else "")
        yield f"a benchmark: {off}" if found.benchmark else "matrix and levers are complete"
    elif isinstance(found, Scenario):
        for month, regime in found.timeline:
            yield f"{month}  {regime.id}"
    else:
        names = (id_ + (" (baseline)" if id_ == found.baseline else "") for id_ in found.scenarios)
        yield f"compares {', '.join(names)}"
        yield f"{len(found.services)} services; {found.horizon.in_words}"
        for axis in found.axes:
            yield f"varies {axis.key}: {axis.in_words}"
        runs = len(found.points) * len(found.compare) * found.replicates
        what = f"{counted(len(found.compare), 'scenario')} x {counted(found.replicates, 'replicate')}"
        times = f"{counted(len(found.points), 'point')} ({found.design.in_words}) x " if found.axes else ""
        yield f"{times}{what} = {counted(runs, 'run')}"
        yield from (f"{label} {text}" for label, text in batches_in_words(found, len(found.points)))


def _notes(found: Loaded) -> Iterator[str]:
    """Yield the parameters outside their plausible range, and the axes that vary nothing or change nothing."""
    if not isinstance(found, Study):
        return
    yield from implausible(found)
    yield from idle(found)
    for axis in found.axes:
        if len(axis.values) == 1:
            yield f"{axis.key} has one value and is not varied"
