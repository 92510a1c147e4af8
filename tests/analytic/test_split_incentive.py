"""Mechanism 15: whoever pays for both keeps the saving, finds more donors, and pays for less ongoing treatment."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.agents.columns import DONOR_FOUND, DONOR_GAVE, ON_TREATMENT
from sim.governance.incentives import IncentiveParameters, donor_share
from sim.governance.matrix import FUNCTIONS, GROUPS, Cell, Regime
from sim.model.model import CommissioningModel
from sim.phases.donors import relieve
from sim.world.services import ONE_OFF, ONGOING
from sim.world.time import DAYS_PER_YEAR, month_of
from tests.analytic.bounds import Z, share_agrees
from tests.analytic.worlds import NOTHING_ELSE, Lives, count_by, world_of
from tests.builders import differing, finished_model, lively_world, result_of, spec_of

PLACES, NEED, YEARS = 4, 120.0, 3
TRANSPLANT, DIALYSIS = 0, 1
STRONG = 6.0  # log odds for £100,000
OPTIONS: dict[str, Any] = {
    "kinds": (ONE_OFF, ONGOING),
    "linked": True,
    "capacity_share_of_need": 0.5,  # half of those in need of a transplant, but places for five years of dialysis
    "stock_waiting": 60.0,
    "stock_treated": 200.0,
}
PATIENT: dict[str, Any] = {
    **NOTHING_ELSE,
    "waiting.capacity_enabled": True,
    "incentives.enabled": True,
    "incentives.log_odds_per_100_000_gbp": STRONG,
}
NATION = dict.fromkeys(FUNCTIONS, Cell("nation"))
ALIGNED = Regime("aligned", dict.fromkeys(GROUPS, NATION))
SPLIT = Regime("split", {**ALIGNED.matrix, GROUPS[1]: {**NATION, "budget": Cell("place")}})
LOCAL = Regime("local", dict.fromkeys(GROUPS, dict.fromkeys(FUNCTIONS, Cell("place"))))
REGIMES = {regime.id: regime for regime in (ALIGNED, SPLIT, LOCAL)}


@cache
def model(regime: str = "aligned", stop_rate: float = 0.0, **weights: int) -> CommissioningModel:
    """Return a finished run in which nobody dies, and dialysis ends by itself at a yearly rate."""
    world = world_of(PLACES, 2, need=NEED, stop_rate_per_year=stop_rate, **OPTIONS)
    spec = spec_of(world, REGIMES[regime], PATIENT, years=YEARS, burn_in_years=0)
    of = tuple((world.services.ids[DIALYSIS if name == "dialysis" else TRANSPLANT], n) for name, n in weights.items())
    return finished_model(world, replace(spec, weights=of))


def donors(run: CommissioningModel) -> np.ndarray:
    state = run.state
    return np.asarray(state.roster.patients.donor[: state.population.real])


def by_place(run: CommissioningModel, which: np.ndarray) -> list[int]:
    counts: list[int] = np.bincount(Lives(run).place[which], minlength=PLACES).tolist()
    return counts


def on_dialysis(run: CommissioningModel) -> np.ndarray:
    return np.asarray(Lives(run).state == ON_TREATMENT)


# --- how many donors ------------------------------------------------------------------------------------


def referred(run: CommissioningModel) -> np.ndarray:
    """Tell who was put forward in the run; for the starting queue the seeking was over."""
    lives = Lives(run)
    return np.asarray((lives.service == TRANSPLANT) & (lives.diagnosis >= 0) & (lives.diagnosis < lives.end))


def expected_share(effort: float) -> float:
    parameters = IncentiveParameters()
    return float(donor_share(np.array([effort]), parameters)[0]) - parameters.living_donor_share


def test_effort_finds_as_many_more_as_the_log_odds_say() -> None:
    run = model()
    saving = 10 * 10_000.0 - 10_000.0
    effort = STRONG * saving / 100_000.0
    new = referred(run)
    found = count_by(Lives(run).place[new], (donors(run)[new] > 0).astype(int), shape=(PLACES, 2))
    counts, trials = found[:, 1], found.sum(axis=1)
    assert share_agrees(counts, trials, np.full(PLACES, expected_share(effort)))
    assert not share_agrees(counts, trials, np.full(PLACES, expected_share(0.5 * effort)))
    assert not share_agrees(counts, trials, np.full(PLACES, expected_share(effort) + 0.3))  # none had one anyhow
    assert not (donors(run)[~new] > 0).any()


def test_where_somebody_else_keeps_the_saving_nobody_seeks() -> None:
    assert not (donors(model("split")) > 0).any()
    assert (donors(model("local")) > 0).sum() == (donors(model()) > 0).sum() > 0


# --- what they change -----------------------------------------------------------------------------------


def starts(run: CommissioningModel) -> int:
    lives = Lives(run)
    return int(((lives.service == TRANSPLANT) & np.isfinite(lives.start)).sum())


def test_each_donor_is_one_transplant_more_while_people_queue() -> None:
    aligned, split = model(), model("split")
    assert aligned.state.cells.queued[TRANSPLANT] > 0
    gave = int((donors(aligned) == DONOR_GAVE).sum())
    assert gave > 100
    assert starts(aligned) - starts(split) == gave
    with_slot = (donors(aligned) == DONOR_FOUND) & np.isfinite(Lives(aligned).start)
    assert with_slot.any()  # a slot came first, so the donor was not needed and nobody is relieved


def test_each_takes_one_person_of_the_same_place_off_dialysis_from_that_day() -> None:
    aligned, split = model(), model("split")
    gave = donors(aligned) == DONOR_GAVE
    fewer = np.array(by_place(split, on_dialysis(split))) - by_place(aligned, on_dialysis(aligned))
    assert fewer.tolist() == by_place(aligned, gave)
    lives = Lives(aligned)
    relieved = (lives.service == DIALYSIS) & np.isfinite(lives.stop)
    begun = sorted(zip(lives.place[gave], lives.start[gave], strict=True))
    assert begun == sorted(zip(lives.place[relieved], lives.stop[relieved], strict=True))


def test_what_dialysis_costs_falls_by_the_months_that_were_spared() -> None:
    aligned, split = model(), model("split")
    paid = [run.state.ledger.treatment_paid[DIALYSIS] for run in (split, aligned)]
    lives = Lives(aligned)
    stops = lives.stop[(lives.service == DIALYSIS) & np.isfinite(lives.stop)]
    spared = sum(YEARS * 12 - month_of(int(day)) for day in stops.tolist())
    price = int(aligned.state.roster.facts.price_pence[DIALYSIS])
    assert int(paid[0].sum() - paid[1].sum()) == spared * price
    assert (np.diff(paid[0] - paid[1]) > 0).all()  # more of it every year


def test_with_dialysis_that_ends_by_itself_only_what_would_have_gone_on_is_spared() -> None:
    rate = 0.4
    aligned, split = model(stop_rate=rate), model("split", stop_rate=rate)
    gave, lives = donors(aligned) == DONOR_GAVE, Lives(aligned)
    would_stay = np.exp(-rate * (lives.end - lives.start[gave]) / DAYS_PER_YEAR)
    fewer = int(on_dialysis(split).sum() - on_dialysis(aligned).sum())
    bound = Z * np.sqrt((would_stay * (1 - would_stay)).sum())
    assert abs(fewer - would_stay.sum()) <= bound
    assert abs(0 - would_stay.sum()) > bound  # nobody leaves dialysis
    assert abs(gave.sum() - would_stay.sum()) > bound  # everybody would have stayed on it for good


@pytest.mark.parametrize("weights", [{"dialysis": 3}, {"transplant": 3}, {"dialysis": 3, "transplant": 2}])
def test_people_are_relieved_not_rows(weights: Mapping[str, int]) -> None:
    aligned = model(**weights)
    lives, weight = Lives(aligned), aligned.state.population.weight
    gave = np.array(by_place(aligned, donors(aligned) == DONOR_GAVE)) * weight[TRANSPLANT]
    relieved = np.array(by_place(aligned, (lives.service == DIALYSIS) & np.isfinite(lives.stop))) * weight[DIALYSIS]
    assert gave.sum() > 100
    assert (np.abs(gave - relieved) < weight[DIALYSIS]).all()


def test_where_nobody_is_left_on_dialysis_nobody_is_relieved() -> None:
    state = model().state
    patients = np.asarray(state.roster.patients)
    before = patients.copy()
    state.roster.patients.event_month[:] = 0
    relieve(state.roster, state.relief, np.flatnonzero(donors(model()) == DONOR_GAVE).astype(np.int32), 1)
    assert (state.roster.patients.stop_day == before["stop_day"]).all()
    patients[:] = before


# --- no influence where there should be none ------------------------------------------------------------


def test_split_purses_are_as_if_the_mechanism_were_off() -> None:
    world = lively_world()
    row = {function: Cell("region") for function in FUNCTIONS}
    split = Regime("split", {**dict.fromkeys(GROUPS, row), GROUPS[0]: {**row, "budget": Cell("nation")}})
    changes = {"incentives.log_odds_per_100_000_gbp": STRONG}
    on, off = (
        result_of(world, spec_of(world, split, {**changes, "incentives.enabled": enabled}, years=2, twin_sets=2))
        for enabled in (True, False)
    )
    assert differing(on, off) == []


def test_one_purse_is_not() -> None:
    world = lively_world()
    regime = Regime("one", dict.fromkeys(GROUPS, dict.fromkeys(FUNCTIONS, Cell("region"))))
    changes = {"incentives.log_odds_per_100_000_gbp": STRONG}
    on, off = (
        result_of(world, spec_of(world, regime, {**changes, "incentives.enabled": enabled}, years=2, twin_sets=20))
        for enabled in (True, False)
    )
    assert {"lives_checksum", "twins_checksum", "starts", "treatment_pence"} <= set(differing(on, off))


def test_a_twin_with_a_donor_starts_without_a_slot_and_relieves_nobody() -> None:
    world = world_of(PLACES, 2, need=NEED, **{**OPTIONS, "access_window_days": 30.0})
    plain, probed = (finished_model(world, spec_of(world, ALIGNED, PATIENT, twin_sets=sets)).state for sets in (0, 20))
    real, donor = plain.population.real, probed.roster.patients.donor
    ours, theirs = (np.asarray(state.roster.patients)[:real] for state in (plain, probed))
    days = [name for name in ours.dtype.names or () if name.endswith("_day") or name in ("state", "donor", "cell")]
    assert all((ours[name] == theirs[name]).all() for name in days)
    assert (donor[real:] == DONOR_GAVE).any()
    assert plain.accounts.running.tolist() == probed.accounts.running.tolist()


def test_without_limits_of_capacity_nobody_needs_a_donor() -> None:
    world = world_of(PLACES, 2, need=NEED, **OPTIONS)
    free = {**PATIENT, "waiting.capacity_enabled": False}
    runs = [result_of(world, spec_of(world, regime, free)) for regime in (ALIGNED, SPLIT)]
    assert runs[0].lives_checksum == runs[1].lives_checksum
