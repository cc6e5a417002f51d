"""An Atom feed (RFC 4287) of CAP alerts, as subscribers of public alerts read it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from lxml import etree

from prefecture.wire.times import stamp

NAMESPACE = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/atom+xml; charset=utf-8"
CAP_TYPE = "application/cap+xml"


@dataclass(frozen=True, slots=True)
class Item:
    """One alert in force. `url`: where its CAP document is."""

    id: str
    title: str
    summary: str
    updated: datetime
    author: str
    url: str


def feed(*, id_: str, title: str, url: str, updated: datetime, items: Iterable[Item]) -> bytes:
    """The feed as XML in UTF-8."""
    root = etree.Element(f"{{{NAMESPACE}}}feed", nsmap=cast("Any", {None: NAMESPACE}))
    _say(root, id=id_, title=title, updated=stamp(updated))
    etree.SubElement(root, f"{{{NAMESPACE}}}link", rel="self", href=url)
    for item in items:
        entry = etree.SubElement(root, f"{{{NAMESPACE}}}entry")
        _say(entry, id=item.id, title=item.title, updated=stamp(item.updated), summary=item.summary)
        author = etree.SubElement(entry, f"{{{NAMESPACE}}}author")
        _say(author, name=item.author)
        etree.SubElement(entry, f"{{{NAMESPACE}}}link", href=item.url, type=CAP_TYPE)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _say(parent: "etree._Element", **texts: str) -> None:
    for name, text in texts.items():
        etree.SubElement(parent, f"{{{NAMESPACE}}}{name}").text = text
