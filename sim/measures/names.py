"""What tables call the areas, payers and providers whose codes they hold."""

from collections import Counter
from collections.abc import Mapping, Set
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.governance.matrix import GROUPS
from sim.measures.ledger_rows import payer_code
from sim.measures.rows import NATION, NATIONAL, PAYER, PLACE, PROVIDER
from sim.model.result import RunResult

if TYPE_CHECKING:
    from sim.world.places import Places
    from sim.world.world import World

MOST_UNITS_NAMED = 3

Names = Mapping[tuple[str, str], str]
"""The name of a code in a geography."""


def names_of(world: "World", result: RunResult) -> Names:
    """Return the names of all areas, payers and providers of a run by geography and code."""
    places = world.places
    names = {(PLACE, code): name for code, name in zip(places.codes, places.names, strict=True)}
    for level, codes in places.unit_codes.items():
        names |= {(level, code): name for code, name in zip(codes, places.unit_names[level], strict=True)}
    names |= {(PROVIDER, code): name for code, name in zip(world.providers.ids, world.providers.names, strict=True)}
    codes_of_payers = [payer_code(identity) for identity in result.account_identities]
    names |= {(PAYER, code): name for code, name in zip(codes_of_payers, payer_names(places, result), strict=True)}
    return {**names, (NATIONAL, NATION): NATION}


def payer_names(places: "Places", result: RunResult) -> list[str]:
    """Name every account by those who bear it: ``NHS Kent and Medway (icb_2022)``, ``North West (...) with ...``.

    A body that is no unit of a level is told by the units, or the places, for which the account pays. Accounts that
    would share a name carry their code; one whose money is kept for a group of services is named by that too.
    """
    known = unit_names(places, set(result.account_bearers.ravel().tolist()))
    found = []
    accounts = zip(result.account_bearers, result.account_line.tolist(), result.account_places, strict=True)
    for bearers, line, inside in accounts:
        bodies = [known.get(one, "") for one in bearers.tolist() if one]
        name = " with ".join(bodies) if all(bodies) else told_by_places(places, inside)
        found.append(name if line < 0 else f"{name}, {GROUPS[line].replace('_', ' ')}")
    often = Counter(found)
    codes = [payer_code(identity) for identity in result.account_identities]
    return [name if often[name] == 1 else f"{name} [{code}]" for name, code in zip(found, codes, strict=True)]


def unit_names(places: "Places", wanted: Set[int]) -> dict[int, str]:
    """Return the name and level of every unit by its identity.

    Of several levels that have the same unit, that to which most of the wanted ones belong names it.
    """
    from sim.governance.seats import unit_identities  # compiles rules, which measuring alone never needs

    by_level = unit_identities(places)
    members = {level: len(wanted & set(identities.tolist())) for level, identities in by_level.items()}
    found: dict[int, str] = {}
    for level, identities in sorted(by_level.items(), key=lambda entry: -members[entry[0]]):
        for identity, unit in zip(identities.tolist(), places.unit_of[level].tolist(), strict=True):
            found.setdefault(identity, f"{places.unit_names[level][unit]} ({level})")
    return found


def told_by_places(places: "Places", inside: npt.NDArray[np.bool_]) -> str:
    """Name the places marked in bool[P]: by a few whole units of the first level that has them, or by their number."""
    for level, unit_of in places.unit_of.items():
        units = np.unique(unit_of[inside])
        if units.size <= MOST_UNITS_NAMED and np.array_equal(np.isin(unit_of, units), inside):
            return f"{' and '.join(places.unit_names[level][unit] for unit in units)} ({level})"
    first = places.names[int(inside.argmax())]
    return f"{int(inside.sum())} places, {first} first"
