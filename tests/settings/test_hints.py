import pytest

from sim.settings.hints import did_you_mean, nearest, number_hint, number_in, share_or_percentage


def test_the_nearest_word_is_found_whatever_its_case() -> None:
    assert nearest("Yaers", ["years", "year_end", "start"]) == "years"
    assert nearest("xyz", ["years", "start"]) is None


def test_a_suggestion_lists_what_is_known() -> None:
    hint = did_you_mean("yaers", ["years", "start"], listing="allowed here")

    assert hint == "did you mean `years`?  (allowed here: years, start)"


def test_without_a_near_miss_only_the_list_is_given() -> None:
    assert did_you_mean("qqq", ["years", "start"], listing="allowed here") == "allowed here: years, start"
    assert did_you_mean("qqq", ["years"]) == ""


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("14 days", "14"),
        ("£1,000", "1000"),
        ("35%", "35"),
        ("-2.5e3 km", "-2.5e3"),
        ("many", None),
        ("a 1", None),
    ],
)
def test_the_number_is_taken_out_of_a_text(text: str, number: str | None) -> None:
    assert number_in(text) == number


def test_a_unit_in_the_value_is_pointed_out() -> None:
    assert number_hint("delay_days", "14 days", "days") == "the unit is in the key; write `14`"
    assert number_hint("refused_share", "4%", "") == "a share counts the whole as 1; write `0.04`"
    assert number_hint("plan_of_expected", "97%", "share of plan") == "a share counts the whole as 1; write `0.97`"
    assert number_hint("growth_pct", "4%", "per cent") == "the unit is in the key; write `4`"
    assert number_hint("years", "4", "years") == "write it without quotes: `4`"
    assert number_hint("years", "some", "years") == "write a number in years"


@pytest.mark.parametrize(
    ("key", "value", "looks_wrong"),
    [
        ("growth_pct", 0.02, True),
        ("growth_pct", 2.0, False),
        ("growth_pct", 0, False),
        ("refused_share", 35, True),
        ("refused_share", 1, False),
        ("refused_share", 0.35, False),
        ("delay_days", 0.5, False),
    ],
)
def test_shares_and_percentages_are_told_apart(key: str, value: float, looks_wrong: bool) -> None:
    assert (share_or_percentage(key, value) is not None) is looks_wrong
