"""Accounts follow from the matrix and the places alone."""

from dataclasses import replace

import numpy as np
import pytest

from sim.governance.accounts import EVERYTHING, PoolingParameters, accounts_of
from sim.governance.co_commissioning import CoCommissioningParameters
from sim.governance.levers import Levers
from sim.governance.matrix import FUNCTIONS, GROUPS, Cell, Regime
from sim.governance.seats import seats, unit_identities
from sim.luck.identity import unit_identity
from tests.builders import SHORT_OF_MONEY, differing, held_by, lively_world, result_of, small_world, spec_of

ON, OFF = PoolingParameters(), PoolingParameters(enabled=False)
WORLD = small_world(n_services=3)
CODES = np.array(WORLD.places.codes)


def regime(**budgets: Cell) -> Regime:
    """Return a regime whose budgets, of one line, are held as given, by group; the nation holds all else."""
    nation = dict.fromkeys(FUNCTIONS, Cell("nation"))
    matrix = {group: {**nation, "budget": budgets.get(group, Cell("nation"))} for group in GROUPS}
    return Regime("made", matrix, Levers(budget_lines="one"))


@pytest.mark.parametrize(("level", "number"), [("nation", 1), ("region", 3), ("district", 6)])
def test_there_is_an_account_for_each_unit_that_holds_money(level: str, number: int) -> None:
    payers = accounts_of(WORLD.places, WORLD.services, [held_by(level)], ON)
    units = WORLD.places.unit_of[level]
    assert payers.count == number
    assert set(payers.identities) == {unit_identity(CODES[units == unit]) for unit in range(number)}
    for place, unit in enumerate(units):
        expected = payers.identities.index(unit_identity(CODES[units == unit]))
        assert (payers.payer[0][place] == expected).all()
        assert (payers.rest_payer[0][place] == expected).all()


def test_accounts_stand_in_order_of_identity() -> None:
    payers = accounts_of(WORLD.places, WORLD.services, [held_by("district")], ON)
    assert list(payers.identities) == sorted(set(payers.identities))


def test_each_group_of_services_may_have_its_own_payer() -> None:
    made = regime(specialised_retained=Cell("region"), specialised_delegable=Cell("district"))
    payers = accounts_of(WORLD.places, WORLD.services, [made], ON)
    assert payers.count == 1 + 3 + 6
    by_group = dict(zip(WORLD.services.groups, payers.payer[0].T, strict=True))
    assert [np.unique(by_group[group]).size for group in GROUPS] == [1, 3, 6]
    assert [np.unique(column).size for column in payers.rest_payer[0].T] == [1, 3, 6]


def test_money_is_where_it_is_pooled_not_where_it_is_held() -> None:
    pooled = regime(**dict.fromkeys(GROUPS, Cell("district", pooled_at="region")))
    one = accounts_of(WORLD.places, WORLD.services, [pooled], ON)
    two = accounts_of(WORLD.places, WORLD.services, [held_by("region")], ON)
    assert one.identities == two.identities
    assert (one.payer[0] == two.payer[0]).all()


def test_a_listed_service_leaves_its_group() -> None:
    listed = {WORLD.services.ids[1]: dict.fromkeys(FUNCTIONS, Cell("district"))}
    made = replace(held_by("nation"), listed=listed)
    payers = accounts_of(WORLD.places, WORLD.services, [made], ON)
    assert [np.unique(column).size for column in payers.payer[0].T] == [1, 6, 1]
    assert np.unique(payers.rest_payer[0]).size == 1


def test_all_regimes_of_a_timeline_share_one_list_of_accounts() -> None:
    payers = accounts_of(WORLD.places, WORLD.services, [held_by("nation"), held_by("region")], ON)
    assert payers.count == 4
    assert np.unique(payers.payer[0]).size == 1
    assert np.unique(payers.payer[1]).size == 3
    assert not np.isin(payers.payer[0], payers.payer[1]).any()


