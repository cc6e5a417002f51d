"""The live server with one mechanism taken out, for negative controls: `SABOTAGE` names it in the environment."""

import os
import random
from collections.abc import Callable, Sequence
from typing import Any

import ondijon.asgi  # sets Django up, so it comes first
from live.fanout import Fanout, Screen
from live.frames import Close
from live.rights import Standing
from live.window import Row, Window

application = ondijon.asgi.application
HIDDEN = 0.02


def forgetful() -> None:
    """As a reader that remembers the last number of a plain sequence: numbers that commit late are passed over."""
    append: Any = Window.append

    def skip(window: Window, rows: Sequence[Row]) -> None:
        for row in rows:
            if random.random() < HIDDEN:
                list.clear(row.audiences)  # type: ignore[arg-type]  # nobody sees it
        append(window, rows)

    setattr(Window, "append", skip)  # noqa: B010 - a fault


def trusting() -> None:
    """Rights are checked when a screen comes in, and never again."""
    judge: Any = Fanout.judge

    def keep(fanout: Fanout, screen: Screen, verdict: Standing | Close, *, holds: int) -> None:
        judge(fanout, screen, screen.standing, holds=holds)

    setattr(Fanout, "judge", keep)  # noqa: B010 - a fault


FAULTS: dict[str, Callable[[], None]] = {"forgetful": forgetful, "trusting": trusting}
FAULTS[os.environ["SABOTAGE"]]()
