"""When a study stops is read like everything else: each mistake where it was written, all at once."""

from pathlib import Path
from typing import Any

import pytest

from sim.settings.problem import Problem
from sim.specification.load import load_study
from sim.specification.run import Study
from sim.specification.until import Stopping, Until
from tests.specification.written import problems_of, study, write

RULE = {"half_width": 0.005, "of": "twin_discordance", "contrast": "national_2013 - scg_2006"}


def loading(folder: Path, until: Any, **changes: Any) -> Study:
    return load_study(write(folder / "study.yaml", study(until=until, **changes)))


def refused(folder: Path, until: Any, **changes: Any) -> Problem:
    [problem] = problems_of(lambda: loading(folder, until, **changes))
    return problem


def stopping(first: int, *most: int) -> Stopping:
    return Stopping(tuple(Until(0.1, "m", "a", "b", most_replicates=number) for number in most), first)


def test_one_rule_and_a_list_are_read(tmp_path: Path) -> None:
    alone = loading(tmp_path, RULE, replicates=6).stopping
    several = loading(tmp_path, [RULE, {**RULE, "of": "qalys", "confidence": 0.9, "most_replicates": 50}]).stopping

    assert alone is not None
    assert several is not None
    assert alone.first_batch == 6
    assert alone.rules == (Until(0.005, "twin_discordance", "national_2013", "scg_2006", "all", 0.95, 200),)
    assert [(rule.measure, rule.confidence, rule.most_replicates) for rule in several.rules] == [
        ("twin_discordance", 0.95, 200),
        ("qalys", 0.9, 50),
    ]


def test_a_study_without_it_runs_as_often_as_it_says(tmp_path: Path) -> None:
    loaded = load_study(write(tmp_path / "study.yaml", study()))

    assert loaded.stopping is None
    assert loaded.most_replicates == loaded.replicates == 2


def test_a_regime_may_be_named_by_its_file(tmp_path: Path) -> None:
    from tests.specification.written import regime

    write(tmp_path / "mine.yaml", regime())
    given = {**RULE, "contrast": "./mine.yaml - national_2013"}
    loaded = loading(tmp_path, given, compare=["national_2013", "./mine.yaml"])

    assert loaded.stopping is not None
    assert loaded.stopping.rules[0].regimes == ("mine", "national_2013")


@pytest.mark.parametrize(
    ("first", "most", "looks"),
    [
        (4, (40,), (4, 6, 9, 14, 21, 32, 40)),
        (2, (8,), (2, 3, 5, 8)),
        (8, (8,), (8,)),
        (8, (20, 30), (8, 12, 18, 20, 27, 30)),
    ],
)
def test_one_looks_at_counts_that_follow_from_the_study(
    first: int, most: tuple[int, ...], looks: tuple[int, ...]
) -> None:
    found = stopping(first, *most)

    assert found.looks == looks
    assert [found.look_at(count) for count in looks] == list(range(1, len(looks) + 1))


@pytest.mark.parametrize(("most", "more"), [(40, (40,)), (1000, (1000,)), (1500, (1233, 1500))])
def test_intervals_allow_for_looks_up_to_a_thousand_replicates_and_to_all_that_there_may_be(
    most: int, more: tuple[int, ...]
) -> None:
    schedule = (4, 6, 9, 14, 21, 32, 48, 72, 108, 162, 243, 365, 548, 822)

    assert stopping(4, most).looks_allowed_for == tuple(sorted((*schedule, *more)))


def test_raising_the_most_replicates_moves_no_earlier_look() -> None:
    assert stopping(6, 1000).looks[:8] == stopping(6, 200).looks[:8]


@pytest.mark.parametrize(
    ("change", "key", "message", "hint"),
    [
        ({"half_width": 0}, "half_width", "wants more than 0", ""),
        ({"half_width": -1}, "half_width", "wants more than 0", ""),
        ({"half_width": "0.5 %"}, "half_width", "wants a number", "write `0.005`"),
        ({"half_width": "3 days"}, "half_width", "wants a number", "is it `3`?"),
        ({"contrast": "national_2013 - scg_206"}, "contrast", "`scg_206` is not among", "did you mean `scg_2006`?"),
        ({"contrast": "national_2013-scg_2006"}, "contrast", "a minus between them", "put spaces around"),
        ({"contrast": "scg_2006 - scg_2006"}, "contrast", "against itself", "two regimes"),
        ({"most_replicates": 1}, "most_replicates", "wants 2 to 100000", ""),
        ({"confidence": 95}, "confidence", "wants 0.5 to 0.9999", ""),
        ({"replicate": 3}, "replicate", "unknown key", "most_replicates"),
    ],
)
@pytest.mark.parametrize("alone", [True, False])
def test_a_mistake_is_told_on_its_line(
    tmp_path: Path, change: dict[str, Any], key: str, message: str, hint: str, alone: bool
) -> None:
    rule = {**RULE, **change}
    problem = refused(tmp_path, rule if alone else [RULE, rule])

    assert problem.key == (f"until.{key}" if alone else f"until[1].{key}")
    assert problem.line > 1
    assert str(change[key]) in problem.span.text
    assert message in problem.message
    assert hint in problem.hint


def test_the_first_batch_must_give_an_interval_and_fit(tmp_path: Path) -> None:
    single = refused(tmp_path, RULE, replicates=1)
    many = refused(tmp_path, {**RULE, "most_replicates": 5}, replicates=6)
    more_than_default = refused(tmp_path, RULE, replicates=201)

    assert (single.key, many.key) == ("replicates", "until.most_replicates")
    assert "fewer than the first batch of 6" in many.message
    assert "is 200" in more_than_default.message


def test_what_is_no_rule_is_refused(tmp_path: Path) -> None:
    assert "wants a mapping" in refused(tmp_path, 3).message
    assert "at least one entry" in refused(tmp_path, []).message
