"""Every mechanism is in exactly one group, whichever groups are asked for."""

import pytest

from sim.analysis.decomposition import MOST_EXACT
from sim.analysis.mechanism_groups import EACH, GROUPS, MechanismGroup, UnknownGroupError, groups_of
from sim.specification.parameters import ParameterSet
from sim.specification.switches import mechanisms

SWITCHES = sorted(entry.key for entry in mechanisms(ParameterSet()))


def switches_of(groups: tuple[MechanismGroup, ...]) -> list[str]:
    return sorted(key for group in groups for key in group.switches)


@pytest.mark.parametrize(
    "text", ["", "money", "money+priority,policy", "panels,referral", "handover.enabled+need", EACH]
)
def test_every_switch_is_in_exactly_one_group(text: str) -> None:
    groups = groups_of(text)

    assert switches_of(groups) == SWITCHES
    assert len({group.id for group in groups}) == len(groups)
    assert all(group.title for group in groups)


def test_the_usual_groups_are_few_enough_for_every_subset() -> None:
    assert groups_of("") == GROUPS
    assert 6 <= len(GROUPS) <= MOST_EXACT


def test_groups_are_joined_and_the_rest_is_one_more() -> None:
    joined, policy, rest = groups_of("money+requests, policy")

    assert joined.id == "money+requests"
    assert joined.title == "Separate purses and capped budgets; individual requests and panels"
    assert joined.switches == ("pooling.enabled", "budget.cap_enabled", "panels.enabled")
    assert policy in GROUPS
    assert (rest.id, rest.title) == ("rest", "All other mechanisms")


def test_each_mechanism_by_itself_is_named_with_its_number() -> None:
    titles = {group.id: group.title for group in groups_of(EACH)}

    assert len(titles) == len(SWITCHES)
    assert titles["referral.travel_enabled"] == "8. Referral, travel"
    assert titles["co_commissioning.enabled"] == "Co commissioning"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("moni", "did you mean `money`"),
        ("money,pooling", "pooling.enabled would be in two groups"),
        ("money,,policy", "no switch is called ``"),
    ],
)
def test_groups_that_cannot_be_formed_are_refused(text: str, words: str) -> None:
    with pytest.raises(UnknownGroupError, match=words):
        groups_of(text)
