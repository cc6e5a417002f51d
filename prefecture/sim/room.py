"""What the simulated room does: takes messages, acknowledges them, speaks, relays, and behaves as it is told."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from threading import Event
from typing import Any
from uuid import UUID, uuid4

import structlog
from psycopg import OperationalError
from psycopg.errors import UniqueViolation

from prefecture.peer import Answer, Peer, Unreachable
from prefecture.sim import store as stored
from prefecture.sim.store import Store
from prefecture.wire import envelope, errors
from prefecture.wire.envelope import GENERAL, Parcel
from prefecture.wire.kinds import BODIES, FROM_POST, UNNUMBERED, Kind
from prefecture.wire.shapes import Strict
from prefecture.wire.times import instant, stamp

log = structlog.get_logger(__name__)
LIVES = timedelta(days=7)
LEASE_SECONDS, TICK_SECONDS, TEST_SECONDS = 30, 0.5, 60.0
_CLAIM = """
with next as (
  select m.id from message m where m.direction = 'out' and m.state = 'queued' and m.due_at <= now()
    and coalesce(m.leased_until, '-infinity') < now() and (m.sequence is null or not exists (
      select 1 from message e where e.direction = 'out' and e.crisis = m.crisis and e.sequence < m.sequence
        and e.state in ('queued', 'dead')))
  order by m.due_at, m.created_at, m.id limit 1 for update skip locked)
