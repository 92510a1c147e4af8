"""Places: where people live, and the unit of every level that each place belongs to."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.world.tables import FloatArray, IndexArray, LongArray, SmallArray, Table, read_table

LEVEL_COLUMNS: Mapping[str, tuple[str, str]] = {
    "nation": ("nation", "nation"),
    "nhs_region_2022": ("nhs_region_2022_code", "nhs_region_2022"),
    "nhs_region_2013": ("nhs_region_2013_code", "nhs_region_2013"),
    "spec_hub_2013": ("spec_hub_2013_code", "spec_hub_2013"),
    "area_team_2013": ("area_team_2013_code", "area_team_2013"),
    "sha_2006": ("sha_2006", "sha_2006_name"),
    "joint_committee_2023": ("joint_committee_2023", "joint_committee_2023"),
    "icb_2022": ("icb_2022", "icb_2022_name"),
    "icb_2026": ("icb_2026", "icb_2026_name"),
    "sub_icb_2022": ("sub_icb_2022", "sub_icb_2022"),
    "pct_2006_ods": ("pct_2006_ods", "pct_2006_name"),
    "ccg_2013": ("ccg_2013", "ccg_2013_name"),
}
"""Level id -> the columns of footprints.csv that hold a unit's code and its name."""


PLACE_COLUMNS = (
    "place_code",
    "place_name",
    "population",
    "lat",
    "lon",
    "area_km2",
    "imd2019_score",
    "rural_share",
    "age0_15_share",
    "age65plus_share",
)


@dataclass(frozen=True)
class Places:
    """P places sorted by code; every one lies in exactly one unit of every level."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    population: LongArray  # [P] people
    latitude: FloatArray  # [P] degrees
    longitude: FloatArray  # [P] degrees
    area_km2: FloatArray  # [P]
    imd_score: FloatArray  # [P] index of multiple deprivation, higher = more deprived
    rural_share: FloatArray  # [P] of people
    share_0_15: FloatArray  # [P] of people
    share_65_plus: FloatArray  # [P] of people
    deprivation_rank: FloatArray  # [P] population-weighted mid-rank, 0 = least deprived, 1 = most
    deprivation_fifth: SmallArray  # [P] 1 = most deprived fifth of the population ... 5 = least
    unit_of: Mapping[str, IndexArray]  # level id -> [P] index of the unit that holds the place
    unit_codes: Mapping[str, tuple[str, ...]]  # level id -> codes, sorted
    unit_names: Mapping[str, tuple[str, ...]]  # level id -> names in the order of the codes


@dataclass(frozen=True)
class Units:
    """The units of every level, for places in a given order."""

    unit_of: Mapping[str, IndexArray]
    unit_codes: Mapping[str, tuple[str, ...]]
    unit_names: Mapping[str, tuple[str, ...]]


def load_places(places_path: Path, footprints_path: Path) -> Places:
    """Read places.csv and footprints.csv; raise DataError naming every cell that is wrong."""
    table = read_table(places_path, PLACE_COLUMNS)
    codes, names = table.codes("place_code"), table.texts("place_name")
    people = table.whole_numbers("population")
    numbers = {
        "latitude": table.numbers("lat", -90, 90),
        "longitude": table.numbers("lon", -180, 180),
        "area_km2": table.numbers("area_km2"),
        "imd_score": table.numbers("imd2019_score", 0, 100),
        "rural_share": table.numbers("rural_share", 0, 1),
        "share_0_15": table.numbers("age0_15_share", 0, 1),
        "share_65_plus": table.numbers("age65plus_share", 0, 1),
    }
    for row in np.flatnonzero(numbers["share_0_15"] + numbers["share_65_plus"] > 1):
        old = table.rows[row]["age65plus_share"]
        table.wrong(int(row), "age65plus_share", old, "at most 1 together with age0_15_share")
    if people.sum() == 0:
        table.wrong(-1, "population", "0 in all", "somebody living somewhere")
    table.finish()

    order = sorted(range(len(codes)), key=lambda row: codes[row])
    numbers = {field: values[order] for field, values in numbers.items()}
    rank = deprivation_rank(numbers["imd_score"], people[order])
    codes = tuple(codes[row] for row in order)
    units = load_units(footprints_path, codes)
    return Places(
        codes=codes,
        names=tuple(names[row] for row in order),
        population=people[order],
        deprivation_rank=rank,
        deprivation_fifth=deprivation_fifth(rank),
        unit_of=units.unit_of,
        unit_codes=units.unit_codes,
        unit_names=units.unit_names,
        **numbers,
    )


def load_units(path: Path, place_codes: tuple[str, ...]) -> Units:
    """Read the unit of every level that holds each place; raise DataError when a place is missing."""
    pairs = LEVEL_COLUMNS.values()
    table = read_table(path, dict.fromkeys(["place_code", *(column for pair in pairs for column in pair)]))
    row_of = {code: row for row, code in enumerate(table.codes("place_code"))}
    known = set(place_codes)
    for code, row in row_of.items():
        if code not in known:
            table.wrong(row, "place_code", code, "a place of places.csv")
    for code in place_codes:
        if code not in row_of:
            table.wrong(-1, "place_code", f"no row for {code}", "one row for each place of places.csv")
    names = {level: _names_by_code(table, *columns) for level, columns in LEVEL_COLUMNS.items()}
    table.finish()

    unit_of, unit_codes = {}, {}
    for level, (code_column, _) in LEVEL_COLUMNS.items():
        unit_codes[level] = tuple(sorted(names[level]))
        index = {code: unit for unit, code in enumerate(unit_codes[level])}
        held_by = [index[table.rows[row_of[place]][code_column].strip()] for place in place_codes]
        unit_of[level] = np.array(held_by, dtype=np.int32)
    unit_names = {level: tuple(names[level][code] for code in unit_codes[level]) for level in unit_codes}
    return Units(unit_of, unit_codes, unit_names)


def _names_by_code(table: Table, code_column: str, name_column: str) -> dict[str, str]:
    """Pair each unit's code with its name; two names for one code are a problem."""
    names: dict[str, str] = {}
    for row, (code, name) in enumerate(zip(table.texts(code_column), table.texts(name_column), strict=True)):
        if names.setdefault(code, name) != name:
            table.wrong(row, name_column, name, f"one name for {code} (elsewhere {names[code]})")
    return names


def deprivation_rank(score: FloatArray, population: LongArray) -> FloatArray:
    """Rank places by deprivation as the share of people who live in less deprived places, float64[P].

    A place stands in the middle of its own people; places with equal scores share one rank.
    """
    levels, group = np.unique(score, return_inverse=True)
    people = np.bincount(group, weights=population.astype(np.float64), minlength=len(levels))
    middle = np.cumsum(people) - people / 2
    return np.asarray((middle / people.sum())[group], dtype=np.float64)


def deprivation_fifth(rank: FloatArray) -> SmallArray:
    """Cut the deprivation rank into fifths of the population, int8[P]: 1 = most deprived ... 5 = least."""
    return np.asarray(np.clip(5 - np.floor(rank * 5), 1, 5), dtype=np.int8)
