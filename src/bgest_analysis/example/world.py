"""Everything that is true in one synthetic study, built once from a seed and a scale."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from bgest_analysis.example import adoption, bodies, listening, management, meetings, services
from bgest_analysis.example.draws import Days
from bgest_analysis.example.log import build_log
from bgest_analysis.example.mediators import build_mediators
from bgest_analysis.example.parameters import SEED, Parameters, Size
from bgest_analysis.example.people import People, build_people
from bgest_analysis.example.requests import build_requests
from bgest_analysis.example.territory import Territory, build_territory


@dataclass(frozen=True)
class World:
    """The synthetic study as it truly is; files and tables are views of it.

    Parameters
    ----------
    log
        One row a request, with truths no register holds (``integrato``, ``persona``, ``fase``).
    scarti, sforamenti, stranezze
        What was planted in timesheets, budget and indicators.
    """

    seed: int
    size: Size
    parametri: Parameters
    territorio: Territory
    adozione: Days
    enti: pd.DataFrame
    mediatori: pd.DataFrame
    persone: People
    log: pd.DataFrame
    contatti: pd.Series
    servizi: pd.DataFrame
    pratiche: pd.DataFrame
    incontri: pd.DataFrame
    presenze: pd.DataFrame
    relazioni: pd.DataFrame
    proposte: pd.DataFrame
    attivita: pd.DataFrame
    timesheet: pd.DataFrame
    scarti: pd.DataFrame
    budget: pd.DataFrame
    sforamenti: pd.DataFrame
    indicatori: pd.DataFrame
    stranezze: pd.DataFrame
    questionari: pd.DataFrame
    codifiche: pd.DataFrame
    doppia_codifica: pd.DataFrame


def build_world(
    scale: float = 1.0, seed: int = SEED, parameters: Parameters | None = None
) -> World:
    """Build the study of a scale and seed; ``parameters`` change what is true in it."""
    truth = parameters or Parameters()
    size = Size(scale)
    territory = build_territory(seed, size)
    dates = adoption.adoption_dates(seed, territory)
    people = build_people(seed, size, territory, truth)
    mediators = build_mediators(seed, size)
    requests = build_requests(seed, size, people, truth)
    log = build_log(seed, territory, people, mediators, requests, dates, truth)
    contacts = services.first_contacts(seed, people, log)
    enti = bodies.enti(territory)
    gathered = meetings.build_meetings(seed, territory)
    sheets, gaps = management.build_timesheets(seed, log, mediators, truth)
    budget, over = management.build_budget(seed, scale, truth)
    indicators, odd = management.build_indicators(
        seed, log, contacts[people.persone["ammissibile"].to_numpy()]
    )
    return World(
        seed=seed,
        size=size,
        parametri=truth,
        territorio=territory,
        adozione=dates,
        enti=enti,
        mediatori=mediators,
        persone=people,
        log=log,
        contatti=contacts,
        servizi=services.build_services(seed, people, contacts),
        pratiche=adoption.practices(seed, territory, dates),
        incontri=gathered,
        presenze=meetings.build_attendance(seed, territory, enti, gathered, truth),
        relazioni=meetings.build_ties(seed, enti, truth),
        proposte=meetings.build_proposals(seed, gathered),
        attivita=management.build_activities(seed),
        timesheet=sheets,
        scarti=gaps,
        budget=budget,
        sforamenti=over,
        indicatori=indicators,
        stranezze=odd,
        questionari=listening.build_surveys(seed, scale, territory, enti, truth),
        codifiche=listening.build_codings(seed, territory),
        doppia_codifica=listening.build_double_coding(seed, log, truth),
    )
