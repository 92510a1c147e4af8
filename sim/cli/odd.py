"""The ODD protocol: prose by hand, with parts between marks that are written from the code.

``python -m sim.cli.odd docs/odd.md`` writes those parts anew; ``sim explain odd`` prints the whole. A part stands
between ``<!-- begin: NAME -->`` and ``<!-- end: NAME -->``.
"""

import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import sim
from sim.cli import odd_tables
from sim.cli.odd_source import Module, Rule, phase_calls
from sim.cli.odd_tables import all_modules, groups, prose, rules_of
from sim.cli.pages import Document
from sim.phases import PHASES
from sim.specification.parameters import ParameterSet
from sim.specification.switches import Declared, mechanisms

TITLE = "The model in the ODD protocol"
ALSO = (
    "sim.agents.calendar",
    "sim.agents.queue",
    "sim.world.capacity",
    "sim.world.draw_person",
    "sim.world.life_table",
    "sim.world.local_sites",
    "sim.world.need",
    "sim.world.population",
    "sim.world.travel",
    "sim.world.twins",
)
"""Modules beside those of the phases and of governance whose functions are submodels."""


def phase_sections() -> str:
    """Write one section for each phase: who acts, the rule, and the functions that carry it out."""
    return "\n\n".join(_phase_section(number, phase.name) for number, phase in enumerate(PHASES, start=1))


NO_NUMBER = 0
"""Stands for the rules that have a switch and are none of the numbered mechanisms."""


def mechanism_sections() -> str:
    """Write one section for each mechanism that has a switch, by number."""
    by_number: dict[int, list[Declared]] = {}
    for entry in mechanisms(ParameterSet()):
        by_number.setdefault(entry.facts.mechanism or NO_NUMBER, []).append(entry)
    return "\n\n".join(_mechanism_section(number, found) for number, found in by_number.items())


def module_sections() -> str:
    """Write what every function of the modules that hold rules says of itself."""
    shown = (module for module in all_modules().values() if _holds_rules(module))
    return "\n\n".join(f"#### `{module.name}`\n\n{_said(module)}\n\n{rules_of(module)}" for module in shown)


PARTS: Mapping[str, Callable[[], str]] = {
    "state": odd_tables.state_variables,
    "arrays": odd_tables.arrays,
    "services": odd_tables.services,
    "levels": odd_tables.levels,
    "levers": odd_tables.levers,
    "phases": odd_tables.phases,
    "decisions": odd_tables.decisions,
    "reasons": odd_tables.reasons,
    "outcomes": odd_tables.outcomes,
    "data": odd_tables.data,
    "phase rules": phase_sections,
    "switches": odd_tables.switches,
    "mechanism rules": mechanism_sections,
    "module rules": module_sections,
    "parameters": odd_tables.parameters,
}
"""Every generated part by the name in its marks."""


def renewed(text: str) -> str:
    """Return a page with every generated part written anew; raise ValueError unless each has one place."""
    for name, write in PARTS.items():
        begin, end = f"<!-- begin: {name} -->", f"<!-- end: {name} -->"
        if text.count(begin) != 1 or text.count(end) != 1:
            raise ValueError(f"the page has no one place for the part `{name}`")
        before, rest = text.split(begin)
        text = f"{before}{begin}\n\n{write()}\n\n{end}{rest.split(end)[1]}"
    return text


def odd_page() -> Document:
    """Return the whole protocol as the code has it now."""
    return Document(TITLE, renewed(odd_path().read_text(encoding="utf-8")))


def odd_path() -> Path:
    """Return where the protocol stands: inside an installed package, beside it in a checkout."""
    package = Path(sim.__file__).parent
    inside = package / "docs" / "odd.md"
    return inside if inside.is_file() else package.parent / "docs" / "odd.md"


def title_of(entry: Declared) -> str:
    """Return what a mechanism is about, from the description of its switch."""
    words = re.sub(r"^Whether ", "", entry.facts.description)
    return prose(words.split(";")[0])


def _phase_section(number: int, name: str) -> str:
    known, phase = all_modules(), PHASES[number - 1]
    called = [(path, found) for path in phase_calls()[name] for found in _found(known, path)]
    lines = [f"#### Phase {number}: {name}", f"Who acts: {phase.actor}. Rule: {prose(phase.rule)}."]
    for module in dict.fromkeys(known[path.rpartition(".")[0]] for path, _ in called):
        lines.append(f"`{module.name}`. {_said(module)}")
    lines.append("\n".join(f"- `{path}`: {prose(rule.text)}" for path, rule in called))
    return "\n\n".join(lines)


def _mechanism_section(number: int, found: list[Declared]) -> str:
    titles = "; ".join(title_of(entry) for entry in found)
    lines = [f"#### Mechanism {number}: {titles}" if number else f"#### Rule without a number: {titles}"]
    for entry in found:
        group = groups()[entry.key.split(".")[0]]
        about = prose(" ".join((group.__doc__ or "").split()))
        lines.append(f"Off-switch `{entry.key}`. {prose(entry.facts.description)}.")
        lines.append(f"Its parameters stand in the group `{entry.key.split('.')[0]}`: {about}")
    owners = {groups()[entry.key.split(".")[0]].__module__ for entry in found}
    for module in all_modules().values():
        named = [rule for rule in module.rules if number in rule.mechanisms]
        if module.name in owners or number in module.mechanisms:
            lines.append(f"`{module.name}`. {_said(module)}")
        if named:
            lines.append("\n".join(f"- `{module.name}.{rule.name}`: {prose(rule.text)}" for rule in named))
    return "\n\n".join(lines)


def _holds_rules(module: Module) -> bool:
    part = module.name.split(".")[1]
    return bool(module.rules) and (part in ("phases", "governance") or module.name in ALSO)


def _said(module: Module) -> str:
    return prose(" ".join(module.paragraphs))


def _found(known: Mapping[str, Module], path: str) -> list[Rule]:
    """Return the function of a dotted path; nothing where the path is that of a class or lies elsewhere."""
    module, _, name = path.rpartition(".")
    return [rule for rule in known[module].rules if rule.name == name] if module in known else []


if __name__ == "__main__":
    page = Path(sys.argv[1]) if len(sys.argv) > 1 else odd_path()
    page.write_text(renewed(page.read_text(encoding="utf-8")), encoding="utf-8")
