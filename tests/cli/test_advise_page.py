"""Every command of the page about advice works as it stands."""

import re
import shlex
from pathlib import Path

import pytest

from tests.cli.command import sim

PAGE = Path(__file__).resolve().parents[2] / "docs" / "advice.md"
COMMANDS = re.findall(r"^    (sim .+?)(?: +#.*)?$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_page_works_as_it_stands(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = shlex.split(command)[1:]
    dry = ["--dry-run"] if words[:2] == ["analyse", "advise"] and "--dry-run" not in words else []

    ended = sim(*words, *dry)
    assert (ended.code, ended.err) == (0, "")
