"""``ro-crate-metadata.json``: the manifest for other machines (RO-Crate 1.1, process run).

One action for each job that was done, from its inputs to its outputs, with one software
application: this package. It holds no time of day and no random name: the same run, the same
bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rocrate.model import ContextEntity, DataEntity
from rocrate.rocrate import ROCrate

from bgest_analysis.engine.files import write_json
from bgest_analysis.engine.manifest import DONE
from bgest_analysis.workspace import Workspace

FILE_NAME = "ro-crate-metadata.json"
PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
SOFTWARE = "#bgest-analysis"
OUTSIDE = "../"  # the crate's root is the reports folder; the study is around it
TYPES = {  # not from the system, whose list may be another one
    ".csv": "text/csv",
    ".html": "text/html",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".parquet": "application/vnd.apache.parquet",
    ".ipynb": "application/x-ipynb+json",
    ".toml": "application/toml",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class CrateFacts:
    """What a crate says of the study, beyond its manifest.

    Parameters
    ----------
    published
        Date (ISO) of the study's edition, not of the run.
    licence
        Address or name of the licence of the results.
    """

    title: str
    description: str
    published: str
    licence: str
    version: str


def write_crate(workspace: Workspace, manifest: Mapping[str, Any], facts: CrateFacts) -> None:
    """Write the crate of a run beside its manifest."""
    write_json(workspace.reports / FILE_NAME, build_crate(manifest, facts), indent=1)


def build_crate(manifest: Mapping[str, Any], facts: CrateFacts) -> dict[str, Any]:
    """Return the crate's JSON-LD, entities in order of their ids."""
    crate = ROCrate(gen_preview=False)
    _describe_root(crate, facts)
    listed = [*manifest["ingressi"], *manifest["uscite"]]
    files = {item["file"]: item["sha256"] for item in listed}
    for name, sha in sorted(files.items()):
        _add_file(crate, name, sha)
    crate.add(_software(crate, manifest, facts))
    actions = [_action(crate, job, files) for job in manifest["lavori"] if job["stato"] == DONE]
    for action in actions:
        crate.add(action)
    crate.root_dataset["mentions"] = [{"@id": action.id} for action in actions]
    found: dict[str, Any] = crate.metadata.generate()
    found["@graph"] = sorted(found["@graph"], key=lambda entity: entity["@id"])
    return found


def _describe_root(crate: ROCrate, facts: CrateFacts) -> None:
    root = crate.root_dataset
    root["name"], root["description"] = facts.title, facts.description
    root["datePublished"], root["license"] = facts.published, facts.licence
    profile = {"@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"}
    crate.add(ContextEntity(crate, PROFILE, properties=profile))
    root["conformsTo"] = {"@id": PROFILE}


def _add_file(crate: ROCrate, name: str, sha: str) -> None:
    suffix = "." + name.rpartition(".")[2]
    kind = TYPES.get(suffix, "application/octet-stream")
    properties = {"@type": "File", "name": name, "sha256": sha, "encodingFormat": kind}
    crate.add(DataEntity(crate, file_id(name), properties=properties))


def file_id(name: str) -> str:
    """Return a file's address within the crate, whose root is the reports folder."""
    inside = name.removeprefix("reports/")
    return inside if inside != name else OUTSIDE + name


def _software(crate: ROCrate, manifest: Mapping[str, Any], facts: CrateFacts) -> ContextEntity:
    versions = [f"{name} {version}" for name, version in sorted(manifest["versioni"].items())]
    properties = {
        "@type": "SoftwareApplication",
        "name": "bgest-analysis",
        "version": facts.version,
        "identifier": manifest["codice"],
        "softwareRequirements": [manifest["macchina"]["python"], *versions],
    }
    return ContextEntity(crate, SOFTWARE, properties=properties)


def _action(crate: ROCrate, job: Mapping[str, Any], files: Iterable[str]) -> ContextEntity:
    known = set(files)
    properties = {
        "@type": "CreateAction",
        "name": job["id"],
        "identifier": job["chiave"],
        "instrument": {"@id": SOFTWARE},
        "object": [{"@id": file_id(name)} for name in job["ingressi"] if name in known],
        "result": [{"@id": file_id(name)} for name in job["uscite"]],
        "actionStatus": "CompletedActionStatus",
    }
    return ContextEntity(crate, f"#{job['id']}", properties=properties)
