"""The figure of shares shows the numbers of its accounts, and its title says no more than they do."""

import csv
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sim.analysis.mechanism_groups import EACH, GROUPS
from sim.analysis.shares import Account
from sim.figures.output import Finished, write_figure
from sim.figures.overlap import layout_problems
from sim.figures.shares_plot import draw_shares
from sim.figures.shares_words import SharesContent, message
from sim.figures.sheet import PRESETS
from sim.figures.style import styled
from tests.analysis.explained import OUTCOMES, differences, explained, found_of, game
from tests.figures.studies import FONT

NAMES = ("north", "south", "the_long_name_of_a_third_regime", "west")


def content_of(names: Sequence[str] = NAMES[:2], text: str = "", replicates: int = 5, **of: Any) -> SharesContent:
    found = found_of(text, names, replicates)
    told = explained(found, **of)
    return SharesContent(
        accounts=differences(told) or told,
        regimes=names,
        baseline=names[0],
        descriptions=[(name, f"title of {name}") for name in names],
        years="April 2015 to March 2018",
        replicates=replicates,
        sampled=bool(found.orders),
        run_keys=["00" * 8],
    )


def drawn(content: SharesContent, preset: str = "wide") -> Finished:
    with styled(FONT):
        return draw_shares(content, PRESETS[preset])


@pytest.mark.parametrize("preset", ["wide", "slide"])
@pytest.mark.parametrize(
    ("names", "text", "outcomes"),
    [(NAMES[:1], "", OUTCOMES), (NAMES[:2], "", OUTCOMES), (NAMES, "", OUTCOMES), (NAMES[:2], EACH, OUTCOMES[:1])],
    ids=["one", "two", "four", "each"],
)
def test_no_text_overlaps_or_leaves_the_page(names: Sequence[str], text: str, outcomes: Any, preset: str) -> None:
    figure = drawn(content_of(names, text, outcomes=outcomes), preset)

    with styled(FONT):
        assert layout_problems(figure.page.figure) == []


def test_every_group_and_their_sum_have_a_bar_for_each_regime_in_every_panel() -> None:
    content = content_of(NAMES[:3])
    panels = [axes for axes in drawn(content).page.figure.axes if axes.axison]

    assert len(panels) == len(OUTCOMES)
    assert {len(axes.patches) for axes in panels} == {2 * (len(GROUPS) + 1)}


def test_bars_show_the_numbers_and_are_hollow_where_nothing_can_be_told() -> None:
    content = content_of(outcomes=OUTCOMES[1:2])  # twins, drawn in points
    [panel] = [axes for axes in drawn(content).page.figure.axes if axes.axison]
    shares = sorted([*content.accounts[0].groups, content.accounts[0].together], key=lambda part: part.mean)
    bars = sorted(panel.patches, key=lambda bar: bar.get_width())

    assert [bar.get_width() for bar in bars] == pytest.approx([100 * part.mean for part in shares])
    filled = {bar.get_facecolor() != (1.0, 1.0, 1.0, 1.0): bar.get_width() for bar in bars}
    assert filled[True] == pytest.approx(100 * max(part.mean for part in shares if part.distinguishable))
    assert {bar.get_facecolor() == (1.0, 1.0, 1.0, 1.0) for bar in bars} == {True, False}


def test_every_estimate_written_lies_in_its_interval(tmp_path: Path) -> None:
    with styled(FONT):
        write_figure(drawn(content_of(NAMES[:3])), tmp_path)

    rows = list(csv.DictReader((tmp_path / "F14.csv").read_text(encoding="utf-8").splitlines()))
    assert len(rows) == len(OUTCOMES) * 2 * (len(GROUPS) + 1)
    assert all(float(row["low"]) <= float(row["mean"]) <= float(row["high"]) for row in rows)
    described = json.loads((tmp_path / "F14.json").read_text(encoding="utf-8"))
    alt = (tmp_path / "F14.alt.txt").read_text(encoding="utf-8")
    assert described["title"] in alt
    assert "Simulated, not observed" in described["note"]
    assert "nan" not in described["note"] + described["title"] + alt


def told(rule: Any, replicates: int = 5, names: Sequence[str] = NAMES[:2]) -> tuple[str, Account]:
    content = content_of(names, "money,policy+expertise", replicates, rule=rule, outcomes=OUTCOMES[:1])
    return message(content), content.accounts[-1]


def test_the_title_names_the_largest_share_and_the_whole() -> None:
    title, account = told(game)

    largest = max(account.groups, key=lambda part: part.mean)
    assert title.startswith("Why south and north differ in the spread of access between ICBs: the largest share")
    assert f"“{largest.title}”" in title
    assert f"+{largest.mean:.3f}" in title
    assert "in all" in title


def test_a_larger_share_that_cannot_be_told_from_zero_is_not_named() -> None:
    def noisy(regime: str, replicate: int, subset: int) -> float:
        steady = 0.1 * (subset >> 1 & 1)
        return (regime != "north") * (steady * (1 + 0.01 * replicate) + (subset & 1) * (-1) ** replicate * replicate)

    title, account = told(noisy)
    assert max(account.groups, key=lambda part: abs(part.mean)).part == "money"
    assert "“Policy, appraisal and diffusion; expertise, volume and outcome”" in title
    assert "while all groups together cannot be told from zero" in title


def test_nothing_is_claimed_of_nothing_or_of_one_replicate() -> None:
    assert "no group of mechanisms has a share that can be told from zero" in told(lambda *_: 0.0)[0]
    assert "one replicate tells no share for sure" in told(game, replicates=1)[0]


def test_of_one_regime_the_level_is_told() -> None:
    assert told(game, names=NAMES[:1])[0].startswith("The spread of access between ICBs under north: the largest share")


def test_the_same_shares_give_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        with styled(FONT):
            write_figure(drawn(content_of()), tmp_path / folder)

    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_regimes_keep_their_look_when_another_is_the_baseline() -> None:
    content = content_of(NAMES[:3])
    other = replace(content, accounts=[one for one in content.accounts if one.regime == NAMES[2]])
    colours = [
        {bar.get_edgecolor() for axes in drawn(one).page.figure.axes if axes.axison for bar in axes.patches}
        for one in (content, other)
    ]

    assert colours[1] < colours[0]
