"""``sim analyse KIND STUDY``: what finished runs say beyond the table; one command for each kind."""

from typing import Annotated

import typer

from sim.cli.failure import end_with

analyse = typer.Typer(name="analyse", help="Look further into the results of a study.", no_args_is_help=True)


@analyse.command()
def money(
    study: Annotated[str, typer.Argument(metavar="RESULTS|STUDY", help="A results folder, or a study that was run.")],
    regimes: Annotated[str, typer.Option(metavar="A,B", help="Only these, the first as the baseline.")] = "",
    by: Annotated[str, typer.Option(metavar="payer|provider|service|year", help="Whose money, or for what.")] = "",
    point: Annotated[int, typer.Option(metavar="N", help="At which point of a sweep; 0 for all.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object instead of text.")] = False,
) -> None:
    """Print the lines of cost, spend against plan and cost per QALY; nothing is run."""

    def body() -> int:
        from sim.cli.analyse_money import show_money

        return show_money(study, regimes=regimes, by=by, point=point, as_json=as_json)

    raise typer.Exit(end_with(body, as_json=as_json))
