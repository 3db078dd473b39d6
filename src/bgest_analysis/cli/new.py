"""``bgest new DIR``: a study of one's own: study file, templates, empty raw folders."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from bgest_analysis.cli.main import message_language
from bgest_analysis.engine.files import write_whole
from bgest_analysis.errors import DONE, UsageError
from bgest_analysis.schema.model import Table
from bgest_analysis.schema.registry import TABLES
from bgest_analysis.schema.territorio import TABLES as TERRITORY
from bgest_analysis.text.messages import T
from bgest_analysis.vocabulary.load import read_list
from bgest_analysis.workbooks.templates import write_template
from bgest_analysis.workspace import PACKAGE_DIR, STUDY_FILE

SKELETON = PACKAGE_DIR / "study" / "scheletro"
MADE_BY_US = frozenset({"coppie_persone", "impronte_persone", "riscontri"})
ONE_AMBITO = {
    "ambito_id": "A1",
    "nome": "Ambito da nominare",
    "nome_ufficiale": "Ambito da nominare",
    "nome_slide": "Ambito da nominare",
    "alias": "",
    "capofila": "true",
    "ordine": "1",
}


def execute(options: argparse.Namespace) -> int:
    """Make the folder of a study; nothing that is there is touched."""
    folder: Path = options.folder
    if (folder / STUDY_FILE).exists():
        raise UsageError("in {folder} c'è già uno studio", folder=str(folder))
    comuni = comuni_of(options.provincia)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "studio").mkdir(exist_ok=True)
    pd.DataFrame([ONE_AMBITO]).to_csv(folder / "studio" / "ambiti.csv", index=False)
    comuni.to_csv(folder / "studio" / "comuni.csv", index=False)
    for name, table in project_tables().items():
        (folder / "data" / "raw" / name).mkdir(parents=True, exist_ok=True)
        write_template(modelli(folder) / f"{name}.xlsx", table)
    for table in TERRITORY:
        (folder / "data" / "raw" / table.name).mkdir(parents=True, exist_ok=True)
    (folder / "testi").mkdir(exist_ok=True)
    write_study_file(folder, options.provincia)  # last: with it the study is there
    message = T(
        "studio in {folder}: {n:int} modelli in modelli/; scrivere study.toml, dividere "
        "studio/comuni.csv tra gli Ambiti, mettere i file in data/raw/<tabella>/, poi bgest run",
        folder=str(folder),
        n=len(project_tables()),
    )
    print(message.render(message_language(options)))
    return DONE


def modelli(folder: Path) -> Path:
    """Return (and make) the folder of the templates."""
    place = folder / "modelli"
    place.mkdir(exist_ok=True)
    return place


def project_tables() -> Mapping[str, Table]:
    """Return the tables a network fills in itself."""
    public = {table.name for table in TERRITORY}
    return {name: table for name, table in TABLES.items() if name not in public | MADE_BY_US}


def comuni_of(provincia: str) -> pd.DataFrame:
    """Return all comuni of a province, in one Ambito to be divided.

    Raises
    ------
    UsageError
        If the province is not one we know.
    """
    known = read_list("comuni_lombardia")
    rows = known[known["cod_provincia"] == provincia]
    if rows.empty:
        raise UsageError(
            "la provincia {code} non è tra quelle note ({known}): scriverne il codice ISTAT di "
            "tre cifre",
            code=provincia,
            known=sorted(set(known["cod_provincia"])),
        )
    table = rows[["cod_istat", "nome"]].assign(ambito_id="A1", valido_dal="", valido_al="")
    return table.sort_values("cod_istat")


def write_study_file(folder: Path, provincia: str) -> None:
    """Write study.toml and .gitignore from the skeleton."""
    today = dt.date.today()  # noqa: DTZ011 (a day of the user's calendar)
    text = (SKELETON / STUDY_FILE).read_text(encoding="utf-8")
    study_id = "".join(c if c.isalnum() else "-" for c in folder.resolve().name.lower())
    values = {"@ID@": study_id, "@PROVINCIA@": provincia, "@DATA@": today.isoformat()}
    for mark, value in {**values, "@ANNO@": str(today.year - 1)}.items():
        text = text.replace(mark, value)
    ignored = (SKELETON / "gitignore.txt").read_text(encoding="utf-8")
    (folder / ".gitignore").write_text(ignored, encoding="utf-8")
    for left in folder.glob(f".{STUDY_FILE}.*.tmp"):  # by a command killed while it wrote
        left.unlink()
    write_whole(folder / STUDY_FILE, text)
