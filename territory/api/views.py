"""Where: communes, and places by what somebody typed."""

from typing import Annotated

import msgspec
from django.utils.translation import gettext as _
from msgspec import Meta

from access.api.base import Call, Open, View, endpoint
from access.api.serializers import NoQuery
from journal.api.answers import answer
from journal.api.errors import Malformed
from journal.idempotency import Answer
from territory.models import Commune
from territory.selectors import PlaceHit, communes, search_places

Lat = Annotated[float, Meta(ge=-90, le=90)]
Lon = Annotated[float, Meta(ge=-180, le=180)]


class CommuneShape(msgspec.Struct, frozen=True):
    insee: str
    name: str
    postcodes: list[str]
    population: int
    lat: float
    lon: float


class CommunesShape(msgspec.Struct, frozen=True):
    results: list[CommuneShape]


class PlacesShape(msgspec.Struct, frozen=True):
    results: list[PlaceHit]


class PlacesQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`q`: what somebody typed; `lat`, `lon`: prefer what is near."""

    q: Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\u0000]*$")]
    limit: Annotated[int, Meta(ge=1, le=50)] = 10
    lat: Lat | None = None
    lon: Lon | None = None


class CommunesView(View):
    @endpoint("The communes of the metropolis", right=Open.SIGNED_IN, answer=CommunesShape)
    def get(self, call: Call) -> Answer:
        call.query(NoQuery)
        return answer(CommunesShape([_commune(one) for one in communes().defer("outline")]))


def _commune(one: Commune) -> CommuneShape:
    return CommuneShape(
        insee=one.insee,
        name=one.name,
        postcodes=one.postcodes,
        population=one.population,
        lat=one.town_hall_lat,
        lon=one.town_hall_lon,
    )


class PlacesView(View):
    @endpoint("Places and addresses by words", right=Open.SIGNED_IN, query=PlacesQuery, answer=PlacesShape)
    def get(self, call: Call) -> Answer:
        asked = call.query(PlacesQuery)
        if (asked.lat is None) != (asked.lon is None):
            raise Malformed(errors={"lat": [_("Give lat and lon together.")]})
        near = (asked.lat, asked.lon) if asked.lat is not None and asked.lon is not None else None
        return answer(PlacesShape(search_places(asked.q, asked.limit, near)))
