"""The table of losses adds up, leaves out what nobody was lost for, and marks only what is sure."""

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from sim.figures.losses_content import TREATED, Loss, LossesContent, losses_content
from sim.figures.losses_table import EDGES, shade
from sim.figures.losses_words import REASON_CLAUSES, REASON_WORDS, message, people_text
from sim.figures.style import SEQUENTIAL
from sim.figures.words import Estimate
from sim.model.result import REASONS
from tests.figures.studies import NAMES, data_of, drawn, frame_of

TWO = NAMES[:2]


def content(frame: pd.DataFrame | None = None, replicates: int = 4, names: tuple[str, ...] = TWO) -> LossesContent:
    data = data_of(names, replicates, frame)
    found = losses_content(data.study, data.frame, data.rows, ())
    assert found is not None
    return found


def loss(people: float, change: int = 0, verdict: str = "equivalent") -> Loss:
    return Loss(Estimate(people, people, people), Estimate(0.0, 0.0, 0.0), verdict, change)


def treated(verdict: str, change: int) -> LossesContent:
    """Return content in which the second regime treats a thousand people with this verdict."""
    base = content()
    rows = [
        replace(row, losses={**row.losses, TREATED: replace(row.losses[TREATED], verdict=verdict, change=change)})
        if row.regime == TWO[1]
        else row
        for row in base.rows
    ]
    return replace(base, rows=rows)


def test_each_row_sums_to_a_thousand_people() -> None:
    for row in content().rows:
        assert sum(loss.people.value for loss in row.losses.values()) == pytest.approx(1000.0)


def test_reasons_that_nobody_was_lost_for_have_no_column() -> None:
    assert "request_refused" not in content().reasons
    frame = frame_of(TWO, 3)
    frame.loc[frame["measure"] == "reason_from_diagnosis_request_refused", "value"] = 0.001
    assert "request_refused" in content(frame).reasons


def test_a_group_that_nobody_needed_has_no_rows() -> None:
    frame = frame_of(TWO, 3)
    empty = frame["measure"].str.startswith("reason_from") & (frame["service"] == "specialised_retained")
    frame.loc[empty, "value"] = float("nan")

    assert content(frame).groups == ["highly_specialised", "specialised_delegable"]
    assert drawn("F12", data_of(TWO, frame=frame)) is not None


@pytest.mark.parametrize(
    ("given", "text"),
    [(loss(0.0), "–"), (loss(0.3), "<1"), (loss(12.4), "12"), (loss(30.0, 1), "30 ▲"), (loss(0.0, -1), "– ▼")],
)
def test_people_are_written_whole_and_changes_marked(given: Loss, text: str) -> None:
    assert people_text(given) == text


@pytest.mark.parametrize(
    ("verdict", "change", "words"),
    [
        ("larger", 1, "; fewer under SCG 2006"),
        ("smaller", -1, "; more under SCG 2006"),
        ("not distinguishable", 0, "; no clear difference under SCG 2006"),
        ("equivalent", 0, "; about as many under SCG 2006"),
    ],
)
def test_the_title_compares_as_the_verdict_allows(verdict: str, change: int, words: str) -> None:
    assert message(treated(verdict, change)).endswith(words)


def test_one_replicate_compares_nothing() -> None:
    one = content(replicates=1)

    assert message(one).endswith("because nobody made the diagnosis")
    assert all(loss.change == 0 for row in one.rows for loss in row.losses.values())


def test_a_difference_too_small_to_matter_is_not_marked() -> None:
    frame = frame_of(TWO, 4)
    for name, change in (("died", 0.004), ("no_slot", -0.004)):
        here = (frame["measure"] == f"reason_from_diagnosis_{name}") & (frame["regime"] == TWO[1])
        frame.loc[here, "value"] = 0.03 + change

    assert content(frame).rows[1].losses["died"].change == 0


def test_darker_cells_hold_more_people() -> None:
    assert [shade(edge) for edge in EDGES] == list(SEQUENTIAL)
    assert shade(0.4) == "#FFFFFF"


def test_every_reason_has_its_words() -> None:
    assert set(REASON_WORDS) == set(REASONS)
    assert set(REASON_CLAUSES) == set(REASONS) - {TREATED}


def test_the_file_holds_the_differences_with_their_verdicts() -> None:
    rows: list[Any] = drawn("F12", data_of(TWO, 6)).rows  # as many as equal differences need

    other = next(row for row in rows if row["regime"] == TWO[1] and row["ending"] == TREATED)
    assert other["difference"] == pytest.approx(-20.0)
    assert other["verdict"] == "smaller"
