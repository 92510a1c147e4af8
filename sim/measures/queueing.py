"""Steady states of queues with Poisson arrivals and exponential service (M/M/c)."""

import math
from dataclasses import dataclass


def erlang_b(servers: int, offered_load: float) -> float:
    """Return the probability that an arrival finds every server busy when nobody waits (M/M/c/c).

    ``offered_load`` = arrival rate / service rate, in erlangs. Erlang's recursion in the number of servers.
    """
    blocking = 1.0
    for n in range(1, servers + 1):
        blocking = offered_load * blocking / (n + offered_load * blocking)
    return blocking


def erlang_c(servers: int, offered_load: float) -> float:
    """Return the probability that an arrival has to wait (M/M/c).

    Raise ValueError when the offered load (erlangs) is not below the servers.
    """
    if not offered_load < servers:
        raise ValueError(f"erlang_c: a load of {offered_load} on {servers} servers has no steady state")
    blocking = erlang_b(servers, offered_load)
    utilisation = offered_load / servers
    return blocking / (1 - utilisation * (1 - blocking))


@dataclass(frozen=True)
class Queue:
    """An M/M/c queue, first come first served, everyone patient; rates are per one unit of time.

    The waits need arrival_rate < servers * service_rate and raise ValueError otherwise.
    """

    arrival_rate: float
    service_rate: float
    servers: int

    @property
    def offered_load(self) -> float:
        """Return the work that arrives, in erlangs."""
        return self.arrival_rate / self.service_rate

    @property
    def utilisation(self) -> float:
        """Return the share of time a server is busy."""
        return self.offered_load / self.servers

    @property
    def probability_of_wait(self) -> float:
        """Return the share of arrivals that wait (Erlang C)."""
        return erlang_c(self.servers, self.offered_load)

    @property
    def spare_rate(self) -> float:
        """Return the rate at which a queue is worked off beyond new arrivals."""
        return self.servers * self.service_rate - self.arrival_rate

    @property
    def mean_wait(self) -> float:
        """Return the mean wait before service, over all arrivals."""
        return self.probability_of_wait / self.spare_rate

    @property
    def mean_wait_of_those_who_wait(self) -> float:
        """Return the mean wait of the arrivals that do wait."""
        return 1 / self.spare_rate

    @property
    def variance_of_wait(self) -> float:
        """Return the variance of the wait, over all arrivals."""
        waiting = self.probability_of_wait
        return waiting * (2 - waiting) / self.spare_rate**2

    @property
    def mean_queue_length(self) -> float:
        """Return the mean number of people who wait (Little's law)."""
        return self.arrival_rate * self.mean_wait

    @property
    def mean_in_system(self) -> float:
        """Return the mean number of people who wait or are served."""
        return self.mean_queue_length + self.offered_load

    def probability_wait_at_most(self, time: float) -> float:
        """Return the share of arrivals served within ``time``."""
        return 1 - self.probability_of_wait * math.exp(-self.spare_rate * time)
