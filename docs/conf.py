"""Sphinx: the documentation site, in Italian, with a search that needs no server and no network."""

project = "bgest_analysis"
author = "bgest_analysis"
copyright = "EUPL-1.2"  # noqa: A001 (the name is Sphinx's)
language = "it"
extensions = ["myst_parser"]
exclude_patterns = ["immagini"]
html_theme = "furo"
html_title = "bgest_analysis"
html_copy_source = False
html_show_sphinx = False
html_show_search_summary = (
    False  # a summary is fetched, which a page opened from a folder cannot do
)
myst_heading_anchors = 3
myst_links_external_new_tab = False
