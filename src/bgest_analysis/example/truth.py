"""The truth of a synthetic study: what is true by construction, what came out, what was planted."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bgest_analysis.example import effects, parameters
from bgest_analysis.example.files.dirt import Ledger
from bgest_analysis.example.people import reach_per_thousand, unique_persons
from bgest_analysis.example.tables import interventions
from bgest_analysis.example.world import World
from bgest_analysis.stats.agreement import cohen_kappa

FILE = "truth.json"
_NUMBERS = re.compile(r"\[[\d,\s]+\]")  # lists of rows, on one line
VERSION = 1
NOTE = "DATI SINTETICI: ogni nome, persona e cifra è inventata."


@dataclass(frozen=True)
class Truth:
    """What a synthetic study hides.

    Parameters
    ----------
    effetti
        True effects and shares, and the dates from which they hold.
    osservato
        What came out in this draw, computed on the clean log: the figure an analysis of
        perfectly cleaned files should give.
    sporco
        Class of dirt -> treatment, count and places (file, sheet, column, rows).
    """

    seme: int
    scala: float
    effetti: dict[str, Any]
    osservato: dict[str, Any]
    sporco: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        """Return the content of ``truth.json``."""
        return {"versione": VERSION, "nota": NOTE, **asdict(self)}

    def write(self, folder: Path) -> None:
        """Write ``truth.json`` into the study's folder; same truth, same bytes."""
        text = json.dumps(self.to_json(), ensure_ascii=False, indent=1, sort_keys=True)
        text = _NUMBERS.sub(lambda found: " ".join(found[0].split()), text)
        (folder / FILE).write_text(text + "\n", encoding="utf-8", newline="\n")


def tell_truth(world: World, ledger: Ledger) -> Truth:
    """Return the truth of a world whose files were written with this ledger."""
    return Truth(
        seme=world.seed,
        scala=world.size.scale,
        effetti=true_effects(world),
        osservato=observed(world),
        sporco=ledger.to_json(),
    )


def true_effects(world: World) -> dict[str, Any]:
    """Return the parameters, the dates and the day each Ambito adopts the model."""
    days = [str(day) for day in world.adozione]
    return {
        **asdict(world.parametri),
        "adozione": dict(zip(world.territorio.ambito_ids, days, strict=True)),
        "date": {
            "inizio": str(parameters.START),
            "fine": str(parameters.END),
            "covid": str(parameters.COVID_START),
            "ucraina": str(parameters.UKRAINE_START),
            "rete": str(parameters.NETWORK_CHANGE),
            "caso_registrato_dal": str(parameters.CASES_RECORDED_FROM),
            "fase_registrata_dal": str(parameters.MODEL_RECORDED_FROM),
        },
        "autonomia_base": effects.BASE_CHANGE,
        "attesa_base_giorni": effects.MEAN_WAIT_DAYS,
    }


def observed(world: World) -> dict[str, Any]:
    """Return what came out in this draw."""
    return {
        "righe": {
            "interventi": len(world.log),
            "casi": int(world.log["caso"].max()) + 1,
            "schede_destinatari": len(world.persone.schede),
            "incontri": len(world.incontri),
            "inevase": int(world.log["inevasa"].sum()),
        },
        "autonomia": _autonomy(world.log),
        "attesa": _waits(world.log),
        "fase": _phases(world),
        "ucraina": _ukraine(world.log),
        "covid": _covid(world.log),
        "rete": _network(world),
        "copertura": _reach(world),
        "persone": _persons(world),
        "codifica": _agreement(world),
        "questionari": _useful(world),
        "foglio_ore_diverso": _records(world.scarti.drop(columns="mediatore")),
        "oltre_budget": _records(
            world.sforamenti[["voce", "sottovoce", "ente_id", "approvato_eur", "rendicontato_eur"]]
        ),
        "indicatori_strani": _records(world.stranezze),
    }


def autonomy_changes(log: pd.DataFrame) -> pd.DataFrame:
    """Return one row a case with two contacts or more: change and whether it is integrated."""
    noted = log[log["autonomia"] >= 0].sort_values(["caso", "data", "giorno"])
    cases = noted.groupby("caso").agg(
        prima=("autonomia", "first"),
        ultima=("autonomia", "last"),
        contatti=("autonomia", "size"),
        integrato=("caso_integrato", "first"),
    )
    cases = cases[cases["contatti"] > 1]
    return cases.assign(cambiamento=cases["ultima"] - cases["prima"])


def _autonomy(log: pd.DataFrame) -> dict[str, Any]:
    return _before_after(autonomy_changes(log), "cambiamento")


