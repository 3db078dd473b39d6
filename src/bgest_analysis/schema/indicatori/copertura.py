"""The ``ind_`` tables of coverage and equity: persons reached, languages, unmet requests, waits."""

from __future__ import annotations

from bgest_analysis.schema.indicatori.mediazione import AREA, SOURCE
from bgest_analysis.schema.model import Column, Layer, Table, Told, Type

PEOPLE_SOURCE = "registri dei destinatari; ISTAT"
PER_1000 = "per 1.000"


def _count(
    name: str,
    title_it: str,
    title_en: str,
    description: str = "",
    part_of: str = "",
    cumulates: str = "",
) -> Column:
    return Column(
        name, Type.INT, title_it, title_en, description=description, minimum=0, count=True,
        part_of=part_of, cumulates=cumulates,
    )  # fmt: skip


def _number(
    name: str, titles: tuple[str, str], rests_on: str, unit: str = "", description: str = ""
) -> Column:
    return Column(name, Type.DEC, *titles, unit=unit, description=description, rests_on=rests_on)


def _interval(name: str, rests_on: str, unit: str, of: tuple[str, str]) -> tuple[Column, Column]:
    low = _number(f"{name}_basso", (f"{of[0]}: basso", f"{of[1]}: low"), rests_on, unit)
    return low, _number(f"{name}_alto", (f"{of[0]}: alto", f"{of[1]}: high"), rests_on, unit)


ANNO = Column("anno", Type.INT, "Anno dei residenti (1° gennaio)", "Year of residents")
SCHEDE = _count("schede", "Schede", "Records", "Schede di persone ammissibili, doppioni compresi.")
PERSONE = _count(
    "persone",
    "Destinatari unici",
    "Unique recipients",
    "Persone ammissibili distinte, unite le sole coppie certe (P1).",
)
PERSONE_MINIMO = _count(
    "persone_minimo",
    "Destinatari unici, minimo",
    "Unique recipients, lowest",
    "Unite anche le coppie da rivedere.",
)
EXTRA_UE = Column("extra_ue", Type.DEC, "Residenti extra-UE", "Non-EU residents", unit="persone")
STRANIERI = Column("stranieri", Type.INT, "Stranieri residenti", "Foreign residents")
TASSO = _number(
    "tasso",
    ("Copertura", "Coverage"),
    "persone",
    PER_1000,
    "persone / residenti extra-UE × 1.000 (P4).",
)
TASSO_STRANIERI = _number(
    "tasso_stranieri", ("Copertura sugli stranieri", "Coverage of foreigners"), "persone", PER_1000
)
DOPPIONI = _interval("tasso_doppioni", "persone", PER_1000, ("Doppioni", "Duplicates"))
DENOMINATORE = _interval("tasso_denominatore", "persone", PER_1000, ("Residenti", "Denominator"))
CASO = _interval("tasso_caso", "persone", PER_1000, ("Caso", "Chance"))
RACCOLTO = _number(
    "tasso_raccolto",
    ("Copertura raccolta verso la media", "Shrunken coverage"),
    "persone",
    PER_1000,
    "Gamma-Poisson sugli Ambiti.",
)
RACCOLTO_ENDS = _interval("tasso_raccolto", "persone", PER_1000, ("Raccolta", "Shrunken"))
ATTESE = _number(
    "attese",
    ("Persone attese", "Expected persons"),
    "persone",
    "persone",
    "Quante con il tasso dell'insieme (per fascia d'età dove i residenti per età sono caricati).",
)
RAPPORTO = _number("rapporto", ("Osservate / attese", "Observed / expected"), "persone", "rapporto")
RAPPORTO_ENDS = _interval("rapporto", "persone", "rapporto", ("Rapporto", "Ratio"))
STANDARD = Column(
    "standardizzazione", Type.CAT, "Standardizzazione", "Standardisation",
    description="«eta» o «nessuna».",
)  # fmt: skip
INTERVENTI = _count("interventi", "Interventi svolti", "Interventions done")
ORE = _number("ore", ("Ore di mediazione", "Mediation hours"), "interventi", "ore",
              "Frontali, viaggio e back office (M1).")  # fmt: skip
ORE_1000 = _number("ore_per_1000", ("Ore per 1.000 extra-UE", "Hours per 1,000 non-EU"),
                   "interventi", "ore per 1.000",
                   "ore / residenti extra-UE × 1.000 (M2).")  # fmt: skip
