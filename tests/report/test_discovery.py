"""Discovery answers in one sentence, warns where points tell little, and parts no brackets from its intervals."""

import io
from dataclasses import replace

import numpy as np
import pytest
from rich.console import Console

from sim.analysis.discovery import BY_INTERVAL, BY_MEAN, Discovery, discover
from sim.analysis.discovery_contrast import UNDECIDED, contrast_of
from sim.analysis.space import FloatArray, Space
from sim.measures.outcomes import outcome
from sim.report.discovery import Question, answer, head_lines, print_discovery, warnings
from sim.report.discovery_rows import discovery_rows
from sim.report.sensitivity import Output
from tests.analysis.sampled import latin

SPACE = Space.of_numbers(("money", "distance"), (0.0, 0.0), (1.0, 1.0))
POINTS = latin(SPACE, 60)
QUESTION = Question(Output("access_from_diagnosis", "all_patients", "south", "north"))


def found(apart: FloatArray, replicates: int = 4, by: str = BY_INTERVAL) -> Discovery:
    luck = 1e-3 * np.random.default_rng(1).standard_normal((len(POINTS), replicates))
    other = np.full(luck.shape, 0.7)
    told = contrast_of(other + apart[:, np.newaxis] + luck, other, outcome("access_from_diagnosis"))
    return discover(SPACE, POINTS, told, 1, by)


BOX = np.where(POINTS[:, 0] > 0.5, -0.05, 0.0)


def test_the_answer_names_the_regimes_and_the_box_by_box_and_tree() -> None:
    told = answer(QUESTION, found(BOX))

    assert told.startswith("Finding: south is worse than north where money above 0.")
    assert "; by the tree, where money above 0." in told


@pytest.mark.parametrize(
    ("apart", "words"),
    [
        (np.zeros(60), "No finding: no point counts as worse (mean over all points "),
        (
            np.full(60, -0.05),
            "Everywhere: south counts as worse than north at every point, and is surely worse by more than matters in "
            "the mean over all (−5.0",
        ),
        (np.where(np.arange(60) == 0, -0.05, 0.0), "No finding: 1 of 60 points count as worse (mean over all"),
    ],
    ids=["nowhere", "everywhere", "one"],
)
def test_without_a_finding_the_answer_says_why(apart: FloatArray, words: str) -> None:
    assert answer(QUESTION, found(apart)).startswith(words)


@pytest.mark.parametrize(
    ("number", "words"),
    [(3, "it is worse at few points"), (20, "the points where it is worse are scattered"), (57, "nearly everywhere")],
)
def test_worse_points_are_called_scattered_only_where_they_are_neither_few_nor_nearly_all(
    number: int, words: str
) -> None:
    plain = found(np.where(np.arange(60) < number, -0.05, 0.0))

    told = answer(QUESTION, replace(plain, findings=()))

    assert told.startswith(f"No finding: {number} of 60 points count as worse (mean over all points ")
    assert words in told


def test_what_all_points_share_is_not_told_for_sure() -> None:
    """Two replicates of shared luck: every mean is worse, all together may be luck."""
    shared = np.array([-0.10, -0.04]) + np.zeros((60, 1))
    told = contrast_of(0.7 + shared, np.full((60, 2), 0.7), outcome("access_from_diagnosis"))

    one = discover(SPACE, POINTS, told, 1)

    assert one.worse.all()
    assert "but is not surely worse by more than matters in the mean over all" in answer(QUESTION, one)


def test_points_are_counted_and_warned_of() -> None:
    plain = found(BOX)
    undecided = replace(plain.contrast, words=(UNDECIDED,) * 31 + plain.contrast.words[31:])

    assert next(head_lines(plain)).startswith("60 points: 30 surely worse, 30 surely not worse (")
    assert list(warnings(found(BOX, by=BY_MEAN))) == []
    assert [words.startswith("WARNING: by interval") for words in warnings(plain)] == [True, True]
    assert "nearly all in the worst" in list(warnings(plain))[1]
    assert len(list(warnings(found(BOX, replicates=8)))) == 1
    assert "more than 50 % of the points are undecided" in next(warnings(replace(plain, contrast=undecided)))
    few = next(warnings(found(BOX, replicates=3)))
    assert "3 replicates tell little" in few
    assert "up to one study in five told a finding" in few


def test_an_interval_that_is_none_is_said() -> None:
    plain = found(BOX)
    first = plain.findings[0]
    inside = replace(first.sides.inside, mean=replace(first.sides.inside.mean, low=np.nan, high=np.nan))
    page = io.StringIO()

    print_discovery(
        QUESTION,
        replace(plain, findings=(replace(first, sides=replace(first.sides, inside=inside)),)),
        Console(file=page, width=200),
    )

    assert "[no interval]" in page.getvalue()


def test_a_row_has_the_unit_of_its_means() -> None:
    [first, *_] = discovery_rows(found(BOX), "share of people in need")

    assert first["unit"] == "share of people in need"
    assert first["inside_mean"] == pytest.approx(-0.05, abs=1e-3)
    assert first["outside_points"] == 60 - first["inside_points"]
