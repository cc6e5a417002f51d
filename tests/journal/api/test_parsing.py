"""What is ambiguous or oversized is refused before anything looks at it."""

from typing import Any

import pytest
from django.http import QueryDict
from django.test import RequestFactory

from journal.api import parsing
from journal.api.errors import KeyRequired, Malformed, TooLarge, UnsupportedMediaType, VersionRequired
from journal.api.polling import PollQuery


def nested(levels: int) -> bytes:
    return b'{"a":' * (levels - 1) + b"[1]" + b"}" * (levels - 1)


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":1,"a":2}',
        b'{"a":{"b":1,"b":1}}',
        b'[{"a":1,"\\u0061":2}]',
        b'{"a":NaN}',
        b"[Infinity]",
        b"[-Infinity]",
        b"[1e999]",
        b"{",
        b"{'a':1}",
        b"[1,]",
        b"",
        b"\xef\xbb\xbf{}",
        b'"\xff"',
        b'"\xed\xa0\x80"',
        b'["\\ud800"]',
        b'{"\\udc00":1}',
        b'"\x00"',
        b"[" + b"9" * 5000 + b"]",
        nested(17),
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
    ],
)
def test_refused(body: bytes) -> None:
    with pytest.raises(Malformed):
        parsing.parse_json(body)


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'{"a":[1,2.5,"\\ud83d\\ude00",null,true]}', {"a": [1, 2.5, "😀", None, True]}),
        ('"é"'.encode(), "é"),
        (b"[[1],[1],[1],[1],[1],[1],[1],[1],[1],[1],[1],[1],[1],[1],[1],[1],[1]]", [[1]] * 17),
    ],
)
def test_taken(body: bytes, value: Any) -> None:
    assert parsing.parse_json(body) == value


def test_sixteen_levels_are_taken() -> None:
    assert parsing.parse_json(nested(16))


def request(body: bytes, media: str = "application/json") -> Any:
    return RequestFactory().generic("POST", "/", body, content_type=media)


def test_size_is_refused_from_the_announced_length() -> None:
    with pytest.raises(TooLarge):
        parsing.read_json(request(b" " * (parsing.BODY_CAP + 1)))
    assert parsing.read_json(request(b"[]".ljust(parsing.BODY_CAP))) == []


@pytest.mark.parametrize("media", ["", "text/plain", "application/xml", "application/json; charset=latin-1"])
def test_only_json_in_utf8(media: str) -> None:
    with pytest.raises(UnsupportedMediaType):
        parsing.read_json(request(b"{}", media))


def test_no_body_is_nothing() -> None:
    assert parsing.read_json(request(b"", "")) is None


@pytest.mark.parametrize("query", ["x=1", "limit=1&limit=2", "limit=x", "after=" + "1&after=2"])
def test_queries(query: str) -> None:
    with pytest.raises(Malformed):
        parsing.read_query(QueryDict(query), PollQuery)


def test_headers() -> None:
    key = "8b7a4f6e-0d5b-4f3f-9f0a-111111111111"
    assert str(parsing.key_of({"Idempotency-Key": f'"{key}"'})) == key
    assert parsing.version_of({"If-Match": '"12"'}) == 12
    with pytest.raises(KeyRequired):
        parsing.key_of({})
    with pytest.raises(VersionRequired):
        parsing.version_of({})
