"""Reading the French national address base (Base Adresse Nationale, CSV export of adresse.data.gouv.fr).

Format: UTF-8, `;` between columns, one header line; described at https://adresse.data.gouv.fr under "BAN CSV".
"""

import csv
import gzip
import zlib
from collections.abc import Iterator
from math import isfinite
from pathlib import Path
from typing import BinaryIO, NamedTuple

from django.utils.translation import gettext as _

from territory.wording import fold, house_number

REQUIRED = ("id", "numero", "rep", "nom_voie", "code_postal", "nom_commune", "nom_ld", "alias", "lat", "lon")
LONGEST_LINE = 10_000
_GZIP = b"\x1f\x8b"


class Address(NamedTuple):
    """One good line. `street` is the folded street name; the commune is not here: the point says it."""

    line: int
    key: str
    street_name: str
    street: str
    house_number: str
    postcode: str
    aliases: str
    lat: float
    lon: float


class Refusal(NamedTuple):
    """One line that could not be taken, and why."""

    line: int
    reason: str


class Progress(NamedTuple):
    """How far the reading is: bytes of the file as it lies on the disk."""

    done: int
    total: int


class NotAddresses(Exception):
    """The file as a whole is not an address file."""


class Reader:
    """Iterates over a file (plain or gzip): an Address or a Refusal per line.

    Raises NotAddresses when the header lacks a column, and when the file cannot be read on (a broken gzip); what came
    before has then been yielded.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.line = 0
        self._raw: BinaryIO | None = None
        self._total = path.stat().st_size

    @property
    def progress(self) -> Progress:
        """Bytes read so far, of the file as it lies on the disk."""
        return Progress(self._raw.tell() if self._raw and not self._raw.closed else self._total, self._total)

    def __iter__(self) -> Iterator[Address | Refusal]:
        with self.path.open("rb") as raw:
            self._raw = raw
            zipped = raw.read(2) == _GZIP
            raw.seek(0)
            lines = self._lines(gzip.GzipFile(fileobj=raw) if zipped else raw)
            columns = self._header(next(lines, b""))
            for line in lines:
                if line.strip():
                    yield self._read(line, columns)

    def _lines(self, source: BinaryIO | gzip.GzipFile) -> Iterator[bytes]:
        while True:
            try:
                line = source.readline(LONGEST_LINE)
            except (EOFError, gzip.BadGzipFile, zlib.error) as error:
                raise NotAddresses(_("the file is damaged after line %(line)d") % {"line": self.line}) from error
            if not line:
                return
            self.line += 1
            yield line

    def _header(self, line: bytes) -> list[str]:
        try:
            columns = line.decode("utf-8-sig").strip().split(";")
        except UnicodeDecodeError as error:
            raise NotAddresses(_("the file is not UTF-8 text")) from error
        missing = [name for name in REQUIRED if name not in columns]
        if missing:
            raise NotAddresses(_("columns missing: %(names)s") % {"names": ", ".join(missing)})
        return columns

    def _read(self, line: bytes, columns: list[str]) -> Address | Refusal:
        try:
            return read_line(self.line, line.decode(), columns)
        except UnicodeDecodeError:
            return Refusal(self.line, _("not UTF-8 text"))
        except (csv.Error, ValueError) as error:
            return Refusal(self.line, str(error))


def read_line(number: int, text: str, columns: list[str]) -> Address:
    """One line of the file. Raises ValueError (or csv.Error) with the reason when it cannot be taken."""
    cells = next(csv.reader([text], delimiter=";", strict=True))
    if len(cells) != len(columns):
        raise ValueError(_("%(found)d columns instead of %(due)d") % {"found": len(cells), "due": len(columns)})
    if "\0" in text:
        raise ValueError(_("a zero byte"))
    row = dict(zip(columns, map(str.strip, cells), strict=True))
    name = row["nom_voie"] or row["nom_ld"]
    if not row["id"] or not fold(name):
        raise ValueError(_("no identifier or no street name"))
    if not row["numero"].isascii() or not row["numero"].isdigit():
        raise ValueError(_("not a house number: %(text)s") % {"text": row["numero"]})
    others = dict.fromkeys(filter(None, (row["nom_commune"], row["nom_ld"], row["alias"])))
    address = Address(
        line=number, key=f"ban:{row['id']}", street_name=name, street=fold(name),
        house_number=house_number(row["numero"], row["rep"]), postcode=row["code_postal"],
        aliases=", ".join(others), lat=_degrees(row["lat"], 90), lon=_degrees(row["lon"], 180),
    )  # fmt: skip
    return _fitting(address)


def _degrees(text: str, limit: int) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise ValueError(_("not a position: %(text)s") % {"text": text or "–"}) from error
    if not isfinite(value) or abs(value) > limit:
        raise ValueError(_("not a position: %(text)s") % {"text": text})
    return value


def _fitting(address: Address) -> Address:
    longest = {"key": 180, "street_name": 150, "house_number": 16, "postcode": 5, "aliases": 300}
    for field, limit in longest.items():
        if len(getattr(address, field)) > limit:
            raise ValueError(_("too long: %(field)s") % {"field": field})
    return address
