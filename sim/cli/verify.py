"""``sim verify``: make stored runs again from their own files and compare the results."""

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sim.cli.failure import ResultsError, UsageError
from sim.cli.results import results_of
from sim.settings.plural import counted
from sim.specification.stored import StoredSpecificationError
from sim.study import england
from sim.study.bench import Bench
from sim.study.index import read_index
from sim.study.plan import named_runs
from sim.study.progress import Progress, progress_for
from sim.study.store import DamagedRunError, Store
from sim.study.verify import Difference, Verified, sample, verify

MISMATCH = 7
SHORTEST_PREFIX = 6
HEXADECIMAL = frozenset("0123456789abcdef")


@dataclass(frozen=True)
class Asked:
    """What is to be verified, as the user gave it."""

    source: str
    results: str | None
    number: int | None
    seed: int
    tolerance: float
    as_json: bool
    quiet: bool


@dataclass(frozen=True)
class Checked:
    """One run that was looked at: the comparison, or why there is none."""

    key: str
    found: Verified | None
    problem: str = ""

    def agrees(self, tolerance: float) -> bool:
        """Tell whether the run could be made again with the same result."""
        return self.found is not None and self.found.agrees(tolerance)


def verify_runs(asked: Asked) -> int:
    """Make runs again, say of each whether it is the same, and return 0, or 7 when one is not.

    Raise UsageError where no such run is; ResultsError on a run that this version of the model cannot make.
    """
    if not 0 <= asked.tolerance < 1:
        raise UsageError(f"--tolerance wants a share from 0 to below 1, got {asked.tolerance}")
    if asked.number is not None and asked.number < 1:
        raise UsageError(f"--sample wants a whole number from 1, got {asked.number}")
    store, keys = _runs(asked)
    bench = england.england_bench()
    progress = progress_for(asked.quiet or len(keys) == 1, every_s=5.0)
    checked = list(_each(store, keys, bench, progress))
    code = 0 if all(one.agrees(asked.tolerance) for one in checked) else MISMATCH
    if asked.as_json:
        print(json.dumps(_as_json(checked, asked, code), ensure_ascii=False, indent=2))
    else:
        for one in checked:
            print("\n".join(_lines(one, asked.tolerance)))
        same = sum(one.agrees(asked.tolerance) for one in checked)
        print(f"{same} of {counted(len(checked), 'run')} the same{_within(asked.tolerance)}")
    return code


def _runs(asked: Asked) -> tuple[Store, list[str]]:
    """Find the runs: of one file, of the beginning of a key, or a sample of a study or results folder."""
    path = Path(asked.source)
    one = path.suffix == ".parquet" or (set(asked.source) <= HEXADECIMAL and not path.exists())
    if one and asked.number is not None:
        raise UsageError("--sample goes with a study or a results folder")
    if path.suffix == ".parquet":
        if not path.is_file():
            raise UsageError(f"there is no file {path}")
        if path.resolve().parent.name != path.stem[:2]:
            raise UsageError(
                f"{path} is not in a store, where the run of a key lies in the folder of its two first digits"
            )
        return Store(path.resolve().parent.parent), [path.stem]
    if one:
        return _of_prefix(asked)
    results = results_of(asked.source, asked.results)
    there = read_index(results.store)
    runs = [run for run in named_runs(results.study, england.england_bench()) if run.key in there]
    if not runs:
        raise UsageError(f"{results.folder} holds no finished run of this version of {results.study.id}")
    return results.store, [run.key for run in sample(runs, asked.number, asked.seed)]


def _of_prefix(asked: Asked) -> tuple[Store, list[str]]:
    """Find the one run whose key begins so, in the folder of --results or in any below results/."""
    if len(asked.source) < SHORTEST_PREFIX:
        raise UsageError(f"a key wants {SHORTEST_PREFIX} digits or more, got {asked.source!r}")
    folders = [Path(asked.results)] if asked.results else sorted(Path("results").glob("*"))
    found = [
        path
        for folder in folders
        for path in sorted((folder / "store" / asked.source[:2]).glob(f"{asked.source}*.parquet"))
    ]
    where = asked.results or "any folder of results"
    if not found:
        raise UsageError(f"no run whose key begins with {asked.source} in {where}; --results names another folder")
    if len({path.stem for path in found}) > 1:
        raise UsageError(
            f"several runs begin so: {', '.join(sorted({path.stem for path in found}))}; write more digits"
        )
    return Store(found[0].parent.parent), [found[0].stem]


def _each(store: Store, keys: Sequence[str], bench: Bench, progress: Progress) -> Iterator[Checked]:
    """Yield each run compared; one that is damaged, or that fails now, is not the same."""
    progress.begin(len(keys))
    bench.prepare()
    try:
        for number, key in enumerate(keys, start=1):
            try:
                yield Checked(key, verify(store.read(key), bench))
            except DamagedRunError as error:
                yield Checked(key, None, str(error))
            except StoredSpecificationError as error:
                raise ResultsError(f"run {key} cannot be made by this version of the model: {error}") from None
            except Exception as error:
                yield Checked(key, None, f"it fails now: {type(error).__name__}: {error}")
            progress.advance_to(number)
    finally:
        progress.end()


def _lines(one: Checked, tolerance: float) -> Iterator[str]:
    if one.found is None:
        yield f"{one.key}: NOT the same; {one.problem}"
        return
    found = one.found
    yield from (f"{one.key}: note: {words}" for words in found.circumstances[:1] if "code" in words)
    named = f"{one.key}: {found.regime}, replicate {found.replicate}"
    if found.digest == found.stored_digest:
        yield f"{named}: the same, digest {found.digest[:16]}"
        return
    close = found.agrees(tolerance)
    yield f"{named}: {'the same' + _within(tolerance) if close else 'NOT the same'}"
    yield f"  digest stored {found.stored_digest[:16]}, now {found.digest[:16]}"
    yield from (f"  then and now: {words}" for words in found.circumstances)
    if not found.circumstances:
        yield "  code, data, Python, processor and packages are the same: a fault of the model or of the machine"
    if found.lives_differ:
        yield "  the lives of patients differ, not only what is counted of them"
    yield f"  {counted(found.differing, 'row')} differ, the largest relative difference {found.largest:.3g}; the first:"
    yield from (f"    {_difference(difference)}" for difference in found.first)


def _difference(found: Difference) -> str:
    return f"{', '.join(found.row.values())}: {found.column} stored {_worded(found.stored)}, now {_worded(found.again)}"


def _worded(value: float | str | None) -> str:
    """Word a value with all its digits, which is what two runs may differ in."""
    return "no such row" if value is None else repr(value)


def _within(tolerance: float) -> str:
    return f" within {tolerance:g}" if tolerance else ""


def _as_json(checked: Sequence[Checked], asked: Asked, code: int) -> dict[str, Any]:
    runs = [
        {"key": one.key, "same": one.agrees(asked.tolerance), "problem": one.problem}
        | (_plain(asdict(one.found)) if one.found else {})
        for one in checked
    ]
    return {"ok": code == 0, "exit_code": code, "tolerance": asked.tolerance, "runs": runs}


def _plain(value: Any) -> Any:
    """Return the same content with null where a number is undefined or infinite, which JSON cannot write."""
    if isinstance(value, dict):
        return {name: _plain(inside) for name, inside in value.items()}
    if isinstance(value, list):
        return [_plain(inside) for inside in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
