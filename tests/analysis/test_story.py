from dataclasses import replace

import numpy as np
import pytest

from sim.agents.columns import DIVERTED, NO_BED, NOT_REFERRED, TOO_FAR
from sim.analysis.courses import apart
from sim.analysis.life import Life, Person, life_of
from sim.analysis.story import Event, Step, events, parting
from sim.analysis.wording import duration
from sim.world.people import ENTRY_DIAGNOSED, ENTRY_ILL, ENTRY_TREATED
from sim.world.services import EMERGENCY, ONE_OFF, ONGOING
from tests.analysis.conftest import Pair

PERSON = Person(
    identity=1,
    row=0,
    service="surgery",
    service_name="Surgery",
    group="specialised_retained",
    place="a",
    place_name="Ayton",
    area_name="",
    age_at_onset=40.0,
    severe=False,
    stands_for=1,
    onset_day=10,
    entry=ENTRY_ILL,
    kind=ONE_OFF,
    window_minutes=126 * 1440,
)
TREATED = Life(
    person=PERSON,
    scenario="north",
    start_month=12 * 113 + 3,
    end_day=1000,
    diagnosis_day=100,
    refused_day=None,
    policy_day=100,
    approval_day=100,
    start_day=150,
    stop_day=None,
    death_day=None,
    centre="St Elsewhere",
    hours=2.0,
    lost=0,
    wait_minutes=0,
    asked="the national commissioner",
    in_time=True,
    payments=(),
    qalys=1.0,
)


def person(**changes: object) -> Person:
    return replace(PERSON, **changes)  # type: ignore[arg-type]


def life(**changes: object) -> Life:
    return replace(TREATED, **changes)  # type: ignore[arg-type]


def told(one: Life) -> str:
    return " | ".join(event.words for _, event in events(one))


def test_an_ordinary_life_is_told_from_onset_to_the_end() -> None:
    assert [step for step, _ in events(TREATED)] == [
        "fell ill",
        "recognised",
        "referred",
        "asked",
        "agreed",
        "started",
        "alive",
    ]
    assert "50 days after the diagnosis, in time (the limit for this service is 126 days)" in told(TREATED)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"lost": TOO_FAR, "start_day": None}, "St Elsewhere, 2.0 hours away, was too far"),
        ({"lost": NOT_REFERRED, "start_day": None}, "Was not referred to a centre"),
        ({"policy_day": 300, "approval_day": 300, "start_day": 300}, "which was not routinely funded"),
        ({"refused_day": 200, "policy_day": 300, "approval_day": 300, "start_day": 300}, "A panel refused a request"),
        ({"policy_day": 100, "approval_day": 170, "start_day": 180}, "Funding was agreed 2 months later"),
        ({"start_day": 300, "in_time": False}, "too late (the limit"),
        ({"start_day": None, "in_time": False}, "passed without treatment"),
        ({"start_day": None, "in_time": False}, "Alive at the end of the simulation, waiting for a place"),
        ({"start_day": None, "in_time": False, "death_day": 120}, "Died, aged 40, waiting for a place"),
        ({"person": person(kind=ONGOING), "stop_day": 400}, "after treatment was stopped"),
        ({"person": person(entry=ENTRY_TREATED), "diagnosis_day": -9, "start_day": -9}, "Was on treatment when"),
        (
            {"person": person(entry=ENTRY_DIAGNOSED), "diagnosis_day": -9, "policy_day": 0, "approval_day": 0},
            "with the agreement of the national commissioner",
        ),
        ({"person": person(kind=EMERGENCY, window_minutes=360), "wait_minutes": 50}, "after 50 minutes on the way"),
        ({"person": person(kind=EMERGENCY), "lost": DIVERTED}, "The nearest bed in reach was taken"),
        ({"person": person(kind=EMERGENCY), "lost": NO_BED, "start_day": None}, "No centre had a bed free"),
    ],
)
def test_every_turn_of_a_life_has_its_words(changes: dict[str, object], words: str) -> None:
    assert words in told(life(**changes))


def test_nobody_waits_past_a_limit_who_died_before_it() -> None:
    assert "passed without treatment" not in told(life(start_day=None, in_time=False, death_day=200))


def test_equal_lives_part_nowhere() -> None:
    assert parting(TREATED, life(scenario="south", asked="the commissioner for Ayton", payments=())) is None


def test_lives_part_at_the_first_difference_told_from_the_side_where_it_came_first() -> None:
    late = life(scenario="south", approval_day=180, start_day=190)

    found = parting(late, TREATED)

    assert found is not None
    assert (found.step, found.day) == ("agreed", 100)
    assert found.sentence == (
        "In July 2013, under north: funding was agreed at once; under south the same came 3 months later, "
        "in September 2013."
    )


def test_what_never_came_is_said_to_be_missing() -> None:
    found = parting(TREATED, life(scenario="south", start_day=None, death_day=400))

    assert found is not None
    assert found.sentence.endswith("under south treatment had not begun when death came, in May 2014.")


def test_the_earliest_difference_counts_not_the_first_of_the_pathway() -> None:
    found = parting(TREATED, life(scenario="south", start_day=None, death_day=120))

    assert found is not None
    assert (found.step, found.day) == ("died", 120)


def test_another_centre_on_the_same_day_is_a_difference() -> None:
    found = parting(TREATED, life(scenario="south", centre="Elsewhere General"))

    assert found is not None
    assert "referred to St Elsewhere" in found.sentence
    assert "referred to Elsewhere General" in found.sentence


def test_lives_part_in_words_exactly_where_their_days_differ(pair: Pair) -> None:
    differ = apart(pair.runs[0].courses, pair.runs[1].courses)
    onset = pair.population.people.onset_day[pair.runs[0].rows]
    in_words = [parting(*(life_of(run, row) for run in pair.runs)) is not None for row in pair.rows]

    assert 0.02 < differ.mean() < 0.9
    assert (
        np.flatnonzero(np.array(in_words) & (onset < pair.runs[0].end_day)).tolist() == np.flatnonzero(differ).tolist()
    )


def test_every_life_ends_once(pair: Pair) -> None:
    endings = [
        [step for step, _ in events(life_of(pair.runs[1], row)) if step in ("died", "alive")] for row in pair.rows
    ]

    assert {len(found) for found in endings} == {1}


def test_a_step_that_is_added_is_told_in_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.analysis import story

    visited = Step("visited", lambda one: Event(120, "Was visited."), "nobody had come when")
    monkeypatch.setattr(story, "STEPS", (*story.STEPS, visited))

    assert [step for step, _ in events(TREATED)][-3:] == ["visited", "started", "alive"]


def test_times_are_worded_the_way_people_do() -> None:
    assert [duration(days) for days in (1, 59, 61, 729, 800)] == [
        "1 day",
        "59 days",
        "2 months",
        "24 months",
        "2.2 years",
    ]
