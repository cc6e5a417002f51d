"""A city's archive for the list: incidents of years, made by PostgreSQL itself within seconds."""

from __future__ import annotations

from datetime import timedelta

from django.db.models.functions import Now
from oauth2_provider.models import AccessToken
from psycopg import Connection, sql

from access import keys, registry
from access.models import Duty, Organisation, Person
from access.roles import Role
from bench import Post, progress
from incidents.models import Incident

OWN_INDEXES = """select indexname, indexdef from pg_indexes where tablename = 'incidents_incident' and indexname not in
(select conname from pg_constraint where conrelid = 'incidents_incident'::regclass)"""

# Communes by size, categories by rank; one in two hundred is restricted; the newest are open.
FILL = """
insert into incidents_incident (id, reference, title, status, priority, sensitivity, source, lat, lon, address,
  occurred_at, declared_at, acknowledged_at, response_due, resolution_due, reports_count, from_public, audiences, search,
  version, category_id, commune_id, organisation_id)
with kinds as (select array_agg(key order by key) as keys, array_agg(organisation_id order by key) as owners,
               count(*)::int as size from incidents_category where parent_id is not null),
towns as (select array_agg(insee order by population desc) as codes, count(*)::int as size from territory_commune),
dice as materialized (select nr, gen_random_uuid() as id, now() - nr * interval '90 s' - random() * interval '80 s' as at,
  power(random(), 3) as town, power(random(), 2) as kind, random() as state, random() as secret
  from generate_series(1, {size}) nr),
rows as (select *, keys[1 + floor(kind * kinds.size)::int] as key, owners[1 + floor(kind * kinds.size)::int] as owner,
         codes[1 + floor(town * towns.size)::int] as commune, secret < 0.005 as restricted from dice, kinds, towns)
select id, 'DM-L-' || lpad(nr::text, 7, '0'), '',
  case when nr < 20000 and state < 0.5 then 'declared' when state < 0.95 then 'closed' else 'cancelled' end,
  'P' || (1 + floor(state * 4))::int, case when restricted then 'restricted' else 'normal' end, 'operator',
  47.3 + state * 0.05, 5.0 + secret * 0.08, nr % 120 || ' rue de la Liberté', at, at, at + interval '5 min',
  at + interval '1 hour', at + interval '2 days', 1, false,
  case when restricted then array['incident:' || id, 'restricted']
       else array_remove(array['commune:' || commune, 'organisation:' || owner, 'post'], null) end,
  'dm l ' || lpad(nr::text, 7, '0') || ' ' || nr % 120 || ' rue de la liberte', 1, key, commune, owner from rows
"""


def fill(post: Post, size: int) -> None:
    """Insert `size` incidents, indexes dropped meanwhile and made again."""
    with post.connect("superuser" if post.postgres else "owner") as database:
        database.execute("set maintenance_work_mem = '512MB'; set synchronous_commit = off")
        if post.postgres:
            database.execute("set session_replication_role = replica")  # every reference is right by construction
        indexes = database.execute(OWN_INDEXES).fetchall()
        for name, _definition in indexes:
            database.execute(sql.SQL("drop index {}").format(sql.Identifier(name)))
        database.execute(FILL.format(size=size))
        for _name, definition in progress(indexes, "indexes"):
            database.execute(definition)
        _settle(database)


def _settle(database: Connection[tuple[object, ...]]) -> None:
    database.execute("vacuum analyze incidents_incident")
    database.execute("checkpoint")


def machine(role: Role, *, organisation: Organisation, communes: tuple[str, ...] = ()) -> tuple[Person, str]:
    """A machine with one duty, and a bearer token with every scope."""
    person = Person.objects.create_user(
        f"bench-{role}", name=f"Bench {role}", organisation=organisation, kind=Person.Kind.MACHINE
    )
    Duty.objects.create(
        person=person,
        role=role,
        organisation=organisation,
        communes=list(communes),
        valid_from=Now() - timedelta(days=1),
    )
    client, _secret = keys.create_client(person=person, name="bench", scopes=sorted(registry.scopes()), by=None)
    token = f"bench-token-of-{role}"
    AccessToken.objects.create(
        user=person, application=client, token=token, scope=" ".join(client.scopes), expires=Now() + timedelta(days=1)
    )
    return person, token


def named(person: Person, how_many: int) -> list[str]:
    """Name somebody on so many restricted incidents, spread over the years; their ids."""
    from guardian.shortcuts import assign_perm

    chosen = Incident.objects.filter(sensitivity="restricted").order_by("id")[:how_many]
    for incident in chosen:
        assign_perm("incidents.see_incident", person, incident)
    return [str(incident.id) for incident in chosen]
