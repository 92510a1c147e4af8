from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.analysis.gains import (
    BETTER,
    INDICES,
    MEASURE,
    NOT_SURE,
    WORSE,
    Counts,
    Gain,
    levelling_down,
    read_counts,
    who_gains,
    who_moves,
)
from sim.measures.headline import run_table
from sim.measures.intervals import paired_interval
from sim.measures.rows import ALL_PATIENTS, ALL_SERVICES
from sim.model.result import BASES
from sim.study.plan import NamedRun
from sim.study.store import RESULT_SCHEMA, Store
from sim.study.table import result_digest
from sim.world.world import World
from tests.builders import held_by, result_of, small_world, spec_of

AREAS = {"nation": 1, "icb_2022": 12}
WORLD = small_world(n_places=12, units=AREAS)
REPLICATES = 6


def counts_of(shares: np.ndarray, need: float = 1000.0) -> Counts:
    """Give every place and service the same need, and each place its share."""
    people = np.full((12, 3), need)
    return people, people * shares[:, np.newaxis]


def counted(after: np.ndarray, before: np.ndarray | float = 0.8, noise: float = 0.002) -> dict[tuple[str, int], Counts]:
    """Pair a regime with the baseline over six replicates that differ by a little noise."""
    rng = np.random.default_rng(5)
    found = {}
    for replicate in range(REPLICATES):
        for regime, shares in (("base", before), ("other", after)):
            found[regime, replicate] = counts_of(np.asarray(shares) + np.zeros(12) + noise * rng.standard_normal(12))
    return found


def rows_of(counts: dict[tuple[str, int], Counts], grouping: str, world: World = WORLD) -> list[Gain]:
    return [
        row for row in who_gains(counts, "base", world) if row.grouping == grouping and row.weighting == ALL_PATIENTS
    ]


def test_the_icb_that_loses_and_the_one_that_gains_are_found() -> None:
    change = np.zeros(12)
    change[2], change[7] = -0.05, 0.04

    told = [row.for_sure for row in rows_of(counted(0.8 + change), "icb")]

    assert [(at, word) for at, word in enumerate(told) if word != NOT_SURE] == [(2, WORSE), (7, BETTER)]


def test_a_long_list_of_chance_is_not_taken_for_findings() -> None:
    by_chance, after = 0, 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        counts = {
            (regime, n): counts_of(0.8 + 0.01 * rng.standard_normal(12))
            for n in range(REPLICATES)
            for regime in ("base", "other")
        }
        rows = rows_of(counts, "icb")
        by_chance += sum(row.p_value <= 0.05 for row in rows) > 0
        after += sum(row.for_sure != NOT_SURE for row in rows) > 0

    assert by_chance > 15  # 46 % of lists of twelve hold a false one
    assert after <= 8  # 5 % of 60, with room for luck


def test_a_group_is_paired_with_itself_replicate_by_replicate() -> None:
    counts = counted(np.full(12, 0.75))
    [row] = rows_of(counts, "england")

    pairs = [
        [counts[regime, n][1].sum() / counts[regime, n][0].sum() for n in range(6)] for regime in ("other", "base")
    ]
    interval = paired_interval(*pairs)

    assert (row.difference, row.difference_low, row.difference_high) == pytest.approx(
        (interval.mean, interval.low, interval.high)
    )
    assert (row.verdict, row.for_sure, row.pairs) == ("smaller", WORSE, 6)


def test_replicates_that_only_one_regime_has_are_left_out() -> None:
    counts = counted(np.full(12, 0.75))
    del counts["other", 3]

    [row] = rows_of(counts, "england")

    assert (row.pairs, row.dropped_pairs) == (5, 1)


def test_with_one_replicate_nothing_is_sure() -> None:
    counts = {key: value for key, value in counted(np.full(12, 0.5)).items() if key[1] == 0}

    assert {row.for_sure for row in who_gains(counts, "base", WORLD)} == {NOT_SURE}
    assert {row.verdict for row in who_gains(counts, "base", WORLD)} == {"no verdict"}


def test_both_weightings_are_told_and_differ_where_services_do() -> None:
    people = np.full((12, 3), 10.0)
    people[:, 0] = 990.0
    reached, less = people.copy(), people.copy()
    less[:, 1] = 0.0
    counts = {("base", n): (people, reached) for n in range(2)} | {("other", n): (people, less) for n in range(2)}

    rows = {row.weighting: row for row in who_gains(counts, "base", WORLD) if row.grouping == "england"}

    assert rows[ALL_PATIENTS].difference == pytest.approx(-10 / 1010)
    assert rows[ALL_SERVICES].difference == pytest.approx(-1 / 3)


@pytest.mark.parametrize(
    ("before", "after", "flagged"),
    [
        (np.linspace(0.7, 0.9, 12), np.full(12, 0.7), True),  # all as badly off as the worst
        (np.linspace(0.7, 0.9, 12), np.linspace(0.78, 0.88, 12), False),  # the worst served gain
        (np.linspace(0.7, 0.9, 12), np.linspace(0.6, 0.9, 12), False),  # the spread grows
        (np.full(12, 0.8), np.full(12, 0.7), False),  # all lose alike, the spread stays
    ],
)
def test_levelling_down_is_less_spread_by_loss_alone(before: np.ndarray, after: np.ndarray, flagged: bool) -> None:
    rows = [row for row in who_gains(counted(after, before), "base", WORLD) if row.weighting == ALL_PATIENTS]

    assert levelling_down(rows) is flagged


def test_the_indices_between_icbs_have_rows_of_their_own() -> None:
    rows = rows_of(counted(np.linspace(0.6, 0.9, 12)), INDICES)

    assert [row.group for row in rows] == ["worst_served_tenth", "best_served_tenth", "spread"]
    assert [row.for_sure for row in rows] == [WORSE, BETTER, WORSE]


def test_those_who_move_are_counted_in_each_replicate() -> None:
    losers = [np.where(np.arange(12) == n, 0.7, 0.8) for n in range(REPLICATES)]
    counts = {("base", n): counts_of(np.full(12, 0.8)) for n in range(REPLICATES)}
    counts |= {("other", n): counts_of(losers[n]) for n in range(REPLICATES)}

    moves = {move.weighting: move for move in who_moves(counts, "base", WORLD)}

    assert moves[ALL_PATIENTS].falls == pytest.approx(1 / 12)
    assert moves[ALL_PATIENTS].rises == 0.0


def test_counts_come_back_from_the_store_as_the_model_made_them(tmp_path: Path) -> None:
    store = Store(tmp_path)
    result = result_of(WORLD, spec_of(WORLD, held_by("nation")))
    columns = run_table(result, WORLD, redraws=2)
    manifest = {"schema": RESULT_SCHEMA, "checksums": {}, "result_digest": result_digest(columns, {})}
    store.write("aa11", columns, manifest)

    counts = read_counts([NamedRun("nation", 0, "aa11"), NamedRun("twice", 0, "aa11")], store, WORLD)

    assert set(counts) == {("nation", 0), ("twice", 0)}
    basis = BASES.index(MEASURE.removeprefix("access_"))
    for read, made in zip(counts["nation", 0], (result.people, result.reached), strict=True):
        assert (read == made[basis].sum(axis=(2, 3))).all()
    elsewhere = replace(WORLD, places=replace(WORLD.places, codes=tuple("abcdefghijkl")))
    assert read_counts([NamedRun("nation", 0, "aa11")], store, elsewhere) == {}
