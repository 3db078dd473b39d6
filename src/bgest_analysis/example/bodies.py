"""The invented bodies, their seats, the projects, the logic model and the calendar."""

from __future__ import annotations

import pandas as pd

from bgest_analysis.example.territory import Territory

COOPS = ("COOP_A", "COOP_B")
PROJECT = "esempio_impact"
FUND_OF_PROJECT = {
    PROJECT: "labimpact",
    "esempio_scuola": "altro_fami",
    "esempio_comuni": "comunale",
}
LEAD = "CAPO"
UNIVERSITY = "UNI"
ENTI_COLUMNS = ("ente_id", "nome", "tipo", "ambito_id", "ruolo_progetto", "sito", "alias", "nota")
_FIXED = (
    ("COOP_A", "Cooperativa Esempio A", "coop", "", "gestore", "Coop. Esempio A|Coop Esempio A"),
    ("COOP_B", "Cooperativa Esempio B", "coop", "", "gestore", "Coop. Esempio B|Esempio B"),
    ("CTI_1", "CTI Esempio Uno", "cti", "ES1", "rete", "CTI di Esempio Uno"),
    ("CTI_2", "CTI Esempio Due", "cti", "ES5", "rete", "CTI di Esempio Due"),
    ("CPIA_1", "CPIA Esempio", "cpia", "", "esterno", ""),
    ("ASST_1", "Azienda sanitaria Esempio", "asst_ats", "", "esterno", "ASST Esempio"),
    ("UNI", "Università Esempio", "universita", "", "rete", "Ateneo Esempio"),
    ("ANCI_E", "Associazione dei Comuni Esempio", "anci", "", "rete", "Comuni Esempio"),
    ("ASSOC_1", "Associazione Esempio Ponte", "associazione", "", "esterno", "Esempio Ponte"),
    ("ASSOC_2", "Associazione Esempio Radici", "associazione", "", "esterno", "Esempio Radici"),
)
THEORY_SOURCE = "modello logico inventato (DATI SINTETICI)"


def office(ambito_id: str) -> str:
    """Return the code of an Ambito's planning office; the lead's is the consortium."""
    return LEAD if ambito_id == "ES1" else f"UDP_{ambito_id}"


def enti(territory: Territory) -> pd.DataFrame:
    """Return the study's ``enti.csv``: offices, schools, cooperatives and the others."""
    lead = (LEAD, "Consorzio Esempio", "capofila", "ES1", "capofila", "Consorzio|Capofila")
    offices = [
        (
            f"UDP_{code}",
            f"Ufficio di Piano Esempio {code[2:]}",
            "ambito",
            code,
            "aderente",
            f"UdP Esempio {code[2:]}|UdP {code}",
        )
        for code in territory.ambito_ids[1:]
    ]
    schools = [
        (
            f"SCU_{code}",
            f"Istituto comprensivo Esempio {code[2:]}",
            "scuola",
            code,
            "rete",
            f"IC Esempio {code[2:]}",
        )
        for code in territory.ambito_ids
    ]
    rows = [
        dict(zip(ENTI_COLUMNS, (*row[:5], "", row[5], "ente inventato"), strict=True))
        for row in (lead, *offices, *_FIXED, *schools)
    ]
    return pd.DataFrame(rows, columns=list(ENTI_COLUMNS))


def seats(territory: Territory) -> pd.DataFrame:
    """Return the seats of the three governing bodies."""
    joined = [office(code) for code in territory.ambito_ids[1:]]
    every_contact = "Referenti interni degli Ambiti per la programmazione"
    adhering = f"Responsabili Uffici di Piano aderenti ({len(joined)})"
    managers = "Responsabili degli enti gestori (Cooperative Esempio A e B)"
    rows = [
        ("cabina_regia", LEAD, "resp_udp", "Capofila (Responsabile Ufficio di Piano)"),
        *[("cabina_regia", ente, "resp_udp", adhering) for ente in joined],
        *[("cabina_regia", coop, "resp_ente_gestore", managers) for coop in COOPS],
        ("equipe_tecnica", LEAD, "resp_udp", "Capofila (Responsabile Ufficio di Piano)"),
        ("equipe_tecnica", office("ES2"), "referente_progetto", "Referente del progetto"),
        *[("equipe_tecnica", coop, "resp_ente_gestore", managers) for coop in COOPS],
        ("equipe_tecnica", "ANCI_E", "altro", "Associazione dei Comuni Esempio"),
        *[
            ("livello_operativo", office(code), "referente_programmazione", every_contact)
            for code in territory.ambito_ids
        ],
        *[("livello_operativo", coop, "resp_ente_gestore", managers) for coop in COOPS],
    ]
    table = pd.DataFrame(rows, columns=["organo", "ente_id", "ruolo", "come_scritto"])
    return table.assign(dal="", al="", fonte="atto inventato (DATI SINTETICI)")


