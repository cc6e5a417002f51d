"""Two programs over real HTTP: the post's own server and relay, and the simulated room with its own schema."""

from datetime import datetime, timedelta
from uuid import uuid4

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db.models.functions import Now
from pytest_django import Settings

from access.roles import Role
from access.selectors import access_of
from incidents.calendars import LOCAL
from journal.errors import WrongState
from journal.models import Entry
from notifications import timers
from notifications.models import Timer
from prefecture import peer, selectors, services
from prefecture.models import Instruction, Link, LinkState, Message
from prefecture.services import relaying
from prefecture.sim import desk, speaking
from prefecture.sim.door import Asked
from prefecture.wire import signing
from prefecture.wire.envelope import GENERAL
from prefecture.wire.kinds import Kind
from tests import cast
from tests.incidents.api.calling import Api
from tests.prefecture import world
from tests.prefecture.pair import CRISIS, Pair


def due_now() -> None:
    Message.objects.filter(state="queued").update(due_at=Now())
    Link.objects.update(next_test_at=Now())


def test_a_message_leaves_is_received_integrated_and_read(pair: Pair) -> None:
    sent = pair.ours()
    pair.both_relay()
    sent.refresh_from_db()
    assert sent.state == "delivered"
    assert sent.integrated_at is not None
    assert sent.read_at is None
    assert {"Signature", "Signature-Input"} <= set(sent.signature)
    assert sent.answer["document"]["step"] == "received"
    assert "Signature" in sent.answer["proof"]
    (row,) = pair.there()
    assert bytes(row["raw"]) == bytes(sent.raw)
    pair.sim.room.read(row["id"])
    pair.sim.room.relay()
    sent.refresh_from_db()
    assert sent.reader == "Permanence COD"
    assert not Timer.objects.filter(about=sent.id, cancelled_at=None).exists()
    kinds_told = list(Entry.objects.filter(about=sent.id).order_by("seq").values_list("kind", flat=True))
    assert kinds_told == [
        "prefecture.sent",
        "prefecture.delivered",
        "prefecture.acknowledged",
        "prefecture.acknowledged",
    ]


def test_an_instruction_comes_is_read_and_carried_out(pair: Pair) -> None:
    director = cast.person(Role.CRISIS_DIRECTOR, name="C. Morel")
    pair.sim.room.say(Kind.INSTRUCTION, world.instruction(), CRISIS)
    pair.sim.room.relay()
    one = Instruction.objects.get()
    services.read(message_id=one.message_id, by=director)
    services.read(message_id=one.message_id, by=director)
    relaying.relay()
    row = pair.sim.store.row("select * from message where direction = 'out' and kind = 'instruction'") or {}
    assert (row["state"], row["reader"]) == ("delivered", "C. Morel")
    assert row["integrated_at"] is not None
    assert services.say_done(instruction_id=one.id, by=director).status == "done"
    reply = world.measure(answers=str(one.message.message_id))
    services.send(kind="measure_taken", payload=reply, by=director, crisis=CRISIS)
    relaying.relay()
    assert pair.there()[0]["answers"] == one.message.message_id


def test_the_link_is_cut_and_restored_and_nothing_is_lost(pair: Pair) -> None:
    relaying.relay()
    assert selectors.link().state == "up"
    pair.sim.store.behave(down=True)
    sent = [pair.ours() for _ in range(5)]
    assert relaying.relay() == 0
    assert selectors.link().state == "down"
    assert selectors.link().waiting == 5
    assert not pair.there()
    assert Message.objects.filter(state="queued", attempts=1).count() == 1  # the others wait behind it
    pair.sim.store.behave(down=False)
    due_now()
    relaying.relay()
    assert [row["message_id"] for row in pair.there()] == [one.message_id for one in sent]
    link = selectors.link()
    assert (link.state, link.waiting) == ("up", 0)
    changes = Entry.objects.filter(kind="prefecture.link_changed").order_by("seq")
    assert [one.data.split('"state":"')[1].split('"')[0] for one in changes] == ["up", "down", "up"]


def test_everyone_on_duty_hears_how_the_link_is(pair: Pair) -> None:
    people = [cast.person(role) for role in Role if role is not Role.CITIZEN_GATEWAY]
    relaying.relay()
    (told,) = Entry.objects.filter(kind="prefecture.link_changed")
    deaf = [person.login for person in people if not access_of(person).sees(told.audiences)]
    assert deaf == []
    outsider = cast.person(None)
    assert not access_of(outsider).sees(told.audiences)


def test_without_a_test_for_three_minutes_nobody_knows_how_the_link_is(pair: Pair, settings: Settings) -> None:
    """Worked out as it is shown, whatever state the last worker left behind."""
    settings.PREFECTURE_PHONE = "03 80 44 64 00"
    reader = Api(cast.person(Role.CALL_TAKER))

    def shown() -> tuple[str, str]:
        page = reader.client.get("/on-call/", headers={"Accept-Language": "en"}).content.decode()
        told = reader.get("/prefecture/link/").json()
        assert f'data-state="{told["state"]}"' in page
        return told["state"], told["since"]

    for state in (LinkState.UP, LinkState.SLOW, LinkState.DOWN):
        relaying.relay()
        Link.objects.update(state=state, tested_at=Now() - timedelta(seconds=170))
        assert shown()[0] == state
        Link.objects.update(tested_at=Now() - timedelta(seconds=181))
        tested = Link.objects.get().tested_at
        assert tested is not None
        told, since = shown()
        assert (told, msgspec.convert(since, datetime)) == ("unknown", tested)
        page = reader.client.get("/on-call/", headers={"Accept-Language": "en"}).content.decode()
        assert f"Prefecture link unknown since {tested.astimezone(LOCAL):%H:%M}" in page
        assert Link.objects.get().state == state, "what the last worker saw stays written"
    due_now()
    relaying.relay()
    assert shown()[0] == "up"


