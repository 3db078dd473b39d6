"""Who may be the same person: pairs of pseudonyms, each with a class and its reason.

Pairs are looked for among persons of the same sex and year of birth who share a word of the
name as it sounds, and among those with the same tax code or permit. ``stessa`` needs evidence
that twins, siblings and namesakes do not share; a likeness alone is ``da_rivedere``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

import pandas as pd

from bgest_analysis.privacy.persons import SEPARATOR
from bgest_analysis.schema.model import PANDAS
from bgest_analysis.schema.persone import COPPIE_PERSONE

ALIKE = 0.8  # Dice coefficient of the letter pairs of two names
IDENTIFIERS = ("impronta_cf", "impronta_permesso")


class PairClass(StrEnum):
    """The three answers; the strongest of several comparisons of a pair is kept."""

    STESSA = "stessa"
    DA_RIVEDERE = "da_rivedere"
    DIVERSA = "diversa"


class Reason(StrEnum):
    """The rule that gave the class (code list ``motivo_coppia``)."""

    IDENTIFICATIVO = "stesso_identificativo"
    NOME_E_DATA = "stesso_nome_e_data"
    NOME_SIMILE = "nome_simile_stessa_data"
    SCAMBIATI = "nome_cognome_scambiati"
    CONVENZIONALE = "stesso_nome_data_convenzionale"
    GEMELLI = "stesso_cognome_stessa_data"
    IDENTIFICATIVI_DIVERSI = "identificativi_diversi"
    NOMI_DIVERSI = "nomi_diversi"
    DECISIONE = "decisione"


_STRENGTH = {PairClass.STESSA: 0, PairClass.DA_RIVEDERE: 1, PairClass.DIVERSA: 2}
Verdict = tuple[PairClass, Reason]


class Features(NamedTuple):
    """The features of one sighting, as sets; see ``impronte_persone``."""

    cf: str
    permesso: str
    telefono: str
    data: str
    data_scambiata: str
    convenzionale: bool
    cognome: frozenset[str]
    nome: frozenset[str]
    parole: frozenset[str]
    suoni: frozenset[str]
    lettere: frozenset[str]
    cittadinanza: str
    cognome_variabile: bool


@dataclass(frozen=True)
class UniqueRange:
    """How many persons there are at least and at most behind some pseudonyms."""

    minimo: int
    massimo: int


def match_persons(features: pd.DataFrame, known: pd.DataFrame | None = None) -> pd.DataFrame:
    """Compare new sightings with each other and with those of earlier files.

    Parameters
    ----------
    features, known
        ``impronte_persone`` of the new files and of the earlier ones; pairs within ``known``
        were judged before and are not judged again.

    Returns
    -------
    pandas.DataFrame
        ``coppie_persone``: pairs judged the same, to review, or different on evidence. A pair
        that is not there was never alike.
    """
    everyone = features if known is None else pd.concat([features, known], ignore_index=True)
    everyone = everyone.reset_index(drop=True)
    pairs = _candidates(everyone, len(features))
    records = [_read(row) for row in everyone.to_dict("records")]
    ids = everyone["destinatario_id"].tolist()
    judged: dict[tuple[str, str], Verdict] = {}
    for left, right in pairs.itertuples(index=False):
        if ids[left] != ids[right]:
            verdict = judge(records[left], records[right])
            _keep_strongest(judged, _ordered(ids[left], ids[right]), verdict)
    return _pairs_frame(judged)


def _ordered(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def _keep_strongest(
    judged: dict[tuple[str, str], Verdict], pair: tuple[str, str], verdict: Verdict | None
) -> None:
    if verdict is None:
        return
    earlier = judged.get(pair)
    if earlier is None or _STRENGTH[verdict[0]] < _STRENGTH[earlier[0]]:
        judged[pair] = verdict


def _pairs_frame(judged: Mapping[tuple[str, str], Verdict]) -> pd.DataFrame:
    rows = [(*pair, str(verdict[0]), str(verdict[1])) for pair, verdict in sorted(judged.items())]
    types = {column.name: PANDAS[column.type] for column in COPPIE_PERSONE.columns}
    return pd.DataFrame(rows, columns=list(types)).astype(types)


def _candidates(everyone: pd.DataFrame, new: int) -> pd.DataFrame:
    """Return positions of sightings worth comparing (left before right, left new)."""
    sounds = everyone["impronta_suoni"].str.split(SEPARATOR, regex=False).explode()
    blocks = everyone["impronta_blocco"].loc[sounds.index]
    in_block = (blocks + SEPARATOR + sounds).where(blocks.ne("") & sounds.ne(""))
    keys = [in_block, *(everyone[name].where(everyone[name].ne("")) for name in IDENTIFIERS)]
    found = [_joined(everyone, key.dropna(), new) for key in keys]
    return pd.concat(found).drop_duplicates().sort_values(["left", "right"], ignore_index=True)


def _joined(everyone: pd.DataFrame, key: pd.Series, new: int) -> pd.DataFrame:
    shared = pd.DataFrame({"place": key.index, "key": key.to_numpy()})
    pairs = shared[shared["place"] < new].merge(shared, on="key")
    pairs = pairs.loc[pairs["place_x"] < pairs["place_y"], ["place_x", "place_y"]]
    pairs.columns = ["left", "right"]
    pairs = pairs.drop_duplicates()
    return pairs[_comparable(everyone, pairs)]


def _comparable(everyone: pd.DataFrame, pairs: pd.DataFrame) -> pd.Series:
    """Tell which pairs have a date or an identifier that could speak for them."""

    def agree(one: str, other: str) -> Any:
        left = everyone[one].to_numpy()[pairs["left"]]
        right = everyone[other].to_numpy()[pairs["right"]]
        return (left == right) & (left != "")

    loose = everyone["data_convenzionale"].to_numpy(dtype=bool)
    wanted = loose[pairs["left"]] | loose[pairs["right"]]
    for name in ("impronta_data", "impronta_telefono", *IDENTIFIERS):
        wanted = wanted | agree(name, name)
    wanted = wanted | agree("impronta_data", "impronta_data_scambiata")
    return pd.Series(wanted, index=pairs.index)


def _read(row: Mapping[Any, Any]) -> Features:
    def parts(name: str) -> frozenset[str]:
        return frozenset(filter(None, row[name].split(SEPARATOR)))

    return Features(
        cf=row["impronta_cf"],
        permesso=row["impronta_permesso"],
        telefono=row["impronta_telefono"],
        data=row["impronta_data"],
        data_scambiata=row["impronta_data_scambiata"],
        convenzionale=bool(row["data_convenzionale"]),
        cognome=parts("impronta_cognome"),
        nome=parts("impronta_nome"),
        parole=parts("impronta_parole"),
        suoni=parts("impronta_suoni"),
        lettere=parts("impronta_lettere"),
        cittadinanza=row["impronta_cittadinanza"],
        cognome_variabile=bool(row["cognome_variabile"]),
    )


def judge(a: Features, b: Features) -> Verdict | None:
    """Return the class of a pair and its reason; ``None`` if nothing speaks for sameness."""
    if a.cf and b.cf:
        return _judge_tax_codes(a, b)
    same_number = _same(a.permesso, b.permesso) or _same(a.telefono, b.telefono)
    if a.parole and a.parole == b.parole:
        return _judge_same_names(a, b, same_number=same_number)
    if _same(a.data, b.data):
        return _judge_same_dates(a, b)
    return None


def _same(one: str, other: str) -> bool:
    return bool(one) and one == other


def _judge_tax_codes(a: Features, b: Features) -> Verdict | None:
    if a.cf == b.cf:
        related = bool(a.suoni & b.suoni) or not (a.suoni and b.suoni)
        return (PairClass.STESSA if related else PairClass.DA_RIVEDERE, Reason.IDENTIFICATIVO)
    if a.parole != b.parole:
        return None
    doubtful = _same(a.data, b.data)
    found = PairClass.DA_RIVEDERE if doubtful else PairClass.DIVERSA
    return found, Reason.IDENTIFICATIVI_DIVERSI


def _judge_same_names(a: Features, b: Features, *, same_number: bool) -> Verdict | None:
    if _same(a.data, b.data):
        return _judge_same_names_and_dates(a, b)
    if same_number:
        sure = a.convenzionale or b.convenzionale
        return (PairClass.STESSA if sure else PairClass.DA_RIVEDERE, Reason.IDENTIFICATIVO)
    if a.convenzionale or b.convenzionale:
        return PairClass.DA_RIVEDERE, Reason.CONVENZIONALE
    if _same(a.data, b.data_scambiata):
        return PairClass.DA_RIVEDERE, Reason.NOME_SIMILE
    return None


def _judge_same_names_and_dates(a: Features, b: Features) -> Verdict:
    swapped = bool(a.cognome) and a.cognome != b.cognome and a.cognome == b.nome
    contradicted = a.cittadinanza and b.cittadinanza and a.cittadinanza != b.cittadinanza
    single = len(a.parole) < 2
    found = PairClass.DA_RIVEDERE if contradicted or single else PairClass.STESSA
    return found, Reason.SCAMBIATI if swapped else Reason.NOME_E_DATA


def _judge_same_dates(a: Features, b: Features) -> Verdict | None:
    if _alike(a, b):
        return PairClass.DA_RIVEDERE, Reason.NOME_SIMILE
    if a.cognome & b.cognome and a.nome and b.nome and not a.nome & b.nome:
        return PairClass.DIVERSA, Reason.GEMELLI
    if a.cognome_variabile and _same_given_name(a, b):
        return PairClass.DA_RIVEDERE, Reason.NOME_SIMILE
    return None


def _same_given_name(a: Features, b: Features) -> bool:
    """Tell whether two records may be of one given name, another surname.

    Where a record has surname and name in one cell, which of its words is the name is not known.
    """
    if a.nome and b.nome:
        return a.nome == b.nome
    if a.nome or b.nome:
        return (a.nome or b.nome) <= a.parole & b.parole
    return bool(a.parole & b.parole)


def _alike(a: Features, b: Features) -> bool:
    """Same words by sound, one name inside the other, or nearly the same letters."""
    if a.suoni == b.suoni:
        return True
    smaller, larger = sorted((a.parole, b.parole), key=len)
    if len(smaller) >= 2 and smaller < larger:
        return True
    shared = 2 * len(a.lettere & b.lettere)
    return shared >= ALIKE * (len(a.lettere) + len(b.lettere))


def apply_decisions(pairs: pd.DataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs with the classes that people decided (columns a, b, class)."""
    key = ["destinatario_a", "destinatario_b"]
    ordered = [_ordered(a, b) for a, b in decisions[key].itertuples(index=False)]
    chosen = decisions.assign(
        destinatario_a=[pair[0] for pair in ordered],
        destinatario_b=[pair[1] for pair in ordered],
        motivo_coppia=str(Reason.DECISIONE),
    )[list(pairs.columns)]
    both = pd.concat([chosen, pairs]).drop_duplicates(key)
    return both.sort_values(key, ignore_index=True).astype(pairs.dtypes.to_dict())


