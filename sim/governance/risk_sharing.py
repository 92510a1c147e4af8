"""Risk sharing: what several accounts bear together, each by its part."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]


def borne_together(own: Floats, plan: Floats, bearer: Longs, part: Floats) -> Floats:
    """Return each account's headroom (or balance) when bearers carry parts of several accounts, float64[A].

    ``own`` and ``plan`` are float64[A]; ``bearer`` int64[A, B] are those who carry an account, ``part`` float64[A, B]
    how much of it (rows sum to 1). Everyone who bears pools their parts and divides the pool as the plans of the
    parts were: Σ_b (part·plan)/Σ(part·plan) · Σ part·own. The sum over accounts stays what it was; where nothing was
    planned, every account keeps its own.
    """
    size = int(bearer.max(initial=-1)) + 1
    weight = part * plan[:, np.newaxis]
    pool = np.bincount(bearer.ravel(), (part * own[:, np.newaxis]).ravel(), size)
    total = np.bincount(bearer.ravel(), weight.ravel(), size)[bearer]
    planned = total > 0.0
    share = np.divide(weight, total, out=np.zeros_like(weight), where=planned)
    borne: Floats = np.where(planned, share * pool[bearer], part * own[:, np.newaxis]).sum(axis=1)
    return borne


def whole_pence(amounts: Floats, total: int) -> Longs:
    """Round amounts that add up to a whole total so that they still do: what is left goes to the largest remainders."""
    down = np.floor(amounts)
    found: Longs = down.astype(np.int64)
    left = total - int(found.sum())
    found[np.argsort(down - amounts, kind="stable")[:left]] += 1
    return found
