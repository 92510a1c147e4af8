"""What the model gives for the targets that need no patients: keyed draws from its own rules, over many histories."""

from collections.abc import Callable, Mapping
from functools import cache

import numpy as np
import numpy.typing as npt

from experiments.calibration_kinds import Estimate
from sim.agents.calendar import new_calendar
from sim.agents.columns import Roster, new_patients
from sim.governance.co_commissioning import undisturbed
from sim.governance.diffusion import begin_to_fund
from sim.governance.expectation import expect
from sim.governance.expertise import usual_volume
from sim.governance.handover import HandoverParameters, nothing_handed_over
from sim.governance.matrix import FUNCTIONS, GROUPS, Cell, Regime
from sim.governance.panels import approval_shares
from sim.governance.policy import DECIDED, Appraisal, Deciders, appraisal_of, deciders_of
from sim.governance.portfolio import national_rest
from sim.governance.prices import normals
from sim.governance.review import months_to_decide, review
from sim.governance.seats import unit_identities
from sim.governance.units import find_holders
from sim.luck.draws import luck_of
from sim.luck.identity import text_identity, unit_identity
from sim.model.choosing import Choosing, pathway_of
from sim.model.envelope import DELEGABLE
from sim.model.setup import running_of
from sim.phases.diagnosis import recognition_by_place, years_to_diagnosis
from sim.specification.load import load_regime
from sim.specification.parameters import ParameterSet
from sim.world.evidence import system_facts
from sim.world.facts import service_facts
from sim.world.months import MONTHS_PER_YEAR, parse_month
from sim.world.people import empty_people
from sim.world.services import HIGHLY_SPECIALISED, ONGOING
from sim.world.synthetic import SyntheticOptions, synthetic_world
from sim.world.time import DAYS_PER_YEAR
from sim.world.world import World, load_england

Floats = npt.NDArray[np.float64]

SEED, HISTORIES = 20130401, 400
TRUSTS, NATION = "pct_2006_ods", "nation"
DEFAULTS = ParameterSet()
DEFLATOR_2013_14 = 0.81
"""Prices of 2013-14 over those of 2022, as for ``portfolio.specialised_spend_gbp_m``."""
AVERAGE_REQUESTS = round(system_facts()["ifr_pct_requests_2011_12"].value / 152)
NETWORKS, DRUGS = int(system_facts()["cancer_drug_networks"].value), 200
DECISIONS = 70  # under half of the orphan medicines with a licence
PEOPLE_A_CONDITION = 1_000


@cache
def england() -> World:
    """Return the real England."""
    return load_england()


def range_of(drawn: Floats) -> Estimate:
    """Return the mean of histories, and the range of 95 % of them."""
    low, high = np.quantile(drawn, (0.025, 0.975))
    return Estimate(float(drawn.mean()), float(low), float(high))


def share_of(hits: npt.NDArray[np.bool_], weights: Floats | None = None) -> Estimate:
    """Return a weighted share in per cent, with its 95 % interval for as many draws."""
    weight = np.ones(hits.size) if weights is None else weights
    share = float(np.average(hits, weights=weight))
    half = 1.96 * np.sqrt(share * (1.0 - share) * float((weight**2).sum())) / float(weight.sum())
    return Estimate(100 * share, 100 * (share - half), 100 * (share + half))


def exactly(value: float) -> Estimate:
    """Return a value in which there is no chance."""
    return Estimate(value, value, value)


@cache
def trusts() -> npt.NDArray[np.uint64]:
    """Return the identities of the 152 trusts, sorted, uint64[152, 1]."""
    return np.unique(unit_identities(england().places)[TRUSTS])[:, np.newaxis]


def panels(history: int, mean: float) -> Floats:
    """Draw the shares of requests that the panels of the 152 trusts agree to, float64[152], in one history."""
    parameters = DEFAULTS.panels.model_copy(update={"approval_share": mean})
    return approval_shares(trusts(), parameters, luck_of(SEED, history))[:, 0]


