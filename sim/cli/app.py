"""The commands and their options; what a command does is imported when it is called."""

from typing import Annotated

import typer

from sim import __version__
from sim.cli.analyse import analyse
from sim.cli.commands import Commands
from sim.cli.commands import run as run_all
from sim.cli.failure import end_with
from sim.cli.options import (
    AsJson,
    ClusterAddress,
    ClusterFile,
    FailFast,
    HoursLimit,
    KeyOption,
    Out,
    Overrides,
    Quiet,
    RunLimit,
    ShardOption,
    Source,
)
from sim.cli.topics import TOPICS

app = typer.Typer(
    cls=Commands,
    name="sim",
    help="Simulate who commissions specialised health services, and what that does to access and cost.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"sim {__version__}")
        raise typer.Exit


@app.callback()
def sim(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Simulate who commissions specialised health services, and what that does to access and cost.

    Begin with `sim explain`, which lists what can be looked up, and `sim run demo --dry-run`.
    """


@app.command()
def check(
    file: Annotated[str, typer.Argument(help="A regime, scenario or study, by path or shipped name.")],
    overrides: Overrides = None,
    as_json: AsJson = False,
) -> None:
    """Check a file and all that it refers to; nothing is run."""

    def body() -> int:
        from sim.cli.check import check_file

        return check_file(file, overrides or [], as_json=as_json)

    raise typer.Exit(end_with(body, as_json=as_json))


@app.command(short_help="Explain a key, a regime, or what can be configured.")
def explain(
    topic: Annotated[
        str,
        typer.Argument(
            help="A key such as referral.travel_weight_per_hour, a group of keys such as referral, a measure, a level "
            f"such as icb_2022, a service, a regime, scenario or study, or one of: {', '.join(TOPICS)}, schema."
        ),
    ] = "",
    kind: Annotated[str, typer.Argument(help="With `schema`: regime, scenario or study.")] = "",
    markdown: Annotated[bool, typer.Option("--markdown", help="Write Markdown.")] = False,
    as_json: AsJson = False,
) -> None:
    """Explain a key, a regime, or what can be configured; without a topic, list what can be explained."""

    def body() -> int:
        from sim.cli.explain import explain_topic

        return explain_topic(topic, kind, "json" if as_json else "markdown" if markdown else "text")

    raise typer.Exit(end_with(body, as_json=as_json))


@app.command()
def diff(
    first: Annotated[str, typer.Argument(help="A regime or scenario, by path or shipped name.")],
    second: Annotated[str, typer.Argument(help="The one to set against it.")],
    as_json: AsJson = False,
) -> None:
    """Say in words how two regimes or scenarios differ."""

    def body() -> int:
        from sim.cli.diff import show_differences

        return show_differences(first, second, as_json=as_json)

    raise typer.Exit(end_with(body, as_json=as_json))


@app.command()
def run(  # noqa: PLR0913 - one for each option
    study: Annotated[str, typer.Argument(help="A study, or a regime or scenario alone, by path or shipped name.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be run; run nothing.")] = False,
    workers: Annotated[str, typer.Option(metavar="N|auto", help="How many processes.")] = "auto",
    out: Annotated[str | None, typer.Option(metavar="DIR", help="Where results are written.")] = None,
    overrides: Overrides = None,
    as_json: AsJson = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress.")] = False,
    pilot: Annotated[
        bool, typer.Option("--pilot", help="With --dry-run: make and keep one unit of work, to tell the time by it.")
    ] = False,
    minutes_per_run: RunLimit = None,
    hours: HoursLimit = None,
    fail_fast: FailFast = False,
    cluster: ClusterAddress = "",
    cluster_file: ClusterFile = "",
    shard: ShardOption = None,
    key: KeyOption = None,
) -> None:
    """Run a study, or what is missing of it, and print its table.

    See first what it takes: `sim run demo --dry-run`. Compare other regimes, over fewer services:
    `sim run demo --set 'compare=[national_2022, ics_2026]' --set 'services=[pnh, renal_dialysis]'`.
    """

    def body() -> int:
        from sim.cli.how import How
        from sim.cli.run import run_study

        return run_study(
            study,
            overrides=overrides or [],
            out=out,
            workers=workers,
            dry_run=dry_run,
            as_json=as_json,
            quiet=quiet,
            how=How(minutes_per_run, hours, fail_fast, cluster, cluster_file, shard, key, pilot),
        )

    raise typer.Exit(end_with(body, as_json=as_json))


@app.command()
def figures(
    results: Annotated[str, typer.Argument(metavar="RESULTS|STUDY", help="A results folder, or a study that was run.")],
    only: Annotated[str, typer.Option(metavar="F1,F4", help="Draw these figures only.")] = "",
    preset: Annotated[str, typer.Option(metavar="wide|slide", help="The size of the page.")] = "wide",
    as_json: AsJson = False,
) -> None:
    """Draw the figures of a study again; nothing is run."""

    def body() -> int:
        from sim.cli.figures import redraw

        return redraw(results, only=only, preset=preset, as_json=as_json)

    raise typer.Exit(end_with(body, as_json=as_json))


@app.command(short_help="Tell one patient's life under each compared regime.")
def story(  # noqa: PLR0913 - one for each option
    study: Annotated[str, typer.Argument(help="A study, or a regime or scenario alone, by path or shipped name.")],
    patient: Annotated[
        str, typer.Option(metavar="ID", help="Tell this life: the 16 hexadecimal digits before a person in the list.")
    ] = "",
    replicate: Annotated[int, typer.Option(metavar="N", help="In which replicate of the study.")] = 0,
    regimes: Annotated[str, typer.Option(metavar="A,B", help="Under which of the compared regimes.")] = "",
    service: Annotated[str, typer.Option(metavar="ID", help="List only patients of this service.")] = "",
    place: Annotated[str, typer.Option(metavar="PLACE", help="List only patients of this place (code or name).")] = "",
    pick: Annotated[
        str,
        typer.Option(metavar="parted|in_time", help="List lives that differ at all, or in being treated in time."),
    ] = "",
    overrides: Overrides = None,
    as_json: AsJson = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress.")] = False,
) -> None:
    """Tell one patient's life under each compared regime, or list a few worth telling.

    Without --patient a few people are listed, each with the ID that --patient takes:
    `sim story demo --service pnh` lists, `sim story demo --patient ID` tells. An ID holds for
    one study and one replicate.

    Everyone is simulated again under each regime that is told: all of England takes about half a
    minute a regime (two when listing), and half a minute more the first time, while rules compile.
    """

    def body() -> int:
        from sim.cli.story import Wanted, tell_story

        options = (patient, replicate, regimes, service, place, pick)
        return tell_story(Wanted(study, overrides or (), *options, as_json=as_json, quiet=quiet))

    raise typer.Exit(end_with(body, as_json=as_json))


@app.command(short_help="Say how far a study is, and what failed.")
def status(
    source: Source,
    out: Out = None,
    overrides: Overrides = None,
    clean: Annotated[
        bool,
        typer.Option(
            "--clean", help="Remove temporary leftovers, and runs of another version of model, data or schema."
        ),
    ] = False,
    stale: Annotated[
        bool, typer.Option("--stale", help="With --clean: also runs of this version that the study does not name.")
    ] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Look again every few seconds until Ctrl-C.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say how far a study is, what failed and how to repeat it, and what else lies in its store.

    A study is looked at as its file is now, a results folder as its study was last run.
    """

    def body() -> int:
        from sim.cli.status import show_status

        options = {"cleaning": clean, "stale": stale, "watch": watch, "as_json": as_json}
        return show_status(source, overrides=overrides or [], out=out, **options)

    raise typer.Exit(end_with(body, as_json=as_json))


@app.command(short_help="Write a folder to hand to others.")
def export(
    source: Source,
    out: Annotated[str, typer.Option(metavar="DIR", help="The folder to write; an earlier export is replaced.")],
    form: Annotated[str, typer.Option("--format", metavar="parquet|csv", help="How tables are written.")] = "parquet",
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Write a folder to hand to others: all rows, runs and points, the study, and what everything means."""

    def body() -> int:
        from sim.cli.export import export_results

        return export_results(source, out=out, form=form, as_json=as_json, quiet=quiet)

    raise typer.Exit(end_with(body, as_json=as_json))


@app.command(short_help="Make stored runs again and compare the results.")
def verify(
    source: Annotated[
        str,
        typer.Argument(
            metavar="RUN|STUDY|RESULTS", help="A key or its beginning, a run's file, a study or its results."
        ),
    ],
    results: Annotated[
        str | None, typer.Option("--results", metavar="DIR", help="The results folder; for a key, else any of results.")
    ] = None,
    number: Annotated[
        int | None,
        typer.Option("--sample", metavar="N", help="How many runs of a study; one of each regime if not given."),
    ] = None,
    seed: Annotated[int, typer.Option(metavar="N", help="Which sample.")] = 0,
    tolerance: Annotated[
        float, typer.Option(metavar="X", help="Accept numbers that differ by this share at most.")
    ] = 0.0,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Make stored runs again from their own files, and say whether the results are the same (exit code 7 if not)."""

    def body() -> int:
        from sim.cli.verify import Asked, verify_runs

        return verify_runs(Asked(source, results, number, seed, tolerance, as_json, quiet))

    raise typer.Exit(end_with(body, as_json=as_json))


app.add_typer(analyse)


def main() -> None:
    """Run the command line."""
    run_all(app)
