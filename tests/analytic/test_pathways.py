"""Mechanisms 7 and 21 in lives: a pathway that works better by some log odds refers as many more."""

from typing import Any

import numpy as np
import pytest

from sim.agents.columns import NOT_REFERRED
from sim.governance.pathways import first_designs
from sim.luck.identity import text_identity, unit_identity
from sim.model.model import CommissioningModel
from sim.world.services import EMERGENCY
from tests.analytic.bounds import share_agrees
from tests.analytic.worlds import Lives, after, count_by, world_of
from tests.builders import held_by, lively_world, model_of, spec_of

PLACES, NEED, MISSING = 6, 3_000.0, 0.3
WORLD = world_of(PLACES, need=NEED)
BASE: dict[str, Any] = {"referral.not_referred_share": MISSING}
TRYING: dict[str, Any] = {**BASE, "experiments.enabled": True, "experiments.effect_log_odds": 1.0}
FITTING: dict[str, Any] = {
    **BASE,
    "local_fit.enabled": True,
    "local_fit.need_sd": 1.0,
    "local_fit.loss_log_odds": 1.0,
    "local_fit.range_km": 1.0,
}


def referred(model: CommissioningModel) -> tuple[np.ndarray, np.ndarray]:
    """Return how many of each place were referred, and how many were diagnosed."""
    lives = Lives(model)
    counts = count_by(lives.place, (lives.lost == NOT_REFERRED).astype(int), shape=(PLACES, 2))
    return counts[:, 0], counts.sum(axis=1)


def expected(log_odds: np.ndarray | float) -> np.ndarray:
    return np.asarray(1 / (1 + MISSING / (1 - MISSING) * np.exp(-log_odds) * np.ones(PLACES)))


def test_a_standard_deviation_of_design_is_worth_its_log_odds() -> None:
    model = after(WORLD, 1, TRYING, "place")
    keys = np.array([[unit_identity([code])] for code in WORLD.places.codes], dtype=np.uint64)
    matter = np.array([text_identity("pathway", WORLD.services.ids[0])], dtype=np.uint64)
    design = first_designs(keys, matter, model.state.roster.luck)
    assert (model.state.pathways.design == design).all()
    for effect, right in ((1.0, True), (0.8, False), (1.2, False), (0.0, False)):
        assert share_agrees(*referred(model), expected(effect * design[:, 0])) is right


def test_one_holder_has_one_design_everywhere() -> None:
    model = after(WORLD, 1, TRYING)
    design = model.state.pathways.design
    assert (design == design[0]).all()
    assert share_agrees(*referred(model), expected(design[0]))


def test_a_place_gains_by_what_suits_it_and_loses_by_what_does_not() -> None:
    for level, share in (("nation", 1.0), ("place", 1 / PLACES)):
        model = after(WORLD, 1, FITTING, level)
        need = model.state.pathways.need[:, 0]
        for loss, right in ((1.0, True), (2.0, False), (0.0, False)):
            fit = 0.5 * loss * (1.0 - (share * need) ** 2)
            assert share_agrees(*referred(model), expected(fit)) is right


@pytest.mark.parametrize("changes", [TRYING, FITTING])
def test_off_or_without_effect_all_places_refer_alike(changes: dict[str, Any]) -> None:
    off = {key: False for key in changes if key.endswith("enabled")}
    nothing = {key: 0.0 for key in changes if key.endswith(("effect_log_odds", "need_sd"))}
    for how in (off, nothing):
        assert share_agrees(*referred(after(WORLD, 1, {**changes, **how}, "place")), expected(0.0))


def test_emergencies_have_no_pathway() -> None:
    state = model_of(
        lively_world(kinds=(EMERGENCY,)), spec_of(lively_world(), held_by("district"), {**TRYING, **FITTING})
    )
    state.step()
    assert not any(table.any() for table in state.state.pathways)


def test_holders_learn_each_april_and_a_hand_over_passes_designs_on() -> None:
    world = lively_world(n_services=4)
    timeline = tuple((f"{year}-04", held_by(level)) for year, level in ((2013, "district"), (2014, "nation")))
    still = {"experiments.imitation_share_per_year": 0.0, "experiments.trial_share_per_year": 0.0}
    people = world.places.population

    def designs(changes: dict[str, Any]) -> list[np.ndarray]:
        model = model_of(world, spec_of(world, timeline, {**TRYING, **changes}))
        found = []
        for _ in range(2):
            for _ in range(12):
                model.step()
            found.append(model.state.pathways.design.copy())
        return found

    before, after_it = designs(still)
    assert after_it == pytest.approx(np.tile(np.average(before, axis=0, weights=people), (len(people), 1)))
    before, after_it = designs({**still, "experiments.imitation_share_per_year": 1.0})
    assert after_it == pytest.approx(np.tile(before.max(axis=0), (len(people), 1)))
    assert before.std(axis=0)[world.services.kind != EMERGENCY].min() > 0.0
