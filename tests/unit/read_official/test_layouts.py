"""Which header is which layout: every edition known, and none taken for another."""

import pytest

from bgest_analysis.errors import UnknownLayout
from bgest_analysis.read.layout import fold_header, layout, layouts
from bgest_analysis.read.official import read_text_table

MEF_COMMON = (
    "Denominazione Comune;Sigla Provincia;Regione;{regione}Numero contribuenti;"
    "Reddito da pensione - Frequenza;Reddito da pensione - {ammontare};"
    "Reddito imponibile - Frequenza;Reddito imponibile - {ammontare};"
    "Reddito imponibile addizionale - Frequenza;Reddito imponibile addizionale - {ammontare};"
    "Reddito complessivo oltre 120000 euro - Frequenza;"
    "Reddito complessivo oltre 120000 euro - {ammontare}"
)
YEARS = range(2000, 2024)
CODE_NAME = {
    year: "Codice Istat" if 2008 <= year <= 2011 else "Codice Istat Comune" for year in YEARS
}
AMOUNT = dict.fromkeys(YEARS, "Ammontare in euro") | {2012: "Ammontare"}


def mef_header(year: int) -> str:
    region = "" if CODE_NAME[year] == "Codice Istat" else "Codice Istat Regione;"
    common = MEF_COMMON.format(regione=region, ammontare=AMOUNT[year])
    end = "; " if year == 2023 else ""
    return f"Anno di imposta;Codice catastale;{CODE_NAME[year]};{common}{end}"


@pytest.mark.parametrize("year", YEARS)
def test_every_yearly_layout_of_the_incomes_is_recognised(year: int) -> None:
    header = mef_header(year)
    fields = header.count(";") + 1 - (1 if header.endswith(" ") else 0)
    row = f"{year};A001;" + ";".join(["16001"] + ["1"] * (fields - 3))
    trailing = ";" if year in (2012, 2015) else ""

    raw = read_text_table(f"{header}\r\n{row}{trailing}\r\n".encode("latin-1"), "r.csv", "r.csv")

    assert raw.layout == "mef_irpef"
    assert raw.cells.shape == (1, fields)
    roles = layout("mef_irpef").assign(list(raw.cells.columns))
    assert roles["cod_istat"] == CODE_NAME[year]
    assert roles["imponibile_eur"] == f"Reddito imponibile - {AMOUNT[year]}"


def balance(*names: str) -> str:
    return ";".join(["Codice comune", "Comune", *names])


@pytest.mark.parametrize(
    ("title", "header", "code"),
    [
        (
            "Bilancio demografico 2019",
            balance(
                "Popolazione al 1° gennaio - Maschi",
                "Popolazione al 1° gennaio - Femmine",
                "Popolazione al 1° gennaio - Totale",
                "Nati - Totale",
                "Popolazione al 31 dicembre da censimento - Totale",
                "Numero di famiglie al 31 dicembre da censimento",
            ),
            "istat_p2",
        ),
        (
            "Bilancio demografico 2022",
            balance(
                "Popolazione censita al 1º gennaio - Totale",
                "Popolazione censita al 31 dicembre - Totale",
            ),
            "istat_p2",
        ),
        (
            "Cittadini stranieri. Bilancio demografico anno 2021",
            balance("Popolazione al 1° gennaio - Totale", "Popolazione al 31 dicembre - Totale"),
            "istat_p3",
        ),
        (
            "Bilancio 2021",
            balance(
                "Popolazione al 1° gennaio - Totale",
                "Acquisizioni di cittadinanza italiana - Totale",
                "Popolazione al 31 dicembre - Totale",
            ),
            "istat_p3",
        ),
        (
            "Resident foreigners on 1st January 2022 by age and sex",
            "Municipality code;Municipality;Age;Males;Females",
            "istat_strasa_comuni",
        ),
        (
            "Popolazione residente per età e sesso al 1° gennaio 2026 (stima)",
            "Codice comune;Comune;Età;Totale maschi;Totale femmine;Totale",
            "istat_posas_comuni",
        ),
        (
            "Popolazione residente al 1° gennaio 2020 per età, sesso e stato civile",
            "Codice comune;Comune;Età;Celibi;Coniugati;Totale maschi;Nubili;Totale femmine;Totale",
            "istat_posas_comuni",
        ),
        (
            "Stranieri residenti al 1° gennaio 2023 per età e sesso",
            "Codice provincia;Provincia;Età;Maschi;Femmine;Totale",
            "istat_strasa_province",
        ),
        (
            "",
            "Anno;Codice Istat;Denominazione;Codice stato di cittadinanza;Stato di cittadinanza;"
            "Zona;Continente;Maschi;Femmine;Totale",
            "istat_rcs",
        ),
        (
            "",
            "Codice Istat;Denominazione;Codice stato di cittadinanza;Stato di cittadinanza;Totale",
            "istat_rcs",
        ),
        (
            "",
            "REF_AREA;DATA_TYPE;SEX;AGE;MARITAL_STATUS;TIME_PERIOD;OBS_VALUE",
            "istat_sdmx_popolazione",
        ),
        ("", "REF_AREA;DATA_TYPE;SEX;CITIZENSHIP;TIME_PERIOD;OBS_VALUE", "istat_sdmx_cittadinanza"),
        ("", "REF_AREA;DATA_TYPE;SEX;TYPE_RES_PERMIT;TIME_PERIOD;OBS_VALUE", "istat_sdmx_permessi"),
    ],
)
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_editions_are_recognised_by_header_and_title(
    title: str, header: str, code: str, separator: str
) -> None:
    above = f'"{title}"\n' if title else ""
    fields = header.count(";") + 1
    cells = header.replace(", ", " ").replace(";", separator)
    row = separator.join(["016001", "Alfa", *["1"] * (fields - 2)])

    raw = read_text_table(f"{above}{cells}\n{row}\n".encode(), "f.csv", "f.csv")

    assert raw.layout == code
    assert raw.rows_in == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "Iscritti in anagrafe per altri motivi - Maschi (v)",
            "Iscritti in anagrafe per altri motivi (v) - Maschi",
        ),
        ("Popolazione al 1° gennaio", "POPOLAZIONE AL 1º GENNAIO"),
        ("Codice Istat del Comune \n(alfanumerico)", "Codice ISTAT del comune (alfanumerico)"),
        ("Codice NUTS2 2024 (3) ", "Codice NUTS2 2024"),
        ("Saldo migratorio con l'estero", "Saldo migratorio con l’estero"),
    ],
)
def test_headers_are_compared_without_marks_and_breaks(one: str, other: str) -> None:
    assert fold_header(one) == fold_header(other)


def test_two_publications_with_one_header_need_their_title() -> None:
    text = "Codice comune;Comune;Età;Maschi;Femmine\n016001;Alfa;0;1;2\n"

    with pytest.raises(UnknownLayout, match="il titolo non corrisponde") as refusal:
        read_text_table(text.encode(), "x.csv", "STRASA_2023.csv")

    assert "Codice comune; Comune; Età; Maschi; Femmine" in str(refusal.value)


def test_layout_codes_are_unique_and_every_layout_wants_something() -> None:
    codes = [entry.code for entry in layouts()]

    assert len(codes) == len(set(codes)) >= 18
    assert all(entry.expected() for entry in layouts())
