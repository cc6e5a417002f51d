"""What came of a drill. Reads only."""

from dataclasses import dataclass

from notifications.models import Delivery, Drill, Message, Rota, State
from notifications.on_call import clock
from notifications.wording import WHY


@dataclass(frozen=True, slots=True)
class Line:
    """One rota of a drill. `state`: answered, late, waiting, silent, spared (the shift was over before the call left, so
    that nobody rang), or nobody (on call). `seconds` until the answer;
    `tried`: what the channels say."""

    rota: Rota
    name: str
    state: str
    channel: str
    seconds: float | None
    tried: list[Delivery]


@dataclass(frozen=True, slots=True)
class DrillResult:
    """`called` and `reached` count people, without those who were `spared`; `unmanned` rotas."""

    drill: Drill
    lines: list[Line]
    running: bool
    called: int
    reached: int
    unmanned: int
    spared: int

    @property
    def waiting(self) -> bool:
        return any(line.state == "waiting" for line in self.lines)


def result_of(drill: Drill) -> DrillResult:
    """As it stands now: three queries."""
    running = not drill.closed and clock() < drill.ends_at
    calls = drill.calls.select_related("rota", "message__person").prefetch_related("message__deliveries")
    lines = [_line(drill, call.rota, call.message, running=running) for call in calls.order_by("rota__name")]
    people = {call.message.person_id: call.message for call in calls if call.message}
    states = [state_of(drill, message, running=running) for message in people.values()]
    spared, unmanned = states.count("spared"), sum(line.state == "nobody" for line in lines)
    return DrillResult(drill, lines, running, len(people) - spared, states.count("answered"), unmanned, spared)


def is_spared(message: Message) -> bool:
    """Whether nobody rang, because the shift was over by then. One that had left by some channel is not."""
    return message.state == State.SPARED


def state_of(drill: Drill, message: Message, *, running: bool) -> str:
    if message.acknowledged_at is None:
        return "spared" if is_spared(message) else "waiting" if running else "silent"
    return "answered" if message.acknowledged_at <= drill.ends_at else "late"


def _line(drill: Drill, rota: Rota, message: Message | None, *, running: bool) -> Line:
    if message is None:
        return Line(rota, "", "nobody", "", None, [])
    answered = message.acknowledged_at
    seconds = (answered - message.told_at).total_seconds() if answered else None
    rows = (row for row in message.deliveries.all() if row.state != State.SPARED and row.why != "no_browser")
    tried = sorted(rows, key=lambda row: row.place)  # whoever has no browser subscribed wants none
    state = state_of(drill, message, running=running)
    return Line(rota, message.person.name, state, message.acknowledged_by, seconds, tried)


def why(row: Delivery) -> str:
    """Why a delivery stands where it does, in words; empty where there is nothing to say."""
    return str(WHY.get(row.why, row.why))
