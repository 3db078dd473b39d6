"""Profiles of protection: for those who work on a study, for publication, for the controller.

``interno`` hides below the internal threshold; ``pubblicazione`` below the higher one, and rounds
counts of persons; ``riservato`` shows true counts, and says so on every page, table and figure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any

from bgest_analysis.blocks import Block, Kind
from bgest_analysis.report.dossier import Dossier, Section
from bgest_analysis.study.model import Protezione, Study
from bgest_analysis.text.messages import Message, T

NOTHING_HIDDEN = 1  # counts from 1 to 0 are hidden: none


class Profile(StrEnum):
    """For whom a run's documents are."""

    INTERNO = "interno"
    PUBBLICAZIONE = "pubblicazione"
    RISERVATO = "riservato"


def protection_settings(profile: Profile, limits: Protezione) -> dict[str, Any]:
    """Return the settings of the protect job."""
    if profile is Profile.PUBBLICAZIONE:
        return {
            "profilo": str(profile),
            "soglia": limits.soglia_pubblicazione,
            "arrotondamento": limits.arrotondamento,
        }
    if profile is Profile.RISERVATO:
        return {"profilo": str(profile), "soglia": NOTHING_HIDDEN}
    return {"soglia": limits.soglia_interna}


def profile_setting(profile: Profile) -> dict[str, str]:
    """Return what a job's settings say of the profile: nothing for the usual one."""
    return {} if profile is Profile.INTERNO else {"profilo": str(profile)}


def study_for(study: Study, settings: Mapping[str, Any]) -> Study:
    """Return the study as a job sees it: for publication the higher threshold holds everywhere."""
    if settings.get("profilo") != Profile.PUBBLICAZIONE:
        return study
    limits = study.protezione
    return replace(study, protezione=replace(limits, soglia_interna=limits.soglia_pubblicazione))


def stamp_confidential(dossier: Dossier) -> Dossier:
    """Return a dossier that says on every page and under every table that it must not leave."""
    stamp = T("RISERVATO: conteggi veri, solo per il titolare del trattamento; non diffondere.")
    return replace(
        dossier,
        title=T("RISERVATO, non diffondere. {titolo}", titolo=dossier.title),
        notes=(stamp, *dossier.notes),
        sections=tuple(_stamped(section, stamp) for section in dossier.sections),
    )


def _stamped(section: Section, stamp: Message) -> Section:
    return replace(section, blocks=tuple(_stamped_block(b, stamp) for b in section.blocks))


def _stamped_block(block: Block, stamp: Message) -> Block:
    if block.kind not in (Kind.TABLE, Kind.FIGURE):
        return block
    said = stamp if block.suppression is None else T("{a} {b}", a=stamp, b=block.suppression)
    return replace(block, suppression=said)
