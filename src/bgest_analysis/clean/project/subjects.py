"""What each table needs beyond its columns, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from bgest_analysis.clean.project.ascolto import complete_codifiche, complete_questionari
from bgest_analysis.clean.project.gestione import (
    complete_attivita,
    complete_budget,
    complete_indicatori,
    complete_pratiche,
    complete_proposte,
)
from bgest_analysis.clean.project.incontri import complete_incontri, complete_presenze
from bgest_analysis.clean.project.interventi import complete_interventi
from bgest_analysis.clean.project.persone import (
    complete_destinatari,
    complete_mediatori,
    complete_servizi,
    complete_timesheet,
)
from bgest_analysis.clean.project.sheet import SheetWork

SUBJECTS: Mapping[str, Callable[[SheetWork], None]] = MappingProxyType(
    {
        "interventi": complete_interventi,
        "destinatari": complete_destinatari,
        "servizi_ricevuti": complete_servizi,
        "mediatori": complete_mediatori,
        "timesheet": complete_timesheet,
        "incontri": complete_incontri,
        "presenze": complete_presenze,
        "indicatori": complete_indicatori,
        "budget": complete_budget,
        "attivita": complete_attivita,
        "proposte": complete_proposte,
        "pratiche": complete_pratiche,
        "questionari": complete_questionari,
        "codifiche_qual": complete_codifiche,
    }
)
