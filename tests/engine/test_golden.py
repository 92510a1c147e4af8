"""A small part of England comes to what it came to before."""

import json

import pytest

from tests.engine import golden

SUMS = ("qalys", "qalys_discounted", "travel_minutes")


def test_a_small_part_of_england_comes_to_what_it_did() -> None:
    kept = json.loads(golden.FILE.read_text(encoding="utf-8"))

    found = golden.found()

    assert list(found) == list(kept)
    for level, numbers in found.items():
        sums = {name: numbers.pop(name) for name in SUMS}
        assert sums == pytest.approx({name: kept[level].pop(name) for name in SUMS}, rel=1e-9)
        assert numbers == kept[level], f"see the first lines of {golden.__file__}"
    assert found["nation"]["lives"] != found["icb_2022"]["lives"]