def extremes(mean: float, count: int, requests: int, by_people: bool) -> tuple[Floats, Floats]:
    """Return the lowest and highest share agreed to, in per cent, among panels that had any request, by history."""
    places = england().places
    of = np.searchsorted(trusts()[:, 0], unit_identities(places)[TRUSTS])
    people = np.bincount(of, weights=places.population)
    lowest, highest = np.zeros((2, HISTORIES))
    for history in range(HISTORIES):
        luck = np.random.default_rng((SEED, history))
        those = luck.choice(people.size, count, replace=False)
        size = people[those] if by_people else np.ones(count)
        asked = luck.multinomial(requests, size / size.sum())
        agreed = luck.binomial(asked, panels(history, mean)[those])
        share = 100.0 * agreed[asked > 0] / asked[asked > 0]
        lowest[history], highest[history] = share.min(), share.max()
    return lowest, highest


def panel_targets() -> dict[str, Estimate]:
    """Return what panels do: their extremes, how refusals gather in few, level and time."""
    lowest, highest = extremes(0.55, 152, 152 * AVERAGE_REQUESTS, by_people=False)
    cancer_lowest, cancer_highest = extremes(0.75, 62, 5_000, by_people=True)
    together = np.zeros(HISTORIES)
    for history in range(HISTORIES):
        luck = np.random.default_rng((SEED, history))
        asked = luck.multinomial(102, np.full(27, 1 / 27))
        refused = np.sort(asked - luck.binomial(asked, luck.permutation(panels(history, 0.73))[:27]))
        together[history] = 100.0 * refused[-3:].sum() / refused.sum()
    nation = np.array([[unit_identity(england().places.codes)]], dtype=np.uint64)
    one = [approval_shares(nation, DEFAULTS.panels, luck_of(SEED, history))[0, 0] for history in range(HISTORIES)]
    return {
        "panel_lowest": range_of(lowest),
        "panel_highest": range_of(highest),
        "cancer_lowest": range_of(cancer_lowest),
        "cancer_highest": range_of(cancer_highest),
        "refusals_together": range_of(together),
        "panel_level": exactly(100 * DEFAULTS.panels.approval_share),
        "panel_national": range_of(100 * np.array(one)),
        "panel_days": exactly(DEFAULTS.panels.decision_months * DAYS_PER_YEAR / MONTHS_PER_YEAR),
    }


def held_by(level: str) -> Regime:
    """Return a regime in which one level holds everything."""
    row = {function: Cell(level) for function in FUNCTIONS}
    return Regime(level, dict.fromkeys(GROUPS, row))


def deciders(world: World, regime: Regime) -> Deciders:
    """Return who sets policy under a regime."""
    holders = find_holders(world, unit_identities(world.places), regime)
    binding = regime.levers.specification_binding_share
    return deciders_of(holders, binding, DEFAULTS.policy, unit_identity(world.places.codes))


def topics_funded(regime: Regime, histories: int) -> npt.NDArray[np.bool_]:
    """Let every topic be reviewed once; return which are funded where, bool[histories, P, S, T]."""
    world, start, topics = england(), parse_month("2009-04"), DEFAULTS.policy.topics_per_service
    who, found = deciders(world, regime), []
    for history in range(histories):
        ask = appraisal_of(world.services, DEFAULTS.policy, DEFAULTS.appraisal, start, luck_of(SEED, history))
        funded = np.full(who.policy.shape, DECIDED | ((1 << topics) - 1), dtype=np.int32)
        for year in range(DEFAULTS.policy.years_between_reviews):
            review(ask, who, start + year * MONTHS_PER_YEAR, funded)
        found.append(funded[:, :, np.newaxis] >> np.arange(topics) & 1 == 1)
    return np.array(found)


def policy_targets() -> dict[str, Estimate]:
    """Return how far trusts diverge when each decides on services that are not the rarest."""
    places, services = england().places, england().services
    one_place = np.unique(places.unit_of[TRUSTS], return_index=True)[1]
    rarest = np.array([group == HIGHLY_SPECIALISED for group in services.groups])
    local = 100.0 * (1.0 - topics_funded(load_regime("pct_2002"), 40)[:, one_place][:, :, ~rarest].mean(axis=1))
    worst = range_of(local.max(axis=(1, 2)))
    nation = 100.0 * topics_funded(held_by(NATION), 40)[:, 0][:, rarest].mean(axis=(1, 2))
    return {"as_cataract": worst, "as_ivf": worst, "rarest_funded": range_of(nation)}


