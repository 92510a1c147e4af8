"""An identity says what something is, whatever it is called and wherever it stands."""

import hashlib

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.luck import decisions
from sim.luck.identity import person_identity, text_identity, unit_identity

CODES = st.lists(st.text("ABC0189", min_size=1, max_size=5), min_size=1, max_size=8, unique=True)


@given(CODES, st.randoms(use_true_random=False))
def test_a_unit_is_the_places_it_holds_in_any_order(codes: list[str], random: object) -> None:
    shuffled = codes[:]
    random.shuffle(shuffled)
    assert unit_identity(shuffled) == unit_identity(codes)


@given(CODES, CODES)
def test_units_that_hold_other_places_are_others(one: list[str], two: list[str]) -> None:
    assert (unit_identity(one) == unit_identity(two)) == (sorted(one) == sorted(two))


def test_the_border_between_names_counts() -> None:
    assert text_identity("ab", "c") != text_identity("a", "bc") != text_identity("abc")


def test_names_give_the_same_bits_on_every_machine() -> None:
    expected = hashlib.blake2b(b"need\x1fE09000007\x1fecmo", digest_size=8).digest()
    assert text_identity("need", "E09000007", "ecmo") == int.from_bytes(expected, "little")
    assert text_identity("need", "E09000007", "ecmo") == 15463603870089204729


def test_nobody_shares_an_identity_with_a_neighbour() -> None:
    keys = [np.uint64(text_identity("need", f"E{place:08d}", "ecmo")) for place in range(20)]
    identities = {
        int(person_identity(key, month, ordinal)) for key in keys for month in range(60) for ordinal in range(25)
    }
    assert len(identities) == 20 * 60 * 25


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**22), st.integers(0, 2**20))
def test_the_plain_function_identifies_as_the_compiled_one(key: int, month: int, ordinal: int) -> None:
    plain = getattr(person_identity, "py_func", person_identity)
    assert int(plain(np.uint64(key), month, ordinal)) == int(person_identity(np.uint64(key), month, ordinal))


def test_no_two_decisions_share_a_number() -> None:
    numbers = [value for name, value in vars(decisions).items() if name.isupper()]
    assert len(numbers) == len(set(numbers)) > 10
