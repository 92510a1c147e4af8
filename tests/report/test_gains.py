import csv
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.analysis.gains import who_gains, who_moves
from sim.measures.headline import run_table
from sim.report.gains import Gains, gain_lines, gains_of, write_gains
from sim.study.collect import Collected
from sim.study.plan import NamedRun, Plan
from sim.study.store import RESULT_SCHEMA, Store
from sim.study.table import result_digest
from tests.analysis.test_gains import WORLD, counted
from tests.builders import SHORT_OF_MONEY, held_by, result_of, spec_of


def gains(after: np.ndarray, before: np.ndarray | float = 0.8) -> Gains:
    counts = counted(after, before)
    return Gains(who_gains(counts, "base", WORLD), who_moves(counts, "base", WORLD))


def text(given: Gains, benchmarks: tuple[str, ...] = ()) -> str:
    return "\n".join(gain_lines(given, benchmarks))


def test_the_section_counts_the_icbs_and_names_those_that_move_most() -> None:
    change = np.zeros(12)
    change[2], change[7] = -0.05, 0.04

    told = text(gains(0.8 + change))

    assert "worse off for sure 1 of 12 (8.3 % of people); better off for sure 1 of 12 (8.3 % of people)" in told
    assert "not distinguishable 10 of 12 (83 % of people)" in told
    assert "Loses most: icb_2022_00002 −5.05 [−5.36 to −4.75] (worse off for sure)" in told
    assert "Gains most: icb_2022_00007 +4.04" in told
    assert "Of 12 ICBs about 0.6 would pass" in told


def test_levelling_down_is_said_in_words_and_only_where_it_is() -> None:
    spread_out = np.linspace(0.7, 0.9, 12)

    assert "Levelling down: the ICBs come closer" in text(gains(np.full(12, 0.7), spread_out))
    assert "Levelling down" not in text(gains(spread_out + 0.01, spread_out))


def test_where_all_lose_no_icb_is_said_to_gain() -> None:
    told = text(gains(np.full(12, 0.7)))

    assert "No ICB gains." in told
    assert "The worst-served tenth of people, by ICB: 79.7 % under the baseline, 69.7 % here" in told


def test_a_benchmark_stands_in_the_file_but_not_in_the_section(tmp_path: Path) -> None:
    given = gains(np.full(12, 0.7))
    write_gains(given, tmp_path / "gains.csv")

    with (tmp_path / "gains.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(given.rows)
    assert {row["regime"] for row in rows} == {"other"}
    assert "other against base" not in text(given, ("other",))


def test_without_counts_there_is_no_section() -> None:
    assert text(Gains()) == ""


def test_of_one_replicate_it_is_said_once_that_nothing_is_sure() -> None:
    change = np.zeros(12)
    change[2] = -0.05
    counts = {key: found for key, found in counted(0.8 + change).items() if key[1] == 0}

    told = text(Gains(who_gains(counts, "base", WORLD), who_moves(counts, "base", WORLD)))

    assert told.count("One replicate: nobody can be said to gain or to lose for sure") == 1
    assert [words for words in ("interval]", "(not distinguishable)", "better off for sure 0") if words in told] == []
    assert re.search("Loses most: icb_2022_00002 −[0-9.]+\\.\n", told)
    assert "In this replicate" in told


def test_groups_are_told_where_one_is_sure_and_otherwise_only_named() -> None:
    poorest = int(np.argmax(WORLD.places.imd_score))
    hit = np.where(np.arange(12) == poorest, 0.6, 0.8)

    assert "By deprivation of the place: from the fifth of people in the most deprived places −" in text(gains(hit))
    assert "better or worse off for sure by deprivation of the place, rurality" in text(gains(np.full(12, 0.8)))


def test_the_stored_runs_of_a_study_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.report.gains.load_england", lambda: WORLD)
    store, manifests, runs = Store(tmp_path), {}, [NamedRun("nation", 2, "gone")]
    for replicate in range(2):
        for level in ("nation", "icb_2022"):
            result = result_of(WORLD, spec_of(WORLD, held_by(level), SHORT_OF_MONEY, replicate=replicate))
            columns, key = run_table(result, WORLD, redraws=2), f"{level}-{replicate}"
            manifests[key] = {"schema": RESULT_SCHEMA, "checksums": {}, "result_digest": result_digest(columns, {})}
            store.write(key, columns, manifests[key])
            runs.append(NamedRun(level, replicate, key))

    found = gains_of(Plan(tuple(runs), (), ()), Collected(pd.DataFrame(), manifests), store, "nation")

    assert {row.regime for row in found.rows} == {"icb_2022"}
    assert len([row for row in found.rows if row.grouping == "icb" and row.weighting == "all_patients"]) == 12
    assert {move.regime for move in found.moves} == {"icb_2022"}


def test_the_services_that_change_most_are_named_once() -> None:
    told = text(gains(np.full(12, 0.7), 0.8))

    assert told.count("Services that change most: ") == 1
    assert "(worse off for sure)" in told.partition("Services that change most: ")[2]
    assert "No service changes for sure by a point or more." in text(gains(np.full(12, 0.8005), 0.8))
