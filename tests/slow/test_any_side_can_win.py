"""With plausible parameters the model can say that the nation does better, that boards do, or that it is all one."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from sim.measures.intervals import EQUIVALENT, LARGER, SMALLER
from sim.measures.rows import ALL, ALL_PATIENTS
from sim.specification.load import load_study
from sim.specification.parameters import ParameterSet
from sim.specification.switches import mechanisms
from tests.slow.finished import Finished, beyond_their_ranges, finish

STUDIES = ("nation_wins", "local_wins", "no_difference")
BOARDS = "ics_2022"
"""The regime that is set against the nation in all three."""

ACCESS = ("access_from_diagnosis", ALL_PATIENTS)
VARIATION = ("tau_icb", ALL_PATIENTS)
TWINS = ("twin_discordance", ALL_PATIENTS)
COST = ("cost_total_gbp", ALL)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory):
    folder: Path = tmp_path_factory.mktemp("sides")

    @cache
    def once(name: str) -> Finished:
        return finish(name, folder)

    return once


@pytest.mark.parametrize("name", STUDIES)
def test_every_parameter_lies_in_its_range_and_every_mechanism_is_on(name: str) -> None:
    study = load_study(name)

    assert beyond_their_ranges(study) == []
    assert [one.key for one in mechanisms(study.parameters) if not one.value] == []


def test_a_parameter_outside_its_range_is_found() -> None:
    study = load_study("no_difference")
    far = study.parameters.referral.model_copy(update={"in_footprint_log_odds": 3.0})
    beyond = replace(study, parameters=study.parameters.model_copy(update={"referral": far}))

    assert beyond_their_ranges(beyond) == ["referral.in_footprint_log_odds: 3.0"]


def test_the_three_differ_in_parameters_alone() -> None:
    plain = [replace(load_study(name), id="", title="", path="", parameters=ParameterSet()) for name in STUDIES]

    assert plain[0].compare[0].id == "national_2022"
    assert plain[0].compare[1].id == BOARDS
    assert plain[0] == plain[1] == plain[2]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "access", "spread", "cost"),
    [
        ("nation_wins", SMALLER, LARGER, LARGER),
        ("local_wins", LARGER, SMALLER, SMALLER),
        ("no_difference", EQUIVALENT, EQUIVALENT, EQUIVALENT),
    ],
)
def test_boards_less_the_nation(done, name: str, access: str, spread: str, cost: str) -> None:
    finished = done(name)

    found = [finished.row(*outcome, BOARDS).verdict for outcome in (ACCESS, VARIATION, COST)]

    assert found == [access, spread, cost]


@pytest.mark.slow
def test_twins_in_random_places_agree_with_the_spread_between_areas(done) -> None:
    nation, local, neither = (done(name).row(*TWINS, BOARDS) for name in STUDIES)

    assert nation.verdict == LARGER
    assert local.difference_high < 0.0
    assert neither.verdict == EQUIVALENT
