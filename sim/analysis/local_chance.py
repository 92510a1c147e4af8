"""How large luck is at each setting: the variance of one run, learnt from the replicates of many settings."""

from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
SHRINKAGE = 0.01
"""Ridge penalty on the slopes, so that a few settings with odd replicates do not make a trend."""
FLOOR = 1e-9
"""Of the mean variance: what replicates that are all alike are taken for, as a logarithm must exist."""


class LocalChance:
    """The variance of one run as a log-linear function of the setting.

    The sample variances of the settings are fitted by a gamma model with a logarithmic link, as a multiple of a
    chi-square is a gamma variable (McCullagh and Nelder, Generalized Linear Models, 2nd ed. 1989, 8.3.5, joint
    modelling of mean and dispersion).
    """

    def __init__(self, unit: FloatArray, variances: FloatArray) -> None:
        """Learn from sample variances [n] at settings [n, d] between 0 and 1."""
        from sklearn.linear_model import GammaRegressor

        self._mean = float(variances.mean())
        self._model: Any = None
        if self._mean > 0.0:
            model = GammaRegressor(alpha=SHRINKAGE, solver="newton-cholesky", tol=1e-8, max_iter=1000)
            self._model = model.fit(unit, np.maximum(variances / self._mean, FLOOR))

    def at(self, unit: FloatArray) -> FloatArray:
        """Return the variance of one run [n] at settings [n, d]."""
        if self._model is None or not len(unit):
            return np.zeros(len(unit))
        return np.asarray(self._mean * self._model.predict(unit), dtype=np.float64)