def test_without_pooling_the_nation_bears_every_risk() -> None:
    payers = accounts_of(WORLD.places, WORLD.services, [held_by("district"), held_by("region")], OFF)
    assert payers.identities == (unit_identity(CODES),)


def test_a_unit_is_known_by_its_places_at_whatever_level() -> None:
    places = replace(
        WORLD.places, unit_of={**WORLD.places.unit_of, "again": WORLD.places.unit_of["region"][::-1].copy()}
    )
    identity = unit_identities(places)
    assert set(identity["again"].tolist()) == set(identity["region"].tolist())
    assert (identity["nation"] == unit_identity(CODES)).all()


def test_a_cell_holds_where_it_says_and_the_other_elsewhere() -> None:
    identity, places = unit_identities(WORLD.places), WORLD.places
    first = places.unit_codes["region"][0]
    made = regime(**dict.fromkeys(GROUPS, Cell("district", where=(("region", (first,)),), elsewhere=Cell("nation"))))
    payer = seats(places, identity, WORLD.services, made, "budget").decider
    inside = places.unit_of["region"] == 0
    assert (payer[inside] == identity["district"][inside][:, np.newaxis]).all()
    assert (payer[~inside] == identity["nation"][~inside][:, np.newaxis]).all()


def test_units_that_act_as_one_are_the_unit_of_all_their_places() -> None:
    places, district = WORLD.places, WORLD.places.unit_codes["district"]
    whole = [unit for unit in range(3) if (places.unit_of["region"] == unit).any()]
    inside = places.unit_of["region"] == whole[0]
    units = tuple(sorted({district[unit] for unit in places.unit_of["district"][inside]}))
    one = Cell("district", where=(("district", units),), elsewhere=Cell("district"), as_one=True)
    made = Regime("one", dict.fromkeys(GROUPS, dict.fromkeys(FUNCTIONS, one)))
    named = Cell("region", where=(("district", units),), elsewhere=Cell("district"))
    same = Regime("same", dict.fromkeys(GROUPS, dict.fromkeys(FUNCTIONS, named)))
    results = [result_of(WORLD, spec_of(WORLD, regime)) for regime in (made, same, held_by("district"))]
    assert differing(results[0], results[1]) == []
    assert "plan_pence" in differing(results[0], results[2])


@pytest.mark.parametrize(("share", "alone"), [(1, "district"), (0, "nation")])
def test_everywhere_is_that_level_and_nowhere_the_other(share: int, alone: str) -> None:
    units = WORLD.places.unit_codes["region"] if share else ()
    cell = Cell("district", where=(("region", units),), elsewhere=Cell("nation"))
    made = Regime(alone, dict.fromkeys(GROUPS, dict.fromkeys(FUNCTIONS, cell)), held_by(alone).levers)
    assert differing(result_of(WORLD, spec_of(WORLD, made)), result_of(WORLD, spec_of(WORLD, held_by(alone)))) == []


def test_each_function_has_its_own_holder() -> None:
    row = dict(zip(FUNCTIONS, map(Cell, ("nation", "region", "district", "nation")), strict=True))
    made = Regime("made", dict.fromkeys(GROUPS, row))
    identity = unit_identities(WORLD.places)
    for function, level in (
        ("policy", "nation"),
        ("budget", "region"),
        ("contracting", "district"),
        ("cases", "nation"),
    ):
        assert (
            seats(WORLD.places, identity, WORLD.services, made, function).decider == identity[level][:, np.newaxis]
        ).all()


def lined(level: str, lines: str, **levers: object) -> Regime:
    """Return a regime in which one level holds everything, in budgets of the given lines."""
    return held_by(level, budget_lines=lines, **levers)


