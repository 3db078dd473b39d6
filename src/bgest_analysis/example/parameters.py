"""What is true in the synthetic study: sizes, dates and effects, all of them invented."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from bgest_analysis.errors import UsageError

SEED = 2463
START = dt.date(2019, 1, 1)
END = dt.date(2023, 12, 31)
COVID_START = dt.date(2020, 3, 1)
UKRAINE_START = dt.date(2022, 2, 24)
NETWORK_CHANGE = dt.date(2021, 1, 1)
CASES_RECORDED_FROM = dt.date(2019, 7, 1)
MODEL_RECORDED_FROM = dt.date(2020, 7, 1)
SCALE_OF_A_DISTRICT = 20  # up to here a larger scale means a thicker log, then more Ambiti
AMBITI_OF_A_DISTRICT = 7
INTERVENTIONS = 1_500
PERSONS = 400


@dataclass(frozen=True)
class ModelEffects:
    """What the move to the integrated model does, from the day an Ambito adopts it.

    Parameters
    ----------
    autonomia
        Added to the change of autonomy within a case (last minus first contact, scale 0-3), for
        the cases opened from that day.
    attesa_giorni
        Added to the mean wait of a request that is not urgent, for the requests of that day on.
    logit_orientamento
        Shift of the log-odds of a more active orientation.
    quota_integrata
        Share of interventions in lettura, progettazione and verifica, before and after.
    quota_programmata
        Share of planned ones among planned and on call, before and after.
    """

    autonomia: float = 0.6
    attesa_giorni: float = -6.0
    logit_orientamento: float = 0.9
    quota_integrata: tuple[float, float] = (0.18, 0.42)
    quota_programmata: tuple[float, float] = (0.40, 0.60)


@dataclass(frozen=True)
class CovidEffects:
    """Activity is multiplied month by month; work moves to telephone and video.

    ``fattori`` begins in March 2020. ``quota_remota`` is before, during (15 months), after.
    """

    fattori: tuple[float, ...] = (
        *(0.30, 0.25, 0.40, 0.60, 0.70, 0.80, 0.95, 0.85, 0.60, 0.65, 0.80, 0.85, 0.80, 0.95),
    )
    mesi_remoti: int = 15
    quota_remota: tuple[float, float, float] = (0.05, 0.55, 0.18)


@dataclass(frozen=True)
class UkraineEffects:
    """From 24 February 2022 requests for people from Ukraine come on top of the others.

    Parameters
    ----------
    ampiezza
        Extra requests on the first day, in multiples of the ordinary ones of a mean day.
    emivita_giorni
        Days in which the extra requests halve.
    attesa_altri_giorni
        Days added to everybody else's mean wait on the first day; it halves at the same pace.
    """

    ampiezza: float = 1.2
    emivita_giorni: float = 90.0
    attesa_altri_giorni: float = 3.0


@dataclass(frozen=True)
class NetworkEffects:
    """Before and after 1 January 2021 (meetings), wave ``prima`` and ``dopo`` (survey)."""

    presenza: tuple[float, float] = (0.45, 0.70)
    mediatore_presente: tuple[float, float] = (0.10, 0.40)
    densita_relazioni: tuple[float, float] = (0.22, 0.40)


@dataclass(frozen=True)
class CodingTruth:
    """How two coders agree, and how often the derived phase is right."""

    kappa_orientamento: float = 0.65
    kappa_fase: float = 0.80
    errore_fase_derivata: float = 0.20
    mancanti: float = 0.06


@dataclass(frozen=True)
class SurveyTruth:
    """What the surveys hold.

    Parameters
    ----------
    utile
        Share of recipients who say the project was useful, alone with the paper.
    distorsione_mediatore
        Added to that share where the mediator helped to fill it in.
    prima_dopo
        Added to the operators' mean answer (1-5) from ``pre`` to ``post``.
    non_risposta
        Share of items left blank.
    """

    utile: float = 0.72
    distorsione_mediatore: float = 0.12
    prima_dopo: float = 0.6
    non_risposta: float = 0.08


@dataclass(frozen=True)
class Parameters:
    """Everything the generator takes as true."""

    modello: ModelEffects = field(default_factory=ModelEffects)
    covid: CovidEffects = field(default_factory=CovidEffects)
    ucraina: UkraineEffects = field(default_factory=UkraineEffects)
    rete: NetworkEffects = field(default_factory=NetworkEffects)
    codifica: CodingTruth = field(default_factory=CodingTruth)
    questionari: SurveyTruth = field(default_factory=SurveyTruth)
    quota_doppioni: float = 0.07
    quota_fuori_target: float = 0.06
    mesi_mediatore_con_scarto: float = 0.08
    righe_oltre_budget: int = 3


@dataclass(frozen=True)
class Size:
    """How much there is of everything.

    ``scale`` 1 is about 1,500 interventions and 400 persons on seven Ambiti; above
    ``SCALE_OF_A_DISTRICT`` the number of Ambiti grows with it.
    """

    scale: float

    def __post_init__(self) -> None:
        if not 0.05 <= self.scale <= 2_000:
            raise UsageError(
                "--scale è {scale}: serve un numero tra 0,05 e 2000", scale=str(self.scale)
            )

    @property
    def districts(self) -> int:
        return max(1, round(self.scale / SCALE_OF_A_DISTRICT))

    @property
    def ambiti(self) -> int:
        return AMBITI_OF_A_DISTRICT * self.districts

    @property
    def interventions(self) -> float:
        return INTERVENTIONS * self.scale

    @property
    def persons(self) -> float:
        return PERSONS * self.scale

    @property
    def mediators(self) -> int:
        return max(12, round(18 * float(self.scale**0.75)))
