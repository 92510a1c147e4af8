"""The repository names nothing of the machine it was written on, and says how to use and cite it."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from ruamel.yaml import YAML

import sim

# The brackets keep the patterns from finding themselves.
MACHINE_PATH = re.compile(r"(?<![\w.:/-])/(?:hom[e]|roo[t]|User[s]|wor[k]|op[t]|mn[t]|tm[p])/[\w.-]")
ELSEWHERE = re.compile(r"\.\./share[d]|pypi\.or[g]|pythonhoste[d]|file:/[/]")


def texts(repository: Path) -> dict[str, str]:
    """Return every text file that git keeps or would keep, by its path."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=repository,
        capture_output=True,
        check=True,
    )
    found = {}
    for name in filter(None, listed.stdout.decode().split("\0")):
        path = repository / name
        content = path.read_bytes() if path.is_file() else b"\0"
        if b"\0" not in content:
            found[name] = content.decode("utf-8")
    return found


def machine_marks(text: str) -> list[str]:
    return [match.group() for pattern in (MACHINE_PATH, ELSEWHERE) for match in pattern.finditer(text)]


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_no_file_names_a_path_or_address_of_one_machine(repository: Path) -> None:
    if not (repository / ".git").exists():
        pytest.skip("this copy of the project is not a git checkout")

    found = {name: marks for name, text in texts(repository).items() if (marks := machine_marks(text))}

    assert found == {}


@pytest.mark.parametrize("text", ["see /hom" + "e/ann/data", "'/tm" + "p/x'", "file:/" + "//a", "at ../share" + "d"])
def test_machine_paths_are_noticed(text: str) -> None:
    assert machine_marks(text)


@pytest.mark.parametrize("text", ["#!/usr/bin/env bash", "https://a.example/work/1", "NHS/work/x", "and/or"])
def test_other_slashes_pass(text: str) -> None:
    assert machine_marks(text) == []


def test_the_licence_is_mit(repository: Path) -> None:
    licence = (repository / "LICENSE").read_text(encoding="utf-8")

    assert licence.startswith("MIT License\n")
    assert "Copyright (c) 2026 The sim contributors" in licence


def test_the_citation_has_what_the_format_demands_and_this_version(repository: Path) -> None:
    citation = YAML(typ="safe").load(repository / "CITATION.cff")

    assert citation["cff-version"] == "1.2.0"
    assert citation["message"]
    assert citation["title"]
    assert citation["authors"] == [{"name": "The sim contributors"}]
    assert citation["license"] == "MIT"
    assert citation["version"] == sim.__version__