def unique_range(ids: Iterable[str], pairs: pd.DataFrame) -> UniqueRange:
    """Return how many persons stand behind the pseudonyms.

    At most: pairs judged ``stessa`` count once. At least: those to review count once too.
    """
    people = sorted(set(ids))
    sure = pairs[pairs["classe_coppia"] == PairClass.STESSA]
    perhaps = pairs[pairs["classe_coppia"] != PairClass.DIVERSA]
    return UniqueRange(minimo=_components(people, perhaps), massimo=_components(people, sure))


def _components(people: list[str], pairs: pd.DataFrame) -> int:
    parent = {person: person for person in people}

    def root(person: str) -> str:
        while parent[person] != person:
            parent[person] = parent[parent[person]]
            person = parent[person]
        return person

    for a, b in pairs[["destinatario_a", "destinatario_b"]].itertuples(index=False):
        if a in parent and b in parent:
            parent[root(a)] = root(b)
    return sum(parent[person] == person for person in people)


def list_reviews(pairs: pd.DataFrame, features: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs a person must look at, with file and row of both records."""
    open_pairs = pairs[pairs["classe_coppia"] == PairClass.DA_RIVEDERE]
    places = features[["destinatario_id", "fonte_file", "fonte_riga"]]
    places = places.drop_duplicates("destinatario_id")
    for side in ("a", "b"):
        renamed = places.add_suffix(f"_{side}")
        open_pairs = open_pairs.merge(
            renamed, left_on=f"destinatario_{side}", right_on=f"destinatario_id_{side}", how="left"
        ).drop(columns=f"destinatario_id_{side}")
    return open_pairs
