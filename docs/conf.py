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


# What axe-core finds wanting in the theme's pages: titles of the contents without a level, and
# boxes of code that scroll but cannot be reached by keyboard.
MENDED = (
    ('class="caption" role="heading"', 'class="caption" role="heading" aria-level="2"'),
    ("<pre>", '<pre tabindex="0">'),
    ('<aside class="sidebar-drawer">', '<aside class="sidebar-drawer" aria-label="Indice">'),
    ('<aside class="toc-drawer">', '<aside class="toc-drawer" aria-label="In questa pagina">'),
)


def mend_page(app, exception):
    """Mend the built pages in place."""
    if exception is not None or app.builder.format != "html":
        return
    for page in app.outdir.rglob("*.html"):
        text = mended = page.read_text(encoding="utf-8")
        for found, put in MENDED:
            mended = mended.replace(found, put)
        if mended != text:
            page.write_text(mended, encoding="utf-8")


def setup(app):
    """Tell Sphinx what to do after it has written the pages."""
    app.connect("build-finished", mend_page)
