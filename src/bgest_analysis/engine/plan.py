"""From a study to its jobs: what there is to make, from what, where it goes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bgest_analysis.engine.cleaning import CleaningPlan
from bgest_analysis.engine.job import Job, Step
from bgest_analysis.engine.profiles import profile_setting, protection_settings
from bgest_analysis.engine.request import Request, analyses_of, areas_of, parameters_of
from bgest_analysis.engine.words import find_words, words_inputs
from bgest_analysis.impact.registry import BY_NAME as ESTIMATORS
from bgest_analysis.indicators.model import Indicator
from bgest_analysis.indicators.registry import BY_NAME, INDICATORS
from bgest_analysis.notebook.declaration import read_declaration
from bgest_analysis.study.model import Study
from bgest_analysis.workspace import STUDY_FILE, Workspace

ACTIONS = "bgest_analysis.engine.actions"
SYNTHESIS = "00_sintesi"
PROTECT = "protect"
DOCUMENTS = ("dossier.html", "dossier.docx", "dossier.pdf", "tabelle.xlsx")
FIGURES = "figure"
STUDY_PREFIX = "studio_"


@dataclass(frozen=True)
class Planner:
    """Makes the jobs of one study."""

    workspace: Workspace
    study: Study
    request: Request

    @property
    def study_files(self) -> tuple[Path, ...]:
        """Files every job depends on: the study's settings and tables."""
        root = self.workspace.root
        named = {frame.attrs["file"] for frame in self.study.tabelle.values()}
        named.add(self.study.comuni.attrs["file"])
        folder = {(root / name).parent for name in named}
        kinds = ("*.csv", "*.geojson")
        tables = sorted(p for place in folder for kind in kinds for p in place.glob(kind))
        return (root / STUDY_FILE, *tables)

    @property
    def areas(self) -> tuple[str, ...]:
        """Areas asked for, in the study's order."""
        return areas_of(self.study, self.request)

    @property
    def languages(self) -> tuple[str, ...]:
        return self.request.languages or (self.study.lingua,)

    def all_jobs(self) -> list[Job]:
        """Return every job, in an order in which each finds what it reads."""
        cleaning = CleaningPlan(self.workspace, self.study, self.study_files)
        clean = cleaning.clean_jobs()
        tidy = cleaning.tidy_jobs(clean)
        indicators = self.indicator_jobs(tidy)
        protect = self.protect_job(indicators)
        made = {path.stem: path for job in (*tidy, *indicators) for path in job.outputs}
        lacks = self.lacks(made)
        notebooks = self.notebook_jobs(tidy, indicators, lacks)
        figures = self.figures_jobs(notebooks)
        documents = self.document_jobs(notebooks, figures, lacks)
        index = self.index_job(notebooks, documents, lacks)
        return [*clean, *tidy, *indicators, protect, *notebooks, *figures, *documents, index]

    def _tidy(self, name: str) -> Path:
        return self.workspace.processed / f"{name}.parquet"

    def indicator_jobs(self, tidy: Sequence[Job]) -> list[Job]:
        """Make the indicators whose tables are there."""
        made = {path.stem: path for job in tidy for path in job.outputs}
        jobs = []
        for indicator in INDICATORS:
            if not self._can_make(indicator, made):
                continue
            job = self._indicator_job(indicator, made)
            made[indicator.table.full_name] = job.outputs[0]
            jobs.append(job)
        return jobs

    def _can_make(self, indicator: Indicator, made: Mapping[str, Path]) -> bool:
        return all(
            name.removeprefix(STUDY_PREFIX) in self.study.tabelle
            if name.startswith(STUDY_PREFIX)
            else name in made
            for name in indicator.reads
        )

    def _indicator_job(self, indicator: Indicator, made: Mapping[str, Path]) -> Job:
        needed = [made[name] for name in indicator.reads if name in made]
        more = [made[name] for name in indicator.also_reads if name in made]
        name = indicator.table.full_name
        return Job(
            id=f"indicator/{name}",
            step=Step.INDICATOR,
            action=f"{ACTIONS}:indicator",
            inputs=(*needed, *self.study_files),
            wants=tuple(more),
            outputs=(self._tidy(name),),
            settings={"indicatore": name, **profile_setting(self.request.profile)},
        )

    def protect_job(self, indicators: Sequence[Job]) -> Job:
        """Decide over all indicator tables of the study at once (those that could be made)."""
        return Job(
            id=PROTECT,
            step=Step.PROTECT,
            action=f"{ACTIONS}:protect",
            wants=tuple(job.outputs[0] for job in indicators),
            folders=(self.workspace.protected / "ind",),
            settings=protection_settings(self.request.profile, self.study.protezione),
        )

    def lacks(self, made: Collection[str]) -> dict[str, list[str]]:
        """Return the analyses that cannot run, each with the source tables that are missing."""
        found = {name: self._missing_sources(name, made) for name in self.analyses()}
        return {name: missing for name, missing in found.items() if missing}

    def _missing_sources(self, analisi: str, made: Collection[str]) -> list[str]:
        needs = read_declaration(self.workspace.notebook(analisi)).needs
        return sorted({leaf for name in needs for leaf in self._leaves(name, made)})

    def _leaves(self, name: str, made: Collection[str]) -> set[str]:
        """Return the tidy and study tables that a table lacks to be made."""
        if name in made:
            return set()
        if name in BY_NAME:
            return {leaf for read in BY_NAME[name].reads for leaf in self._leaves(read, made)}
        bare = name.removeprefix(STUDY_PREFIX)
        return set() if name != bare and bare in self.study.tabelle else {name}

    def notebook_jobs(
        self, tidy: Sequence[Job], indicators: Sequence[Job], lacks: Collection[str]
    ) -> list[Job]:
        """Run each analysis for each area, the synthesis last.

        One that reads another's results waits for it, whichever number it has.
        """
        tables = {path.stem: path for job in tidy for path in job.outputs}
        names = [path.stem for job in indicators for path in job.outputs]
        tables |= {name: self.workspace.protected_table(name) for name in names}
        jobs: list[Job] = []
        for area in self.areas:
            names = sorted(self.analyses(), key=lambda n: (n == SYNTHESIS, n))
            jobs += [self._notebook_job(name, area, tables) for name in names if name not in lacks]
        return jobs

    def analyses(self) -> list[str]:
        """Return the analyses asked for; a study's own notebooks count."""
        return analyses_of(self.workspace, self.request)

    def _notebook_job(self, name: str, area: str, tables: Mapping[str, Path]) -> Job:
        path = self.workspace.notebook(name)
        declaration = read_declaration(path)
        parameters = parameters_of(declaration, area, self.study, self.request)
        models = [ESTIMATORS[name] for name in declaration.models if name in ESTIMATORS]
        under = [name for model in models for name in (*model.reads, *model.also_reads)]
        needed = [tables[table] for table in declaration.needs if table in tables]
        more = dict.fromkeys((*declaration.tables, *under))
        wanted = [tables[table] for table in more if table in tables]
        results = [self.workspace.results_table(name, area) for name in declaration.results]
        reports = self.workspace.reports / "notebooks" / area
        return Job(
            id=f"notebook/{name}/{area}",
            step=Step.NOTEBOOK,
            action=f"{ACTIONS}:notebook",
            inputs=(path, *needed, *self.study_files),
            wants=(*wanted, *results),
            after=(PROTECT,),
            outputs=(
                reports / f"{name}.ipynb",
                self.workspace.results_table(f"ris_{name}", area),
            ),
            settings={"analisi": name, "area": area, "parametri": parameters},
        )

    def figures_jobs(self, notebooks: Sequence[Job]) -> list[Job]:
        """Draw the figures of each notebook in each language."""
        return [
            self._figures_job(notebook, language)
            for language in self.languages
            for notebook in notebooks
        ]

    def _figures_job(self, notebook: Job, language: str) -> Job:
        name, area = notebook.settings["analisi"], notebook.settings["area"]
        return Job(
            id=f"figures/{language}/{area}/{name}",
            step=Step.FIGURES,
            action=f"{ACTIONS}:figures",
            inputs=(notebook.outputs[0], *self.study_files),
            outputs=(self.workspace.pictures(name, area, language),),
            settings={"analisi": name, "area": area, "lingua": language},
        )

    def document_jobs(
        self, notebooks: Sequence[Job], figures: Sequence[Job], lacks: Mapping[str, list[str]]
    ) -> list[Job]:
        """Write the documents of each area in each language."""
        return [
            self._document_job(area, language, notebooks, figures, lacks)
            for language in self.languages
            for area in self.areas
        ]

    def _document_job(
        self,
        area: str,
        language: str,
        notebooks: Iterable[Job],
        figures: Iterable[Job],
        lacks: Mapping[str, list[str]],
    ) -> Job:
        own = [job for job in notebooks if job.settings["area"] == area]
        drawn = [
            job.outputs[0]
            for job in figures
            if (job.settings["area"], job.settings["lingua"]) == (area, language)
        ]
        folder = self.workspace.reports / language / area
        words = find_words(self.workspace, self.study.aree)
        return Job(
            id=f"document/{language}/{area}",
            step=Step.DOCUMENT,
            action=f"{ACTIONS}:documents",
            inputs=(*self.study_files, *words_inputs(self.workspace, words, area)),
            wants=(*(job.outputs[0] for job in own), *drawn),
            outputs=tuple(folder / name for name in DOCUMENTS),
            folders=(folder / FIGURES,),
            settings={
                "area": area,
                "lingua": language,
                "lingue": list(self.languages),
                "analisi": [job.settings["analisi"] for job in own],
                "mancano": dict(lacks),
                "parametri": {job.settings["analisi"]: job.settings["parametri"] for job in own},
                **profile_setting(self.request.profile),
            },
        )

    def index_job(
        self, notebooks: Sequence[Job], documents: Sequence[Job], lacks: Mapping[str, list[str]]
    ) -> Job:
        """Write the entry page, after everything else."""
        quality = self.workspace.protected_table("ind_qualita_fonti")
        executed = tuple(job.outputs[0] for job in notebooks)
        made = tuple(path for job in documents for path in job.outputs)
        return Job(
            id="index",
            step=Step.INDEX,
            action=f"{ACTIONS}:index",
            inputs=(quality, *self.study_files),
            wants=(*executed, *made),
            outputs=(self.workspace.reports / "index.html",),
            settings={
                "aree": list(self.areas),
                "lingue": list(self.languages),
                "analisi": sorted({job.settings["analisi"] for job in notebooks}),
                "mancano": dict(lacks),
                "parametri": {"richiesta": dict(self.request.parameters or {})},
                "esempio": self.request.example,
            },
        )
