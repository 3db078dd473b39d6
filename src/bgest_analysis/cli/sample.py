"""``bgest sample``: a stratified sample as blind workbooks for two coders, and what they give."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from bgest_analysis.clean.coding_round import FOLDER, KEY, Round
from bgest_analysis.clean.corrections import FOLDER as DECISIONS
from bgest_analysis.clean.corrections import PRIVATE
from bgest_analysis.clean.judging import Agreement, CodedSample, judge_sample, recoding_lines
from bgest_analysis.clean.sampling import Design
from bgest_analysis.cli.days import read_day
from bgest_analysis.cli.main import message_language
from bgest_analysis.engine.files import write_whole
from bgest_analysis.errors import DONE, UsageError
from bgest_analysis.schema.codes import list_codes
from bgest_analysis.schema.model import Origin
from bgest_analysis.schema.registry import find_table
from bgest_analysis.schema.store import read_lineage, read_table
from bgest_analysis.stats.intervals import Interval
from bgest_analysis.text.messages import Message, T
from bgest_analysis.workspace import Workspace

SYNTHETIC = "DATI SINTETICI: registro inventato, serve solo a provare."
LOG, DOUBLE = "tidy_interventi", "tidy_doppia_codifica"


def execute(options: argparse.Namespace) -> int:
    """Draw a sample, or read the coders' workbooks back."""
    workspace = Workspace.find(options.study or Path.cwd())
    path = workspace.processed / f"{LOG}.parquet"
    log = read_table(path)
    synthetic = read_lineage(path).origin is Origin.SINTETICA
    coding = Round(workspace.root / "data" / FOLDER, SYNTHETIC if synthetic else "")
    answer, said = (
        _read(workspace, coding, log, options) if options.read else _draw(coding, log, options)
    )
    if options.json:
        print(json.dumps(answer, ensure_ascii=False))
    else:
        for line in said:
            print(line.render(message_language(options)))
    return DONE


Answer = tuple[dict[str, Any], list[Message]]


def _draw(coding: Round, log: pd.DataFrame, options: argparse.Namespace) -> Answer:
    if options.third:
        raise UsageError("--third si usa con --read")
    sample = coding.draw(log, Design(size=options.size, seed=options.seed), options.coders)
    books = [coding.workbook(coder) for coder in options.coders]
    strata = int(sample["strato"].nunique())
    answer = {
        "casi": len(sample),
        "strati": strata,
        "fogli": [str(book) for book in books],
        "elenco": str(coding.folder / KEY),
    }
    said = [
        T("campione di {n:int} interventi in {s:int} strati (Ambito e attivazione)",
          n=len(sample), s=strata),
        *(T("foglio da compilare: {file}", file=str(book)) for book in books),
        T("{file} resta a chi valuta: chi codifica non lo apra", file=str(coding.folder / KEY)),
        T("poi: bgest sample --read {a} {b}", a=books[0].name, b=books[1].name),
    ]  # fmt: skip
    return answer, said


def _read(
    workspace: Workspace, coding: Round, log: pd.DataFrame, options: argparse.Namespace
) -> Answer:
    coded = coding.read(options.read, options.third)
    judged = judge_sample(coded, log)
    who = " e ".join(path.stem.removeprefix("codifica_") for path in options.read)
    lines = recoding_lines(judged.agreed, log, who, read_day(options.when))
    table = workspace.raw / "doppia_codifica" / "doppia_codifica.csv"
    _refuse_twice(workspace, coded, table)
    recoded = workspace.raw / DECISIONS / PRIVATE / "ricodifiche.csv"
    own = [c.name for c in find_table("doppia_codifica").columns if not c.name.startswith("fonte_")]
    write_whole(table, coded[own].to_csv(index=False, lineterminator="\n"))
    write_whole(recoded, lines.to_csv(index=False, lineterminator="\n"))
    disputed = coding.write_disputed(judged.disputed, log)
    answer = {
        "accordo": [to_json(found) for found in judged.agreement],
        "quote": judged.shares.to_dict("records"),
        "errore_regola": None if judged.error is None else ends(judged.error),
        "casi_in_disaccordo": len(judged.disputed),
        "ricodifiche": len(lines),
        "file": [str(path) for path in (table, recoded, disputed) if path is not None],
    }
    return answer, report(judged, len(lines), disputed)


