"""The split of the twins' difference is paired, and says so when there is nothing to split by."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.analysis.lottery import COMMISSIONING, GEOGRAPHY, LotteryRow, benchmark_with_distance, lottery_rows
from sim.measures.intervals import paired_interval
from sim.report.lottery import lottery_lines, write_lottery
from sim.specification.load import load_study
from sim.specification.run import Study
from tests.study.tables import full_table

STUDY = load_study("lottery", ["replicates=5"])
WITHOUT = load_study("three_regimes", ["replicates=5"])


def runs(study: Study = STUDY) -> pd.DataFrame:
    tables = [
        pd.DataFrame(full_table((number, replicate))).assign(regime=scenario.id, replicate=replicate)
        for number, scenario in enumerate(study.compare)
        for replicate in range(study.replicates)
    ]
    return pd.concat(tables, ignore_index=True)


def find(rows: list[LotteryRow], measure: str, regime: str = "ics_2022", service: str = "all_services") -> Any:
    return next(row for row in rows if (row.measure, row.regime, row.service) == (measure, regime, service))


def values(frame: pd.DataFrame, regime: str) -> Any:
    wanted = (frame["measure"] == "twin_discordance") & (frame["service"] == "all_services")
    return frame[wanted & (frame["regime"] == regime)].sort_values("replicate")["value"].to_numpy()


def test_distance_is_the_benchmark_and_commissioning_the_paired_rest() -> None:
    frame = runs()
    rows = lottery_rows(frame, STUDY)
    own, distance = (values(frame, regime) for regime in ("ics_2022", "equal_access_travel"))
    rest = paired_interval(own, distance)

    assert benchmark_with_distance(STUDY) == "equal_access_travel"
    assert find(rows, GEOGRAPHY).mean == pytest.approx(distance.mean())
    found = find(rows, COMMISSIONING)
    assert (found.mean, found.low, found.high, found.replicates) == pytest.approx((rest.mean, rest.low, rest.high, 5))
    assert find(rows, "twin_discordance").mean == pytest.approx(found.mean + distance.mean())
    assert {row.regime for row in rows if row.measure == GEOGRAPHY} == {"national_2022", "ics_2022"}


def test_a_replicate_that_lacks_one_of_the_two_is_in_neither_part() -> None:
    frame = runs()
    gone = (frame["regime"] == "equal_access_travel") & (frame["replicate"] == 2)
    rows = lottery_rows(frame[~gone], STUDY)

    assert [find(rows, measure).replicates for measure in (GEOGRAPHY, COMMISSIONING)] == [4, 4]
    assert find(rows, "twin_discordance").replicates == 5


def test_a_study_without_such_a_benchmark_says_so_and_splits_nothing() -> None:
    rows = lottery_rows(runs(WITHOUT), WITHOUT)
    text = "\n".join(lottery_lines(rows, WITHOUT))

    assert [row for row in rows if row.measure in (GEOGRAPHY, COMMISSIONING)] == []
    assert "No benchmark of this study keeps distance" in text
    assert "distance alone" not in text


def test_every_regime_but_benchmarks_is_told_with_floor_and_split() -> None:
    rows = lottery_rows(runs(), STUDY)
    lines = list(lottery_lines(rows, STUDY))

    assert [line for line in lines if line in STUDY.scenarios] == ["national_2022", "ics_2022"]
    for words in (
        "by chance",
        "with luck of their own",
        "distance alone makes",
        "Between holders",
        "Years of real data",
    ):
        assert sum(words.lower() in line.lower() for line in lines) >= 2
    assert not any("No benchmark" in line for line in lines)


def test_nothing_measured_tells_nothing(tmp_path: Any) -> None:
    frame = runs()
    frame["value"] = np.nan
    rows = lottery_rows(frame, STUDY)
    write_lottery(rows, tmp_path / "lottery.csv")

    assert rows == []
    assert list(lottery_lines(rows, STUDY)) == []
    assert (tmp_path / "lottery.csv").read_text(encoding="utf-8").startswith("regime,measure,service")
