"""History matching: which settings of a model are not ruled out by what was observed.

In waves, the model is run at a Latin hypercube of the settings that are left, an emulator is fitted to each output,
and a setting is ruled out where the implausibility |z - E| / sqrt(variances) of any output is above a cut-off. The
variances are those of the emulator, of one run by chance (what was observed is one history), of the observation, and
of the discrepancy between model and world. A cut-off of 3 follows from Pukelsheim's rule: at least 95 % of any
unimodal distribution lies within three standard deviations (American Statistician 48, 1994, 88-91). Method: Craig,
Goldstein, Seheult and Smith 1997; Vernon, Goldstein and Bower, Bayesian Analysis 5, 2010, 619-669. No setting is called
right by it; where none is left, model and tolerances do not fit the observations.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from sim.analysis.gaussian_process import Emulator, GaussianProcess
from sim.analysis.local_chance import LocalChance

FloatArray = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Simulator = Callable[[FloatArray], FloatArray]
"""Takes settings [n, d] in their own units and returns values [n, replicate, target]."""

CUT_OFF = 3.0
LEAST_COVERAGE = 0.85
"""An emulator whose 95 % intervals hold fewer of the points left out of its fit rules nothing out."""
FOLDS = 5
CANDIDATES = 20_000
ENOUGH = 1_000
"""Candidates from which a share of what is left is read; of fewer, it is read from the settings that were run."""
MOST_ROUNDS = 50
"""Rounds of candidates that are drawn before too little space is called none."""


@dataclass(frozen=True)
class Input:
    """One parameter and the range within which it is searched."""

    key: str
    low: float
    high: float


@dataclass(frozen=True)
class Aim:
    """What was observed, and by how much observation and model may be off (standard deviations, same unit)."""

    id: str
    observed: float
    observation_sd: float
    discrepancy_sd: float


@dataclass(frozen=True)
class Fitted:
    """The emulator of one output in one wave, and how it did on points that were left out of its fit.

    ``chance`` is the variance of one run around its setting's mean, which is known no better than its replicates
    tell: as all settings may share their luck, more settings do not help. ``luck`` is its range over the settings that
    were run, in standard deviations. ``coverage`` is the share of left-out points
    that the emulator's 95 % intervals hold. An emulator that is not trusted rules nothing out.
    """

    aim: Aim
    emulator: Emulator
    chance: LocalChance
    luck: tuple[float, float]
    replicates: int
    coverage: float

    @property
    def trusted(self) -> bool:
        """Tell whether the emulator may rule settings out."""
        return self.coverage >= LEAST_COVERAGE

    @property
    def in_words(self) -> str:
        """Say what makes it lenient: what observation and model may be off, and what luck moves one run."""
        off = math.hypot(self.aim.observation_sd, self.aim.discrepancy_sd)
        low, high = (_short(value) for value in self.luck)
        luck = low if low == high else f"{low} to {high}"
        return f"standard deviations: allowed {_short(off)}, luck of one run {luck}"

    def allows(self, unit: FloatArray) -> Bools:
        """Tell which settings [n, d], scaled to 0 to 1, this output by itself does not rule out."""
        return self.implausibility(unit) <= CUT_OFF if self.trusted else np.ones(len(unit), dtype=np.bool_)

    def implausibility(self, unit: FloatArray) -> FloatArray:
        """Return how many standard deviations settings [n, d], scaled to 0 to 1, lie from what was observed."""
        mean, variance = self.emulator.predict(unit)
        chance = self.chance.at(unit) * (1 + 1 / self.replicates)
        spread = variance + chance + self.aim.observation_sd**2 + self.aim.discrepancy_sd**2
        return np.abs(self.aim.observed - mean) / np.sqrt(spread)


@dataclass(frozen=True)
class Wave:
    """One wave: the settings that were run [n, d], their values, what was fitted, and the space left after it.

    ``space`` is the share of the whole box that no wave so far rules out; ``alone`` the share of what was left
    before it that each output by itself leaves.
    """

    settings: FloatArray
    values: FloatArray
    fitted: Sequence[Fitted]
    space: float
    alone: Sequence[float] = ()


@dataclass
class History:
    """All waves, and settings [n, d] that are left after the last, in their own units; none where space is 0."""

    inputs: Sequence[Input]
    waves: list[Wave] = field(default_factory=list)
    left: FloatArray = field(default_factory=lambda: np.empty((0, 0)))

    def plausible(self, unit: FloatArray) -> Bools:
        """Tell which settings [n, d], scaled to 0 to 1, no trusted emulator of any wave rules out."""
        kept = np.ones(len(unit), dtype=np.bool_)
        for fitted in (one for wave in self.waves for one in wave.fitted):
            kept[kept] &= fitted.allows(unit[kept])
        return kept

    def holds(self, settings: FloatArray) -> Bools:
        """Tell the same of settings in their own units."""
        return self.plausible(to_unit(settings, self.inputs))


def match(
    simulate: Simulator,
    inputs: Sequence[Input],
    aims: Sequence[Aim],
    waves: int,
    points: int,
    seed: int,
    fit: Callable[[], Emulator] = GaussianProcess,
) -> History:
    """Run so many waves of so many settings; stop where no space is left.

    ``fit`` makes an emulator that is not fitted yet. Raise ValueError on values that are not finite, on less than two
    settings an input, and on a single replicate, which tells nothing of chance and would rule out the truth.
    """
    if points < 2 * len(inputs):
        raise ValueError(
            f"{points} settings a wave are too few for {len(inputs)} inputs; take {2 * len(inputs)} or more"
        )
    rng = np.random.default_rng(seed)
    history = History(inputs)
    box = latin_hypercube(rng, CANDIDATES, len(inputs))
    for _ in range(waves):
        unit = _left(history, rng, points)
        if not len(unit):
            break
        settings = from_unit(unit, inputs)
        values = simulate(settings)
        if values.ndim == 3 and values.shape[1] < 2:
            raise ValueError("one replicate tells nothing of chance; take two or more")
        if values.shape[::2] != (len(unit), len(aims)) or not np.isfinite(values).all():
            raise ValueError(f"the model gave values {values.shape} that are not finite, or not one for each target")
        fitted = [_fitted(unit, values[:, :, place], aim, fit, rng) for place, aim in enumerate(aims)]
        before = box[history.plausible(box)]
        trial = before if len(before) >= ENOUGH else unit
        alone = [float(one.allows(trial).mean()) for one in fitted]
        history.waves.append(Wave(settings, values, fitted, 0.0, alone))
        history.waves[-1] = replace(history.waves[-1], space=float(history.plausible(box).mean()))
    history.left = from_unit(_left(history, rng, points), inputs)
    return history


def latin_hypercube(rng: np.random.Generator, points: int, inputs: int) -> FloatArray:
    """Return points [n, d] between 0 and 1, one in each of n equal slices of every input (McKay and others 1979)."""
    slices = np.stack([rng.permutation(points) for _ in range(inputs)], axis=1)
    return (slices + rng.random((points, inputs))) / points


def to_unit(settings: FloatArray, inputs: Sequence[Input]) -> FloatArray:
    """Scale settings [n, d] to 0 to 1."""
    low, high = np.array([one.low for one in inputs]), np.array([one.high for one in inputs])
    scaled: FloatArray = (settings - low) / (high - low)
    return scaled


def from_unit(unit: FloatArray, inputs: Sequence[Input]) -> FloatArray:
    """Scale back to the units of the inputs."""
    low, high = np.array([one.low for one in inputs]), np.array([one.high for one in inputs])
    settings: FloatArray = low + unit * (high - low)
    return settings


def _left(history: History, rng: np.random.Generator, points: int) -> FloatArray:
    """Return settings that are not ruled out, from Latin hypercubes of the whole box by rejection.

    They grow until enough points are left; fewer are returned when less than one candidate in 20,000 is.
    """
    inputs = len(history.inputs)
    if not history.waves:
        return latin_hypercube(rng, points, inputs)
    found: list[FloatArray] = []
    size = points
    for _ in range(MOST_ROUNDS):
        candidates = latin_hypercube(rng, size, inputs)
        found.append(candidates[history.plausible(candidates)])
        if sum(map(len, found)) >= points:
            break
        size = min(2 * size, CANDIDATES)
    return np.concatenate(found)[:points]


def _fitted(
    unit: FloatArray, values: FloatArray, aim: Aim, fit: Callable[[], Emulator], rng: np.random.Generator
) -> Fitted:
    """Fit the mean over replicates [n, replicate] of one output, and try the fit on points that were left out."""
    replicates = values.shape[1]
    chance = LocalChance(unit, values.var(axis=1, ddof=1))
    luck = np.sqrt(chance.at(unit))
    noise = luck**2 / replicates
    mean = values.mean(axis=1)
    emulator = fit()
    emulator.fit(unit, mean, noise)
    coverage = held_out_coverage(unit, mean, noise, fit, rng)
    return Fitted(aim, emulator, chance, (float(luck.min()), float(luck.max())), replicates, coverage)


def held_out_coverage(
    unit: FloatArray, mean: FloatArray, noise: FloatArray, fit: Callable[[], Emulator], rng: np.random.Generator
) -> float:
    """Return the share of points whose value lies in the 95 % interval of an emulator fitted without them.

    The points are left out fold by fold; what is predicted is the mean over replicates, chance included.
    """
    inside = 0
    for fold in np.array_split(rng.permutation(len(unit)), FOLDS):
        kept = np.setdiff1d(np.arange(len(unit)), fold)
        emulator = fit()
        emulator.fit(unit[kept], mean[kept], noise[kept])
        predicted, variance = emulator.predict(unit[fold])
        half = 1.959964 * np.sqrt(variance + noise[fold])
        # What is rounding of a constant is no miss.
        inside += int((np.abs(mean[fold] - predicted) <= half + 1e-9 * np.abs(mean[fold])).sum())
    return inside / len(unit)


def lines_of(history: History) -> Iterator[str]:
    """Yield what each wave left, what each output by itself leaves, and every emulator that was not trusted."""
    for number, wave in enumerate(history.waves, start=1):
        yield f"wave {number}: {len(wave.settings)} settings run; of the space {_share(wave.space)} is left"
        for one, alone in zip(wave.fitted, wave.alone, strict=True):
            if one.trusted:
                share = f"{_short(100 * alone)} %" if alone else "nothing"
                yield f"  {one.aim.id}: by itself it leaves {share} of what was left before ({one.in_words})"
            else:
                yield (
                    f"  {one.aim.id}: the emulator's 95 % intervals hold {100 * one.coverage:.0f} % of settings left "
                    f"out, fewer than {100 * LEAST_COVERAGE:.0f} %, so it rules nothing out"
                )
    if not len(history.left):
        yield "no setting is left: the model does not fit the observations within these tolerances"
        enough = [one.aim.id for one, alone in zip(wave.fitted, wave.alone, strict=True) if alone == 0.0]
        if enough:
            yield f"by itself each of these rules out all that was left before: {', '.join(enough)}"


def _short(number: float) -> str:
    return f"{float(f'{number:.2g}'):,g}"


def _share(space: float) -> str:
    if space == 0.0:
        return f"less than {100 / CANDIDATES:g} %"
    return f"{100 * space:.{max(0, 1 - math.floor(math.log10(100 * space)))}f} %"
