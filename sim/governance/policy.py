"""Policy: which treatments are routinely funded, and since when."""

import numpy as np
import numpy.typing as npt

from sim.world.services import Services


def routinely_funded(services: Services, calendar_month: int, places: int) -> npt.NDArray[np.int8]:
    """Return where each treatment is routinely funded in a month, int8[P, S].

    ``calendar_month`` counts from January 1900. Established services are funded everywhere; a technology
    that came later is funded from the date of the catalogue.
    """
    funded = (services.available_from_month <= calendar_month).astype(np.int8)
    return np.repeat(funded[np.newaxis], places, axis=0)
