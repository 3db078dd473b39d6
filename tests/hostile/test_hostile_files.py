"""Hostile, damaged and locked files: each is refused with exit code 3 and one Italian line."""

from __future__ import annotations

import os
import random
import re
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bgest_analysis.errors import UNSAFE_INPUT, UnsafeInput
from bgest_analysis.read.archive import BLOCK
from bgest_analysis.read.guard import Limits
from bgest_analysis.read.project import ReadOptions, read_project_file
from bgest_analysis.schema.registry import TABLES

from .makers import (
    HEADER,
    compound,
    lie_about_sizes,
    parts,
    record,
    sheet_xml,
    write_bomb,
    write_ods,
    write_xlsx,
    write_zip,
)

FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
FAR_HIDDEN = '<row r="1"><c\nr="A1"><v>1</v></c></row><row><c\nr="XFD1048576"><v>1</v></c></row>'
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    + sheet_xml()[38:]
)
BOF = record(0x0809, b"\x00\x06\x05\x00" + bytes(12))
EOF = record(0x000A, b"")
VALUE = '<table:table-cell office:value-type="float" office:value="1"{}/>'


def _file(name: str, content: bytes) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return make


def _xlsx(*sheets: str | bytes, **extra: str | bytes) -> Callable[[Path], Path]:
    return lambda folder: write_xlsx(folder / "log.xlsx", *sheets, **extra)


def _ods(rows: str, **more: str) -> Callable[[Path], Path]:
    return lambda folder: write_ods(folder / "log.ods", rows, **more)


