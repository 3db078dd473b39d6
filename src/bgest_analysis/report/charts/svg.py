"""Make matplotlib's SVG fit to stand in a page: named, small, without a style attribute.

A strict content security policy forbids ``style`` attributes, so each becomes presentation
attributes; identifiers get the figure's name in front, so that figures do not share them.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_SHAPES = ("d", "transform", "x", "y", "width", "height", "points")


def clean_svg(raw: str, name: str, title: str, description: str, hover: Mapping[str, str]) -> str:
    """Return a standalone ``<svg>`` element.

    Parameters
    ----------
    raw
        What matplotlib wrote.
    name
        Put in front of every identifier.
    title, description
        Read by screen readers.
    hover
        By element id, the text shown when the pointer rests on it.
    """
    ET.register_namespace("", SVG)
    ET.register_namespace("xlink", XLINK)
    root = ET.fromstring(raw)  # noqa: S314 (our own figure, not a file from outside)
    for junk in [*root.findall(f"{{{SVG}}}metadata")]:
        root.remove(junk)
    for element in root.iter():
        _drop_styles(element)
        _style_to_attributes(element)
        _add_hover(element, hover)
        _rename(element, name)
        _shorten(element)
    _describe(root, name, title, description)
    return ET.tostring(root, encoding="unicode")


def _drop_styles(element: ET.Element) -> None:
    for child in [*element.findall(f"{{{SVG}}}style")]:
        element.remove(child)


def _style_to_attributes(element: ET.Element) -> None:
    for part in element.attrib.pop("style", "").split(";"):
        key, _, value = part.partition(":")
        if value:
            element.set(key.strip(), value.strip())


def _add_hover(element: ET.Element, hover: Mapping[str, str]) -> None:
    text = hover.get(element.get("id", ""))
    if text is not None:
        note = ET.Element(f"{{{SVG}}}title")
        note.text = text
        element.insert(0, note)


def _rename(element: ET.Element, name: str) -> None:
    for key, value in element.attrib.items():
        if key == "id":
            element.set(key, f"{name}-{value}")
        elif key == f"{{{XLINK}}}href" and value.startswith("#"):
            element.set(key, f"#{name}-{value[1:]}")
        elif "url(#" in value:
            element.set(key, _REFERENCE.sub(rf"url(#{name}-\1)", value))


def _shorten(element: ET.Element) -> None:
    """Keep two decimals of a point (1/72 inch) in shapes; glyphs and scales are left alone."""
    if "scale" in element.get("transform", "") or element.tag == f"{{{SVG}}}svg":
        return
    for key in _SHAPES:
        if key in element.attrib:
            element.set(key, _LONG_NUMBER.sub(_two_decimals, element.attrib[key]))


def _two_decimals(match: re.Match[str]) -> str:
    return f"{float(match.group()):.2f}".rstrip("0").rstrip(".")


def _describe(root: ET.Element, name: str, title: str, description: str) -> None:
    labels = (("title", title), ("desc", description))
    for place, (tag, text) in enumerate(labels):
        element = ET.Element(f"{{{SVG}}}{tag}", {"id": f"{name}-{tag}"})
        element.text = text
        root.insert(place, element)
    root.set("role", "img")
    root.set("aria-labelledby", f"{name}-title {name}-desc")
    root.set("stroke-linejoin", "round")
    root.set("stroke-linecap", "butt")
