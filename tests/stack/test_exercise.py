"""The exercise's post: what it inherits, what it refuses, and that it lives beside the real one."""

from __future__ import annotations

import signal
from pathlib import Path

import httpx
import psycopg
import pytest

from ondijon.stack import exercise
from ondijon.stack.errors import StackError
from ondijon.stack.post import Plan
from tests.conftest import PATIENCE_S
from tests.stack.test_launcher import Launch, launch, var

__all__ = ["launch", "var"]  # fixtures

REAL = {
    "DATABASE_URL": "postgresql://app:secret@127.0.0.1:5432/ondijon",
    "DATABASE_OWNER_URL": "postgresql://owner:secret@127.0.0.1:5432/ondijon",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "SMS_GATEWAY_URL": "https://sms.example.org/",
    "PREFECTURE_URL": "https://cod21.example.org/",
    "SECRET_KEY": "the real one",
}


def test_nothing_of_the_real_post_is_inherited() -> None:
    given = {**REAL, "PATH": "/bin", "LC_ALL": "C.UTF-8", "EXERCISE_SECRET_KEY": "its own"}
    assert exercise.environment(given) == {"PATH": "/bin", "LC_ALL": "C.UTF-8", "SECRET_KEY": "its own"}


def test_programs_know_their_own_addresses_only(tmp_path: Path) -> None:
    post = exercise.ExercisePost(exercise.planned(Plan(tmp_path, workers=0, beat=0, env={"DEMO": "1"}), REAL))
    environ = post.web[0].env
    assert not set(REAL.values()) & set(environ.values())
    assert environ["EXERCISE"] == "1"
    own = {int(url.rsplit(":", 1)[1]) for url in (*post.web_urls, *post.live_urls)}
    assert post.postgres is not None
    assert post.valkey is not None
    own |= {post.postgres.port, post.valkey.port}
    assert {int(one.rpartition(":")[2]) for one in environ["EXERCISE_ADDRESSES"].split(",")} == own
    assert environ["MEDIA_ROOT"] == str(tmp_path / "media")


@pytest.mark.parametrize("gateway", ["sms.example.org:443", "192.0.2.1:443", "127.0.0.1", "127.0.0.1:sms"])
def test_a_gateway_elsewhere_is_refused(tmp_path: Path, gateway: str) -> None:
    given = {"EXERCISE_GATEWAYS": gateway}
    with pytest.raises(StackError, match="on this machine only"):
        exercise.ExercisePost(exercise.planned(Plan(tmp_path), given)).environ()


def test_the_real_database_under_another_name_is_refused(tmp_path: Path) -> None:
    given = {**REAL, "EXERCISE_DATABASE_URL": "postgresql://somebody@localhost/ondijon"}
    with pytest.raises(StackError, match="one of its own"):
        exercise.planned(Plan(tmp_path), given)


def test_it_lives_beside_the_demo_and_shares_nothing(launch: Launch, var: Path) -> None:
    demo = launch(var, "demo", "--quiet-city").until_ready()
    drill = launch(var, "demo", "--exercise", DATABASE_URL="postgresql://x@127.0.0.1:1/never").until_ready()
    kept = json_of(var / "exercise" / "stack.json")
    assert any("EXERCICE" in line for line in drill.heard)
    assert kept["DATABASE_URL"] != demo.kept()["DATABASE_URL"]
    assert kept["REDIS_URL"] != demo.kept()["REDIS_URL"]
    page = httpx.get(f"http://127.0.0.1:{drill.port}/login/", timeout=PATIENCE_S)
    assert "exercise-banner" in page.text
    assert all(name.startswith("ondijon_exercise_") for name in page.cookies)
    assert "exercise-banner" not in httpx.get(f"http://127.0.0.1:{demo.port}/login/", timeout=PATIENCE_S).text
    with psycopg.connect(kept["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT count(*) FROM access_person WHERE login = 'amandine'").fetchone() == (1,)
    drill.stop(signal.SIGINT)
    demo.stop(signal.SIGINT)


def json_of(path: Path) -> dict[str, str]:
    import json

    found: dict[str, str] = json.loads(path.read_text())["environ"]
    return found
