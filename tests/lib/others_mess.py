"""Messy files in other shapes than the synthetic study's: habits of other offices."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl


def write_log(path: Path) -> None:
    """Write a cooperative's workbook: titles, merged two-row header, sections, totals, notes."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = "Gennaio"
    page["A1"] = "COOPERATIVA - REGISTRO DELLE MEDIAZIONI"
    page.merge_cells("A1:L1")
    page["A2"], page["A3"] = "Mese di gennaio 2022", "Referente: la coordinatrice"
    for area, text in (("A5:A6", "N°"), ("B5:C5", "Date"), ("D5:D6", "Mediatore/trice"),
                       ("E5:E6", "Lingua"), ("F5:G5", "Ore")):  # fmt: skip
        page.merge_cells(area)
        page[area[:2]] = text
    for place, text in (("B6", "Data richiesta"), ("C6", "Data intervento"), ("F6", "frontali"),
                        ("G6", "viaggio"), ("H5", "Ambito"), ("I5", "Esito"),
                        ("J5", "Colore")):  # fmt: skip
        page[place] = text
    _rows(
        page,
        7,
        (1, dt.date(2022, 1, 3), dt.date(2022, 1, 10), "M 1", "arabo", 1.5, 0.5, "Valle Seriana",
         "svolto", "rosso"),
        (2, "04/01/2022", "11/01/22", "M 1", "Arabo (Marocco)", "1h30", "30 min", "Val Cavallina",
         "Effettuato"),
        (3, "5-1-2022", "12.01.2022", "M 2", "punjabi/hindi", "2 ore", "-", "Grumello", "concluso"),
        (),
        (4, "06/01/2022", None, None, "urdu", None, None, "Seriate", "mediatore non disponibile"),
        (None, None, None, "TOTALE ORE", None, "=SUM(F7:F9)", 1),
        ("Segue gennaio",),
        (5, "gennaio 22", "31/02/2022", "M 1", "Ar.", "1,30", dt.time(0, 30), "Alto Sebino",
         "annullato dall'ente"),
        (6, None, "15/01/2022", "M 2", "bengali", dt.timedelta(hours=25, minutes=30), None,
         "Basso Sebino", "fatto"),
        (),
        ("* le ore di viaggio non sono rendicontate",),
    )  # fmt: skip
    other = book.create_sheet("Febbraio")
    _rows(
        other,
        1,
        ("Comune", "Data", "Lingua parlata", "Mediatore", "Durata", "Tipo intervento", "Esito"),
        ("Clusone", "02/02/2022", "cinese mandarino", "M 3", "1:30", "colloquio", "fatto"),
        ("Clusone", 44594, "Wolof", "M 4", "45'", "mediazione linguistica", "svolto"),
    )
    book.create_sheet("nascosto").sheet_state = "hidden"
    book.create_sheet("Legenda").append(["V = verde"])
    book.save(path)


def _rows(page: Any, first: int, *rows: tuple[Any, ...]) -> None:
    for number, row in enumerate(rows, start=first):
        for place, value in enumerate(row, start=1):
            if value is not None:
                page.cell(number, place).value = value


def write_export(path: Path) -> None:
    """Write what a management program exports: cp1252, titles, a nameless total, CRLF."""
    text = (
        "Esportazione gestionale del 03/02/2023;;;;;;\r\n\r\n"
        "ID;Data int.;Op. mediatore;Lingua;Durata (min);Comune;Stato\r\n"
        "A-001;01/03/2022;Ñ 7;spagnolo;90;Sarnico;Chiuso\r\n"
        "A-002;01/03/2022 14:00;Ñ 7;Español;60 min;SARNICO;Annullato utente\r\n"
        ";;;;150;;\r\n"
    )
    path.write_bytes(text.encode("cp1252"))


def write_tabs(path: Path) -> None:
    """Write what Excel calls «testo Unicode»: UTF-16 and tabs."""
    text = (
        "Data\tMediatrice\tLingua\tOre\tAmbito\tEsito\n"
        "12/05/2022\tM 9\thindi\t1,5\tGrumello\tsvolto\n"
        "13/05/2022\tM 9\tpanjabi\t2,25\tAmbito di Grumello\tsvolto\n"
    )
    path.write_bytes(text.encode("utf-16"))


def write_attendance(path: Path) -> None:
    """Write an attendance grid with a column of names, a month for a day, and a total."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = "Cabina 2021"
    for row in (
        ["Presenze alla Cabina di Regia"],
        ["Ente", "Referente", "15/02/2021", "10/05/2021", "ottobre 2021"],
        ["Cooperativa Ruah", "", "x", "", "presente"],
        ["Consorzio Servizi", "dott.ssa B.", "P", "P", "AG"],
        ["Totale presenti", "", 2, 1, 1],
    ):
        page.append(row)
    book.save(path)


def write_codings(path: Path) -> None:
    """Write coded segments as MAXQDA exports them, without who coded."""
    path.write_text(
        "Gruppo di documenti\tNome del documento\tCodice\tInizio\tFine\tSegmento\n"
        "Interviste\tINT-03\tM\\fiducia\t12\t12\tmi fido di lei\n"
        "Interviste\tINT-03\tO > autonomia\t15\t16\tora faccio da sola\n",
        encoding="utf-8",
    )
