"""The map is right, readable in grey, spoken for those who do not see it, and the same every time."""

import csv
import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from matplotlib.patches import Rectangle

from sim.figures.output import Finished, write_figure
from sim.figures.overlap import layout_problems
from sim.figures.style import WIDE_MM, styled
from sim.figures.tile_grid import load_tile_grid
from sim.figures.tile_map import NAME_PT, draw_tile_map
from sim.figures.tile_words import Panel, TileMapContent
from sim.figures.words import Estimate
from tests.figures.maps import content, panel

FONT = "DejaVu Sans"  # comes with matplotlib, so these tests see one layout on every machine
TILES = load_tile_grid()


def draw(given: TileMapContent) -> Finished:
    with styled(FONT):
        return draw_tile_map(given, TILES)


def written(given: TileMapContent, folder: Path) -> dict[str, Path]:
    with styled(FONT):
        paths = write_figure(draw_tile_map(given, TILES), folder)
    return {path.name: path for path in paths}


def many() -> tuple[Panel, ...]:
    return tuple(panel(name) for name in ("national_2013", "scg_2006", "ics_2022", "ccg_cocommission_2014"))


@pytest.mark.parametrize(
    "given",
    [
        content(),
        content(panel("national_2013")),
        content(panel("national_2013"), panel("scg_2006")),
        content(*many(), panel("equal_access", 0.99)),
        content(panel("national_2013", 0.02), panel("a_regime_with_a_name_much_longer_than_any_that_is_shipped", 0.99)),
    ],
)
def test_no_text_overlaps_or_leaves_the_page(given: TileMapContent) -> None:
    with styled(FONT):
        assert layout_problems(draw_tile_map(given, TILES).page.figure) == []


def test_every_tile_holds_its_own_text() -> None:
    with styled(FONT):
        figure = draw_tile_map(content(), TILES).page.figure
        tiled = [axes for axes in figure.axes if len(axes.texts) == 2 * len(TILES)]
        for axes in tiled:
            boxes = [patch.get_window_extent() for patch in axes.patches]
            for number, text in enumerate(axes.texts):
                inside, tile = text.get_window_extent(), boxes[number // 2]
                assert tile.x0 < inside.x0
                assert inside.x1 < tile.x1
                assert tile.y0 < inside.y0
                assert inside.y1 < tile.y1

    assert len(tiled) == 3


def test_all_text_keeps_the_margins() -> None:
    wide = Estimate(0.18, 0.1590, 0.2010)
    panels = [replace(shown, tau=replace(wide, low=-0.0039, high=0.3639)) for shown in content().panels]
    with styled(FONT):
        figure = draw_tile_map(content(*panels), TILES).page.figure
        boxes = [text.get_window_extent() for text in figure.texts]
        margin = 2.9 / 25.4 * figure.dpi

        assert min(box.x0 for box in boxes) >= margin
        assert max(box.x1 for box in boxes) <= figure.bbox.x1 - margin


def test_the_page_is_174_mm_wide_and_fits_a4() -> None:
    for given in (content(), content(*many(), panel("equal_access"))):
        page = draw(given).page
        assert page.figure.get_figwidth() * 25.4 == pytest.approx(WIDE_MM)
        assert page.height_mm < 297


def test_printed_numbers_are_the_data_and_colours_follow_them() -> None:
    given = content()
    figure = draw(given).page.figure
    seen: dict[int, set[Any]] = {}

    for axes, shown in zip((axes for axes in figure.axes if axes.texts), given.panels, strict=True):
        squares = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
        for tile, square, text in zip(TILES, squares, axes.texts[1::2], strict=True):
            assert int(text.get_text()) == round(100 * shown.share[tile.code])
            seen.setdefault(int(text.get_text()), set()).add(square.get_facecolor())

    assert all(len(colours) == 1 for colours in seen.values())
    lightness = [next(iter(seen[value]))[1] for value in sorted(seen)]
    assert lightness == sorted(lightness, reverse=True)


def test_an_area_without_anyone_is_a_dash_and_an_empty_cell(tmp_path: Path) -> None:
    full = panel("national_2013")
    lonely = replace(full, share=dict(full.share) | {TILES[0].code: math.nan})
    given = content(lonely, panel("scg_2006"))

    files = written(given, tmp_path)

    with files["F3.csv"].open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["reached_pct"] == ""
    assert len(rows) == 2 * len(TILES)
    assert "–" in [text.get_text() for axes in draw(given).page.figure.axes for text in axes.texts]


def test_the_same_data_gives_the_same_bytes(tmp_path: Path) -> None:
    one, two = written(content(), tmp_path / "one"), written(content(), tmp_path / "two")

    assert set(one) == {f"F3.{ending}" for ending in ("svg", "pdf", "png", "csv", "alt.txt", "json")}
    for name, path in one.items():
        assert path.read_bytes() == two[name].read_bytes(), name


def test_the_svg_speaks_and_keeps_its_text_as_text(tmp_path: Path) -> None:
    svg = written(content(), tmp_path)["F3.svg"].read_text(encoding="utf-8")

    assert "<title>Access varies more between areas under SCG 2006 than under national 2013</title>" in svg
    assert "<desc>Tile-grid maps of England" in svg
    assert ">NENC<" in svg


def test_the_alternative_text_names_the_lowest_and_the_highest_area(tmp_path: Path) -> None:
    given = content()
    text = written(given, tmp_path)["F3.alt.txt"].read_text(encoding="utf-8")
    shown = given.panels[0].share
    names = {tile.code: tile.short_name for tile in TILES}

    for pick in (min, max):
        code = pick(shown, key=lambda area: shown[area])
        assert f"{names[code]} at {round(100 * shown[code])} %" in text


def test_estimates_lie_in_their_printed_intervals() -> None:
    figure = draw(content()).page.figure
    lines = [text.get_text() for text in figure.texts if text.get_text().startswith(("England", "τ "))]

    assert len(lines) == 6
    for line in lines:
        value, low, high = (float(part) for part in re.findall(r"\d+\.\d+", line)[:3])
        assert low <= value <= high


def test_one_replicate_has_no_interval() -> None:
    nothing = Estimate(0.7, math.nan, math.nan)
    given = content(panel("national_2013", england=nothing, tau=nothing), replicates=1)

    lines = [text.get_text() for text in draw(given).page.figure.texts]

    assert "England 70.0 %" in lines
    assert "τ 0.700; chance 0.05" in lines


def test_names_are_printed_in_full_size_unless_they_are_too_long() -> None:
    axes = next(axes for axes in draw(content()).page.figure.axes if axes.texts)
    sizes = {text.get_text(): float(text.get_fontsize()) for text in axes.texts[::2]}

    assert sizes["GM"] == NAME_PT
    assert all(4.5 <= size <= NAME_PT for size in sizes.values())
