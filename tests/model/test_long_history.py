"""England from 1983: treatments that did not exist treat nobody, and a long run keeps its books."""

import numpy as np

from sim.model.run import simulate_unit
from sim.world.months import parse_month
from sim.world.services import ONGOING
from sim.world.world import load_england
from tests.builders import held_by, model_of, small_world, spec_of

SERVICES = ("ert_gaucher", "severe_ocd_bdd")


def test_england_can_begin_in_1983_with_treatments_that_arrive_later() -> None:
    world = load_england()
    gaucher = world.services.ids.index("ert_gaucher")
    timeline = (("1983-04", held_by("sha_2006")), ("1987-04", held_by("pct_2006_ods")))
    rest = {"portfolio.specialised_spend_gbp_m": 16_050.0}
    spec = spec_of(world, timeline, rest, start="1983-04", years=24, burn_in_years=0, services=SERVICES)
    ((_, result),) = simulate_unit([spec], world)
    paid = result.treatment_pence[gaucher]
    usable = (parse_month("2005-04") - parse_month("1983-04")) // 12
    assert (paid[:usable] == 0).all()
    assert (paid[usable:] > 0).all()
    assert result.treatment_pence[world.services.ids.index("severe_ocd_bdd")].min() > 0
    assert result.waiting_at_start[gaucher] > 250


def test_a_run_of_sixty_years_keeps_its_calendar_and_its_books() -> None:
    options = {
        "kinds": (ONGOING,),
        "need_per_head_per_year": 2e-5,
        "treated_annual_hazard": 0.05,
        "stock_treated": 10.0,
    }
    world = small_world(n_services=1, **options)
    model = model_of(world, spec_of(world, held_by("region"), years=60, burn_in_years=20))
    while model.running:
        model.step()
    patients = model.state.roster.patients
    assert model.state.month == 80 * 12
    assert model.government.books.spend.sum() == model.state.ledger.provider_income.sum() + np.sum(
        model.government.books.rest_paid
    )
    assert patients["start_day"].max() > 79 * 365
    assert patients["event_month"].min() >= 0
