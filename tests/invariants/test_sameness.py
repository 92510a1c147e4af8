"""What must not matter does not: names, order, probes, and a hand-over to oneself."""

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.governance.matrix import Cell, Regime
from sim.model.result import RunResult
from sim.specification.run import RunSpec
from sim.world.capacity import Offers
from sim.world.people import NEVER
from sim.world.world import World
from tests.builders import differing, few, finished_model, held_by, lively_world, result_of, spec_of
from tests.invariants.cases import REGIMES, Case, cases

PLACE_AXIS = {
    "people": 1,
    "reached": 1,
    "reasons": 1,
    "starts": 0,
    "deaths_waiting": 0,
    "travel_minutes": 0,
    "qalys": 0,
    "qalys_discounted": 0,
    "budget_holder": 0,
    "twin_reached": 2,
    "twin_wait_days": 2,
    "account_places": 1,
}
SERVICE_AXIS = {
    "people": 2,
    "reached": 2,
    "reasons": 2,
    "time_to_treatment": 0,
    "starts": 1,
    "deaths_waiting": 1,
    "travel_minutes": 1,
    "qalys": 1,
    "qalys_discounted": 1,
    "waiting_at_start": 0,
    "waiting_at_end": 0,
    "treatment_pence": 0,
    "price_premium_pence": 0,
    "budget_holder": 1,
    "paid_pence": 1,
    "paid_premium_pence": 1,
    "earned_pence": 1,
    "earned_premium_pence": 1,
    "paid_low_value_pence": 1,
    "service_travel_pence": 0,
    "twin_reached": 0,
    "twin_wait_days": 0,
    "access_window_days": 0,
    "weight": 0,
}
ROUNDED = (
    "patient_travel_pence",
    "plan_pence",
    "balance_pence",
    "crossed_pence",
)  # sums of floats, which order may round apart


def permuted(result: RunResult, order: np.ndarray, axes: dict[str, int]) -> RunResult:
    """Return a result with places or services in another order."""
    return replace(result, **{name: np.take(getattr(result, name), order, axis) for name, axis in axes.items()})


def with_levels_named(regime: Regime, names: dict[str, str], units: dict[str, str]) -> Regime:
    """Return a regime that calls its levels, and their units, otherwise."""

    def renamed(cell: Cell) -> Cell:
        where = tuple((names[level], tuple(units[code] for code in codes)) for level, codes in cell.where)
        elsewhere = renamed(cell.elsewhere) if cell.elsewhere is not None else None
        mine = names[cell.holder], names.get(cell.pooled_at or ""), names.get(cell.partner or "")
        return Cell(*mine, cell.lead, where, elsewhere)

    matrix = {
        group: {function: renamed(cell) for function, cell in row.items()} for group, row in regime.matrix.items()
    }
    return replace(regime, id=f"another name for {regime.id}", matrix=matrix)


@given(cases(twin_sets=1), st.randoms(use_true_random=False))
@few(15)
def test_names_of_levels_units_and_regimes_change_nothing(case: Case, random: Any) -> None:
    world, spec = case
    names = {level: f"level {number}" for number, level in enumerate(world.places.unit_of)}
    shuffled = {level: random.sample(range(len(codes)), len(codes)) for level, codes in world.places.unit_codes.items()}
    places = replace(
        world.places,
        unit_of={
            names[level]: np.array(shuffled[level], dtype=np.int32)[of] for level, of in world.places.unit_of.items()
        },
        unit_codes={
            names[level]: tuple(f"X{code}" for code in codes) for level, codes in world.places.unit_codes.items()
        },
        unit_names={names[level]: codes for level, codes in world.places.unit_codes.items()},
    )
    units = {
        code: f"X{codes[shuffled[level][unit]]}"
        for level, codes in world.places.unit_codes.items()
        for unit, code in enumerate(codes)
    }
    timeline = tuple((month, with_levels_named(regime, names, units)) for month, regime in spec.timeline)

    renamed = result_of(replace(world, places=places), replace(spec, timeline=timeline, scenario_id="other"))

    assert differing(result_of(world, spec), renamed) == []


@given(cases())
@few(15)
def test_one_region_that_holds_the_nation_is_the_nation(case: Case) -> None:
    world, spec = case
    one = {**world.places.unit_of, "whole": np.zeros_like(world.places.unit_of["nation"])}
    places = replace(
        world.places,
        unit_of=one,
        unit_codes={**world.places.unit_codes, "whole": ("W",)},
        unit_names={**world.places.unit_names, "whole": ("Everywhere",)},
    )
    world = replace(world, places=places)
    levers = {name: getattr(spec.timeline[0][1].levers, name) for name in ("allocation", "year_end", "price_rule")}

    national = result_of(world, replace(spec, timeline=(("2013-04", held_by("nation", **levers)),)))
    regional = result_of(world, replace(spec, timeline=(("2013-04", held_by("whole", **levers)),)))

    assert differing(national, regional) == []


