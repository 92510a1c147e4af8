"""Colours that survive a grey printer, words that can be read on them, lines that fit."""

import math
from itertools import pairwise

import pytest

from sim.figures.classes import common_classes
from sim.figures.numbers import decimals_of, number
from sim.figures.style import (
    INK,
    NO_DATA,
    NOTE_PT,
    QUIET_INK,
    SEQUENTIAL,
    contrast,
    fitting,
    ink_on,
    luminance,
    styled,
    text_width_mm,
    wrapped,
)

# CIE lightness must differ by this much for two greys side by side to be told apart in print.
LEAST_STEP_OF_LIGHTNESS = 10.0


def lightness(colour: str) -> float:
    """Return CIE L*, 0 black to 100 white."""
    return float(116 * max(luminance(colour), 0.008856) ** (1 / 3) - 16)


def test_classes_stay_apart_and_in_order_when_printed_in_grey() -> None:
    steps = [lightness(light) - lightness(dark) for light, dark in pairwise(SEQUENTIAL)]

    assert min(steps) > LEAST_STEP_OF_LIGHTNESS
    assert lightness("#28A197") - lightness("#F46A25") < LEAST_STEP_OF_LIGHTNESS  # such a pair would be caught


@pytest.mark.parametrize("colour", [*SEQUENTIAL, NO_DATA])
def test_numbers_can_be_read_on_every_class(colour: str) -> None:
    assert contrast(ink_on(colour), colour) >= 4.5


def test_all_text_can_be_read_on_white() -> None:
    assert min(contrast(ink, "#FFFFFF") for ink in (INK, QUIET_INK)) >= 4.5
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)


def test_text_is_broken_where_it_would_leave_its_width() -> None:
    text = "What the commissioner decides and what the patient gets are two different things"
    with styled("DejaVu Sans"):
        lines = wrapped(text, 40.0, NOTE_PT)

        assert " ".join(lines) == text
        assert len(lines) > 1
        assert all(text_width_mm(line, NOTE_PT) <= 40.0 for line in lines)
        assert text_width_mm(text, fitting(text, 40.0, NOTE_PT)) == pytest.approx(40.0, rel=0.05)
        assert fitting("GM", 40.0, NOTE_PT) == NOTE_PT


def test_a_per_cent_sign_stays_with_its_number() -> None:
    with styled("DejaVu Sans"):
        lines = wrapped("an interval of 95 % over replicates", 16.0, NOTE_PT)

    assert len(lines) > 2
    assert not any(line.startswith("%") for line in lines)


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        ([64.2, 93.4, 70.0], ("64–69", "70–75", "76–81", "82–87", "88–93")),
        ([70.0, 72.4], ("70", "71", "72")),
        ([99.6, 98.0], ("98", "99", "100")),
        ([0.0, 100.0], ("0–20", "21–41", "42–62", "63–83", "84–100")),
        ([float("nan")], ("0",)),
    ],
)
def test_classes_are_whole_percentages_that_hold_every_value(values: list[float], labels: tuple[str, ...]) -> None:
    classes = common_classes(values)

    assert classes.labels() == labels
    assert all(0 <= classes.index(value) < len(labels) for value in values if math.isfinite(value))


def test_a_value_outside_the_classes_is_refused() -> None:
    with pytest.raises(ValueError, match="lies outside the classes 70"):
        common_classes([70.0, 80.0]).index(90.0)


@pytest.mark.parametrize(
    ("low", "high", "decimals"),
    [(0.4, 0.6, 2), (-30.0, 30.0, 0), (1000.0, 1400.0, -1), (0.0, 0.00002, 5), (760.0 - 1e-13, 760.0 + 1e-13, 0)],
)
def test_digits_follow_the_half_width(low: float, high: float, decimals: int) -> None:
    assert decimals_of(low, high, (low + high) / 2) == decimals


def test_without_an_interval_a_number_has_three_digits() -> None:
    nothing = float("nan")

    assert number(0.71234, decimals_of(nothing, nothing, 0.71234)) == "0.712"
    assert number(123456.0, decimals_of(nothing, nothing, 123456.0)) == "123,000"
    assert number(0.0, decimals_of(0.0, 0.0, 0.0)) == "0"


def test_nothing_is_ever_minus_zero() -> None:
    assert number(-0.001, 1, signed=True) == "0.0"
