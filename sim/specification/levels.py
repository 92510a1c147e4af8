"""The levels at which a function can be held: the geographies of the footprints table."""

from collections.abc import Mapping
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


def known_levels() -> tuple[str, ...]:
    """Return the level ids that the footprints table has units for."""
    return tuple(unit_counts())


@cache
def unit_counts() -> Mapping[str, int]:
    """Return how many units each level has, counted in the footprints table."""
    from sim.world.places import LEVEL_COLUMNS
    from sim.world.tables import read_table
    from sim.world.world import DATA_DIRECTORY

    columns = {level: code_column for level, (code_column, _) in LEVEL_COLUMNS.items()}
    table = read_table(DATA_DIRECTORY / "footprints.csv", dict.fromkeys(columns.values()))
    return {level: len({row[column] for row in table.rows}) for level, column in columns.items()}


def in_words(level: str) -> str:
    """Word a level with the number of its units: ``10 strategic health authorities (2006)``."""
    units = unit_counts().get(level, 0)
    name = _PLURALS.get(level, level)
    return name if units == 1 else f"{units} {name}"


def level_hint(level: str) -> str:
    """Word the suggestion for a level that does not exist."""
    return did_you_mean(level, known_levels(), listing="levels")
