"""A Gaussian process as an emulator: what a model would give at settings where it was not run, and how surely."""

import warnings
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
RESTARTS = 2
SEED = 0
"""Of the search for the scales; the same points always give the same emulator."""


class Emulator(Protocol):
    """What history matching needs of an emulator; any class with these two methods will do."""

    def fit(self, x: FloatArray, y: FloatArray, noise_variance: FloatArray) -> None:
        """Learn values [n] at settings [n, d] between 0 and 1, each known up to a variance [n]."""

    def predict(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return mean and variance [n] of the value without noise at settings [n, d]."""


class GaussianProcess:
    """A plane through the points, and a Gaussian process with a length for each input around it.

    The process is that of scikit-learn (Rasmussen and Williams, Gaussian Processes for Machine Learning, 2006,
    algorithm 2.1); its scales are those of the greatest likelihood. Linear algebra has one thread: of matrices this
    small more spend their time on waiting for each other.
    """

    def __init__(self) -> None:
        self._plane: FloatArray = np.zeros(1)
        self._scale = 1.0
        self._process: Any = None

    def fit(self, x: FloatArray, y: FloatArray, noise_variance: FloatArray) -> None:
        """Fit the plane by least squares, then the process to what is left of it."""
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.gaussian_process import GaussianProcessRegressor
        from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel
        from threadpoolctl import threadpool_limits

        self._plane = np.asarray(np.linalg.lstsq(_with_one(x), y, rcond=None)[0], dtype=np.float64)
        rest = y - _with_one(x) @ self._plane
        self._scale = float(rest.std()) or 1.0
        lengths = RBF(np.full(x.shape[1], 0.5), (0.05, 20.0))
        kernel = ConstantKernel(1.0, (1e-3, 1e3)) * lengths + WhiteKernel(1e-4, (1e-8, 1.0))
        process = GaussianProcessRegressor(
            kernel, alpha=noise_variance / self._scale**2 + 1e-10, n_restarts_optimizer=RESTARTS, random_state=SEED
        )
        with threadpool_limits(1), warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # a scale at its bound is no failure
            self._process = process.fit(x, rest / self._scale)

    def predict(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return mean and variance; raise ValueError before the fit."""
        if self._process is None:
            raise ValueError("the emulator is not fitted yet")
        if not len(x):
            return np.empty(0), np.empty(0)
        from threadpoolctl import threadpool_limits

        with threadpool_limits(1):
            mean, deviation = self._process.predict(x, return_std=True)
        return _with_one(x) @ self._plane + self._scale * mean, (self._scale * deviation) ** 2


def _with_one(x: FloatArray) -> FloatArray:
    return np.column_stack([np.ones(len(x)), x])
