"""Sharing ends where one bears and decides all, and no lead is a lead while nothing is disputed (rule 4)."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.governance.matrix import FUNCTIONS, GROUPS, Cell, Regime
from sim.model.result import RunResult
from tests.builders import SHORT_OF_MONEY, differing, few, held_by, lively_world, result_of, small_world, spec_of
from tests.invariants.cases import PARAMETERS, WORLDS, Case, cases

ON = {"co_commissioning.enabled": True}
NOTHING_BROUGHT = {
    **ON,
    "co_commissioning.partner_staff_share": 0.0,
    "co_commissioning.coordination_gbp": 0.0,
    "co_commissioning.coordination_months": 0.0,
    "administration.enabled": False,
}
UNDISPUTED = {"co_commissioning.dispute_share": 0.0, "co_commissioning.over_approval_share": 0.0}
LEVEL = st.sampled_from(["nation", "region", "district"])


def shared(cell: Cell, share: float, only: str | None = None) -> Regime:
    """Return a regime of one cell throughout; with ``only``, for one function, and the holder alone for the others."""
    row = {name: cell if only in (None, name) else Cell(cell.holder) for name in FUNCTIONS}
    return replace(held_by(cell.holder, co_commissioning_share=share), id="shared", matrix=dict.fromkeys(GROUPS, row))


@given(WORLDS, PARAMETERS, LEVEL, LEVEL)
@few(15)
def test_who_bears_all_and_leads_is_alone(options: Any, parameters: Any, holder: str, partner: str) -> None:
    # A lead learns of local need from the other whatever is brought, so plans of networks are left out.
    world = small_world(**options)
    parameters = {**parameters, **NOTHING_BROUGHT, "network.planning_enabled": False}
    for share, lead, alone in ((1.0, "partner", partner), (0.0, "holder", holder)):
        cell = Cell(holder, partner=partner, lead=lead)  # type: ignore[arg-type]
        one = result_of(world, spec_of(world, shared(cell, share), parameters, twin_sets=1))
        two = result_of(world, spec_of(world, held_by(alone), parameters, twin_sets=1))
        assert differing(one, two) == []


def with_lead(regime: Regime, lead: Any) -> Regime:
    def led(cell: Cell) -> Cell:
        other = led(cell.elsewhere) if cell.elsewhere is not None else None
        return replace(cell, lead=lead, elsewhere=other)

    rows = {group: {name: led(cell) for name, cell in row.items()} for group, row in regime.matrix.items()}
    return replace(regime, matrix=rows)


@given(cases(twin_sets=1))
@few(15)
def test_without_disputes_no_lead_is_the_holders_lead(case: Case) -> None:
    world, spec = case
    joint = spec.parameters.co_commissioning.model_copy(
        update={"enabled": True, "dispute_share": 0.0, "over_approval_share": 0.0}
    )
    spec = replace(spec, parameters=spec.parameters.model_copy(update={"co_commissioning": joint}))
    results = [
        result_of(world, replace(spec, timeline=tuple((month, with_lead(r, lead)) for month, r in spec.timeline)))
        for lead in ("holder", "none")
    ]
    assert differing(*results) == []


@given(cases(twin_sets=1))
@few(10)
def test_with_the_rule_off_every_holder_is_alone(case: Case) -> None:
    world, spec = case
    off = spec.parameters.co_commissioning.model_copy(update={"enabled": False})
    spec = replace(spec, parameters=spec.parameters.model_copy(update={"co_commissioning": off}))
    alone = {
        month: replace(
            regime,
            matrix={g: {f: without(cell) for f, cell in row.items()} for g, row in regime.matrix.items()},
        )
        for month, regime in spec.timeline
    }
    assert differing(result_of(world, spec), result_of(world, replace(spec, timeline=tuple(alone.items())))) == []


def without(cell: Cell) -> Cell:
    return replace(cell, partner=None, elsewhere=without(cell.elsewhere) if cell.elsewhere is not None else None)


def run_of(regime: Regime, **changes: Any) -> RunResult:
    world = lively_world(people_per_place=200_000, capacity_share_of_need=1.3, n_services=4)
    parameters = {**SHORT_OF_MONEY, **NOTHING_BROUGHT, **changes}
    return result_of(world, spec_of(world, regime, parameters, years=3))


def spend(result: RunResult) -> np.ndarray:
    """Return what was paid for modelled services, by service and year."""
    return result.treatment_pence.astype(float)


def test_a_partner_who_bears_next_to_nothing_leaves_the_money_pooled() -> None:
    # A pool agrees to whoever comes first; purses that share it have their plan's part each month, and what one does
    # not use this month all have the next. So sums agree, to within what waits a month; lives need not.
    cell = Cell("nation", partner="district")
    pooled, nearly = run_of(held_by("nation")), run_of(shared(cell, 1e-6, "budget"))
    alone = run_of(held_by("district"))
    assert nearly.plan_pence.shape[0] == 6
    assert spend(nearly).sum() == pytest.approx(spend(pooled).sum(), rel=0.01)
    # The deficits and surpluses that six separate purses would have are gone: all stand alike.
    level = nearly.balance_pence / nearly.plan_pence[:, -1]
    apart = alone.balance_pence / alone.plan_pence[:, -1]
    assert np.ptp(level) < 1e-4
    assert np.ptp(apart) > 100 * np.ptp(level)


def test_a_partner_who_bears_next_to_all_is_alone_with_the_money() -> None:
    cell = Cell("nation", partner="district")
    nearly, alone = run_of(shared(cell, 1.0 - 1e-9, "budget")), run_of(shared(cell, 1.0, "budget"))
    assert spend(nearly).sum() == pytest.approx(spend(alone).sum(), rel=1e-3)
    apart = np.sort(nearly.balance_pence) - np.sort(alone.balance_pence)
    assert abs(apart).max() < 1e-3 * alone.plan_pence[:, -1].max()


MUDDLED = shared(Cell("nation", partner="district", lead="none"), 0.5)
DISPUTED = {**UNDISPUTED, "co_commissioning.dispute_share": 0.5}
DIVERGING = {"policy.divergence_enabled": True}
ENOUGH = {"budget.plan_share_of_expected": 1.3}


@pytest.mark.parametrize("function", ["policy", "budget"])
def test_disputes_keep_people_from_treatment_that_is_worth_its_money(function: str) -> None:
    # With money to spare: where it is short, what one dispute blocks another patient is given.
    regime = shared(Cell("nation", partner="district", lead="none"), 0.5, function)
    clear, muddied = (run_of(regime, **{**DIVERGING, **ENOUGH, **chances}) for chances in (UNDISPUTED, DISPUTED))
    reached = clear.reached.sum()
    assert muddied.reached.sum() < reached - 4 * np.sqrt(reached)


def test_each_expects_the_other_to_pay_and_more_is_spent() -> None:
    regime = shared(Cell("nation", partner="district", lead="none"), 0.5, "budget")
    regime = replace(regime, levers=regime.levers.model_copy(update={"year_end": "bail_out"}))
    expecting = {
        **UNDISPUTED,
        "co_commissioning.over_approval_share": 0.5,
        "co_commissioning.over_approval_of_plan": 0.05,
    }
    clear, muddied = (run_of(regime, **chances) for chances in (UNDISPUTED, expecting))
    more = (muddied.spend_pence.sum() - clear.spend_pence.sum()) / clear.plan_pence.sum()
    assert 0.01 < more < 0.05


def test_what_is_disputed_about_one_service_is_no_matter_of_the_others() -> None:
    world = lively_world(people_per_place=200_000, n_services=4)
    listed = {world.services.ids[0]: dict(MUDDLED.matrix["highly_specialised"])}
    regime = replace(held_by("nation"), listed=listed)
    changes = {"budget.cap_enabled": False, "waiting.capacity_enabled": False}
    clear, muddied = (run_of(regime, **{**DIVERGING, **changes, **chances}) for chances in (UNDISPUTED, DISPUTED))
    assert muddied.reached[:, :, 0].sum() < clear.reached[:, :, 0].sum()
    assert (muddied.reached[:, :, 1:] == clear.reached[:, :, 1:]).all()
