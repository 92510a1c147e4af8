"""Timelines: the past does not know the future, several reorganisations in one run, and a shock of nothing."""

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import given

from sim.governance.matrix import GROUPS, Cell, Regime
from sim.model.books import unbalanced
from sim.model.checksum import lives_checksum
from sim.model.setup import conserved
from sim.specification.run import Timeline
from tests.builders import (
    ALL_ON,
    SHORT_OF_MONEY,
    differing,
    few,
    finished_model,
    held_by,
    lively_world,
    model_of,
    result_of,
    spec_of,
)
from tests.invariants.cases import REGIMES, Case, cases

SMALL_COSTS = {"handover.body_gbp": 3_000.0, "handover.staff_posts": 3.0}
EVERYTHING: dict[str, Any] = {**ALL_ON, **SHORT_OF_MONEY, **SMALL_COSTS}
NO_SHOCK = {
    "handover.baseline_error_mean_share": 0.0,
    "handover.baseline_error_sd_share": 0.0,
    "handover.staff_lost_share": 0.0,
    "handover.body_gbp": 0.0,
    "handover.staff_posts": 0.0,
}
NATION, REGION, DISTRICT = (held_by(level) for level in ("nation", "region", "district"))
MIXED = Regime(
    "mixed",
    {
        GROUPS[0]: NATION.matrix[GROUPS[0]],
        GROUPS[1]: REGION.matrix[GROUPS[1]],
        GROUPS[2]: {**NATION.matrix[GROUPS[2]], "budget": Cell("district"), "contracting": Cell("district")},
    },
)
HISTORY: Timeline = (("2013-04", REGION), ("2014-04", DISTRICT), ("2015-04", MIXED), ("2016-04", NATION))


def test_three_reorganisations_in_one_run_lose_no_pound_and_nobody() -> None:
    world = lively_world()
    model = finished_model(world, spec_of(world, HISTORY, EVERYTHING, years=4))
    books, government = model.government.books, model.government
    paid, received = conserved(model.state, government)
    assert unbalanced(model.state, government) == []
    assert paid == received > 0
    assert (books.handover > 0).tolist() == [False, True, True, True, False]
    assert (books.crossed.sum(axis=0)[1:4] < 0).all()  # what baselines lack stays in general budgets
    envelope = government.envelope.services.sum(axis=0) + government.envelope.rest.sum(axis=0)
    assert (books.allocation.sum(axis=0) < envelope).all()
    (nation,) = np.unique(model.state.ledger.account_of)
    assert (np.delete(books.plan[:, 3], nation) == 0).all()


@given(cases(years=2))
@few(15)
def test_without_a_shock_the_switch_makes_no_difference(case: Case) -> None:
    world, spec = case
    for levers in {regime.levers.staff_transferred_share for _, regime in spec.timeline}:
        if levers < 1.0:
            kept = (
                (month, replace(r, levers=r.levers.model_copy(update={"staff_transferred_share": 1.0})))
                for month, r in spec.timeline
            )
            spec = replace(spec, timeline=tuple(kept))
    results = []
    for enabled in (True, False):
        changes = {key.split(".")[1]: value for key, value in NO_SHOCK.items()}
        shock = spec.parameters.handover.model_copy(update={**changes, "enabled": enabled})
        results.append(
            result_of(world, replace(spec, parameters=spec.parameters.model_copy(update={"handover": shock})))
        )
    assert differing(*results) == []


def test_a_branch_is_its_trunk_up_to_the_date() -> None:
    world = lively_world()
    trunk = spec_of(world, HISTORY[:2], EVERYTHING, years=3, twin_sets=2)
    branch = replace(trunk, timeline=HISTORY[:3])
    models = [model_of(world, spec) for spec in (trunk, branch)]
    for _ in range(24):
        for model in models:
            model.step()
    first, second = (model.state for model in models)
    rows = first.population.people.identity.size
    assert lives_checksum(first.roster, 0, rows) == lives_checksum(second.roster, 0, rows)
    of_trunk, of_branch = (model.government.payers.identities for model in models)
    known = [of_branch.index(identity) for identity in of_trunk]  # a branch may have accounts that are not open yet
    assert (first.accounts == second.accounts[known]).all()
    assert (first.cells == second.cells).all()
    one, two = (result_of(world, spec) for spec in (trunk, branch))
    for name in ("treatment_pence", "rest_of_portfolio_pence", "administration_pence", "handover_pence", "requests"):
        before, after = np.split(getattr(one, name) != getattr(two, name), [1], axis=-1)
        assert not before.any(), name
        assert after.any() or name in ("rest_of_portfolio_pence", "requests"), name
    assert one.lives_checksum != two.lives_checksum


@given(cases(years=2), REGIMES)
@few(10)
def test_the_years_before_a_change_do_not_know_it(case: Case, regime: Regime) -> None:
    world, spec = case
    plain = replace(spec, timeline=spec.timeline[:1])
    changed = replace(spec, timeline=(*spec.timeline[:1], ("2015-04", regime)))
    one, two = (result_of(world, each) for each in (plain, changed))
    assert (one.treatment_pence[:, :1] == two.treatment_pence[:, :1]).all()
    assert (one.spend_pence[:, :1].sum() == two.spend_pence[:, :1].sum()).all()
    assert one.waiting_at_start.tolist() == two.waiting_at_start.tolist()