COPERTURA = Table(
    name="copertura",
    layer=Layer.IND,
    title_it="Persone raggiunte, con le tre incertezze tenute distinte",
    title_en="Persons reached, three uncertainties kept apart",
    grain_it="Una riga per area",
    grain_en="One row per area",
    columns=(
        AREA, ANNO, SCHEDE, PERSONE, PERSONE_MINIMO, EXTRA_UE, STRANIERI, TASSO, TASSO_STRANIERI,
        *DOPPIONI, *DENOMINATORE, *CASO, RACCOLTO, *RACCOLTO_ENDS, ATTESE, RAPPORTO,
        *RAPPORTO_ENDS, STANDARD, INTERVENTI, ORE, ORE_1000,
    ),
    key=("area",),
    optional=frozenset(
        {"extra_ue", "stranieri", "tasso", "tasso_stranieri", "tasso_raccolto", "attese",
         "rapporto", "ore", "ore_per_1000", "interventi",
         *(f"{name}_{end}" for end in ("basso", "alto") for name in
           ("tasso_doppioni", "tasso_denominatore", "tasso_caso", "tasso_raccolto", "rapporto"))}
    ),
    about_people=True,
    source=PEOPLE_SOURCE,
)  # fmt: skip
FASCIA = Column(
    "fascia",
    Type.CAT,
    "Fascia d'età",
    "Age band",
    description="<18, 18-60, >60; 18+ dove le ultime due sono piccole.",
)
COPERTURA_ETA = Table(
    name="copertura_eta",
    layer=Layer.IND,
    title_it="Persone raggiunte per fascia d'età",
    title_en="Persons reached by age band",
    grain_it="Una riga per area e fascia d'età al primo contatto",
    grain_en="One row per area and age band at first contact",
    columns=(
        AREA,
        FASCIA,
        PERSONE,
        STRANIERI,
        TASSO_STRANIERI,
        *_interval("tasso_stranieri", "persone", PER_1000, ("Caso", "Chance")),
    ),
    key=("area", "fascia"),
    optional=frozenset(
        {"stranieri", "tasso_stranieri", "tasso_stranieri_basso", "tasso_stranieri_alto"}
    ),
    about_people=True,
    source=PEOPLE_SOURCE,
)
MISURA = Column("misura", Type.CAT, "Misura", "Measure", description="P4 o M2.")
INDICE = Column("indice", Type.CAT, "Indice", "Index", description="theil o massimo_minimo.")
EVENTI = _count("n", "n", "n", "Persone (P4) o interventi (M2).")
VALORE, BASSO, ALTO = (
    Column(
        name, Type.DEC, *titles, rests_on="n",
        told_by=(Told("ind_copertura", "persone"), Told("ind_copertura", "interventi")),
    )
    for name, titles in (
        ("valore", ("Valore", "Value")),
        ("basso", ("Limite basso", "Lower limit")),
        ("alto", ("Limite alto", "Upper limit")),
    )
)  # fmt: skip
EQUITA = Table(
    name="equita",
    layer=Layer.IND,
    title_it="Disuguaglianza tra gli Ambiti",
    title_en="Inequality between Ambiti",
    grain_it="Una riga per misura e indice",
    grain_en="One row per measure and index",
    columns=(MISURA, INDICE, EVENTI, VALORE, BASSO, ALTO),
    key=("misura", "indice"),
    optional=frozenset({"valore", "basso", "alto"}),
    about_people=True,
    source=PEOPLE_SOURCE,
)
LINGUA = Column(
    "lingua", Type.STR, "Lingua", "Language",
    description="Codice ISO 639-3 delle più chieste, «altre», «nd», oppure «tutte».",
)  # fmt: skip
SERVIZIO = Column(
    "servizio", Type.CAT, "Gruppo di servizi", "Group of services",
    description="scuola, sociale, salute, sportello, altro, nd, oppure «tutti».",
)  # fmt: skip
RICHIESTE = _count("richieste", "Richieste", "Requests", "Svolte e inevase.")
INEVASE = _count(
    "inevase",
    "Richieste inevase",
    "Unmet requests",
    "Non coperte o annullate; mancano dove le celle sarebbero quasi tutte piccole.",
    part_of="richieste",
)
QUOTA_INEVASE = _number(
    "quota_inevase", ("Quota inevasa", "Unmet share"), "inevase", "frazione", "M7."
)
INEVASE_ENDS = _interval("quota_inevase", "inevase", "frazione", ("Inevase", "Unmet"))
DOMANDA = Table(
    name="domanda",
    layer=Layer.IND,
    title_it="Lingue e servizi chiesti e non ottenuti",
    title_en="Languages and services asked for and not given",
    grain_it="Una riga per area, lingua e gruppo di servizi; l'incrocio solo per l'insieme",
    grain_en="One row per area, language and group of services; crossed for the whole only",
    columns=(AREA, LINGUA, SERVIZIO, RICHIESTE, INEVASE, QUOTA_INEVASE, *INEVASE_ENDS),
    key=("area", "lingua", "servizio"),
    optional=frozenset({"inevase", "quota_inevase", "quota_inevase_basso", "quota_inevase_alto"}),
    about_people=True,
    source=SOURCE,
)
N_LINGUE = _number("lingue", ("Lingue", "Languages"), "richieste", "lingue")
HHI = _number(
    "hhi", ("Concentrazione (HHI)", "Concentration (HHI)"), "richieste", "",
    "Somma dei quadrati delle quote di richieste per lingua (M9); 1 = una lingua sola.",
)  # fmt: skip
LINGUE = Table(
    name="lingue",
    layer=Layer.IND,
    title_it="Lingue chieste e concentrazione",
    title_en="Languages asked for and concentration",
    grain_it="Una riga per area",
    grain_en="One row per area",
    columns=(AREA, RICHIESTE, N_LINGUE, HHI),
    key=("area",),
    optional=frozenset({"hhi"}),
    about_people=True,
    source=SOURCE,
)
GRUPPO = Column(
    "gruppo", Type.STR, "Gruppo", "Group",
    description="«tutte», una modalità di attivazione o un gruppo di servizi.",
)  # fmt: skip
CON_INTERVENTO = _count(
    "con_intervento", "con intervento", "with intervention", part_of="richieste"
)
DAYS = (2, 30)
WITHIN = tuple(
    _count(
        f"serviti_{days}",
        f"Con intervento entro {days} giorni",
        f"With intervention within {days} days",
        "Ciò che la quota farebbe ricavare; non si stampa.",
        part_of=part_of,
    )
    for days, part_of in zip(DAYS, ("serviti_30", "con_intervento"), strict=True)
)
MEDIANA = _number(
    "mediana",
    ("Mediana", "Median"),
    "richieste",
    "giorni interi",
    "Kaplan-Meier: il giorno entro cui metà delle richieste ha avuto l'intervento (M8).",
)
MEDIANA_ENDS = _interval("mediana", "richieste", "giorni interi", ("Mediana", "Median"))
ENTRO = tuple(
    _number(
        f"entro_{days}",
        (f"Entro {days} giorni", f"Within {days} days"),
        f"serviti_{days}",
        "frazione",
    )
    for days in DAYS
)
ATTESA = Table(
    name="attese",
    layer=Layer.IND,
    title_it="Giorni tra richiesta e intervento",
    title_en="Days from request to intervention",
    grain_it="Una riga per area e gruppo di richieste",
    grain_en="One row per area and group of requests",
    columns=(AREA, GRUPPO, RICHIESTE, CON_INTERVENTO, *WITHIN, MEDIANA, *MEDIANA_ENDS, *ENTRO),
    key=("area", "gruppo"),
    optional=frozenset(
        {
            "mediana",
            "mediana_basso",
            "mediana_alto",
            "entro_2",
            "entro_30",
            *(column.name for column in WITHIN),
        }
    ),
    about_people=True,
    source=SOURCE,
)
GIORNO = Column("giorno", Type.INT, "Giorni dalla richiesta", "Days since the request")
SERVITI = _count(
    "serviti",
    "Con intervento entro il giorno",
    "With intervention by the day",
    "Ciò che la curva farebbe ricavare; non si stampa.",
    part_of="richieste",
    cumulates="giorno",
)
IN_ATTESA = _number(
    "in_attesa", ("Quota ancora in attesa", "Share still waiting"), "serviti", "frazione"
)
CURVA = Table(
    name="attese_curva",
    layer=Layer.IND,
    title_it="Quota di richieste ancora senza intervento, giorno per giorno",
    title_en="Share of requests still without intervention, by day",
    grain_it="Una riga per area e giorno",
    grain_en="One row per area and day",
    columns=(
        AREA,
        GIORNO,
        RICHIESTE,
        SERVITI,
        IN_ATTESA,
        *_interval("in_attesa", "serviti", "frazione", ("In attesa", "Waiting")),
    ),
    key=("area", "giorno"),
    optional=frozenset({"in_attesa", "in_attesa_basso", "in_attesa_alto"}),
    about_people=True,
    source=SOURCE,
)
TABLES = (COPERTURA, COPERTURA_ETA, EQUITA, DOMANDA, LINGUE, ATTESA, CURVA)
