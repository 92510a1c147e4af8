"""From a finished model to the RunResult that measures read."""

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.governance.administration import requests_pence
from sim.model.books import lines_of, unbalanced
from sim.model.checksum import lives_checksum
from sim.model.model import CommissioningModel
from sim.model.result import RunResult
from sim.model.setup import conserved
from sim.model.tally import Span, Tally, count_lives, new_tally, read_twins
from sim.model.worth import Terms, Worth, weigh_lives
from sim.phases.economics import EconomicsParameters
from sim.phases.settlement import displaced_qalys, low_value_qalys
from sim.specification.run import RunSpec
from sim.world.months import format_month, parse_month
from sim.world.people import ENTRY_DIAGNOSED
from sim.world.population import Population
from sim.world.time import first_day

PENCE = 100


def summarise(model: CommissioningModel, spec: RunSpec) -> RunResult:
    """Count and weigh every life of a finished run; raises RuntimeError if a pound was lost on the way."""
    state, books, world = model.state, model.government.books, model.state.world
    population = state.population
    refuse_lost_pence(model)
    plan = population.plan
    span = measured_span(population)
    tally = new_tally(len(world.places.codes), len(world.services.ids), spec.years)
    count_lives(state.roster, tally, span, population.real)
    worth = weigh(model, spec.parameters.economics, span, spec.years)
    travel = np.rint(worth.travel_pence).astype(np.int64)
    reached, wait = twins(model)
    rows = population.people.identity.size
    return RunResult(
        **who_and_when(model, spec),
        **counted(tally),
        travel_minutes=worth.travel_minutes,
        qalys=worth.qalys,
        qalys_discounted=worth.discounted,
        waiting_at_start=state.queue_length.get(plan.first_measured_month - 1, starting_queue(population)),
        waiting_at_end=state.queue_length[plan.months - 1],
        **money(model, spec),
        service_travel_pence=travel,
        patient_travel_pence=travel.sum(axis=0),
        provider_income_pence=state.ledger.provider_income,
        payments_pence=books.spend.sum(axis=1),
        twin_reached=reached,
        twin_wait_days=wait,
        lives_checksum=lives_checksum(state.roster, 0, population.real),
        twins_checksum=lives_checksum(state.roster, population.real, rows),
    )


def measured_span(population: Population) -> Span:
    """Return the measured part of a run on a population."""
    plan = population.plan
    return Span(first_day(plan.first_measured_month), first_day(plan.months), plan.first_measured_month)


def refuse_lost_pence(model: CommissioningModel) -> None:
    """Raise RuntimeError when a penny was lost between those who pay and those who are paid, in whatever dimension."""
    paid, received = conserved(model.state, model.government)
    if paid != received:
        raise RuntimeError(f"payers paid {paid} pence, but {received} were received")
    apart = unbalanced(model.state, model.government)
    if apart:
        raise RuntimeError(f"the books do not agree: {'; '.join(apart)}")


def starting_queue(population: Population) -> npt.NDArray[np.int64]:
    """Count the people who wait when the first month begins, int64[S]: the queue of a run without a burn-in."""
    people, stock = population.people, slice(population.real_from[1])
    waiting = people.weight[stock] * (people.entry[stock] == ENTRY_DIAGNOSED)
    return np.bincount(people.service[stock], waiting, population.weight.size).astype(np.int64)


def who_and_when(model: CommissioningModel, spec: RunSpec) -> dict[str, Any]:
    """Return what names a run and its axes."""
    world, plan = model.state.world, model.state.population.plan
    return {
        "regime_id": spec.scenario_id,
        "seed": spec.seed,
        "replicate": spec.replicate,
        "start": format_month(parse_month(spec.start) + plan.first_measured_month),
        "measured_years": spec.years,
        "place_codes": world.places.codes,
        "service_ids": world.services.ids,
        "service_groups": world.services.groups,
        "access_window_days": world.services.access_window_days,
        "weight": model.state.population.weight,
    }


def money(model: CommissioningModel, spec: RunSpec) -> dict[str, Any]:
    """Return what was planned and paid in the measured years."""
    books = model.government.books
    measured = slice(spec.burn_in_years, spec.burn_in_years + spec.years)
    rate = spec.parameters.economics.discount_rate_share_per_year
    requests = model.state.ledger.requests[:, measured]
    costs = [requests_pence(int(asked), spec.parameters.administration) for asked in requests.sum(axis=0)]
    requests_cost = np.array(costs, dtype=np.int64)
    nothing = np.zeros_like(books.crossed[:, measured])
    return {
        **lines_of(model.state, model.government, measured),
        "treatment_pence": model.state.ledger.treatment_paid[:, measured],
        "price_premium_pence": model.state.ledger.price_premium[:, measured],
        "rest_of_portfolio_pence": books.rest_paid[measured],
        "low_value_pence": books.low_value_paid[measured],
        "administration_pence": books.administration[measured] + requests_cost,
        "panels_pence": requests_cost,
        "handover_pence": books.handover[measured],
        "requests": requests,
        "plan_pence": books.allocation[:, measured],
        "spend_pence": books.spend[:, measured],
        "balance_pence": books.carried.copy(),
        "budget_holder": budget_holders(model.government.payers.payer[-1]),
        "committed_pence": model.state.accounts.committed.copy(),
        "crossed_pence": books.crossed[:, measured],
        "displaced_qalys": displaced_qalys(
            books.crossed[:, measured], books.rest_forgone[measured], spec.parameters.budget
        ),
        "rest_forgone_qalys": displaced_qalys(nothing, books.rest_forgone[measured], spec.parameters.budget),
        "low_value_qalys": low_value_qalys(books.low_value_worth[measured], spec.parameters.budget),
        "discount_factor": (1.0 + rate) ** -np.arange(spec.years, dtype=np.float64),
    }


def budget_holders(payer: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
    """Number those who pay [P, S] from 0, in the order of their accounts; accounts of former regimes leave no gap."""
    return np.unique(payer, return_inverse=True)[1].reshape(payer.shape).astype(np.int64)


def counted(tally: Tally) -> dict[str, Any]:
    """Return the tables of counts by their name in the result."""
    return tally._asdict()


def weigh(model: CommissioningModel, economics: EconomicsParameters, span: Span, years: int) -> Worth:
    """Weigh all lives and journeys; with travel off, distance costs nothing either."""
    state = model.state
    shape = (len(state.world.places.codes), len(state.world.services.ids))
    worth = Worth(np.zeros(shape), np.zeros(shape), np.zeros(shape), np.zeros((shape[1], years)))
    terms = Terms(
        math.log1p(economics.discount_rate_share_per_year),
        economics.patient_travel_gbp_per_hour * PENCE,
        economics.journeys_per_month_ongoing,
        economics.journeys_per_start,
    )
    weigh_lives(state.roster, state.reach.hours, worth, span, terms, state.population.real)
    return worth


def twins(model: CommissioningModel) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.int32]]:
    """Return access and wait of every twin, [S, sets, P]."""
    rows = model.state.population.twin_row
    reached = np.full(rows.shape, -1, dtype=np.int8)
    wait = np.full(rows.shape, -1, dtype=np.int32)
    read_twins(model.state.roster, rows, reached, wait)
    return reached, wait
