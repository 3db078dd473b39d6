"""The door of cleaning: which family of layouts is cleaned by whom."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bgest_analysis.clean.official.ages import clean_eta_comuni, clean_eta_province
from bgest_analysis.clean.official.bilancio import clean_bilancio
from bgest_analysis.clean.official.citizenship_sheets import clean_cittadinanza_excel
from bgest_analysis.clean.official.lists import (
    clean_classificazioni,
    clean_comuni_soppressi,
    clean_elenco_comuni,
)
from bgest_analysis.clean.official.model import CleanedOfficial, KnownPlaces
from bgest_analysis.clean.official.rcs import clean_rcs
from bgest_analysis.clean.official.redditi import clean_redditi
from bgest_analysis.clean.official.sdmx import (
    clean_sdmx_cittadinanza,
    clean_sdmx_permessi,
    clean_sdmx_popolazione,
)
from bgest_analysis.clean.official.study_tables import (
    clean_bgest_popolazione,
    clean_bgest_slide,
    clean_bgest_stranieri_province,
    clean_bgest_stranieri_provincia,
)
from bgest_analysis.read.layout import layout
from bgest_analysis.read.official import read_official
from bgest_analysis.read.raw import RawTable

Cleaner = Callable[[RawTable, KnownPlaces], CleanedOfficial]

FAMILIES: dict[str, Cleaner] = {
    "bilancio": clean_bilancio,
    "redditi": clean_redditi,
    "eta_comuni": clean_eta_comuni,
    "eta_province": clean_eta_province,
    "rcs": clean_rcs,
    "cittadinanza_excel": clean_cittadinanza_excel,
    "elenco_comuni": clean_elenco_comuni,
    "comuni_soppressi": clean_comuni_soppressi,
    "classificazioni": clean_classificazioni,
    "sdmx_popolazione": clean_sdmx_popolazione,
    "sdmx_cittadinanza": clean_sdmx_cittadinanza,
    "sdmx_permessi": clean_sdmx_permessi,
    "bgest_popolazione": clean_bgest_popolazione,
    "bgest_stranieri_provincia": clean_bgest_stranieri_provincia,
    "bgest_stranieri_province": clean_bgest_stranieri_province,
    "bgest_slide": clean_bgest_slide,
}


def clean_official(raw: RawTable, territory: KnownPlaces) -> CleanedOfficial:
    """Clean one raw table of a known layout into tidy tables, problems and accounting."""
    return FAMILIES[layout(raw.layout).family](raw, territory)


def check_official(
    path: Path, shown_as: str, territory: KnownPlaces
) -> tuple[CleanedOfficial, ...]:
    """Read and clean a file, one result a sheet.

    Raises
    ------
    UnknownLayout, UnsafeInput
        As ``read_official``.
    """
    return tuple(clean_official(raw, territory) for raw in read_official(path, shown_as))
