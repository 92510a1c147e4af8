import pytest

from sim.measures.outcomes import OUTCOMES, UnknownOutcomeError, outcome


@pytest.mark.parametrize("known", OUTCOMES.values(), ids=OUTCOMES)
def test_every_outcome_says_what_difference_matters_and_why(known: object) -> None:
    assert known.smallest_difference > 0  # type: ignore[attr-defined]
    assert len(known.reason) > 20  # type: ignore[attr-defined]
    assert known.unit  # type: ignore[attr-defined]
    assert format(0.123, known.number_format)  # type: ignore[attr-defined]


def test_outcomes_stand_under_their_own_id_and_labels_differ() -> None:
    assert all(known.id == name for name, known in OUTCOMES.items())
    assert len({known.label for known in OUTCOMES.values()}) == len(OUTCOMES)


def test_differences_fixed_beforehand_are_those_of_the_plan() -> None:
    assert outcome("access_from_diagnosis").smallest_difference_from(0.6) == 0.01
    assert outcome("twin_discordance").smallest_difference_from(0.6) == 0.02
    assert outcome("cost_total_gbp").smallest_difference_from(2e9) == pytest.approx(1e7)
    assert outcome("tau_icb").smallest_difference_from(0.3) == 0.05
    assert outcome("median_days_to_treatment").smallest_difference_from(100.0) == 7.0


def test_a_relative_difference_does_not_mind_the_sign_of_the_baseline() -> None:
    assert outcome("qalys").smallest_difference_from(-1000.0) == pytest.approx(1.0)


def test_an_unknown_outcome_is_named() -> None:
    with pytest.raises(UnknownOutcomeError, match="acess"):
        outcome("acess")
