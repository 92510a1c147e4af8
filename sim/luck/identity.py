"""Identities: 64 bits that say who or what something is, whatever it is called and wherever it stands."""

import hashlib
from collections.abc import Iterable

import numpy as np

from sim.luck.compiled import rule
from sim.luck.philox import SHIFT_32, philox

FIELD = "\x1f"
PERSON_KEY_0 = np.uint64(0x70617469)
PERSON_KEY_1 = np.uint64(0x656E7473)


def text_identity(*parts: str) -> int:
    """Return 64 bits for a sequence of names; equal names give equal bits on every machine."""
    return int.from_bytes(hashlib.blake2b(FIELD.join(parts).encode(), digest_size=8).digest(), "little")


def unit_identity(place_codes: Iterable[str]) -> int:
    """Return the identity of a commissioning unit: the places it holds, never its name."""
    return text_identity("unit", *sorted(place_codes))


@rule
def person_identity(place_and_service: np.uint64, month: int, ordinal: int) -> np.uint64:
    """Return the identity of one person from (place, service), month of entry and ordinal.

    ``month`` and ``ordinal`` are below 2^32; Philox spreads them over 64 bits under a key of its own.
    """
    low = place_and_service & np.uint64(0xFFFFFFFF)
    high = place_and_service >> SHIFT_32
    a, b, _, _ = philox(low, high, np.uint64(month), np.uint64(ordinal), PERSON_KEY_0, PERSON_KEY_1)
    return a | (b << SHIFT_32)
