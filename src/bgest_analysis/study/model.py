"""A study: its territory, bodies, period, sources and thresholds, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pandas as pd

from bgest_analysis.errors import UnknownPlace
from bgest_analysis.workspace import DISTRETTO


@dataclass(frozen=True)
class Ambito:
    """One Ambito territoriale (``nome_slide`` is how the project's slides write it)."""

    ambito_id: str
    nome: str
    nome_ufficiale: str
    nome_slide: str
    alias: tuple[str, ...]
    capofila: bool
    ordine: int


@dataclass(frozen=True)
class Progetto:
    """The project under evaluation; an unknown date is an empty string."""

    progetto_id: str
    codice: str
    fondo: str
    edizione: str
    piano: str
    dal: str
    al: str
    cofinanziamento: tuple[str, ...]


@dataclass(frozen=True)
class Fonte:
    """One raw file and the table it feeds; ``file`` is relative to the study."""

    tabella: str
    file: str

    @property
    def id(self) -> str:
        return f"{self.tabella}/{Path(self.file).stem}"


@dataclass(frozen=True)
class Protezione:
    """Thresholds under which counts of persons are not shown."""

    soglia_interna: int = 5
    soglia_pubblicazione: int = 10
    arrotondamento: int = 5
    minimo: int = 3


@dataclass(frozen=True)
class Trattamento:
    """What the record of processing says: months after which project files are deleted."""

    conservazione_mesi: int | None = None


@dataclass(frozen=True)
class Documenti:
    """What the documents carry besides results.

    Parameters
    ----------
    data
        Date printed on them, ISO; chosen by the authors so that a rerun gives the same bytes.
    modello_word
        An institution's own ``.docx``, relative to the study.
    """

    data: str
    istituzione: str = ""
    licenza: str = "CC-BY-4.0"
    modello_word: str = ""
    autori: tuple[str, ...] = ()
    loghi: tuple[str, ...] = ()


@dataclass(frozen=True)
class Study:
    """Everything a run needs to know about whose evaluation this is.

    Parameters
    ----------
    comuni
        One row a comune: cod_istat, nome, ambito_id, valido_dal, valido_al.
    tabelle
        The study's own tables by name (enti, composizione_organi, progetti, teoria_nodi,
        teoria_nessi, eventi); a table the study does not have is absent.
    contatti
        Names and addresses from ``study.local.toml``; printed in the colophon only.
    geometria
        The study's own borders (GeoJSON beside the table of comuni); None for those we ship.
    domande
        Text of each item of the questionnaires, from the study's item map.
    """

    id: str
    titolo: str
    sottotitolo: str
    motto: str
    lingua: str
    origine: str
    progetto: Progetto
    regione: str
    provincia: str
    anno_riferimento: int
    nome_insieme: str
    ambiti: tuple[Ambito, ...]
    comuni: pd.DataFrame = field(compare=False)
    tabelle: dict[str, pd.DataFrame] = field(compare=False)
    documenti: Documenti
    fonti: tuple[Fonte, ...] = ()
    protezione: Protezione = field(default_factory=Protezione)
    contatti: dict[str, str] = field(default_factory=dict)
    trattamento: Trattamento = field(default_factory=Trattamento)
    geometria: Path | None = None
    domande: dict[str, str] = field(default_factory=dict)

    @cached_property
    def ambito_ids(self) -> tuple[str, ...]:
        """Codes of the Ambiti, always in the study's order."""
        return tuple(ambito.ambito_id for ambito in self.ambiti)

    @property
    def aree(self) -> tuple[str, ...]:
        """The whole district first, then each Ambito."""
        return (DISTRETTO, *self.ambito_ids)

    def testo_domanda(self, item: str) -> str:
        """Return the question of an item; without the study's item map, its code in words."""
        return self.domande.get(item, item.replace("_", " "))

    def nome_area(self, area: str) -> str:
        """Return the name of an Ambito or of the whole.

        Raises
        ------
        UnknownPlace
            If the study has no such area.
        """
        if area == DISTRETTO:
            return self.nome_insieme
        for ambito in self.ambiti:
            if ambito.ambito_id == area:
                return ambito.nome
        raise UnknownPlace(
            "l'area {area} non è tra quelle dello studio: {known}", area=area, known=self.aree
        )

    def comuni_area(self, area: str) -> pd.DataFrame:
        """Return the rows of ``comuni`` that lie in an area."""
        self.nome_area(area)
        return self.comuni if area == DISTRETTO else self.comuni[self.comuni["ambito_id"] == area]

    def fonti_di(self, tabella: str) -> tuple[Fonte, ...]:
        """Return the raw files that feed a table."""
        return tuple(fonte for fonte in self.fonti if fonte.tabella == tabella)
