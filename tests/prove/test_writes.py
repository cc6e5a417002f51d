"""The clients of `prove writes`: one write is repeated with its key, under sabotage with another one."""

import random
import threading
from unittest.mock import patch

import httpx
import pytest

from prove import writes


def client(*, sabotage: bool) -> writes.Client:
    with patch.object(writes, "bearer", return_value={}):
        made = writes.Client(1, ["http://post"], writes.Made(), threading.Event(), sabotage=sabotage)
    made.lost_share, made.rng = 0.0, random.Random(1)
    return made


@pytest.mark.parametrize(("sabotage", "different"), [(False, 1), (True, 3)])
def test_a_write_is_repeated_until_it_is_answered(sabotage: bool, different: int) -> None:
    keys: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        keys.append(request.headers["Idempotency-Key"])
        if len(keys) == 1:
            raise httpx.ReadError("killed")
        return httpx.Response(503 if len(keys) == 2 else 201, json={})

    one = client(sabotage=sabotage)
    one.http = httpx.Client(transport=httpx.MockTransport(answer))
    assert one.write("/x/y/", {}) is not None
    assert (len(keys), len(set(keys))) == (3, different)
    assert (one.made.writes, one.made.repeats) == (1, 2)


def test_a_refusal_is_counted_and_an_answer_that_changed_too() -> None:
    one = client(sabotage=False)
    one.http = httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(409)))
    assert one.write("/api/v1/incidents/", {}) is None
    assert one.made.refusals == {"409 incidents": 1}
    numbers = iter(range(9))
    one.lost_share = 1.0
    one.http = httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(201, json=next(numbers))))
    assert one.write("/api/v1/incidents/", {}) is not None
    assert one.made.changed_answers == 1
