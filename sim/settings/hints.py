"""The likely fix for what was written: near misses, units left in the value, shares and percentages."""

import re
from collections.abc import Iterable
from decimal import Decimal
from difflib import SequenceMatcher

_NUMBER_FIRST = re.compile(r"^\s*([+-]?(?:\d+(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][+-]?\d+)?)\s*(.*?)\s*$")
_CLOSE = 0.5
_MOST_SHOWN = 12


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the first of the known words closest to a misspelt one, or None when nothing is close."""
    candidates = list(known)
    likeness = [SequenceMatcher(None, name.lower(), word.lower()).ratio() for name in candidates]
    best = max(likeness, default=0.0)
    return candidates[likeness.index(best)] if best >= _CLOSE else None


def did_you_mean(word: str, known: Iterable[str], *, listing: str = "") -> str:
    """Word the suggestion for a misspelt name; ``listing`` introduces the list of what is known."""
    candidates = list(known)
    best = nearest(word, candidates)
    suggestion = f"did you mean `{best}`?" if best else ""
    if not listing or not candidates:
        return suggestion
    names = ", ".join(candidates[:_MOST_SHOWN]) + (", …" if len(candidates) > _MOST_SHOWN else "")
    return f"{suggestion}  ({listing}: {names})" if suggestion else f"{listing}: {names}"


def number_in(text: str) -> str | None:
    """Return the number that opens a text such as '14 days', '£1,000' or '35%', as it should be written."""
    match = _NUMBER_FIRST.match(text.strip().lstrip("£$€"))
    return match.group(1).replace(",", "") if match else None


def number_hint(key: str, text: str, unit: str) -> str:
    """Word the fix for text where a number was wanted; ``unit`` is what the key counts in."""
    number = number_in(text)
    if number is None:
        return f"write a number in {unit}" if unit else "write a number"
    if text.strip().endswith("%") and (key.endswith("_share") or unit.startswith("share")):
        return f"a share counts the whole as 1; write `{float(Decimal(number) / 100):g}`"
    if number == text.strip():
        return f"write it without quotes: `{number}`"
    return f"the unit is in the key; write `{number}`"


def share_or_percentage(key: str, value: float) -> tuple[str, str] | None:
    """Return (message, hint) when a number looks like a share under a ``_pct`` key or the reverse."""
    if key.endswith("_pct") and 0 < abs(value) < 1:
        message = f"{value:g} is allowed but looks like a share"
        return message, f"this key is in per cent (2 means 2%); write {value * 100:g}, or confirm with `# ok`"
    if key.endswith("_share") and 1 < abs(value) <= 100:
        message = f"{value:g} looks like a percentage"
        return message, f"a share runs from 0 to 1; write {value / 100:g}"
    return None
