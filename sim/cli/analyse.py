"""``sim analyse``: kinds of analysis and their options; what each does is imported when it is called."""

from typing import Annotated

import typer

from sim.cli.failure import end_with
from sim.cli.options import AsJson, Overrides, Quiet, Replicate, StudyName

FinishedStudy = Annotated[
    str, typer.Argument(metavar="RESULTS|STUDY", help="A results folder, or a study that was run.")
]
Services = Annotated[str, typer.Option(metavar="SET", help="For which services; the usual set without.")]
OutCsv = Annotated[str, typer.Option(metavar="FILE.csv", help="Write a tidy table.")]

analyse = typer.Typer(name="analyse", help="Ask why the regimes of a study differ.", no_args_is_help=True)


@analyse.command(short_help="Two regimes life by life: where they part.")
def ledger(
    study: StudyName,
    regimes: Annotated[str, typer.Option(metavar="A,B", help="Which two of the compared regimes.")] = "",
    replicate: Replicate = 0,
    out: Annotated[str, typer.Option(metavar="FILE.parquet", help="Write the line of every patient.")] = "",
    overrides: Overrides = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Set two regimes against each other life by life: who gains, who loses, and where each life parts."""

    def body() -> int:
        from sim.cli.analyse_ledger import Wanted, show_ledger

        return show_ledger(Wanted(study, overrides or (), regimes, replicate, out, as_json=as_json, quiet=quiet))

    raise typer.Exit(end_with(body, as_json=as_json))


@analyse.command(short_help="Where people are stopped, and what helps.")
def bottlenecks(  # noqa: PLR0913 - one for each option
    study: StudyName,
    regimes: Annotated[str, typer.Option(metavar="A,B", help="Which of the compared regimes.")] = "",
    service: Annotated[str, typer.Option(metavar="ID", help="Look at this service only.")] = "",
    place: Annotated[str, typer.Option(metavar="PLACE", help="Look at this place only (code or name).")] = "",
    replicates: Annotated[int, typer.Option(metavar="N", help="The first N replicates; all without.")] = 0,
    shadow_prices: Annotated[
        bool, typer.Option("--shadow-prices", help="Run again with a little more slots, money, and faster panels.")
    ] = False,
    out: Annotated[str, typer.Option(metavar="FILE.csv", help="Write reasons by place, service and regime.")] = "",
    overrides: Overrides = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Say where people in need are stopped under each regime, and what a little more of what is scarce would do."""

    def body() -> int:
        from sim.cli.analyse_bottlenecks import Wanted, show_bottlenecks

        given = (regimes, service, place, replicates, shadow_prices, out)
        return show_bottlenecks(Wanted(study, overrides or (), *given, as_json=as_json, quiet=quiet))

    raise typer.Exit(end_with(body, as_json=as_json))


@analyse.command(short_help="Lines of cost, and cost per QALY.")
def money(
    study: Annotated[str, typer.Argument(metavar="RESULTS|STUDY", help="A results folder, or a study that was run.")],
    regimes: Annotated[str, typer.Option(metavar="A,B", help="Only these, the first as the baseline.")] = "",
    by: Annotated[str, typer.Option(metavar="payer|provider|service|year", help="Whose money, or for what.")] = "",
    point: Annotated[int, typer.Option(metavar="N", help="At which point of a sweep; 0 for all.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Print the lines of cost, spend against plan and cost per QALY; nothing is run."""

    def body() -> int:
        from sim.cli.analyse_money import show_money

        return show_money(study, regimes=regimes, by=by, point=point, as_json=as_json)

    raise typer.Exit(end_with(body, as_json=as_json))


@analyse.command(short_help="Which mechanisms make a difference.")
def decompose(  # noqa: PLR0913 - one for each option
    study: Annotated[str, typer.Argument(help="A study, or a regime or scenario alone, by path or shipped name.")],
    groups: Annotated[
        str,
        typer.Option(metavar="A+B,C|each", help="Other groups of mechanisms, by name or switch; the rest is one more."),
    ] = "",
    only: Annotated[str, typer.Option(metavar="NAMES", help="Some of variation,discordance,access,cost.")] = "",
    permutations: Annotated[
        int,
        typer.Option(
            metavar="N", min=2, max=10_000, help="Sampled orders a replicate where there are more than 8 groups."
        ),
    ] = 16,
    replicates: Annotated[int | None, typer.Option(metavar="N", min=1, help="Instead of the study's own.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be run; run nothing.")] = False,
    workers: Annotated[str, typer.Option(metavar="N|auto", help="How many processes.")] = "auto",
    out: Annotated[str | None, typer.Option(metavar="DIR", help="Where results are written.")] = None,
    overrides: Overrides = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Tell which mechanisms make an outcome, and a difference between regimes: Shapley shares with intervals."""

    def body() -> int:
        from sim.cli.analyse_decompose import Wanted, decompose_study

        options = (groups, only, permutations, replicates, tuple(overrides or ()), out, workers)
        return decompose_study(Wanted(study, *options, dry_run=dry_run, as_json=as_json, quiet=quiet))

    raise typer.Exit(end_with(body, as_json=as_json))


@analyse.command(short_help="Which inputs drive an outcome.")
def sensitivity(  # noqa: PLR0913 - one for each option
    study: FinishedStudy,
    outcome: Annotated[str, typer.Option(metavar="MEASURE", help="Which outcome.")] = "access_from_diagnosis",
    services: Services = "",
    contrast: Annotated[
        str, typer.Option(metavar="A-B", help="Regime A less B; without, the first other regime less the baseline.")
    ] = "",
    regime: Annotated[str, typer.Option(metavar="A", help="One regime's own level instead.")] = "",
    emulator: Annotated[
        bool, typer.Option("--emulator", help="Learn the runs first; for any design, few points suffice.")
    ] = False,
    out: OutCsv = "",
    figure: Annotated[str, typer.Option(metavar="DIR", help="Draw the indices (F10) into this folder.")] = "",
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Tell which inputs drive an outcome: Morris or Sobol indices with intervals, beside chance; nothing is run."""

    def body() -> int:
        from sim.cli.analyse_sensitivity import Wanted, show_sensitivity

        given = (outcome, services, contrast, regime, emulator, out, figure)
        return show_sensitivity(Wanted(study, *given, as_json=as_json, quiet=quiet))

    raise typer.Exit(end_with(body, as_json=as_json))


@analyse.command(short_help="Where one regime is worse than another.")
def discover(  # noqa: PLR0913 - one for each option
    study: FinishedStudy,
    worse: Annotated[str, typer.Option(metavar="A", help="The regime that may be worse.")],
    than: Annotated[str, typer.Option(metavar="B", help="The regime it is set against.")],
    outcome: Annotated[str, typer.Option(metavar="MEASURE", help="In which outcome.")] = "access_from_diagnosis",
    services: Services = "",
    by: Annotated[
        str,
        typer.Option(
            metavar="mean|interval", help="Count a point as worse by its mean, or only if its interval is sure."
        ),
    ] = "mean",
    out: OutCsv = "",
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Find the values of the inputs at which one regime is worse than another, in words; nothing is run."""

    def body() -> int:
        from sim.cli.analyse_discover import Wanted, show_discovery

        given = (worse, than, outcome, services, by, out)
        return show_discovery(Wanted(study, *given, as_json=as_json, quiet=quiet))

    raise typer.Exit(end_with(body, as_json=as_json))


@analyse.command(short_help="What it is worth to know an input.")
def value(
    study: FinishedStudy,
    worth: Annotated[
        float,
        typer.Option(
            metavar="GBP", help="Pounds a QALY is worth; without, 13000, 20000 and 30000.", show_default=False
        ),
    ] = 0.0,
    out: OutCsv = "",
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Tell what it would be worth to know each uncertain input before a regime is chosen; nothing is run."""

    def body() -> int:
        from sim.cli.analyse_value import Wanted, show_value

        return show_value(Wanted(study, worth, out, as_json=as_json, quiet=quiet))

    raise typer.Exit(end_with(body, as_json=as_json))


@analyse.command(short_help="Which service belongs at which level.")
def advise(  # noqa: PLR0913 - one for each option
    study: StudyName,
    levels: Annotated[
        str,
        typer.Option(metavar="A,B,…", help="Levels to choose from, the reference first; names: sim explain levels."),
    ] = "",
    weights: Annotated[
        str, typer.Option(metavar="access=1,…", help="Weights of access, discordance, health, cost; all 1 without.")
    ] = "",
    check: Annotated[int, typer.Option(metavar="N", min=0, help="Run so many of the best assignments whole.")] = 6,
    tolerance: Annotated[
        float, typer.Option(metavar="SHARE", min=0.001, max=10, help="Safe variation of a year's cost.")
    ] = 0.2,
    loss: Annotated[
        float, typer.Option(metavar="SHARE", min=0, max=10, help="Safe rise of the risk of treatment.")
    ] = 0.1,
    replicates: Annotated[int | None, typer.Option(metavar="N", min=1, help="Instead of the study's own.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be run; run nothing.")] = False,
    workers: Annotated[str, typer.Option(metavar="N|auto", help="How many processes.")] = "auto",
    out: Annotated[str | None, typer.Option(metavar="DIR", help="Where results are written.")] = None,
    overrides: Overrides = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Say which service belongs at which level: moved one by one, and in the best combinations."""

    def body() -> int:
        from sim.cli.analyse_advise import Wanted, advise_study

        given = (levels, weights, check, tolerance, loss, replicates, tuple(overrides or ()), out, workers)
        return advise_study(Wanted(study, *given, dry_run=dry_run, as_json=as_json, quiet=quiet))

    raise typer.Exit(end_with(body, as_json=as_json))