update message m set leased_until = now() + make_interval(secs => %s), attempts = attempts + 1
from next where m.id = next.id returning m.*"""
Receipt = tuple[int, dict[str, Any]]


@dataclass
class Room:
    """One simulated room. `parties`: its own and the post's names as they stand in a message of its own."""

    store: Store
    parties: dict[str, Any]
    peer: Peer | None
    officer: str = "Permanence COD"
    habits: tuple[Callable[["Room"], None], ...] = ()  # what it does of its own accord, at every turn

    @property
    def ours(self) -> str:
        return str(self.parties["sender"].URI)

    @property
    def theirs(self) -> str:
        return str(self.parties["recipient"][0].URI)

    # In ---------------------------------------------------------------------------------------------------------------

    def take(self, raw: bytes, key: str) -> Receipt:
        """One distribution of the post: the receipt. Raises the problems of the contract."""
        parcel = envelope.read(raw)
        if key != str(parcel.envelope.distributionID):
            raise errors.SenderInconsistent("The Idempotency-Key is not the distributionID.")
        if parcel.envelope.senderID != self.theirs:
            raise errors.UnknownSender("This senderID is not known here.")
        if parcel.kind is Kind.LINK_TEST:
            return 200, self._told(parcel)
        try:
            return self._stored(parcel)
        except UniqueViolation:
            return self._stored(parcel)

    def _stored(self, parcel: Parcel) -> Receipt:
        with self.store.writing() as db:
            numbered = parcel.kind not in UNNUMBERED
            end = stored.channel(db, "in", parcel.crisis) if numbered else {"last": 0}
            known = db.execute(
                "select digest, answer from message where direction = 'in' and distribution_id = %s",
                (parcel.envelope.distributionID,),
            ).fetchone()
            if known is not None:
                if known["digest"] != parcel.digest:
                    raise errors.AlreadyThere("This distributionID was used before with another content.")
                return known["answer"]["status"], known["answer"]["document"]
            if numbered and parcel.message.sequence != end["last"] + 1:
                raise errors.WrongSequence(f"Number {end['last'] + 1} comes next here.", expected=end["last"] + 1)
            return self._new(db, parcel, numbered=numbered)

    def _new(self, db: Any, parcel: Parcel, *, numbered: bool) -> Receipt:
        now, problem = stored.now(db), self._fault(parcel)
        if problem is None and parcel.expires_at <= now:
            problem = errors.Expired("dateTimeExpires has passed.")
        status, document, state = 201, self._told(parcel), "accepted"
        if problem is not None:
            status, state = problem.status, "expired" if problem.code == 400 else "refused"
            document = {"code": problem.code, "detail": problem.detail, "title": problem.title, "recorded": True}
            if not numbered:
                raise problem
        answer = {"status": status, "document": document}
        applied = now if problem is None else None
        stored.insert(db, "in", parcel, state, answer=answer, received_at=now, integrated_at=applied)
        if problem is None and numbered:
            self._say(db, Kind.ACK, self._ack(parcel.envelope.distributionID, "integrated", now), parcel.crisis)
        elif problem is None and parcel.kind is Kind.ACK:
            self._acknowledged(db, parcel.message.body)
        elif problem is None and parcel.kind is Kind.ERROR:
            told = parcel.message.body
            failed = (
                "update message set state = 'refused', failure = %s where direction = 'out' and distribution_id = %s"
            )
            db.execute(failed, [f"{told.code}: {told.detail}", told.refers])
        return status, document

    def _fault(self, parcel: Parcel) -> errors.LinkProblem | None:
        refuses = self.store.behaviour().refuses
        if refuses and parcel.kind in FROM_POST:
            return errors.CODES[refuses]("Refused, as the simulator was told to.")
        if parcel.kind in FROM_POST or parcel.kind in (Kind.ACK, Kind.ERROR):
            return None
        return errors.InvalidMessage("This kind of message is not for this side to receive.")

    def _told(self, parcel: Parcel) -> dict[str, Any]:
        with self.store.writing() as db:
            at = stored.now(db)
        return {"distributionID": str(parcel.envelope.distributionID), "step": "received", "at": stamp(at)}

    def _acknowledged(self, db: Any, body: Any) -> None:
        at = instant(body.at)
        fields = "integrated_at = coalesce(integrated_at, %s)"
        values: list[Any] = [at]
        if body.step == "read":
            fields += ", read_at = coalesce(read_at, %s), reader = %s"
            values += [at, body.by]
        db.execute(
            f"update message set {fields}, state = 'delivered' where direction = 'out' and distribution_id = %s",  # noqa: S608
            [*values, body.acknowledges],
        )

    # Out --------------------------------------------------------------------------------------------------------------

    def say(self, kind: Kind, body: Strict, crisis: UUID = GENERAL) -> UUID:
        """Put a message to the post into the outbox; its row's id."""
        with self.store.writing() as db:
            return self._say(db, kind, body, crisis)

    def _say(self, db: Any, kind: Kind, body: Strict, crisis: UUID) -> UUID:
        sequence = None if kind in UNNUMBERED else stored.channel(db, "out", crisis)["last"] + 1
        at = stored.now(db)
        parcel = envelope.compose(
            distribution=uuid4(), message=uuid4(), kind=kind, body=body, sent=at, expires=at + LIVES, exercise=False,
            parties=self.parties, crisis=crisis, sequence=sequence,
        )  # fmt: skip
        return stored.insert(db, "out", parcel, "queued", due_at=at)

    def _ack(self, distribution: UUID, step: str, at: Any, by: str = "") -> Strict:
        return BODIES[Kind.ACK](acknowledges=distribution, step=step, at=stamp(at), by=by)

    def read(self, id_: UUID) -> None:
        """The officer has read a message of the post; once."""
        with self.store.writing() as db:
            at = stored.now(db)
            row = db.execute(
                "update message set read_at = %s, reader = %s where id = %s and direction = 'in' and read_at is null "
                "and state = 'accepted' and sequence is not null returning distribution_id, crisis",
                (at, self.officer, id_),
            ).fetchone()
            if row is not None:
                self._say(db, Kind.ACK, self._ack(row["distribution_id"], "read", at, self.officer), row["crisis"])

    # The relay --------------------------------------------------------------------------------------------------------

    def run(self, stop: Event) -> None:
        """Relay, test the link, read by itself if told, until `stop`. Survives a database that goes away."""
        tested = 0.0
        while not stop.wait(TICK_SECONDS):
            try:
                if time.monotonic() - tested > TEST_SECONDS and self.test():
                    tested = time.monotonic()
                self.relay()
                self.read_alone()
                for habit in self.habits:
                    habit(self)
            except OperationalError as trouble:
                log.warning("the simulated room's database does not answer", why=str(trouble))

    def relay(self) -> int:
        """Send what is due; returns how many were settled."""
        done = 0
        while self.peer is not None and not self.store.behaviour().down:
            row = self.store.row(_CLAIM, LEASE_SECONDS)
            if row is None or not self._attempt(row, self.peer):
                break
            done += 1
        return done

    def _attempt(self, row: dict[str, Any], peer: Peer) -> bool:
        try:
            answer = peer.post(bytes(row["raw"]), distribution=str(row["distribution_id"]))
        except Unreachable as trouble:
            self._put_off(row, str(trouble))
            return False
        return self._settle(row, answer)

    def _settle(self, row: dict[str, Any], answer: Answer) -> bool:
        code, expected = answer.document.get("code"), answer.document.get("expected")
        behind = code == 702 and isinstance(expected, int) and row["sequence"] and expected > row["sequence"]
        if answer.status < 300 or behind:
            state = "delivered"
        elif answer.document.get("recorded") is True:
            state = "expired" if code == 400 else "refused"
        elif answer.status >= 500 or code in (None, 702):
            self._put_off(row, f"HTTP {answer.status}")
            return False
        else:
            state = "dead"
        failure = "" if state == "delivered" else str(answer.document.get("detail", ""))[:300]
        self.store.do(
            "update message set state = %s, due_at = null, leased_until = null, failure = %s, "
            "received_at = coalesce(received_at, now()) where id = %s and state = 'queued'",
            *(state, failure, row["id"]),
        )
        return True

    def _put_off(self, row: dict[str, Any], why: str) -> None:
        pause = min(2.0 ** min(row["attempts"], 8), 60.0) * random.uniform(0.5, 1.5)  # noqa: S311
        self.store.do(
            "update message set due_at = now() + make_interval(secs => %s), leased_until = null, failure = %s "
            "where id = %s and state = 'queued'",
            *(pause, why[:300], row["id"]),
        )

    def test(self) -> bool:
        """A link test of its own; when the post answers, nobody waits for a pause any more."""
        if self.peer is None or self.store.behaviour().down:
            return False
        with self.store.writing() as db:
            at = stored.now(db)
        parcel = envelope.compose(
            distribution=uuid4(), message=uuid4(), kind=Kind.LINK_TEST, body=BODIES[Kind.LINK_TEST](), sent=at,
            expires=at + timedelta(minutes=1), exercise=False, parties=self.parties,
        )  # fmt: skip
        try:
            answer = self.peer.post(parcel.raw, distribution=str(parcel.envelope.distributionID))
        except Unreachable:
            return False
        self.store.do("update message set due_at = now() where state = 'queued' and due_at > now()")
        return answer.status < 300

    def read_alone(self) -> None:
        """As the behaviour says, the officer reads by itself after a while."""
        after = self.store.behaviour().reads_after
        if after is None:
            return
        waiting = self.store.rows(
            "select id from message where direction = 'in' and state = 'accepted' and read_at is null "
            "and sequence is not null and received_at < now() - make_interval(secs => %s) order by received_at limit 20",
            after,
        )
        for row in waiting:
            self.read(row["id"])
