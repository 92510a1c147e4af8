"""Philox gives the words that its authors published."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.luck.philox import philox

WORD = st.integers(0, 2**32 - 1)
KNOWN_ANSWERS = (  # Random123, tests/kat_vectors, philox4x32 with 10 rounds: counter, key, output
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
)


def numbers(text: str) -> list[np.uint64]:
    return [np.uint64(int(word, 16)) for word in text.split()]


@pytest.mark.parametrize(("counter", "key", "output"), KNOWN_ANSWERS)
def test_published_known_answers(counter: str, key: str, output: str) -> None:
    assert list(philox(*numbers(counter), *numbers(key))) == numbers(output)


@given(st.tuples(*[WORD] * 6))
def test_the_plain_function_computes_what_the_compiled_one_does(given_words: tuple[int, ...]) -> None:
    plain = getattr(philox, "py_func", philox)
    arguments = [np.uint64(word) for word in given_words]

    assert [int(word) for word in plain(*arguments)] == [int(word) for word in philox(*arguments)]


@given(st.tuples(*[WORD] * 6), st.integers(0, 5), st.integers(0, 31))
def test_one_bit_of_counter_or_key_changes_about_half_of_the_output(
    given_words: tuple[int, ...], which: int, bit: int
) -> None:
    other = list(given_words)
    other[which] ^= 1 << bit

    one, two = (philox(*(np.uint64(word) for word in arguments)) for arguments in (given_words, other))

    flipped = sum((int(a) ^ int(b)).bit_count() for a, b in zip(one, two, strict=True))
    assert 64 - 32 < flipped < 64 + 32  # 128 fair bits: outside with probability 2e-8