def test_a_slow_link_is_called_slow(pair: Pair, settings: Settings) -> None:
    settings.PREFECTURE_SLOW_SECONDS = 0.0
    relaying.relay()
    assert selectors.link().state == "slow"


def test_a_lost_answer_is_asked_again_and_applied_once(pair: Pair) -> None:
    sent = pair.ours()
    other_side = peer.peer()
    assert other_side is not None
    other_side.post(bytes(sent.raw), distribution=str(sent.distribution_id))  # and nobody heard the answer
    relaying.relay()
    sent.refresh_from_db()
    assert sent.state == "delivered"
    assert len(pair.there()) == 1


def test_a_relay_that_died_leaves_a_lease_that_ends(pair: Pair) -> None:
    sent = pair.ours()
    assert relaying.claim() == sent
    assert relaying.claim() is None
    assert relaying.relay() == 0  # another one is at work
    Message.objects.update(leased_until=Now())
    assert relaying.relay() == 1


def test_a_refusal_is_a_dead_letter_and_goes_out_anew(pair: Pair) -> None:
    coordinator = cast.person(Role.INTERVENTION_COORDINATOR)
    pair.sim.store.behave(refuses=704)
    sent = pair.ours()
    after = pair.ours()
    relaying.relay()
    sent.refresh_from_db()
    assert (sent.state, sent.failure[:4]) == ("refused", "704:")
    pair.sim.store.behave(refuses=0)
    made = services.send_again(message_id=sent.id, by=coordinator)
    relaying.relay()
    for one in (made, after):
        one.refresh_from_db()
    assert (made.state, made.sequence, after.state) == ("delivered", 3, "refused")
    with pytest.raises(WrongState):
        services.send_again(message_id=sent.id, by=coordinator)


def test_not_integrated_and_not_read_in_time_raise_an_alarm(pair: Pair) -> None:
    sent = pair.ours()
    Timer.objects.filter(key=f"prefecture:integrated:{sent.id}").update(due_at=Now())
    timers.sweep()
    sent.refresh_from_db()
    assert sent.alarm == "not_integrated"
    entry = Entry.objects.get(kind="prefecture.alarmed")
    assert '"phone":"03 80 00 00 00"' in entry.data
    pair.both_relay()
    sent.refresh_from_db()
    assert sent.alarm == ""
    Timer.objects.filter(key=f"prefecture:read:{sent.id}").update(due_at=Now())
    timers.sweep()
    sent.refresh_from_db()
    assert sent.alarm == "not_read"


def test_an_instruction_not_carried_out_in_time_is_late(pair: Pair) -> None:
    pair.sim.room.say(Kind.INSTRUCTION, world.instruction(due_at=world.soon(-1)), CRISIS)
    pair.sim.room.relay()
    timers.sweep()
    assert Instruction.objects.get().late is True
    assert Entry.objects.filter(kind="prefecture.instruction_late").count() == 1


def test_a_lively_room_answers_an_activation(pair: Pair) -> None:
    pair.sim.store.behave(lively=True, reads_after=0.0)
    body = {"title": "Crue", "plan": "PICS", "level": "alert", "openedAt": world.soon(), "director": "C. Morel"}
    activation = services.send(kind="crisis_activation", payload=body, by=None, crisis=CRISIS)
    relaying.relay()
    pair.sim.store.do("update message set received_at = received_at - interval '1 minute'")
    for _twice in range(2):
        speaking.respond(pair.sim.room)
        pair.sim.room.read_alone()
        pair.sim.room.relay()
    assert sorted(Message.objects.filter(direction="in").exclude(kind="ack").values_list("kind", flat=True)) == [
        "cod_activation", "instruction",
    ]  # fmt: skip
    activation.refresh_from_db()
    assert activation.read_at is not None
    assert selectors.titles([CRISIS]) == {CRISIS: "Crue"}


def test_only_a_signed_answer_of_the_other_side_counts(pair: Pair, settings: Settings) -> None:
    sent = pair.ours()
    settings.PREFECTURE_PEER_KEYS = [f"cod-1|{signing.public_text(Ed25519PrivateKey.generate())}"]
    assert relaying.relay() == 0
    sent.refresh_from_db()
    assert (sent.state, "not signed" in sent.failure) == ("queued", True)
    assert len(pair.there()) <= 1


def test_the_other_side_writes_to_a_crisis_unless_told_otherwise(pair: Pair) -> None:
    for crisis in (CRISIS, GENERAL):
        pair.sim.room.say(Kind.INSTRUCTION, world.instruction(number=f"COD-{crisis}"), crisis)
    asked = Asked("GET", f"{pair.sim.url}/", "/", "", {}, b"")
    page = desk.answer(pair.sim.room, asked).body.decode()
    assert page.index(f'value="{CRISIS}"') < page.index(f'value="{GENERAL}"')


def test_a_redirect_is_not_followed_and_other_hosts_are_not_called(pair: Pair) -> None:
    other_side = peer.peer()
    assert other_side is not None
    with pytest.raises(peer.Unreachable, match="configured"):
        other_side._send("GET", "http://example.org/", {}, None)
    with pytest.raises(peer.Unreachable, match="elsewhere"):  # the page answers a form with a redirect
        other_side._send("POST", f"{pair.sim.url}/read", {"Origin": pair.sim.url}, f"message={uuid4()}".encode())
