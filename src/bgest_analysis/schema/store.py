"""Tables on disk: Parquet that carries its schema version, origin and lineage."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from bgest_analysis.errors import SchemaViolation, SourceMissing
from bgest_analysis.schema.lineage import Lineage
from bgest_analysis.schema.model import VERSION

METADATA_KEY = b"bgest"


def write_table(
    path: Path, frame: pd.DataFrame, lineage: Lineage, extra: dict[str, Any] | None = None
) -> None:
    """Write a frame whole or not at all (staged, then renamed); same frame, same bytes.

    Parameters
    ----------
    extra
        Further JSON facts to carry (table name, hidden cells).
    """
    arrow = pa.Table.from_pandas(frame, preserve_index=False)
    facts = {"versione_schema": VERSION, **lineage.to_json(), **(extra or {})}
    metadata = {METADATA_KEY: json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()}
    arrow = arrow.replace_schema_metadata({**(arrow.schema.metadata or {}), **metadata})
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = path.with_name(path.name + ".tmp")
    pq.write_table(arrow, staged, compression="zstd")
    os.replace(staged, path)


def read_facts(path: Path) -> dict[str, Any]:
    """Return what a table carries about itself (schema version, origin, sources, extras).

    Raises
    ------
    SourceMissing
        If there is no such file.
        Or it is damaged.
    SchemaViolation
        If the file was not written by ``write_table`` of this schema version.
    """
    if not path.is_file():
        raise SourceMissing("manca la tabella {name}; eseguire bgest run", name=path.stem)
    with _damage_told(path):
        metadata = pq.read_schema(path).metadata or {}
        facts: Any = json.loads(metadata.get(METADATA_KEY, b"{}"))
    if not isinstance(facts, dict) or facts.get("versione_schema") != VERSION:
        raise SchemaViolation("la tabella {name} ha un'altra versione dello schema", name=path.stem)
    return facts


def read_table(path: Path, columns: list[str] | None = None) -> pd.DataFrame:
    """Read a table's rows; strings come back as ``str``, counts as ``Int64``.

    Raises
    ------
    SourceMissing
        If there is no such file, or it is damaged.
    """
    if not path.is_file():
        raise SourceMissing("manca la tabella {name}; eseguire bgest run", name=path.stem)
    with _damage_told(path):
        return pd.read_parquet(path, columns=columns, dtype_backend="numpy_nullable")


def count_rows(path: Path) -> int:
    """Return how many rows a table says it has.

    Raises
    ------
    SourceMissing
        If it is damaged.
    """
    with _damage_told(path):
        return int(pq.read_metadata(path).num_rows)


@contextmanager
def _damage_told(path: Path) -> Iterator[None]:
    """Say of a damaged file what to do; a file that the system refuses is told as such."""
    try:
        yield
    except OSError as fault:
        if fault.errno is not None:
            raise
        raise _damaged(path) from fault
    except (pa.ArrowException, ValueError) as fault:
        raise _damaged(path) from fault


def _damaged(path: Path) -> SourceMissing:
    return SourceMissing(
        "la tabella {name} è danneggiata: eseguire bgest run, che la fa di nuovo", name=path.stem
    )


def read_lineage(path: Path) -> Lineage:
    """Return the lineage a table carries."""
    return Lineage.from_json(read_facts(path))
