"""Steady states of queues with Poisson arrivals and exponential service (M/M/c)."""

import math
from dataclasses import dataclass


def erlang_b(servers: int, offered_load: float) -> float:
    """Return the probability that an arrival finds every server busy when nobody waits (M/M/c/c).

    ``offered_load`` = arrival rate / service rate, in erlangs. Erlang's recursion in the number of servers.
    Raise ValueError when either is negative.
    """
    if servers < 0 or offered_load < 0:
        raise ValueError("erlang_b: neither servers nor load may be negative")
    if not (float(servers).is_integer() and math.isfinite(offered_load)):
        raise ValueError("erlang_b: the servers are a whole number, and the load is finite")
    blocking = 1.0
    for n in range(1, int(servers) + 1):
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

    The waits need arrival_rate < servers * service_rate and raise ValueError otherwise, as does a negative
    rate of arrival or a rate of service that is not above 0.
    """

    arrival_rate: float
    service_rate: float
    servers: int

    def __post_init__(self) -> None:
        if self.arrival_rate < 0 or self.service_rate <= 0 or self.servers < 1:
            raise ValueError("Queue: there must be a server, and rates that are not negative")

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

    @property
    def probability_empty(self) -> float:
        """Return the share of time with nobody waiting or served."""
        waiting = erlang_c(self.servers, self.offered_load)
        # The share with every server busy is that of nobody there times load^c / c! / (1 - utilisation).
        term = 1 - self.utilisation
        for n in range(1, self.servers + 1):
            term *= n / self.offered_load if self.offered_load > 0 else 0.0
        return waiting * term if self.offered_load > 0 else 1.0

    def probability_time_in_system_at_most(self, time: float) -> float:
        """Return the share of arrivals who have been served and gone within ``time``.

        Written so that a load of one server fewer than there are, where the usual form divides 0 by 0, is no
        exception.
        """
        served = self.service_rate * time
        lag = served * (self.servers - 1 - self.offered_load)
        shrink = -math.expm1(-lag) / lag if lag else 1.0
        return 1 - math.exp(-served) * (1 + self.probability_of_wait * served * shrink)

    def probability_wait_at_most(self, time: float) -> float:
        """Return the share of arrivals served within ``time``."""
        return 1 - self.probability_of_wait * math.exp(-self.spare_rate * time)


@dataclass(frozen=True)
class FiniteQueue:
    """An M/M/c/K queue: whoever finds ``capacity`` people there, those in service included, is turned away.

    Raise ValueError when the capacity is below the servers or a rate is not above 0.
    """

    arrival_rate: float
    service_rate: float
    servers: int
    capacity: int

    def __post_init__(self) -> None:
        if not 0 < self.servers <= self.capacity:
            raise ValueError("FiniteQueue: there must be a server, and room for everybody in service")
        if self.arrival_rate <= 0 or self.service_rate <= 0:
            raise ValueError("FiniteQueue: both rates must be above 0")

    @property
    def state_probabilities(self) -> list[float]:
        """Return the share of time with 0, 1, ... capacity people in the system."""
        load = self.arrival_rate / self.service_rate
        logs = [0.0]
        for n in range(1, self.capacity + 1):
            logs.append(logs[-1] + math.log(load / min(n, self.servers)))
        top = max(logs)
        weights = [math.exp(log - top) for log in logs]
        return [weight / sum(weights) for weight in weights]

    @property
    def probability_full(self) -> float:
        """Return the share of arrivals turned away."""
        return self.state_probabilities[-1]

    @property
    def throughput(self) -> float:
        """Return the rate at which people are admitted and served."""
        return self.arrival_rate * (1 - self.probability_full)

    @property
    def mean_queue_length(self) -> float:
        """Return the mean number of people who wait."""
        return sum(max(n - self.servers, 0) * p for n, p in enumerate(self.state_probabilities))

    @property
    def mean_in_system(self) -> float:
        """Return the mean number of people who wait or are served."""
        return sum(n * p for n, p in enumerate(self.state_probabilities))

    @property
    def mean_wait(self) -> float:
        """Return the mean wait of those admitted (Little's law)."""
        return self.mean_queue_length / self.throughput
