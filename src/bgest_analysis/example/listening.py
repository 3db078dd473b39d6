"""Questionnaires, coded documents and the double-coded sample of interventions."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from bgest_analysis.example.bodies import COOPS
from bgest_analysis.example.draws import Bools, Floats, Texts, pick, stochastic_round, stream, texts
from bgest_analysis.example.effects import second_coder
from bgest_analysis.example.parameters import Parameters
from bgest_analysis.example.territory import Territory

RECIPIENTS, STAFF, PARTNERS = 160, 48, 22
DOCUMENTS, SEGMENTS = ("INTERVISTA", "GRUPPO", "VERBALE"), 12  # one of each kind an Ambito
QUAL_CODES = (
    "C_storia_servizi", "C_distanza", "M_fiducia", "M_riconoscimento", "M_lettura_condivisa",
    "O_autonomia", "O_attivazione", "O_accesso",
)  # fmt: skip
QUAL_KAPPA = 0.70
DOUBLE_CODED = 200
VARIABLES = ("fase", "orientamento")
AGE_BANDS = {"meno_18": 0.08, "18_60": 0.80, "oltre_60": 0.05, "nd": 0.07}
SURVEY_LANGUAGES = {"ita": 0.45, "ary": 0.18, "eng": 0.12, "ukr": 0.12, "urd": 0.07, "fra": 0.06}
WITH_MEDIATOR = 0.35


class Item(NamedTuple):
    """One question: code, text, scale, true mean before (for a scale of points)."""

    code: str
    text: str
    scale: str
    mean: float = 0.0


ITEMS_OF_RECIPIENTS = (
    Item("utile_integrazione", "Questa attività le è servita per la sua integrazione?", "si_no"),
    Item("ascolto", "Mi sono sentito ascoltato", "likert_1_5", 4.1),
    Item("comprensione", "Ho capito meglio come funzionano i servizi", "likert_1_5", 3.8),
    Item("autonomia", "Oggi saprei andare da solo al servizio", "likert_1_5", 3.4),
    Item("difficolta", "È stato difficile farmi capire", "likert_1_5_inversa", 2.4),
)
ITEMS_OF_STAFF = (
    Item("utile_lavoro", "La mediazione è utile nel mio lavoro", "likert_1_5", 3.2),
    Item("lettura", "Il mediatore aiuta a leggere la situazione", "likert_1_5", 2.9),
    Item("progettazione", "Il mediatore partecipa alla progettazione", "likert_1_5", 2.6),
    Item("tempi", "Il mediatore arriva in tempo utile", "likert_1_5", 3.0),
)
ITEMS_OF_PARTNERS = (
    Item("fiducia_prima", "Prima del progetto mi fidavo degli altri enti", "likert_1_4", 2.2),
    Item("fiducia_ora", "Ora mi fido degli altri enti", "likert_1_4", 2.9),
    Item("utilita_rete", "Da 0 a 10, quanto è utile la rete?", "numerica_0_10", 7.1),
)
ITEMS = {
    "destinatari": ITEMS_OF_RECIPIENTS,
    "operatori": ITEMS_OF_STAFF,
    "partner": ITEMS_OF_PARTNERS,
}
LIMITS = {
    "likert_1_5": (1, 5),
    "likert_1_5_inversa": (1, 5),
    "likert_1_4": (1, 4),
    "numerica_0_10": (0, 10),
}


def build_surveys(
    seed: int, scale: float, territory: Territory, enti: pd.DataFrame, truth: Parameters
) -> pd.DataFrame:
    """Return the answers, one row a filled questionnaire and item, blanks included."""
    rng = stream(seed, "questionari")
    times = max(scale, 0.2) ** 0.5
    ambiti = territory.ambito_ids
    recipients = _sheets(rng, "destinatari", "post", round(RECIPIENTS * times), ambiti)
    recipients = recipients.assign(**_about_recipients(rng, len(recipients)))
    before = _sheets(rng, "operatori", "pre", round(STAFF * times), ambiti)
    after = _sheets(rng, "operatori", "post", round(STAFF * times), ambiti)
    partners = _sheets(rng, "partner", "retrospettiva", PARTNERS, ambiti)
    partners["ente_id"] = enti["ente_id"].to_numpy()[np.arange(PARTNERS) % len(enti)]
    partners["ambito_id"] = None
    for sheets in (before, after):
        sheets["ente_id"] = texts(COOPS)[rng.integers(0, len(COOPS), len(sheets))]
    parts = [_answers(rng, sheets, truth) for sheets in (recipients, before, after, partners)]
    return pd.concat(parts, ignore_index=True)


def _sheets(
    rng: np.random.Generator, survey: str, wave: str, n: int, ambiti: list[str]
) -> pd.DataFrame:
    prefix = {"destinatari": "D", "operatori": "O", "partner": "P"}[survey]
    mark = {"pre": "1", "post": "2", "retrospettiva": "R"}[wave]
    return pd.DataFrame(
        {
            "risposta_id": [f"{prefix}{mark}{k + 1:04d}" for k in range(n)],
            "rilevazione": survey,
            "onda_questionario": wave,
            "ambito_id": texts(ambiti)[rng.integers(0, len(ambiti), n)],
            "ente_id": None,
            "sesso": None,
            "fascia_eta": None,
            "lingua_questionario": "ita",
            "compilato_con_mediatore": None,
        }
    )


def _about_recipients(rng: np.random.Generator, n: int) -> dict[str, Any]:
    return {
        "sesso": np.where(rng.random(n) < 0.58, "F", "M"),
        "fascia_eta": pick(rng, AGE_BANDS, n),
        "lingua_questionario": pick(rng, SURVEY_LANGUAGES, n),
        "compilato_con_mediatore": rng.random(n) < WITH_MEDIATOR,
    }


def _answers(rng: np.random.Generator, sheets: pd.DataFrame, truth: Parameters) -> pd.DataFrame:
    survey, wave = sheets["rilevazione"].iloc[0], sheets["onda_questionario"].iloc[0]
    helped = sheets["compilato_con_mediatore"].fillna(False).to_numpy(dtype=bool)
    person = rng.normal(0, 0.5, len(sheets))
    parts = []
    for item in ITEMS[survey]:
        if item.scale == "si_no":
            values = useful_answers(rng, helped, truth)
        else:
            rise = truth.questionari.prima_dopo if (survey, wave) == ("operatori", "post") else 0.0
            values = points(rng, item.mean + rise + person, item.scale)
        missing = rng.random(len(sheets)) < truth.questionari.non_risposta
        answer = pd.Series(values.astype(float)).mask(missing)
        parts.append(sheets.assign(item=item.code, scala=item.scale, valore=answer.to_numpy()))
    return pd.concat(parts, ignore_index=True)


def useful_answers(rng: np.random.Generator, helped: Bools, truth: Parameters) -> Floats:
    """Return 1 (useful) or 0; true share ``utile``, plus ``distorsione_mediatore`` if helped."""
    chance = truth.questionari.utile + truth.questionari.distorsione_mediatore * helped
    return (rng.random(len(helped)) < chance).astype(float)


def points(rng: np.random.Generator, mean: Floats, scale: str) -> Floats:
    """Return points of a scale around a mean; unbiased but for the cut at the scale's ends."""
    low, high = LIMITS[scale]
    drawn = stochastic_round(rng, mean + rng.normal(0, 0.6, len(mean)))
    return np.clip(drawn, low, high).astype(float)


