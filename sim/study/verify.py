"""Make a stored run again from its own file alone, and say whether the result is the same."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.specification.run import RunSpec
from sim.specification.stored import read_canonical
from sim.study.bench import Bench, RunFailureError
from sim.study.plan import NamedRun
from sim.study.provenance import checked_invariants, environment
from sim.study.store import Manifest, StoredRun
from sim.study.table import ADDED_COLUMNS, IDENTITY_COLUMNS, NUMBER_COLUMNS, Table, canonical_table, result_digest

MOST_DIFFERENCES = 5
"""So many differing rows are named; all are counted."""
TOLD_APART = (*NUMBER_COLUMNS, "unit", *ADDED_COLUMNS)


@dataclass(frozen=True)
class Difference:
    """One value that differs, or a row that only one side has (None on the other)."""

    row: Mapping[str, str]
    column: str
    stored: float | str | None
    again: float | str | None


@dataclass(frozen=True)
class Verified:
    """A run made again, against the run as it is stored.

    ``largest`` is the largest relative difference of a number, infinite where rows, words or undefined numbers differ.
    ``circumstances`` words what is not as it was when the run was made: code, data, packages, Python.
    """

    key: str
    regime: str
    replicate: int
    stored_digest: str
    digest: str
    circumstances: Sequence[str]
    differing: int
    first: Sequence[Difference]
    largest: float
    lives_differ: bool

    def agrees(self, tolerance: float) -> bool:
        """Tell whether the results are the same, or with a tolerance above 0 whether every number is that close."""
        return self.digest == self.stored_digest or (tolerance > 0 and self.largest <= tolerance)


def spec_of(manifest: Manifest) -> RunSpec:
    """Return the run that a manifest describes; raise StoredSpecificationError when this version cannot run it."""
    return read_canonical(json.dumps(manifest.get("spec")), str(manifest.get("labels", {}).get("scenario", "")))


def verify(stored: StoredRun, bench: Bench) -> Verified:
    """Simulate a stored run again and compare.

    Raise StoredSpecificationError when this version cannot run it, and whatever the model raises.
    """
    spec = spec_of(stored.manifest)
    world = bench.load_world(spec)
    made = next(iter(bench.simulate([spec], world)), None)
    if made is None:
        raise RunFailureError("the model ended without handing over this run")
    result = made[1]
    checked_invariants(result)
    table = canonical_table(bench.tabulate(result, world))
    checksums = {"lives": int(result.lives_checksum), "twins": int(result.twins_checksum)}
    differences = list(_differences(stored.table, table))
    return Verified(
        key=stored.key,
        regime=spec.scenario_id,
        replicate=spec.replicate,
        stored_digest=stored.manifest["result_digest"],
        digest=result_digest(table, checksums),
        circumstances=list(circumstances(stored.manifest, bench)),
        differing=len({tuple(found.row.values()) for found in differences}),
        first=differences[:MOST_DIFFERENCES],
        largest=max((_relative(found) for found in differences), default=0.0),
        lives_differ=checksums != stored.manifest["checksums"],
    )


def circumstances(manifest: Manifest, bench: Bench) -> Iterator[str]:
    """Yield in words what differs between then and now, the code first."""
    code, then = manifest.get("code", {}), manifest.get("environment", {})
    now = environment()
    if code.get("code_hash") != bench.code_hash:
        commit = (code.get("git") or {}).get("commit") or "not known"
        version = code.get("package_version", "not known")
        yield f"the model's code is not the code that made the run (then version {version}, commit {commit})"
    if manifest.get("data_hash") != bench.data_hash:
        yield "the data tables are not those that the run was made with"
    if then.get("python") != now["python"]:
        yield f"Python {then.get('python', 'not known')} then, {now['python']} now"
    if then.get("processor") != now["processor"]:
        yield f"processor {then.get('processor', 'not known')} then, {now['processor']} now"
    packages: Mapping[str, str] = then.get("packages", {})
    for name, version in now["packages"].items():
        if packages.get(name) != version:
            yield f"{name} {packages.get(name, 'not known')} then, {version} now"


def sample(runs: Sequence[NamedRun], number: int | None, seed: int) -> list[NamedRun]:
    """Draw so many of the runs, or without a number one of each regime; the same for the same seed.

    Runs of one key count once.
    """
    rng = np.random.default_rng(seed)
    distinct = list({run.key: run for run in reversed(runs)}.values())[::-1]
    if number is not None:
        chosen = rng.choice(len(distinct), min(number, len(distinct)), replace=False)
        return [distinct[place] for place in sorted(chosen.tolist())]
    groups = [[run for run in distinct if run.scenario == name] for name in dict.fromkeys(r.scenario for r in distinct)]
    return [group[int(rng.integers(len(group)))] for group in groups]


def _differences(stored: Table, again: Table) -> Iterator[Difference]:
    """Yield what differs in the order of the rows; both tables are in canonical order."""
    before, after = _rows(stored), _rows(again)
    for identity in sorted({*before, *after}):
        row = dict(zip(IDENTITY_COLUMNS, identity, strict=True))
        if identity not in before or identity not in after:
            one, other = before.get(identity, {}), after.get(identity, {})
            yield Difference(row, "value", one.get("value"), other.get("value"))
            continue
        for name in TOLD_APART:
            one, other = before[identity][name], after[identity][name]
            if one != other and not (one != one and other != other):  # undefined both times  # noqa: PLR0124
                yield Difference(row, name, one, other)


def _rows(table: Table) -> dict[tuple[str, ...], dict[str, Any]]:
    identities = zip(*(table[name].tolist() for name in IDENTITY_COLUMNS), strict=True)
    contents = zip(*(table[name].tolist() for name in TOLD_APART), strict=True)
    return {
        identity: dict(zip(TOLD_APART, content, strict=True))
        for identity, content in zip(identities, contents, strict=True)
    }


def _relative(found: Difference) -> float:
    one, other = found.stored, found.again
    if not (isinstance(one, float) and isinstance(other, float)) or not (np.isfinite(one) and np.isfinite(other)):
        return float("inf")
    return abs(one - other) / max(abs(one), abs(other))
