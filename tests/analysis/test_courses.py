import numpy as np
import pytest

from sim.agents.columns import NOT_REFERRED
from sim.analysis.courses import NOBODY, in_time, qalys_lived, simulate_courses
from sim.model.result import BASES
from sim.world.facts import MINUTES_PER_DAY
from sim.world.people import NEVER
from tests.analysis.conftest import Pair


@pytest.mark.parametrize("which", [0, 1])
def test_the_qalys_of_all_lives_are_those_the_model_counts(pair: Pair, which: int) -> None:
    people, run = pair.population.people, pair.runs[which]

    total = np.bincount(people.service[run.rows], qalys_lived(run) * people.weight[run.rows])

    assert total == pytest.approx(pair.results[which].qalys.sum(axis=0))


@pytest.mark.parametrize("which", [0, 1])
def test_those_in_time_are_those_the_model_counts(pair: Pair, which: int) -> None:
    run, windows = pair.runs[which], pair.population.facts.window_minutes
    service = pair.population.people.service[run.rows]
    days = -(-windows[service] // MINUTES_PER_DAY)
    followed = (run.courses.diagnosis_day >= 0) & (run.courses.diagnosis_day + days < run.end_day)

    counted = np.bincount(service[in_time(run) & followed], minlength=windows.size)

    reached = pair.results[which].reached[BASES.index("from_diagnosis")]
    assert counted.tolist() == reached.sum(axis=(0, 2, 3)).tolist()


def test_a_run_that_ends_with_one_life_settled_tells_the_same_life(pair: Pair) -> None:
    whole, wrong = pair.runs[1], []
    for row in pair.rows[:: max(len(pair.rows) // 40, 1)]:
        short = simulate_courses(pair.specs[1], pair.world, pair.population, row)
        if short.courses != whole.courses.of(row):
            wrong.append(row)

    assert wrong == []


def test_a_settled_life_ends_the_run_early(pair: Pair) -> None:
    months: list[int] = []
    started = int(np.argmin(np.where(pair.runs[0].courses.start_day > 0, pair.runs[0].courses.start_day, NEVER)))

    simulate_courses(pair.specs[0], pair.world, pair.population, started, months.append)

    assert len(months) < 6
    assert months[-1] == 36  # the reader is told that nothing is left


def test_nothing_is_told_that_comes_after_death_or_the_end(pair: Pair) -> None:
    courses = pair.runs[0].courses
    days = ("policy_day", "approval_day", "start_day", "stop_day", "death_day")

    for name in days:
        day = getattr(courses, name)
        happened = day != NEVER
        assert (day[happened] < pair.runs[0].end_day).all()
        assert (day[happened] <= courses.death_day[happened]).all()


def test_whoever_was_not_referred_has_no_centre(pair: Pair) -> None:
    courses = pair.runs[0].courses

    assert (courses.lost == NOT_REFERRED).any()
    assert (courses.provider[courses.lost == NOT_REFERRED] == NOBODY).all()
    assert (courses.provider[courses.start_day != NEVER] != NOBODY).all()
