"""``sim analyse bottlenecks`` from the command's words to its table, in a small world."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from sim.cli import analyse_bottlenecks
from sim.study import england
from tests.cli.command import Ended, sim
from tests.cli.test_analyse_ledger import STUDY, WORLD

QUICK = replace(STUDY, compare=STUDY.compare[::2])  # the nation and the districts


@pytest.fixture(autouse=True)
def small_england(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analyse_bottlenecks, "load_study", lambda name, overrides: QUICK)
    monkeypatch.setattr(england, "world_of", lambda spec: WORLD)


def bottlenecks(*arguments: str) -> Ended:
    return sim("analyse", "bottlenecks", "small", "--quiet", *arguments)


def test_the_table_sums_to_the_people_in_need(tmp_path: Path) -> None:
    file = tmp_path / "reasons.csv"

    content = bottlenecks("--out", str(file), "--json").json

    table = pd.read_csv(file)
    keys = ["regime", "clock", "place", "service"]
    assert (table.groupby(keys)["people"].sum() == table.groupby(keys)["in_need"].first()).all()
    for regime, reasons in content["reasons_from_diagnosis"].items():
        of = table[(table["regime"] == regime) & (table["clock"] == "from_diagnosis")]
        assert sum(reasons.values()) * content["replicates"] == of["people"].sum()
    assert (content["replicates"], content["shadow_prices"]) == (2, [])


def test_the_text_names_the_largest_bottlenecks_of_each_regime() -> None:
    text = bottlenecks("--replicates", "1").out

    words = ("in need", "treated in time", "bottlenecks under nation", "bottlenecks under district", "budget spent")
    assert [word for word in words if word not in text] == []
    assert "What a little more" not in text


def test_shadow_prices_tell_slots_and_money_with_intervals() -> None:
    text = " ".join(bottlenecks("--regimes", "nation", "--shadow-prices").out.split())

    words = ("100 more slots for a year", "£100,000 more in the plans", "people treated in time", "QALYs lived")
    assert [word for word in words if word not in text] == []
    assert "bottlenecks under district" not in text


def test_one_service_and_place_are_looked_at_alone() -> None:
    whole = bottlenecks("--replicates", "1", "--json").json
    part = bottlenecks("--service", "service_00001", "--place", "Place_00002", "--replicates", "1", "--json").json

    there = sum(part["reasons_from_diagnosis"]["nation"].values())
    assert 0 < there < sum(whole["reasons_from_diagnosis"]["nation"].values()) / 6
    assert {one["service"] for one in part["largest"]} == {"service_00001"}


def test_one_replicate_has_no_interval() -> None:
    prices = bottlenecks("--regimes", "nation", "--shadow-prices", "--replicates", "1", "--json").json["shadow_prices"]

    assert "one replicate" in {price["verdict"] for price in prices} <= {"one replicate", "nobody was affected"}
    assert {price["low"] for price in prices} == {None}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--regimes", "natoin"), "did you mean `nation`?"),
        (("--replicates", "3"), "wants 1 to 2"),
        (("--service", "service_0001"), "did you mean `service_00001`?"),
        (("--place", "Plaice_00001"), "did you mean `Place_00001`?"),
        (("--out", "table.parquet"), ".csv file"),
        (("--out", "nowhere/table.csv"), "no folder 'nowhere'"),
    ],
)
def test_what_is_not_there_is_a_usage_error(arguments: tuple[str, ...], words: str) -> None:
    ended = bottlenecks(*arguments)

    assert (ended.code, ended.out) == (2, "")
    assert words in ended.err
