"""The page on calibration says what the model gives now."""

import numba
import pytest

from experiments.calibration import COMMAND, PAGE, line_of, missed_line
from experiments.calibration_draws import HISTORIES, drawn, extremes
from experiments.calibration_runs import VARIANTS, measured, run_england
from experiments.calibration_targets import TARGETS

KNOWN = {"months_shortest"}
"""Targets that set a parameter and are missed all the same; the page says by how much."""

pytestmark = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="uncompiled, so many draws take minutes")


@pytest.fixture(scope="module")
def page() -> list[str]:
    return PAGE.read_text(encoding="utf-8").splitlines()


def test_every_target_has_a_value() -> None:
    assert set(drawn()) == {target.id for target in TARGETS if not target.run}


@pytest.mark.parametrize("target", [one for one in TARGETS if not one.run], ids=lambda target: target.id)
def test_a_row_that_needs_no_run_stands_as_it_is_drawn_now(page: list[str], target) -> None:
    found = drawn()[target.id]

    assert line_of(target, found) in page, f"docs/calibration.md has drifted from the code: {COMMAND}"
    assert (missed_line(target, found) in page) is (target.met(found) is False)


def test_what_sets_a_parameter_is_within_what_was_allowed() -> None:
    missed = {one.id for one in TARGETS if not one.run and one.use == "sets" and not one.met(drawn()[one.id])}

    assert missed == KNOWN


def test_the_fewer_panels_the_nearer_their_extremes() -> None:
    lowest, highest = extremes(0.55, 152, 80_000, by_people=False)
    few_lowest, few_highest = extremes(0.55, 10, 5_000, by_people=False)

    assert lowest.size == HISTORIES
    assert (lowest <= highest).all()
    assert lowest.mean() < few_lowest.mean() < 55.0 < few_highest.mean() < highest.mean()


@pytest.mark.slow
def test_a_row_that_needs_england_stands_as_it_is_run_now(page: list[str]) -> None:
    found = measured(run_england(VARIANTS[:1]))

    assert set(found) == {target.id for target in TARGETS if target.run}
    assert [one.id for one in TARGETS if one.run and line_of(one, found[one.id]) not in page] == []
