"""`/reports/interventions/`: the figures as a page, with charts drawn here, and what the API gives of the same."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, cast
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe
from msgspec import Meta

from access.http import Request
from access.models import Organisation, Person
from access.pages import no_duty_page
from access.selectors import Access
from incidents.api.bodies import Strict
from incidents.api.filters import Insee
from incidents.ground import duty_line
from incidents.models import Category
from incidents.services.declaring import LOCAL
from incidents.services.handling import clock
from interventions import charts, selectors
from interventions.figures import GROUPS, Asked, Figures, figures
from interventions.models import Intervention
from interventions.permissions import Permission
from interventions.spreadsheet import MOST
from journal.api.errors import Malformed
from journal.api.parsing import read_query
from journal.errors import Invalid
from territory.models import Commune

PERIODS = (7, 30, 90, 365)  # days
SHOWN = 12  # bars of a chart
Branch = Annotated[str, Meta(pattern=r"^[a-z_]{1,40}$")]


class FiguresQuery(Strict, frozen=True, kw_only=True):
    """The last so many days, or from one day to another (both included, local dates); narrowed by lists."""

    days: Annotated[int, Meta(ge=1, le=3660)] = 30
    since: date | None = None
    until: date | None = None
    commune: tuple[Insee, ...] = ()
    category: tuple[Branch, ...] = ()
    organisation: tuple[UUID, ...] = ()

    def asked(self, now: datetime) -> Asked:
        """Raises Invalid when the period ends before it begins."""
        last = self.until or now.astimezone(LOCAL).date()
        first = self.since or last - timedelta(days=self.days - 1)
        if first > last or first.year < 2000 or last.year > 2100:
            raise Invalid(errors={"since": [_("The period ends before it begins.")]})
        spans = (datetime.combine(day, time(), LOCAL) for day in (first, last + timedelta(days=1)))
        since, until = spans
        return Asked(
            since=since, until=until, communes=self.commune, branches=self.category, organisations=self.organisation
        )


def interventions_behind(access: Access, asked: Asked) -> Iterable[Intervention]:
    """Those that the figures are about, oldest first, at most 50,000."""
    narrowed = selectors.Filters(
        since=asked.since, until=asked.until, commune=asked.communes, category=asked.branches,
        organisation=asked.organisations,
    )  # fmt: skip
    found = selectors.visible(access).filter(selectors.matching(narrowed))
    related = found.select_related("category", "commune", "organisation", "crew").order_by("created_at", "id")
    return related[:MOST].iterator(chunk_size=2000)


def labelled(found: dict[str, list[Figures]]) -> dict[str, tuple[str, list[tuple[str, Figures]]]]:
    """Each group's title and its lines under the names that people know."""
    communes = dict(Commune.objects.values_list("insee", "name"))
    branches = {one.key: one.label for one in Category.objects.filter(parent=None)}
    organisations = {str(key): name for key, name in Organisation.objects.values_list("id", "name")}
    titles = {
        "commune": (_("By commune"), communes), "branch": (_("By kind of work"), branches),
        "organisation": (_("By organisation"), {**organisations, "": _("Not dispatched")}),
        "day": (_("By day"), {one.key: date_format(date.fromisoformat(one.key), "D d/m") for one in found["day"]}),
    }  # fmt: skip
    return {
        name: (titles[name][0], [(titles[name][1].get(one.key, one.key), one) for one in found[name]])
        for name in GROUPS
    }


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    lines: list[tuple[str, Figures]]
    response: charts.Bars
    repair: charts.Bars


@require_safe
@never_cache
@gzip_page
def page(request: HttpRequest) -> HttpResponse:
    """The figures page; a query that says nothing sensible falls back to the last 30 days and says so."""
    asked_by = cast("Request", request)
    if not isinstance(asked_by.user, Person):
        return redirect_to_login(request.get_full_path())
    if not asked_by.access.holdings:
        return no_duty_page(request)
    if not asked_by.access.holds(Permission.SEE_FIGURES):
        raise PermissionDenied
    query, wrong = _query(request)
    asked = query.asked(clock())
    found = figures(access=asked_by.access, asked=asked)
    told = {"wrong": wrong, "query": request.GET.urlencode(), "duty_line": duty_line(asked_by.access)}
    context = {**_context(found, asked, query), **told}
    return render(request, "interventions/figures.html", context)


def _query(request: HttpRequest) -> tuple[FiguresQuery, bool]:
    try:
        query = read_query(cast("Any", _filled(request)), FiguresQuery)
        query.asked(clock())
    except (Malformed, Invalid):
        return FiguresQuery(), True
    return query, False


def _filled(request: HttpRequest) -> Any:
    """Without the fields that a form sends empty."""
    kept = request.GET.copy()
    for name in [name for name, values in kept.lists() if not any(values)]:
        del kept[name]
    return kept


def _context(found: dict[str, list[Figures]], asked: Asked, query: FiguresQuery) -> dict[str, Any]:
    groups = labelled(found)
    whole = found["all"][0] if found["all"] and found["all"][0].asked else None
    return {
        "whole": whole,
        "sections": [_section(*groups[name]) for name in ("organisation", "branch", "commune")],
        "days": charts.columns(_days(found["day"], asked)),
        "most": max((one.asked for one in found["day"]), default=0),
        "first": asked.since.date(),
        "last": (asked.until - timedelta(days=1)).date(),
        "periods": PERIODS,
        "chosen": query,
        "communes": Commune.objects.order_by("name"),
        "branches": Category.objects.filter(parent=None),
        "organisations": Organisation.objects.filter(crews__isnull=False).distinct(),
        "organisations_chosen": [str(one) for one in query.organisation],
        "plot": {
            "label": charts.LABEL,
            "width": charts.WIDTH,
            "days": charts.DAYS_HEIGHT,
            "days_width": charts.DAYS_WIDTH,
        },
    }


def _section(title: str, lines: list[tuple[str, Figures]]) -> Section:
    return Section(
        title,
        lines,
        charts.bars(_measured(lines, "response")),
        charts.bars(_measured(lines, "repair")),
    )


def _measured(lines: Sequence[tuple[str, Figures]], clock_: str) -> list[tuple[str, float, float, str]]:
    rows = []
    for label, one in lines:
        median, p90 = getattr(one, f"{clock_}_p50"), getattr(one, f"{clock_}_p90")
        if median is not None and p90 is not None:
            words = _("half within %(p50)d min, nine in ten within %(p90)d min") % {"p50": median, "p90": p90}
            rows.append((label, median, p90, words))
    return rows[:SHOWN]


def _days(found: Sequence[Figures], asked: Asked) -> list[tuple[str, str, int, int]]:
    """Every day of the period, those on which nothing was asked for included."""
    known = {one.key: one for one in found}
    first, number = asked.since.date(), (asked.until.date() - asked.since.date()).days
    return [_day(day, known.get(day.isoformat())) for day in (first + timedelta(days=n) for n in range(number))]


def _day(day: date, one: Figures | None) -> tuple[str, str, int, int]:
    asked, late = (one.asked, one.late) if one else (0, 0)
    words = ngettext("%(n)d intervention", "%(n)d interventions", asked) % {"n": asked}
    behind = _("%(n)d late on site") % {"n": late}
    return date_format(day, "d/m"), f"{date_format(day, 'D d/m')} : {words}, {behind}", asked, late
