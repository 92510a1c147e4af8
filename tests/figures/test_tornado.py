"""The tornado shows the indices that were found, and its title says no more than they do."""

import csv
import json
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pytest

from sim.analysis.sensitivity import Sensitivity, morris, sobol
from sim.analysis.space import Space
from sim.figures.output import Finished, write_figure
from sim.figures.overlap import layout_problems
from sim.figures.sheet import PRESETS
from sim.figures.style import styled
from sim.figures.tornado_plot import draw_tornado
from sim.figures.tornado_words import TornadoContent, message
from tests.analysis.sampled import replicated, saltelli, trajectories
from tests.figures.studies import FONT

NAMES = ("common_pool.a_name_that_is_so_long_that_it_fills_the_whole_margin", "referral.weight", "travel.inert")
SPACE = Space.of_numbers(NAMES, (0.0,) * 3, (1.0,) * 3)


@lru_cache
def found(kind: str, noise: float = 0.005) -> Sensitivity:
    points = trajectories(SPACE, 20) if kind == "morris" else saltelli(SPACE, 128)
    values = replicated(0.1 * points[:, 0] - 0.05 * points[:, 1], 3, noise)
    return morris(SPACE, points, values, 4, 1) if kind == "morris" else sobol(SPACE, points, values, 1)


def content(kind: str, baseline: str = "north", noise: float = 0.005) -> TornadoContent:
    names = ("access_from_diagnosis", "all_patients", "south", baseline)
    return TornadoContent(*names, found(kind, noise), "April 2014 to March 2018", ["00" * 8])


def drawn(what: TornadoContent, preset: str = "wide") -> Finished:
    with styled(FONT):
        return draw_tornado(what, PRESETS[preset])


@pytest.mark.parametrize("preset", ["wide", "slide"])
@pytest.mark.parametrize("kind", ["morris", "sobol"])
@pytest.mark.parametrize("baseline", ["north", ""])
def test_no_text_overlaps_or_leaves_the_page(kind: str, baseline: str, preset: str) -> None:
    figure = drawn(content(kind, baseline), preset)

    with styled(FONT):
        assert layout_problems(figure.page.figure) == []


@pytest.mark.parametrize(("kind", "factor"), [("morris", 100.0), ("sobol", 1.0)])
def test_bars_are_the_indices_by_size_and_hollow_where_chance_gives_as_much(kind: str, factor: float) -> None:
    what = content(kind)
    [axes] = [axes for axes in drawn(what).page.figure.axes if axes.axison]

    assert [bar.get_width() for bar in axes.patches] == pytest.approx([factor * one.value for one in what.drawn])
    hollow = [bar.get_facecolor() == (1.0, 1.0, 1.0, 1.0) for bar in axes.patches]
    assert hollow == [False, False, True]
    floor = next(line for line in axes.lines if line.get_linestyle() == "--")
    assert floor.get_xdata()[0] == pytest.approx(factor * what.drawn[0].chance)


def test_the_title_names_the_input_that_matters_most_or_none() -> None:
    assert message(content("sobol")).startswith(f"{NAMES[0]} matters most for the difference between south and north")
    assert "1 more can be told from chance" in message(content("sobol"))
    assert message(content("sobol", noise=5.0)).startswith("No input’s effect")


@pytest.mark.parametrize("kind", ["morris", "sobol"])
def test_numbers_and_words_are_written_beside_it(kind: str, tmp_path: Path) -> None:
    with styled(FONT):
        write_figure(drawn(content(kind)), tmp_path)

    rows = list(csv.DictReader((tmp_path / "F10.csv").read_text(encoding="utf-8").splitlines()))
    assert len(rows) == (3 if kind == "morris" else 6)
    assert all(float(row["low"]) <= float(row["value"]) <= float(row["high"]) for row in rows)
    described = json.loads((tmp_path / "F10.json").read_text(encoding="utf-8"))
    alt = (tmp_path / "F10.alt.txt").read_text(encoding="utf-8")
    assert described["title"] in alt
    assert "not distinguishable from chance" in alt
    assert "Simulated, not observed" in described["note"]


def test_one_replicate_draws_no_line_of_chance() -> None:
    what = content("sobol")
    alone = replace(what.found, indices=tuple(replace(one, chance=float("nan")) for one in what.found.indices))
    [axes] = [axes for axes in drawn(replace(what, found=alone)).page.figure.axes if axes.axison]

    assert all(line.get_linestyle() != "--" for line in axes.lines)
