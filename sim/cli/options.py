"""Options that several commands have in common."""

from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Write one JSON object instead of text.")]
Overrides = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Override one key of the study; may be repeated."),
]
StudyName = Annotated[str, typer.Argument(help="A study, or a regime or scenario alone, by path or shipped name.")]
Replicate = Annotated[int, typer.Option("--replicate", metavar="N", help="In which replicate of the study.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Show no progress.")]
Source = Annotated[
    str, typer.Argument(metavar="STUDY|RESULTS", help="A study, by path or shipped name, or the folder of its results.")
]
Out = Annotated[str | None, typer.Option(metavar="DIR", help="The results folder, if the study was run with --out.")]
