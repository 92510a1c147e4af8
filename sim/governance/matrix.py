"""A regime is a matrix: four functions, each held at a level, for each group of services."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sim.governance.levers import Levers

Lead = Literal["holder", "partner", "none"]
Function = Literal["policy", "budget", "contracting", "cases"]
FUNCTIONS: tuple[Function, ...] = ("policy", "budget", "contracting", "cases")
Group = Literal["highly_specialised", "specialised_retained", "specialised_delegable"]
GROUPS: tuple[Group, ...] = ("highly_specialised", "specialised_retained", "specialised_delegable")


@dataclass(frozen=True)
class Cell:
    """Who holds one function: a level, and, for money, the level at which it is pooled and spent.

    A ``partner`` is a level whose units share the function; ``lead`` says who leads, "none" that nobody clearly
    does. With ``elsewhere`` all this holds only in places inside the units of ``where`` (level and unit codes), and
    with ``as_one`` all who hold it there act as one body.
    """

    holder: str
    pooled_at: str | None = None
    partner: str | None = None
    lead: Lead = "holder"
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    elsewhere: "Cell | None" = None
    as_one: bool = False

    @property
    def held_at(self) -> str:
        """Name the level on the holder's side: where the money is pooled, otherwise the holder."""
        return self.pooled_at or self.holder

    @property
    def decides_at(self) -> str:
        """Name the level whose units decide: the partner when it leads, otherwise the holder's side."""
        return self.partner if self.partner is not None and self.lead == "partner" else self.held_at


Row = Mapping[Function, Cell]


@dataclass(frozen=True)
class Regime:
    """One commissioning regime: the matrix, the levers, and nothing that acts beside them.

    ``listed`` overrides the row of the services it names, whatever their group.
    ``benchmark`` marks the comparison case in which every mechanism is off, ``with_distance`` one in which distance
    still matters, which shows what geography alone does.
    """

    id: str
    matrix: Mapping[Group, Row]
    levers: Levers = field(default_factory=Levers)
    listed: Mapping[str, Row] = field(default_factory=dict)
    title: str = ""
    benchmark: bool = False
    with_distance: bool = False

    def cell(self, service_id: str, group: Group, function: Function) -> Cell:
        """Return the cell that governs one function of one service."""
        row = self.listed.get(service_id, self.matrix[group])
        return row[function]
