"""The command line, run in this process: what it wrote and how it ended."""

import json
from dataclasses import dataclass
from typing import Any

from typer.testing import CliRunner

from sim.cli.app import app


@dataclass(frozen=True)
class Ended:
    """One finished command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def sim(*arguments: str) -> Ended:
    result = CliRunner().invoke(app, arguments, prog_name="sim")
    return Ended(result.exit_code, result.stdout, result.stderr)