def _before_after(frame: pd.DataFrame, column: str) -> dict[str, Any]:
    """Return mean and count of a column before and after adoption, and the difference."""
    parts = {
        name: frame.loc[frame["integrato"] == flag, column].astype(float)
        for name, flag in (("prima", False), ("dopo", True))
    }
    means = {name: _rounded(values.mean()) for name, values in parts.items()}
    counts = {f"n_{name}": len(values) for name, values in parts.items()}
    return {**means, **counts, "differenza": _rounded(parts["dopo"].mean() - parts["prima"].mean())}


def ordinary_waits(log: pd.DataFrame) -> pd.DataFrame:
    """Return the requests whose wait the effect is about: not urgent, no desk, before Ukraine."""
    ordinary = ~log["modalita"].isin(["urgente", "presidio_fisso"])
    return log[ordinary & (log["giorno"] < np.datetime64(parameters.UKRAINE_START))]


def _waits(log: pd.DataFrame) -> dict[str, Any]:
    return _before_after(ordinary_waits(log), "attesa")


def _phases(world: World) -> dict[str, Any]:
    integrated = world.log["fase"].isin(list(effects.INTEGRATED))
    shares = _before_after(world.log.assign(integrata=integrated), "integrata")
    kept = interventions(world)
    derived = kept["fase_origine"] == "derivata"
    wrong = (kept["fase"] != world.log["fase"])[derived]
    return {**shares, "derivate": int(derived.sum()), "derivate_sbagliate": int(wrong.sum())}


def _ukraine(log: pd.DataFrame) -> dict[str, Any]:
    extra = log[log["sfollati"]]
    return {"richieste": len(extra), "inevase": int(extra["inevasa"].sum())}


def _covid(log: pd.DataFrame) -> dict[str, Any]:
    """Return requests and remote work of March to May 2020 and of the same months of 2019."""
    result = {}
    for year in (2019, 2020):
        day = log["giorno"].dt
        spring = log[(day.year == year) & day.month.isin([3, 4, 5])]
        remote = spring["canale"].isin(["telefono", "video"])
        result[str(year)] = {"richieste": len(spring), "a_distanza": int(remote.sum())}
    return result


def _network(world: World) -> dict[str, Any]:
    ties = world.relazioni.assign(legame=world.relazioni["frequenza"] > 0)
    density = ties.groupby("onda")["legame"].mean()
    late = world.incontri["data"] >= np.datetime64(parameters.NETWORK_CHANGE)
    with_mediator = set(world.presenze.loc[world.presenze["ruolo"] == "mediatore", "incontro_id"])
    there = world.incontri["incontro_id"].isin(with_mediator)
    size = world.presenze.groupby("incontro_id")["ente_id"].nunique()
    bodies = world.incontri["incontro_id"].map(size)
    return {
        "densita_relazioni": {wave: _rounded(density[wave]) for wave in ("prima", "dopo")},
        "incontri": {"prima": int((~late).sum()), "dopo": int(late.sum())},
        "incontri_con_mediatore": {
            "prima": int((there & ~late).sum()), "dopo": int((there & late).sum()),
        },
        "enti_per_incontro": {
            "prima": _rounded(bodies[~late].mean()), "dopo": _rounded(bodies[late].mean()),
        },
    }  # fmt: skip


def _reach(world: World) -> dict[str, Any]:
    reached = unique_persons(world.size, world.territorio)
    residents = world.territorio.extra_ue()
    rates = reach_per_thousand(reached, residents)
    return {
        code: {
            "persone": int(n),
            "extra_ue_2023": _rounded(denominator),
            "per_mille": _rounded(rate),
        }
        for code, n, denominator, rate in zip(
            world.territorio.ambito_ids, reached, residents, rates, strict=True
        )
    }


def _persons(world: World) -> dict[str, Any]:
    records, who = world.persone.schede, world.persone.persone
    kinds = records["doppione"].value_counts()
    return {
        "uniche": len(who),
        "uniche_ammissibili": int(who["ammissibile"].sum()),
        "doppioni": {str(kind): int(n) for kind, n in sorted(kinds.items())},
        "gemelli": int((who["gemello"] >= 0).sum()),
    }


def _agreement(world: World) -> dict[str, Any]:
    result = {}
    for name, part in world.doppia_codifica.groupby("variabile", sort=True):
        kappa = cohen_kappa(part["codice_1"], part["codice_2"])
        result[str(name)] = {"n": kappa.n, "kappa": _rounded(kappa.value)}
    return result


def _useful(world: World) -> dict[str, Any]:
    answers = world.questionari[world.questionari["item"] == "utile_integrazione"]
    given = answers.dropna(subset=["valore"])
    helped = given["compilato_con_mediatore"].astype(bool)
    return {
        "risposte": len(given),
        "non_risposte": len(answers) - len(given),
        "utile_da_soli": _rounded(given.loc[~helped, "valore"].mean()),
        "utile_con_mediatore": _rounded(given.loc[helped, "valore"].mean()),
    }


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    rows = frame.to_dict("records")
    return [{str(k): _plain(value) for k, value in row.items()} for row in rows]


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def _rounded(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 6)
