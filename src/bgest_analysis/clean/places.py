"""The places a study's files may speak of."""

from __future__ import annotations

import pandas as pd

from bgest_analysis.clean.official.model import VARIAZIONI_COLUMNS, KnownPlaces
from bgest_analysis.study.model import Study
from bgest_analysis.vocabulary.load import read_list

RENAMED = {"comune_soppresso": "nome_soppresso", "comune_nuovo": "nome_nuovo"}


def known_places(study: Study) -> KnownPlaces:
    """Return the comuni of the region and of the study, the mergers, and what is in scope."""
    listed = _names(read_list("comuni_lombardia"))
    own = _names(study.comuni)
    mergers = read_list("variazioni_comuni").rename(columns=RENAMED)
    return KnownPlaces(
        comuni={**listed, **own},
        variazioni=mergers[list(VARIAZIONI_COLUMNS)],
        in_scope=frozenset(own),
    )


def _names(comuni: pd.DataFrame) -> dict[str, str]:
    return dict(zip(comuni["cod_istat"].tolist(), comuni["nome"].tolist(), strict=True))
