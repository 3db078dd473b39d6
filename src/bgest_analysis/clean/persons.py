"""Persons at the way in: names and codes in memory only, keyed pseudonyms in their place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from bgest_analysis.clean.cells.missing import missing_rule
from bgest_analysis.clean.corrections import PAIRS
from bgest_analysis.errors import PrivacyGateClosed
from bgest_analysis.privacy.matching import PairClass, list_reviews
from bgest_analysis.privacy.names import canonical_tokens
from bgest_analysis.privacy.names import fold as fold_name
from bgest_analysis.privacy.persons import Person, person_identity
from bgest_analysis.privacy.pseudonyms import (
    CASO,
    DESTINATARIO,
    MEDIATORE,
    Key,
    is_tax_code,
    normalise_code,
    pseudonym,
)
from bgest_analysis.privacy.scrub import SHORTEST_SECRET, Secrets
from bgest_analysis.schema.ingresso import IDENTIFIERS, NOTE
from bgest_analysis.vocabulary.matcher import fold

NOMINATIVO = "nominativo"  # surname and name in one cell
DIRECT = frozenset({*(c.name for c in IDENTIFIERS), NOMINATIVO}) - {NOTE.name}
SEPARATOR = "|"
_SEVERAL = re.compile(r"\s*[|;,\n]\s*")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W_]+")
WORDS_AT_ONCE = 500
TAX_CODE_LENGTH = 16
Mask = Callable[[Sequence[str]], list[str]]


def need_key(key: Key | None) -> Key:
    """Return the key.

    Raises
    ------
    PrivacyGateClosed
        If there is none: nothing about persons is read without.
    """
    if key is None:
        raise PrivacyGateClosed(
            "manca la chiave degli pseudonimi, e senza chiave i dati sulle persone non si "
            "leggono: crearla con «bgest key --make» e conservarne una copia in un posto protetto"
        )
    return key


def make_mask(cells: pd.DataFrame) -> Mask:
    """Return what takes out of texts the personal values of a sheet and all that looks like one.

    Only the persons whose words stand in the texts are gathered: a sheet of a hundred thousand
    names costs one search.
    """
    names = [name for name in cells.columns if name in DIRECT]
    people: list[tuple[pa.Array, pa.Array]] = []

    def mask(texts: Sequence[str]) -> list[str]:
        if not texts:
            return []
        if not people:
            people.extend(_searchable(cells[name]) for name in names)
        lines = "\n".join(" ".join(text.split()) for text in texts)
        words = sorted({form for word in _WORD.findall(lines) for form in _forms(word)})
        found = [value for pair in people for value in _speaking(pair, words)]
        return Secrets(found).mask(lines).split("\n")

    return mask


def _searchable(column: pd.Series) -> tuple[pa.Array, pa.Array]:
    """Return the distinct values of a column, and the same without accents.

    A cell that says "idem" or "n.d." names nobody.
    """
    written = [text for text in column.unique().tolist() if not missing_rule(text)]
    values = pa.array(written, type=pa.string())
    plain = pc.utf8_normalize(values, form="NFKD")
    return values, pc.replace_substring_regex(plain, pattern=r"\p{Mn}", replacement="")


def _forms(word: str) -> set[str]:
    forms = {word.lower(), fold_name(word).replace(" ", "")}
    return {form for form in forms if len(form) >= SHORTEST_SECRET}


def _speaking(pair: tuple[pa.Array, pa.Array], words: Sequence[str]) -> list[str]:
    """Return the values, and their parts, that have one of the words."""
    values, plain = pair
    found: set[str] = set()
    for start in range(0, len(words), WORDS_AT_ONCE):
        pattern = "|".join(map(re.escape, words[start : start + WORDS_AT_ONCE]))
        for texts in (values, plain):
            hits = pc.match_substring_regex(texts, pattern=pattern, ignore_case=True)
            found.update(values.filter(hits).to_pylist())
    return [part for value in sorted(found) for part in (value, *_SEVERAL.split(value))]


# --- identities -----------------------------------------------------------------------------
def mediator_identity(text: str) -> str:
    """Return what tells a mediator: the words of the name in any order, or the code."""
    if _DIGIT.search(text):
        return f"codice:{normalise_code(text)}"
    if missing_rule(text):
        return ""
    words = canonical_tokens(text) or tuple(sorted(fold(text).split()))
    return f"nome:{' '.join(words)}" if words else ""


def case_identity(text: str, mittente: str) -> str:
    """Return what tells a case: the sender's code, within the sender's codes."""
    known = bool(_DIGIT.search(text))
    if not known and missing_rule(text):
        return ""
    code = normalise_code(text) if known else fold(text)
    return ":".join(part for part in (normalise_code(mittente), code) if part) if code else ""


def recipient_identity(code: str, mittente: str) -> str:
    """Return the identity of a recipient known by a code alone; ``""`` if it is a name."""
    if not _DIGIT.search(code):
        return ""
    if len(code) >= TAX_CODE_LENGTH and is_tax_code(normalise_code(code)):
        return person_identity(Person(codice_fiscale=code))
    return person_identity(Person(codice=code, ente=mittente))


def split_codes(text: str) -> tuple[str, ...]:
    """Return the codes of a cell that lists persons."""
    return tuple(part for part in _SEVERAL.split(text.strip()) if part)


# --- columns ----------------------------------------------------------------------------------
def replace_persons(
    values: pd.Series, key: Key, kind: str, identity: Callable[[str], str]
) -> pd.Series:
    """Return pseudonyms in place of texts, missing where a text tells nobody apart."""
    codes, distinct = pd.factorize(values.fillna(""))
    made = [_made(key, kind, identity(str(text))) for text in distinct]
    return _spread(made, codes, values.index)


def _made(key: Key, kind: str, identity: str) -> str | None:
    return pseudonym(key, kind, identity) if identity else None


def _spread(made: list[str | None], codes: np.ndarray, index: pd.Index) -> pd.Series:
    return pd.Series(pd.array(made, dtype="str").take(codes), index=index)


def replace_mediators(values: pd.Series, key: Key) -> pd.Series:
    """Return the pseudonyms of a column of mediators."""
    return replace_persons(values, key, MEDIATORE, mediator_identity)


def replace_cases(values: pd.Series, key: Key, mittente: str) -> pd.Series:
    """Return the pseudonyms of a column of cases."""
    return replace_persons(values, key, CASO, lambda text: case_identity(text, mittente))


def replace_lists(values: pd.Series, key: Key, mittente: str) -> tuple[pd.Series, pd.Series]:
    """Return the pseudonyms of lists of recipients, and which cells had a part left out.

    Returns
    -------
    pseudonyms
        Joined by ``|``, each once, in alphabetical order.
    partial
        Boolean: a part of the cell is a name and not a code.
    """
    codes, distinct = pd.factorize(values.fillna(""))
    made: list[str | None] = []
    partial: list[bool] = []
    for text in distinct:
        parts = [p for p in split_codes(str(text)) if _DIGIT.search(p) or not missing_rule(p)]
        identities = [recipient_identity(part, mittente) for part in parts]
        found = {pseudonym(key, DESTINATARIO, one) for one in identities if one}
        made.append(SEPARATOR.join(sorted(found)) or None)
        partial.append("" in identities)
    flags = pd.Series(np.array(partial, dtype=bool)[codes], index=values.index)
    return _spread(made, codes, values.index), flags


def decide_pseudonyms(values: pd.Series, decided: Mapping[str, str]) -> pd.Series:
    """Return pseudonyms with those that people found to be one person made one."""
    return values.replace(dict(decided)).astype("str") if decided else values


def pair_reviews(pairs: pd.DataFrame, features: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs to look at as lines of a corrections table: two pseudonyms, two places."""
    found = list_reviews(pairs, features)
    places = [
        found[f"fonte_file_{side}"] + " riga " + found[f"fonte_riga_{side}"].astype("str")
        for side in ("a", "b")
    ]
    return pd.DataFrame(
        {
            "tabella": PAIRS[0],
            "colonna": PAIRS[1],
            "valore": found["destinatario_a"] + SEPARATOR + found["destinatario_b"],
            "suggerimenti": SEPARATOR.join((PairClass.STESSA, PairClass.DIVERSA)),
            "regola": found["motivo_coppia"],
            "celle": 1,
            "dove": places[0] + "; " + places[1],
        }
    )
