"""The benchmark counts what really happened, and keeps its page."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.england import STEPS
from benchmarks.events import changes_of_state
from benchmarks.one_run import measure
from benchmarks.record import PAGE, Table, machine, rewrite
from sim.agents.columns import AWAITING_SLOT, DIAGNOSED
from sim.phases import PHASES
from sim.world.people import NEVER
from sim.world.services import EMERGENCY
from tests.builders import SHORT_OF_MONEY, held_by, lively_world, model_of, spec_of, step_watched


def test_dates_tell_of_every_change_of_state_that_can_be_watched() -> None:
    world = lively_world(stock_waiting=0.0, stock_treated=0.0, stop_rate_per_year=1.0)
    model = model_of(world, spec_of(world, held_by("region"), SHORT_OF_MONEY))
    state, real = model.state, model.state.population.real
    emergency = state.roster.facts.kind[state.roster.people.service[:real]] == EMERGENCY
    seen, before = 0, state.roster.patients.state[:real].copy()

    def watch(phase: str) -> None:
        nonlocal seen, before
        now = state.roster.patients.state[:real].copy()
        changed = now != before
        # who is diagnosed asks and, with money there, is agreed to within one phase: two changes
        in_one_go = (phase == "funding") & changed & (before == DIAGNOSED) & (now == AWAITING_SLOT) & ~emergency
        seen += int(changed.sum()) + int(in_one_go.sum())
        before = now

    while model.running:
        step_watched(model, watch)

    counted = changes_of_state(model)
    assert all(count > 0 for count in counted.values()), counted
    patients = state.roster.patients
    agreed, death = patients.approval_day[:real], patients.death_day[:real]
    # a payer's answer in the month of a death, but after it, leaves a date that no life reached
    too_late = int(((agreed > death) & (agreed < NEVER) & ~emergency).sum())
    assert sum(counted.values()) + too_late == seen


def test_tables_are_put_between_their_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("above\n<!-- speed -->\nold\n<!-- end of speed -->\nbelow\n", encoding="utf-8")

    rewrite([Table("speed", ("run", "s"), (("one", "1.0"),))], page)

    kept = page.read_text(encoding="utf-8")
    assert kept == ("above\n<!-- speed -->\n| run | s |\n| --- | ---: |\n| one | 1.0 |\n<!-- end of speed -->\nbelow\n")
    with pytest.raises(ValueError, match="no one place for the table 'memory'"):
        rewrite([Table("memory", ("run",), ())], page)


def test_the_page_has_a_place_for_every_table() -> None:
    text = PAGE.read_text(encoding="utf-8")

    for name in ("machine", "starts", "times", "rates", "changes", "phases"):
        assert text.count(f"<!-- {name} -->") == text.count(f"<!-- end of {name} -->") == 1
    assert str(Path.home()) not in machine().markdown()
    assert np.all([len(row) == 2 for row in machine().rows])


@pytest.mark.parametrize(("regime", "accounts"), [("national_2013", 2), ("icb_2022_everything", 84)])
def test_a_run_is_timed_step_by_step(regime: str, accounts: int) -> None:
    found = measure(regime, years=1, weight=200)

    assert found["accounts"] == accounts
    assert set(STEPS) == set(found["cpu"]) == set(found["wall"])
    assert list(found["phases"]) == [phase.name for phase in PHASES]
    assert sum(found["phases"].values()) <= found["cpu"]["simulation"]
    assert found["events"]["fell ill"] > 1000
