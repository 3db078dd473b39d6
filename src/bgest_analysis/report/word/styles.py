"""The sober default look of a Word dossier, and what an institution's template may lack."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from bgest_analysis.report.word.xml import element

BODY_FONT = "Arial"
INK = RGBColor(0x1C, 0x27, 0x33)
DEEP = RGBColor(0x12, 0x32, 0x4A)
MUTED = RGBColor(0x4C, 0x58, 0x64)
LOCALES = {"it": "it-IT", "en": "en-GB"}
HEADING_SIZES = (18, 13.5, 11.5)

OWN_STYLES: dict[str, dict[str, Any]] = {
    "Body Text": {"size": 10, "after": 7, "line": 1.18},
    "Caption": {"size": 9.5, "before": 14, "after": 5, "colour": INK, "keep": True, "bold": False},
    "BG Figura": {"size": 10, "after": 2, "keep": True},
    "BG Fonte": {"size": 8.5, "before": 3, "after": 14, "colour": MUTED},
    "BG Cella": {"size": 9, "before": 1.5, "after": 1.5},
    "BG Riquadro": {"size": 10, "before": 0, "after": 0, "line": 1.15, "indent": 0.35},
    "BG Formula": {"size": 11, "before": 6, "after": 8, "centre": True, "italic": True},
    "BG Riferimento": {"size": 10, "after": 4, "indent": 0.8, "hanging": 0.8},
    "BG Copertina": {"size": 11, "after": 4, "colour": MUTED},
    "BG Colophon": {"size": 9, "after": 3},
    "BG Indice": {"size": 15, "before": 18, "after": 8, "colour": DEEP, "bold": True},
    "toc 1": {"size": 10.5, "before": 5, "after": 1, "bold": True},
    "toc 2": {"size": 10, "after": 1, "indent": 0.6},
    "toc 3": {"size": 10, "after": 1, "indent": 1.3},
    "table of figures": {"size": 10, "after": 2, "indent": 0.8, "hanging": 0.8},
}


def open_document(template: Path | None, language: str) -> WordDocument:
    """Return the document to fill: an institution's template, or ours."""
    document = Document(str(template)) if template else Document()
    if template is None:
        _set_page(document)
        _set_defaults(document, language)
        _style_headings(document)
    for name, look in OWN_STYLES.items():
        if template is None or not _has_style(document, name):
            _apply(_paragraph_style(document, name), look)
    if template is None or not _headings_numbered(document):
        number_headings(document)
    _set_compatibility(document)
    return document


def _set_page(document: WordDocument) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin, section.bottom_margin = Cm(2.5), Cm(2.3)
    section.header_distance = section.footer_distance = Cm(1.2)


def _set_defaults(document: WordDocument, language: str) -> None:
    path = "/".join(qn(f"w:{tag}") for tag in ("docDefaults", "rPrDefault", "rPr"))
    fonts = document.styles.element.find(path)
    lang = fonts.find(qn("w:lang"))
    lang.set(qn("w:val"), LOCALES[language])
    _set_fonts(fonts)
    normal = document.styles["Normal"]
    _set_fonts(normal.element.get_or_add_rPr())
    normal.font.size = Pt(10)
    normal.font.color.rgb = INK


def _set_fonts(properties: Any) -> None:
    for old in properties.findall(qn("w:rFonts")):
        properties.remove(old)
    names = dict.fromkeys(("ascii", "hAnsi", "cs", "eastAsia"), BODY_FONT)
    properties.insert(0, element("rFonts", **names))


def _style_headings(document: WordDocument) -> None:
    for level, size in enumerate(HEADING_SIZES, start=1):
        style = document.styles[f"Heading {level}"]
        _apply(
            style,
            {
                "size": size,
                "before": 24 if level == 1 else 16,
                "after": 8 if level == 1 else 5,
                "colour": DEEP,
                "bold": True,
                "keep": True,
            },
        )
        _set_fonts(style.element.get_or_add_rPr())
    for name in ("Title", "Subtitle"):
        style = document.styles[name]
        _apply(style, {"size": 30 if name == "Title" else 15, "after": 10, "colour": DEEP})
        _set_fonts(style.element.get_or_add_rPr())
        for border in style.element.pPr.findall(qn("w:pBdr")):
            style.element.pPr.remove(border)


