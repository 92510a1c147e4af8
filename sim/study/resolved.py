"""The study as it was run, every value written out."""

from pathlib import Path
from typing import Any

from sim.specification.run import Study

COMMENT = (
    "The study as it was run, overrides applied and every parameter written out. The regimes, too, stand in\n"
    "full in the manifest of each run, under the key sim.manifest of its Parquet file's metadata.\n"
)


def resolved(study: Study) -> dict[str, Any]:
    """Return a study as a study file would hold it, nothing left to defaults."""
    return {
        "schema": "sim/study/1",
        "id": study.id,
        "title": study.title,
        "compare": list(study.scenarios),
        "baseline": study.baseline,
        "services": list(study.services),
        "horizon": {
            "start": study.horizon.start,
            "years": study.horizon.years,
            "burn_in_years": study.horizon.burn_in_years,
        },
        "replicates": study.replicates,
        "seed": study.seed,
        "twin_sets": study.twin_sets,
        "weights": dict(study.weights),
        "parameters": study.parameters.model_dump(mode="python"),
    }


def write_resolved(study: Study, path: Path) -> None:
    """Write the resolved study as YAML 1.2."""
    from ruamel.yaml import YAML

    path.parent.mkdir(parents=True, exist_ok=True)
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"# {line}\n" for line in COMMENT.splitlines())
        yaml.dump(resolved(study), file)
