"""The benchmark of pairing sets each difference against independent replication by itself."""

import pytest

from benchmarks.pairing import STUDY, each_alone, study_of


def test_the_study_by_default_can_be_run() -> None:
    study = study_of(STUDY, [])

    assert study.stopping is not None
    assert len(study.stopping.rules) == 4
    assert len(study.compare) == 3


def test_every_rule_stands_alone_with_the_same_first_batch() -> None:
    study = study_of(STUDY, ["replicates=7"])

    found = [one.stopping for one in each_alone(study)]
    assert study.stopping is not None
    assert [stopping.rules for stopping in found if stopping] == [(rule,) for rule in study.stopping.rules]
    assert {stopping.first_batch for stopping in found if stopping} == {7}


def test_a_study_that_never_stops_is_refused() -> None:
    with pytest.raises(SystemExit, match="has no `until`"):
        study_of("regional_2013", [])
