"""How near declaring and listing over HTTP come to the bare SQL for the same rows, on the same machine.

Declaring: `POST /api/v1/incidents/` (who asks, rights, checks, number, report, journal with its chain, stored answer)
against the four rows of incident, report, journal entry and receipt inserted by one prepared statement, `fsync` on.
Listing: 50 incidents out of `--n` for four duties, first page and deep in the archive, against the bare SQL of the same
rows by the index of the duty's own column, without any question of rights.

Both sides are driven alike: a lean client in its own process (bench/_load.py), keep-alive. A ratio is ours divided by
the mean of two readings of the limit, just before and just after; where these differ by more than half, the round is
dropped and counted. Ratios only: the machine's own speed cancels out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from access.models import Organisation
from access.roles import Role
from bench import Args, Post, Result, _city, progress, quantile, spread, step, table
from bench._driver import Client, http_job, http_request, send
from incidents.models import Incident, Report
from journal.models import Entry, Head, Receipt

SIZE, SMALL = 1_000_000, 5_000
PLAN = {"web": 1, "live": 0, "workers": 0, "beat": 0}
ROUNDS, NAMED, CLIENTS = 5, 120, 16
GOALS = {"declare at 16": 0.12, "declare at 1": 0.25, "list": 0.4}
PATH = "/api/v1/incidents/"
LIGHT = "lighting.street_light_out"
BODY = {
    "category": LIGHT,
    "lat": 47.322,
    "lon": 5.0415,
    "address": "Place de la Libération",
    "description": "Tout est noir",
}


@dataclass
class Case:
    """One comparison, and what was read of it so far: (limit a second, ours a second)."""

    name: str
    clients: int
    limit: dict[str, Any]
    ours: dict[str, Any]
    read: list[tuple[float, float]] = field(default_factory=list)
    dropped: int = 0

    def measure(self, client: Client, seconds: float) -> None:
        before, ours, after = (client.rate(job, self.clients, seconds) for job in (self.limit, self.ours, self.limit))
        if max(before, after) > 1.5 * min(before, after):
            self.dropped += 1
        else:
            self.read.append(((before + after) / 2, ours))

    @property
    def ratios(self) -> list[float]:
        return [ours / limit for limit, ours in self.read]

    def figures(self) -> dict[str, Any]:
        limits, ours = ([pair[side] for pair in self.read] for side in (0, 1))
        return {
            "limit_per_s": quantile(limits, 0.5),
            "ours_per_s": quantile(ours, 0.5),
            "ratio": spread(self.ratios),
            "rounds": len(self.read),
            "dropped": self.dropped,
        }


def run(post: Post, args: Args) -> Result:
    step(f"making {args.n:,} incidents")
    _city.fill(post, args.n)
    declares, lists = list(declaring(post)), list(listing(post))
    rounds, seconds = (2, 0.3) if args.small else (ROUNDS, 2.0)
    client = Client()
    try:
        for _ in progress(range(rounds), "rounds of declaring", rounds):
            for case in declares:
                case.measure(client, seconds)
        for _ in progress(range(rounds), "rounds of listing", rounds):
            for case in lists:
                case.measure(client, seconds / 2)
    finally:
        client.close()
    check_what_was_declared()
    return result(declares, lists)


def result(declares: list[Case], lists: list[Case]) -> Result:
    made = Result()
    cases = [*declares, *lists]
    rows = [(case.name, *(case.figures()[name] for name in ("limit_per_s", "ours_per_s"))) for case in cases]
    ratios = [
        (min(case.ratios, default=0.0), quantile(case.ratios, 0.5), max(case.ratios, default=0.0)) for case in cases
    ]
    heads = ("", "limit/s", "ours/s", "ratio least", "median", "most", "dropped")
    print(table(heads, [(*row, *ratio, case.dropped) for row, ratio, case in zip(rows, ratios, cases, strict=True)]))
    made.figures = {case.name: case.figures() for case in cases}
    for case in cases:
        bound = GOALS["list"] if case in lists else GOALS[case.name]
        made.at_least(f"{case.name}: share of the limit", quantile(case.ratios, 0.5), bound)
    for page in ("first page", "deep page"):
        speeds = [quantile([ours for _limit, ours in case.read], 0.5) for case in lists if case.name.endswith(page)]
        made.at_most(f"{page}: fastest duty / slowest", max(speeds) / min(speeds) if min(speeds) else 99.0, 2.0)
    return made


# Declaring -----------------------------------------------------------------------------------------------------------


def declaring(post: Post) -> Iterator[Case]:
    organisation = Organisation.objects.get(key="dijon-metropole")
    _person, token = _city.machine(Role.CALL_TAKER, organisation=organisation)
    request = http_request("POST", PATH, token, body=json.dumps(BODY))
    model = send(post, request.replace("{key}", str(uuid4())))
    limit = bare_insert(post, json.loads(model)["id"])
    ours = http_job(post, request, status=201)
    for clients in (CLIENTS, 1):
        yield Case(f"declare at {clients}", clients, limit, ours)


def bare_insert(post: Post, incident_id: str) -> dict[str, Any]:
    """The rows of one real declaration as a prepared statement: every value bound, keys and numbers fresh each time."""
    incident, report = ["uuid", "incident"], ["uuid", "report"]
    rows = {
        Incident: {"id": incident, "reference": ["count", "", "B-"]},
        Report: {"id": report, "incident_id": incident, "first_incident_id": incident},
        Entry: {"seq": ["count", ""], "about": incident},
        Receipt: {"id": ["count", ""], "key": ["uuid", "key"]},
    }
    inserts: list[str] = []
    values: list[Any] = []
    with post.connect("owner") as database:
        for model, fresh in rows.items():
            name = model._meta.db_table
            where = {Incident: "id = %(id)s", Report: "incident_id = %(id)s", Entry: "about = %(id)s"}.get(
                model, "true"
            )
            columns = database.execute(
                "select attname, format_type(atttypid, null) from pg_attribute where attrelid = %s::regclass "
                "and attnum > 0 and not attisdropped order by attnum",
                [name],
            ).fetchall()
            texts = ", ".join(f'"{column}"::text' for column, _type in columns)
            row = database.execute(f"select {texts} from {name} where {where} limit 1", {"id": incident_id}).fetchone()
            places = [f"${len(values) + nr}::{type_}" for nr, (_column, type_) in enumerate(columns, 1)]
            values += [fresh.get(column, text) for (column, _type), text in zip(columns, row or (), strict=True)]
            names = ", ".join(f'"{column}"' for column, _type in columns)
            inserts.append(f"insert into {name} ({names}) values ({', '.join(places)})")
    *first, last = inserts
    sql = "with " + ", ".join(f"row{nr} as ({insert})" for nr, insert in enumerate(first)) + f" {last}"
    return {"kind": "sql", "dsn": post.url("owner"), "sql": sql, "values": values}


def check_what_was_declared() -> None:
    """Every declaration has its report, its entry and its answer, and no number is missing."""
    made = Incident.objects.filter(reference__startswith="DM-2")
    numbers = sorted(int(reference.rpartition("-")[2]) for reference in made.values_list("reference", flat=True))
    head = Head.objects.get()
    entries = Entry.objects.filter(kind="incidents.declared", seq__lte=head.seq).values("about").distinct().count()
    assert numbers == list(range(1, len(numbers) + 1)), "numbers are missing"
    assert entries == Report.objects.filter(incident__in=made).count() == len(numbers), "rows are missing"


# Listing -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Duty:
    """Who lists, and the bare condition that finds the same rows: the column's value is $1."""

    name: str
    token: str
    condition: str
    value: str


