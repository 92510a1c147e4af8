"""``sim analyse sensitivity``, ``discover`` and ``value`` answer from finished runs, and say what is missing."""

import csv
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.analysis.chance import ABOVE_CHANCE, NOT_ABOVE_CHANCE
from sim.analysis.space import Space
from sim.analysis.study_outputs import sampled
from sim.cli.failure import USAGE
from sim.specification.load import load_study
from tests.analysis.sampled import latin, trajectories
from tests.cli.command import Ended, sim
from tests.cli.sampled_study import DIFFERENCE, INERT, LEVEL, NORTH, RANGES, SOUTH, run, run_with

LOW, HIGH = zip(*RANGES.values(), strict=True)
SPACE = Space.of_numbers(tuple(RANGES), LOW, HIGH)
LEVELS = 20  # so fine that no two points of a trajectory are the same


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run(tmp_path_factory.mktemp("points") / "drawn", latin(SPACE, 40))


@pytest.fixture(scope="module")
def screened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run(tmp_path_factory.mktemp("points") / "screened", trajectories(SPACE, 6, LEVELS))


@pytest.fixture(scope="module")
def grid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    values = f"vary={{{LEVEL}: [0, 1, 2, 3, 4, 5], {DIFFERENCE}: [6, 8, 10, 12, 14, 16]}}"
    return run_with(tmp_path_factory.mktemp("points") / "grid", values)


def sensitivity(folder: Path, *options: str) -> Ended:
    return sim("analyse", "sensitivity", str(folder), *options, "--quiet")


def read_rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def verdicts(ended: Ended, index: str) -> dict[str, str]:
    assert (ended.code, ended.err) == (0, ""), ended.err
    return {one["input"]: one["verdict"] for one in ended.json["indices"] if one["index"] == index}


def test_the_difference_of_regimes_is_analysed_unless_a_regime_is_named(drawn: Path) -> None:
    apart = sensitivity(drawn, "--emulator", "--json")
    level = sensitivity(drawn, "--emulator", "--json", "--regime", NORTH)

    assert apart.json["output"] == {
        "measure": "access_from_diagnosis",
        "service": "all_patients",
        "regime": SOUTH,
        "baseline": NORTH,
    }
    expected = dict.fromkeys((LEVEL, DIFFERENCE, INERT), NOT_ABOVE_CHANCE)
    assert verdicts(apart, "ST") == expected | {DIFFERENCE: ABOVE_CHANCE}
    assert verdicts(level, "ST") == expected | {LEVEL: ABOVE_CHANCE}
    assert apart.json["emulator"]["held_out_r2"] > 0.9


def test_the_page_says_how_much_is_luck_and_how_well_the_emulator_foretells(drawn: Path, tmp_path: Path) -> None:
    ended = sensitivity(drawn, "--emulator", "--contrast", f"{NORTH}-{SOUTH}", "--out", str(tmp_path / "indices.csv"))

    assert ended.code == 0, ended.err
    for words in ("(every patient alike): national_2013 less", "explains", "Chance: luck is", "Simulated, not"):
        assert words in ended.out
    rows = read_rows(tmp_path / "indices.csv")
    assert {(row["input"], row["index"]) for row in rows} == {(name, kind) for name in RANGES for kind in ("S1", "ST")}
    assert all(float(row["low"]) <= float(row["value"]) <= float(row["high"]) for row in rows)
    assert [path.name for path in tmp_path.iterdir()] == ["indices.csv"]


def test_a_screening_is_analysed_and_drawn(screened: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "sim.cli.analyse_points.sampled", lambda study: replace(sampled(study), method="morris", levels=LEVELS)
    )
    ended = sensitivity(screened, "--json", "--figure", str(tmp_path))

    assert verdicts(ended, "mu_star")[DIFFERENCE] == ABOVE_CHANCE
    assert verdicts(ended, "mu_star")[INERT] == NOT_ABOVE_CHANCE
    found = next(one for one in ended.json["indices"] if one["input"] == DIFFERENCE)
    # 0.1 over 15 minutes; less access the longer it takes. The values are listed here, so their range is what was run.
    study = load_study(str(screened / "study.yaml"))
    values = next(axis.values for axis in study.axes if axis.key == DIFFERENCE)
    assert found["mu"] == pytest.approx(-0.1 * (max(values) - min(values)) / 15.0, abs=0.005)
    assert {path.name for path in tmp_path.iterdir()} >= {"F10.png", "F10.svg", "F10.csv", "F10.alt.txt"}
    assert "%\u00a0points" in sensitivity(screened).out


