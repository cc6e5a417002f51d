"""Every duty × every function × every act, in a cell of one's own and in another: nothing is sampled."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from access.models import Person
from access.roles import Role
from access.services import name_on
from crisis import services, workflow
from crisis.functions import Function
from crisis.models import Cell, Member
from crisis.services import acting as gate
from crisis.services.calling import GUEST_LIMIT
from crisis.services.filing import record_file
from crisis.workflow import Level
from incidents.services.attaching import keep
from journal.errors import NotAllowed, NotFound, Problem, WrongState
from prove._world import PNG
from tests import cast
from tests.crisis import world

pytestmark = pytest.mark.django_db

# Written out again on purpose, by hand and apart from the code's own tables: a change there must be wanted here too.
SEES_NOTHING = {Role.ADMINISTRATOR, Role.CITIZEN_GATEWAY, None}
LEADERS = "crisis_director commune_officer"
DUTIES: dict[str, set[str]] = {
    "see_cell": set(map(str, Role)) - {"administrator", "citizen_gateway"},
    "write_log": set(map(str, Role)) - {"administrator", "citizen_gateway", "auditor"},
    "decide": set(f"{LEADERS} crisis_member".split()),
    "manage_members": set(f"{LEADERS} crisis_member logbook_secretary".split()),
    "approve_reports": set(f"{LEADERS} crisis_member".split()),
    "close_cell": set(LEADERS.split()),
}
ALL = set(Function.values)
DECIDERS = {"operations_director", "municipal_actions_lead"}
FUNCTIONS: dict[str, set[str]] = {
    "see_cell": ALL | {""},
    "write_log": ALL,
    "decide": DECIDERS,
    "manage_members": DECIDERS | {"intermunicipal_coordinator", "logbook_secretary"},
    "approve_reports": DECIDERS,
    "close_cell": {"operations_director"},
}
RUNNING = "standby watch pre_alert alert crisis recovery"
ACTS: dict[str, tuple[str, str]] = {
    "answer": ("see_cell", RUNNING),
    **dict.fromkeys(
        ["log", "supersede", "attach", "act", "advance", "inject", "draw", "request", "link"], ("write_log", RUNNING)
    ),
    "draft": ("write_log", f"{RUNNING} closed"),
    **dict.fromkeys(["decide", "check", "level", "brief", "lend", "transfer"], ("decide", RUNNING)),
    **dict.fromkeys(["call", "remove", "invite"], ("manage_members", RUNNING)),
    "approve": ("approve_reports", f"{RUNNING} closed"),
    "close": ("close_cell", "standby watch recovery"),
}


def met_at_the_gate(act: str, cell: Cell, by: Person) -> type[Problem] | None:
    """What somebody meets who begins an act: the gate that every verb goes through."""
    try:
        with gate.acting(act, cell_id=cell.id, by=by):
            return None
    except Problem as problem:
        return type(problem)


def test_no_act_is_left_out() -> None:
    assert workflow.ACTS.keys() == ACTS.keys()
    assert {str(found.right) for found in workflow.ACTS.values()} == FUNCTIONS.keys() == DUTIES.keys()


@pytest.mark.parametrize("role", [*Role, None], ids=lambda role: str(role or "outsider"))
def test_own_cell(role: Role | None) -> None:
    cell, by = world.at_level(world.opened(), "watch"), cast.person(role)
    for function in [*Function.values, "", None]:
        with transaction.atomic():
            if function is not None:
                world.join(cell, by, function)
            check_acts(cell, by, role, function)
            transaction.set_rollback(True)


def check_acts(cell: Cell, by: Person, role: Role | None, function: str | None) -> None:
    for act, (right, _levels) in ACTS.items():
        expected: type[Problem] | None = None
        if role in SEES_NOTHING or (function is None and role is not Role.AUDITOR):
            expected = NotFound
        elif function is None or str(role) not in DUTIES[right] or function not in FUNCTIONS[right]:
            expected = NotAllowed
        met = met_at_the_gate(act, cell, by)
        assert met is expected, (str(role), function, act, met, expected)


@pytest.mark.parametrize("role", [*Role, None], ids=lambda role: str(role or "outsider"))
def test_foreign_cell(role: Role | None) -> None:
    """Whatever one is in one cell, in another one is nobody; the auditor sees it and changes nothing."""
    own, foreign, by = world.opened(), world.opened(plan="industrial"), cast.person(role)
    for function in Function.values:
        world.join(own, by, function)
    for act in ACTS:
        met = met_at_the_gate(act, foreign, by)
        assert met is (NotAllowed if role is Role.AUDITOR else NotFound), (str(role), act, met)


@pytest.mark.parametrize("level", Level.values)
def test_levels_at_which_each_act_is_possible(level: str) -> None:
    cell = world.at_level(world.opened(), level)
    for act, (_right, levels) in ACTS.items():
        assert met_at_the_gate(act, cell, cell.director) is (None if level in levels.split() else WrongState), (
            act,
            level,
        )


# Each verb goes through the gate by its own act ----------------------------------------------------------------------


def verbs(cell: Cell) -> dict[str, tuple[str, Callable[[Person], Any]]]:
    """Every verb with the act it is, ready to be done by somebody."""
    parts, on = world.everything(cell), {"cell_id": cell.id}
    incident, person = cast.incident().id, cast.person(Role.CALL_TAKER).id
    point = services.Drawing(kind="point", label="Point", shape=world.POINT)
    line, task = services.Words(text="vu"), services.Task(text="faire", function="logistics")
    zone, report, message = ({f"{one}_id": parts[f"{one}_id"]} for one in ("zone", "report", "message"))
    wish = services.Wish(function="logistics", what="pompe", via="prefecture")
    lender, until = cast.organisation("voirie").id, gate.clock() + GUEST_LIMIT / 2
    ruling = services.Ruling(what="fermer", grounds="crue")
    first = services.log(cell_id=cell.id, by=cell.director, entry=line).number
    plain: dict[str, tuple[str, dict[str, Any]]] = {
        "answer": ("answer", {"state": "present"}),
        "log": ("log", {"entry": line}),
        "supersede": ("supersede", {"entry": line, "number": first}),
        "act": ("act", {"task": task}),
        "advance": ("advance", {"action_id": parts["action_id"], "state": "doing"}),
        "inject": ("inject", {"card": "flood-field"}),
        "draw": ("draw", {"drawing": point}),
        "redraw": ("draw", {"drawing": point, **zone}),
        "erase": ("draw", zone),
        "request_means": ("request", {"wish": wish}),
        "answer_request": ("request", {"request_id": parts["request_id"], "state": "granted"}),
        "link": ("link", {"incident": incident}),
        "edit_section": ("draft", {**report, "key": "outlook", "text": "x"}),
        "draft_message": ("draft", {"channel": "site", "text": "x"}),
        "edit_message": ("draft", {**message, "channel": "site", "text": "x"}),
        "decide": ("decide", {"ruling": ruling}),
        "check": ("check", {"decision_id": parts["decision_id"], "achieved": True, "outcome": "oui"}),
        "set_level": ("level", {"level": "crisis", "reason": "cote"}),
        "set_briefing": ("brief", {"every": 30}),
        "lend": ("lend", {"lender": lender, "what": "x", "agreed_by": "y"}),
        "give_back": ("lend", {"loan_id": parts["loan_id"]}),
        "call": ("call", {"function": "logistics", "person": person}),
        "invite": ("invite", {"person": person, "until": until}),
        "remove": ("remove", {"member_id": parts["member_id"]}),
        "approve_report": ("approve", report),
        "approve_message": ("approve", message),
    }
    found = {name: (act, _verb(name, {**on, **more})) for name, (act, more) in plain.items()}
    kept = keep(name="x.png", content=PNG)
    found["record_file"] = ("attach", lambda by: record_file(cell_id=cell.id, by=by, kept=kept))
    return found


def _verb(name: str, told: dict[str, Any]) -> Callable[[Person], Any]:
    return lambda by: getattr(services, name)(by=by, **told)


@pytest.mark.parametrize("missing", [*FUNCTIONS, None], ids=str)
def test_each_verb_asks_for_the_right_of_its_act(missing: str | None) -> None:
    """Somebody named with every right but one is refused exactly the verbs that need it."""
    cell, by = world.opened(), world.director()
    trials = verbs(cell)
    assert {act for act, _do in trials.values()} == ACTS.keys() - {"transfer", "close"}
    world.join(cell, by, "operations_director")
    name_on(person=by, permissions=FUNCTIONS.keys() - {missing}, about=cell, by=None)
    for name, (act, do) in trials.items():
        refused: type[Problem] | None = None
        with transaction.atomic():
            try:
                with transaction.atomic():
                    do(by)
            except (NotAllowed, NotFound) as problem:
                refused = type(problem)
            transaction.set_rollback(True)
        assert refused is (NotAllowed if ACTS[act][0] == missing else None), (name, missing, refused)


def test_the_last_two_verbs() -> None:
    """Only the director offers the direction, and closing takes the right to close."""
    cell, deputy = world.at_level(world.opened(), "watch"), world.director()
    world.join(cell, deputy, "municipal_actions_lead")
    for do in (
        lambda: services.offer_direction(cell_id=cell.id, by=deputy, prefect=True, reason="x"),
        lambda: services.close(cell_id=cell.id, by=deputy, reason="x"),
    ):
        with pytest.raises(NotAllowed):
            do()
    Member.objects.filter(cell=cell, function="operations_director").update(state="left")
    offered = services.offer_direction(cell_id=cell.id, by=deputy, person=deputy.id, reason="le directeur est parti")
    services.answer_offer(transfer_id=offered.id, by=deputy, accept=True)
    assert services.close(cell_id=cell.id, by=deputy, reason="fini").level == "closed"
