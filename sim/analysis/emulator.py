"""A Gaussian process that stands in for the model between the points of a design, and how well it foretells.

Kernel: Matérn 5/2 with a length of its own for every input, and white noise (Rasmussen and Williams 2006). Luck that
the replicates show is added to the diagonal, so the process is fitted to the expected output.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.analysis.space import CannotAnalyseError, FloatArray, Space

FOLDS = 5
LEAST_R2 = 0.6
LEAST_COVERAGE = 0.85
"""Below these a stand-in is refused: the share of held-out variance it explains, and of 95 % intervals it keeps."""
POINTS_PER_INPUT = 5
RESTARTS = 2
LENGTHS = (0.05, 100.0)
"""Lengths over which an output may change, as shares of an input's range; the longest means that it does not."""
NORMAL_95 = 1.959963984540054
JITTER = 1e-8


@dataclass(frozen=True)
class Emulator:
    """A fitted process; numbers inside are of the output less ``centre``, in units of ``scale``."""

    space: Space
    process: Any
    centre: float
    scale: float
    luck: float  # variance of a training mean, in units of scale squared

    def expected(self, points: FloatArray) -> FloatArray:
        """Return the expected output at points [P, inputs]."""
        signal = self.process.kernel_.k1
        covariance = signal(self.space.features(points), self.process.X_train_)
        return np.asarray(self.centre + self.scale * (covariance @ self.process.alpha_), dtype=np.float64)

    def foretold(self, points: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return means, and the standard deviation of a mean over replicates that would be run there."""
        mean, deviation = self.process.predict(self.space.features(points), return_std=True)
        return self.centre + self.scale * mean, self.scale * np.sqrt(deviation**2 + self.luck)

    def realisations(self, points: FloatArray, count: int, rng: np.random.Generator) -> FloatArray:
        """Draw whole functions that the runs allow, at points [count, P]; they differ where runs leave doubt."""
        from scipy.linalg import cholesky, solve_triangular

        signal, features = self.process.kernel_.k1, self.space.features(points)
        cross = signal(self.process.X_train_, features)
        explained = solve_triangular(self.process.L_, cross, lower=True)
        covariance = signal(features) - explained.T @ explained
        covariance[np.diag_indices_from(covariance)] += JITTER * max(float(np.diag(signal(features)).mean()), JITTER)
        root = cholesky(_positive(covariance), lower=True)
        draws = cross.T @ self.process.alpha_ + rng.standard_normal((count, len(points))) @ root.T
        return np.asarray(self.centre + self.scale * draws, dtype=np.float64)


@dataclass(frozen=True)
class HeldOut:
    """How well folds were foretold from the others: R², and the share of points inside their 95 % interval."""

    r2: float
    coverage: float


def fit(space: Space, points: FloatArray, means: FloatArray, luck: float, seed: int) -> Emulator:
    """Fit the process to means over replicates [P] with variance ``luck`` each (nan where it is not known).

    Raise CannotAnalyseError on fewer points than five times the inputs.
    """
    least = POINTS_PER_INPUT * space.inputs
    if len(points) < least:
        raise CannotAnalyseError(f"{len(points)} points are too few to learn from: {space.inputs} inputs want {least}")
    centre, scale = float(means.mean()), float(means.std())
    variance = 0.0 if math.isnan(luck) else luck / scale**2
    return _fitted(space, points, means, (centre, scale, variance), seed)


def held_out(emulator: Emulator, points: FloatArray, means: FloatArray, seed: int) -> HeldOut:
    """Foretell every point from a process that has not seen it nor the others of its fold; nothing is refused here."""
    order = np.random.default_rng([seed, len(points)]).permutation(len(points))
    foretold, deviation = np.empty_like(means), np.empty_like(means)
    scales = (emulator.centre, emulator.scale, emulator.luck)
    for fold in np.array_split(order, FOLDS):
        rest = np.setdiff1d(order, fold)
        trained = _fitted(emulator.space, points[rest], means[rest], scales, seed, emulator.process.kernel_)
        foretold[fold], deviation[fold] = trained.foretold(points[fold])
    missed = ((means - foretold) ** 2).sum()
    r2 = 1.0 - float(missed / ((means - means.mean()) ** 2).sum())
    return HeldOut(r2, float((np.abs(means - foretold) <= NORMAL_95 * deviation).mean()))


def check_score(score: HeldOut) -> None:
    """Raise CannotAnalyseError on an emulator that foretells too badly to stand in for the model."""
    if not (score.r2 >= LEAST_R2 and score.coverage >= LEAST_COVERAGE):
        raise CannotAnalyseError(
            f"the emulator foretells points that it has not seen too badly: R² {score.r2:.2f} (least {LEAST_R2}), "
            f"{100 * score.coverage:.0f} % of them inside the 95 % interval (least {100 * LEAST_COVERAGE:.0f} %); "
            "more points or replicates help, or fewer inputs"
        )


def _fitted(
    space: Space,
    points: FloatArray,
    means: FloatArray,
    scales: tuple[float, float, float],
    seed: int,
    start: Any = None,
) -> Emulator:
    """Fit with some restarts, or from the kernel of a fit that is near."""
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.gaussian_process import GaussianProcessRegressor

    centre, scale, luck = scales
    features = space.features(points)
    process = GaussianProcessRegressor(
        kernel=start if start is not None else _kernel(features.shape[1]),
        alpha=luck + JITTER,
        n_restarts_optimizer=RESTARTS if start is None else 0,
        random_state=seed % 2**32,
    )
    with warnings.catch_warnings():
        # An input that does nothing has its length at the bound, of which the library warns.
        warnings.simplefilter("ignore", ConvergenceWarning)
        process.fit(features, (means - centre) / scale)
    return Emulator(space, process, centre, scale, luck)


def _kernel(features: int) -> Any:
    from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel

    signal = ConstantKernel(1.0, (1e-3, 1e3)) * Matern(np.ones(features), LENGTHS, nu=2.5)
    return signal + WhiteKernel(1e-2, (1e-8, 1.0))


def _positive(covariance: FloatArray) -> FloatArray:
    """Return a covariance that rounding has not made indefinite: a little more on the diagonal where it has."""
    from scipy.linalg import LinAlgError, cholesky

    more = JITTER * float(np.diag(covariance).mean())
    for _ in range(6):
        try:
            cholesky(covariance, lower=True)
        except LinAlgError:
            covariance = covariance + more * np.eye(len(covariance))
            more *= 10.0
        else:
            return covariance
    raise CannotAnalyseError("the emulator's covariance cannot be factored; two points may be all but the same")
