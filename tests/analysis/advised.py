"""A made-up country in which moving a service does what a table says, for advice whose answer is known."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

import numpy as np
import pandas as pd

from sim.analysis.adviser import Advice, Assignment, advise
from sim.analysis.adviser_effects import Effects, effects_of, effects_of_whole, lost_in_whole
from sim.analysis.adviser_frontier import Candidate, Checked, candidates, check, everywhere, pareto_choice
from sim.analysis.adviser_scores import EQUAL, Weights
from sim.specification.run import Scenario, Study
from tests.study import fakes

LEVELS = ("nation", "nhs_region_2022", "icb_2022")
SERVICES = tuple(f"service_{letter}" for letter in "abcdef")
STEPS = {"access": 0.01, "discordance": 0.02, "health": 1.0, "cost": 5e5}
"""One smallest difference that matters: of 1,000 QALYs and of 100 million pounds for the relative ones."""
LEVEL = {"access": 0.5, "discordance": 0.2, "health": 1000.0, "cost": 1e8}
BETTER = {"access": 1.0, "discordance": -1.0, "health": 1.0, "cost": -1.0}
OWN = dict(zip(STEPS, ("access_from_diagnosis", "twin_discordance", "qalys", "cost_treatment_gbp"), strict=True))
WHOLE = dict(
    zip(
        STEPS,
        (
            ("access_from_diagnosis", "all_services"),
            ("twin_discordance", "all_services"),
            ("qalys_in_all", "all"),
            ("cost_total_gbp", "all"),
        ),
        strict=True,
    )
)
Planted = Mapping[tuple[str, str], Mapping[str, float]]
"""Gains in steps of a service at a level, by outcome; what is not named is none."""


@dataclass(frozen=True)
class Country:
    """What moving does: planted own gains, luck (standard deviation in steps), and what moves do beyond that.

    ``together`` is pounds in all, from the assignment by service; ``elsewhere`` is QALYs in all for a moved service.
    ``luck`` may hold points apart by ``by_point``, which multiplies the planted gains. ``unseen`` holds the services
    and outcomes that are not measured in any run, ``lost`` those that are not where more than one service is moved.
    """

    planted: Planted = field(default_factory=dict)
    luck: float = 0.0
    together: Callable[[Mapping[str, str]], float] = lambda _: 0.0
    elsewhere: Mapping[str, float] = field(default_factory=dict)
    overhead_gbp: float = 0.0
    by_point: Callable[[int], float] = lambda _: 1.0
    unseen: frozenset[tuple[str, str]] = frozenset()
    lost: frozenset[tuple[str, str]] = frozenset()

    def gain(self, service: str, level: str, outcome: str, at: tuple[int, int]) -> float:
        """Return the own gain in steps in one replicate and point."""
        if level == LEVELS[0]:
            return 0.0
        replicate, point = at
        key = [replicate, point, crc32(f"{service} {level} {outcome}".encode())]
        noise = self.luck * float(np.random.default_rng(key).normal())
        return self.by_point(point) * self.planted.get((service, level), {}).get(outcome, 0.0) + noise

    def rows(self, levels: Mapping[str, str], at: tuple[int, int]) -> dict[tuple[str, str], float]:
        """Return every national outcome of one run by measure and set of services."""
        found: dict[tuple[str, str], float] = {}
        moved = [service for service, level in levels.items() if level != LEVELS[0]]
        unseen = self.unseen | self.lost if len(moved) > 1 else self.unseen
        for outcome, measure in OWN.items():
            for service, level in levels.items():
                gain = self.gain(service, level, outcome, at)
                seen = np.nan if (service, outcome) in unseen else 1.0
                found[measure, service] = seen * (LEVEL[outcome] + BETTER[outcome] * STEPS[outcome] * gain)
            own = [value for value in (found[measure, service] for service in levels) if np.isfinite(value)]
            mean = float(np.mean(own)) if own else np.nan
            found[WHOLE[outcome]] = mean if outcome in ("access", "discordance") else float(np.sum(own))
        found["qalys_in_all", "all"] += sum(self.elsewhere.get(service, 0.0) for service in moved)
        overhead = self.overhead_gbp * len(moved)
        found["cost_total_gbp", "all"] += self.together(levels) + overhead
        found["cost_administration_gbp", "all"], found["cost_handover_gbp", "all"] = 1e6 + overhead, 0.0
        return found


def study_of(services: Sequence[str] = SERVICES, replicates: int = 8, **changes: Any) -> Study:
    return fakes.study(replicates=replicates, services=tuple(services), **changes)


def advice_of(services: Sequence[str] = SERVICES, replicates: int = 8, **changes: Any) -> Advice:
    return advise(study_of(services, replicates, **changes), LEVELS)


def levels_of(scenario: Scenario, services: Sequence[str]) -> dict[str, str]:
    """Read from a regime at which level each service stands, all four functions together."""
    regime = scenario.timeline[-1][1]
    found = {}
    for service in services:
        rows = {
            regime.cell(service, "specialised_retained", f).holder  # every group has the same row
            for f in ("policy", "budget", "contracting", "cases")
        }
        [found[service]] = rows
    return found


def frame_of(study: Study, country: Country) -> pd.DataFrame:
    """Return the national rows of every run of a study."""
    rows = [
        (measure, "nation", service, "all", value, scenario.id, replicate, point.number)
        for scenario in study.compare
        for replicate in range(study.replicates)
        for point in study.points
        for (measure, service), value in country.rows(
            levels_of(scenario, study.services), (replicate, point.number)
        ).items()
    ]
    names = ["measure", "geography", "service", "period_start", "value", "regime", "replicate", "point"]
    return pd.DataFrame(rows, columns=names)


def effects_in(country: Country, advice: Advice) -> Effects:
    return effects_of(advice, frame_of(advice.study, country))


def check_all(
    advice: Advice,
    effects: Effects,
    looked_at: Sequence[Candidate],
    frame: pd.DataFrame,
    whole: Study,
    weights: Weights = EQUAL,
) -> list[Checked]:
    """Check candidates, the first of them the reference, and each level holding everything, from the whole's rows."""
    changed = effects_of_whole(effects, frame, whole)[:, : len(looked_at) - 1]
    lost = lost_in_whole(effects, frame, whole)[:, :, : len(looked_at) - 1]
    actual = np.concatenate([effects.nothing[:, None], changed, effects.everything], axis=1)
    never = np.zeros_like(effects.everything_lost[:, :, :1])
    missing = np.concatenate([never, lost, effects.everything_lost], axis=2)
    return check(advice, effects, [*looked_at, *everywhere(advice, effects)], actual, missing, weights)


def found_of(
    country: Country, named: Mapping[str, Assignment] | None = None, weights: Weights = EQUAL, **changes: Any
) -> tuple[Advice, Effects, list[Checked]]:
    """Look at the reference, what the sweep chooses, the assignments named, and each level holding everything."""
    advice = advice_of(**changes)
    effects = effects_in(country, advice)
    looked_at = candidates(advice, effects, named or {}, 6)
    whole = advice.whole({one.id: one.levels for one in looked_at[1:]} or {"none": advice.as_now})
    return advice, effects, check_all(advice, effects, looked_at, frame_of(whole, country), whole, weights)


def choice_in(checked: Sequence[Checked], effects: Effects, weights: Weights = EQUAL) -> Checked:
    """Return the choice where there must be one."""
    choice = pareto_choice(checked, effects, weights)
    assert choice is not None
    return choice


def groups_of(services: Sequence[str]) -> dict[str, str]:
    return dict.fromkeys(services, "specialised_delegable")


def at(**moved: str) -> Assignment:
    """Return the assignment of the usual services, those named at other levels."""
    return tuple(moved.get(service, LEVELS[0]) for service in SERVICES)