COLUMNS = """i.id, i.reference, i.title, i.status, i.priority, i.sensitivity, i.category_id, i.commune_id,
i.organisation_id, o.name, i.assignee_id, a.name, i.source, i.lat, i.lon, i.address, i.occurred_at, i.declared_at,
i.acknowledged_at, i.response_due, i.resolution_due, i.reports_count, i.merged_into_id, i.version"""
BARE = f"""select {COLUMNS} from incidents_incident i left join access_organisation o on o.id = i.organisation_id
left join access_person a on a.id = i.assignee_id
where {{condition}}{{after}} order by i.declared_at desc, i.id desc limit 50"""
AFTER = " and (i.declared_at, i.id) < ($2::timestamptz, $3::uuid)"


def duties() -> Iterator[Duty]:
    metropolis = Organisation.objects.get(key="dijon-metropole")
    lights = Organisation.objects.get(key="eclairage")
    _person, token = _city.machine(Role.BUILDING_SUPERVISOR, organisation=metropolis)
    yield Duty("whole post", token, "i.sensitivity = $1", "normal")
    _person, token = _city.machine(Role.COMMUNE_OFFICER, organisation=metropolis, communes=("21166",))
    yield Duty("one commune", token, "i.commune_id = $1 and i.sensitivity = 'normal'", "21166")
    _person, token = _city.machine(Role.CREW_LEADER, organisation=lights)
    yield Duty("one partner", token, "i.organisation_id = $1::uuid and i.sensitivity = 'normal'", str(lights.id))
    person, token = _city.machine(Role.CRISIS_MEMBER, organisation=metropolis)
    yield Duty("named people", token, "i.id = any($1::uuid[])", "{" + ",".join(_city.named(person, NAMED)) + "}")


