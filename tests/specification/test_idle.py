"""What a study varies although nothing in it uses it is told; nothing is told that may matter at some point."""

import pytest

from sim.specification.idle import BEHIND, idle
from sim.specification.load import load_study
from sim.specification.parameters import ParameterSet
from sim.specification.switches import declared, mechanisms

POOL, POOL_SHARE = "common_pool.enabled", "common_pool.marginal_share"
HOUR = "referral.travel_weight_per_hour"


def told(*overrides: str) -> list[str]:
    return list(idle(load_study("regional_2013", ("replicates=2", *overrides))))


def alone(*names: str) -> tuple[str, str]:
    return f"compare=[{', '.join(names)}]", f"baseline={names[0]}"


def test_what_lies_behind_a_switch_is_declared() -> None:
    assert set(BEHIND) == {switch.key for switch in mechanisms(ParameterSet())}
    assert {key for keys in BEHIND.values() for key in keys} <= {one.key for one in declared(ParameterSet())}


def test_a_parameter_whose_mechanism_is_off_everywhere_is_told() -> None:
    assert told(f"{POOL}=false", f"vary.{POOL_SHARE}=[0.5, 0.6]") == [
        f"{POOL_SHARE} is varied and changes nothing: {POOL} is off in every run"
    ]
    assert len(told(f"vary.{POOL}=[false]", f"vary.{POOL_SHARE}=[0.5, 0.6]")) == 1


@pytest.mark.parametrize("switch", [f"{POOL}=true", f"vary.{POOL}=[false, true]"])
def test_a_parameter_whose_mechanism_is_on_somewhere_is_not(switch: str) -> None:
    assert told(switch, f"vary.{POOL_SHARE}=[0.5, 0.6]") == []


def test_one_at_a_time_the_own_value_of_a_switch_holds_while_others_are_varied() -> None:
    axes = (f"vary.{POOL}=[false]", f"vary.{POOL_SHARE}=[0.5, 0.6]", "design=one_at_a_time")
    assert told(f"{POOL}=true", *axes) == []
    assert len(told(f"{POOL}=false", *axes)) == 1


def test_what_acts_in_a_handover_is_told_where_nothing_changes_hands() -> None:
    axis = "vary.handover.baseline_error_mean_share=[-0.05, 0]"
    [sentence] = idle(load_study("demo", [axis]))

    assert sentence.startswith("handover.baseline_error_mean_share is varied and changes nothing: each run has one")
    assert list(idle(load_study("branch_2013", [axis]))) == []


def test_a_lever_is_told_where_only_benchmarks_are_compared() -> None:
    lever = "vary.levers.year_end=[carry, bail_out]"

    assert told(lever) == []
    assert told(lever, *alone("equal_access", "equal_access_travel")) == [
        "levers.year_end is varied and changes nothing: only benchmarks are compared, in which no lever acts"
    ]


def test_among_benchmarks_alone_distance_acts_where_one_keeps_it() -> None:
    hour = f"vary.{HOUR}=[1, 3]"

    assert told(hour, *alone("equal_access", "equal_access_travel")) == []
    [sentence] = told(hour, *alone("equal_access"))
    assert sentence.endswith("only benchmarks are compared, in which referral.travel_enabled is off")
    [sentence] = told(f"vary.{POOL}=[false, true]", *alone("equal_access"))
    assert sentence.endswith("only benchmarks are compared, in which every mechanism is off")
