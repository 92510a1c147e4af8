"""One lock serves every platform and Python: complete, hashed, and free of addresses."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

MARK = "# --- development ---"
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


@pytest.fixture(scope="module")
def lock() -> str:
    return (Path(__file__).resolve().parents[2] / "requirements.lock").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    text = (Path(__file__).resolve().parents[2] / "pyproject.toml").read_text(encoding="utf-8")
    found: dict[str, Any] = tomllib.loads(text)["project"]
    return found


def blocks(section: str) -> list[str]:
    """Return each requirement with its continuation lines, comments left out."""
    lines = [line for line in section.splitlines() if not line.lstrip().startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [line for line in joined.splitlines() if line.strip()]


def requirements(section: str) -> list[Requirement]:
    return [Requirement(block.split("--hash")[0].strip()) for block in blocks(section)]


def applies(requirement: Requirement, python: str) -> bool:
    machine = {"python_version": python, "python_full_version": f"{python}.0"}
    return requirement.marker is None or requirement.marker.evaluate(machine)


def pins(section: str, python: str) -> dict[str, str]:
    """Return the version of each package that an ordinary machine with this Python installs."""
    chosen = [r for r in requirements(section) if applies(r, python)]
    names = [canonicalize_name(requirement.name) for requirement in chosen]
    assert len(names) == len(set(names)), "a package is pinned twice for one Python"
    return dict(zip(names, (str(r.specifier).removeprefix("==") for r in chosen), strict=True))


def unmet(wanted: list[str], pinned: dict[str, str], python: str) -> list[str]:
    needs = [need for need in map(Requirement, wanted) if applies(need, python)]
    return [
        str(need)
        for need in needs
        if not need.specifier.contains(pinned.get(canonicalize_name(need.name), "0"), prereleases=True)
    ]


def test_it_names_no_index_and_no_address(lock: str) -> None:
    options = [line for line in lock.splitlines() if line.startswith("-")]

    assert options == []
    assert "://" not in lock
    assert " @ " not in lock


def test_every_requirement_is_pinned_and_hashed(lock: str) -> None:
    assert [block for block in blocks(lock) if not HASH.search(block)] == []
    assert all(len(r.specifier) == 1 and str(r.specifier).startswith("==") for r in requirements(lock))


def test_nothing_is_listed_in_both_sections(lock: str) -> None:
    core, development = lock.split(MARK)

    assert {r.name for r in requirements(core)} & {r.name for r in requirements(development)} == set()


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
def test_its_first_section_is_all_that_the_simulator_and_its_installation_need(
    lock: str, project: dict[str, Any], python: str
) -> None:
    pinned = pins(lock.split(MARK, maxsplit=1)[0], python)

    assert unmet([*project["dependencies"], *project["optional-dependencies"]["build"]], pinned, python) == []
    assert not {"pytest", "mypy", "ruff", "hypothesis"} & set(pinned)


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
def test_both_sections_are_all_that_development_needs(lock: str, project: dict[str, Any], python: str) -> None:
    assert unmet(project["optional-dependencies"]["dev"], pins(lock, python), python) == []


def test_each_python_gets_the_mesa_that_supports_it_and_the_same_numpy(lock: str) -> None:
    old, new = pins(lock, "3.11"), pins(lock, "3.13")

    assert old["mesa"].startswith("3.3.")
    assert new["mesa"].startswith("3.5.")
    assert "networkx" in new
    assert [old[name] for name in ("numpy", "numba", "scipy")] == [new[name] for name in ("numpy", "numba", "scipy")]
