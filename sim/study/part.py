"""A part of a study that one command makes by itself: a shard of its units, or one run."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Protocol

from sim.study.plan import Plan

FEWEST_DIGITS = 6
MOST_NAMED = 5


class NoSuchRunError(LookupError):
    """No run of a study, or more than one, is meant."""


class Part(Protocol):
    """Some of the runs of a study."""

    def of(self, plan: Plan) -> Plan:
        """Return what of a plan belongs to the part."""

    @property
    def in_words(self) -> str:
        """Say what the part is."""


@dataclass(frozen=True)
class Shard:
    """Every so-manieth unit of a study, by its place in the study, whatever has been made already.

    ``number`` counts from 1 to ``count``; the shards of a study have no run in common and are all of it.
    """

    number: int
    count: int

    def of(self, plan: Plan) -> Plan:
        """Return the plan of this shard. A run that several units want belongs to the first of them."""
        units = dict.fromkeys((run.replicate, run.point) for run in plan.runs)
        turn = {unit: place % self.count for place, unit in enumerate(units)}
        first: dict[str, int] = {}
        for run in plan.runs:
            first.setdefault(run.key, turn[run.replicate, run.point])
        return _with_keys(plan, {key for key, place in first.items() if place == self.number - 1})

    @property
    def in_words(self) -> str:
        """Say which shard it is."""
        return f"shard {self.number} of {self.count}"


@dataclass(frozen=True)
class OneRun:
    """The run whose key begins with some hexadecimal digits."""

    digits: str

    def of(self, plan: Plan) -> Plan:
        """Return the plan of this run; raise NoSuchRunError when no run is meant, or more than one."""
        found = sorted({run.key for run in plan.runs if run.key.startswith(self.digits)})
        if not found:
            raise NoSuchRunError(f"no run of this study has a key that begins with {self.digits}")
        if len(found) > 1:
            more = ", ..." if len(found) > MOST_NAMED else ""
            raise NoSuchRunError(f"{self.digits} may be any of {', '.join(found[:MOST_NAMED])}{more}: give more digits")
        return _with_keys(plan, found)

    @property
    def in_words(self) -> str:
        """Say which run it is."""
        return f"the run {self.digits}"


def shard_of(text: str) -> Shard:
    """Read a shard such as 3/20; raise ValueError on anything that is none."""
    found = re.fullmatch(r"([0-9]{1,9})/([0-9]{1,9})", text.strip())
    number, count = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 1 <= number <= count:
        raise ValueError(f"--shard wants which of how many, from 1/1, such as 3/20; got {text!r}")
    return Shard(number, count)


def one_run_of(text: str) -> OneRun:
    """Read the beginning of a key; raise ValueError on anything that is none."""
    digits = text.strip().lower()
    if not re.fullmatch(f"[0-9a-f]{{{FEWEST_DIGITS},16}}", digits):
        raise ValueError(f"--key wants the first {FEWEST_DIGITS} to 16 hexadecimal digits of a run's key, got {text!r}")
    return OneRun(digits)


def _with_keys(plan: Plan, keys: Collection[str]) -> Plan:
    """Return the plan with the runs of some keys only."""
    units = (replace(unit, runs=tuple(run for run in unit.runs if run.key in keys)) for unit in plan.missing)
    return Plan(
        runs=tuple(run for run in plan.runs if run.key in keys),
        missing=tuple(unit for unit in units if unit.runs),
        damaged=tuple(error for error in plan.damaged if error.key in keys),
    )