def spread_falls() -> Estimate:
    """Return by how many per cent the CV of what networks fund falls in two years, mean and range over ages."""
    begins = parse_month("2000-01")
    options = SyntheticOptions(available_from_month=begins + 2 * MONTHS_PER_YEAR)
    units = {"nation": 1, "network": NETWORKS}
    world = synthetic_world(NETWORKS, DRUGS, 1, 1_000_000, units, options)
    topics, who = DEFAULTS.policy.topics_per_service, deciders(world, held_by("network"))
    ask = appraisal_of(world.services, DEFAULTS.policy, DEFAULTS.appraisal, begins - 12, luck_of(SEED, 0))
    funded, spread = np.zeros((NETWORKS, DRUGS), dtype=np.int32), {}
    for age in range(6 * MONTHS_PER_YEAR + 1):
        begin_to_fund(ask, who, world.places.population, DEFAULTS.diffusion, begins + age, funded)
        review(ask, who, begins + age, funded)
        share = (funded[:, :, np.newaxis] >> np.arange(topics) & 1).mean(axis=2)
        mean = share.mean(axis=0)
        used = mean > 0.0
        spread[age] = float((share.std(axis=0)[used] / mean[used]).mean()) if used.any() else np.nan
    falls = [100.0 * (1.0 - spread[12 * (age + 2)] / spread[12 * age]) for age in (2, 3, 4)]
    return Estimate(float(np.mean(falls)), min(falls), max(falls))


def decision_targets() -> dict[str, Estimate]:
    """Return how long the nation takes to decide on technologies, and what a handover adds to that."""
    count, world = HISTORIES * DECISIONS, england()
    ask = appraisal_of(world.services, DEFAULTS.policy, DEFAULTS.appraisal, parse_month("2013-04"), luck_of(SEED, 0))
    keys = [[text_identity("licence", str(number))] for number in range(count)]
    ask = ask._replace(keys=np.array(keys, dtype=np.uint64))
    months = months_of(ask, 1.0)
    apart = months.reshape(HISTORIES, DECISIONS)
    year, later = MONTHS_PER_YEAR, months_of(ask, 1.0 - DEFAULTS.handover.staff_lost_share) - months
    return {
        "months_mean": range_of(apart.mean(axis=1)),
        "months_median": range_of(np.median(apart, axis=1)),
        "months_shortest": range_of(apart.min(axis=1)),
        "months_longest": range_of(apart.max(axis=1)),
        "decisions_later": range_of(later),
        "shock_lasts": exactly(DEFAULTS.handover.staff_recovery_years * year),
        "centres_later": exactly(months_of_staff_lost(DEFAULTS.handover)),
    }


def months_of(ask: Appraisal, staff: float) -> Floats:
    """Return the months that a national body with a part of its staff takes over each matter, float64[matters]."""
    shape = (1, len(ask.keys))
    nation, share = np.full(shape, unit_identity(england().places.codes), dtype=np.uint64), np.full(shape, staff)
    who = Deciders(nation, share, nation, share, 1.0, undisturbed(shape))
    return np.array([months_to_decide(ask, who, 0, matter) for matter in range(shape[1])])


def months_of_staff_lost(parameters: HandoverParameters) -> float:
    """Return the months of work that a new holder of contracts loses in all, from the rule month by month."""
    handed = nothing_handed_over(1, 1, 1)
    handed.in_office["contracting"][:] = 0
    handed.lacking["contracting"][:] = parameters.staff_lost_share
    months = range(100 * MONTHS_PER_YEAR)
    return float(sum(1.0 - handed.staff("contracting", month, parameters)[0, 0] for month in months))


