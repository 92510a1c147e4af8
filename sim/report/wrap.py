"""Plain lines on a console: what is wrapped hangs below its own text."""

import re
import textwrap
from collections.abc import Iterable

from rich.console import Console

MARGIN = re.compile(r" *(?:[A-Z][a-z]+ \d{4} {2,})?")
"""What stands before the text of a line: an indent, or an indent and a month."""


def print_hanging(lines: Iterable[str], console: Console) -> None:
    """Print lines as wide as the console; a line that is wrapped goes on below its text, not its margin."""
    for line in lines:
        margin = MARGIN.match(line)
        hanging = " " * (len(margin.group()) if margin else 0)
        wrapped = textwrap.wrap(line, console.width, subsequent_indent=hanging, break_on_hyphens=False)
        for part in wrapped or [""]:
            console.print(part, soft_wrap=True, markup=False)  # a bracket is a bracket