@given(cases())
@few(15)
def test_probes_change_no_real_life(case: Case) -> None:
    world, spec = case
    twins = ("twin_reached", "twin_wait_days", "twins_checksum")
    without, with_twins = (result_of(world, replace(spec, twin_sets=sets)) for sets in (0, 5))
    assert with_twins.twin_reached.shape[1] == 5
    assert differing(without, with_twins, twins) == []


@given(cases(), REGIMES)
@few(20)
def test_handing_over_to_oneself_under_another_name_changes_nothing(case: Case, regime: Regime) -> None:
    world, spec = case
    plain = replace(spec, years=2, twin_sets=2, timeline=(("2013-04", regime),))
    later = replace(regime, id="as before")
    relabelled = replace(
        plain, timeline=(("2013-04", regime), ("2014-04", later), ("2015-04", replace(later, id="yet again")))
    )
    assert differing(result_of(world, plain), result_of(world, relabelled)) == []


def with_places_in_order(world: World, order: np.ndarray) -> World:
    """Return the same world with the rows of its places in another order."""
    places = world.places
    codes, names = (tuple(column[place] for place in order) for column in (places.codes, places.names))
    arrays = {name: column[order] for name, column in vars(places).items() if isinstance(column, np.ndarray)}
    units = {level: of[order] for level, of in places.unit_of.items()}
    return replace(
        world,
        places=replace(places, codes=codes, names=names, unit_of=units, **arrays),
        travel_hours=world.travel_hours[order],
        expected_need=world.expected_need[order],
    )


@given(cases(twin_sets=1), st.randoms(use_true_random=False))
@few(20)
def test_the_order_of_places_changes_nothing(case: Case, random: Any) -> None:
    world, spec = case
    order = np.array(random.sample(range(len(world.places.codes)), len(world.places.codes)))
    plain, shuffled = result_of(world, spec), result_of(with_places_in_order(world, order), spec)
    assert differing(permuted(plain, order, PLACE_AXIS), shuffled, ("regime_id", "place_codes", *ROUNDED)) == []
    assert all(np.abs(getattr(plain, name) - getattr(shuffled, name)).max(initial=0) <= 1 for name in ROUNDED)


def with_services_in_order(world: World, order: np.ndarray) -> World:
    """Return the same world with its services, and the offers of each, in another order."""
    services = world.services
    tuples = {name: tuple(getattr(services, name)[s] for s in order) for name in ("ids", "names", "groups")}
    arrays = {name: column[order] for name, column in vars(services).items() if isinstance(column, np.ndarray)}
    rows = np.concatenate([np.flatnonzero(world.offers.service == s) for s in order])
    counts = np.bincount(world.offers.service)[order]
    offers = Offers(
        service=np.repeat(np.arange(order.size), counts).astype(np.int32),
        provider=world.offers.provider[rows],
        capacity=world.offers.capacity[rows],
        first=np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
    )
    return replace(
        world,
        services=replace(services, **tuples, **arrays),
        providers=replace(world.providers, offers=world.providers.offers[:, order]),
        offers=offers,
        expected_need=world.expected_need[:, order],
    )


@given(cases(twin_sets=1), st.randoms(use_true_random=False))
@few(20)
def test_the_order_of_services_changes_nothing(case: Case, random: Any) -> None:
    world, spec = case
    order = np.array(random.sample(range(len(world.services.ids)), len(world.services.ids)))
    plain, shuffled = result_of(world, spec), result_of(with_services_in_order(world, order), spec)
    ignore = ("regime_id", "service_ids", "service_groups", *ROUNDED)
    of_rows = ("lives_checksum", "twins_checksum")  # they hold the row of the centre
    assert differing(permuted(plain, order, SERVICE_AXIS), shuffled, (*ignore, *of_rows)) == []
    assert all(np.abs(getattr(plain, name) - getattr(shuffled, name)).max(initial=0) <= 1 for name in ROUNDED)


@given(cases(years=1, twin_sets=1), REGIMES)
@few(15)
def test_what_happens_to_people_before_anybody_decides_is_the_same_under_every_regime(
    case: Case, regime: Regime
) -> None:
    world, spec = case
    one, two = (
        finished_model(world, replace(spec, timeline=(("2013-04", each),))).state
        for each in (regime, held_by("nation"))
    )
    ours, theirs = one.roster.patients, two.roster.patients
    assert (ours["diagnosis_day"] == theirs["diagnosis_day"]).all()
    untouched = (ours["start_day"] == NEVER) & (theirs["start_day"] == NEVER) & (ours["lost"] == theirs["lost"])
    assert (ours["death_day"] == theirs["death_day"])[untouched].all()


def test_a_world_in_which_regimes_do_differ() -> None:
    """Show that the tests above compare runs in which something is at stake."""
    world = lively_world()
    spec: RunSpec = spec_of(world, held_by("nation"), {"budget.plan_share_of_expected": 0.7}, years=2, twin_sets=3)
    other = replace(spec, timeline=(("2013-04", held_by("district")),))
    apart = differing(result_of(world, spec), result_of(world, other))
    assert {"lives_checksum", "twins_checksum", "reached", "twin_reached", "reasons", "spend_pence"} <= set(apart)
