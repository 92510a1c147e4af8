"""``sim explain``: what can be configured, and what stands behind every value."""

import json
from collections.abc import Callable, Iterator, Sequence

from sim.cli.failure import UsageError
from sim.cli.pages import Document, Form, Page
from sim.cli.reference import (
    every_key,
    levels_page,
    levers_page,
    mechanisms_page,
    parameters_page,
    phases_page,
    scenario_page,
    scenarios_page,
    service_page,
    services_page,
    studies_page,
    study_page,
    technologies_page,
    units_page,
)
from sim.cli.regime_pages import regime_page, regimes_page
from sim.cli.topics import TOPICS
from sim.measures.outcomes import OUTCOMES
from sim.settings.hints import did_you_mean
from sim.specification.catalogue import KINDS, shipped
from sim.specification.checks import SCHEMAS
from sim.specification.levels import unit_counts
from sim.specification.load import kind_of
from sim.specification.services import known_services
from sim.specification.switches import Declared


def _odd_page() -> Document:
    from sim.cli.odd import odd_page

    return odd_page()


def _measure_page(measure: str) -> Page:
    from sim.cli.dictionary import measure_page

    return measure_page(measure)


def _measures_page() -> Page:
    from sim.cli.dictionary import measures_page

    return measures_page()


def _dictionary_page() -> Document:
    from sim.cli.dictionary import dictionary_page

    return dictionary_page()


PAGES: dict[str, Callable[[], Page | Document]] = {
    "regimes": regimes_page,
    "scenarios": scenarios_page,
    "studies": studies_page,
    "parameters": parameters_page,
    "mechanisms": mechanisms_page,
    "phases": phases_page,
    "levers": levers_page,
    "levels": levels_page,
    "services": services_page,
    "technologies": technologies_page,
    "measures": _measures_page,
    "dictionary": _dictionary_page,
    "odd": _odd_page,
}


MOST_NAMED = 6


def explain_topic(topic: str, kind: str, form: Form) -> int:
    """Print a topic, a regime, a schema or a key and return 0; raises UsageError for anything else."""
    if topic == "schema":
        return _schema(kind)
    if kind:
        raise UsageError(f"`{kind}` is not wanted after `{topic}`; only `schema` takes a kind of file")
    _page(topic).show(form)
    return 0


def _page(topic: str) -> Page | Document:
    if not topic:
        return _overview()
    if topic in PAGES:
        return PAGES[topic]()
    if topic in unit_counts() or topic in known_services():
        return units_page(topic) if topic in unit_counts() else service_page(topic)
    files = {name for kind in KINDS for name in shipped(kind)}
    if topic in files or topic.endswith((".yaml", ".yml")):
        return {"regime": regime_page, "scenario": scenario_page, "study": study_page}[kind_of(topic)](topic)
    return _measure_page(topic) if topic in OUTCOMES else _keys_page(topic)


def _keys_page(topic: str) -> Page:
    """Explain one key, the keys of a group, or those whose last part is the topic."""
    keys = {entry.key: entry for entry in every_key()}
    if topic in keys:
        return _key_page(keys[topic])
    inside = [entry for key, entry in keys.items() if key.startswith(f"{topic}.")]
    named = [entry for key, entry in keys.items() if key.endswith(f".{topic}")]
    if not inside and not named:
        files = [name for kind in KINDS for name in shipped(kind)]
        known = [*TOPICS, "schema", *files, *unit_counts(), *known_services(), *keys]
        hint = _meant(topic, known) or "`sim explain` lists what there is"
        raise UsageError(f"nothing is called `{topic}`; {hint}")
    return _key_page(named[0]) if not inside and len(named) == 1 else parameters_page(topic, inside or named)


def _meant(topic: str, known: Sequence[str]) -> str:
    """Word what may have been meant: names that hold the topic, otherwise the nearest, of measures too; "" for none."""
    holding = [f"`{name}`" for name in known if topic in name]
    if len(holding) > 1:
        more = ", …" if len(holding) > MOST_NAMED else ""
        return f"did you mean one of {', '.join(holding[:MOST_NAMED])}{more}?"
    return did_you_mean(topic, [*known, *OUTCOMES])


def _overview() -> Page:
    rows = [(f"sim explain {topic}", text) for topic, text in TOPICS.items()]
    rows.append((f"sim explain schema {'|'.join(KINDS)}", "the JSON Schema of a kind of file, for editors"))
    rows.append(("sim explain REGIME", "who holds what under a regime, and why; or what a scenario or study holds"))
    rows.append(("sim explain LEVEL", "the units of a level, with their codes and names: sim explain icb_2022"))
    rows.append(("sim explain MEASURE", "one measure: what is divided by what, and what difference matters"))
    rows.append(("sim explain SERVICE", "one service: sim explain pnh"))
    rows.append(("sim explain KEY", "one value, for example referral.travel_weight_per_hour"))
    return Page("What can be explained", ("command", "what it prints"), tuple(rows))


def _key_page(entry: Declared) -> Page:
    return Page(entry.key, details=tuple(_key_details(entry)))


def _key_details(entry: Declared) -> Iterator[tuple[str, str]]:
    facts = entry.facts
    yield "description", facts.description
    yield "value", str(entry.value).lower() if isinstance(entry.value, bool) else str(entry.value)
    for name, text in (
        ("unit", facts.unit),
        ("plausible range", facts.plausible),
        ("allowed", facts.allowed),
        ("mechanism", str(facts.mechanism or "")),
        ("source", facts.source),
        ("grade", facts.grade),
    ):
        if text:
            yield name, text


def _schema(kind: str) -> int:
    model = SCHEMAS.get(f"sim/{kind}/1")
    if model is None:
        hint = did_you_mean(kind, KINDS) if kind else ""
        raise UsageError(f"schema wants one of {', '.join(KINDS)}{'; ' + hint if hint else ''}")
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    schema = dialect | model.model_json_schema(by_alias=True)
    what = "Path or shipped name of a file to build on, or a list of them; `key: {}` takes over nothing below that key"
    extends = {"description": what}
    schema["properties"] = {**schema["properties"], "extends": extends}
    # A file that extends another need not repeat what it takes over.
    schema["required"] = ["schema", "id"]
    print(json.dumps(schema, ensure_ascii=False, indent=2))
    return 0
