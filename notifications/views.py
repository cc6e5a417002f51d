"""One's own messages, how one is reached, and the page behind a one-time link."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.contrib.staticfiles import finders
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from access.http import PersonRequest
from access.models import Person
from journal.api.pages import cursor_parts, cursor_text
from journal.errors import NotFound, Problem
from notifications import acks, links, services
from notifications.channels.webpush import application_key
from notifications.forms import ContactForm
from notifications.models import Contact, Delivery, Message, PushSubscription, State
from notifications.pages import done, page, shown
from notifications.permissions import Permission
from notifications.selectors import own_messages, unread
from notifications.wording import WHY

PAGE = 30


@dataclass(frozen=True, slots=True)
class Way:
    """One delivery in words."""

    channel: str
    state: str
    words: str
    why: str


@page(Permission.RECEIVE)
def mine(request: PersonRequest) -> HttpResponse:
    """`/notifications/`: what I was told, and how I am reached."""
    if request.method == "POST":
        return ACTS.get(request.POST.get("act", ""), _nothing)(request)
    return _page(request, ContactForm(None, _contact(request.user)))


def _page(request: PersonRequest, form: ContactForm, status: int = 200) -> HttpResponse:
    before = request.GET.get("before", "")
    rows = Prefetch("deliveries", Delivery.objects.exclude(state=State.SPARED, why="").order_by("place"))
    found = list(
        own_messages(request.user, before=cursor_parts(before) if before else None).prefetch_related(rows)[: PAGE + 1]
    )
    shown_ones = [(one, [_way(row) for row in one.deliveries.all()], _does(one)) for one in found[:PAGE]]
    last = found[PAGE - 1] if len(found) > PAGE else None
    context = {
        "messages_shown": shown_ones, "older": cursor_text(last.told_at, last.id) if last else "", "form": form,
        "unread": unread(request.user), "browsers": PushSubscription.objects.filter(person=request.user),
        "push_key": application_key(), "gateway_page": settings.GATEWAY_URL if settings.GATEWAY_HAS_PAGE else "",
    }  # fmt: skip
    answer = shown(request, "notifications/mine.html", context)
    answer.status_code = status
    return answer


def _way(row: Delivery) -> Way:
    return Way(str(row.get_channel_display()), row.state, str(row.get_state_display()), str(WHY.get(row.why, row.why)))


def _does(message: Message) -> str:
    """What acknowledging it does, where that is still to be done."""
    return acks.says(message) if message.wants_ack and message.acknowledged_at is None else ""


def _contact(person: Person) -> Contact:
    return Contact.objects.filter(person=person).first() or Contact(person=person)


def _id(request: PersonRequest) -> UUID:
    try:
        return UUID(request.POST.get("id", ""))
    except ValueError as error:
        raise NotFound from error


def _acknowledge(request: PersonRequest) -> HttpResponse:
    message = services.acknowledge(message_id=_id(request), by=request.user)
    return done(request, _("Acknowledged: %(subject)s") % {"subject": message.subject})


def _read(request: PersonRequest) -> HttpResponse:
    services.mark_read(message_id=_id(request), by=request.user)
    return done(request, _("Marked as read."))


def _read_all(request: PersonRequest) -> HttpResponse:
    count = services.mark_all_read(by=request.user)
    return done(
        request, ngettext("%(n)d message marked as read.", "%(n)d messages marked as read.", count) % {"n": count}
    )


def _save(request: PersonRequest) -> HttpResponse:
    form = ContactForm(request.POST, _contact(request.user))
    if not form.is_valid():
        return _page(request, form, status=422)
    services.save_contact(wishes=form.wishes(), by=request.user, version=form.cleaned_data["version"])
    return done(request, _("Saved. This is how you are reached from now on."))


def _try_out(request: PersonRequest) -> HttpResponse:
    services.try_out(by=request.user)
    return done(request, _("A test is on its way, as something vital would be."))


def _unsubscribe(request: PersonRequest) -> HttpResponse:
    services.unsubscribe(subscription_id=_id(request), by=request.user)
    return done(request, _("This browser is no longer notified."))


def _nothing(request: PersonRequest) -> HttpResponse:
    raise NotFound


ACTS: dict[str, Callable[[PersonRequest], HttpResponse]] = {
    "acknowledge": _acknowledge, "read": _read, "read_all": _read_all, "save": _save, "try": _try_out,
    "unsubscribe": _unsubscribe,
}  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one_time(request: HttpRequest, token: str) -> HttpResponse:
    """`/m/…/`: what a message says, what acknowledging it will do, and a button that does it. Looking does nothing, so
    that a mail filter that opens links acknowledges nothing."""
    message = links.message_of(token)
    if message is None or not message.wants_ack:
        return render(request, "notifications/link_over.html", status=404)
    with override(message.person.language):
        problem = _answer(message) if request.method == "POST" else ""
        message.refresh_from_db()
        context = {"message": message, "does": acks.says(message), "problem": problem}
        return render(request, "notifications/link.html", context, status=409 if problem else 200)


def _answer(message: Message) -> str:
    """Acknowledge it as its person; what refuses, in words."""
    try:
        services.acknowledge(message_id=message.id, by=message.person, channel="link")
    except Problem as refusal:
        return _(refusal.detail)
    return ""


@require_safe
def push_worker(request: HttpRequest) -> HttpResponse:
    """The script that shows notifications while no page is open. It stands at the top, so that it is for all pages."""
    found = finders.find("js/push-worker.js")
    if found is None:
        raise Http404
    content = Path(str(found)).read_bytes()
    return HttpResponse(content, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})
