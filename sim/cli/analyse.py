"""``sim analyse``: kinds of analysis and their options; what each does is imported when it is called."""

from typing import Annotated

import typer

from sim.cli.failure import end_with

analyse = typer.Typer(name="analyse", help="Ask why the regimes of a study differ.", no_args_is_help=True)


@analyse.command()
def decompose(  # noqa: PLR0913 - one for each option
    study: Annotated[str, typer.Argument(help="A study, or a regime or scenario alone, by path or shipped name.")],
    groups: Annotated[
        str,
        typer.Option(metavar="A+B,C|each", help="Other groups of mechanisms, by name or switch; the rest is one more."),
    ] = "",
    only: Annotated[str, typer.Option(metavar="NAMES", help="Some of variation,discordance,access,cost.")] = "",
    permutations: Annotated[
        int, typer.Option(metavar="N", min=2, help="Sampled orders a replicate where there are more than 8 groups.")
    ] = 16,
    replicates: Annotated[int | None, typer.Option(metavar="N", min=1, help="Instead of the study's own.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be run; run nothing.")] = False,
    workers: Annotated[str, typer.Option(metavar="N|auto", help="How many processes.")] = "auto",
    out: Annotated[str | None, typer.Option(metavar="DIR", help="Where results are written.")] = None,
    overrides: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Override one key of the study; may be repeated."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object instead of text.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress.")] = False,
) -> None:
    """Tell which mechanisms make an outcome, and a difference between regimes: Shapley shares with intervals."""

    def body() -> int:
        from sim.cli.analyse_decompose import Wanted, decompose_study

        options = (groups, only, permutations, replicates, tuple(overrides or ()), out, workers)
        return decompose_study(Wanted(study, *options, dry_run=dry_run, as_json=as_json, quiet=quiet))

    raise typer.Exit(end_with(body, as_json=as_json))
