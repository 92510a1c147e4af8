"""What the guide tells analysts to write and to type works as it stands there, in that order."""

import re
import shlex
from pathlib import Path

import pytest

from sim.cli.failure import INVALID
from sim.study import england
from sim.study.bench import Bench
from tests.cli.command import sim
from tests.study import fakes, tables

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide.md"
TEXT = GUIDE.read_text(encoding="utf-8")
LEFT = {"first_look": ("comparison.txt", "comparison.csv"), "how_tight": ("sweep.csv",)}
"""What the text says is left among the results; who gains and who loses needs the real model."""
COMMANDS = [line.split("  #")[0].strip() for line in re.findall(r"^    (sim .+)$", TEXT, flags=re.MULTILINE)]
WRONG = "mistake.yaml"


def files() -> dict[str, str]:
    """Return every file of the guide by the name under which the text has it saved."""
    blocks = re.findall(r"```yaml\n(schema: sim/.*?)```", TEXT, flags=re.DOTALL)
    names = (re.findall(r"^id: (\w+)$", block, flags=re.MULTILINE) for block in blocks)
    return {f"{name[0]}.yaml": block for name, block in zip(names, blocks, strict=True)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with every file of the guide; the commands leave their results there."""
    made = tmp_path_factory.mktemp("guide")
    for name, text in files().items():
        (made / name).write_text(text, encoding="utf-8")
    return made


@pytest.fixture(autouse=True)
def there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Go to that folder, with a model that is quick."""
    bench = Bench(fakes.small_world, fakes.simulate, tables.tabulate_all, "0" * 64)
    monkeypatch.setattr(england, "england_bench", lambda: bench)
    monkeypatch.chdir(folder)


def test_the_text_names_every_file_as_it_is_saved() -> None:
    assert files()
    assert [name for name in files() if f"`{name}`" not in TEXT] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_does_what_is_said(command: str, folder: Path) -> None:
    words = shlex.split(command)[1:]
    ended = sim(*words)

    assert ended.code == (INVALID if WRONG in words else 0), ended.err
    if words[0] == "run" and "--dry-run" not in words and "--out" not in words:
        left = folder / "results" / Path(words[1]).stem
        wanted = ("runs.csv", *LEFT.get(left.name, ()))
        assert [name for name in wanted if not (left / name).exists()] == []


def test_the_mistakes_are_answered_as_the_text_shows() -> None:
    shown = re.findall(r"```text\n(.*?)```", TEXT, flags=re.DOTALL)[0].strip().splitlines()
    said = sim("check", WRONG).err

    assert shown
    assert [line for line in shown if line not in said] == []


@pytest.mark.parametrize("name", [name for name in files() if name != WRONG])
def test_every_file_is_right(name: str) -> None:
    ended = sim("check", name)

    assert (ended.code, ended.err) == (0, "")


def test_every_way_to_ask_for_an_explanation_exists() -> None:
    from sim.cli.topics import TOPICS

    asked = {command.split()[2] for command in COMMANDS if command.startswith("sim explain ")}

    assert {"regimes", "scenarios", "studies", "levers", "mechanisms", "parameters"} <= asked & set(TOPICS)
