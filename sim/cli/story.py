"""``sim story``: one life under each compared regime, or a few lives worth telling."""

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.analysis.courses import Run, simulate_courses
from sim.analysis.life import Life, life_of
from sim.analysis.parted import differences, worth_telling
from sim.analysis.story import parting
from sim.cli.failure import UsageError
from sim.cli.stage import Stage, known_place, known_service, named_scenarios, run_each, set_stage, world_of
from sim.report import lives as page
from sim.report.table import report_console
from sim.report.wrap import print_hanging
from sim.settings.hints import did_you_mean
from sim.specification.load import load_study
from sim.specification.run import RunSpec, Scenario, Study

PICKS = ("parted", "in_time")
EACH_SIDE = 3
IDENTITY = re.compile(r"(0x)?[0-9a-fA-F]{16}")


@dataclass(frozen=True)
class Wanted:
    """What the command was asked for; "" where an option was not given."""

    study: str
    overrides: Sequence[str] = ()
    patient: str = ""
    replicate: int = 0
    regimes: str = ""
    service: str = ""
    place: str = ""
    pick: str = ""
    as_json: bool = False
    quiet: bool = False


def tell_story(wanted: Wanted) -> int:
    """Print one life, or a list of people whose lives are worth telling, and return 0.

    Raises ConfigError on a wrong study and UsageError on anything asked for that is not there.
    """
    _check(wanted)
    study = load_study(wanted.study, wanted.overrides)
    scenarios = _scenarios(study, wanted)
    world = world_of(study, wanted.replicate)
    service, place = known_service(wanted.service, study, world), known_place(wanted.place, world)
    stage = set_stage(study, scenarios, wanted.replicate, wanted.quiet)
    if wanted.patient:
        return _one(stage, wanted)
    return _list(stage, wanted, (service, place))


def _check(wanted: Wanted) -> None:
    """Refuse options that do not make sense, before anything is loaded."""
    if wanted.patient and (wanted.service or wanted.place or wanted.pick):
        raise UsageError("--patient names one life; leave out --service, --place and --pick")
    if wanted.patient and not IDENTITY.fullmatch(wanted.patient):
        raise UsageError(
            f"--patient wants the 16 hexadecimal digits of an identity, got {wanted.patient!r}; {_how_to_list(wanted)}"
        )
    if wanted.pick and wanted.pick not in PICKS:
        hint = did_you_mean(wanted.pick, PICKS, listing="picks")
        raise UsageError(f"--pick does not know {wanted.pick!r}; {hint}")


def _scenarios(study: Study, wanted: Wanted) -> list[Scenario]:
    """Return the scenarios to tell, the baseline first; benchmarks only when asked for or when nothing else is left."""
    chosen = named_scenarios(study, wanted.regimes)
    if all(scenario.benchmark for scenario in chosen):
        raise UsageError(
            f"`{chosen[0].id}` is a benchmark, in which every mechanism is off and nobody decides anything; "
            "name a regime with --regimes"
        )
    chosen.sort(key=lambda scenario: scenario.id != study.baseline)
    if not wanted.patient and len(study.compare) < 2:
        raise UsageError(f"{study.id} compares nothing, so no lives part; name a study that compares two regimes")
    if not wanted.patient and len(chosen) < 2:
        raise UsageError("a list of lives that part wants two regimes; name them with --regimes a,b")
    return chosen if wanted.patient else chosen[:2]


def _run(stage: Stage, wanted: Wanted, row: int | None) -> list[Run]:
    """Simulate every scenario of the stage."""

    def simulate(spec: RunSpec, month_over: Callable[[int], None]) -> Run:
        return simulate_courses(spec, stage.world, stage.population, row, month_over)

    return run_each(stage, wanted.quiet, simulate)


def _one(stage: Stage, wanted: Wanted) -> int:
    """Tell one life under every scenario."""
    row = _row(stage, wanted)
    told = [life_of(run, row) for run in _run(stage, wanted, row)]
    partings = {life.scenario: parting(told[0], life) for life in told[1:]}
    if wanted.as_json:
        content = _head(stage) | {
            "patient": page.person_json(told[0].person),
            "lives": [page.life_json(life) for life in told],
            "partings": {name: page.parting_json(found) for name, found in partings.items()},
        }
        print(json.dumps(content, ensure_ascii=False, indent=2))
        return 0
    titles = [scenario.title for scenario in stage.scenarios]
    _print([*page.who_lines(told[0], stage.replicate), *_told(told, titles)])
    if partings:
        _print(["", *page.parting_lines(partings)])
    return 0


def _told(lives: Sequence[Life], titles: Sequence[str]) -> Iterator[str]:
    for life, title in zip(lives, titles, strict=True):
        yield ""
        yield from page.life_lines(life, title)


def _row(stage: Stage, wanted: Wanted) -> int:
    """Return the row of the person who was asked for."""
    population = stage.population
    rows = np.flatnonzero(population.people.identity == np.uint64(int(wanted.patient, 16)))
    if rows.size == 0:
        where = f"replicate {stage.replicate} of {stage.study.id}"
        raise UsageError(f"nobody in {where} is {wanted.patient}; {_how_to_list(wanted)}")
    if rows[0] >= population.real:
        raise UsageError(
            f"{wanted.patient} is a twin, one of the probes that measure what a postcode does; stories are told of "
            f"simulated patients. {_how_to_list(wanted).capitalize()}"
        )
    return int(rows[0])


def _list(stage: Stage, wanted: Wanted, where: tuple[str, str]) -> int:
    """List people whose lives part between the first two scenarios, and say how many there are."""
    first, second = _run(stage, wanted, None)
    found = differences(first, second, *where)
    kind = wanted.pick or PICKS[0]
    rows = worth_telling(found, stage.population.people.identity, kind, EACH_SIDE)
    better = dict(zip(found.rows.tolist(), found.gain > 0, strict=True))
    names = (first.scenario, second.scenario)
    listed = []
    for row in rows:
        one, other = life_of(first, row), life_of(second, row)
        part = parting(one, other)
        if part is not None:
            listed.append((one.person, names[0] if better[row] else names[1], part))
    if wanted.as_json:
        people = [
            page.person_json(person) | {"better_off_under": name, "parting": page.parting_json(part)}
            for person, name, part in listed
        ]
        content = _head(stage) | {"shares": vars(found.shares), "rule": page.rule_words(kind, EACH_SIDE)}
        print(json.dumps(content | {"patients": people}, ensure_ascii=False, indent=2))
        return 0
    _print(page.share_words(found.shares, names))
    if len([scenario for scenario in stage.study.compare if not scenario.benchmark]) > len(names):
        _print([f"{stage.study.id} compares more regimes; set two others against each other with --regimes a,b"])
    if not listed:
        return 0
    _print([""])
    for entry in listed:
        _print(page.listed_lines(*entry))
    _print(["", page.rule_words(kind, EACH_SIDE), f"Tell one with:  sim story {wanted.study} --patient IDENTITY"])
    return 0


def _head(stage: Stage) -> dict[str, Any]:
    regimes = [scenario.id for scenario in stage.scenarios]
    return {"ok": True, "exit_code": 0, "study": stage.study.id, "replicate": stage.replicate, "regimes": regimes}


def _how_to_list(wanted: Wanted) -> str:
    return f"`sim story {wanted.study} --replicate {wanted.replicate}` lists some"


def _print(lines: Iterable[str]) -> None:
    print_hanging(lines, report_console(sys.stdout))
