"""How fast and how well: response, repair, first-time fix and load, by commune, kind of work, organisation. One query."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from access.selectors import Access
from interventions.models import Intervention, Pause
from interventions.permissions import Permission
from journal.statements import prepared

GROUPS = ("commune", "branch", "organisation", "day")
_I, _P = Intervention._meta.db_table, Pause._meta.db_table

# Clocks in minutes, without the time in which they stood. A median and a 90th percentile are of those that were met.
_SQL = f"""
with mine as (
  select i.*, split_part(i.category_id, '.', 1) branch, (i.created_at at time zone 'Europe/Paris')::date as day,
    extract(epoch from i.arrived_at - i.created_at - stood(i.id, i.arrived_at)) / 60 as response,
    extract(epoch from i.done_at - i.created_at - stood(i.id, i.done_at)) / 60 as repair
  from {_I} i
  where i.created_at >= %(since)s and i.created_at < %(until)s and i.audiences && %(audiences)s::text[]
    and (%(communes)s::text[] = '{{}}' or i.commune_id = any(%(communes)s))
    and (%(branches)s::text[] = '{{}}' or split_part(i.category_id, '.', 1) = any(%(branches)s))
    and (%(organisations)s::uuid[] = '{{}}' or i.organisation_id = any(%(organisations)s))
)
select grouping(commune_id, branch, organisation_id, day), commune_id, branch, organisation_id, day,
  count(*), count(*) filter (where status in ('done', 'verified')),
  percentile_cont(0.5) within group (order by response), percentile_cont(0.9) within group (order by response),
  percentile_cont(0.5) within group (order by repair), percentile_cont(0.9) within group (order by repair),
  count(*) filter (where arrived_at <= response_due), count(*) filter (where arrived_at > response_due
    or (arrived_at is null and paused_since is null and response_due < statement_timestamp()
        and status not in ('cancelled', 'failed'))),
  count(*) filter (where done_at is not null and attempts <= 1), coalesce(sum(minutes_spent), 0)
from mine group by grouping sets ((), (commune_id), (branch), (organisation_id), (day)) order by 1, count(*) desc
"""  # noqa: S608  names of our own tables


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Created from `since` up to `until`; empty lists: no narrowing. Branches are top-level category keys."""

    since: datetime
    until: datetime
    communes: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    organisations: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one group: how many, and minutes. Shares lie between 0 and 1; None where there is nothing to measure."""

    key: str
    asked: int
    done: int
    response_p50: float | None
    response_p90: float | None
    repair_p50: float | None
    repair_p90: float | None
    in_time: int
    late: int
    fixed_at_once: int
    minutes_spent: int

    @property
    def in_time_share(self) -> float | None:
        judged = self.in_time + self.late
        return self.in_time / judged if judged else None

    @property
    def first_time_fix(self) -> float | None:
        return self.fixed_at_once / self.done if self.done else None


def figures(*, access: Access, asked: Asked) -> dict[str, list[Figures]]:
    """By `all` (one line, or none) and each of GROUPS, the most first (days in order), of what this person may see."""
    found: dict[str, list[Figures]] = {name: [] for name in ("all", *GROUPS)}
    if not access.holds(Permission.SEE_FIGURES):
        return found
    values = {
        **{name: getattr(asked, name) for name in ("since", "until")},
        **{name: list(getattr(asked, name)) for name in ("communes", "branches", "organisations")},
        "audiences": sorted(access.audiences),
    }
    names = {0b1111: "all", 0b0111: "commune", 0b1011: "branch", 0b1101: "organisation", 0b1110: "day"}
    for grouping, *rest in prepared(_SQL, values).fetchall():
        name = names[grouping]
        found[name].append(_figures(name, rest[:4], rest[4:]))
    found["day"].sort(key=lambda one: one.key)
    return found


def _figures(name: str, keys: list[Any], numbers: list[Any]) -> Figures:
    key = next((value for value in keys if value is not None), "") if name != "all" else "all"
    asked, done, in_time, late, at_once, spent = map(int, [*numbers[:2], *numbers[6:]])
    response, response_90, repair, repair_90 = map(_minutes, numbers[2:6])
    return Figures(str(key), asked, done, response, response_90, repair, repair_90, in_time, late, at_once, spent)


def _minutes(number: Any) -> float | None:
    return None if number is None else max(0.0, float(number))
