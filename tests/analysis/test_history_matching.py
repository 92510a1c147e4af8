"""A model whose truth is known: the truth is kept, the space shrinks, and an emulator that lies is caught."""

from functools import cache

import numpy as np
import numpy.typing as npt
import pytest

from sim.analysis.gaussian_process import Emulator, GaussianProcess
from sim.analysis.history_matching import (
    FOLDS,
    Aim,
    History,
    Input,
    from_unit,
    held_out_coverage,
    latin_hypercube,
    lines_of,
    match,
    to_unit,
)

FloatArray = npt.NDArray[np.float64]
INPUTS = (Input("budget.a", 0.0, 10.0), Input("budget.b", -1.0, 1.0))
TRUTH = np.array([[6.0, 0.4]])
CHANCE = 0.05


def outcomes(settings: FloatArray) -> FloatArray:
    """Return the two means [n, 2] of a made-up model."""
    a, b = settings[:, 0] / 10.0, settings[:, 1]
    return np.column_stack([np.sin(2.0 * a) + 0.5 * b, a * a + np.exp(b)])


class Model:
    """The made-up model with chance, each call with luck of its own."""

    def __init__(self, seed: int, replicates: int = 4) -> None:
        self.rng, self.replicates, self.calls = np.random.default_rng(seed), replicates, 0

    def __call__(self, settings: FloatArray) -> FloatArray:
        self.calls += 1
        noise = self.rng.normal(0.0, CHANCE, (len(settings), self.replicates, 2))
        return np.asarray(outcomes(settings)[:, np.newaxis] + noise)


def aims(seed: int) -> list[Aim]:
    """Observe the truth once, with the luck of one history and an error of observation."""
    errors = np.random.default_rng(seed).normal(0.0, [np.hypot(CHANCE, 0.03)] * 2)
    return [Aim(name, float(value), 0.03, 0.0) for name, value in zip("st", outcomes(TRUTH)[0] + errors, strict=True)]


@cache
def matched(seed: int, waves: int = 2) -> History:
    """Return the waves of a seed, which no test changes."""
    return match(Model(seed), INPUTS, aims(seed + 100), waves, points=30, seed=seed)


@pytest.mark.parametrize("seed", [1, 2, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (3, 4, 5, 6))])
def test_the_truth_is_never_ruled_out_and_the_space_shrinks(seed: int) -> None:
    history = matched(seed)

    spaces = [wave.space for wave in history.waves]
    assert history.holds(TRUTH).all()
    assert spaces[0] < 0.5
    assert spaces == sorted(spaces, reverse=True)
    assert spaces[-1] > 0.0
    assert history.holds(history.left).all()


def test_a_setting_far_from_what_was_observed_is_ruled_out() -> None:
    assert not matched(1).holds(np.array([[0.5, -0.9], [9.9, 0.95]])).any()


def test_one_replicate_which_tells_nothing_of_chance_is_refused() -> None:
    with pytest.raises(ValueError, match="one replicate tells nothing of chance"):
        match(Model(1, replicates=1), INPUTS, aims(101), 1, points=30, seed=1)


def test_the_same_seed_gives_the_same_waves() -> None:
    first, second = matched(1), matched.__wrapped__(1)

    assert first.left.tolist() == second.left.tolist()
    assert [wave.settings.tolist() for wave in first.waves] == [wave.settings.tolist() for wave in second.waves]


def test_later_waves_run_only_what_is_left() -> None:
    history = matched(1)
    first = History(INPUTS, history.waves[:1])

    assert first.holds(history.waves[1].settings).all()


