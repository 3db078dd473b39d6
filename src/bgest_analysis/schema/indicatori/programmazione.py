"""The ``ind_`` tables of planning: hours at risk, practices that stay, forecast, allocation."""

from __future__ import annotations

from bgest_analysis.schema.model import Column, Layer, Table, Type

SOURCE = "registri degli interventi"
AREA = Column("area", Type.STR, "Area", "Area", description="Codice dell'Ambito o «distretto».")
INTERVENTI = Column(
    "interventi", Type.INT, "Interventi", "Interventions", "interventi", minimum=0, count=True
)
ORE_RISCHIO = Table(
    name="ore_rischio",
    layer=Layer.IND,
    title_it="Ore degli ultimi dodici mesi pagate da progetti conclusi",
    title_en="Hours of the last twelve months paid by projects that have ended",
    grain_it="Una riga per area e servizio («tutti» li somma)",
    grain_en="One row per area and service",
    columns=(
        AREA,
        Column("servizio", Type.CAT, "Servizio", "Service"),
        INTERVENTI,
        Column("interventi_rischio", Type.INT, "Interventi a rischio", "Interventions at risk",
               "interventi", minimum=0, count=True, part_of="interventi"),
        Column("altri_interventi", Type.INT, "Altri interventi", "Other interventions",
               "interventi", minimum=0, count=True, part_of="interventi"),
        Column("ore", Type.DEC, "Ore", "Hours", "ore", rests_on="interventi"),
        Column("ore_rischio", Type.DEC, "Ore a rischio", "Hours at risk", "ore",
               "Ore di progetti conclusi secondo lo studio.", rests_on="interventi_rischio"),
        Column("quota_rischio", Type.DEC, "Quota a rischio", "Share at risk", "frazione",
               rests_on="interventi_rischio"),
        Column("dal", Type.DATE, "Dal", "From"),
        Column("al", Type.DATE, "Al", "To"),
    ),
    key=("area", "servizio"),
    optional=frozenset({"quota_rischio"}),
    about_people=True,
    source=SOURCE,
)  # fmt: skip
TENUTA = Table(
    name="pratiche_tenuta",
    layer=Layer.IND,
    title_it="Pratiche adottate e atti che le reggono",
    title_en="Practices adopted and the instruments that hold them",
    grain_it="Una riga per area e componente",
    grain_en="One row per area and component",
    columns=(
        AREA,
        Column("componente", Type.CAT, "Componente", "Component", codes="componente"),
        Column("pratiche", Type.INT, "Pratiche", "Practices", "pratiche", minimum=0),
        Column("con_atto", Type.INT, "Con un atto firmato", "With a formal instrument", minimum=0),
        Column("ambiti", Type.INT, "Ambiti", "Ambiti", minimum=0),
    ),
    key=("area", "componente"),
    source="ricognizione con gli Ambiti",
)
PREVISIONE = Table(
    name="previsione",
    layer=Layer.IND,
    title_it="Richieste di mediazione per mese, osservate e previste",
    title_en="Requests for mediation by month, observed and forecast",
    grain_it="Una riga per area, mese e tipo",
    grain_en="One row per area, month and kind",
    columns=(
        AREA,
        Column("mese", Type.DATE, "Mese", "Month"),
        Column("tipo", Type.CAT, "Tipo", "Kind", description="osservato o previsto."),
        Column("richieste", Type.INT, "Richieste", "Requests", minimum=0, count=True),
        Column("valore", Type.DEC, "Valore", "Value", rests_on="richieste"),
        Column("basso", Type.DEC, "Limite basso", "Lower limit"),
        Column("alto", Type.DEC, "Limite alto", "Upper limit"),
    ),
    key=("area", "mese", "tipo"),
    optional=frozenset({"richieste", "basso", "alto", "valore"}),
    about_people=True,
    source=SOURCE,
)
PROVA = Table(
    name="previsione_prova",
    layer=Layer.IND,
    title_it="Prova all'indietro delle previsioni",
    title_en="Back-cast of the forecasts",
    grain_it="Una riga per area",
    grain_en="One row per area",
    columns=(
        AREA,
        Column("mesi", Type.INT, "Mesi", "Months", "mesi", minimum=0),
        Column("mesi_utili", Type.INT, "Mesi utili", "Usable months", "mesi",
               "Mesi del registro fuori dalle chiusure per il COVID-19.", minimum=0),
        Column("mesi_prova", Type.INT, "Mesi di prova", "Test months", "mesi", minimum=0),
        Column("errore_modello", Type.DEC, "Errore del modello", "Error of the model", "richieste",
               "Errore assoluto medio sui mesi di prova."),
        Column("errore_anno_prima", Type.DEC, "Errore di «stesso mese dell'anno prima»",
               "Error of the same month last year", "richieste"),
        Column("usata", Type.CAT, "Previsione usata", "Forecast used"),
        Column("motivo", Type.STR, "Perché non stimabile", "Why not estimable"),
    ),
    key=("area",),
    optional=frozenset({"errore_modello", "errore_anno_prima"}),
    source=SOURCE,
)  # fmt: skip
RIPARTO = Table(
    name="riparto",
    layer=Layer.IND,
    title_it="Ore a ogni Ambito secondo ciascuna regola",
    title_en="Hours to each Ambito under each rule",
    grain_it="Una riga per regola e Ambito",
    grain_en="One row per rule and Ambito",
    columns=(
        Column("regola", Type.CAT, "Regola", "Rule"),
        Column("ambito_id", Type.STR, "Ambito", "Ambito"),
        Column("casi", Type.INT, "Casi", "Cases", minimum=0, count=True,
               description="Interventi o richieste su cui la quota poggia."),
        Column("quota", Type.DEC, "Quota", "Share", "frazione", rests_on="casi"),
        Column("ore", Type.DEC, "Ore", "Hours", "ore",
               "quota × ore frontali degli ultimi dodici mesi.", rests_on="casi"),
        Column("ore_per_1000", Type.DEC, "Ore per 1.000 extra-UE (stima)", "Hours per 1,000",
               "ore", rests_on="casi"),
    ),
    key=("regola", "ambito_id"),
    optional=frozenset({"quota", "ore", "ore_per_1000", "casi"}),
    about_people=True,
    source=SOURCE,
)  # fmt: skip
RIPARTO_EQUITA = Table(
    name="riparto_equita",
    layer=Layer.IND,
    title_it="Che cosa fa ogni regola all'equità tra Ambiti",
    title_en="What each rule does to equity between Ambiti",
    grain_it="Una riga per regola",
    grain_en="One row per rule",
    columns=(
        Column("regola", Type.CAT, "Regola", "Rule"),
        Column("theil", Type.DEC, "Theil", "Theil", "", "Tra Ambiti, pesato sugli extra-UE."),
        Column("rapporto", Type.DEC, "Massimo / minimo", "Max / min"),
        Column("spostate", Type.DEC, "Ore spostate", "Hours moved", "frazione",
               "Metà della somma degli scarti dalle quote di oggi."),
    ),
    key=("regola",),
    optional=frozenset({"theil", "rapporto", "spostate"}),
    source=SOURCE,
)  # fmt: skip
TABLES = (ORE_RISCHIO, TENUTA, PREVISIONE, PROVA, RIPARTO, RIPARTO_EQUITA)
