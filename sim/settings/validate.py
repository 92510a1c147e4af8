"""Check a tree against a pydantic model and report every problem where it was written."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from sim.settings.hints import did_you_mean, nearest, number_hint, share_or_percentage
from sim.settings.problem import Problem
from sim.settings.schema import Facts, facts, field_at, homes_of, keys_at
from sim.settings.tree import Location, Node, entries, find, plain

Model = TypeVar("Model", bound=BaseModel)
Advice = Callable[[Location], str]

_WANTED = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "string_type": "text",
    "bool_type": "true or false",
    "model_type": "a mapping of keys",
    "dict_type": "a mapping of keys",
    "mapping_type": "a mapping of keys",
    "list_type": "a list",
    "tuple_type": "a list",
    "too_short": "at least one entry",
}
_NUMBERS = {"int_type", "int_from_float", "float_type", "finite_number"}
_BOUNDS = {"greater_than_equal": "{ge:g} or more", "less_than_equal": "{le:g} or less"}
_STRICT_BOUNDS = {"greater_than": "more than {gt:g}", "less_than": "less than {lt:g}"}

MOST_HOMES = 3
"""No more places than these are named to which a key might belong."""
LARGEST_HINT = 1e15
"""No whole number is suggested for a float beyond this, nor for one that is not a number."""


def validate(
    model: type[Model], root: Node, advise: Advice = lambda location: ""
) -> tuple[Model | None, list[Problem]]:
    """Return the validated model, or None, with every problem found.

    ``advise`` words the hint for an unknown key that the caller knows better than the schema.
    """
    problems = list(_lint(model, root))
    try:
        return model.model_validate(plain(root)), problems
    except ValidationError as error:
        details = error.errors(include_url=False)
        return None, problems + _without_shadows(model, root, details, advise)


def _without_shadows(model: type[BaseModel], root: Node, details: list[ErrorDetails], advise: Advice) -> list[Problem]:
    """Leave out a missing key when a misspelt one beside it was meant for it."""
    unknown = [d["loc"] for d in details if d["type"] == "extra_forbidden"]
    meant = {(*where[:-1], nearest(str(where[-1]), keys_at(model, where[:-1]))) for where in unknown}
    kept = [d for d in details if not (d["type"] == "missing" and d["loc"] in meant)]
    return [_problem(model, root, detail, advise) for detail in kept]


def _problem(model: type[BaseModel], root: Node, detail: ErrorDetails, advise: Advice) -> Problem:
    location, kind = detail["loc"], detail["type"]
    if kind == "extra_forbidden":
        hint = advise(location) or _unknown_hint(model, location)
        return Problem(find(root, location)[1], location, "unknown key", hint)
    if kind == "missing":
        return _missing(model, root, location)
    of_key = location[-1:] == ("[key]",)
    location = location[:-1] if of_key else location
    node, key_span = find(root, location)
    info = field_at(model, location)
    declared = facts(info) if info is not None else Facts()
    message, hint = _wanted(detail, declared, location)
    return Problem(key_span if of_key else node.span, location, message, hint)


def _unknown_hint(model: type[BaseModel], location: Location) -> str:
    key, allowed = str(location[-1]), keys_at(model, location[:-1])
    group, dot, rest = key.partition(".")
    if dot and group in allowed:
        return f"in a file, write `{group}: {{{rest}: …}}`"
    elsewhere = [".".join(home) for home in homes_of(model, key)]
    if elsewhere:
        more = f", … ({len(elsewhere)} in all)" if len(elsewhere) > MOST_HOMES else ""
        return "it belongs elsewhere: " + " or ".join(f"`{home}`" for home in elsewhere[:MOST_HOMES]) + more
    return did_you_mean(key, allowed, listing="allowed here")


def _missing(model: type[BaseModel], root: Node, location: Location) -> Problem:
    info = field_at(model, location)
    _, span = find(root, location[:-1])
    about = f" ({info.description})" if info is not None and info.description else ""
    hint = f"add `{location[-1]}:`{about}"
    return Problem(span, location, "is missing", hint)


def _wanted(detail: ErrorDetails, declared: Facts, location: Location) -> tuple[str, str]:
    kind, found = detail["type"], detail["input"]
    key = next((str(step) for step in reversed(location) if isinstance(step, str)), "")
    context: Mapping[str, Any] = detail.get("ctx", {})
    if kind == "literal_error":
        words = declared.choices or tuple(str(context.get("expected", "")).replace("'", "").split(", "))
        return f"wants one of {', '.join(words)}; got {quoted(found)}", did_you_mean(str(found), words)
    if kind in _BOUNDS or kind in _STRICT_BOUNDS:
        slip = share_or_percentage(key, float(found))
        bound = (_BOUNDS | _STRICT_BOUNDS)[kind].format(**context)
        ranges = _ranges(declared) if kind in _BOUNDS else ""
        return f"wants {ranges or bound}, got {found:g}", slip[1] if slip else declared.description
    if kind in _WANTED:
        unit = f" ({declared.unit})" if declared.unit and kind in _NUMBERS else ""
        return f"wants {_WANTED[kind]}{unit}, got {quoted(found)}", _type_hint(kind, found, declared, key)
    if kind == "refused":
        return detail["msg"], str(context.get("hint", ""))
    # Whatever else the library may find, its own words are not for readers.
    wanted = "wants at most {max_length} entries" if kind == "too_long" else "cannot be used here"
    return f"{wanted.format(**context)}: {quoted(found)}", declared.description


def _ranges(declared: Facts) -> str:
    unit = f" {declared.unit}" if declared.unit else ""
    plausible = f" (plausible: {declared.plausible})" if declared.plausible else ""
    return f"{declared.allowed}{unit}{plausible}" if declared.allowed else ""


def _type_hint(kind: str, found: object, declared: Facts, key: str) -> str:
    if kind in _NUMBERS and isinstance(found, str):
        return number_hint(key, found, declared.unit)
    if kind.startswith("int") and isinstance(found, float) and abs(found) < LARGEST_HINT:
        return f"write `{round(found)}`"
    if kind == "bool_type" and str(found).lower() in ("yes", "no", "on", "off"):
        return f"write `{'true' if str(found).lower() in ('yes', 'on') else 'false'}`"
    if kind in ("list_type", "tuple_type"):
        return f"write `[{found}]`" if isinstance(found, str) else ""
    return declared.description


def refuse(message: str, hint: str) -> PydanticCustomError:
    """Make the error of a validator that knows the fix."""
    braces = str.maketrans({"{": "(", "}": ")"})
    return PydanticCustomError("refused", message.translate(braces), {"hint": hint})


def quoted(value: object) -> str:
    """Show a value as it would be written in a file."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping | list):
        kind = "mapping" if isinstance(value, Mapping) else "list"
        return f"a {kind}" if value else f"an empty {kind}"
    return f'"{value}"' if isinstance(value, str) else str(value)


def _lint(model: type[BaseModel], node: Node, location: Location = ()) -> Iterator[Problem]:
    """Yield numbers that are allowed but look like the wrong one of share and per cent."""
    for key, entry in entries(node).items():
        where, value = (*location, key), entry.node.value
        yield from _lint(model, entry.node, where)
        if isinstance(value, bool) or not isinstance(value, int | float):
            continue
        info = field_at(model, where)
        slip = share_or_percentage(key, value) if info is not None else None
        refused_anyway = info is not None and facts(info).at_most is not None and key.endswith("_share")
        if slip and not refused_anyway and "# ok" not in entry.node.span.text:
            yield Problem(entry.node.span, where, *slip)
