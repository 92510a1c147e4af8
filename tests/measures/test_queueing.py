import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.measures.queueing import Queue, erlang_b, erlang_c


@pytest.mark.parametrize(("servers", "services"), [(1, 4.0), (10, 0.2046)])
def test_pooling_ten_servers_cuts_the_wait_at_the_same_utilisation(servers: int, services: float) -> None:
    queue = Queue(arrival_rate=0.8 * servers, service_rate=1.0, servers=servers)

    assert queue.mean_wait == pytest.approx(services, rel=1e-3)


def test_one_server_waits_as_pollaczek_and_khinchine_say() -> None:
    queue = Queue(arrival_rate=0.6, service_rate=1.0, servers=1)

    assert queue.mean_in_system == pytest.approx(0.6 / 0.4)
    assert queue.probability_of_wait == pytest.approx(0.6)


def test_a_load_that_servers_cannot_carry_has_no_steady_state() -> None:
    with pytest.raises(ValueError, match="no steady state"):
        erlang_c(3, 3.0)


@given(st.integers(1, 60), st.floats(0.05, 0.95))
def test_waiting_is_likelier_than_loss_and_falls_with_servers(servers: int, utilisation: float) -> None:
    load = servers * utilisation

    assert 0 < erlang_b(servers, load) < erlang_c(servers, load) < 1
    assert erlang_c(servers + 1, load) < erlang_c(servers, load)


@given(st.floats(0.1, 0.9), st.integers(1, 9), st.floats(0.1, 50))
def test_the_unit_of_time_does_not_matter(utilisation: float, servers: int, unit: float) -> None:
    arrivals = utilisation * servers
    one, other = Queue(arrivals, 1.0, servers), Queue(arrivals / unit, 1 / unit, servers)

    assert other.mean_wait == pytest.approx(one.mean_wait * unit)
    assert other.probability_wait_at_most(2 * unit) == pytest.approx(one.probability_wait_at_most(2.0))
