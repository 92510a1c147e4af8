"""The levels at which a function can be held: the geographies of the footprints table."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from sim.settings.hints import did_you_mean

_PLURALS: Mapping[str, str] = {
    "nation": "the national body",
    "nhs_region_2022": "NHS regions (2022)",
    "nhs_region_2013": "NHS regions (2013)",
    "spec_hub_2013": "specialised commissioning hubs (2013)",
    "area_team_2013": "area teams (2013)",
    "sha_2006": "strategic health authorities (2006)",
    "joint_committee_2023": "joint committees (2023)",
    "icb_2022": "integrated care boards (2022)",
    "icb_2026": "integrated care boards (2026)",
    "sub_icb_2022": "sub-ICB locations (2022)",
    "pct_2006_ods": "primary care trusts (2006)",
    "ccg_2013": "clinical commissioning groups (2013)",
}


MOST_NAMED = 3


def known_levels() -> tuple[str, ...]:
    """Return the level ids that the footprints table has units for."""
    return tuple(unit_counts())


def unit_counts() -> Mapping[str, int]:
    """Return how many units each level has, counted in the footprints table."""
    return {level: len(units) for level, units in known_units().items()}


@cache
def known_units() -> Mapping[str, Mapping[str, str]]:
    """Return the units of each level as the footprints table has them: names by code."""
    from sim.world.places import LEVEL_COLUMNS
    from sim.world.tables import read_table
    from sim.world.world import DATA_DIRECTORY

    pairs = LEVEL_COLUMNS.values()
    table = read_table(DATA_DIRECTORY / "footprints.csv", dict.fromkeys(column for pair in pairs for column in pair))
    return {
        level: dict(sorted((row[code].strip(), row[name].strip()) for row in table.rows))
        for level, (code, name) in LEVEL_COLUMNS.items()
    }


def unit_codes(level: str, name: str) -> tuple[str, ...]:
    """Return the codes of the units of a level that have this code or name; none when nothing is called so."""
    known = known_units().get(level, {})
    if name in known:
        return (name,)
    return tuple(code for code, called in known.items() if called == name)


def units_in_words(level: str, codes: Iterable[str]) -> str:
    """Name units: ``North West and London``; semicolons part names of which one has a comma."""
    known = known_units().get(level, {})
    names = [known.get(code, code) for code in codes]
    comma = "; " if any("," in name for name in names) else ", "
    return names[0] if len(names) == 1 else f"{comma.join(names[:-1])} and {names[-1]}" if names else "no unit"


def in_words(level: str) -> str:
    """Word a level with the number of its units: ``10 strategic health authorities (2006)``."""
    units = unit_counts().get(level, 0)
    name = _PLURALS.get(level, level)
    return name if units == 1 else f"{units} {name}"


def some_in_words(level: str) -> str:
    """Word those units of a level that are meant, without a number: ``the strategic health authorities (2006)``."""
    name = _PLURALS.get(level, level)
    return name if name.startswith("the ") else f"the {name}"


def torn_unit(level: str, items: Sequence[str]) -> tuple[str, int]:
    """Return the unit whose name a list begins with in pieces, torn at its commas, and the number of pieces.

    A part of the name is enough if it has a comma. Without such a unit the name is empty and there is one piece.
    """
    names = [name for name in known_units().get(level, {}).values() if "," in name]
    for pieces in range(len(items), 1, -1):
        written = ", ".join(items[:pieces]).casefold()
        for name in names:
            if written in name.casefold():
                return name, pieces
    return "", 1


def comma_hint(level: str, name: str) -> str:
    """Word the fix for a name that was read as several, because it has a comma."""
    codes = " or ".join(unit_codes(level, name))
    return f'a comma ends a name here; put it in quotation marks: "{name}", or write the code {codes}'


def unit_hint(level: str, name: str) -> str:
    """Word the suggestion for a unit that a level does not have, or for a name that several units have."""
    known = known_units()[level]
    codes = unit_codes(level, name)
    if codes:
        return f"write a code: {', '.join(codes)}"
    words = dict.fromkeys([*known.values(), *known])
    holding = [word for word in words if name.casefold() in word.casefold()]
    whole = f"did you mean {' or '.join(f'`{word}`' for word in holding[:MOST_NAMED])}?"
    suggestion = whole if holding else did_you_mean(name, words)
    listed = f"`sim explain {level}` lists them by code and name"
    return f"{suggestion}  ({listed})" if suggestion else listed


def level_hint(level: str) -> str:
    """Word the suggestion for a level that does not exist."""
    return did_you_mean(level, known_levels(), listing="levels")
