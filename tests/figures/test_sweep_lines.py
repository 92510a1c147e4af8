"""A sweep is drawn as it was made, and its title says where regimes lie apart."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sim.figures.output import Finished, write_figure
from sim.figures.overlap import layout_problems
from sim.figures.sheet import PRESETS
from sim.figures.style import styled
from sim.figures.sweep_lines import draw
from sim.figures.sweep_words import message
from tests.figures.studies import FONT, NAMES
from tests.figures.sweeps import MEASURES, facts, sweep_frame


def drawn(frame: pd.DataFrame, preset: str = "wide", **of: Any) -> Finished:
    with styled(FONT):
        figure = draw(frame, facts(**of), PRESETS[preset])
    assert figure is not None
    return figure


@pytest.mark.parametrize("preset", ["wide", "slide"])
@pytest.mark.parametrize("values", [(0.9, 1.0, 1.1), (1, 100, 10_000), ("local", "regional", "national"), (5,)])
def test_no_text_overlaps_or_leaves_the_page(values: Sequence[Any], preset: str) -> None:
    frame = sweep_frame((0.1,) * len(values), NAMES, values)
    with styled(FONT):
        assert layout_problems(drawn(frame, preset, regimes=NAMES).page.figure) == []


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        ((0.1, 0.1, 0.1), "SCG 2006 is higher than national 2013 at every value"),
        ((-0.1, -0.1, -0.1), "SCG 2006 is lower than national 2013 at every value"),
        ((-0.1, 0.0, 0.1), "whether SCG 2006 or national 2013 is higher depends on"),
        ((0.0, 0.0, 0.1), "is higher than national 2013 at 1 of 3 values of"),
        ((0.0, 0.01, 0.0), "no clear difference between SCG 2006 and national 2013 at any value"),
    ],
)
def test_the_title_says_where_the_regimes_lie_apart(gap: Sequence[float], words: str) -> None:
    assert words in message(sweep_frame(gap), facts())


def test_several_regimes_are_counted() -> None:
    frame = sweep_frame((0.1, 0.1, 0.1), NAMES)

    assert "1 of 4 other regimes lies clearly apart" in message(frame, facts(NAMES))


def test_one_replicate_claims_nothing_and_has_no_band() -> None:
    frame = sweep_frame(half=0.0)

    assert "one replicate tells no difference for sure" in message(frame, facts(replicates=1))
    assert "Bands" not in drawn(frame, replicates=1).words.note


def test_each_measure_has_a_panel_with_a_line_for_each_regime() -> None:
    figure = drawn(sweep_frame()).page.figure
    panels = [axes for axes in figure.axes if axes.axison]

    assert len(panels) == len(MEASURES)
    for axes in panels:
        assert sum(len(line.get_xdata()) == 3 for line in axes.lines) == 3


def test_shares_are_drawn_in_per_cent_and_written_as_they_came() -> None:
    figure = drawn(sweep_frame())
    first = next(axes for axes in figure.page.figure.axes if axes.axison)

    assert max(first.lines[1].get_ydata()) == pytest.approx(88.0)
    assert figure.rows[3]["mean"] == pytest.approx(0.88)


def test_a_fifth_measure_is_left_out_and_two_parameters_are_refused() -> None:
    frame = sweep_frame()
    more = frame[frame["measure"] == "tau_icb"].assign(measure="mor_icb")

    assert len({row["measure"] for row in drawn(pd.concat([frame, more])).rows}) == 4
    with pytest.raises(ValueError, match="a sweep is of one parameter"):
        drawn(pd.concat([frame, more.assign(parameter="travel.detour_factor")]))


def test_nothing_measured_is_nothing_to_draw() -> None:
    assert draw(sweep_frame().assign(mean=float("nan")), facts()) is None


def test_the_same_sweep_gives_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        with styled(FONT):
            write_figure(drawn(sweep_frame()), tmp_path / folder)

    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
