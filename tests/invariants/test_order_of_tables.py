"""The order of rows in the tables of England changes no run: places, services and providers sort themselves."""

import shutil
from dataclasses import replace
from pathlib import Path

from sim.world.world import DATA_DIRECTORY, TABLES, load_england
from tests.builders import differing, held_by, result_of, spec_of
from tests.world.editable import Tables

SHUFFLED = tuple(name for name in TABLES if name != "life_table.csv")
ONE_OF_EACH_KIND = ("ert_gaucher", "heart_transplant", "paediatric_intensive_care")


def test_shuffled_tables_give_the_same_run(tmp_path: Path) -> None:
    shutil.copytree(DATA_DIRECTORY, tmp_path, dirs_exist_ok=True)
    tables = Tables(tmp_path)
    for name in SHUFFLED:
        tables.edit(name, lambda rows: rows[1::2] + rows[::2][::-1])

    packaged, shuffled = load_england(), load_england(tmp_path)

    spec = spec_of(packaged, held_by("icb_2022"), {"portfolio.specialised_spend_gbp_m": 16_050.0})
    spec = replace(spec, services=ONE_OF_EACH_KIND, twin_sets=1)
    assert shuffled.sources_hash != packaged.sources_hash
    assert differing(result_of(packaged, spec), result_of(shuffled, spec)) == []
