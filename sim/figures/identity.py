"""How a regime looks: its colour, marker and line, by its place in the study and never by its name."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Identity:
    """A colour for marks (contrast with white 3 or more), a darker one for text, a marker and a line style."""

    colour: str
    ink: str
    marker: str
    line: str | tuple[float, tuple[float, ...]]


IDENTITIES = (
    Identity("#12436D", "#12436D", "o", "-"),
    Identity("#28A197", "#1B7068", "s", "--"),
    Identity("#F46A25", "#B5451A", "^", "-."),
    Identity("#801650", "#801650", "D", ":"),
    Identity("#3D3D3D", "#3D3D3D", "v", (0.0, (6.0, 1.5, 1.0, 1.5, 1.0, 1.5))),
    Identity("#9B7BCF", "#6C4BA5", "P", (0.0, (1.0, 3.0))),
)
"""Told apart by people who are colour-blind, and by marker and line where a printer has no colour."""


def identities(regimes: Sequence[str]) -> dict[str, Identity]:
    """Give each regime of a study its look in the order of the study; beyond six they begin again."""
    return {regime: IDENTITIES[place % len(IDENTITIES)] for place, regime in enumerate(regimes)}
