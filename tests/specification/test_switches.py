from pydantic import Field

from sim.settings.parameter import Parameters, parameter, switch
from sim.specification.parameters import ParameterSet
from sim.specification.switches import all_mechanisms_off, declared, mechanisms


class One(Parameters):
    """A group with a switch and a number."""

    enabled: bool = switch(2, "Whether it acts")
    weight: float = parameter(
        1.0,
        low=0,
        high=2,
        at_least=0,
        at_most=9,
        unit="u",
        source="s",
        grade="assumption",
        description="Weight",
    )
    plain: bool = True


class Outer(Parameters):
    """A set with a group inside and a switch beside it."""

    beside: bool = switch(1, "Whether that acts")
    one: One = Field(default_factory=One)


def test_every_switch_is_turned_off_and_nothing_else_changes() -> None:
    off = all_mechanisms_off(Outer(one=One(weight=2.0)))

    assert off == Outer(beside=False, one=One(enabled=False, weight=2.0))


def test_all_switches_of_the_simulator_can_be_turned_off() -> None:
    before, after = ParameterSet(), all_mechanisms_off(ParameterSet())

    assert mechanisms(after)
    assert not any(entry.value for entry in mechanisms(after))
    others = [(e.key, e.value) for e in declared(before) if not e.facts.switch]
    assert others == [(e.key, e.value) for e in declared(after) if not e.facts.switch]


def test_mechanisms_stand_by_their_number() -> None:
    assert [entry.key for entry in mechanisms(Outer())] == ["beside", "one.enabled"]


def test_every_value_is_declared_with_its_facts() -> None:
    weight = {entry.key: entry for entry in declared(Outer())}["one.weight"]

    assert (weight.value, weight.facts.plausible, weight.facts.allowed) == (1.0, "0 to 2", "0 to 9")
    assert (weight.facts.unit, weight.facts.source, weight.facts.grade) == ("u", "s", "assumption")


def test_every_parameter_of_the_simulator_has_a_description_and_a_unit() -> None:
    bare = [entry.key for entry in declared(ParameterSet()) if not (entry.facts.description and entry.facts.unit)]

    assert bare == []
