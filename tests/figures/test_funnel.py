"""The funnel draws one simulated country, judges it by exact limits, and claims no more than the replicates do."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.analysis.paired import national_values
from sim.figures.funnel_content import Excess, FunnelContent, Outside, funnel_content, typical_replicate
from sim.figures.funnel_words import message, note_lines, outside_lines
from sim.figures.words import Estimate
from sim.measures.funnel import exact_limit
from sim.measures.intervals import Interval, verdict
from tests.figures.studies import NAMES, data_of, drawn, frame_of

TWO = NAMES[:2]


def content(names: tuple[str, ...] = TWO, frame: pd.DataFrame | None = None, replicates: int = 5) -> FunnelContent:
    data = data_of(names, replicates, frame)
    found = funnel_content(data.study, data.frame, data.rows, ())
    assert found is not None
    return found


def judged(*excess: float) -> FunnelContent:
    """Return content whose regimes spread more than chance by this much, give or take 0.02."""
    base = content(NAMES[: len(excess)])
    panels = [
        replace(panel, benchmark=False, excess=_excess(value)) for panel, value in zip(base.panels, excess, strict=True)
    ]
    return replace(base, panels=panels)


def _excess(value: float) -> Excess:
    found = Interval(value, value - 0.02, value + 0.02, 5)
    return Excess(Estimate(found.mean, found.low, found.high), verdict(found, 0.05))


def with_spreads(spreads: list[float]) -> pd.DataFrame:
    frame = frame_of(TWO, len(spreads))
    for replicate, spread in enumerate(spreads):
        frame.loc[(frame["measure"] == "tau_icb") & (frame["replicate"] == replicate), "value"] = spread
    return frame


@pytest.mark.parametrize(
    ("spreads", "replicate"), [([0.9, 0.1, 0.5], 2), ([0.1, 0.2, 0.3, 0.4], 1), ([math.nan, 0.4, 0.2], 2)]
)
def test_the_country_that_is_drawn_has_the_median_spread(spreads: list[float], replicate: int) -> None:
    frame = with_spreads(spreads)

    assert typical_replicate(national_values(frame, TWO[0]), TWO) == replicate
    assert f"replicate {replicate}, one simulated country" in note_lines(content(frame=frame))[0]


def test_points_are_the_areas_of_that_replicate_against_exact_limits() -> None:
    found = content()
    panel = found.panels[0]

    for point in panel.points:
        low, high = (float(exact_limit(point.people, panel.national, p)) for p in (0.025, 0.975))
        assert bool(point.outside) == (not low <= point.share <= high)
    assert len(panel.points) == 42


def test_a_far_point_lies_outside_both_limits_and_is_marked_in_the_file() -> None:
    frame = frame_of(TWO, 3)
    here = (frame["measure"] == "standardised_access") & (frame["area"] == "E54000008")
    frame.loc[here, ["numerator", "denominator", "value"]] = (10.0, 100.0, 0.10)

    rows = drawn("F1", data_of(TWO, frame=frame)).rows

    assert {row["outside"] for row in rows if row["area"] == "E54000008"} == {"99.8 %"}
    assert all(row["lower_998_pct"] < row["lower_95_pct"] < row["national_pct"] < row["upper_95_pct"] for row in rows)


@pytest.mark.parametrize(
    ("excess", "words"),
    [
        ((0.5, 0.4), "by more than chance under national 2013 and SCG 2006"),
        ((0.5, 0.01), "by more than chance under national 2013, not clearly under SCG 2006"),
        ((0.01, -0.2), "No clear sign that access varies between areas by more than chance under national 2013 or SCG"),
        ((0.01, -0.2, 0.0), "by more than chance under any regime compared"),
        ((0.5, 0.025), "by more than chance under national 2013, not clearly under SCG 2006"),
        ((0.5, 0.4, 0.3), "by more than chance under every regime compared"),
    ],
)
def test_the_title_claims_what_the_excess_over_chance_allows(excess: tuple[float, ...], words: str) -> None:
    assert words in message(judged(*excess))


def test_one_replicate_is_called_one_country() -> None:
    found = content(replicates=1)
    outside = sum(bool(point.outside) for point in found.panels[0].points)

    assert message(found).startswith(f"In one simulated country {outside} of 42 areas lie outside")


def test_the_share_outside_stands_beside_chance() -> None:
    panel = content().panels[0]
    found = replace(panel, outside={"95": Outside(Estimate(0.55, 0.4, 0.7), 0.05)})

    assert outside_lines(found) == ["95 %: 55 (40 to 70); by chance 5.0"]


def test_the_excess_is_the_paired_difference_from_the_chance_floor() -> None:
    frame = frame_of(TWO, 4)
    frame.loc[frame["measure"] == "tau_icb_chance_floor", "value"] = 0.1
    spreads = frame[
        (frame["measure"] == "tau_icb") & (frame["service"] == "all_patients") & (frame["regime"] == TWO[0])
    ]

    found = content(frame=frame).panels[0].excess

    assert found.spread.value == pytest.approx(spreads["value"].mean() - 0.1)
    assert found.beyond_chance


def test_shares_of_nobody_and_everybody_are_drawn_at_the_edge_and_said_to_be() -> None:
    frame = frame_of(TWO, 2)
    here = (frame["measure"] == "standardised_access") & (frame["area"] == "E54000008")
    frame.loc[here, "value"] = 1.02

    figure: Any = drawn("F1", data_of(TWO, frame=frame))

    assert "Shares beyond 0.2 or 99.8 % are drawn there" in figure.words.note
    assert all(np.isfinite(line.get_ydata()).all() for axes in figure.page.figure.axes for line in axes.lines)


def test_samples_are_said_to_be_samples() -> None:
    found = replace(content(), weighted=True)

    assert any("simulated by a sample" in line for line in note_lines(found))
