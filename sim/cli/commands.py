"""How the command line begins and ends whatever a command does: streams, Ctrl-C, and JSON as one object."""

import os
import sys
from collections.abc import Sequence
from typing import Any

from typer.core import TyperGroup

from sim.cli.failure import INTERRUPTED, USAGE, say

JSON = "--json"


class Commands(TyperGroup):
    """The group of all commands; what its parser refuses is one object too where JSON is asked for."""

    def main(self, args: Sequence[str] | None = None, prog_name: str | None = None, *rest: Any, **options: Any) -> Any:
        """Run the command that is asked for and exit with its code."""
        given = list(sys.argv[1:] if args is None else args)
        if JSON not in given or not options.get("standalone_mode", True):
            return super().main(given, prog_name, *rest, **options)
        try:
            code = super().main(given, prog_name, *rest, **{**options, "standalone_mode": False})
        except Exception as error:
            if not hasattr(error, "format_message"):  # what the parser raises; Typer has a copy of Click of its own
                raise
            message = str(error.format_message())
            code = say(f"error: {message}", {"ok": False, "exit_code": USAGE, "message": message}, True, USAGE)
        sys.exit(code if isinstance(code, int) else 0)


def run(commands: Any) -> None:
    """Run the command line; streams that were closed swallow what is written, and Ctrl-C has a code of its own."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - open until the end
    try:
        commands()
    except KeyboardInterrupt:  # before or after the body of a command, which says so itself
        content = {"ok": False, "exit_code": INTERRUPTED, "message": "interrupted"}
        sys.exit(say("interrupted", content, JSON in sys.argv, INTERRUPTED))
