"""The plane shows paired differences, fairer to the right, and its title repeats the table's verdicts."""

from dataclasses import replace

import numpy as np
import pytest

from sim.figures.plane_content import COST, TWINS, Move, PlaneContent, outline, plane_content
from sim.figures.plane_words import message
from sim.figures.words import Estimate
from tests.figures.studies import NAMES, data_of, drawn, frame_of

THREE = NAMES[:3]


def content(names: tuple[str, ...] = THREE) -> PlaneContent:
    data = data_of(names)
    found = plane_content(data.study, data.frame, data.rows, ())
    assert found is not None
    return found


def moved(*verdicts: tuple[float, str, float, str]) -> PlaneContent:
    """Return content with these changes and verdicts; a change is clear unless it is 'not distinguishable'."""
    base = content()
    moves = [
        replace(
            base.moves[0],
            regime=f"regime_{number}",
            benchmark=False,
            inequity=Estimate(inequity, inequity - 0.1, inequity + 0.1),
            cost=Estimate(cost, cost - 0.1, cost + 0.1),
            inequity_verdict=fair,
            cost_verdict=dear,
            inequity_clear=fair != "not distinguishable",
            cost_clear=dear != "not distinguishable",
        )
        for number, (inequity, fair, cost, dear) in enumerate(verdicts)
    ]
    return replace(base, moves=moves)


def test_points_are_paired_differences_and_their_mean_is_the_tables() -> None:
    data = data_of(THREE)
    tau = data.frame[(data.frame["measure"] == "tau_icb") & (data.frame["service"] == "all_patients")]
    wide = tau.pivot_table(index="replicate", columns="regime", values="value")
    move = content().moves[0]
    row = next(r for r in data.rows if (r.measure, r.service, r.regime) == (COST, "all", THREE[1]))

    assert move.points[:, 0] == pytest.approx((wide[THREE[1]] - wide[THREE[0]]).to_numpy())
    assert move.points[:, 1].mean() == pytest.approx(100 * row.difference / row.baseline_mean)
    assert move.cost.value == pytest.approx(move.points[:, 1].mean())


def test_fairer_lies_to_the_right_and_dearer_above() -> None:
    axes = drawn("F4", data_of(THREE)).page.figure.axes[0]

    assert axes.get_xlim()[0] > 0 > axes.get_xlim()[1]
    assert axes.get_ylim()[0] < 0 < axes.get_ylim()[1]
    assert {"less fair, dearer", "fairer, dearer", "less fair, cheaper", "fairer, cheaper"} <= {
        text.get_text() for text in axes.texts
    }


@pytest.mark.parametrize(
    ("verdicts", "words"),
    [
        ([(-0.3, "smaller", 1.0, "larger")], "regime 0 is fairer, and is dearer"),
        ([(0.3, "larger", -1.0, "cannot be told")], "regime 0 is less fair, and is cheaper"),
        ([(0.1, "not distinguishable", 0.1, "equivalent")], "is not clearly fairer or less fair, and costs about the"),
        ([(0.0, "equivalent", 0.1, "not distinguishable")], "is about as fair, and is not clearly cheaper or dearer"),
        ([(0.3, "larger", 1.0, "equivalent")] * 3, "Of 3 regimes compared with national 2013, 3 are less fair"),
        ([(0.3, "not distinguishable", 1.0, "equivalent")] * 3, "none is clearly fairer, less fair, cheaper or dearer"),
        ([(0.3, "no verdict", 1.0, "no verdict")], "one replicate tells no difference for sure"),
    ],
)
def test_the_title_repeats_the_verdicts(verdicts: list[tuple[float, str, float, str]], words: str) -> None:
    assert words in message(moved(*verdicts))


def test_the_ellipse_of_the_mean_covers_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(5)
    trials, n, root = 1500, 6, np.array([[1.0, 0.0], [0.8, 0.6]])
    covered = sum(_holds_origin(rng.standard_normal((n, 2)) @ root.T) for _ in range(trials))

    assert covered / trials == pytest.approx(0.95, abs=3.9 * np.sqrt(0.95 * 0.05 / trials))


def _holds_origin(points: np.ndarray) -> bool:
    edge = outline(points, of_mean=True)
    after = np.roll(edge, -1, axis=0)
    return bool((edge[:, 0] * after[:, 1] - edge[:, 1] * after[:, 0] > 0).all()) or bool(
        (edge[:, 0] * after[:, 1] - edge[:, 1] * after[:, 0] < 0).all()
    )


def test_few_replicates_have_no_ellipse_but_their_intervals() -> None:
    few = drawn("F4", data_of(THREE, 3))

    assert not few.page.figure.axes[0].patches
    assert "Cross: 95 % intervals" in few.words.note
    assert drawn("F4", data_of(THREE, 5)).page.figure.axes[0].patches


def test_twin_discordance_can_stand_for_inequity_in_percentage_points() -> None:
    data = data_of(THREE)

    found = plane_content(data.study, data.frame, data.rows, (), TWINS)

    assert found is not None
    row = next(
        r for r in data.rows if (r.measure, r.service, r.regime) == ("twin_discordance", "all_patients", THREE[1])
    )
    assert found.moves[0].inequity.value == pytest.approx(100 * row.difference)


def test_a_replicate_without_its_pair_is_left_out() -> None:
    frame = frame_of(THREE, 5)
    frame = frame[(frame["regime"] != THREE[1]) | (frame["replicate"] != 2)]
    data = data_of(THREE, frame=frame)

    found = plane_content(data.study, data.frame, data.rows, ())

    assert found is not None
    moves: dict[str, Move] = {move.regime: move for move in found.moves}
    assert list(moves[THREE[1]].replicates) == [0, 1, 3, 4]
    assert list(moves[THREE[2]].replicates) == [0, 1, 2, 3, 4]
