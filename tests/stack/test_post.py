"""A whole post with two of each: what dies degrades it, what comes back mends it."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from ondijon.stack import testing
from ondijon.stack.ports import answers, wait_until
from ondijon.stack.post import Plan, Post
from tests.conftest import PATIENCE_S


@pytest.fixture(scope="module")
def post() -> Iterator[Post]:
    with testing.scratch_folder() as folder:
        plan = Plan(folder / "post", durable=False, web=2, live=2, workers=2, env={"CELERY_PULSE_SECONDS": "1"})
        with Post(plan) as made:
            yield made.start()


def ready(post: Post, n: int = 0) -> dict[str, Any]:
    """What /health/ready says, refused or not."""
    try:
        with urllib.request.urlopen(f"{post.web_urls[n]}/health/ready", timeout=PATIENCE_S) as answer:
            found: dict[str, Any] = json.load(answer)
    except urllib.error.HTTPError as refusal:
        found = json.load(refusal)
    return found


def test_everything_answers_and_workers_carry_out_the_pulse(post: Post) -> None:
    assert all(answers(int(url.rpartition(":")[2])) for url in (*post.web_urls, *post.live_urls))
    assert wait_until(lambda: ready(post, 1)["celery"] == "ok", seconds=PATIENCE_S)


def test_without_redis_the_post_is_ready_and_workers_come_back_with_it(post: Post) -> None:
    assert post.valkey is not None
    assert wait_until(lambda: ready(post)["celery"] == "ok", seconds=PATIENCE_S)  # up, and not just starting
    post.valkey.kill()
    state = ready(post)
    assert (state["ready"], state["redis"], state["celery"]) == (True, "down", "unknown")
    post.valkey.start()
    assert ready(post)["redis"] == "ok"
    assert wait_until(lambda: ready(post)["celery"] == "ok", seconds=PATIENCE_S)
    assert all(worker.alive() for worker in post.workers)


def test_without_postgresql_it_is_not_ready_and_recovers_by_itself(post: Post) -> None:
    assert post.postgres is not None
    post.postgres.kill()
    state = ready(post)
    assert (state["ready"], state["database"]) == (False, "down")
    post.postgres.start()
    assert wait_until(lambda: bool(ready(post)["ready"]), seconds=PATIENCE_S)


def test_a_web_server_comes_back_on_its_address(post: Post) -> None:
    post.web[1].kill()
    assert ready(post, 0)["ready"]
    post.web[1].start()
    post.wait_ready(post.web[1])
    assert ready(post, 1)["ready"]


def test_an_unmigrated_database_is_not_ready(post: Post) -> None:
    with post.connect("owner") as connection:
        connection.execute("UPDATE django_migrations SET name = 'x' || name WHERE app = 'journal'")
        state = ready(post)
        connection.execute("UPDATE django_migrations SET name = substr(name, 2) WHERE app = 'journal'")
    assert (state["ready"], state["migrations"]) == (False, "behind")


def test_it_stops_and_leaves_nothing(post: Post) -> None:
    post.stop()
    assert not any(child.alive() for child in post.children())
