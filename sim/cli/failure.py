"""How a command ends: its exit code, and what is said when it fails."""

import json
import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from typing import TypeGuard

INTERNAL, USAGE, INVALID, LIMITED, INTERRUPTED = 1, 2, 3, 6, 130


class UsageError(Exception):
    """A command that was asked for something that does not exist."""


class ResultsError(Exception):
    """Stored results that cannot be used for what was asked."""


def end_with(action: Callable[[], int], *, as_json: bool = False) -> int:
    """Run a command's body and return its exit code; a failure becomes text or JSON, never a traceback."""
    try:
        code = action()
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        content = {"ok": False, "exit_code": INTERRUPTED, "message": "interrupted"}
        return say("interrupted", content, as_json, INTERRUPTED)
    except (BrokenPipeError, SystemExit):
        # Whoever read our output has had enough (rich makes that an exit of its own); Python would complain
        # again while closing it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        return _report(error, as_json)


def _report(error: Exception, as_json: bool) -> int:
    from sim.settings.problem import ConfigError
    from sim.world.tables import DataError

    if isinstance(error, ConfigError):
        return say(str(error), error.as_json(), as_json, INVALID)
    if isinstance(error, DataError):
        lines = str(error).splitlines()
        text = "error[data]: " + (lines[0] if len(lines) == 1 else "\n  ".join(["", *lines]).strip())
        return say(text, {"ok": False, "exit_code": INVALID, "problems": lines}, as_json, INVALID)
    if known := _in_words(error):
        code, kind, text = known
        return say(f"{kind}: {text}", {"ok": False, "exit_code": code, "message": text}, as_json, code)
    return _internal(error, as_json)


def _in_words(error: Exception) -> tuple[int, str, str] | None:
    """Return the exit code, the kind and the words of a failure that is no fault of the program; None for others."""
    from sim.settings.room import out_of_room

    if isinstance(error, OSError) and out_of_room(error):
        return LIMITED, "error", "there is no room left to write; make room and give the same command again"
    if _names_a_file(error):
        return USAGE, "error", f"cannot use {error.filename}: {error.strerror}"
    if isinstance(error, UsageError):
        return USAGE, "error", str(error)
    if isinstance(error, ResultsError):
        return INVALID, "error[results]", str(error)
    return None


def _names_a_file(error: Exception) -> TypeGuard[OSError]:
    """Tell whether the system says of which file it cannot do what was asked."""
    return isinstance(error, OSError) and error.filename is not None and bool(error.strerror)


def _internal(error: Exception, as_json: bool) -> int:
    handle, path = tempfile.mkstemp(prefix="sim-traceback-", suffix=".txt", text=True)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        traceback.print_exception(error, file=file)
    what = f"{type(error).__name__}: {error}".splitlines()[0]
    content = {"ok": False, "exit_code": INTERNAL, "message": what, "traceback": path}
    return say(f"internal error: {what} (traceback in {path})", content, as_json, INTERNAL)


def say(text: str, content: dict[str, object], as_json: bool, code: int) -> int:
    """Write one line on stderr, or one object on stdout; return the exit code."""
    if as_json:
        print(json.dumps(content, ensure_ascii=False, indent=2))
    else:
        print(text, file=sys.stderr)
    return code
