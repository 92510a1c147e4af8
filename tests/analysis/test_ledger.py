"""The ledger adds up to the runs it is made of, and tells those who are decided on from those who are displaced."""

import numpy as np

from sim.analysis.courses import apart
from sim.analysis.ledger import Ledger, account_of, effects, make_ledger, totals, unequal_sums
from sim.analysis.ledger_parting import ALIKE, CENTRE, PRICE
from tests.analysis.conftest import Pair


def ledger_of(pair: Pair) -> Ledger:
    return make_ledger(*(account_of(spec, pair.world, pair.population) for spec in pair.specs))

def test_x(pair):
    l = ledger_of(pair)
    for e in effects(l): print(e)
    for t in totals(l): print(t)
    parted = apart(pair.runs[0].courses, pair.runs[1].courses)
    d = l.partings.decision
    assert (parted == ((d != ALIKE) & (d != PRICE))).all()
    assert 0