def money_targets() -> dict[str, Estimate]:
    """Return the plan for England, the contracts of 2013, and the parameters that are numbers themselves."""
    world, regime = england(), load_regime("national_2013")
    facts = service_facts(world.services, DEFAULTS.population)
    pathway = pathway_of(world, facts, DEFAULTS, Choosing(world, DEFAULTS.referral, DEFAULTS.deprivation))
    modelled = expect(world, facts, pathway, (parse_month("2013-04"), 1)).spend[:, 0]
    delegable = np.array(world.services.groups) == DELEGABLE
    rest = national_rest(DEFAULTS.portfolio, modelled, delegable, 1)
    pounds, theirs = (modelled.sum() + rest.sum()) / 100, (modelled[delegable].sum() + rest[2].sum()) / 100
    contracts = running_of(world, find_holders(world, unit_identities(world.places), regime), DEFAULTS).contracts
    pairs = np.array([text_identity("centre", str(number)) for number in range(8)], dtype=np.uint64)
    prices = [normals(np.array([1], dtype=np.uint64), pairs, luck_of(SEED, history))[0] for history in range(HISTORIES)]
    return {
        "spend": exactly(float(pounds) * DEFLATOR_2013_14 / 1e9),
        "contracts": exactly(contracts.total),
        "tolerance": exactly(100 * DEFAULTS.budget.tolerated_share_of_plan),
        "price_ratio": range_of(np.exp(DEFAULTS.prices.history_sd_log * np.ptp(np.array(prices), axis=1))),
        "delegable": exactly(100 * float(theirs / pounds)),
        "ordinary_threshold": exactly(DEFAULTS.appraisal.ordinary_gbp_per_qaly),
        "rarest_threshold": exactly(DEFAULTS.appraisal.rarest_gbp_per_qaly),
    }


def diagnosis_targets() -> dict[str, Estimate]:
    """Return times to diagnosis of people with the ongoing highly specialised conditions, as many of each."""
    world, parameters = england(), DEFAULTS.diagnosis
    rare = [group == HIGHLY_SPECIALISED for group in world.services.groups]
    those = np.flatnonzero(np.array(rare) & (world.services.kind == ONGOING))
    facts = service_facts(world.services, DEFAULTS.population)
    readiness = recognition_by_place(world, usual_volume(world, 2013.25), parameters)
    chance = parameters.recognition_share_per_contact
    people = empty_people(those.size * PEOPLE_A_CONDITION)
    owners = [text_identity("falls ill", str(row)) for row in range(people.size)]
    people.luck_owner[:] = np.array(owners, dtype=np.uint64)
    roster = Roster(people, new_patients(people, 1), facts, luck_of(SEED, 0), new_calendar(1, people.size))
    years, weight = np.zeros((2, people.size))
    for number, service in enumerate(those):
        need = world.expected_need[:, service]
        lives = np.random.default_rng((SEED, number)).choice(need.size, PEOPLE_A_CONDITION, p=need / need.sum())
        delay = float(facts.delay_years[service])
        for order, place in enumerate(lives):
            row, ready = number * PEOPLE_A_CONDITION + order, float(readiness[place, service])
            years[row] = years_to_diagnosis(roster, row, delay, chance, ready)
            weight[row] = need.sum()
    mean = float(np.average(years, weights=weight))
    half = 1.96 * float(np.sqrt((weight**2 * (years - mean) ** 2).sum())) / float(weight.sum())
    return {
        "contacts": exactly(1.0 / chance),
        "within_3_months": share_of(years <= 0.25, weight),
        "over_5_years": share_of(years > 5.0, weight),
        "over_10_years": share_of(years > 10.0, weight),
        "mean_years": Estimate(mean, mean - half, mean + half),
        "within_3_months_alike": share_of(years <= 0.25),
        "over_5_years_alike": share_of(years > 5.0),
    }


GROUPS_OF_TARGETS: tuple[Callable[[], Mapping[str, Estimate]], ...] = (
    panel_targets,
    policy_targets,
    lambda: {"spread_falls": spread_falls()},
    decision_targets,
    money_targets,
    diagnosis_targets,
)


@cache
def drawn() -> Mapping[str, Estimate]:
    """Return the model's value for every target for which England need not be run, by its id."""
    return {name: found for group in GROUPS_OF_TARGETS for name, found in group().items()}