def _refuse_twice(workspace: Workspace, coded: pd.DataFrame, table: Path) -> None:
    """Refuse a sample whose interventions another file of double codings already has."""
    path = workspace.processed / f"{DOUBLE}.parquet"
    known = read_table(path) if path.is_file() else coded.iloc[:0].assign(fonte_file="")
    others = known[known["fonte_file"] != workspace.relative(table)]
    twice = others[others["intervento_id"].isin(coded["intervento_id"])]
    if not twice.empty:
        raise UsageError(
            "{n} interventi del campione sono già codificati in {files}: togliere quel file, o "
            "quelle righe, fare bgest run e ripetere",
            n=int(twice["intervento_id"].nunique()),
            files=sorted(set(twice["fonte_file"])),
        )


def ends(interval: Interval) -> dict[str, float]:
    """Return an interval for other programs."""
    return {"valore": float(interval.value), "basso": float(interval.low),
            "alto": float(interval.high)}  # fmt: skip


def to_json(found: Agreement) -> dict[str, Any]:
    """Return the agreement on one variable for other programs."""
    kappa = None if found.kappa is None else asdict(found.kappa)
    return {
        "variabile": found.variable,
        "casi": found.n,
        "incompleti": found.incomplete,
        "concordi": None if found.share is None else ends(found.share),
        "kappa": kappa and {name: kappa[name] for name in ("value", "low", "high")},
        "ac1": found.ac1,
        "motivo": found.why_not,
    }


def report(judged: CodedSample, recoded: int, disputed: Path | None) -> list[Message]:
    """Return what is said to a person."""
    said = [line for found in judged.agreement for line in _variable(judged, found)]
    if judged.error is not None:
        said.append(
            T(
                "la regola che deriva la fase sbaglia nel {v:pct1} degli interventi (da {a:pct1} a "
                "{b:pct1})",
                v=float(judged.error.value),
                a=float(judged.error.low),
                b=float(judged.error.high),
            )
        )
    if disputed is not None:
        said.append(
            T(
                "{n:int} disaccordi per una terza persona: {file}; poi aggiungere --third FILE",
                n=len(judged.disputed),
                file=str(disputed),
            )
        )
    return [*said, T("{n:int} codici concordi entrano nelle tabelle con bgest run", n=recoded)]


def _variable(judged: CodedSample, found: Agreement) -> list[Message]:
    """Return agreement and weighted shares of one variable."""
    name = find_table("interventi").column(found.variable).title_it
    if found.share is None:
        return [T("{name}: non stimabile ({why})", name=name, why=T(found.why_not))]
    kappa = (
        T("kappa non stimabile ({why})", why=T(found.why_not))
        if found.kappa is None
        else T("kappa {k:dec2} (da {a:dec2} a {b:dec2})",
               k=found.kappa.value, a=found.kappa.low, b=found.kappa.high)
    )  # fmt: skip
    first = T(
        "{name}: {n:int} casi codificati da entrambi, {m:int} no; uguali nel {v:pct1}; {kappa}",
        name=name,
        n=found.n,
        m=found.incomplete,
        v=float(found.share.value),
        kappa=kappa,
    )
    titles = {code.codice: code.titolo_it for code in list_codes(found.variable)}
    rows = judged.shares[judged.shares["variabile"] == found.variable]
    return [
        first,
        *(
            T("  {code}: {v:pct1} (da {a:pct1} a {b:pct1})",
              code=titles[row["codice"]], v=row["quota"], a=row["basso"], b=row["alto"])
            for row in rows.to_dict("records")
        ),
    ]  # fmt: skip