def _has_style(document: WordDocument, name: str) -> bool:
    return any(style.name == name for style in document.styles)


def _paragraph_style(document: WordDocument, name: str) -> Any:
    if _has_style(document, name):
        return document.styles[name]
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=name[:2] != "BG")
    style.base_style = document.styles["Normal"]
    return style


def _apply(style: Any, look: dict[str, Any]) -> None:
    font, shape = style.font, style.paragraph_format
    font.size = Pt(look["size"])
    font.bold = look.get("bold", font.bold)
    font.italic = look.get("italic", False)
    font.color.rgb = look.get("colour", INK)
    shape.space_before = Pt(look.get("before", 0))
    shape.space_after = Pt(look.get("after", 0))
    shape.line_spacing = look.get("line", 1.08)
    shape.keep_with_next = look.get("keep", False)
    if "indent" in look:
        shape.left_indent = Cm(look["indent"])
        shape.first_line_indent = Cm(-look["hanging"]) if "hanging" in look else None
    if look.get("centre"):
        shape.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _headings_numbered(document: WordDocument) -> bool:
    properties = document.styles["Heading 1"].element.pPr
    return properties is not None and properties.find(qn("w:numPr")) is not None


def number_headings(document: WordDocument) -> None:
    """Tie Heading 1 to 3 to one multilevel list: 1, 1.1, 1.1.1."""
    numbering = document.part.numbering_part.element
    lists = numbering.findall(qn("w:abstractNum"))
    taken = [int(item.get(qn("w:abstractNumId"))) for item in lists]
    abstract_id = str(max(taken, default=0) + 1)
    abstract = element("abstractNum", abstractNumId=abstract_id)
    abstract.append(element("multiLevelType", val="multilevel"))
    for level in range(3):
        abstract.append(_list_level(level))
    numbering.insert(len(taken), abstract)
    numbers = [int(item.get(qn("w:numId"))) for item in numbering.findall(qn("w:num"))]
    num = element("num", numId=str(max(numbers, default=0) + 1))
    num.append(element("abstractNumId", val=abstract_id))
    numbering.append(num)
    for level in range(3):
        _tie(document.styles[f"Heading {level + 1}"], level, num.get(qn("w:numId")))


def _list_level(level: int) -> Any:
    made = element("lvl", ilvl=str(level))
    made.append(element("start", val="1"))
    made.append(element("numFmt", val="decimal"))
    made.append(element("pStyle", val=f"Heading{level + 1}"))
    made.append(element("suff", val="tab"))
    made.append(element("lvlText", val=".".join(f"%{i + 1}" for i in range(level + 1))))
    made.append(element("lvlJc", val="left"))
    indent = ("680", "800", "960")[level]
    properties = element("pPr")
    properties.append(element("ind", left=indent, hanging=indent))
    made.append(properties)
    return made


def _tie(style: Any, level: int, num_id: str) -> None:
    properties = style.element.get_or_add_pPr()
    for old in properties.findall(qn("w:numPr")):
        properties.remove(old)
    number = properties.get_or_add_numPr()
    if level:
        number.get_or_add_ilvl().val = level
    number.get_or_add_numId().val = int(num_id)


def _set_compatibility(document: WordDocument) -> None:
    """Say that the document is for Word 2013 and later, so that no title bar complains."""
    settings = document.settings.element
    for old in settings.findall(qn("w:compat")):
        settings.remove(old)
    compat = element("compat")
    compat.append(
        element(
            "compatSetting",
            name="compatibilityMode",
            uri="http://schemas.microsoft.com/office/word",
            val="15",
        )
    )
    place = settings.find(qn("w:rsids"))
    if place is None:
        settings.append(compat)
    else:
        place.addprevious(compat)
