"""Shapley values (Shapley 1953): what each player adds to a game, averaged over the orders in which they could join.

A game gives a value to every subset of its players. A subset is a number whose bit g is set when player g takes
part, so 0 is nobody and 2^n - 1 is everybody. Among all ways to share out the gain of everybody over nobody this is
the only one in which the shares sum to the gain, a player who never changes anything gets nothing, two players who
always change the same get the same, and the shares of a sum of games are the sums of their shares.
"""

from math import factorial

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


def shapley_values(values: FloatArray) -> FloatArray:
    """Return the share of each player [..., n] from the value of every subset [..., 2^n].

    The share of player i is the sum over the subsets S without i of |S|! (n - |S| - 1)! / n! times v(S with i) - v(S).
    Shares have the unit of the values; a value that is nan makes every share of its game nan. Raise ValueError
    unless there are 2^n values.
    """
    subsets = values.shape[-1]
    players = subsets.bit_length() - 1
    if subsets != 1 << players:
        raise ValueError(f"shapley_values: {subsets} subsets are not those of any number of players")
    weight = np.array([factorial(s) * factorial(players - s - 1) / factorial(players) for s in range(players)])
    everyone = np.arange(subsets)
    shares = np.empty((*values.shape[:-1], players))
    for player in range(players):
        without = everyone[(everyone >> player) & 1 == 0]
        gains = values[..., without | 1 << player] - values[..., without]
        shares[..., player] = (gains * weight[np.bitwise_count(without)]).sum(axis=-1)
    return shares


def joining_orders(players: int, pairs: int, seed: int, first_pair: int = 0) -> IntArray:
    """Return orders in which the players join [2 * pairs, players]: each random order, then its reverse.

    Reversed pairs (antithetic sampling) let a player who joins late in one order join early in the other. The order
    of a pair depends on (seed, number of the pair) alone, and pairs are numbered from ``first_pair``.
    """
    orders = []
    for pair in range(first_pair, first_pair + pairs):
        generator = np.random.Generator(np.random.Philox(key=np.array([seed, pair], dtype=np.uint64)))
        order = np.argsort(generator.random(players), kind="stable")
        orders += [order, order[::-1]]
    return np.array(orders, dtype=np.int64).reshape(2 * pairs, players)


def subsets_on_the_way(orders: IntArray) -> IntArray:
    """Return the subsets that form as the players join [order, n + 1], from nobody to everybody."""
    joined = np.cumsum(np.int64(1) << orders, axis=1)
    return np.hstack([np.zeros((len(orders), 1), dtype=np.int64), joined])


def shapley_values_of_orders(values: FloatArray, orders: IntArray) -> FloatArray:
    """Return the mean of what each player adds [..., n] over orders [order, n].

    ``values`` [..., order, n + 1] belong to the subsets on the way. Over all orders this is the Shapley value, over
    a sample of them an unbiased estimate of it whose shares sum to the whole gain too.
    """
    added = np.diff(values, axis=-1)
    place = np.argsort(orders, axis=1)  # where in its order each player joins
    by_player = np.take_along_axis(added, np.broadcast_to(place, added.shape), axis=-1)
    shares: FloatArray = by_player.mean(axis=-2)
    return shares
