"""Philox4x32-10, a counter-based generator (Salmon, Moraes, Dror and Shaw 2011).

Checked against the known answers published with Random123. All words are 32 bits carried in uint64,
so that compiled and interpreted arithmetic agree.
"""

import numpy as np

from sim.luck.compiled import rule

MULTIPLIER_0 = np.uint64(0xD2511F53)
MULTIPLIER_1 = np.uint64(0xCD9E8D57)
WEYL_0 = np.uint64(0x9E3779B9)
WEYL_1 = np.uint64(0xBB67AE85)
LOW_32 = np.uint64(0xFFFFFFFF)
SHIFT_32 = np.uint64(32)
ROUNDS = 10

Words = tuple[np.uint64, np.uint64, np.uint64, np.uint64]


@rule
def philox(c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64, k0: np.uint64, k1: np.uint64) -> Words:
    """Return the four 32-bit words that belong to one counter under one key."""
    for _ in range(ROUNDS):
        product_0 = MULTIPLIER_0 * c0
        product_1 = MULTIPLIER_1 * c2
        c0 = (product_1 >> SHIFT_32) ^ c1 ^ k0
        c1 = product_1 & LOW_32
        c2 = (product_0 >> SHIFT_32) ^ c3 ^ k1
        c3 = product_0 & LOW_32
        k0 = (k0 + WEYL_0) & LOW_32
        k1 = (k1 + WEYL_1) & LOW_32
    return c0, c1, c2, c3
