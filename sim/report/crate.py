"""What an export is, for machines: an RO-Crate 1.1 with the Process Run Crate profile, as plain JSON-LD.

RO-Crate 1.1: https://w3id.org/ro/crate/1.1. Process Run Crate 0.5: https://w3id.org/ro/wfrun/process/0.5.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sim.specification.run import Study
from sim.study.store import Manifest

FILE = "ro-crate-metadata.json"
EXPORT_SCHEMA = "sim/export/1"
CRATE = "https://w3id.org/ro/crate/1.1"
PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
SOFTWARE, ACTION, SCHEMA_ID = "#sim", "#run", "#export-schema"
BYTES_AT_ONCE = 1 << 20
MEDIA_TYPES = {
    ".parquet": "application/vnd.apache.parquet",
    ".csv": "text/csv",
    ".yaml": "application/yaml",
    ".md": "text/markdown",
    ".txt": "text/plain",
}


@dataclass(frozen=True)
class Part:
    """One file of an export: its path inside it, what it is, and its part in the run (object, result or none)."""

    path: str
    description: str
    role: str = ""


def write_crate(folder: Path, study: Study, parts: Sequence[Part], manifests: Mapping[str, Manifest]) -> None:
    """Write the description of an export; the files of ``parts`` must be there."""
    begun, ended = _span(list(manifests.values()))
    graph = [
        {"@id": FILE, "@type": "CreativeWork", "conformsTo": _id(CRATE), "about": _id("./")},
        _root(study, parts, ended, len(manifests)),
        {"@id": PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"},
        {"@id": SCHEMA_ID, "@type": "PropertyValue", "name": "export schema", "value": EXPORT_SCHEMA},
        _software(list(manifests.values())),
        _action(study, parts, begun, ended),
        *(_file(folder, part) for part in parts),
    ]
    context = [f"{CRATE}/context", "https://w3id.org/ro/terms/workflow-run/context"]
    text = json.dumps({"@context": context, "@graph": graph}, ensure_ascii=False, indent=1)
    (folder / FILE).write_text(text + "\n", encoding="utf-8")


def parts_of_export(folder: Path) -> list[str] | None:
    """Return the files that an earlier export lists, by path inside it; None when the folder is no export."""
    try:
        graph = json.loads((folder / FILE).read_text(encoding="utf-8"))["@graph"]
        entities = {entity["@id"]: entity for entity in graph}
        if entities[SCHEMA_ID]["value"] != EXPORT_SCHEMA:
            return None
        return [FILE, *(entity["name"] for entity in graph if entity["@type"] == "File")]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _root(study: Study, parts: Sequence[Part], ended: str, runs: int) -> dict[str, Any]:
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": f"Results of the study {study.id}" + (f": {study.title}" if study.title else ""),
        "description": f"Simulated, not observed: {runs} runs, {study.horizon.in_words}.",
        "datePublished": ended,
        "license": _id("LICENCE.txt"),
        "conformsTo": _id(PROFILE),
        "identifier": _id(SCHEMA_ID),
        "hasPart": [_id(quote(part.path)) for part in parts],
        "mentions": _id(ACTION),
    }


def _software(manifests: Sequence[Manifest]) -> dict[str, Any]:
    codes = sorted({(m["code"]["package_version"], m["code"]["code_hash"]) for m in manifests})
    hashes = ", ".join(code for _, code in codes)
    return {
        "@id": SOFTWARE,
        "@type": "SoftwareApplication",
        "name": "sim, the commissioning simulator",
        "softwareVersion": ", ".join(dict.fromkeys(version for version, _ in codes)),
        "description": f"SHA-256 of the code that decides results: {hashes}.",
        "license": "https://spdx.org/licenses/MIT",
    }


def _action(study: Study, parts: Sequence[Part], begun: str, ended: str) -> dict[str, Any]:
    return {
        "@id": ACTION,
        "@type": "CreateAction",
        "name": f"Runs of the study {study.id}",
        "description": "sim run study.yaml",
        "instrument": _id(SOFTWARE),
        "object": [_id(quote(part.path)) for part in parts if part.role == "object"],
        "result": [_id(quote(part.path)) for part in parts if part.role == "result"],
        "startTime": begun,
        "endTime": ended,
        "actionStatus": "http://schema.org/CompletedActionStatus",
    }


def _file(folder: Path, part: Part) -> dict[str, Any]:
    path = folder / part.path
    return {
        "@id": quote(part.path),
        "@type": "File",
        "name": part.path,
        "description": part.description,
        "encodingFormat": MEDIA_TYPES[path.suffix],
        "contentSize": str(path.stat().st_size),
        "sha256": _sha256(path),
    }


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BYTES_AT_ONCE):
            digest.update(block)
    return digest.hexdigest()


def _span(manifests: Sequence[Manifest]) -> tuple[str, str]:
    """Return when the first run began and when the last ended; a manifest is written when its run ends."""
    ends = [datetime.fromisoformat(manifest["created_utc"]) for manifest in manifests]
    starts = [
        end - timedelta(seconds=manifest["timing"]["wall_s"]) for end, manifest in zip(ends, manifests, strict=True)
    ]
    return min(starts).isoformat(timespec="seconds"), max(ends).isoformat(timespec="seconds")


def _id(name: str) -> dict[str, str]:
    return {"@id": name}
