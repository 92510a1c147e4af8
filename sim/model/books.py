"""The books of a finished run: who paid for what, who received it, and whether the two sides agree."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.agents.state import State
from sim.governance.accounts import Payers
from sim.governance.administration import ADMINISTRATION
from sim.governance.seats import NOBODY
from sim.phases.government import Government

Longs = npt.NDArray[np.int64]


def by_provider(state: State, of_offers: Longs) -> Longs:
    """Add up amounts of offers, int64[C, years], by provider and service, int64[K, S, years]."""
    providers, services = len(state.world.providers.ids), len(state.world.services.ids)
    found = np.zeros((providers, services, of_offers.shape[1]), dtype=np.int64)
    np.add.at(found, (state.cells.provider.astype(np.int64), state.cells.service.astype(np.int64)), of_offers)
    return found


def unbalanced(state: State, government: Government) -> list[str]:
    """Name the sums that do not agree to the penny; none in a run that lost nothing.

    Treatment is booked three times, with the account that pays, with the service and with the centre that is paid.
    Sums over accounts, over providers and over services must be one, in every year.
    """
    ledger, books = state.ledger, government.books
    bills, low_value = ledger.bills, books.low_value_bills
    earned, premium = by_provider(state, bills.earned), by_provider(state, bills.earned_premium)
    own = bills.paid.sum(axis=1) + books.rest_spend + low_value.sum(axis=1)
    pairs: Mapping[str, tuple[Longs, Longs]] = {
        "what accounts paid, line by line": (own, books.spend),
        "treatment by account and by service": (bills.paid.sum(axis=0), ledger.treatment_paid),
        "treatment by provider and by service": (earned.sum(axis=0), ledger.treatment_paid),
        "what providers earned in all years": (earned.sum(axis=(1, 2)), ledger.provider_income),
        "premiums by account and by service": (bills.premium.sum(axis=0), ledger.price_premium),
        "premiums by provider and by service": (premium.sum(axis=0), ledger.price_premium),
        "the rest of the portfolio by account": (books.rest_spend.sum(axis=0), books.rest_paid),
        "low-value referrals by account and service": (low_value.sum(axis=(0, 1)), books.low_value_paid),
        "administration by line": (books.administration_parts.sum(axis=0), books.administration),
    }
    return [name for name, (one, other) in pairs.items() if not np.array_equal(one, other)]


def lines_of(state: State, government: Government, measured: slice) -> dict[str, Any]:
    """Return the lines of cost of the measured years by who paid and who received, by their name in the result."""
    books, bills = government.books, state.ledger.bills
    parts = books.administration_parts[:, measured]
    return {
        "account_identities": government.payers.identities,
        "account_bearers": bearers_of(government.payers),
        "account_line": government.payers.line,
        "account_places": places_of(government.payers),
        "provider_ids": state.world.providers.ids,
        "paid_pence": bills.paid[:, :, measured],
        "paid_premium_pence": bills.premium[:, :, measured],
        "earned_pence": by_provider(state, bills.earned)[:, :, measured],
        "earned_premium_pence": by_provider(state, bills.earned_premium)[:, :, measured],
        "paid_rest_pence": books.rest_spend[:, measured],
        "paid_low_value_pence": books.low_value_bills[:, :, measured],
        **{f"{line}_pence": parts[number] for number, line in enumerate(ADMINISTRATION)},
    }


def bearers_of(payers: Payers) -> npt.NDArray[np.uint64]:
    """Return the identities of those who bear each account, uint64[A, 2]; 0 for nobody where it is not shared."""
    known = np.array(payers.identities, dtype=np.uint64)
    alone = np.stack([known, np.full_like(known, NOBODY)], axis=1)
    found = alone.copy()
    for purses in payers.purses:
        told = (purses.who != alone).any(axis=1)
        found[told] = purses.who[told]
    return found


def places_of(payers: Payers) -> npt.NDArray[np.bool_]:
    """Tell for which places each account pays anything under any regime of the timeline, bool[A, P]."""
    found = np.zeros((payers.count, payers.payer[0].shape[0]), dtype=np.bool_)
    place = np.arange(found.shape[1])[:, np.newaxis]
    for payer in (*payers.payer, *payers.rest_payer):
        found[payer, np.broadcast_to(place, payer.shape)] = True
    return found
