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
RunLimit = Annotated[
    float | None,
    typer.Option("--max-minutes-per-run", metavar="N", help="A run that takes longer has failed (60 if not given)."),
]
HoursLimit = Annotated[
    float | None, typer.Option("--max-hours", metavar="H", help="Begin no run after so many hours; go on another time.")
]
FailFast = Annotated[bool, typer.Option("--fail-fast", help="Stop at the first run that fails.")]
ClusterAddress = Annotated[
    str, typer.Option("--cluster", metavar="ADDRESS", help="Run on a Dask cluster, such as tcp://host:8786.")
]
ClusterFile = Annotated[
    str, typer.Option("--cluster-file", metavar="FILE", help="The same, by the file that `dask scheduler` writes.")
]
ShardOption = Annotated[
    str | None,
    typer.Option("--shard", metavar="I/N", help="Make the I-th of N parts only; they share one results folder."),
]
KeyOption = Annotated[
    str | None, typer.Option("--key", metavar="KEY", help="Make one run only, by the first digits of its key.")
]
Source = Annotated[
    str, typer.Argument(metavar="STUDY|RESULTS", help="A study, by path or shipped name, or the folder of its results.")
]
Out = Annotated[str | None, typer.Option(metavar="DIR", help="The results folder, if the study was run with --out.")]
