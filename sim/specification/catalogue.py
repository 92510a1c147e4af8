"""Where the shipped regimes, scenarios and studies lie, and how a name or path leads to a file."""

from pathlib import Path

import sim
from sim.settings.extends import UnknownNameError
from sim.settings.hints import did_you_mean

KINDS = ("regime", "scenario", "study")
_FOLDERS = {"regime": "regimes", "scenario": "scenarios", "study": "studies"}
_SUFFIXES = (".yaml", ".yml")


def shipped_folder() -> Path:
    """Return the folder of the shipped files: inside an installed package, beside it in a checkout."""
    package = Path(sim.__file__).parent
    inside = package / "configs"
    return inside if inside.is_dir() else package.parent / "configs"


def shipped(kind: str) -> dict[str, Path]:
    """Return the shipped files of one kind by name, sorted."""
    folder = shipped_folder() / _FOLDERS[kind]
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def resolve(name: str, beside: Path | None = None) -> Path:
    """Turn a shipped name, or a path relative to the file it stands in, into a path.

    Raises UnknownNameError(message, hint) for a name that is not shipped.
    """
    if "/" in name or "\\" in name or name.endswith(_SUFFIXES):
        return (beside.parent if beside is not None else Path()) / name
    known = {found: path for kind in KINDS for found, path in shipped(kind).items()}
    if name in known:
        return known[name]
    hint = did_you_mean(name, known, listing="shipped; or write a path ending in .yaml")
    raise UnknownNameError(f"nothing called `{name}` is shipped", hint)