def build_codings(seed: int, territory: Territory) -> pd.DataFrame:
    """Return each Ambito's documents coded by two coders, one code a segment; true kappa 0.70."""
    rng = stream(seed, "codifiche")
    names = [f"{kind}-{area}" for area in territory.ambito_ids for kind in DOCUMENTS]
    n = len(names) * SEGMENTS
    first = pick(rng, dict.fromkeys(QUAL_CODES, 1.0), n)
    second = second_coder(rng, first, QUAL_KAPPA)
    document = [name for name in names for _ in range(SEGMENTS)]
    segment = [f"{k % SEGMENTS + 1}" for k in range(n)]
    parts = [
        pd.DataFrame(
            {"doc_id": document, "segmento": segment, "codice_qual": codes, "codificatore": who}
        )
        for who, codes in (("K1", first), ("K2", second))
    ]
    return pd.concat(parts, ignore_index=True)


def build_double_coding(seed: int, log: pd.DataFrame, truth: Parameters) -> pd.DataFrame:
    """Return a simple random sample of the log coded twice.

    Columns intervento_id, variabile, codice_1, codice_2. The first coder finds the truth; the
    true kappa with the second is ``kappa_fase`` and ``kappa_orientamento``.
    """
    rng = stream(seed, "campione")
    done = log[~log["inevasa"]]
    rows = np.sort(rng.permutation(len(done))[: min(DOUBLE_CODED, len(done))])
    chosen = done.iloc[rows]
    kappa = {"fase": truth.codifica.kappa_fase, "orientamento": truth.codifica.kappa_orientamento}
    parts = []
    for name in VARIABLES:
        first: Texts = chosen[name].to_numpy()
        parts.append(
            pd.DataFrame(
                {
                    "intervento_id": chosen["intervento_id"].to_numpy(),
                    "variabile": name,
                    "codice_1": first,
                    "codice_2": second_coder(rng, first, kappa[name]),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)
