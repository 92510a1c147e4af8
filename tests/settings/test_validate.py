from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, BeforeValidator, Field

from sim.settings.parameter import Parameters, parameter, switch
from sim.settings.problem import Problem
from sim.settings.validate import validate
from tests.settings.texts import tree


class Delay(Parameters):
    """A group of parameters."""

    enabled: bool = switch(1, "Whether there is a delay")
    delay_days: float = parameter(
        14.0,
        low=7,
        high=30,
        at_least=0,
        at_most=90,
        unit="days",
        source="x",
        grade="assumption",
        description="Delay",
    )
    refused_share: float = parameter(
        0.1,
        low=0,
        high=0.2,
        at_least=0,
        at_most=1,
        unit="share",
        source="x",
        grade="assumption",
        description="Refused",
    )
    growth_pct: float = parameter(
        2.0, low=0, high=9, unit="per cent", source="x", grade="assumption", description="Growth"
    )


class Row(Parameters):
    """A part that may be written in short."""

    holder: Literal["nation", "region"]


def in_full(value: Any) -> Any:
    return {"holder": value} if isinstance(value, str) else value


class File(Parameters):
    """A whole file."""

    name: str
    years: int = Field(default=1, ge=1, json_schema_extra={"unit": "years"})
    names: list[str] = Field(default_factory=list)
    rows: dict[str, Annotated[Row, BeforeValidator(in_full)]] = Field(default_factory=dict)
    delay: Delay = Delay()


def wrong(text: str) -> list[Problem]:
    content, problems = validate(File, tree(text))
    assert content is None or problems
    return problems


def test_a_right_file_becomes_a_model() -> None:
    content, problems = validate(File, tree("name: a\nyears: 3\nrows: {x: nation, y: {holder: region}}"))

    assert problems == []
    assert content is not None
    assert (content.years, content.rows["x"].holder, content.rows["y"].holder) == (3, "nation", "region")


def test_an_unknown_key_is_shown_with_the_likely_one() -> None:
    [problem] = wrong("name: a\ndelay:\n  dealy_days: 3")

    assert (problem.line, problem.column, problem.key) == (3, 3, "delay.dealy_days")
    assert problem.hint.startswith("did you mean `delay_days`?  (allowed here: enabled, delay_days")


def test_a_key_in_the_wrong_part_is_sent_home() -> None:
    assert wrong("name: a\ndelay_days: 3")[0].hint == "it belongs elsewhere: `delay.delay_days`"


def test_the_caller_may_know_better() -> None:
    _, problems = validate(File, tree("name: a\nother: 3"), lambda location: f"not {location[-1]}")

    assert problems[0].hint == "not other"


def test_a_missing_key_is_named_with_its_meaning() -> None:
    [problem] = wrong("years: 3")

    assert (problem.key, problem.message, problem.hint) == ("name", "is missing", "add `name:`")


def test_a_misspelt_key_is_not_also_reported_as_missing() -> None:
    assert [problem.message for problem in wrong("nmae: a")] == ["unknown key"]


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        (
            "delay: {delay_days: 14 days}",
            'wants a number (days), got "14 days"',
            "the unit is in the key; write `14`",
        ),
        ("years: 2.0", "wants a whole number (years), got 2.0", "write `2`"),
        ('years: "2"', 'wants a whole number (years), got "2"', "write it without quotes: `2`"),
        ("years: true", "wants a whole number (years), got true", ""),
        ("delay: {delay_days: .inf}", "wants a finite number (days), got inf", "Delay"),
        ("delay: {delay_days: .nan}", "wants a finite number (days)", "Delay"),
        ("delay: {enabled: no}", 'wants true or false, got "no"', "write `false`"),
        ("delay: {delay_days: 91}", "wants 0 to 90 days (plausible: 7 to 30), got 91", "Delay"),
        ("years: 0", "wants 1 or more years, got 0", ""),
        ("delay: {refused_share: 35}", "wants 0 to 1 share", "a share runs from 0 to 1; write 0.35"),
        ("delay: {growth_pct: 0.02}", "looks like a share", "write 2, or confirm with `# ok`"),
        ("names: one", 'wants a list, got "one"', "write `[one]`"),
        ("names: [1]", "wants text, got 1", ""),
        ("delay: 3", "wants a mapping of keys, got 3", ""),
        ("rows: {x: nations}", 'wants one of nation, region; got "nations"', "did you mean `nation`?"),
        ("name:", "wants text, got nothing", ""),
    ],
)
def test_a_wrong_value_says_what_was_wanted_and_found(text: str, message: str, hint: str) -> None:
    problems = wrong(text if text.startswith("name:") else f"name: a\n{text}")

    assert len(problems) == 1
    assert message in problems[0].message
    assert hint in problems[0].hint


def test_a_wrong_value_is_shown_where_the_value_stands() -> None:
    [problem] = wrong("name: a\ndelay: {delay_days: 14 days}")

    assert (problem.line, problem.column, problem.span.width) == (2, 21, 7)


def test_a_suspicious_percentage_can_be_confirmed() -> None:
    assert validate(File, tree("name: a\ndelay:\n  growth_pct: 0.02  # ok"))[1] == []


def test_problems_of_every_part_are_found_at_once() -> None:
    problems = wrong("yaers: 2\ndelay: {delay_days: x, growth_pct: 0.5}\nrows: {a: {holder: b, c: d}}")

    assert {problem.key for problem in problems} == {
        "yaers",
        "name",
        "delay.delay_days",
        "delay.growth_pct",
        "rows.a.holder",
        "rows.a.c",
    }


def test_a_list_of_parts_is_described_item_by_item() -> None:
    class Many(BaseModel):
        rows: list[Row]

    _, problems = validate(Many, tree("rows:\n  - {holder: nation}\n  - {hodler: nation}"))

    assert (problems[0].key, problems[0].line) == ("rows[1].hodler", 3)
    assert "did you mean `holder`?" in problems[0].hint
