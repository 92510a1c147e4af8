"""Commissioners: the units that hold money, as ordinary Mesa agents over the columns of their accounts."""

import numpy as np

from sim.agents.organisation import Organisation


class Commissioner(Organisation):
    """One holder of a budget; its plan, spending and queue are read from the state of the run."""

    @property
    def identity(self) -> int:
        """Return the hash of the places it serves, or of the two who share the money, whatever they are called."""
        return int(self.model.government.payers.identities[self.row])

    @property
    def places(self) -> tuple[str, ...]:
        """Return the codes of the places for which it pays for at least one service."""
        state = self.model.state
        rows = np.flatnonzero((state.ledger.account_of == self.row).any(axis=1))
        return tuple(state.world.places.codes[row] for row in rows)

    @property
    def population(self) -> int:
        """Count the people for whom it pays."""
        state = self.model.state
        return int(state.world.places.population[(state.ledger.account_of == self.row).any(axis=1)].sum())

    @property
    def services(self) -> tuple[str, ...]:
        """Return the ids of the services it pays for."""
        state = self.model.state
        columns = np.flatnonzero((state.ledger.account_of == self.row).any(axis=0))
        return tuple(state.world.services.ids[column] for column in columns)

    @property
    def plan_pence(self) -> int:
        """Return this year's plan, last year's balance included (the last year's once the run is over)."""
        plan = self.model.government.books.plan
        return int(plan[self.row, min(self.model.state.year, plan.shape[1] - 1)])

    @property
    def spent_pence(self) -> int:
        """Return what it has paid since April."""
        return int(self.model.state.accounts.spent[self.row])

    @property
    def committed_pence(self) -> int:
        """Return what it has agreed to and not yet paid."""
        return int(self.model.state.accounts.committed[self.row])

    @property
    def queued(self) -> int:
        """Count the patients who wait for its agreement."""
        return int(self.model.state.accounts.queued[self.row])
