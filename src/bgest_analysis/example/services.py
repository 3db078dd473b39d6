"""Services received by each recipient besides mediation, and the day of first contact."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bgest_analysis.example.draws import pick, stream
from bgest_analysis.example.parameters import END, START, UKRAINE_START
from bgest_analysis.example.people import People

SERVICES = {
    "istruzione_lingua": 0.26, "casa": 0.08, "salute": 0.14, "partecipazione": 0.09,
    "orientamento": 0.20, "mediazione": 0.13, "informazione": 0.10,
}  # fmt: skip
ACTION_OF_SERVICE = {
    "istruzione_lingua": "01",
    "casa": "02",
    "salute": "02",
    "orientamento": "02",
    "mediazione": "02",
    "informazione": "03",
    "partecipazione": "04",
}
FURTHER = 0.9
PROJECTS = {"esempio_impact": 0.85, "esempio_scuola": 0.15}


def first_contacts(seed: int, people: People, log: pd.DataFrame) -> pd.Series:
    """Return each person's first day: their first request, else a day drawn at random.

    Persons displaced from Ukraine come after 24 February 2022.
    """
    rng = stream(seed, "primi_contatti")
    n = len(people.persone)
    start = np.where(
        people.persone["sfollato"], np.datetime64(UKRAINE_START), np.datetime64(START)
    ).astype("datetime64[D]")
    width = (np.datetime64(END) - start).astype(np.int64) - 60
    drawn = pd.Series(start + (rng.random(n) * width).astype("timedelta64[D]"))
    seen = log[log["persona"] >= 0].groupby("persona")["giorno"].min()
    drawn[seen.index] = seen
    return drawn.astype("datetime64[s]")


def build_services(seed: int, people: People, contacts: pd.Series) -> pd.DataFrame:
    """Return the services: one or more a person, from the first contact on."""
    rng = stream(seed, "servizi")
    times = 1 + rng.poisson(FURTHER, len(contacts))
    person = np.repeat(np.arange(len(contacts)), times)
    start = contacts.to_numpy().astype("datetime64[D]")[person]
    left = (np.datetime64(END) - start).astype(np.int64)
    day = start + np.minimum(rng.exponential(45, len(person)).astype(np.int64), left)
    service = pick(rng, SERVICES, len(person))
    table = pd.DataFrame(
        {
            "scheda": person,
            "progetto_id": pick(rng, PROJECTS, len(person)),
            "servizio": service,
            "data": day,
            "minuti": rng.choice([30, 60, 90, 120], len(person)),
        }
    )
    table["azione"] = table["servizio"].map(ACTION_OF_SERVICE)
    key = ["scheda", "progetto_id", "servizio", "data"]
    return table.drop_duplicates(key).sort_values(key, ignore_index=True)