def listing(post: Post) -> Iterator[Case]:
    for duty in duties():
        place = deep_place(post, duty)
        for page, after in (("first page", None), ("deep page", place)):
            cursor = cursor_of(*after) if after else ""
            request = http_request("GET", f"{PATH}?limit=50" + (f"&cursor={cursor}" if cursor else ""), duty.token)
            statement = BARE.format(condition=duty.condition, after=AFTER if after else "")
            limit = {"kind": "sql", "dsn": post.url("app"), "sql": statement, "values": [duty.value, *(after or ())]}
            check_same_page(post, request, limit, f"{duty.name}, {page}")
            yield Case(f"{duty.name}, {page}", CLIENTS, limit, http_job(post, request, status=200))


def deep_place(post: Post, duty: Duty) -> tuple[str, str]:
    """Where a page starts nine tenths down (half way for the few that somebody is named on)."""
    condition = duty.condition.replace("$1", "%(value)s")
    with post.connect("app") as database:
        counted = database.execute(
            f"select count(*) from incidents_incident i where {condition}", {"value": duty.value}
        )
        (size,) = counted.fetchone() or (0,)
        skip = size * 9 // 10 if size > 10 * NAMED else size // 2
        found = database.execute(
            "select i.declared_at, i.id from incidents_incident i "
            f"where {condition} order by i.declared_at desc, i.id desc offset %(skip)s limit 1",
            {"value": duty.value, "skip": skip},
        ).fetchone()
    if found is None:
        raise RuntimeError(f"nothing in sight of {duty.name}")
    return found[0].isoformat(), str(found[1])


def cursor_of(declared_at: str, id_: str) -> str:
    from datetime import datetime
    from uuid import UUID

    from incidents.api import filters
    from incidents.selectors import Place

    return filters.cursor_of(Place(datetime.fromisoformat(declared_at), UUID(id_))) or ""


def check_same_page(post: Post, request: str, limit: dict[str, Any], name: str) -> None:
    """Both sides must give the same incidents in the same order before their speed is worth anything."""
    ours = [row["id"] for row in json.loads(send(post, request))["results"]]
    texts = limit["sql"]
    for nr in range(len(limit["values"]), 0, -1):
        texts = texts.replace(f"${nr}", f"%({nr})s")
    with post.connect("app") as database:
        values = {str(nr): value for nr, value in enumerate(limit["values"], 1)}
        bare = [str(row[0]) for row in database.execute(texts, values).fetchall()]
    if ours != bare or not ours:
        raise RuntimeError(f"{name}: not the same page as the bare SQL ({len(ours)} and {len(bare)} rows)")
