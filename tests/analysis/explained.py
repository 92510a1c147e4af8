"""Decompositions whose outcomes are known: a made-up game for each outcome, regime and replicate."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from sim.analysis.decomposition import TOPICS, Decomposition, decompose
from sim.analysis.mechanism_groups import MechanismGroup, groups_of
from sim.analysis.shares import Account, accounts
from sim.measures.outcomes import outcome
from tests.study import fakes

OUTCOMES = [pair for pairs in TOPICS.values() for pair in pairs]
LEVELS = {"tau_icb": 0.3, "twin_discordance": 0.1, "access_from_diagnosis": 0.8, "cost_total_gbp": 1.6e10}
STEPS = {"tau_icb": 0.05, "twin_discordance": 0.02, "access_from_diagnosis": -0.03, "cost_total_gbp": 1e8}
THREE = "money,policy+expertise"
"""Three groups: money (bit 0), policy with expertise (bit 1), and the rest (bit 2)."""

Game = Callable[[str, int, int], float]
"""How many steps an outcome moves: from regime, replicate and subset."""


def game(regime: str, replicate: int, subset: int) -> float:
    """Money adds 1, policy 1 more under the second regime (2 with the rest at work), the rest nothing by itself."""
    luck = float(np.random.default_rng([replicate, subset & 1]).normal(scale=0.05))
    local = regime != "north"
    money, policy, rest = (subset >> place & 1 for place in range(3))
    return money * (1.0 + luck) + local * policy * (1.0 + rest) * (1.0 + luck)


def found_of(
    text: str = THREE, names: Sequence[str] = ("north", "south"), replicates: int = 5, **of: int
) -> Decomposition:
    return decompose(fakes.study(names, replicates), groups_of(text), **of)


def frame_of(found: Decomposition, rule: Game = game, outcomes: Sequence[tuple[str, str]] = OUTCOMES) -> pd.DataFrame:
    """Return the national rows of every run that the decomposition asks for."""
    asked = found.asked
    rows = [
        {
            "measure": measure,
            "geography": "nation",
            "area": "England",
            "service": service,
            "period_start": "all",
            "numerator": np.nan,
            "denominator": np.nan,
            "value": LEVELS[measure] + STEPS[measure] * rule(regime, replicate, subset),
            "unit": outcome(measure).unit,
            "regime": regime,
            "replicate": replicate,
            "point": point,
        }
        for measure, service in outcomes
        for regime in found.study.scenarios
        for replicate in range(found.study.replicates)
        for point, subset in enumerate(found.subsets, start=1)
        if asked is None or (point, replicate) in asked
    ]
    return pd.DataFrame(rows)


def explained(found: Decomposition | None = None, rule: Game = game, **of: Sequence[tuple[str, str]]) -> list[Account]:
    found = found or found_of()
    return accounts(found, frame_of(found, rule), of.get("outcomes", OUTCOMES))


def differences(of: Sequence[Account]) -> list[Account]:
    return [account for account in of if account.baseline]


def with_switches(groups: Mapping[str, Mapping[str, bool]]) -> fakes.Study:
    """Return a study of one regime some of whose mechanisms are off."""
    study = fakes.study(("north",))
    changes = {
        group: type(getattr(study.parameters, group)).model_validate(
            {**getattr(study.parameters, group).model_dump(), **values}
        )
        for group, values in groups.items()
    }
    return replace(study, parameters=study.parameters.model_copy(update=changes))


def alone(*keys: str) -> MechanismGroup:
    return MechanismGroup("+".join(keys), "Some mechanisms", keys)
