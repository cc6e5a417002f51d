"""The phone's page without a browser: its words, its worker, what it may do from which state."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from access.roles import Role
from interventions import field_labels
from interventions.field_page import moves
from interventions.shell import shell
from tests import cast

ROOT = Path(__file__).parents[2] / "static"
SCRIPTS = [*sorted((ROOT / "js" / "field").glob("*.js")), ROOT / "js" / "time.js", ROOT / "js" / "api.js"]
KEY = re.compile(r"""\bt\(\s*"([a-zA-Z_.]+)\"""")
# Keys made from a value: every value has its words.
MADE = {
    "act": ("accept", "depart", "arrive", "finish", "release"),
    "ask": ("refuse", "fail", "hold", "note", "material", "finish"),
    "send": ("refuse", "fail", "hold", "note", "material", "finish"),
    "said": (*moves(), "share", "unshare", "consent"),
    "trouble": ("cancelled", "gone", "state", "again", "old", "refused"),
    "net": ("out", "barred"),
    "sends": ("sent", "conflict", "refused"),
    "position": ("on", "off", "ask", "denied"),
    "consent": ("what", "when", "who", "long"),
}
OTHERS = {
    "ago.now",
    "ago.minutes",
    "ago.hours",
    "ago.days",
    "span.hours",
    "span.days",
    "when.tomorrow",
    "when.yesterday",
    "when.day",
}  # the phone shows none of them


def test_every_word_that_the_scripts_ask_for_is_there() -> None:
    known = field_labels.field().keys()
    asked = {key for path in SCRIPTS for key in KEY.findall(path.read_text(encoding="utf-8"))} - OTHERS
    made = {f"{family}.{value}" for family, values in MADE.items() for value in values}
    assert (asked | made) - known - {"problem.network", "problem.login"} == set()


def test_the_shell_is_everything_that_the_page_imports() -> None:
    found = shell()
    assert {"js/field/app.js", "js/field/queue.js", "js/live.js", "js/labels.js"} <= set(found.modules)
    assert all((ROOT / name).exists() for name in found.modules)
    assert set(found.files) > {f"/static/{name}" for name in found.modules}


def test_the_worker_is_told_its_version_and_may_do_little() -> None:
    answer = Client().get("/field/sw.js")
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    told = json.loads(answer.content.decode().partition("const SHELL = ")[2].partition(";\n")[0])
    assert (told["version"], told["page"]) == (shell().version, "/field/")
    policy = dict(line.split(" ", 1) for line in answer["Content-Security-Policy"].split("; "))
    allowed = {name for name, sources in policy.items() if sources != "'none'"}
    assert (allowed, policy["connect-src"]) == ({"script-src", "connect-src"}, "'self'")
    assert "no-cache" in answer["Cache-Control"]


@pytest.mark.django_db
def test_the_page_runs_under_the_strict_policy() -> None:
    client = Client()
    client.force_login(cast.person(Role.CREW_LEADER))
    answer: Any = client.get("/field/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "style=" not in page
    assert re.findall(r"<script(?! src| type=\"module\" src| id=\"[a-z-]+\" type=\"application/json\")", page) == []


def test_the_phone_knows_what_leads_where() -> None:
    assert moves()["arrive"] == {"from": ["accepted", "en_route"], "to": "on_site"}
    assert "verify" not in moves()
