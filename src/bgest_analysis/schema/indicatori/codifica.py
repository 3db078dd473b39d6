"""The ``ind_`` tables of the double-coded sample: agreement, weighted shares, the rule's error."""

from __future__ import annotations

from bgest_analysis.schema.model import Column, Layer, Table, Type

SOURCE = "doppia codifica di un campione del registro"
VARIABILE = Column(
    "variabile", Type.CAT, "Variabile", "Variable", description="fase oppure orientamento."
)
CODIFICATI = Column(
    "casi_codificati",
    Type.INT,
    "Casi codificati da entrambi",
    "Cases coded by both",
    minimum=0,
    count=True,
)
DISCORDI = Column(
    "casi_discordi", Type.INT, "Casi in disaccordo", "Cases in dispute", minimum=0, count=True
)


def _share(name: str, title_it: str, title_en: str, text: str, rests_on: str) -> Column:
    return Column(
        name,
        Type.DEC,
        title_it,
        title_en,
        unit="frazione",
        description=text,
        minimum=0,
        maximum=1,
        rests_on=rests_on,
    )


def _ends(name: str, title_it: str, title_en: str, rests_on: str) -> tuple[Column, Column]:
    return (
        Column(
            f"{name}_basso",
            Type.DEC,
            f"{title_it}: limite basso",
            f"{title_en}: lower",
            rests_on=rests_on,
        ),
        Column(
            f"{name}_alto",
            Type.DEC,
            f"{title_it}: limite alto",
            f"{title_en}: upper",
            rests_on=rests_on,
        ),
    )


ON_CODED = "casi_codificati"
ACCORDO = _share(
    "accordo", "Codici uguali", "Same codes", "Casi a cui i due danno lo stesso codice.", ON_CODED
)
KAPPA = Column(
    "kappa",
    Type.DEC,
    "Kappa di Cohen",
    "Cohen's kappa",
    description="Accordo oltre il caso; vuoto se tutti i codici sono uguali.",
    rests_on=ON_CODED,
)
CON_REGOLA = Column(
    "casi_con_regola",
    Type.INT,
    "Casi concordi con fase derivata",
    "Agreed cases with a derived phase",
    minimum=0,
    count=True,
)
ERRORE = _share(
    "errore_regola",
    "Errore della regola",
    "Error of the rule",
    "Interventi in cui la fase derivata non è quella codificata, pesati sul registro.",
    "casi_con_regola",
)
DOPPIA = Table(
    name="accordo_codifica",
    layer=Layer.IND,
    title_it="La doppia codifica: accordo ed errore della regola",
    title_en="Double coding: agreement and the rule's error",
    grain_it="Una riga per variabile",
    grain_en="One row per variable",
    columns=(
        VARIABILE,
        CODIFICATI,
        DISCORDI,
        ACCORDO,
        KAPPA,
        *_ends("kappa", "Kappa", "Kappa", ON_CODED),
        CON_REGOLA,
        ERRORE,
        *_ends("errore", "Errore", "Error", "casi_con_regola"),
    ),
    key=("variabile",),
    optional=frozenset(
        {
            "accordo",
            "kappa",
            "kappa_basso",
            "kappa_alto",
            "errore_regola",
            "errore_basso",
            "errore_alto",
        }
    ),
    about_people=True,
    source=SOURCE,
)
CATEGORIA = Column(
    "categoria", Type.STR, "Codice", "Code", description="Codice di fase o di orientamento."
)
CASI = Column("casi", Type.INT, "Casi del campione", "Cases of the sample", minimum=0, count=True)
QUOTA = _share(
    "quota",
    "Quota del registro",
    "Share of the log",
    "Stima stratificata sugli interventi svolti, dai casi concordi o decisi.",
    "casi",
)
QUOTE = Table(
    name="quote_codifica",
    layer=Layer.IND,
    title_it="La doppia codifica: quote del registro",
    title_en="Double coding: shares of the log",
    grain_it="Una riga per variabile e codice",
    grain_en="One row per variable and code",
    columns=(VARIABILE, CATEGORIA, CASI, QUOTA, *_ends("quota", "Quota", "Share", "casi")),
    key=("variabile", "categoria"),
    about_people=True,
    source=SOURCE,
)
TABLES = (DOPPIA, QUOTE)