def _with_lock(lock: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        (folder / lock).write_bytes(b"x")
        return write_xlsx(folder / "log.xlsx")

    return make


def _link(folder: Path) -> Path:
    (folder / "log.xlsx").symlink_to(write_xlsx(folder / "vero.xlsx"))
    return folder / "log.xlsx"


def _folder(folder: Path) -> Path:
    (folder / "log.xlsx").mkdir()
    return folder / "log.xlsx"


def _twice(folder: Path) -> Path:
    path = write_xlsx(folder / "log.xlsx")
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    return path


def _locked_zip(folder: Path) -> Path:
    path = write_xlsx(folder / "log.xlsx")
    data = bytearray(path.read_bytes())
    place = data.find(b"PK\x01\x02")
    data[place + 8] |= 1
    path.write_bytes(bytes(data))
    return path


def _cut(folder: Path) -> Path:
    path = write_xlsx(folder / "log.xlsx")
    path.write_bytes(path.read_bytes()[:300])
    return path


def _shifted_directory(folder: Path) -> Path:
    """Cut bytes out of the middle: the places in the directory become negative."""
    path = write_xlsx(folder / "log.xlsx")
    data = path.read_bytes()
    path.write_bytes(data[:50] + data[60:])
    return path


def _utf16(folder: Path) -> Path:
    content = sheet_xml().replace("UTF-8", "UTF-16").encode("utf-16")
    return write_xlsx(folder / "log.xlsx", content)


def _entity_across_blocks(folder: Path) -> Path:
    text = sheet_xml()
    noise = random.Random(1).randbytes(600_000).hex()
    start = text.index("<worksheet")
    comment = f"<!--{noise[: BLOCK - start - 12]}-->"
    return write_xlsx(
        folder / "log.xlsx", text[:start] + "<y/>" + comment + "<!DOCTYPE x>" + text[start:]
    )


ATTACKS: dict[str, tuple[Callable[[Path], Path], str]] = {
    # name: how it is made, what the message must say
    "macro": (_xlsx(**{"xl/vbaProject.bin": b"x"}), "macro"),
    "macro_di_un_tempo": (_xlsx(**{"xl/macrosheets/sheet1.xml": "<x/>"}), "macro"),
    "collegamento_esterno": (
        _xlsx(**{"xl/externalLinks/externalLink1.xml": "<x/>"}),
        "collegamenti",
    ),
    "bomba_per_dimensione": (lambda f: write_bomb(f / "log.xlsx", 250), "si gonfia a 250 MB"),
    "bomba_per_rapporto": (lambda f: write_bomb(f / "log.xlsx", 60), "si gonfia a 60 MB"),
    "bomba_che_mente": (
        lambda f: lie_about_sizes(write_bomb(f / "log.xlsx", 250), 1_000_000),
        "dimensioni false",
    ),
    "cella_lontana": (_xlsx(sheet_xml(FAR)), "XFD1048576"),
    "cella_lontana_nascosta": (_xlsx(sheet_xml(FAR_HIDDEN)), "fa fallire la lettura"),
    "cella_lontana_con_prefisso": (
        _xlsx(
            sheet_xml(FAR)
            .replace("<", "<x:")
            .replace("<x:/", "</x:")
            .replace("<x:?", "<?")
            .replace("xmlns=", "xmlns:x=")
        ),
        "XFD1048576",
    ),
    "cella_lontana_apici": (_xlsx(sheet_xml(FAR.replace('"', "'"))), "XFD1048576"),
    "entita": (_xlsx(LAUGHS), "entità XML"),
    "entita_nelle_relazioni": (
        _xlsx(**{"xl/_rels/altro.xml.rels": "<!DOCTYPE x><R/>"}),
        "entità XML",
    ),
    "entita_a_cavallo_dei_blocchi": (_entity_across_blocks, "entità XML"),
    "utf16": (_utf16, "UTF-8"),
    "codifica_dichiarata": (_xlsx(sheet_xml().replace("UTF-8", "ISO-8859-1")), "UTF-8"),
    "diecimila_fogli": (_xlsx(*[sheet_xml()] * 10_000), "10.000 fogli"),
    "cella_smisurata": (
        _xlsx(
            sheet_xml(
                '<row r="1"><c r="A1" t="inlineStr"><is><t>'
                + os.urandom(3_000_000).hex()
                + "</t></is></c></row>"
            )
        ),
        "smisurata",
    ),
    "parti_doppie": (_twice, "parti doppie"),
    "zip_con_password": (_locked_zip, "password"),
    "zip_troncato": (_cut, "danneggiato"),
    "zip_spostato": (_shifted_directory, "è danneggiato; farselo"),
    "zip_qualunque": (lambda f: write_zip(f / "log.xlsx", {"a.txt": "x"}), "non è una cartella"),
    "xml_rotto": (_xlsx(sheet_xml("<row r='1'><c")), "danneggiato"),
    "segnaposto_excel": (_with_lock("~$log.xlsx"), "ancora aperto"),
    "segnaposto_libreoffice": (_with_lock(".~lock.log.xlsx#"), "ancora aperto"),
    "il_segnaposto_stesso": (_file("~$log.xlsx", b"x" * 165), "segnaposto"),
    "vuoto": (_file("log.xlsx", b""), "è vuoto"),
    "collegamento_simbolico": (_link, "collegamento a un altro file"),
    "cartella": (_folder, "non è un file"),
    "manca": (lambda f: f / "manca.xlsx", "non riesco ad aprire"),
    "html_chiamato_xls": (_file("log.xls", b"<html><table><tr><td>1"), "pagina web"),
    "testo_chiamato_xlsx": (_file("log.xlsx", b"Data;Ore\n1;2\n"), "del testo"),
    "xlsx_chiamato_csv": (lambda f: write_xlsx(f / "log.csv"), "compresso"),
    "pdf_chiamato_csv": (_file("log.csv", b"%PDF-1.7"), "un PDF"),
    "xlsm": (lambda f: write_xlsx(f / "log.xlsm"), "macro"),
    "tipo_sconosciuto": (_file("log.parquet", b"PAR1"), "non è di un tipo"),
    "xlsx_con_password": (
        _file("log.xlsx", compound({"EncryptedPackage": b"x", "EncryptionInfo": b"x"})),
        "protetto da password",
    ),
    "xls_chiamato_xlsx": (_file("log.xlsx", compound({"Workbook": BOF + EOF})), "vecchio tipo"),
    "xls_con_password": (
        _file("log.xls", compound({"Workbook": BOF + record(0x2F, b"x") + EOF})),
        "protetto da password",
    ),
    "xls_con_macro": (_file("log.xls", compound({"Workbook": BOF, "_VBA_PROJECT": b"x"})), "macro"),
    "xls_con_collegamento": (
        _file("log.xls", compound({"Workbook": BOF + record(0x1AE, b"\1\0\5\0\0a.xls") + EOF})),
        "collegamenti",
    ),
    "word_chiamato_xls": (_file("log.xls", compound({"WordDocument": b"x"})), "non contiene"),
    "xls_troncato": (_file("log.xls", compound({"Workbook": BOF})[:600]), "danneggiato"),
    "xls_che_gira_in_tondo": (
        _file("log.xls", compound({"Workbook": BOF + EOF}).replace(b"\2\0\0\0", b"\1\0\0\0", 1)),
        "danneggiato",
    ),
    "ods_ripetuto": (
        _ods(
            '<table:table-row table:number-rows-repeated="1000000">'
            + VALUE.format(' table:number-columns-repeated="100"')
            + "</table:table-row>"
        ),
        "oltre",
    ),
    "ods_largo": (
        _ods(
            "<table:table-row>"
            + VALUE.format(' table:number-columns-repeated="16384"')
            + "</table:table-row>"
        ),
        "oltre",
    ),
    "ods_con_password": (_ods("", manifest="<encryption-data/>"), "password"),
    "ods_con_macro": (_ods("", **{"Basic/Standard/Module1.xml": "<x/>"}), "macro"),
    "ods_con_collegamento": (
        _ods("", table='<table:table-source xlink:href="altro.ods"/>'),
        "collegamenti",
    ),
    "ods_rotto": (_ods("<table:table-row>"), "danneggiato"),
    "csv_binario": (_file("log.csv", b"Data;Ore\n\x00\x01\x02;3\n"), "non è un file di testo"),
    "csv_virgolette": (_file("log.csv", b'Data;Ore\n"' + b"x;y\n" * 60_000), "smisurata"),
    "csv_largo": (_file("log.csv", b";".join([b"a"] * 5000) + b"\n"), "5.000 colonne"),
}


@pytest.mark.parametrize(("make", "said"), ATTACKS.values(), ids=list(ATTACKS))
def test_refused_with_one_clear_line(make, said, tmp_path):
    path = make(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(UnsafeInput) as caught:
        read_project_file(path, TABLES["interventi"])
    message = str(caught.value)
    assert caught.value.exit_code == UNSAFE_INPUT
    assert said in message
    assert path.name in message
    assert "\n" not in message
    assert str(tmp_path) not in message
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (Limits(rows=2), "cella A3"),
        (Limits(columns=1), "cella B2"),
        (Limits(cells=3), "più di 3 celle"),
        (Limits(file_bytes=10), "troppo grande"),
    ],
)
def test_limits_can_be_set(limits, said, tmp_path):
    rows = '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>1</v></c></row>'
    rows += '<row r="3"><c r="A3"><v>1</v></c></row>'
    path = write_xlsx(tmp_path / "log.xlsx", sheet_xml(HEADER + rows))
    with pytest.raises(UnsafeInput, match=said):
        read_project_file(path, TABLES["interventi"], ReadOptions(limits=limits))


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are POSIX")
def test_a_child_without_memory_is_a_refusal_and_not_a_crash(tmp_path):
    cell = '<c r="A{0}" t="inlineStr"><is><t>cella {0}</t></is></c>'
    rows = "".join(f'<row r="{n}">{cell.format(n)}</row>' for n in range(1, 100_001))
    path = write_xlsx(tmp_path / "log.xlsx", sheet_xml(rows))
    options = ReadOptions(limits=Limits(memory_bytes=30_000_000))
    with pytest.raises(UnsafeInput, match=r"fa fallire la lettura|troppo grande"):
        read_project_file(path, TABLES["interventi"], options)


