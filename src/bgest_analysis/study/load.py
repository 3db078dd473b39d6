"""``study.toml`` and its CSVs -> a ``Study``, checked once, here."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import pandas as pd

from bgest_analysis.errors import StudyError
from bgest_analysis.study.model import (
    Ambito,
    Documenti,
    Fonte,
    Progetto,
    Protezione,
    Study,
    Trattamento,
)
from bgest_analysis.text.messages import Message, T
from bgest_analysis.workspace import DISTRETTO, MARKED, Workspace

VERSION = 1
LOCAL_FILE = "study.local.toml"
BORDERS_FILE = "geometria.geojson"
ITEM_MAP = "mappa_questionari.csv"
_MARKED_COPY = re.compile(rf" {MARKED}(-\d+)?$")
# "x (copia in conflitto di Anna)", "x-DESKTOP-AB12CD": what OneDrive and Dropbox put beside "x".
_CONFLICT_WORDS = re.compile(r"\W*\(?[^()]*(in conflitto|conflicted copy)[^()]*\)?$", re.I)
_COMPUTER = re.compile(r"-(?=[A-Z0-9-]*[A-Z])[A-Z0-9-]{4,15}$")
RAW_SUFFIXES = (".csv", ".txt", ".xlsx", ".xls", ".ods", ".xlsm")
APART = frozenset({"territorio", "correzioni"})  # listed in study.toml; people's decisions
STUDY_KEYS = ("id", "titolo", "sottotitolo", "motto", "lingua", "origine")
TERRITORY_KEYS = ("regione", "provincia_riferimento", "anno_riferimento", "nome_insieme")
SECTIONS = {
    "versione",
    "studio",
    "progetto",
    "territorio",
    "tabelle",
    "fonti",
    "protezione",
    "documenti",
    "trattamento",
}
REQUIRED_COLUMNS = {
    "ambiti": ("ambito_id", "nome", "nome_ufficiale", "nome_slide", "alias", "capofila", "ordine"),
    "comuni": ("cod_istat", "nome", "ambito_id", "valido_dal", "valido_al"),
    "enti": ("ente_id", "nome", "tipo", "ambito_id", "ruolo_progetto"),
    "composizione_organi": ("organo", "ente_id", "ruolo", "come_scritto", "dal", "al", "fonte"),
    "progetti": ("progetto_id", "titolo", "fondo", "dal", "al", "stato"),
    "teoria_nodi": ("nodo_id", "tipo", "titolo", "indicatori", "fonte"),
    "teoria_nessi": ("nesso_id", "da_nodo", "a_nodo", "assunto", "spiegazione_rivale"),
    "eventi": ("evento", "data_inizio", "data_fine", "fonte"),
}


def load_study(workspace: Workspace) -> Study:
    """Read and check a study.

    Raises
    ------
    StudyError
        Naming the file, and the key or row and column, that is wrong, and what to do.
    """
    settings = _read_toml(workspace.study_file)
    _refuse_unknown(settings, SECTIONS, workspace.study_file.name)
    if settings.get("versione") != VERSION:
        raise StudyError(
            "study.toml: «versione» è {found}, questo programma legge la {known}",
            found=settings.get("versione"),
            known=VERSION,
        )
    tables = _read_tables(workspace, _section(settings, "tabelle"))
    ambiti = _ambiti(tables.pop("ambiti"))
    comuni = _comuni(tables.pop("comuni"), ambiti)
    _check_bodies(tables)
    studio = _section(settings, "studio")
    territorio = _section(settings, "territorio")
    _refuse_unknown(studio, set(STUDY_KEYS), "study.toml [studio]")
    _refuse_unknown(territorio, set(TERRITORY_KEYS), "study.toml [territorio]")
    return Study(
        **{key: str(_need(studio, key, "studio")) for key in STUDY_KEYS},
        progetto=_progetto(_section(settings, "progetto")),
        regione=str(_need(territorio, "regione", "territorio")),
        provincia=str(_need(territorio, "provincia_riferimento", "territorio")),
        anno_riferimento=int(_need(territorio, "anno_riferimento", "territorio")),
        nome_insieme=str(_need(territorio, "nome_insieme", "territorio")),
        ambiti=ambiti,
        comuni=comuni,
        tabelle=tables,
        fonti=_fonti(workspace, settings.get("fonti", [])),
        protezione=_protezione(settings.get("protezione", {})),
        documenti=_documenti(settings.get("documenti", {})),
        contatti=_contatti(workspace),
        trattamento=_trattamento(settings.get("trattamento", {})),
        geometria=_geometria(workspace, comuni),
        domande=_domande(workspace, comuni),
    )


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise StudyError(
            "{file} non è TOML valido: {why}", file=path.name, why=str(error)
        ) from error
    except UnicodeDecodeError as error:
        raise StudyError("{file} non è in UTF-8: salvarlo come UTF-8", file=path.name) from error


def _section(settings: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = settings.get(name)
    if not isinstance(found, dict):
        raise StudyError("study.toml: manca la sezione [{name}]", name=name)
    return found


def _need(section: Mapping[str, Any], key: str, name: str) -> Any:
    if key not in section:
        raise StudyError("study.toml [{name}]: manca «{key}»", name=name, key=key)
    return section[key]


def _refuse_unknown(section: Mapping[str, Any], known: set[str], where: str) -> None:
    unknown = sorted(set(section) - known)
    if unknown:
        raise StudyError(
            "{where}: chiavi sconosciute {unknown}; quelle ammesse sono {known}",
            where=where,
            unknown=unknown,
            known=sorted(known),
        )


def _read_tables(workspace: Workspace, files: Mapping[str, str]) -> dict[str, pd.DataFrame]:
    _refuse_unknown(files, set(REQUIRED_COLUMNS), "study.toml [tabelle]")
    for name in ("ambiti", "comuni"):
        _need(files, name, "tabelle")
    return {name: _read_csv(workspace, name, file) for name, file in files.items()}


def _read_csv(workspace: Workspace, name: str, file: str) -> pd.DataFrame:
    path = workspace.root / file
    if not path.is_file():
        raise StudyError(
            "study.toml [tabelle] {name}: il file {file} non c'è", name=name, file=file
        )
    try:
        frame = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    except ValueError as error:  # pandas' own errors and those of the encoding are such
        raise StudyError(
            "{file} non è un CSV in UTF-8 con le virgole: salvarlo di nuovo così ({why})",
            file=file,
            why=type(error).__name__,
        ) from error
    missing = [column for column in REQUIRED_COLUMNS[name] if column not in frame.columns]
    if missing:
        raise StudyError(
            "{file}: mancano le colonne {missing}; trovate {found}",
            file=file,
            missing=missing,
            found=list(frame.columns),
        )
    frame.attrs["file"] = file
    return frame


def _refuse_rows(frame: pd.DataFrame, wrong: pd.Series, column: str, why: Message) -> None:
    if wrong.any():
        rows = (frame.index[wrong] + 2).tolist()
        raise StudyError(
            "{file}, colonna {column}, righe {rows}: {why}",
            file=frame.attrs["file"],
            column=column,
            rows=rows,
            why=why,
        )


def _ambiti(frame: pd.DataFrame) -> tuple[Ambito, ...]:
    codes = frame["ambito_id"]
    _refuse_rows(
        frame, codes.duplicated() | (codes == ""), "ambito_id", T("codice vuoto o ripetuto")
    )
    _refuse_rows(frame, codes == DISTRETTO, "ambito_id", T("codice riservato all'insieme"))
    safe = codes.str.fullmatch(r"[A-Za-z0-9_]{1,20}")
    _refuse_rows(frame, ~safe, "ambito_id", T("usare lettere, cifre e _ (al massimo 20)"))
    _refuse_rows(
        frame, ~frame["ordine"].str.fullmatch(r"\d+"), "ordine", T("serve un numero intero")
    )
    flags = frame["capofila"].isin(["true", "false"])
    _refuse_rows(frame, ~flags, "capofila", T("scrivere true oppure false"))
    rows = frame.to_dict("records")
    ambiti = [
        Ambito(
            ambito_id=row["ambito_id"],
            nome=row["nome"],
            nome_ufficiale=row["nome_ufficiale"],
            nome_slide=row["nome_slide"],
            alias=tuple(part for part in row["alias"].split("|") if part),
            capofila=row["capofila"] == "true",
            ordine=int(row["ordine"]),
        )
        for row in rows
    ]
    return tuple(sorted(ambiti, key=lambda ambito: ambito.ordine))


def _comuni(frame: pd.DataFrame, ambiti: tuple[Ambito, ...]) -> pd.DataFrame:
    codes = frame["cod_istat"]
    _refuse_rows(
        frame, ~codes.str.fullmatch(r"\d{6}"), "cod_istat", T("servono sei cifre (016024)")
    )
    _refuse_rows(frame, codes.duplicated(), "cod_istat", T("comune ripetuto"))
    known = {ambito.ambito_id for ambito in ambiti}
    _refuse_rows(frame, ~frame["ambito_id"].isin(known), "ambito_id", T("Ambito sconosciuto"))
    empty = sorted(known - set(frame["ambito_id"]))
    if empty:
        raise StudyError("{file}: nessun comune per {empty}", file=frame.attrs["file"], empty=empty)
    return frame.sort_values("cod_istat", ignore_index=True)


def _check_bodies(tables: Mapping[str, pd.DataFrame]) -> None:
    if "composizione_organi" not in tables:
        return
    if "enti" not in tables:
        raise StudyError("study.toml [tabelle]: composizione_organi richiede anche enti")
    seats = tables["composizione_organi"]
    unknown = ~seats["ente_id"].isin(set(tables["enti"]["ente_id"]))
    _refuse_rows(seats, unknown, "ente_id", T("ente non presente in enti"))


def _progetto(section: dict[str, Any]) -> Progetto:
    known = {field.name for field in fields(Progetto)}
    _refuse_unknown(section, known, "study.toml [progetto]")
    values = {key: _need(section, key, "progetto") for key in sorted(known)}
    lines = tuple(str(line) for line in values.pop("cofinanziamento"))
    texts = {key: _iso(value, key) for key, value in values.items()}
    return Progetto(**texts, cofinanziamento=lines)


def _iso(value: Any, key: str) -> str:
    if key in ("dal", "al") and value and not isinstance(value, dt.date):
        raise StudyError("study.toml [progetto] {key}: scrivere la data come 2023-06-30", key=key)
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _fonti(workspace: Workspace, listed: list[dict[str, str]]) -> tuple[Fonte, ...]:
    for entry in listed:
        _refuse_unknown(entry, {"tabella", "file"}, "study.toml [[fonti]]")
    named = [Fonte(_need(e, "tabella", "fonti"), _need(e, "file", "fonti")) for e in listed]
    for fonte in named:
        path = (workspace.root / fonte.file).resolve()
        if not path.is_relative_to(workspace.root.resolve()):
            raise StudyError("study.toml [[fonti]]: {file} è fuori dallo studio", file=fonte.file)
    return tuple(sorted({*named, *_found(workspace)}, key=lambda f: (f.tabella, f.file)))


def _found(workspace: Workspace) -> list[Fonte]:
    """Files somebody put in ``data/raw/<tabella>/``; lock files and marked copies are not."""
    if not workspace.raw.is_dir():
        return []
    folders = [p for p in sorted(workspace.raw.iterdir()) if p.is_dir() and p.name not in APART]
    found = [
        path
        for folder in folders
        for path in sorted(folder.iterdir())
        if path.suffix.lower() in RAW_SUFFIXES
        and not path.name.startswith(("~$", "."))
        and not _MARKED_COPY.search(path.stem)
    ]
    _refuse_conflict_copies(workspace, found)
    return [Fonte(path.parent.name, workspace.relative(path)) for path in found]


def _refuse_conflict_copies(workspace: Workspace, files: list[Path]) -> None:
    """Refuse two copies of one file, of which a synchronised folder could not choose."""
    there = set(files)
    for path in files:
        for sign in (_CONFLICT_WORDS, _COMPUTER):
            original = path.with_name(sign.sub("", path.stem) + path.suffix)
            if original != path and original in there:
                raise StudyError(
                    "{folder} contiene {copy}, che sembra una copia in conflitto di {original} "
                    "fatta da OneDrive o Dropbox: sarebbe contata due volte. Tenere quella giusta "
                    "e spostare l'altra fuori da data/raw",
                    folder=workspace.relative(path.parent),
                    copy=path.name,
                    original=original.name,
                )


def _protezione(section: dict[str, Any]) -> Protezione:
    _refuse_unknown(section, {f.name for f in fields(Protezione)}, "study.toml [protezione]")
    protezione = Protezione(**section)
    floor = max(3, protezione.minimo)
    if (
        protezione.minimo < 3
        or min(protezione.soglia_interna, protezione.soglia_pubblicazione) < floor
    ):
        raise StudyError(
            "study.toml [protezione]: nessuna soglia può stare sotto {floor}", floor=floor
        )
    return protezione


def _trattamento(section: dict[str, Any]) -> Trattamento:
    _refuse_unknown(section, {f.name for f in fields(Trattamento)}, "study.toml [trattamento]")
    months = section.get("conservazione_mesi")
    if months is not None and (type(months) is not int or months < 1):
        raise StudyError("study.toml [trattamento] conservazione_mesi: serve un numero di mesi")
    return Trattamento(months)


def _documenti(section: dict[str, Any]) -> Documenti:
    _refuse_unknown(section, {f.name for f in fields(Documenti)}, "study.toml [documenti]")
    day = _need(section, "data", "documenti")
    if not isinstance(day, dt.date):
        raise StudyError("study.toml [documenti] data: scrivere la data come 2026-11-23")
    lists = {key: tuple(section[key]) for key in section if key in ("autori", "loghi")}
    values: dict[str, Any] = {**section, **lists, "data": day.isoformat()}
    return Documenti(**values)


def _geometria(workspace: Workspace, comuni: pd.DataFrame) -> Path | None:
    path = (workspace.root / comuni.attrs["file"]).with_name(BORDERS_FILE)
    return path if path.is_file() else None


def _domande(workspace: Workspace, comuni: pd.DataFrame) -> dict[str, str]:
    path = (workspace.root / comuni.attrs["file"]).with_name(ITEM_MAP)
    if not path.is_file():
        return {}
    rows = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    if not {"item", "domanda"} <= set(rows.columns):
        raise StudyError("{file}: servono le colonne «domanda» e «item»", file=path.name)
    return {item: text.strip() for item, text in zip(rows["item"], rows["domanda"], strict=True)}


def _contatti(workspace: Workspace) -> dict[str, str]:
    path = workspace.root / LOCAL_FILE
    if not path.is_file():
        return {}
    settings = _read_toml(path)
    _refuse_unknown(settings, {"contatti"}, LOCAL_FILE)
    return {str(key): str(value) for key, value in settings.get("contatti", {}).items()}