class Biased(GaussianProcess):
    """An emulator that is sure of itself and wrong."""

    def predict(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        mean, variance = super().predict(x)
        return mean + 1.0, variance


def test_a_biased_emulator_is_noticed_and_rules_nothing_out() -> None:
    history = match(Model(1), INPUTS, aims(101), waves=1, points=30, seed=1, fit=Biased)

    assert [one.trusted for one in history.waves[0].fitted] == [False, False]
    assert history.waves[0].space == 1.0
    assert "rules nothing out" in "\n".join(lines_of(history))


@pytest.mark.slow
def test_an_honest_emulator_covers_what_it_was_not_fitted_to() -> None:
    coverages = [one.coverage for seed in (1, 2, 3, 4) for one in matched(seed, waves=1).waves[0].fitted]

    assert min(coverages) >= 0.85


def test_the_emulator_returns_what_it_learnt_and_doubts_what_is_far() -> None:
    rng = np.random.default_rng(3)
    x = 0.5 * latin_hypercube(rng, 30, 2)
    y = outcomes(from_unit(x, INPUTS))[:, 0]
    emulator = GaussianProcess()
    emulator.fit(x, y, np.zeros(len(x)))

    mean, variance = emulator.predict(x)
    _, far = emulator.predict(np.array([[1.0, 1.0]]))

    assert mean == pytest.approx(y, abs=1e-3)
    assert far[0] > 10 * variance.max()


def test_chance_widens_what_is_plausible() -> None:
    class Sure:
        def fit(self, x: FloatArray, y: FloatArray, noise_variance: FloatArray) -> None:
            self.value = float(y.mean())

        def predict(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
            return np.full(len(x), self.value), np.zeros(len(x))

    def fitted(spread: float) -> float:
        values = np.array([-spread, spread])[np.newaxis, :, np.newaxis] * np.ones((30, 1, 1))
        sure: type[Emulator] = Sure
        history = match(lambda settings: values, INPUTS, [Aim("s", 1.0, 0.3, 0.4)], 1, 30, 1, fit=sure)
        return float(history.waves[0].fitted[0].implausibility(np.array([[0.5, 0.5]]))[0])

    assert fitted(0.0) == pytest.approx(1.0 / 0.5)
    assert fitted(1.0) == pytest.approx(1.0 / np.sqrt(0.25 + 2.0 * (1 + 1 / 2)))


def test_where_nothing_fits_nothing_is_left_and_the_model_is_not_run_again() -> None:
    model = Model(1)
    history = match(model, INPUTS, [Aim("s", 50.0, 0.01, 0.0), Aim("t", 1.0, 0.1, 0.0)], waves=3, points=20, seed=1)

    assert model.calls == 1
    assert len(history.left) == 0
    *_, finding, why = lines_of(history)
    assert "no setting is left" in finding
    assert why == "by itself each of these rules out all that was left before: s"


def test_a_target_tells_what_it_leaves_by_itself_of_what_was_left() -> None:
    history = matched(1)

    before = 1.0
    for wave in history.waves:
        assert all(wave.space / before - 1e-9 <= alone <= 1 for alone in wave.alone)
        before = wave.space
    assert max(history.waves[0].alone) < 1
    told = [line.split(":")[0].strip() for line in lines_of(history) if "by itself it leaves" in line]
    assert told == [one.aim.id for wave in history.waves for one in wave.fitted]
    assert "e+" not in "".join(lines_of(history))
    [words] = {one.in_words.split(",")[0] for wave in history.waves for one in wave.fitted}
    assert words == "standard deviations: allowed 0.03"


def test_a_latin_hypercube_has_one_point_in_every_slice() -> None:
    points = latin_hypercube(np.random.default_rng(1), 50, 3)

    assert all(sorted((50 * points[:, place]).astype(int).tolist()) == list(range(50)) for place in range(3))


def test_units_are_scaled_there_and_back() -> None:
    assert to_unit(TRUTH, INPUTS).tolist() == [[0.6, 0.7]]
    assert from_unit(to_unit(TRUTH, INPUTS), INPUTS) == pytest.approx(TRUTH)


def test_values_that_are_not_finite_and_too_few_settings_are_refused() -> None:
    with pytest.raises(ValueError, match="not finite"):
        match(lambda settings: np.full((len(settings), 2, 2), np.nan), INPUTS, aims(1), 1, 30, 1)
    with pytest.raises(ValueError, match="too few"):
        match(Model(1), INPUTS, aims(1), 1, 3, 1)


def test_of_a_constant_every_left_out_point_is_covered() -> None:
    unit = latin_hypercube(np.random.default_rng(1), 4 * FOLDS, 2)

    coverage = held_out_coverage(
        unit, np.full(len(unit), 7.0), np.zeros(len(unit)), GaussianProcess, np.random.default_rng(2)
    )
    assert coverage == 1.0
