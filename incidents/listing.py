"""One page of the list as JSON, as fast for somebody who may see little as for somebody who may see all.

`audiences && …` alone is slow one way or the other: along the order index when little is in sight, through an inverted
index when much is. So the asker's audiences become branches that walk the index of their own column (the whole post:
the order; a commune; an organisation; named incidents; restricted ones), and the branches are merged.
Every branch still carries `audiences && …`: a page can never show more than `selectors.visible` does. It cannot show
less as long as `_BRANCHES` knows every kind of audience an incident may have, which a test holds against random data.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg.sql import Literal

from access.roles import POLICE, RESTRICTED
from access.selectors import Access
from incidents.models import Incident
from incidents.rows import ROW_SQL
from incidents.selectors import Filters, Place, matching, may_look
from journal.statements import prepared


@dataclass(frozen=True, slots=True)
class Page:
    """`rows`: a JSON array of IncidentRow, newest first; `next`: where the next page starts (None: that was all)."""

    rows: bytes
    next: Place | None


Condition = tuple[str, list[Any]]
_ALL = Filters()

# One branch is the page itself; of several, the newest are looked up again, since a row may be in more than one.
# How many rows is written out: the planner would expect a tenth of the table for a bound limit.
_NEWEST = "order by declared_at desc, id desc limit {limit} + 1"
_SINGLE = f"""(select *, row_number() over (order by declared_at desc, id desc) as nr
from incidents_incident where {{found}} {_NEWEST}) i"""  # noqa: S608  constants
_KEYS = f"(select declared_at, id from incidents_incident where {{found}} {_NEWEST})"  # noqa: S608
_MERGED = f"""(select id as place, row_number() over (order by declared_at desc, id desc) as nr
from ({{found}}) branches {_NEWEST}) page join incidents_incident i on i.id = place"""  # noqa: S608
_HEAD = f"""select coalesce(string_agg({ROW_SQL}, ',' order by nr) filter (where nr <= {{limit}}), ''), count(*),
max(i.declared_at) filter (where nr = {{limit}}), (array_agg(i.id) filter (where nr = {{limit}}))[1] from """  # noqa: S608
_TAIL = """
left join access_organisation o on o.id = i.organisation_id left join access_person a on a.id = i.assignee_id"""


def page(*, access: Access, filters: Filters, after: Place | None = None, limit: int = 50) -> Page:
    """What `selectors.page` gives, made in the database: one statement, no model instances."""
    branches = list(_branches(access.audiences)) if may_look(access) else []
    if not branches:
        return Page(b"[]", None)
    narrowed, values = _narrowed(filters, after)
    sql = _statement(tuple(condition + narrowed for condition, _own in branches), int(limit))
    parameters = [value for _condition, own in branches for value in (*own, *values)]
    rows, found, declared_at, id_ = _one(sql, parameters, filters == _ALL)
    return Page(f"[{rows}]".encode(), Place(declared_at, id_) if found > limit else None)


def _one(sql: str, parameters: list[Any], plain: bool) -> Any:
    if plain:
        return prepared(sql, parameters).fetchone()
    with connection.cursor() as cursor:  # which index is best depends on what is filtered: planned with the values
        cursor.execute(sql, parameters)
        return cursor.fetchone()


@lru_cache(maxsize=256)
def _statement(conditions: tuple[str, ...], limit: int) -> str:
    if len(conditions) == 1:
        found = _SINGLE.replace("{found}", conditions[0])
    else:
        found = _MERGED.replace("{found}", " union ".join(_KEYS.replace("{found}", one) for one in conditions))
    return (_HEAD + found + _TAIL).replace("{limit}", str(limit))


def _narrowed(filters: Filters, after: Place | None) -> Condition:
    """What is asked for besides sight: the filters, and the place where the page starts."""
    sql, values = "", []
    condition = matching(filters)
    if condition:  # a search for signs alone asks for nothing
        query = Incident.objects.filter(condition).query
        compiled, own = query.get_compiler(connection=connection).compile(query.where)
        sql, values = f" and ({compiled})", list(own)
    if after is not None:
        sql += " and (declared_at, id) < (%s, %s)"
        values += [after.declared_at, after.id]
    return sql, values


# Each branch: the rows of one column's value (or all), and among them those that carry the audience.
# The planner takes a bound list of audiences for rare, and would leave the branch's index for it but for the `case`;
# and it knows nothing of a bound commune, so communes and organisations (some dozens) are written out: it then knows
# how many rows each has, and walks their index in order.
_SIGHT = "case when audiences && %s::text[] then true end"
_OWN_INDEX = "{0} = {1} and " + _SIGHT


def _everywhere(names: list[str]) -> Iterator[Condition]:
    yield _SIGHT, [names]


def _in_communes(names: list[str]) -> Iterator[Condition]:
    for name in names:
        yield _OWN_INDEX.format("commune_id", _written(_key(name))), [[name]]


def _of_organisations(names: list[str]) -> Iterator[Condition]:
    for name in names:
        yield _OWN_INDEX.format("organisation_id", _written(str(UUID(_key(name))))), [[name]]


def _named(names: list[str]) -> Iterator[Condition]:
    yield "id = any(%s) and audiences @> array['incident:' || id]", [[UUID(_key(name)) for name in names]]


def _restricted(names: list[str]) -> Iterator[Condition]:
    yield "sensitivity = 'restricted' and audiences && %s::text[]", [names]


def _written(key: str) -> str:
    return Literal(key).as_string(None)


def _key(name: str) -> str:
    return name.partition(":")[2]


Branch = Callable[[list[str]], Iterator[Condition]]
_BRANCHES: dict[str, Branch] = {
    "post": _everywhere,
    "public": _everywhere,
    "commune": _in_communes,
    "organisation": _of_organisations,
    "incident": _named,
    RESTRICTED: _restricted,
    POLICE: _restricted,
}
KINDS = frozenset(_BRANCHES)


def _branches(audiences: Collection[str]) -> Iterator[Condition]:
    """The branches that reach all that these audiences open. Kinds that no incident carries (a person, an office) open
    none; and what a commune or an organisation sees, the whole post sees as well."""
    names: dict[Branch, list[str]] = {}
    for audience in sorted(audiences):
        kind = audience.partition(":")[0]
        if kind in _BRANCHES and not ("post" in audiences and kind in ("commune", "organisation")):
            names.setdefault(_BRANCHES[kind], []).append(audience)
    return (condition for branch, own in names.items() for condition in branch(own))
