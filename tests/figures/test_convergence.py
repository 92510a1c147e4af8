"""A convergence figure shows what was known at each look, and its title says no more than that."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.figures.convergence_plot import draw
from sim.figures.convergence_words import Convergence, Course, Seen, message
from sim.figures.output import Finished
from sim.figures.overlap import layout_problems
from sim.figures.sheet import PRESETS
from sim.figures.style import styled
from tests.figures.studies import FONT

LOOKS = (4, 6, 9, 14)


def course(narrow: bool = True, centre: float = 2.0, **changes: Any) -> Course:
    counts = np.arange(1, LOOKS[-1] + 1)
    running = centre + 1.0 / counts
    known = {
        "measure": "twin_discordance",
        "label": "Twins of two places treated unlike, every service alike",
        "unit": "percentage points",
        "first": "national_2013",
        "second": "ics_2022",
        "at": "",
        "counts": counts,
        "running": running,
        "looks": [Seen(n, float(running[n - 1]), centre - 4 / n, centre + 5 / n) for n in LOOKS],
        "asked": 0.5,
        "confidence": 0.95,
        "narrow": narrow,
    }
    return Course(**(known | changes))


def content(*courses: Course) -> Convergence:
    return Convergence(courses or (course(),), LOOKS[-1], 9, "April 2015 to March 2018", ["key"])


def drawn(found: Convergence, preset: str = "wide") -> Finished:
    with styled(FONT):
        figure = draw(found, PRESETS[preset])
    assert figure is not None
    return figure


@pytest.mark.parametrize("preset", ["wide", "slide"])
@pytest.mark.parametrize("number", [1, 2, 4])
def test_no_text_overlaps_or_leaves_the_page(number: int, preset: str) -> None:
    found = content(*(course(centre=3.0 * place - 4.0, at="levers.year_end carry") for place in range(number)))
    with styled(FONT):
        assert layout_problems(drawn(found, preset).page.figure) == []


def test_the_title_says_whether_it_is_known_as_well_as_asked() -> None:
    assert "national 2013 and ICS 2022 is known as well as asked after 14 replicates" in message(content())
    assert "is not yet known as well as asked" in message(content(course(narrow=False)))
    assert message(content(course(), course(narrow=False))).startswith("1 of 2 differences is known")


def test_every_replicate_is_a_row_and_looks_alone_have_limits() -> None:
    rows = drawn(content()).rows

    assert [row["replicates"] for row in rows] == list(range(1, 15))
    assert [row["replicates"] for row in rows if row["low"] != ""] == list(LOOKS)
    assert [row["look"] for row in rows if row["look"] != ""] == [1, 2, 3, 4]


def test_the_words_hold_every_interval_and_what_is_asked() -> None:
    words = drawn(content()).words

    assert "after 4; " in words.alt_text
    assert "Asked for: ±0.50 percentage points" in words.alt_text
    assert "all 9 looks" in words.note


def test_a_look_without_an_interval_is_drawn_without_one() -> None:
    bare = course(looks=[Seen(4, 2.2, float("nan"), float("nan")), *course().looks[1:]])

    rows = drawn(content(bare)).rows
    assert [row["replicates"] for row in rows if row["low"] != ""] == [6, 9, 14]


def test_without_a_pair_there_is_nothing_to_draw() -> None:
    empty = replace(course(), counts=np.array([], dtype=np.int64), running=np.array([]))
    with styled(FONT):
        assert draw(content(empty)) is None