def test_a_formatted_but_empty_cell_far_out_is_no_attack(tmp_path):
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Data</t></is></c>'
        '<c r="B1" t="inlineStr"><is><t>Ambito</t></is></c><c r="XFD1" s="0"/></row>'
        '<row r="2"><c r="A2"><v>44600</v></c>'
        '<c r="B2" t="inlineStr"><is><t>Seriate</t></is></c></row>'
    )
    path = write_xlsx(tmp_path / "log.xlsx", sheet_xml(rows))
    [raw] = read_project_file(path, TABLES["interventi"])
    assert raw.cells.to_dict("records") == [{"data": "44600", "ambito_id": "Seriate"}]


def test_external_links_are_reported_when_they_are_allowed(tmp_path):
    rows = HEADER.replace("</row>", '<c r="B1" t="inlineStr"><is><t>Ambito</t></is></c></row>')
    rows += '<row r="2"><c r="B2" t="inlineStr"><is><t>Seriate</t></is></c></row>'
    path = write_xlsx(
        tmp_path / "log.xlsx", sheet_xml(rows), **{"xl/externalLinks/externalLink1.xml": "<x/>"}
    )
    options = ReadOptions(limits=Limits(external_links=True))
    [raw] = read_project_file(path, TABLES["interventi"], options)
    assert raw.remarks["collegamenti_esterni"] == "sì"


def test_every_refusal_tells_what_to_do():
    """A remedy is an order: after a semicolon, a colon or in brackets stands a verb."""
    source = Path(__file__).parents[2] / "src" / "bgest_analysis" / "read"
    texts = []
    for module in ("guard", "archive", "scan_xlsx", "scan_xls", "scan_ods", "workbook", "child"):
        text = re.sub(r'"\s*\n\s*"', "", (source / f"{module}.py").read_text(encoding="utf-8"))
        texts += re.findall(r'"(\{file\} [^"]*)"', text)
    orders = re.compile(r"\b\w+(?:are|ere|ire|rsi|rlo|rla)\b")
    assert len(texts) > 25
    assert [t for t in texts if len(t) > 12 and not orders.search(t)] == []


def test_the_maker_makes_readable_workbooks(tmp_path):
    assert "xl/workbook.xml" in parts()
    rows = HEADER.replace("</row>", '<c r="B1" t="inlineStr"><is><t>Ambito</t></is></c></row>')
    path = write_xlsx(tmp_path / "log.xlsx", sheet_xml(rows))
    [raw] = read_project_file(path, TABLES["interventi"])
    assert len(raw.cells) == 0
    assert raw.rows_in == 0
