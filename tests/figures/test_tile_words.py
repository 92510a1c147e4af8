"""The title says what the paired differences allow, and no more."""

from dataclasses import replace

import pytest

from sim.figures.tile_words import Contrast, message, note_lines, spread, subtitle
from sim.figures.words import Estimate, spoken
from tests.figures.maps import content, contrast, panel

PANELS = (panel("national_2013"), panel("scg_2006"), panel("ics_2022"), panel("equal_access"))


@pytest.mark.parametrize(
    ("contrasts", "expected"),
    [
        ((contrast("scg_2006"),), "Access varies more between areas under SCG 2006 than under national 2013"),
        (
            (contrast("scg_2006", -0.1, verdict="smaller"),),
            "Access varies less between areas under SCG 2006 than under national 2013",
        ),
        (
            (contrast("scg_2006", 0.1, False, "cannot be told"),),
            "No clear difference between national 2013 and SCG 2006 in how much access varies between areas",
        ),
        (
            (contrast("scg_2006", 0.001, True, "equivalent"),),
            "Access varies about as much between areas under SCG 2006 as under national 2013",
        ),
        (
            (contrast("scg_2006"), contrast("ics_2022", -0.2, True, "smaller")),
            "Access varies more between areas under SCG 2006, and less under ICS 2022, than under national 2013",
        ),
        (
            (contrast("scg_2006"), contrast("ics_2022", 0.0, False, "cannot be told")),
            "Access varies more between areas under SCG 2006 than under national 2013",
        ),
    ],
)
def test_the_title_follows_the_verdicts(contrasts: tuple[Contrast, ...], expected: str) -> None:
    assert message(content(*PANELS, contrasts=contrasts)) == expected


def test_many_regimes_are_counted_and_not_named() -> None:
    names = ("scg_2006", "ics_2022", "pct_2002")

    title = message(content(*PANELS, contrasts=tuple(contrast(name) for name in names)))

    assert title == "Access varies more between areas under 3 other regimes than under national 2013"


def test_alone_a_regime_is_compared_with_nothing() -> None:
    assert "under national 2013" in message(content(panel("national_2013")))


def test_the_subtitle_names_measure_unit_place_period_and_replicates() -> None:
    line = subtitle(content())

    for word in ("access window from diagnosis", "%", "boundaries of 2022", "April 2014", "6 replicates"):
        assert word in line
    assert "1 replicate" in subtitle(content(replicates=1))


def test_the_notes_say_that_nothing_was_observed_and_what_the_interval_leaves_out() -> None:
    notes = " ".join(note_lines(content()))

    assert "Simulated, not observed" in notes
    assert "not doubt about the inputs" in notes
    assert "One national commissioner" in notes


def test_a_spread_by_chance_that_rounds_to_nothing_is_not_called_nothing() -> None:
    tiny = panel("national_2013", chance_floor=0.004, tau=Estimate(0.5, 0.1, 0.9))

    assert spread(tiny) == "τ 0.50 (0.10 to 0.90); chance <0.01"


def test_where_nobody_was_in_need_the_title_claims_nothing() -> None:
    empty = [replace(panel(name), share={}, people={}) for name in ("national_2013", "scg_2006")]

    assert message(content(*empty)) == "Nobody was in need of these services, so access cannot be compared"


def test_without_a_verdict_the_title_compares_nothing() -> None:
    told = (contrast("scg_2006", 0.2, False, "no verdict"),)

    title = message(content(*PANELS[:2], contrasts=told))

    assert title == "How access to specialised care differs between areas under national 2013 and SCG 2006"


@pytest.mark.parametrize(
    ("name", "words"),
    [("scg_2006", "SCG 2006"), ("equal_access", "equal access"), ("scg_to_national", "SCG to national")],
)
def test_ids_become_words(name: str, words: str) -> None:
    assert spoken(name) == words
