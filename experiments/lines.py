"""What the scripts that use the public interface have in common: their options, and how a number is written."""

import argparse
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim import ConfigError, DataError, Experiment


@dataclass(frozen=True)
class Options:
    """What the command line says: whether a small version is wanted, and where results go ("" for the usual place)."""

    quick: bool
    out: str


def options(name: str, about: str) -> Options:
    """Read the command line of a script."""
    parser = argparse.ArgumentParser(prog=f"python -m experiments.{name}", description=about)
    parser.add_argument("--quick", action="store_true", help="fewer points and replicates: a look, no finding")
    parser.add_argument("--out", default="", help="the folder of the results (results/NAME)")
    given = parser.parse_args()
    return Options(given.quick, given.out)


def experiment(id_: str, overrides: list[str], chosen: Options) -> Experiment:
    """Return the experiment of a script: the headline study made small."""
    folder = Path("results") / (f"{id_}_quick" if chosen.quick else id_)
    return Experiment.of("three_regimes", [f"id={id_}", *overrides], chosen.out or folder)


def make(found: Experiment) -> None:
    """Make what is missing, telling how far it is; exit with a sentence when runs are missing afterwards."""
    try:
        made = found.run(quiet=False)
    except (ConfigError, DataError, OSError) as error:
        sys.exit(str(error))
    if not made.ok:
        sys.exit(f"{made.failed} runs failed and {made.left} are not made {made.stopped}; see {found.folder}/runs.csv")


def told(row: Mapping[str, Any], factor: float = 100.0, decimals: int = 2) -> str:
    """Write a paired difference, its interval and what it amounts to."""
    value, low, high = (factor * row[name] for name in ("difference", "difference_low", "difference_high"))
    return f"{value:+.{decimals}f} [{low:+.{decimals}f}, {high:+.{decimals}f}] {row['verdict']}"


def sign(row: Mapping[str, Any]) -> str:
    """Return ``+`` or ``-`` where the interval of a difference leaves out zero, and ``0`` where it does not."""
    if not row["distinguishable"]:
        return "0"
    return "+" if row["difference"] > 0 else "-"