@pytest.mark.parametrize(
    ("lines", "on"),
    [
        ("one", [EVERYTHING, EVERYTHING, EVERYTHING]),
        ("highly_specialised_apart", [0, EVERYTHING, EVERYTHING]),
        ("by_group", [0, 1, 2]),
    ],
)
@pytest.mark.parametrize(("level", "units"), [("nation", 1), ("district", 6)])
def test_a_body_has_an_account_for_each_line_of_its_budget(lines: str, on: list[int], level: str, units: int) -> None:
    payers = accounts_of(WORLD.places, WORLD.services, [lined(level, lines)], ON)
    group = [GROUPS.index(one) for one in WORLD.services.groups]
    assert payers.count == units * len(set(on))
    assert (payers.line[payers.payer[0]] == np.array(on)[group]).all()
    assert (payers.line[payers.rest_payer[0]] == np.array(on)).all()
    bearers = payers.purses[0].who[payers.payer[0], 0]
    assert (bearers == unit_identities(WORLD.places)[level][:, np.newaxis]).all()


def test_the_account_for_everything_has_the_identity_of_its_body_and_lines_have_their_own() -> None:
    regimes = [lined("nation", lines) for lines in ("one", "highly_specialised_apart", "by_group")]
    payers = accounts_of(WORLD.places, WORLD.services, regimes, ON)
    nation = payers.identities.index(unit_identity(CODES))
    assert payers.count == 1 + len(GROUPS)
    assert np.unique(payers.payer[0]).tolist() == [nation]
    assert nation in payers.payer[1]
    assert nation not in payers.payer[2]
    assert (payers.payer[1][:, 0] == payers.payer[2][:, 0]).all()  # the same line, in whatever budget it stands


def test_lines_of_one_body_do_not_stand_in_for_each_other() -> None:
    shared = {
        group: {**dict.fromkeys(FUNCTIONS, Cell("nation")), "budget": Cell("nation", partner="district")}
        for group in GROUPS
    }
    made = Regime("shared", shared, Levers(budget_lines="by_group"))
    payers = accounts_of(WORLD.places, WORLD.services, [made], ON, CoCommissioningParameters())
    purses = payers.purses[0]
    line_of_bearer = [set(payers.line[(purses.bearer == one).any(axis=1)].tolist()) for one in np.unique(purses.bearer)]
    assert all(len(lines) == 1 for lines in line_of_bearer)
    assert purses.shared


def test_without_pooling_there_are_no_lines() -> None:
    payers = accounts_of(WORLD.places, WORLD.services, [lined("district", "by_group")], OFF)
    assert payers.identities == (unit_identity(CODES),)
    assert payers.line.tolist() == [EVERYTHING]


@pytest.mark.parametrize(("level", "risk_share"), [("nation", 0.0), ("district", 1.0)])
def test_money_on_a_line_is_not_spent_on_another_group(level: str, risk_share: float) -> None:
    """Lives of the first group are the same whether or not the others are short of money; on one line they are not."""
    world = lively_world(capacity_share_of_need=0.9)
    rarest = [row for row, group in enumerate(world.services.groups) if group == GROUPS[0]]
    treated = {}
    for lines in ("one", "highly_specialised_apart"):
        for scale in (1.0, 3.0):
            cost = world.services.cost_gbp.copy()
            cost[[row for row in range(len(cost)) if row not in rarest]] *= scale
            dear = replace(world, services=replace(world.services, cost_gbp=cost))
            changes = {**SHORT_OF_MONEY, "portfolio.specialised_spend_gbp_m": 0.0}
            result = result_of(dear, spec_of(dear, lined(level, lines, risk_share=risk_share), changes, years=3))
            treated[lines, scale] = result.reasons[:, :, :, rarest].tolist()
    assert treated["highly_specialised_apart", 1.0] == treated["highly_specialised_apart", 3.0]
    assert treated["one", 1.0] != treated["one", 3.0]


def test_one_region_with_lines_is_the_nation_with_lines() -> None:
    world = lively_world(units={"nation": 1, "region": 1, "district": 6})
    one, two = (
        result_of(world, spec_of(world, lined(level, "by_group"), SHORT_OF_MONEY)) for level in ("region", "nation")
    )
    assert differing(one, two) == []
