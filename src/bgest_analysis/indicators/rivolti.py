"""Which requests and persons the emergency brought: people displaced from Ukraine, and others."""

from __future__ import annotations

import pandas as pd

UKRAINIAN, TARGET, LANGUAGE = "UKR", "ucraina", "ukr"
THEIRS, OTHERS = "ucraina", "altri"


def displaced(destinatari: pd.DataFrame) -> pd.Series:
    """Tell which records are of people from Ukraine: by target group or citizenship."""
    target = destinatari["target"].astype("str").fillna("").str.split("|")
    marked = target.map(lambda groups: TARGET in groups).astype("bool")
    country = destinatari["cittadinanza_iso3"].astype("str") == UKRAINIAN
    return marked | country.fillna(value=False).astype("bool")


def with_group(interventi: pd.DataFrame, destinatari: pd.DataFrame | None) -> pd.DataFrame:
    """Add ``gruppo``: ``ucraina`` or ``altri``.

    By the persons of the request where some are recorded and known; else by language, Ukrainian
    or not (Russian is spoken by many others too). Language is never derived from nationality.
    """
    spoken = (interventi["lingua"].astype("str") == LANGUAGE).fillna(value=False).astype("bool")
    theirs = spoken
    if destinatari is not None and len(destinatari):
        which = displaced(destinatari)
        known = set(destinatari["destinatario_id"])
        own = set(destinatari.loc[which, "destinatario_id"])
        named = interventi["destinatari_id"].astype("str").fillna("").str.split("|")
        placed = named.map(lambda ids: any(one in known for one in ids)).astype("bool")
        theirs = named.map(lambda ids: any(one in own for one in ids)).where(placed, spoken)
    names = pd.Series(OTHERS, index=interventi.index, dtype="str")
    return interventi.assign(gruppo=names.mask(theirs.astype("bool"), THEIRS))