def test_a_design_without_indices_of_its_own_is_told_what_to_do(drawn: Path) -> None:
    ended = sensitivity(drawn)

    assert ended.code == USAGE
    assert "add --emulator" in ended.err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--outcome", "acces_from_diagnosis"), "did you mean `access_from_diagnosis`?"),
        (("--services", "all_patient"), "did you mean `all_patients`?"),
        (("--regime", "national_2031"), "did you mean `national_2013`?"),
        (("--contrast", f"{NORTH}-scg_206"), "did you mean `scg_2006`?"),
        (("--contrast", NORTH), "wants two regimes"),
        (("--contrast", f"{NORTH}-{SOUTH}", "--regime", NORTH), "exclude each other"),
        (("--out", "indices.txt"), "wants the name of a .csv file"),
    ],
)
def test_what_does_not_exist_is_answered_with_what_does(drawn: Path, options: tuple[str, ...], words: str) -> None:
    ended = sensitivity(drawn, "--emulator", *options)

    assert ended.code == USAGE
    assert words in ended.err


def test_holes_are_refused_with_the_command_that_fills_them(drawn: Path, tmp_path: Path) -> None:
    folder = tmp_path / "holed"
    shutil.copytree(drawn, folder)
    with (folder / "runs.csv").open(encoding="utf-8", newline="") as file:
        run = next(row for row in csv.DictReader(file) if (row["point"], row["regime"]) == ("7", SOUTH))
    next(folder.glob(f"store/*/{run['key']}.parquet")).unlink()
    commands = (("sensitivity", "--emulator"), ("discover", "--worse", SOUTH, "--than", NORTH))
    for kind, *options in commands:
        ended = sim("analyse", kind, str(folder), *options, "--quiet")

        assert ended.code == USAGE
        assert "1 finished run missing or damaged, at 1 of 40 points: 7" in ended.err
        assert f"sim run {folder}/study.yaml --out {folder}" in ended.err


def discover(folder: Path, *options: str) -> Ended:
    return sim("analyse", "discover", str(folder), "--worse", SOUTH, "--than", NORTH, *options, "--quiet")


def test_discovery_answers_words_the_box_and_compares_inside_with_outside(drawn: Path, tmp_path: Path) -> None:
    ended = discover(drawn, "--out", str(tmp_path / "boxes.csv"))

    assert ended.code == 0, ended.err
    assert f"Finding: {SOUTH} is worse than {NORTH} where {DIFFERENCE} above 1" in ended.out
    assert f"Box 1: {DIFFERENCE} above 1" in ended.out
    for words in (
        "Points inside: ",
        "undecided; outside: ",
        "Mean difference inside −",
        "inside less outside −",
        "Verdict",
    ):
        assert words in ended.out.replace("\n  ", " ")
    [row] = [row for row in read_rows(tmp_path / "boxes.csv") if row["box"] == "1"]
    # South is worse by a hundredth from 13.5 minutes on, half a slice of peeling more or less.
    assert 12.5 <= float(row["low"]) <= 15.0
    assert row["input"] == DIFFERENCE
    assert float(row["inside_mean_high"]) < -0.01 < float(row["outside_mean"])
    assert float(row["held_out_apart_mean_high"]) < 0.0
    assert int(row["inside_points"]) + int(row["outside_points"]) == 40
    verdicts = ("worse_for_sure", "not_worse_for_sure", "undecided")
    assert sum(int(row[f"inside_{name}"]) for name in verdicts) == int(row["inside_points"])


def test_discovery_as_json_holds_the_same(drawn: Path) -> None:
    answer = discover(drawn, "--json").json

    assert answer["answer"].startswith("Finding: ")
    assert answer["findings"][0]["verdict"] == "worse inside, and more so than outside"
    assert answer["findings"][0]["finding"] is True
    assert answer["findings"][0]["sides"]["inside_mean"] < -0.01
    assert answer["findings"][0]["held_out"]["sides"]["outside_mean"] > -0.01
    assert len(answer["labels"]) == len(answer["worse"]) == answer["points"] == 40
    assert any("2 replicates tell little" in words for words in answer["warnings"])


