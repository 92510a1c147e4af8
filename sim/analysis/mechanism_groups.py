"""Groups of mechanisms that are switched on and off together when an outcome is explained."""

from collections.abc import Sequence
from dataclasses import dataclass

from sim.settings.hints import did_you_mean
from sim.specification.parameters import ParameterSet
from sim.specification.switches import Declared, mechanisms

EACH = "each"
"""Stands for every mechanism by itself."""
REST = "rest"
JOIN, NEXT = "+", ","


class UnknownGroupError(ValueError):
    """Groups were asked for that cannot be formed."""


@dataclass(frozen=True)
class MechanismGroup:
    """Mechanisms that belong together, by the keys of their switches."""

    id: str
    title: str
    switches: tuple[str, ...]


GROUPS = (
    MechanismGroup("money", "Separate purses and capped budgets", ("pooling.enabled", "budget.cap_enabled")),
    MechanismGroup(
        "priority",
        "Priorities, shared cost and kept savings",
        ("priority.enabled", "common_pool.enabled", "incentives.enabled"),
    ),
    MechanismGroup(
        "policy",
        "Policy, appraisal and diffusion",
        ("policy.divergence_enabled", "appraisal.enabled", "diffusion.enabled"),
    ),
    MechanismGroup("requests", "Individual requests and panels", ("panels.enabled",)),
    MechanismGroup(
        "expertise",
        "Expertise, volume and outcome",
        ("expertise.outcome_enabled", "expertise.learning_enabled"),
    ),
    MechanismGroup(
        "geography",
        "Travel, own-area referral, new centres and capacity",
        (
            "referral.travel_enabled",
            "referral.in_footprint_enabled",
            "network.planning_enabled",
            "waiting.capacity_enabled",
        ),
    ),
    MechanismGroup(
        "need",
        "Local need, deprivation, diagnosis and pathways",
        ("local_fit.enabled", "deprivation.enabled", "diagnosis.enabled", "experiments.enabled"),
    ),
    MechanismGroup(
        "running",
        "Prices, running costs, joint decisions and handover",
        ("prices.enabled", "administration.enabled", "co_commissioning.enabled", "handover.enabled"),
    ),
)
"""Every mechanism in exactly one group: eight, so that all 256 subsets can be run."""


def groups_of(text: str) -> tuple[MechanismGroup, ...]:
    """Return the groups that a text names: ``money+priority,policy`` are two, and the mechanisms left a third.

    A name is that of a group above, a switch (``panels.enabled``), or the group of parameters that a switch
    stands in (``panels``). An empty text gives the groups above, ``each`` every mechanism by itself. Raise
    UnknownGroupError on a name that is none of these, and when a mechanism would be in two groups.
    """
    if not text.strip():
        return GROUPS
    if text.strip() == EACH:
        return tuple(_alone(entry) for entry in mechanisms(ParameterSet()))
    groups = [_joined([name.strip() for name in part.split(JOIN)]) for part in text.split(NEXT)]
    taken = [key for group in groups for key in group.switches]
    twice = [key for key in taken if taken.count(key) > 1]
    if twice:
        raise UnknownGroupError(f"{twice[0]} would be in two groups")
    rest = tuple(entry.key for entry in mechanisms(ParameterSet()) if entry.key not in taken)
    return (*groups, MechanismGroup(REST, "All other mechanisms", rest)) if rest else tuple(groups)


def _alone(entry: Declared) -> MechanismGroup:
    number = f"{entry.facts.mechanism}. " if entry.facts.mechanism else ""
    return MechanismGroup(entry.key, f"{number}{_in_words(entry.key)}", (entry.key,))


def _joined(names: Sequence[str]) -> MechanismGroup:
    parts = [_named(name) for name in dict.fromkeys(names)]
    if len(parts) == 1:
        return parts[0]
    titles = [parts[0].title, *(part.title[0].lower() + part.title[1:] for part in parts[1:])]
    switches = tuple(dict.fromkeys(key for part in parts for key in part.switches))
    return MechanismGroup(JOIN.join(part.id for part in parts), "; ".join(titles), switches)


def _named(name: str) -> MechanismGroup:
    known = {group.id: group for group in GROUPS}
    if name in known:
        return known[name]
    keys = [entry.key for entry in mechanisms(ParameterSet())]
    found = tuple(key for key in keys if name in (key, key.split(".")[0]))
    if found:
        return MechanismGroup(name, _in_words(name), found)
    hint = did_you_mean(name, [*known, *keys], listing="groups and switches")
    raise UnknownGroupError(f"no group of mechanisms and no switch is called `{name}`; {hint}")


def _in_words(key: str) -> str:
    """Word a switch by its key.

    >>> _in_words("panels.enabled"), _in_words("referral.travel_enabled"), _in_words("expertise")
    ('Panels', 'Referral, travel', 'Expertise')
    """
    group, _, name = key.partition(".")
    detail = name.removesuffix("enabled").strip("_").replace("_", " ")
    words = group.replace("_", " ").capitalize()
    return f"{words}, {detail}" if detail else words
