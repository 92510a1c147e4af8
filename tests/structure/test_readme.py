"""What the README tells people to write works as it stands there."""

import re
from pathlib import Path

import pytest

from tests.cli.command import sim

MOST_LINES = 10


@pytest.fixture
def written(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write every file of the README into a folder of its own, named as the text names it, and go there."""
    text = (repository / "README.md").read_text(encoding="utf-8")
    for block in re.findall(r"```yaml\n(schema: sim/.*?)```", text, flags=re.DOTALL):
        name = re.search(r"^id: (\w+)$", block, flags=re.MULTILINE)
        assert name, block
        (tmp_path / f"{name.group(1)}.yaml").write_text(block, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_file_is_right(written: Path) -> None:
    found = sorted(written.glob("*.yaml"))
    assert [path.stem for path in found] == ["mine", "reform", "tight_money"]
    for path in found:
        ended = sim("check", path.name)
        assert (ended.code, ended.err) == (0, ""), ended.err


def test_a_regime_of_ones_own_takes_ten_lines_and_says_how_it_differs(written: Path) -> None:
    lines = (written / "mine.yaml").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= MOST_LINES
    ended = sim("diff", "national_2022", "mine.yaml")
    assert ended.code == 0
    assert "whose money pays" in ended.out


@pytest.mark.parametrize(
    "compare", ["compare=[national_2022, mine.yaml]", "compare=[national_2022, ics_2022, mine.yaml, equal_access]"]
)
@pytest.mark.usefixtures("written")
def test_it_can_be_compared_with_the_shipped_ones(compare: str) -> None:
    ended = sim("check", "demo", "--set", compare)
    assert (ended.code, ended.err) == (0, "")


def test_what_it_names_in_the_project_is_there(repository: Path) -> None:
    text = (repository / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"\]\((?!https?:)([^)#]+)\)", text) + re.findall(
        r"`((?:docs|results/published|sim/[\w/]+)/[\w.]+)`", text
    )
    assert named
    assert [name for name in named if not (repository / name).exists()] == []