def test_discovery_by_interval_takes_what_is_sure_or_refuses(drawn: Path, tmp_path: Path) -> None:
    sure, mean = (discover(drawn, "--by", by, "--json").json for by in ("interval", "mean"))
    noisy = run(tmp_path / "noisy", np.column_stack([latin(SPACE, 40)[:, 0], np.full(40, 13.5), np.full(40, 50.0)]))
    refused = discover(noisy, "--by", "interval")

    assert sum(sure["worse"]) == sure["labels"].count("worse") < sum(mean["worse"])
    assert (refused.code, "points are undecided" in refused.err, "--by mean" in refused.err) == (USAGE, True, True)
    wrong = discover(drawn, "--by", "means")
    assert (wrong.code, "did you mean `mean`?" in wrong.err) == (USAGE, True)


def test_reading_is_not_told_as_running(grid: Path) -> None:
    ended = sim("analyse", "value", str(grid))

    assert ended.code == 0, ended.err
    assert "144 runs to read" in ended.err
    assert "to make" not in ended.err


def test_discovery_wants_two_regimes(drawn: Path) -> None:
    ended = sim("analyse", "discover", str(drawn), "--worse", NORTH, "--than", NORTH)

    assert (ended.code, "the same regime" in ended.err) == (USAGE, True)


def test_what_knowing_is_worth_is_told_at_each_worth_of_a_qaly(grid: Path, tmp_path: Path) -> None:
    answer = sim("analyse", "value", str(grid), "--json", "--quiet").json

    assert [choice["worth"] for choice in answer["choices"]] == [13_000.0, 20_000.0, 30_000.0]
    for choice in answer["choices"]:
        named = {one["input"]: one for one in choice["inputs"]}
        assert named[DIFFERENCE]["verdict"] == ABOVE_CHANCE
        assert named[LEVEL]["verdict"] == NOT_ABOVE_CHANCE
        # 10,000 QALYs x worth x what south has more or less of access, the better of the two at each point.
        access = -0.1 * (np.array([6, 8, 10, 12, 14, 16]) - 12) / 15
        truth = 1e4 * choice["worth"] * (np.maximum(access, 0).mean() - max(access.mean(), 0))
        assert named[DIFFERENCE]["value"] == pytest.approx(truth, rel=0.25)
    ended = sim("analyse", "value", str(grid), "--worth", "20000", "--out", str(tmp_path / "v.csv"), "--quiet")
    assert ended.code == 0, ended.err
    assert "At £20,000 a QALY scg_2006 has the highest mean net benefit" in ended.out
    assert len((tmp_path / "v.csv").read_text(encoding="utf-8").splitlines()) == 4


def test_a_value_is_of_points_that_stand_for_the_uncertainty(drawn: Path) -> None:
    ended = sim("analyse", "value", str(drawn))

    assert (ended.code, "do not stand for the uncertainty" in ended.err) == (USAGE, True)


def test_of_a_list_each_point_counts_alike_and_the_page_says_so(tmp_path: Path, grid: Path) -> None:
    points = ", ".join(f"{{{LEVEL}: {n % 6}, {DIFFERENCE}: {6 + n % 11}}}" for n in range(30))
    listed = run_with(tmp_path / "listed", f"vary=[{points}]", "design=list")
    words = "The points are those of a list; each counts as likely as another."

    ended = sim("analyse", "value", str(listed), "--quiet")
    assert (ended.code, words in ended.out) == (0, True), ended.err
    assert words not in sim("analyse", "value", str(grid), "--quiet").out


@pytest.mark.parametrize("worth", ["-1", "nan", "inf"])
def test_a_worth_that_is_none_is_refused(drawn: Path, worth: str) -> None:
    ended = sim("analyse", "value", str(drawn), f"--worth={worth}")

    assert (ended.code, "--worth wants" in ended.err) == (USAGE, True)


@pytest.mark.parametrize(
    "command", [("sensitivity",), ("discover", "--worse", "a", "--than", "b"), ("value",)], ids=lambda words: words[0]
)
def test_without_results_it_says_how_to_make_them(tmp_path: Path, command: tuple[str, ...]) -> None:
    kind, *options = command
    ended = sim("analyse", kind, str(tmp_path), *options)

    assert (ended.code, "sim run" in ended.err) == (USAGE, True)
