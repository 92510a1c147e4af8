"""Providers: the centres that treat, as ordinary Mesa agents over the columns of their offers."""

from typing import Any

import numpy as np

from sim.agents.organisation import Organisation


class Provider(Organisation):
    """One provider; what it offers, its queues and its income are read from the state of the run."""

    @property
    def code(self) -> str:
        """Return the provider's id."""
        return str(self.model.state.world.providers.ids[self.row])

    @property
    def name(self) -> str:
        """Return the provider's name."""
        return str(self.model.state.world.providers.names[self.row])

    @property
    def generated(self) -> bool:
        """Tell whether this is a generated local site, not a known provider."""
        return bool(self.model.state.world.providers.generated[self.row])

    def _cells(self) -> Any:
        return np.flatnonzero(self.model.state.cells.provider == self.row)

    @property
    def services(self) -> tuple[str, ...]:
        """Return the ids of the services it offers now: those for which it has capacity."""
        state = self.model.state
        offered = [cell for cell in self._cells() if state.capacity[cell] > 0.0]
        return tuple(state.world.services.ids[state.cells[cell].service] for cell in offered)

    @property
    def queued(self) -> int:
        """Count the patients who wait for a slot here."""
        return int(self.model.state.cells.queued[self._cells()].sum())

    @property
    def occupied(self) -> int:
        """Count the places in use by ongoing treatment."""
        return int(self.model.state.cells.occupied[self._cells()].sum())

    @property
    def cases_this_year(self) -> int:
        """Count the starts since April."""
        return int(self.model.state.cells.cases[self._cells()].sum())

    @property
    def income_pence(self) -> int:
        """Return what it has been paid since the first month."""
        return int(self.model.state.ledger.provider_income[self.row])
