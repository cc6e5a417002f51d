"""The hand-written table of rights, and how answers are told apart."""

import pytest

from access.roles import Role
from prove import _rules as table
from prove import matrix
from prove._rules import ANONYMOUS, GATEWAY, LIBRARY, NOWHERE, OUTSIDER, READER, Rule


def test_every_duty_is_a_caller() -> None:
    assert {str(role) for role in Role} | {OUTSIDER, ANONYMOUS, READER} == set(table.CALLERS)


@pytest.mark.parametrize(
    ("rule", "caller", "thing", "expected"),
    [
        (table.ANYBODY, ANONYMOUS, "", "in"),
        (table.SIGNED_IN, ANONYMOUS, "", "401"),
        (table.SIGNED_IN, OUTSIDER, "", "in"),
        (table.PAGE, OUTSIDER, "", "in"),
        (table.PAGE, READER, "", "401"),
        (table.LIBRARY_PAGE, ANONYMOUS, "", "401"),
        (table.LIBRARY_PAGE, "auditor", "", ""),
        (LIBRARY, ANONYMOUS, "", ""),
        (NOWHERE, "auditor", "", "404"),
        (table.ADMIN, "administrator", "", "in"),
        (table.ADMIN, "crisis_director", "", "401"),
        (table.on_object(table.VIEWERS), "crew_leader", "light", "in"),
        (table.on_object(table.VIEWERS), "crew_leader", "tram", "404"),
        (table.on_object(table.VIEWERS), "intervention_coordinator", "secret", "404"),
        (table.on_object(table.VIEWERS), "municipal_police", "secret", "in"),
        (table.on_object(table.VIEWERS), GATEWAY, "light", "403"),
        (matrix.NO_SUCH_METHOD, "auditor", "", "405"),
    ],
)
def test_what_a_rule_expects(rule: Rule, caller: str, thing: str, expected: str) -> None:
    assert rule.expected(caller, thing) == expected


@pytest.mark.parametrize(
    ("status", "location", "expected"),
    [(200, "", "in"), (201, "", "in"), (412, "", "in"), (422, "", "in"), (302, "/login/?next=/", "401"),
     (302, "/account/", "in"), (401, "", "401"), (403, "", "403"), (404, "", "404"), (405, "", "405"), (500, "", "500")],
)  # fmt: skip
def test_classes_of_answers(status: int, location: str, expected: str) -> None:
    assert matrix.class_of(status, location) == expected


def test_every_listed_method_is_asked_of_everybody_and_missing_ones_of_somebody() -> None:
    asked = list(matrix.cells({"api/v1/x/": {"GET": table.SIGNED_IN}}, share=5))
    assert {cell.caller for cell in asked if cell.method == "GET"} == set(table.CALLERS)
    assert {cell.method for cell in asked} == set(matrix.METHODS)
    whole = list(matrix.cells({"api/v1/x/": {"GET": table.SIGNED_IN}}, share=100))
    assert len(whole) == len(matrix.METHODS) * len(table.CALLERS)


def test_head_is_judged_as_get_and_a_star_stands_for_the_rest() -> None:
    rules = {"GET": table.SIGNED_IN, "*": NOWHERE}
    assert matrix.rule_for(rules, "HEAD") is table.SIGNED_IN
    assert matrix.rule_for(rules, "PUT") is NOWHERE
    assert matrix.rule_for({"GET": table.SIGNED_IN}, "PUT") is matrix.NO_SUCH_METHOD
