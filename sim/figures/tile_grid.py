"""The tile grid: one tile for each integrated care board, roughly where it lies in England."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sim.world.world import DATA_DIRECTORY


@dataclass(frozen=True)
class Tile:
    """One area of the map: its code, its short name, its region, and its place counted from the top left."""

    code: str
    short_name: str
    region: str
    row: int
    column: int


@cache
def load_tile_grid(path: Path = DATA_DIRECTORY / "tile_grid.csv") -> tuple[Tile, ...]:
    """Read the tiles, sorted by code; raise ValueError when two share a place or a code."""
    with path.open(encoding="utf-8", newline="") as file:
        tiles = tuple(
            Tile(row["icb_code"], row["short_name"], row["nhs_region"], int(row["row"]), int(row["col"]))
            for row in csv.DictReader(file)
        )
    for what, seen in (("code", {t.code for t in tiles}), ("place", {(t.row, t.column) for t in tiles})):
        if len(seen) != len(tiles):
            raise ValueError(f"{path}: two tiles share one {what}")
    return tuple(sorted(tiles, key=lambda tile: tile.code))
