"""Make the pictures of the README from the dossiers of the synthetic study.

Usage: ``python -m tools.docs.make_pictures reports/esempio``, after ``bgest run --example``.
Needs Chromium, LibreOffice and poppler. What is pictured says itself that its data are synthetic.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "immagini"
LANGUAGES = {"it": ("pagina.png", "word.png"), "en": ("page.png", "word-en.png")}
WIDTH = 1100
COLOURS = 128  # of the palette: a page of text and charts loses nothing a reader sees


def main(reports: Path) -> None:
    """Write a picture of the web page and one of the Word file for each language there is."""
    for language, (page, word) in LANGUAGES.items():
        folder = reports / language / "distretto"
        if folder.is_dir():
            with tempfile.TemporaryDirectory() as scratch:
                save(picture_page(folder / "dossier.html", Path(scratch)), PICTURES / page)
                save(picture_word(folder / "dossier.docx", Path(scratch)), PICTURES / word)


def picture_page(html: Path, scratch: Path) -> Image.Image:
    """Return the top of a web page as Chromium shows it."""
    shot = scratch / "page.png"
    browser = shutil.which("chromium") or shutil.which("google-chrome") or "chromium"
    command = [browser, "--headless=new", "--no-sandbox", "--hide-scrollbars"]
    where = [f"--screenshot={shot}", "--window-size=1280,900", html.resolve().as_uri()]
    subprocess.run([*command, *where], check=True, capture_output=True)
    return Image.open(shot)


def picture_word(document: Path, scratch: Path) -> Image.Image:
    """Return the cover and two pages of a Word file, side by side, as LibreOffice lays them."""
    convert = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(scratch)]
    subprocess.run([*convert, str(document)], check=True, capture_output=True)
    pdf = scratch / f"{document.stem}.pdf"
    subprocess.run(["pdftoppm", "-r", "60", "-png", str(pdf), str(scratch / "p")], check=True)
    pages = [Image.open(path) for path in sorted(scratch.glob("p-*.png"))]
    return side_by_side([pages[0], *most_coloured(pages[1:])])


def most_coloured(pages: list[Image.Image], count: int = 2) -> list[Image.Image]:
    """Return the pages with most colour, in their order: those with figures."""
    scores = [page.convert("HSV").getchannel("S").reduce(8).tobytes() for page in pages]
    best = sorted(range(len(pages)), key=lambda i: sum(v > 60 for v in scores[i]))[-count:]
    return [pages[i] for i in sorted(best)]


def side_by_side(pages: list[Image.Image], gap: int = 12) -> Image.Image:
    """Return pages in a row on grey."""
    width = sum(page.width + gap for page in pages) + gap
    sheet = Image.new("RGB", (width, max(page.height for page in pages) + 2 * gap), "#d9d9d9")
    left = gap
    for page in pages:
        sheet.paste(page, (left, gap))
        left += page.width + gap
    return sheet


def save(picture: Image.Image, path: Path) -> None:
    """Write a picture as wide as a README shows it, in few colours, without metadata."""
    height = round(picture.height * WIDTH / picture.width)
    small = picture.convert("RGB").resize((WIDTH, height), Image.Resampling.LANCZOS)
    small.quantize(COLOURS).save(path, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