def projects() -> pd.DataFrame:
    """Return the projects side by side; some dates are unknown, as they are in real life."""
    rows = [
        (PROJECT, "Progetto Esempio Impact", "labimpact", "2019-01-01", "2023-12-31",
         "concluso", ""),
        ("esempio_scuola", "Progetto Esempio Scuola", "altro_fami", "2020-09-01", "2022-06-30",
         "concluso", ""),
        ("esempio_comuni", "Fondi propri dei Comuni Esempio", "comunale", "", "", "attivo", ""),
        ("esempio_nuovo", "Progetto Esempio Impact, seconda edizione", "labimpact", "", "",
         "in_costruzione", PROJECT),
    ]  # fmt: skip
    columns = ["progetto_id", "titolo", "fondo", "dal", "al", "stato", "continua_da"]
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(
        capofila="Consorzio Esempio",
        target="cittadini di paesi terzi",
        fonte="progetto inventato (DATI SINTETICI)",
        nota="",
    )


def theory_nodes() -> pd.DataFrame:
    """Return the nodes of a logic model of the same kind as a real one."""
    rows = [
        ("I1", "input", "Rete di Ambiti con un capofila", "P5|R3"),
        ("I2", "input", "Mediatrici e mediatori delle cooperative", "M1|M9"),
        ("A1", "attivita", "Mediazione integrata nei servizi", "M1|M2|M5"),
        ("A2", "attivita", "Mediatore nella lettura delle situazioni", "M3|M4"),
        ("A3", "attivita", "Mediatore nella progettazione", "M3|M4|R2"),
        ("A8", "attivita", "Lavoro di rete tra gli enti", "R1|R2|R3|R4"),
        ("A9", "attivita", "Risposta a un'emergenza", "M1|M7|M8"),
        ("MC1", "meccanismo", "Lettura condivisa della domanda", "M3|M4|E4"),
        ("MC3", "meccanismo", "Attivazione delle risorse", "M6|E3"),
        ("O1", "esito", "Servizi accessibili ed equi", "P4|M7|M8|M10"),
        ("O2", "esito", "Maggiore autonomia delle persone", "E3"),
        ("O3", "esito", "Integrazione percepita", "E1"),
    ]
    table = pd.DataFrame(rows, columns=["nodo_id", "tipo", "titolo", "indicatori"])
    return table.assign(descrizione="", fonte=THEORY_SOURCE, origine="proposta")


def theory_links() -> pd.DataFrame:
    """Return the links of the logic model, each with an assumption and a rival explanation."""
    rows = [
        ("N01", "I1", "A8", "Gli enti vengono sempre", "Gli incontri c'erano già", "R1|R3"),
        ("N02", "I2", "A1", "Le lingue coprono la domanda", "C'è un'emergenza", "M1|M7"),
        ("N03", "A1", "MC1", "Gli operatori chiamano il mediatore", "Altri moduli", "M3|M4"),
        ("N04", "A2", "MC1", "Si legge insieme la situazione", "Cambia chi compila", "M3|M4"),
        ("N05", "A3", "MC3", "Il progetto parte dalle risorse", "Persone più autonome", "M6"),
        ("N06", "A8", "O1", "Le pratiche passano tra Ambiti", "Altri fondi", "P4|M8"),
        ("N07", "MC1", "O1", "La domanda letta trova risposta", "Più ore disponibili", "M7|M8"),
        ("N08", "MC3", "O2", "Chi si attiva diventa autonomo", "Il tempo passa per tutti", "E3"),
        ("N09", "O2", "O3", "L'autonomia si sente", "Risponde chi è contento", "E1"),
        ("N10", "A9", "O1", "L'emergenza non toglie agli altri", "Altri aiuti", "M7|M8"),
    ]  # fmt: skip
    columns = ["nesso_id", "da_nodo", "a_nodo", "assunto", "spiegazione_rivale", "indicatori"]
    return pd.DataFrame(rows, columns=columns).assign(fonte=THEORY_SOURCE, origine="proposta")


def events() -> pd.DataFrame:
    """Return the calendar: the two shocks are dated as the real ones, the rest is invented."""
    rows = [
        ("avvio", "Avvio del progetto di esempio", "calendario", "2019-01-01", "", "giorno"),
        ("covid19", "Emergenza COVID-19", "emergenza", "2020-03", "2021-05", "mese"),
        ("ucraina", "Invasione russa dell'Ucraina", "emergenza", "2022-02-24", "", "giorno"),
        ("presentazione", "Presentazione dei risultati di esempio", "presentazione", "2023-06-13",
         "", "giorno"),
        ("fine", "Fine del progetto di esempio", "scadenza", "2023-12-31", "", "giorno"),
    ]  # fmt: skip
    columns = ["evento_id", "evento", "tipo", "data_inizio", "data_fine", "precisione"]
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(ambito_id="", fonte="calendario inventato (DATI SINTETICI)", nota="")
