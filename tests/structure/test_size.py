"""Files and functions stay short enough to be read in one go."""

from tests.structure.sources import functions, sources

LONGEST_FILE = 300
LONGEST_FUNCTION = 45


def test_no_file_is_longer_than_300_lines() -> None:
    lengths = {source.path: len(source.text.splitlines()) for source in sources()}

    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_no_function_is_longer_than_45_lines() -> None:
    lengths = {
        f"{source.path}:{function.lineno} {function.name}": (function.end_lineno or 0) - function.lineno + 1
        for source in sources()
        for function in functions(source)
    }

    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FUNCTION} == {}
