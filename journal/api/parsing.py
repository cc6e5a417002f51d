"""Reading what clients send, strictly: what is ambiguous is refused rather than guessed."""

import json
import math
import re
from collections.abc import Mapping
from functools import cache
from typing import Any, NoReturn, TypeVar, cast, get_args, get_origin
from uuid import UUID

import msgspec
from django.http import HttpRequest, QueryDict, RawPostDataException
from django.utils.translation import gettext as _

from journal.api.errors import KeyRequired, Malformed, TooLarge, UnsupportedMediaType, VersionRequired
from journal.errors import Invalid

BODY_CAP = 1024 * 1024  # bytes
DEPTH_CAP = 16  # arrays and objects within one another

T = TypeVar("T")
_AT = re.compile(r" - at `\$\.?(?P<path>[^`]*)`\Z")
_ETAG = re.compile(r'"(\d{1,9})"\Z')


def check_size(request: HttpRequest, cap: int = BODY_CAP) -> None:
    """Raises TooLarge from the announced length alone, before anything is read."""
    announced = request.META.get("CONTENT_LENGTH") or "0"
    if not (announced.isascii() and announced.isdigit()):
        raise Malformed(_("The Content-Length is not a number."))
    if int(announced) > cap:
        raise TooLarge(_("At most %(cap)d bytes are taken here.") % {"cap": cap}, limit=cap)


def body_of(request: HttpRequest) -> bytes:
    """The raw body, up to 1 MiB. Raises TooLarge, Malformed."""
    check_size(request)
    try:
        return request.body
    except RawPostDataException as consumed:
        raise Malformed(_("A form was sent where JSON is expected.")) from consumed


def media_type(request: HttpRequest) -> str:
    return (request.META.get("CONTENT_TYPE") or "").partition(";")[0].strip().lower()


def parse_json(body: bytes) -> Any:
    """RFC 8259, UTF-8 without byte order mark, no duplicate names, no NaN or infinity, 16 levels. Raises Malformed."""
    try:
        text = body.decode("utf-8")
        found = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=_finite)
    except UnicodeDecodeError as error:
        raise Malformed(_("The body is not UTF-8.")) from error
    except RecursionError as error:
        raise _too_deep() from error
    except ValueError as error:
        raise Malformed(_("The body is not JSON: %(why)s") % {"why": error}) from error
    if body.count(b"[") + body.count(b"{") > DEPTH_CAP and _deeper_than(found, DEPTH_CAP):
        raise _too_deep()
    if b"\\u" in body and _has_lone_surrogate(found):
        raise Malformed(_("The body has half a character (a lone surrogate)."))
    return found


def _too_deep() -> Malformed:
    return Malformed(_("The body is nested more than %(cap)d levels deep.") % {"cap": DEPTH_CAP})


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Malformed(_("The name %(name)s appears twice in one object.") % {"name": ascii(twice[:80])})
    return found


def _no_constant(name: str) -> NoReturn:
    raise Malformed(_("%(name)s is not a JSON number.") % {"name": name})


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise Malformed(_("A number is too large."))
    return number


def _deeper_than(value: Any, levels: int) -> bool:
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list):
        return False
    return levels == 0 or any(_deeper_than(one, levels - 1) for one in value)


def _has_lone_surrogate(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


def read_json(request: HttpRequest) -> Any:
    """The JSON value of a request; None when it has no body. Raises Malformed, TooLarge, UnsupportedMediaType."""
    body = body_of(request)
    if not body:
        return None
    if media_type(request) != "application/json":
        raise UnsupportedMediaType(_("Send application/json."), accepted=["application/json"])
    charset = request.content_params.get("charset", "utf-8") if request.content_params else "utf-8"
    if charset.lower() not in ("utf-8", "utf8"):
        raise UnsupportedMediaType(_("Send JSON in UTF-8."))
    return parse_json(body)


def shaped(value: Any, shape: type[T]) -> T:
    """`value` as a `shape`. Raises Invalid with the sentence under the field's name."""
    try:
        return msgspec.convert(value, shape)
    except msgspec.ValidationError as error:
        raise Invalid(errors=errors_of(error)) from error


def errors_of(error: msgspec.ValidationError) -> dict[str, list[str]]:
    """`{"field": ["sentence"]}`; `body` stands for the whole."""
    words = str(error)
    at = _AT.search(words)
    if at:
        return {at["path"] or "body": [words[: at.start()]]}
    missing = re.search(r"(?:required|unknown) field `(?P<name>[^`]*)`", words)
    return {missing["name"] if missing else "body": [words]}


@cache
def _fields(shape: type[Any]) -> dict[str, msgspec.structs.FieldInfo]:
    # Reading the annotations of a shape costs more than reading a query string by it.
    return {field.encode_name: field for field in msgspec.structs.fields(shape)}


def read_query(query: QueryDict, shape: type[T]) -> T:
    """The query string as a `shape`: lists take commas or repetition, anything unknown or doubled is refused.
    Raises Malformed with `errors` by name."""
    fields = _fields(cast("Any", shape))
    values: dict[str, Any] = {}
    for name, texts in query.lists():
        if name not in fields:
            raise Malformed(_("Unknown query parameter."), errors={name[:80]: [_("Unknown query parameter.")]})
        listed = _is_list(fields[name].type)
        if not listed and len(texts) > 1:
            raise Malformed(_("Given more than once."), errors={name: [_("Given more than once.")]})
        parts = [part for text in texts for part in text.split(",") if part] if listed else texts
        if parts and (listed or parts[0] != ""):
            values[name] = parts if listed else parts[0]
    try:
        return msgspec.convert(values, shape, strict=False)
    except msgspec.ValidationError as error:
        raise Malformed(_("A query parameter is not right."), errors=errors_of(error)) from error


def _is_list(kind: Any) -> bool:
    return tuple in (get_origin(kind), *map(get_origin, get_args(kind)))


def key_of(headers: Mapping[str, str]) -> UUID:
    """The Idempotency-Key: a UUID, bare or in quotes. Raises KeyRequired, Malformed."""
    text = headers.get("Idempotency-Key", "").strip().strip('"')
    if not text:
        raise KeyRequired(_("Send an Idempotency-Key header: a UUID made for this one write."))
    try:
        return UUID(text)
    except ValueError as error:
        raise Malformed(_("The Idempotency-Key is not a UUID.")) from error


def version_of(headers: Mapping[str, str]) -> int:
    """The version in If-Match: `"7"`. Raises VersionRequired, Malformed."""
    text = headers.get("If-Match", "").strip()
    if not text or text == "*":
        raise VersionRequired(_('Send If-Match with the version you saw, in quotes: "7".'))
    match = _ETAG.match(text)
    if match is None:
        raise Malformed(_('If-Match is one version in quotes: "7".'))
    return int(match[1])
