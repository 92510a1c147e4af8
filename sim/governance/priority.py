"""Priority by volume: a payer short of money puts services with many patients first (mechanism 14).

A budget in which a service's weight grows with its number of patients, need·n^θ, gives services with many
patients more of what there is. A payer here keeps one queue of requests, in order of urgency and date, so the
weight is told in time: a request of a service ranks among requests of the same urgency as if it had been made
so many days earlier (or later). While a queue lasts, a service waits as much less as it ranks earlier.
"""

import numpy as np
import numpy.typing as npt

from sim.settings.parameter import Parameters, parameter, switch

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]

MOST_DAYS = 1 << 18
"""No request ranks further from its own day than that; the days of a queue key hold twice as many below zero."""


class PriorityParameters(Parameters):
    """How far payers who are short of money put services with many patients first."""

    enabled: bool = switch(14, "Whether a payer who is short of money puts services with many patients first")
    volume_exponent: float = parameter(
        0.25,
        low=0.0,
        high=0.5,
        at_least=0.0,
        at_most=10.0,
        unit="exponent",
        source="none found; boards were expected to focus on services with many patients, by how much is not known",
        grade="assumption",
        description="Power θ of a service's number of patients with which its weight in a budget grows; 0 treats "
        "common and rare services alike",
    )
    days_per_log_weight: float = parameter(
        90.0,
        low=30.0,
        high=150.0,
        at_least=0.0,
        at_most=3650.0,
        unit="days",
        source="none found; a month to five months, about the access window of most services",
        grade="assumption",
        description="By how many days a request ranks earlier when the logarithm of its service's weight is one larger",
    )


def days_ahead(payer: Ints, patients: Floats, parameters: PriorityParameters) -> Ints:
    """Return by how many days the requests of a place for a service rank earlier at their payer, int32[P, S].

    θ·D·(ln n − mean of ln n), where n are the patients a year of a service for whom the payer pays, and the mean
    is over the services in its purse, each counting once: days sum to zero over a purse, so that requests are
    put in another order and not held up. ``payer`` is int32[P, S], ``patients`` float64[P, S] people a year; a
    service without patients is in no purse.
    """
    if not parameters.enabled:
        return np.zeros(payer.shape, dtype=np.int32)
    service = np.arange(payer.shape[1])
    volume = np.zeros((int(payer.max()) + 1, payer.shape[1]))
    np.add.at(volume, (payer, service), patients)
    held = volume > 0.0
    size = np.log(np.where(held, volume, 1.0))
    mean = size.sum(axis=1) / np.maximum(held.sum(axis=1), 1)
    above = np.where(held, size - mean[:, np.newaxis], 0.0)
    days = np.rint(parameters.volume_exponent * parameters.days_per_log_weight * above)
    return np.clip(days, -MOST_DAYS, MOST_DAYS).astype(np.int32)[payer, service]
