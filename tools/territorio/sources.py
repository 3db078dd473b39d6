"""What stands in each ``<name>.source.toml`` beside a table of ``data/raw/territorio/``."""

from __future__ import annotations

from typing import NamedTuple


class Source(NamedTuple):
    """Provenance of one table; every field is printed as it is."""

    titolo: str
    editore: str
    url: str
    licenza: str
    citazione: str
    data_pubblicazione: str
    data_accesso: str
    annata: str
    origine: str


_ISTAT = "ISTAT, Istituto nazionale di statistica"
_ACCESSO = "2026-11"

SOURCES: dict[str, Source] = {
    "popolazione_comuni": Source(
        titolo="Residenti e stranieri residenti al 1° gennaio 2020-2026, comuni del distretto",
        editore=_ISTAT,
        url="https://demo.istat.it",
        licenza="CC BY 4.0",
        citazione="Fonte: ISTAT",
        data_pubblicazione="non nota",
        data_accesso=_ACCESSO,
        annata=(
            "annate miste: residenti 2020-2023 di prima diffusione (non ricostruiti), 2024 e 2025 "
            "definitivi, 2026 provvisorio (popolazione al 31 dicembre 2025)"
        ),
        origine="pubblica",
    ),
    "popolazione_comuni_lombardia_2025": Source(
        titolo="Residenti e stranieri residenti al 1° gennaio 2025, comuni della Lombardia",
        editore=_ISTAT,
        url="https://demo.istat.it",
        licenza="CC BY 4.0",
        citazione="Fonte: ISTAT",
        data_pubblicazione="non nota",
        data_accesso=_ACCESSO,
        annata=(
            "popolazione al 1° gennaio 2025 dei bilanci demografici P2 e P3 2025; comuni "
            "dell'elenco di dicembre 2024"
        ),
        origine="pubblica",
    ),
    "stranieri_provincia_cittadinanza": Source(
        titolo="Stranieri residenti in provincia di Bergamo per cittadinanza e sesso, 2023",
        editore=_ISTAT,
        url="https://esploradati.istat.it",
        licenza="CC BY 4.0",
        citazione="Fonte: ISTAT",
        data_pubblicazione="non nota",
        data_accesso=_ACCESSO,
        annata=(
            "1° gennaio 2023; le righe di area e il totale sono tolti, i codici mancanti o errati "
            "nella tabella di partenza sono completati a mano (21 paesi)"
        ),
        origine="pubblica",
    ),
    "stranieri_province": Source(
        titolo="Stranieri residenti e cittadini dell'Unione europea, province lombarde, 2023",
        editore=_ISTAT,
        url="https://esploradati.istat.it",
        licenza="CC BY 4.0",
        citazione="Fonte: ISTAT",
        data_pubblicazione="non nota",
        data_accesso=_ACCESSO,
        annata="1° gennaio 2023, Unione europea a 27 paesi",
        origine="pubblica",
    ),
    "redditi_comuni": Source(
        titolo="Redditi e principali variabili IRPEF su base comunale, 2000-2023",
        editore="Ministero dell'economia e delle finanze, Dipartimento delle finanze",
        url="https://www.finanze.gov.it",
        licenza="da verificare",
        citazione="Fonte: MEF, Dipartimento delle finanze",
        data_pubblicazione="non nota",
        data_accesso=_ACCESSO,
        annata="anni d'imposta 2000-2023; imponibile: frequenza e ammontare in euro correnti",
        origine="pubblica",
    ),
    "slide_incidenza": Source(
        titolo="Incidenza Extra UE per Ambito, come scritta nelle slide del progetto",
        editore="Distretto Bergamo Est per l'integrazione (prog. 2463 Lab'Impact)",
        url="",
        licenza="citazione",
        citazione="Fonte: slide del progetto, 13 giugno 2023",
        data_pubblicazione="2023-06-13",
        data_accesso=_ACCESSO,
        annata="anno e denominatore non dichiarati nelle slide",
        origine="pubblica",
    ),
}
