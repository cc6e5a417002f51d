"""GeoReport v2 answers in its two formats, named by the address's ending (wiki.open311.org/GeoReport_v2)."""

from datetime import datetime
from typing import Any

import msgspec
from django.http import HttpResponse
from lxml import etree

MEDIA = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
# What XML 1.0 cannot hold (section 2.2), as a table for str.translate.
_FORBIDDEN = dict.fromkeys([*range(9), 11, 12, *range(14, 32), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF])


def render(value: Any, *, names: tuple[str, ...], format_: str, status: int = 200) -> HttpResponse:
    """`value` is a dict or a list of dicts. `names`: the XML element of the whole, and of one of a list; deeper lists
    bring their own: `{"endpoints": [...]}` holds `<endpoint>` elements."""
    body = msgspec.json.encode(value) if format_ == "json" else _xml(value, names)
    return HttpResponse(body, status=status, content_type=MEDIA[format_])


def _xml(value: Any, names: tuple[str, ...]) -> bytes:
    root = etree.Element(names[0])
    _fill(root, value, names[1] if len(names) > 1 else "")
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def _fill(element: Any, value: Any, one: str = "") -> None:
    if isinstance(value, dict):
        for name, inner in value.items():
            _fill(etree.SubElement(element, name), inner, name.removesuffix("s"))
    elif isinstance(value, list):
        for inner in value:
            _fill(etree.SubElement(element, one), inner)
    elif value is not None:
        element.text = _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value).translate(_FORBIDDEN)


def errors(code: int, sentences: list[str], *, format_: str) -> HttpResponse:
    """The standard's own error form, under the HTTP status it names."""
    listed = [{"code": code, "description": sentence} for sentence in sentences]
    return render(listed, names=("errors", "error"), format_=format_, status=code)
