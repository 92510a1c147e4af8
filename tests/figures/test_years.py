"""The figure of single years: its title says what the paired differences say, and every number is in its table."""

from dataclasses import replace

import pytest

from sim.figures.output import Finished
from sim.figures.overlap import layout_problems
from sim.figures.sheet import PRESETS
from sim.figures.style import styled
from sim.figures.words import Estimate
from sim.figures.years_plot import draw_years
from sim.figures.years_words import Panel, Point, YearsContent, message
from tests.figures.studies import FONT

STAYS, BOARDS, NATION = "branch_2026_joint", "branch_2026_boards", "branch_2026_national"
YEARS = ("2026-04", "2027-04", "2028-04")


def point(difference: float, half: float = 0.01) -> Point:
    own, less = 0.9 + difference, (difference - half, difference + half)
    return Point(Estimate(own, own - 0.02, own + 0.02), Estimate(difference, *less))


def content(
    boards: tuple[float, ...] = (0.0, -0.1, -0.2), nation: tuple[float, ...] = (-0.05, -0.1, -0.1), count: int = 3
) -> YearsContent:
    courses = {STAYS: (0.0, 0.0, 0.0), BOARDS: boards, NATION: nation}
    shown = {regime: courses[regime] for regime in (STAYS, BOARDS, NATION)[:count]}
    points = {
        (regime, year): point(difference)
        for regime, course in shown.items()
        for year, difference in zip(YEARS, course, strict=True)
    }
    return YearsContent(
        regimes=list(shown),
        baseline=STAYS,
        benchmarks=[],
        years=YEARS,
        panels=[Panel("every patient alike", points), Panel("every service alike", points)],
        changes={regime: ["2026-04"] for regime in list(shown)[1:]},
        period="April 2026 to March 2029",
        replicates=4,
        descriptions=[(regime, "as it is told") for regime in shown],
        run_keys=("00" * 8,),
    )


def drawn(found: YearsContent, preset: str = "wide") -> Finished:
    with styled(FONT):
        return draw_years(found, PRESETS[preset])


@pytest.mark.parametrize("preset", ["wide", "slide"])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_no_text_overlaps_or_leaves_the_page(count: int, preset: str) -> None:
    with styled(FONT):
        assert layout_problems(drawn(content(count=count), preset).page.figure) == []


def test_the_names_of_many_years_do_not_overlap() -> None:
    years = tuple(f"{1984 + at}-04" for at in range(44))
    panels = [Panel("every patient alike", {(STAYS, year): point(0.0) for year in years})] * 2
    found = replace(content(count=1), years=years, panels=panels, changes={STAYS: ["2002-04", "2013-04"]})
    with styled(FONT):
        assert layout_problems(drawn(found).page.figure) == []


def test_the_title_counts_who_has_fewer_or_more_for_sure() -> None:
    start = "People treated in time, every patient alike: against branch 2026 joint, "

    assert message(content()) == (
        f"{start}1 of 2 other regimes has fewer in the first year, 2 of 2 other regimes have fewer in the last"
    )
    assert message(content((0.1, 0.0, 0.1), (-0.1, 0.0, 0.0))) == (
        f"{start}1 of 2 other regimes has fewer and 1 more in the first year, 1 of 2 other regimes has more in the last"
    )
    assert message(content((0.005,) * 3, (0.0,) * 3)) == (
        f"{start}none of 2 other regimes is clearly apart, in the first year as in the last"
    )
    assert message(content(count=2)) == (
        f"{start}branch 2026 boards has no clear difference in the first year, branch 2026 boards has fewer in the last"
    )


def test_one_replicate_tells_no_difference() -> None:
    assert message(replace(content(), replicates=1)) == "People treated in time, every patient alike, year by year"


def test_every_number_is_in_the_table_and_the_change_is_marked() -> None:
    found = drawn(content())

    assert len(found.rows) == 2 * 3 * 3
    assert all(row["low_pct"] <= row["mean_pct"] <= row["high_pct"] for row in found.rows)
    marked = [line for axes in found.page.figure.axes for line in axes.lines if line.get_linestyle() == ":"]
    assert len(marked) >= 2
    assert "hands change under branch 2026 boards in 2026-04" in found.words.note
    assert "90.0 in 2026-04" in found.words.alt_text
