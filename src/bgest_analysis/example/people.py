"""The invented recipients: who they truly are, and the records by which the files show them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bgest_analysis.example.bodies import COOPS
from bgest_analysis.example.draws import Bools, Floats, Ints, Texts, known, pick, stream, texts
from bgest_analysis.example.parameters import UKRAINE_START, Parameters, Size
from bgest_analysis.example.territory import Territory

# Shares of third-country citizenships; not those of any real place.
CITIZENSHIPS = {
    "MAR": 0.20, "ALB": 0.14, "IND": 0.10, "SEN": 0.09, "PAK": 0.08, "BGD": 0.07, "EGY": 0.06,
    "CHN": 0.05, "BOL": 0.05, "NGA": 0.05, "TUN": 0.04, "GHA": 0.03, "CIV": 0.02, "UKR": 0.02,
}  # fmt: skip
LANGUAGES = {
    "MAR": "ary", "ALB": "sqi", "IND": "pan", "SEN": "wol", "PAK": "urd", "BGD": "ben",
    "EGY": "arz", "CHN": "cmn", "BOL": "spa", "NGA": "eng", "TUN": "aeb", "GHA": "twi",
    "CIV": "fra", "UKR": "ukr", "ROU": "ron", "ITA": "ary",
}  # fmt: skip
UKRAINIAN_SHARE = 0.16  # of all recipients, those displaced from Ukraine
OUTSIDE = {"ROU": 0.6, "ITA": 0.4}
TITLES = {
    "famiglia": 0.34, "lavoro": 0.26, "lungo_periodo": 0.20, "protezione_int": 0.07,
    "studio": 0.02, "altro": 0.03, "in_rinnovo": 0.05, "nd": 0.03,
}  # fmt: skip
EDUCATION = {
    "nessuno": 0.12, "primaria": 0.22, "secondaria_I": 0.30, "secondaria_II": 0.20,
    "terziaria": 0.06, "nd": 0.10,
}  # fmt: skip
WORK = {"occupato": 0.34, "disoccupato": 0.26, "inattivo": 0.28, "nd": 0.12}
KINDS_OF_DOUBLE = {
    "variante": 0.30,  # Mohamed, Mohammed
    "refuso": 0.20,
    "scambio": 0.15,  # surname and name swapped
    "traslitterazione": 0.10,
    "data_convenzionale": 0.15,  # 1 January instead of the true birthday
    "coniugata": 0.10,  # another surname after marriage
}
TWINS = 0.02
CONSENT = (0.80, 0.90)  # cumulated: yes, no, then not asked


@dataclass(frozen=True)
class People:
    """Persons and their records.

    Parameters
    ----------
    persone
        One row a true person: ambito (position), citizenship, birth, title, eligibility.
    schede
        One row a record: persona (position), ente_id, codice, doppione (kind, or ``None``).
        The first records, one a person, come in the order of ``persone``.
    """

    persone: pd.DataFrame
    schede: pd.DataFrame


def build_people(seed: int, size: Size, territory: Territory, truth: Parameters) -> People:
    """Return the recipients; unique persons by Ambito follow the true coverage exactly."""
    rng = stream(seed, "persone")
    reached = unique_persons(size, territory)
    outside = np.rint(reached * truth.quota_fuori_target).astype(np.int64)
    ambito = np.repeat(np.arange(len(reached)), reached + outside)
    within = np.arange(len(ambito)) - np.repeat(np.cumsum(reached + outside) - reached - outside,
                                                reached + outside)  # fmt: skip
    eligible = within < reached[ambito]
    persone = _persons(rng, ambito, eligible, size)
    return People(persone, _records(rng, persone, truth.quota_doppioni))


def unique_persons(size: Size, territory: Territory) -> Ints:
    """Return the eligible persons reached in each Ambito.

    True coverage per 1,000 non-EU residents is ``persons / extra_ue * 1000``: it varies between
    Ambiti as ``copertura`` does, and adds up to the size asked.
    """
    weight = territory.extra_ue() * territory.ambiti["copertura"].to_numpy()
    wanted = np.rint(size.persons * weight / weight.sum())
    reached: Ints = np.maximum(wanted, 3).astype(np.int64)
    return reached


def _persons(rng: np.random.Generator, ambito: Ints, eligible: Bools, size: Size) -> pd.DataFrame:
    n = len(ambito)
    displaced = eligible & (rng.random(n) < UKRAINIAN_SHARE)
    country = np.where(eligible, pick(rng, CITIZENSHIPS, n), pick(rng, OUTSIDE, n))
    country = np.where(displaced, "UKR", country)
    female = rng.random(n) < np.where(displaced, 0.72, 0.56)
    birth = _birthdays(rng, n)
    title = np.where(displaced, "prot_temporanea", pick(rng, TITLES, n))
    age = 2022 - birth.astype("datetime64[Y]").astype(np.int64) - 1970
    frame = pd.DataFrame(
        {
            "ambito": ambito,
            "ammissibile": eligible,
            "sfollato": displaced,
            "cittadinanza": country,
            "sesso": np.where(female, "F", "M"),
            "nascita": birth,
            "arrivo": _arrivals(rng, birth, displaced),
            "titolo": known(title, eligible),
            "studio": np.where(age < 15, "nd", pick(rng, EDUCATION, n)),
            "lavoro": np.where(age < 16, "studente", pick(rng, WORK, n)),
            "consenso": np.searchsorted(CONSENT, rng.random(n)),
        }
    )
    frame["target"] = _targets(frame, age)
    return _with_twins(rng, frame)


def _birthdays(rng: np.random.Generator, n: int) -> np.ndarray:
    """Return birthdays: a fifth are minors; 1 January only for those who know just the year."""
    minor = rng.random(n) < 0.20
    year = np.where(minor, rng.integers(2006, 2019, n), rng.normal(1985, 10, n).astype(np.int64))
    year = np.clip(year, 1945, 2018)
    start = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    day = np.where(rng.random(n) < 0.04, 0, rng.integers(1, 365, n))
    return start + day


def _arrivals(rng: np.random.Generator, birth: np.ndarray, displaced: Bools) -> Ints:
    born = birth.astype("datetime64[Y]").astype(np.int64) + 1970
    year = np.maximum(born, np.rint(rng.normal(2012, 5, len(born))).astype(np.int64))
    return np.where(displaced, UKRAINE_START.year, np.clip(year, born, 2021))


def _targets(frame: pd.DataFrame, age: Ints) -> list[str]:
    """Return the groups each person belongs to, in alphabetical order, joined by ``|``."""
    marks = {
        "donna": (frame["sesso"] == "F").to_numpy(),
        "minore": age < 18,
        "neoarrivato": (frame["arrivo"] >= 2019).to_numpy(),
        "ucraina": frame["sfollato"].to_numpy(),
    }
    rows = zip(*marks.values(), strict=True)
    names = list(marks)
    return [
        "|".join(n for n, yes in zip(names, row, strict=True) if yes) or "altro" for row in rows
    ]


def _with_twins(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """Make some neighbours in the list twins: same Ambito, citizenship and birthday.

    They are two persons; ``gemello`` holds the position of the first for the second.
    """
    twin = np.full(len(frame), -1, dtype=np.int64)
    first = np.flatnonzero(rng.random(len(frame) - 1) < TWINS)
    first = first[np.diff(first, prepend=-2) > 1]
    first = first[frame["ambito"].to_numpy()[first] == frame["ambito"].to_numpy()[first + 1]]
    same = frame["ammissibile"].to_numpy()[first] == frame["ammissibile"].to_numpy()[first + 1]
    first = first[same]
    for name in ("cittadinanza", "nascita", "sfollato", "titolo", "arrivo", "sesso", "target"):
        values = frame[name].to_numpy().copy()
        values[first + 1] = values[first]
        frame[name] = values
    twin[first + 1] = first
    return frame.assign(gemello=twin)


def _records(rng: np.random.Generator, persone: pd.DataFrame, share: float) -> pd.DataFrame:
    """Return one record a person, then one more for the persons recorded twice."""
    n = len(persone)
    coop = rng.integers(0, 2, n)
    double = np.sort(rng.permutation(n)[: round(share * n)])
    kinds = double_kinds(rng, persone, double)
    main = pd.DataFrame({"persona": np.arange(n), "coop": coop, "doppione": None})
    second = pd.DataFrame({"persona": double, "coop": 1 - coop[double], "doppione": kinds})
    records = pd.concat([main, second], ignore_index=True)
    records["ente_id"] = texts(COOPS)[records["coop"].to_numpy()]
    # Numbers in an order of their own: a code says nothing of who came first.
    number = rng.permutation(len(records)) + 1
    records["codice"] = [f"U{k:06d}" for k in number]
    return records.drop(columns="coop")


def double_kinds(rng: np.random.Generator, persone: pd.DataFrame, double: Ints) -> Texts:
    """Return how each second record differs; spellings of Cyrillic only for Ukrainians."""
    kinds = pick(rng, KINDS_OF_DOUBLE, len(double))
    ukrainian = persone["cittadinanza"].to_numpy()[double] == "UKR"
    married = (kinds == "coniugata") & (persone["sesso"].to_numpy()[double] != "F")
    kinds = np.where((kinds == "traslitterazione") & ~ukrainian, "variante", kinds)
    kinds = np.where((kinds == "variante") & ukrainian, "traslitterazione", kinds)
    return np.where(married, "refuso", kinds)


def reach_per_thousand(reached: Ints, extra_ue: Floats) -> Floats:
    """Return eligible persons per 1,000 non-EU residents."""
    return 1000 * reached / extra_ue
