"""What discovery found as a tidy table: one row for each limit of each box or leaf."""

import math
from typing import Any

from sim.analysis.discovery import Discovery, Finding
from sim.analysis.discovery_contrast import Side, Sides
from sim.measures.intervals import Interval

SIDE_COLUMNS = ("points", "worse_for_sure", "not_worse_for_sure", "undecided", "mean", "mean_low", "mean_high")
SIDES_COLUMNS = (
    *(f"{side}_{name}" for side in ("inside", "outside") for name in SIDE_COLUMNS),
    *(f"apart_{name}" for name in SIDE_COLUMNS[-3:]),
)
DISCOVERY_COLUMNS = (
    "box",
    "method",
    "by",
    "input",
    "low",
    "high",
    "options",
    "quasi_p",
    "inside",
    "worse",
    "density",
    "coverage",
    "mass",
    "unit",
    *SIDES_COLUMNS,
    "held_out_inside",
    "held_out_worse",
    "held_out_density",
    "held_out_low",
    "held_out_high",
    "held_out_shared",
    *(f"held_out_{name}" for name in SIDES_COLUMNS),
    "verdict",
)


def discovery_rows(found: Discovery, unit: str) -> list[dict[str, Any]]:
    """Return the rows; means are in ``unit``, not scaled, or shares of the level, which is the mean of both regimes."""
    rows = []
    shown = "share of the level" if found.contrast.of_level else unit
    for place, finding in enumerate(found.findings, start=1):
        chances = dict(finding.chances)
        for at in finding.box.restricted(found.space):
            options = finding.box.allowed[at]
            words = "" if options is None else " or ".join(found.space.options[at][option] for option in options)
            low, high = finding.box.low[at], finding.box.high[at]
            rows.append(
                {
                    "box": place,
                    "method": finding.method,
                    "by": found.by,
                    "input": found.space.names[at],
                    "low": low if math.isfinite(low) else "",
                    "high": high if math.isfinite(high) else "",
                    "options": words,
                    "quasi_p": chances.get(at, ""),
                    "unit": shown,
                    **_numbers(finding),
                }
            )
    return rows


def _numbers(finding: Finding) -> dict[str, Any]:
    own, held = finding.counts, finding.held_out
    return {
        "inside": own.inside,
        "worse": own.interesting,
        "density": own.density,
        "coverage": own.coverage,
        "mass": own.mass,
        **sides_numbers(finding.sides),
        "held_out_inside": held.inside,
        "held_out_worse": held.worse,
        "held_out_density": held.density,
        "held_out_low": held.low,
        "held_out_high": held.high,
        "held_out_shared": held.shared,
        **{f"held_out_{name}": value for name, value in sides_numbers(held.sides).items()},
        "verdict": finding.verdict,
    }


def sides_numbers(sides: Sides) -> dict[str, Any]:
    """Return counts and means inside and outside, and inside less outside."""
    parts = [_side(sides.inside), _side(sides.outside), _interval(sides.apart)]
    return dict(zip(SIDES_COLUMNS, (value for part in parts for value in part), strict=True))


def _side(side: Side) -> tuple[Any, ...]:
    return side.points, side.worse, side.not_worse, side.undecided, *_interval(side.mean)


def _interval(found: Interval) -> tuple[float, float, float]:
    return found.mean, found.low, found.high
