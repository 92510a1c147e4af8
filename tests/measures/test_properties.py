"""What must hold of the measures for all numbers, where no list of values could show it."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import measures as m

COUNTS = st.lists(st.tuples(st.integers(0, 200), st.integers(1, 5000)), min_size=2, max_size=20)
AREAS = st.lists(st.tuples(st.floats(0.01, 100.0), st.integers(1, 50), st.integers(0, 30)), min_size=2, max_size=25)
LEVEL = st.sampled_from([0.8, 0.95, 0.998])
INTERVALS = (
    m.wilson_interval,
    m.clopper_pearson_interval,
    m.agresti_coull_interval,
    m.jeffreys_interval,
)


def split(rows: list[tuple]) -> tuple[np.ndarray, ...]:
    return tuple(np.array(column) for column in zip(*rows, strict=True))


@pytest.mark.parametrize("interval", INTERVALS)
@given(rows=COUNTS, level=LEVEL)
def test_limits_of_a_proportion_hold_it_and_widen_with_confidence(interval: Callable, rows: list, level: float) -> None:
    extra, n = split(rows)
    x = np.minimum(extra, n)
    low, high = interval(x, n, level)
    wider = interval(x, n, 0.5 + level / 2)

    assert (low >= 0).all()
    assert (high <= 1).all()
    if interval is not m.jeffreys_interval:  # a Bayesian interval need not hold 0 or 1
        assert (low <= x / n + 1e-12).all()
        assert (x / n <= high + 1e-12).all()
    assert (wider[0] <= low + 1e-12).all()
    assert (high <= wider[1] + 1e-12).all()


@given(rows=COUNTS, level=LEVEL)
def test_limits_of_rates_and_ratios_hold_them(rows: list, level: float) -> None:
    x, n = split(rows)
    rate = m.crude_rate(x, n, level)
    dobson = m.direct_standardised_rate(x + 1, n, n, level)
    gamma = m.direct_standardised_rate(x, n, n, level, "fay_feuer")
    ratio = m.indirect_standardised_ratio(x, n, x + 1, n)

    assert (rate.low <= rate.value).all()
    assert (rate.value <= rate.high).all()
    assert gamma.low <= gamma.value <= gamma.high
    assert gamma.value == pytest.approx(gamma.crude)  # standardised to itself
    assert ratio.low <= ratio.value <= ratio.high
    if (x + 1).sum() >= 10:
        assert dobson.low <= dobson.value <= dobson.high


@given(n=st.integers(1, 3000), target=st.floats(0.01, 0.99))
def test_control_limits_are_nested(n: int, target: float) -> None:
    outer, inner = ([float(m.exact_limit(n, target, p)) for p in pair] for pair in ((0.001, 0.999), (0.025, 0.975)))

    assert outer[0] <= inner[0] <= inner[1] <= outer[1]
    assert m.exact_limit(n, target, 0.025) <= m.quantile_limit(n, target, 0.025) + 1e-12


@given(observed=st.integers(1, 2000), level=LEVEL)
def test_poisson_funnels_hold_the_ratio_of_one(observed: int, level: float) -> None:
    along = m.ratio_limits_at_observed(observed, level)
    low, high = m.ratio_limits_at_expected(observed, level)

    assert along.low < 1 < along.high
    assert low < 1 < high


@given(rows=AREAS, scale=st.floats(0.1, 100.0), seed=st.integers(0, 9))
def test_relative_measures_mind_neither_unit_nor_order_nor_splitting(rows: list, scale: float, seed: int) -> None:
    x, people, rank = split(rows)
    order = np.random.default_rng(seed).permutation(x.size)
    doubled = np.repeat(np.arange(x.size), 2)
    for measure in (
        lambda v, w, r: m.gini(v, w),
        lambda v, w, r: m.gini(v, w, 4.0),
        lambda v, w, r: m.atkinson(v, 10.95, w),
        lambda v, w, r: m.coefficient_of_variation(v, w),
        lambda v, w, r: m.concentration_index(v, r, w).standard,
        lambda v, w, r: m.extended_concentration_index(v, r, 4.0, w),
    ):
        want = measure(x, people, rank)
        assert measure(scale * x, people, rank) == pytest.approx(want, rel=1e-6, abs=1e-9)
        assert measure(x[order], people[order], rank[order]) == pytest.approx(want, rel=1e-6, abs=1e-9)
        assert measure(x[doubled], people[doubled] / 2, rank[doubled]) == pytest.approx(want, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(
    ("decompose", "index"), [(m.decompose_theil_t_nested, m.theil_t), (m.decompose_theil_l_nested, m.theil_l)]
)
@given(rows=AREAS, cuts=st.lists(st.integers(2, 6), min_size=1, max_size=3))
def test_parts_of_theil_add_up_over_any_nesting(decompose: Callable, index: Callable, rows: list, cuts: list) -> None:
    x, people, code = split(rows)
    widths = np.cumprod(cuts)[::-1]
    levels = [code // width for width in widths]
    got = decompose(x, people, levels)

    assert sum(got.between) + got.within == pytest.approx(got.total, abs=1e-12)
    assert got.total == pytest.approx(index(x, people), abs=1e-12)
    assert min(*got.between, got.within) >= -1e-12
    inside = [code // widths[-1] == group for group in np.unique(code // widths[-1])]
    amount = (x * people).sum() if index is m.theil_t else people.sum()
    shares = [((x * people)[part] if index is m.theil_t else people[part]).sum() / amount for part in inside]
    own = sum(share * index(x[part], people[part]) for share, part in zip(shares, inside, strict=True))
    assert got.within == pytest.approx(own, abs=1e-9)


@given(rows=AREAS)
def test_a_reversed_rank_turns_the_concentration_index_round(rows: list) -> None:
    x, people, rank = split(rows)
    there, back = (m.concentration_index(x, side, people) for side in (rank, -rank))

    assert there == pytest.approx(tuple(-part for part in back), abs=1e-9)
    bounds = 0.0, 100.0
    for index in (m.erreygers_index, m.wagstaff_index):
        good, bad = index(x, rank, bounds, people), index(100.0 - x, rank, bounds, people)
        assert good == pytest.approx(-bad, abs=1e-7)  # health and lack of health tell one story
        assert -1 <= good <= 1
    assert m.extended_concentration_index(x, rank, 2.0, people) == pytest.approx(there.standard, abs=1e-9)
    assert m.concentration_index(x, x, people).standard == pytest.approx(m.gini(x, people), abs=1e-9)


@given(rows=AREAS, level=st.floats(0.1, 50.0))
def test_equal_areas_have_no_inequality_and_no_gradient(rows: list, level: float) -> None:
    _, people, rank = split(rows)
    same = np.full(people.size, level)

    assert m.concentration_index(same, rank, people).standard == pytest.approx(0.0, abs=1e-12)
    assert m.slope_index(same, people).slope_index == 0.0
    assert m.gini(same, people) == pytest.approx(0.0, abs=1e-12)
    assert m.decompose_theil_t(same, people, rank) == pytest.approx((0.0, 0.0, 0.0), abs=1e-12)
    assert m.extremal_quotient(same) == 1.0


@given(rows=AREAS)
def test_a_reversed_order_turns_the_slope_round(rows: list) -> None:
    x, people, _ = split(rows)
    up, down = m.slope_index(x, people), m.slope_index(x[::-1], people[::-1])

    assert up.slope_index == pytest.approx(-down.slope_index, abs=1e-8)
    assert up.standard_error == pytest.approx(down.standard_error, abs=1e-8, nan_ok=True)
    assert m.slope_ends(x, people).slope_index == pytest.approx(up.slope_index, abs=1e-8)


@given(rows=COUNTS)
def test_shrunk_rates_lie_between_their_own_and_the_mean(rows: list) -> None:
    x, n = split(rows)
    got = m.marshall_shrinkage(x, n)
    ratios = m.gamma_moments_shrinkage(x, n / 10)

    low, high = np.minimum(got.raw, got.prior_mean), np.maximum(got.raw, got.prior_mean)
    assert (low - 1e-12 <= got.shrunk).all()
    assert (got.shrunk <= high + 1e-12).all()
    own = x / (n / 10)
    assert (np.minimum(own, ratios.prior_mean) - 1e-9 <= ratios.shrunk).all()
    assert (ratios.shrunk <= np.maximum(own, ratios.prior_mean) + 1e-9).all()


PEOPLE = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 1)), min_size=1, max_size=60)


@given(people=PEOPLE)
def test_survival_stays_between_0_and_1_and_falls(people: list) -> None:
    curve = m.kaplan_meier(*m.tally(*split(people)))
    for part in (curve.survival, m.log_log_limits(curve).low, m.log_limits(curve).high):
        assert ((part >= 0) & (part <= 1) | np.isnan(part)).all()
    assert (np.diff(curve.survival) <= 1e-12).all()
    limits = m.log_log_limits(curve)
    assert ((limits.low <= curve.survival) & (curve.survival <= limits.high) | np.isnan(limits.low)).all()
    horizon = float(curve.time[-1])
    if horizon > 0:
        assert 0 <= m.restricted_mean(curve, horizon).mean <= horizon


DAYS = st.lists(st.tuples(*[st.integers(0, 5)] * 4), min_size=1, max_size=30)


@given(days=DAYS)
def test_endings_and_survival_make_everybody(days: list) -> None:
    treated, died, refused, waiting = split(days)
    got = m.competing_incidences([treated, died, refused], waiting)

    assert got.incidence.sum(axis=0) + got.survival == pytest.approx(np.ones(treated.size))
    assert (np.diff(got.incidence, axis=1) >= -1e-12).all()
    assert got.incidence[0] == pytest.approx(m.cumulative_incidence(treated, died + refused, waiting))
    times = np.arange(treated.size)
    assert got.survival == pytest.approx(m.kaplan_meier(times, treated + died + refused, waiting).survival)


TABLE = st.integers(1, 6).flatmap(
    lambda providers: st.lists(
        st.tuples(st.integers(0, 500), *[st.one_of(st.just(np.nan), st.floats(0, 60))] * providers),
        min_size=1,
        max_size=12,
    )
)


@given(table=TABLE, limit=st.floats(1, 60))
def test_floating_catchments_share_out_the_supply_that_is_reached(table: list, limit: float) -> None:
    demand, *columns = split(table)
    cost, supply = np.stack(columns, axis=1), np.arange(1.0, len(columns) + 1)
    weights = (
        m.inside_catchment(cost, limit),
        m.step_weights(cost, [(10, 1.0), (20, 0.68), (30, 0.22)]),
        m.gaussian_weights(cost, 15.0, limit),
        m.power_weights(cost, 20.0),
    )
    for reach in weights:
        reached = supply[(reach * demand[:, None]).sum(axis=0) > 0].sum()
        assert (demand * m.floating_catchment(demand, supply, reach)).sum() == pytest.approx(reached)
        assert (demand * m.three_step_floating_catchment(demand, supply, reach)).sum() == pytest.approx(reached)
    assert (m.two_step_floating_catchment(demand, supply, cost, limit) >= 0).all()


WORLDS = st.integers(1, 5).flatmap(
    lambda options: st.lists(
        st.lists(st.tuples(st.floats(0, 1e4), st.floats(0, 10)), min_size=options, max_size=options),
        min_size=1,
        max_size=20,
    )
)


@given(worlds=WORLDS, thresholds=st.lists(st.floats(0, 1e5), min_size=1, max_size=5))
def test_information_is_worth_something_and_something_is_best(worlds: list, thresholds: list) -> None:
    table = np.array(worlds)
    cost, effect = table[:, :, 0], table[:, :, 1]
    got = m.uncertainty_of_choice(cost, effect, thresholds)

    assert got.acceptability.sum(axis=1) == pytest.approx(np.ones(len(thresholds)))
    assert (got.value_of_information >= 0).all()
    assert got.value_of_information == pytest.approx(got.expected_loss.min(axis=1), abs=1e-6)
    rows = np.arange(len(thresholds))
    assert got.frontier.tolist() == got.acceptability[rows, got.best].tolist()
    for at, worth in enumerate(thresholds):
        assert got.net_monetary_benefit[at] == pytest.approx(m.net_monetary_benefit(cost, effect, worth).mean(axis=0))


@given(options=st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=8))
def test_only_options_on_the_frontier_are_ever_best(options: list) -> None:
    cost, effect = split(options)
    got = m.incremental_ratios(cost, effect)
    on = np.array(got.status) == "ND"
    ratios = got.ratio[on][1:]

    assert (np.diff(ratios) >= 0).all()
    assert sorted(got.option) == sorted(str(n + 1) for n in range(cost.size))
    for worth in (0.1, 1.0, 7.3, 1000.0):
        benefit = m.net_monetary_benefit(got.cost, got.effect, worth)
        assert benefit[on].max() == pytest.approx(benefit.max())


@given(rows=AREAS, aversion=st.floats(0.1, 30.0), gain=st.floats(0, 5))
def test_a_gain_to_all_raises_welfare_and_parts_add_up(rows: list, aversion: float, gain: float) -> None:
    health, people, _ = split(rows)
    for equivalent in (
        lambda h, n: m.atkinson_equivalent(h, aversion, n),
        lambda h, n: m.kolm_equivalent(h, aversion / 100, n),
        lambda h, n: m.gini_equivalent(h, 1 + aversion, n),
    ):
        got = m.welfare_change(health, health + gain, people, equivalent)
        assert got.change >= -1e-9
        assert got.efficiency + got.equity == pytest.approx(got.change, abs=1e-9)
        assert equivalent(health, people) <= np.average(health, weights=people) + 1e-9
