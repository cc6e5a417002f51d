"""Database work beside the event loop: admitting many sockets with one question, and everything else that blocks."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import structlog
from django.db import Error, close_old_connections

from live import rights
from live.frames import Close
from live.rights import Ticket, Verdict

log = structlog.get_logger(__name__)

T = TypeVar("T")
THREADS = 3
ANSWER_SECONDS = 10.0
AT_ONCE = 200
Unanswered = (Error, TimeoutError)


class Gate:
    """Runs blocking questions in a few threads of its own."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="live")
        self._waiting: dict[Ticket, asyncio.Future[Verdict]] = {}
        self._working: asyncio.Task[None] | None = None

    async def ask(self, question: Callable[..., T], *values: object) -> T:
        """Run a blocking function. Raises one of Unanswered when the database is away, and what it raises itself."""
        async with asyncio.timeout(ANSWER_SECONDS):
            return await asyncio.get_running_loop().run_in_executor(self._pool, _cleanly, question, *values)

    async def admit(self, ticket: Ticket) -> Verdict:
        """Who this is. Those who ask meanwhile are answered together."""
        answer = self._waiting.get(ticket)
        if answer is None:
            answer = self._waiting[ticket] = asyncio.get_running_loop().create_future()
        if self._working is None or self._working.done():
            self._working = asyncio.create_task(self._answer())
        return await asyncio.shield(answer)

    async def _answer(self) -> None:
        while self._waiting:
            batch = {ticket: self._waiting.pop(ticket) for ticket in list(self._waiting)[:AT_ONCE]}
            verdicts: dict[Ticket, Verdict] = dict.fromkeys(batch, Close.TRY_LATER)
            try:
                verdicts = await self.ask(rights.admit, list(batch))
            except Unanswered as error:
                log.warning("nobody can be let in: the database does not answer", error=str(error))
            finally:
                for ticket, answer in batch.items():
                    answer.set_result(verdicts[ticket])

    def stop(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)


def _cleanly(question: Callable[..., T], *values: object) -> T:
    close_old_connections()
    try:
        return question(*values)
    finally:
        close_old_connections()
