"""Writes: bringing addresses in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from journal.services import Somebody, writing
from territory import events
from territory.ban import Address, NotAddresses, Progress, Reader, Refusal

BATCH = 5_000

_INCOMING = """
CREATE TEMPORARY TABLE incoming_address (
    line integer, key text, street_name text, street text, house_number text, postcode text, aliases text,
    lat double precision, lon double precision, commune text
) ON COMMIT DROP
"""
_COPY = "COPY incoming_address (line, key, street_name, street, house_number, postcode, aliases, lat, lon) FROM STDIN"
_LOCATE = "UPDATE incoming_address SET commune = commune_at(lat, lon)"
_OUTSIDE = "SELECT line FROM incoming_address WHERE commune IS NULL ORDER BY line"
_STREETS = """
INSERT INTO territory_place (key, kind, name, house_number, commune_id, postcode, label, aliases, lat, lon)
SELECT DISTINCT ON (commune.insee, incoming.street)
       'street:' || commune.insee || ':' || incoming.street, 'street', incoming.street_name, '', commune.insee,
       coalesce(nullif(incoming.postcode, ''), commune.postcodes[1]),
       incoming.street_name || ', ' || coalesce(nullif(incoming.postcode, ''), commune.postcodes[1])
       || ' ' || commune.name, '', incoming.lat, incoming.lon
FROM incoming_address AS incoming JOIN territory_commune AS commune ON commune.insee = incoming.commune
ORDER BY commune.insee, incoming.street, incoming.line
ON CONFLICT (key) DO NOTHING
"""
# When a file names an address twice the later line wins. `xmax = 0` tells a new row from an updated one.
_ADDRESSES = """
WITH latest AS (
    SELECT DISTINCT ON (key) * FROM incoming_address WHERE commune IS NOT NULL ORDER BY key, line DESC
), written AS (
    INSERT INTO territory_place AS known
        (key, kind, name, house_number, street_id, commune_id, postcode, label, aliases, lat, lon)
    SELECT latest.key, 'address', street.name, latest.house_number, street.id, street.commune_id,
           coalesce(nullif(latest.postcode, ''), street.postcode),
           latest.house_number || ' ' || street.name || ', '
           || coalesce(nullif(latest.postcode, ''), street.postcode) || ' ' || commune.name,
           latest.aliases, latest.lat, latest.lon
    FROM latest
    JOIN territory_commune AS commune ON commune.insee = latest.commune
    JOIN territory_place AS street ON street.key = 'street:' || latest.commune || ':' || latest.street
    ON CONFLICT (key) DO UPDATE SET (name, house_number, street_id, commune_id, postcode, label, aliases, lat, lon) =
        (excluded.name, excluded.house_number, excluded.street_id, excluded.commune_id, excluded.postcode,
         excluded.label, excluded.aliases, excluded.lat, excluded.lon)
    WHERE (known.label, known.aliases, known.street_id, known.lat, known.lon) IS DISTINCT FROM
          (excluded.label, excluded.aliases, excluded.street_id, excluded.lat, excluded.lon)
    RETURNING xmax = 0 AS is_new
)
SELECT (SELECT count(*) FROM latest), count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM written
"""
# A street is shown at the address nearest to the middle of its addresses, so its point lies on the street and in the
# commune; and it is found by the other words of its addresses (the postal commune, a former name).
_CENTRE_STREETS = """
WITH around AS (
    SELECT street_id, key, lat, lon, aliases, (lat - avg(lat) OVER whole) ^ 2
           + 0.46 * (lon - avg(lon) OVER whole) ^ 2 AS off_centre
    FROM territory_place WHERE kind = 'address' WINDOW whole AS (PARTITION BY street_id)
), nearest AS (
    SELECT DISTINCT ON (street_id) street_id, lat, lon, aliases FROM around ORDER BY street_id, off_centre, key
)
UPDATE territory_place AS street SET lat = nearest.lat, lon = nearest.lon, aliases = nearest.aliases
FROM nearest WHERE street.id = nearest.street_id
AND (street.lat, street.lon, street.aliases) IS DISTINCT FROM (nearest.lat, nearest.lon, nearest.aliases)
"""


@dataclass(slots=True)
class Outcome:
    """What an import did, in lines; `stopped` says why the file could not be read to its end."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    stopped: str = ""


def import_addresses(
    *,
    path: Path,
    by: Somebody | None,
    dry_run: bool = False,
    on_refusal: Callable[[Refusal], None] = lambda refusal: None,
    on_progress: Callable[[Progress], None] = lambda progress: None,
) -> Outcome:
    """Bring a BAN file (CSV or gzip of it) in, a batch a transaction: good lines stay whatever else is wrong.

    An address is known by its BAN id, so the same file again changes nothing. The commune comes from the point;
    a point outside the metropolis is refused. Raises OSError, and NotAddresses when the header is not one.
    """
    reader, outcome = Reader(path), Outcome()
    lines = _until_broken(reader, outcome)
    while batch := list(islice(lines, BATCH)):
        refusals = [line for line in batch if isinstance(line, Refusal)]
        refusals += _write([line for line in batch if isinstance(line, Address)], outcome, dry_run=dry_run)
        outcome.refused += len(refusals)
        for refusal in sorted(refusals):
            on_refusal(refusal)
        on_progress(reader.progress)
    if not dry_run:
        _finish(outcome, path=path, by=by)
    return outcome


def _until_broken(reader: Reader, outcome: Outcome) -> Iterator[Address | Refusal]:
    try:
        yield from reader
    except NotAddresses as error:
        if reader.line <= 1:
            raise
        outcome.stopped = str(error)


def _write(addresses: list[Address], outcome: Outcome, *, dry_run: bool) -> list[Refusal]:
    with transaction.atomic(), connection.cursor() as cursor:
        outside = _write_batch(cursor, addresses, outcome)
        transaction.set_rollback(dry_run)
    return [Refusal(line, _("outside the metropolis")) for line in outside]


def _write_batch(cursor: CursorWrapper, addresses: list[Address], outcome: Outcome) -> list[int]:
    cursor.execute(_INCOMING)
    with cursor.copy(_COPY) as copy:
        for address in addresses:
            copy.write_row(address)
    cursor.execute(_LOCATE)
    cursor.execute(_OUTSIDE)
    outside = [line for (line,) in cursor.fetchall()]
    cursor.execute(_STREETS)
    cursor.execute(_ADDRESSES)
    taken, created, updated = cursor.fetchone()
    cursor.execute("DROP TABLE incoming_address")
    outcome.created += created
    outcome.updated += updated
    outcome.unchanged += taken - created - updated
    return outside


def _finish(outcome: Outcome, *, path: Path, by: Somebody | None) -> None:
    with writing(by) as record, connection.cursor() as cursor:
        cursor.execute(_CENTRE_STREETS)
        if outcome.created or outcome.updated:
            record(
                events.AddressesImported(
                    file=path.name, created=outcome.created, updated=outcome.updated, refused=outcome.refused
                ),
                audiences=["post"],
            )
