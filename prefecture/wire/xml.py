"""XML between the rooms, both ways. In: no document type, no entities, UTF-8, 256 KiB, 32 levels, closed shapes."""

import re
from functools import cache
from typing import Annotated, Any, TypeVar, cast, get_args, get_origin

import msgspec
from defusedxml import DefusedXmlException, ElementTree
from lxml import etree

from prefecture.wire.errors import InvalidMessage

CAP_BYTES = 256 * 1024
DEPTH = 32
_DECLARED = re.compile(r"""<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """An element that holds elements; the order of the fields is the order of the elements."""


P = TypeVar("P", bound=Part)


def write(part: Part, tag: str, namespace: str = "") -> bytes:
    """`part` as an XML document in UTF-8. Raises InvalidMessage for a character that XML cannot hold."""
    root = etree.Element(_named(tag, namespace), nsmap=cast("Any", {None: namespace} if namespace else None))
    _fill(root, part, namespace)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _named(tag: str, namespace: str) -> str:
    return f"{{{namespace}}}{tag}" if namespace else tag


def _fill(parent: "etree._Element", part: Part, namespace: str) -> None:
    for field in msgspec.structs.fields(part):
        value = getattr(part, field.name)
        if value is None or (value == "" and field.default == ""):
            continue
        for one in value if isinstance(value, list) else [value]:
            child = etree.SubElement(parent, _named(field.name, namespace))
            if isinstance(one, Part):
                _fill(child, one, namespace)
                continue
            try:
                child.text = str(one)
            except ValueError as error:  # control characters
                raise InvalidMessage(f"{field.name} has a character that XML cannot hold") from error


def read(raw: bytes, shape: type[P], tag: str, namespace: str = "") -> P:
    """Read a document whose root is `tag`. Raises InvalidMessage, never anything else."""
    root = parse(raw)
    if root.tag != _named(tag, namespace):
        raise InvalidMessage(f"the document's root is not {tag}")
    try:
        return msgspec.convert(_plain(root, shape, namespace), shape, strict=False)
    except msgspec.ValidationError as error:
        raise InvalidMessage(f"{tag}: {error}") from error


def parse(raw: bytes) -> Any:
    """The root element (xml.etree). Raises InvalidMessage, never anything else."""
    if len(raw) > CAP_BYTES:
        raise InvalidMessage("the XML document is larger than 256 KiB")
    try:
        text = raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise InvalidMessage("the XML document is not UTF-8") from error
    declared = _DECLARED.match(text)
    if declared and declared[1].lower() not in ("utf-8", "utf8"):
        raise InvalidMessage("the XML document declares another charset than UTF-8")
    try:
        root = ElementTree.fromstring(text.encode(), forbid_dtd=True)
    except DefusedXmlException as error:
        raise InvalidMessage("document types and entities are refused") from error
    except (ElementTree.ParseError, ValueError, LookupError) as error:  # also a charset declared that is not there
        raise InvalidMessage(f"the XML document cannot be read: {error}") from error
    if _deeper_than(root, DEPTH):
        raise InvalidMessage("the XML document is nested more than 32 levels deep")
    return root


def _deeper_than(root: Any, levels: int) -> bool:
    row = [root]
    while row and levels:
        row = [child for element in row for child in element]
        levels -= 1
    return bool(row)


def _plain(element: Any, shape: type[Part], namespace: str) -> dict[str, Any]:
    """The element as plain values, lists where the shape has lists; names that the shape does not know stay in, so that
    they are refused. Elements of other namespaces directly under the root (a signature) are left out."""
    known, found = _types(shape), dict[str, Any]()
    for child in element:
        name = str(child.tag)
        if namespace:
            space, _brace, name = name.rpartition("}")
            if space != f"{{{namespace}":
                continue
        many, inner = known.get(name, (False, None))
        value = _plain(child, inner, namespace) if inner is not None else _text(child)
        if many:
            found.setdefault(name, []).append(value)
        elif name in found:
            raise InvalidMessage(f"{name} appears twice")
        else:
            found[name] = value
    return found


def _text(element: Any) -> str:
    if len(element):
        raise InvalidMessage(f"{element.tag} holds no elements")
    return (element.text or "").strip()


@cache
def _types(shape: type[Part]) -> dict[str, tuple[bool, type[Part] | None]]:
    return {field.name: _unwrapped(field.type) for field in msgspec.structs.fields(shape)}


def _unwrapped(kind: Any) -> tuple[bool, type[Part] | None]:
    """(whether it is a list, the Part inside if there is one) of a field's type."""
    if get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    if get_origin(kind) is list:
        return True, _unwrapped(get_args(kind)[0])[1]
    parts = [one for one in (kind, *get_args(kind)) if isinstance(one, type) and issubclass(one, Part)]
    return False, parts[0] if parts else None
