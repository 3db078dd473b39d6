"""The study's own tables: codes that exist, names that are found, seats as on the slides."""

from pathlib import Path

import pandas as pd
import pytest

from bgest_analysis.vocabulary.load import (
    codes,
    load_comuni,
    read_list,
    vocabulary_of_table,
)

STUDIO = Path(__file__).resolve().parents[2] / "studio"


def read_studio(name: str) -> pd.DataFrame:
    return pd.read_csv(STUDIO / f"{name}.csv", dtype="str", keep_default_na=False)


CODED = [
    ("enti", "tipo", "tipo_ente"),
    ("enti", "ruolo_progetto", "ruolo_progetto"),
    ("composizione_organi", "organo", "organo"),
    ("composizione_organi", "ruolo", "ruolo"),
    ("progetti", "fondo", "fondo"),
    ("progetti", "stato", "stato"),
    ("eventi", "tipo", "tipo_evento"),
    ("eventi", "precisione", "precisione"),
    ("teoria_nodi", "tipo", "tipo_nodo"),
    ("teoria_nodi", "origine", "origine_teoria"),
    ("teoria_nessi", "origine", "origine_teoria"),
]


@pytest.mark.parametrize(("name", "column", "lista"), CODED)
def test_coded_columns_keep_to_their_list(name: str, column: str, lista: str) -> None:
    assert set(read_studio(name)[column]) <= {code.codice for code in codes(lista)}


def test_the_ambiti_have_the_comuni_that_public_pages_confirm() -> None:
    sizes = read_studio("comuni")["ambito_id"].value_counts()
    assert set(sizes.index) == set(read_studio("ambiti")["ambito_id"])
    assert sizes.sum() == 103
    assert sizes["SER"] == 11
    assert sizes["VSE"] + sizes["AVS"] == 42


def test_comuni_have_the_names_and_codes_of_istat() -> None:
    comuni = read_studio("comuni")
    assert load_comuni().match(comuni["nome"])["codice"].tolist() == comuni["cod_istat"].tolist()
    assert comuni["cod_istat"].is_unique
    assert set(comuni["cod_istat"].str[:3]) == {"016"}


AMBITI = [
    ("Valle Seriana", "VSE"),
    ("Alta Valle Seriana", "AVS"),
    ("Valle Seriana Superiore e Valle di Scalve", "AVS"),
    ("Valcavallina", "VCA"),
    ("Val Cavallina", "VCA"),
    ("Grumello", "GRU"),
    ("Grumello del Monte", "GRU"),
    ("AMBITO DI SERIATE", "SER"),
    ("Ambito territoriale di Seriate", "SER"),
    ("Monte Bronzone–Basso Sebino", "BSE"),
    ("Alto Sebino (Lovere/Sovere)", "ASE"),
    ("vse", "VSE"),
    ("Ambito 5", None),
    ("Seriana", None),
    ("Bergamo Est", None),
    ("Distretto di Seriate", None),
    ("Sebino", None),
]


@pytest.mark.parametrize(("text", "ambito_id"), AMBITI)
def test_an_ambito_is_found_by_its_own_names_only(text: str, ambito_id: str | None) -> None:
    ambiti = vocabulary_of_table(
        "ambiti",
        read_studio("ambiti"),
        codice="ambito_id",
        titolo="nome",
        forme=["nome", "nome_ufficiale", "nome_slide"],
        alias="alias",
        prefissi=["ambito", "ambito di", "ambito territoriale", "ambito territoriale di"],
    )
    assert ambiti.find(text).codice == ambito_id


ENTI = [
    ("Progettazione", "PROG"),
    ("ProgettAzione", "PROG"),
    ("Coop. Ruah", "RUAH"),
    ("Consorzio Servizi Val Cavallina", "CSVC"),
    ("UniBg", "UNIBG"),
    ("ANCI", "ANCI"),
]


@pytest.mark.parametrize(("text", "ente_id"), ENTI)
def test_a_body_is_found_by_its_names(text: str, ente_id: str) -> None:
    enti = vocabulary_of_table(
        "enti",
        read_studio("enti"),
        codice="ente_id",
        titolo="nome",
        forme=["nome"],
        alias="alias",
    )
    assert enti.find(text).codice == ente_id
    assert all(len(found) == 1 for found in enti.forme.values())


def test_the_seats_are_those_of_the_slides() -> None:
    seats = read_studio("composizione_organi")
    assert not seats.duplicated(["organo", "ente_id", "ruolo"]).any()
    assert set(seats["ente_id"]) <= set(read_studio("enti")["ente_id"])
    by_organ = seats.groupby("organo")["ente_id"].agg(set)
    planning = {"UDP_VSE", "UDP_AVS", "UDP_GRU", "UDP_SER", "UDP_ASE", "UDP_BSE"}
    assert by_organ["cabina_regia"] == {"CSVC", "RUAH", "PROG", *planning}
    assert by_organ["equipe_tecnica"] == {"CSVC", "UDP_VSE", "RUAH", "PROG", "ANCI"}
    assert by_organ["livello_operativo"] == {"CSVC", "RUAH", "PROG", *planning}
    assert not set(seats["ente_id"]) & {"UNIBG", "CTI_GAZ", "CTI_SER"}
    assert not seats["ruolo"].eq("mediatore").any()
    adhering = seats["come_scritto"].eq("Responsabili Uffici di Piano Aderenti (6)")
    assert adhering.sum() == 6


def test_links_join_nodes_and_every_node_is_linked() -> None:
    nodes, links = read_studio("teoria_nodi"), read_studio("teoria_nessi")
    ends = set(links["da_nodo"]) | set(links["a_nodo"])
    assert ends == set(nodes["nodo_id"])
    assert links["assunto"].ne("").all()
    assert links["spiegazione_rivale"].ne("").all()
    for table in (nodes, links):
        assert table["indicatori"].str.fullmatch(r"[A-Z]\d+(\|[A-Z]\d+)*").all()


def test_unknown_dates_stay_unknown() -> None:
    projects = read_studio("progetti").set_index("progetto_id")
    assert projects.loc["labimpact", ["dal", "al"]].tolist() == ["", "2023-06-30"]
    assert projects.loc["migramenti", ["dal", "al"]].tolist() == ["2020-05-15", "2022-06-30"]
    assert projects.loc["fami_vulnerabilita", ["dal", "al"]].tolist() == ["", ""]
    events = read_studio("eventi").set_index("evento_id")
    assert events.loc["ucraina", "data_inizio"] == "2022-02-24"
    assert events.loc["covid19", ["data_inizio", "precisione"]].tolist() == ["2020-02", "mese"]
    assert read_list("province_lombardia").set_index("sigla").loc["MB", "cod_sdmx"] == "IT108"
