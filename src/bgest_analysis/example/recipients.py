"""Recipients, services and pairs as tidy tables, with the pseudonyms a reading would give."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bgest_analysis.example.bodies import COOPS
from bgest_analysis.example.draws import Texts, by_position, texts
from bgest_analysis.example.world import World
from bgest_analysis.privacy.matching import PairClass, Reason
from bgest_analysis.privacy.persons import Person, person_identity
from bgest_analysis.privacy.pseudonyms import CASO, DESTINATARIO, example_key, pseudonym
from bgest_analysis.vocabulary.load import read_list

REASON_OF_OUTSIDE = {"ROU": "cittadino_ue", "ITA": "cittadino_italiano"}
CONSENT = (True, False, None)
# How each kind of double shows itself to whoever compares the records.
CLASS_OF_DOUBLE = {
    "variante": (PairClass.STESSA, Reason.NOME_E_DATA),
    "traslitterazione": (PairClass.STESSA, Reason.NOME_E_DATA),
    "scambio": (PairClass.STESSA, Reason.SCAMBIATI),
    "refuso": (PairClass.DA_RIVEDERE, Reason.NOME_SIMILE),
    "data_convenzionale": (PairClass.DA_RIVEDERE, Reason.CONVENZIONALE),
    "coniugata": (PairClass.DA_RIVEDERE, Reason.NOME_SIMILE),
}


def record_ids(world: World) -> Texts:
    """Return the pseudonym of each record, of its code alone: no two bodies share a code."""
    key = example_key()
    records = world.persone.schede
    people = (Person(codice=code) for code in records["codice"])
    return texts([pseudonym(key, DESTINATARIO, person_identity(person)) for person in people])


def case_ids(world: World) -> Texts:
    """Return the pseudonym of each case."""
    key = example_key()
    return texts(
        [pseudonym(key, CASO, case_code(k)) for k in range(int(world.log["caso"].max()) + 1)]
    )


def case_code(case: int) -> str:
    """Return the code the cooperatives give to a case."""
    return f"CASO{case + 1:06d}"


def language_names() -> dict[str, str]:
    """Return language code -> Italian name."""
    return dict(read_list("lingue").set_index("iso639_3")["nome_it"])


def recipients(world: World) -> pd.DataFrame:
    """Return one row a record: a person recorded twice has two, with two pseudonyms."""
    records = world.persone.schede
    position = records["persona"].to_numpy()
    person = world.persone.persone.iloc[position].reset_index(drop=True)
    born = pd.Series(person["nascita"].to_numpy().astype("datetime64[Y]").astype(int) + 1970)
    return pd.DataFrame(
        {
            "destinatario_id": record_ids(world),
            "anno_nascita": born,
            "sesso": person["sesso"],
            "cittadinanza_iso3": person["cittadinanza"],
            "paese_nascita": _country_of_birth(records, person),
            "ambito_id": texts(world.territorio.ambito_ids)[person["ambito"].to_numpy()],
            "anno_arrivo": person["arrivo"],
            "titolo_soggiorno": person["titolo"],
            "titolo_studio": person["studio"],
            "condizione_lav": person["lavoro"],
            "target": person["target"],
            "ammissibile_fami": person["ammissibile"],
            "motivo_non_ammissibile": person["cittadinanza"].map(REASON_OF_OUTSIDE),
            "consenso_ricerca": by_position(CONSENT, person["consenso"]),
            "data_primo_contatto": world.contatti.to_numpy()[position],
        }
    )


def _country_of_birth(records: pd.DataFrame, person: pd.DataFrame) -> pd.Series:
    """Return the country of birth, which only one of the cooperatives asks."""
    asked = person["ammissibile"] & (records["ente_id"] == COOPS[0]).to_numpy()
    return person["cittadinanza"].where(asked)


def services(world: World) -> pd.DataFrame:
    """Return the services, each under the first record of its person."""
    return world.servizi.assign(destinatario_id=record_ids(world)[world.servizi["scheda"]])


def pairs(world: World) -> pd.DataFrame:
    """Return the pairs a comparison should find: the doubles, and the twins to be reviewed."""
    ids, records = record_ids(world), world.persone.schede
    doubles = records[records["doppione"].notna()]
    twins = np.flatnonzero(world.persone.persone["gemello"] >= 0)
    first_of_twins = world.persone.persone["gemello"].to_numpy()[twins]
    verdicts = [CLASS_OF_DOUBLE[kind] for kind in doubles["doppione"]]
    verdicts += [(PairClass.DA_RIVEDERE, Reason.GEMELLI)] * len(twins)
    one = np.concatenate([ids[doubles["persona"].to_numpy()], ids[first_of_twins]])
    other = np.concatenate([ids[doubles.index.to_numpy()], ids[twins]])
    table = pd.DataFrame(
        {
            "destinatario_a": np.minimum(one, other),
            "destinatario_b": np.maximum(one, other),
            "classe_coppia": [str(verdict[0]) for verdict in verdicts],
            "motivo_coppia": [str(verdict[1]) for verdict in verdicts],
        }
    )
    return table.sort_values(["destinatario_a", "destinatario_b"], ignore_index=True)
