"""The study whose tables a folder holds already, set against the one whose tables are to be written there."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.specification.run import Study
from sim.study.resolved import FOLDER, compared_files, resolved

MORE_OF_THE_SAME = ("schema", "title", "replicates", "until")
"""What may differ between two readings of one study: its name for people, and how often it is run."""
MAY_GROW = ("compare", "vary")
MAY_BE_EXTENDED = ("sobol", "saltelli", "morris")
"""Designs that keep their first points when they are given more, and the keys that say how many they are given."""
HOW_MANY = ("design.samples", "design.trajectories")
VALUES = ("parameters", "levers")
"""Groups of values to which a version of the program may add some."""
MOST_NAMED = 4
TABLES = (
    "comparison.csv",
    "comparison.txt",
    "gains.csv",
    "lottery.csv",
    "years.csv",
    "stopping.csv",
    "sweep.csv",
    "sweep.txt",
    "sweep_lines.csv",
    "tidy.parquet",
    "decomposition.csv",
    "decomposition.md",
    "decomposition_runs.csv",
)
FIGURES = ("figures/F[0-9]*.*", "figures/*/F[0-9]*.*")


def replaced(study: Study, folder: Path) -> Iterator[str]:
    """Yield a sentence when a folder holds the tables of another study than this one, nothing otherwise.

    The same study with more replicates, values or regimes is no other.
    """
    earlier = _read(folder / "study.yaml")
    names = list(_differences(study, earlier, folder)) if earlier else []
    if names:
        more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
        other = f"another study, {earlier.get('id')}" if earlier.get("id") != study.id else f"another {study.id}"
        yield (
            f"{folder} holds the tables and figures of {other}, which differs in "
            f"{', '.join(names[:MOST_NAMED])}{more}; this study's replace them "
            "(runs already made are kept); --out names another folder"
        )


def told_before(study: Study, folder: Path) -> Iterator[str]:
    """Yield what to know before tables are written: that those of another study go, or that they tell of fewer runs."""
    yield from replaced(study, folder)
    before = _read(folder / "study.yaml").get("replicates")
    same = before is not None and not any(replaced(study, folder))
    if same and study.stopping is None and isinstance(before, int) and before > study.replicates:
        yield (
            f"{folder} holds the tables of {study.id} with {before} replicates, and these will be of "
            f"{study.replicates} (runs already made are kept); --set replicates={before} has all of them"
        )


def remove_other_tables(study: Study, folder: Path) -> None:
    """Remove the tables and figures of another study, so that what lies in a folder is of one study."""
    if any(replaced(study, folder)):
        for path in [*(folder / name for name in TABLES), *(found for some in FIGURES for found in folder.glob(some))]:
            path.unlink(missing_ok=True)


def _differences(study: Study, earlier: Mapping[str, Any], folder: Path) -> Iterator[str]:
    """Yield the keys in which a study differs from the earlier one, and the regimes that go by the same name."""
    same = (*MORE_OF_THE_SAME, *(HOW_MANY if study.design.method in MAY_BE_EXTENDED else ()))
    yield from (name for name in _differing(earlier, resolved(study)) if name not in same)
    for name, content in compared_files(study):
        before = _read(folder / FOLDER / name)
        if before and any(key != "title" for key in _differing(before, content)):
            yield f"{str(content['schema']).split('/')[1]} {name.removesuffix('.yaml')}"


def _differing(before: Any, after: Any, key: str = "") -> Iterator[str]:
    """Yield the dotted keys of what is not the same; a list that may grow is the same with more in it."""
    group = key.partition(".")[0]
    if isinstance(before, dict) and isinstance(after, dict):
        for name in dict.fromkeys((*before, *after)):
            if name in before and name in after:
                yield from _differing(before[name], after[name], f"{key}.{name}" if key else str(name))
            elif group not in VALUES:
                yield f"{key}.{name}" if key else str(name)
    elif isinstance(before, list) and isinstance(after, list) and group in MAY_GROW:
        if before != after and not set(map(repr, before)) <= set(map(repr, after)):
            yield key
    elif before != after:
        yield key


def _read(path: Path) -> dict[str, Any]:
    """Return what a file says; nothing when it is not there or was spoilt since."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        content = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, YAMLError):
        return {}
    return content if isinstance(content, dict) else {}
