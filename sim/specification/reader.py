"""Read files that refer to one another; what is wrong is collected where reading can go on."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import TypeVar

from sim.governance.matrix import Regime
from sim.settings.document import shown
from sim.settings.extends import FileLoader, UnknownNameError
from sim.settings.hints import did_you_mean
from sim.settings.overrides import OPTION, apply_overrides
from sim.settings.problem import ConfigError, Problem, Source, Span
from sim.settings.tree import Location, Node, entries
from sim.settings.validate import Model, validate
from sim.specification.advice import advise, prefix_of
from sim.specification.catalogue import resolve
from sim.specification.checks import (
    check_baseline,
    check_benchmark_alone,
    check_dates,
    check_distance,
    check_ids,
    check_kind,
    check_listed,
    check_order,
    check_own_id,
    check_reasons,
    check_units,
    check_weights,
    entries_of,
)
from sim.specification.convert import as_regime
from sim.specification.design_checks import check_design, design_of
from sim.specification.files import RegimeFile, ScenarioFile, StudyFile
from sim.specification.reasons import Reasons, reasons_of
from sim.specification.run import Horizon, Scenario, Study
from sim.specification.until_reader import check_batches, check_contrasts, stopping_of
from sim.specification.vary import VaryReader, misfits

Result = TypeVar("Result")
ABOUT_ITSELF = ("title", "dates", "sources", "reasons", "cannot_represent")
"""What a file says about itself; a file that extends it is about something else."""


@dataclass(frozen=True)
class Tree:
    """A file that was read, merged over everything it extends."""

    path: Path
    root: Node

    @property
    def schema(self) -> object:
        """Return what the file says it is, such as sim/study/1."""
        entry = entries(self.root).get("schema")
        return entry.node.value if entry else None


@dataclass
class Reader:
    """One reading of a file and all that it names, with the problems found so far."""

    problems: list[Problem] = field(default_factory=list)
    order: Iterator[int] = field(default_factory=count)

    def tree(self, name: str, overrides: Sequence[str] = ()) -> Tree:
        """Read a file that the user named, overrides applied; raises ConfigError."""
        try:
            path = resolve(name)
        except UnknownNameError as error:
            message, hint = error.args
            raise ConfigError([Problem(Span(Source(name, ()), 1, 1, 1), (), message, hint)]) from None
        read = self._read(path)
        return replace(read, root=apply_overrides(read.root, overrides, prefix_of, ("vary",))) if overrides else read

    def collect(self, action: Callable[[], Result | None]) -> Result | None:
        """Return the result of an action; what it raises joins the problems."""
        try:
            return action()
        except ConfigError as error:
            self.problems += error.problems
            return None

    def kind(self, tree: Tree) -> str:
        """Return the kind of file: regime, scenario or study; raises ConfigError when it is none."""
        check_kind(tree.root)
        return str(tree.schema).split("/")[1]

    def stands_alone(self, tree: Tree) -> bool:
        """Tell whether a file is a regime or a scenario, which compares nothing and can be a study of one."""
        return tree.schema in ("sim/regime/1", "sim/scenario/1") and "compare" not in entries(tree.root)

    def regime_file(self, tree: Tree) -> RegimeFile | None:
        """Validate a regime file."""
        content = self._validate(RegimeFile, tree)
        units = [*check_units(tree.root), *check_listed(tree.root)]
        self.problems += [*check_reasons(tree.root), *check_distance(tree.root), *units]
        return None if units else content

    def reasons(self, tree: Tree) -> Reasons:
        """Return the reasons that a regime file and all it builds on give."""
        return reasons_of(tree.root, FileLoader(resolve, self.order).lineage(tree.path))

    def regime(self, tree: Tree) -> Regime | None:
        """Validate a regime file and keep what acts."""
        content = self.regime_file(tree)
        return as_regime(content) if content is not None else None

    def scenario(self, tree: Tree) -> Scenario | None:
        """Validate a scenario file with its regimes; a regime file becomes a scenario of one line."""
        if tree.schema == "sim/regime/1":
            alone = self.regime(tree)
            return Scenario(alone.id, alone.title, (("", alone),)) if alone is not None else None
        content = self._validate(ScenarioFile, tree)
        self.problems += check_order(tree.root)
        named = sorted(entries_of(tree.root, "timeline").items())
        read = [(month, self._referred(e.node, ("timeline", month), self.regime)) for month, e in named]
        timeline = tuple((month, regime) for month, regime in read if regime is not None)
        self.problems += check_benchmark_alone(tree.root, {m: regime.benchmark for m, regime in timeline})
        if content is None or len(timeline) < len(named):
            return None
        return Scenario(content.id, content.title, timeline)

    def study(self, tree: Tree) -> Study | None:
        """Validate a study file with everything it compares."""
        content = self._validate(StudyFile, tree)
        entry = entries(tree.root).get("compare")
        items = entry.node.value if entry and isinstance(entry.node.value, tuple) else ()
        read = [(i, self._referred(i, ("compare", n), self.scenario)) for n, i in enumerate(items)]
        found = [(item, scenario) for item, scenario in read if scenario is not None]
        self.problems += check_ids(found)
        names, ids = [str(item.value) for item in items], [scenario.id for _, scenario in found]
        if items and all(scenario is not None or str(item.value).isidentifier() for item, scenario in read):
            # The id of a file that could not be read is unknown, and may be the baseline.
            self.problems += check_baseline(tree.root, names, ids)
            self.problems += check_contrasts(tree.root, names, ids)
        self.problems += [*check_weights(tree.root), *check_batches(tree.root)]
        varied = VaryReader(
            tree.root, {str(key) for p in self.problems if p.location[:1] == ("vary",) for key in p.location[1:2]}
        )
        wrong = list(check_design(tree.root))
        design = design_of(content.design, content.seed) if content is not None and not wrong else None
        axes = varied.axes(design)
        self.problems += [*wrong, *varied.problems]
        if content is None or len(found) < len(items):
            return None
        compared = {str(item.value): scenario for item, scenario in found}
        study = replace(
            _as_study(content, shown(tree.path), compared), stopping=stopping_of(content, tree.root, compared)
        )
        self.problems += check_dates(found, study.horizon)
        if varied.problems or design is None:
            return None
        study = replace(study, axes=axes, design=design)
        self.problems += misfits(tree.root, study.points, study.at)
        return study

    def _read(self, path: Path) -> Tree:
        return Tree(path, FileLoader(resolve, self.order, ABOUT_ITSELF).load(path))

    def _validate(self, model: type[Model], tree: Tree) -> Model | None:
        check_kind(tree.root, model)
        content, problems = validate(model, tree.root, advise(model))
        self.problems += problems
        self.problems += check_own_id(tree.root, shown(tree.path), tree.path.stem)
        return content

    def _referred(self, item: Node, location: Location, validated: Callable[[Tree], Result | None]) -> Result | None:
        """Read and validate a file that another names; its problems say who uses it."""
        if not isinstance(item.value, str):
            return None
        try:
            # A path starts at the file it is written in; one on the command line, where the user stands.
            written_in = item.span.source.path
            path = resolve(item.value, None if written_in == OPTION else Path(written_in))
        except UnknownNameError as error:
            message, hint = error.args
            self.problems.append(Problem(item.span, location, message, hint))
            return None
        if not path.is_file():
            hint = did_you_mean(path.name, sorted(file.name for file in path.parent.glob("*.yaml")))
            self.problems.append(Problem(item.span, location, f"there is no file {shown(path)}", hint))
            return None
        before = len(self.problems)
        result = self.collect(lambda: validated(self._read(path)))
        used_by = f"{item.span.source.path}:{item.span.line}"
        new = [replace(problem, used_by=problem.used_by or used_by) for problem in self.problems[before:]]
        self.problems[before:] = new
        return result


def _as_study(content: StudyFile, path: str, compared: dict[str, Scenario]) -> Study:
    """Make the study; the baseline is named as it is compared, or by its id."""
    horizon = content.horizon
    named = compared.get(content.baseline)
    return Study(
        id=content.id,
        title=content.title,
        path=path,
        compare=tuple(compared.values()),
        baseline=named.id if named is not None else content.baseline,
        services=tuple(sorted(content.services)),
        horizon=Horizon(horizon.start, horizon.years, horizon.burn_in_years),
        replicates=content.replicates,
        seed=content.seed,
        twin_sets=content.twin_sets,
        weights=tuple(sorted(content.weights.items())),
        parameters=content.parameters,
    )
