"""The ways a study's own places and bodies are written, as one value for every parser."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from bgest_analysis.study.model import Ambito, Study
from bgest_analysis.vocabulary.load import COMUNE_PREFIXES, current_comune, read_list
from bgest_analysis.vocabulary.matcher import Entry, Vocabulary, build_vocabulary

# "distretto" is no opening: a health district is larger than an Ambito.
AMBITO_PREFIXES = (
    "ambito",
    "ambito di",
    "ambito della",
    "ambito dell",
    "ambito territoriale",
    "ambito territoriale di",
    "ambito territoriale della",
    "ambito territoriale sociale di",
)
LARGER_PLACES = ("distretto", "asst", "ats", "provincia", "regione", "tutti gli ambiti", "tutti")
LOMBARDY = "03"


@dataclass(frozen=True)
class StudyVocabularies:
    """Ambiti, bodies, comuni and projects of one study.

    Parameters
    ----------
    ambito_di
        Comune (ISTAT code) -> Ambito of the study.
    """

    ambiti: Vocabulary
    enti: Vocabulary
    comuni: Vocabulary
    progetti: Vocabulary
    ambito_di: Mapping[str, str]

    @cached_property
    def by_column(self) -> Mapping[str, Vocabulary]:
        """Vocabulary of the columns that hold codes of the study."""
        bodies = dict.fromkeys(("ente_id", "da_ente", "a_ente"), self.enti)
        projects = dict.fromkeys(("progetto_id", "continua_da"), self.progetti)
        return {"ambito_id": self.ambiti, "cod_istat": self.comuni, **bodies, **projects}


def study_vocabularies(study: Study) -> StudyVocabularies:
    """Return the vocabularies of a study; a synthetic one knows its own comuni only."""
    return StudyVocabularies(
        ambiti=_ambiti(study),
        enti=_enti(study),
        comuni=_comuni(study),
        progetti=_progetti(study),
        ambito_di=dict(zip(study.comuni["cod_istat"], study.comuni["ambito_id"], strict=True)),
    )


def _ambiti(study: Study) -> Vocabulary:
    entries = [
        Entry(ambito.ambito_id, ambito.nome, (ambito.ambito_id, *_names(ambito), *ambito.alias))
        for ambito in study.ambiti
    ]
    return build_vocabulary("ambiti", entries, prefissi=AMBITO_PREFIXES)


def _names(ambito: Ambito) -> tuple[str, str, str]:
    return ambito.nome, ambito.nome_ufficiale, ambito.nome_slide


def _enti(study: Study) -> Vocabulary:
    rows = study.tabelle.get("enti", pd.DataFrame()).to_dict("records")
    entries = [
        Entry(
            str(row["ente_id"]),
            str(row["nome"]),
            (str(row["ente_id"]), str(row["nome"]), *str(row.get("alias", "")).split("|")),
        )
        for row in rows
    ]
    return build_vocabulary("enti", entries)


def _comuni(study: Study) -> Vocabulary:
    names = dict(zip(study.comuni["cod_istat"], study.comuni["nome"], strict=True))
    abbreviations: dict[str, tuple[str, ...]] = {code: (code,) for code in names}
    former: dict[str, list[str]] = {}
    if study.regione == LOMBARDY and study.origine != "sintetica":
        listed = read_list("comuni_lombardia")
        names = {**dict(zip(listed["cod_istat"], listed["nome"], strict=True)), **names}
        codes = zip(listed["cod_istat"], listed["codice_catastale"], strict=True)
        abbreviations |= {code: (code, cadastral) for code, cadastral in codes}
        former = _former_names(names)
    entries = [
        Entry(code, name, (*_spellings(name), *former.get(code, ())), abbreviations[code])
        for code, name in sorted(names.items())
    ]
    return build_vocabulary("comuni", entries, prefissi=COMUNE_PREFIXES)


def _spellings(name: str) -> tuple[str, ...]:
    short = name
    for saint in ("Santa ", "Santo ", "Sant'", "San "):
        short = short.replace(saint, "S. ")
    return (name, short) if short != name else (name,)


def _former_names(names: Mapping[str, str]) -> dict[str, list[str]]:
    """Names and codes of comuni that merged, under the comune that took their place."""
    taken = set(names.values())
    found: dict[str, list[str]] = {}
    for code, name in (
        read_list("variazioni_comuni")[["nome_soppresso", "cod_istat_soppresso"]]
        .iloc[:, ::-1]
        .itertuples(index=False)
    ):
        today = current_comune(str(code))
        if today in names:
            found.setdefault(today, []).extend([str(code), *([name] if name not in taken else [])])
    return found


def _progetti(study: Study) -> Vocabulary:
    listed = study.tabelle.get("progetti", pd.DataFrame()).to_dict("records")
    entries = {
        str(row["progetto_id"]): (str(row["progetto_id"]), str(row["titolo"])) for row in listed
    }
    own = study.progetto
    entries[own.progetto_id] = (*entries.get(own.progetto_id, ()), own.progetto_id, own.codice)
    return build_vocabulary(
        "progetti", [Entry(code, code, forms) for code, forms in sorted(entries.items())]
    )
