"""The order of the month is data that can be printed."""

from sim.phases import PHASES


def test_the_month_runs_from_planning_to_learning() -> None:
    assert [phase.name for phase in PHASES] == [
        "planning",
        "onset",
        "diagnosis",
        "referral",
        "funding",
        "waiting",
        "treatment",
        "outcome",
        "settlement",
        "observation",
        "learning",
    ]


def test_every_phase_says_who_acts_and_by_which_rule_in_one_line() -> None:
    for phase in PHASES:
        assert phase.actor
        assert phase.rule
        assert "\n" not in phase.rule
        assert len(phase.rule) <= 120
