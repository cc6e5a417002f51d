"""The stream: commit to screen, ours against the stock Channels pattern and against a bare relay of the same bytes.

One round: limit, ours, rival, limit again, in a burst (one transaction of many entries) and paced (one transaction an
entry). The limit gets ready-made bytes; the rival gets one group message an entry; ours starts at COMMIT. All three
have the same number of sockets in the same load client. A round whose two limits differ by more than 1.5 times is
dropped: something else was using the machine.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import Any

from bench import Args, Post, Result, progress, quantile, spread, step, table
from bench._rig import Rig, processor_seconds
from ondijon.stack.ports import wait_until

SIZE, SMALL = 500, 40
ORIGIN = "http://bench.invalid"
PLAN = {"web": 0, "live": 1, "workers": 0, "beat": 0, "env": {"PUBLIC_ORIGIN": "http://bench.invalid"}}
ROUNDS, BURST, RIVAL_BURST = 5, 400, 12
PACED, PACE_SECONDS, RIVAL_PACED, RIVAL_PACE_SECONDS = 80, 0.05, 8, 0.5
UNSTEADY = 1.5
WALL_SCREENS, WALL_BURSTS, WALL_BURST = 60, 30, 250
WALL_TURNS = 3
STORM = 2

Round = dict[str, float]


def run(post: Post, args: Args) -> Result:
    rig, result = Rig(post, ORIGIN), Result()
    rig.start(args.n)
    gc.collect()
    gc.freeze()  # a pause of the writer's would look like the server's
    try:
        step(f"opening three times {args.n} sockets")
        rig.open_ours(args.n)
        rig.open_others(args.n)
        number = 1 if args.small else ROUNDS
        rounds = [one_round(rig, args.n) for _ in progress(range(number), "rounds")]
        ratios(result, rounds)
        for group in ("ours", "relay", "stock"):
            rig.ask("close", group=group)
        wall(rig, result, WALL_SCREENS, 1 if args.small else WALL_TURNS)
        storm(rig, result, args.n * STORM)
    finally:
        rig.stop()
    return result


def one_round(rig: Rig, sockets: int) -> Round:
    found: Round = {}
    for suffix in ("_before", "_after"):
        if suffix == "_after":
            found |= burst(rig, sockets, "ours", BURST, ours_burst) | burst(
                rig, sockets, "stock", RIVAL_BURST, stock_burst
            )
            found |= paced_ours(rig) | paced_stock(rig)
        limit = burst(rig, sockets, "relay", BURST, relay_burst) | paced_relay(rig)
        found |= {name + suffix: value for name, value in limit.items()}
    return found


# bursts --------------------------------------------------------------------------------------------------------------


def burst(rig: Rig, sockets: int, group: str, number: int, go: Callable[[Rig, int], float]) -> Round:
    """Many entries at once: deliveries a second, and the server's processor time for each delivery."""
    server = {"ours": rig.post.live[0], "stock": rig.stock, "relay": rig.relay}[group]
    used = processor_seconds(server)
    began = go(rig, number)
    done = rig.ask("wait", group=group, seconds=120)
    deliveries = checked(done, sockets * number)
    used = processor_seconds(server) - used
    rate = deliveries / (done["last"] - began)
    return {f"{group}_burst_per_s": rate, f"{group}_us_per_delivery": 1e6 * used / deliveries}


def ours_burst(rig: Rig, number: int) -> float:
    expect(rig, "ours", number)
    return rig.write(number)[1]


def relay_burst(rig: Rig, number: int) -> float:
    seqs, _stamp = rig.write(number, seen=False)
    rig.ask("begin", group="relay", first=seqs.start, last=seqs.stop - 1)
    return rig.relay_now(rig.frames(seqs))


def stock_burst(rig: Rig, number: int) -> float:
    seqs, _stamp = rig.write(number, seen=False)
    rig.ask("begin", group="stock", first=seqs.start, last=seqs.stop - 1)
    return min(rig.stock_now(seqs).values())


# paced ---------------------------------------------------------------------------------------------------------------


def paced_ours(rig: Rig) -> Round:
    expect(rig, "ours", PACED)
    stamps: dict[int, float] = {}
    for _ in paced(PACED, PACE_SECONDS):
        seqs, stamp = rig.write()
        stamps[seqs.start] = stamp
    return latencies(rig, "ours", stamps)


def paced_relay(rig: Rig) -> Round:
    """The same writes beside it, for nobody's eyes; the relay's clock starts when the bytes are ready."""
    expect(rig, "relay", PACED)
    stamps: dict[int, float] = {}
    for _ in paced(PACED, PACE_SECONDS):
        seqs, _stamp = rig.write(seen=False)
        stamps[seqs.start] = rig.relay_now(rig.frames(seqs))
    return latencies(rig, "relay", stamps)


def paced_stock(rig: Rig) -> Round:
    expect(rig, "stock", RIVAL_PACED)
    stamps: dict[int, float] = {}
    for _ in paced(RIVAL_PACED, RIVAL_PACE_SECONDS):
        seqs, _stamp = rig.write(seen=False)
        stamps |= rig.stock_now(seqs)
    return latencies(rig, "stock", stamps)


def paced(number: int, seconds: float) -> Any:
    """Turns at a fixed pace; one that is late does not push the next ones back."""
    began = time.monotonic()
    for turn in range(number):
        time.sleep(max(0.0, began + turn * seconds - time.monotonic()))
        yield turn


def expect(rig: Rig, group: str, number: int) -> None:
    first = rig.next_seq()
    rig.ask("begin", group=group, first=first, last=first + number - 1)


def latencies(rig: Rig, group: str, stamps: dict[int, float]) -> Round:
    done = rig.ask("wait", group=group, seconds=60)
    checked(done, done["sockets"] * len(stamps))
    taken = rig.ask("times", group=group, stamps=stamps)
    return {f"{group}_{name}_ms": value for name, value in taken.items()}


def checked(done: dict[str, Any], expected: int) -> int:
    """Received = expected, in order, once each; anything else is no figure. Raises RuntimeError."""
    if done["received"] != expected or done["errors"] or done["finished"] != done["sockets"]:
        raise RuntimeError(f"expected {expected} deliveries: {done}")
    return expected


# ratios --------------------------------------------------------------------------------------------------------------


def ratios(result: Result, rounds: list[Round]) -> None:
    kept = [one for one in rounds if steady(one)]
    result.figures |= {"rounds": len(rounds), "rounds_dropped": len(rounds) - len(kept)}
    kept = kept or rounds
    names = [name for name in kept[0] if not name.endswith("_before")]
    spreads = {name.removesuffix("_after"): spread([one[name] for one in kept]) for name in names}
    print(table(("figure", "median", "least", "most"), [(name, *values.values()) for name, values in spreads.items()]))
    result.figures |= {name: values["median"] for name, values in spreads.items()}
    relative = {
        "burst_times_stock": [one["ours_burst_per_s"] / one["stock_burst_per_s"] for one in kept],
        "burst_times_limit": [one["ours_burst_per_s"] / limit(one, "burst_per_s") for one in kept],
        "paced_p99_times_limit": [one["ours_p99_ms"] / limit(one, "p99_ms") for one in kept],
    }
    result.figures |= {name: spread(values) for name, values in relative.items()}
    middle = {name: quantile(values, 0.5) for name, values in relative.items()}
    result.at_least("burst, times the stock pattern", middle["burst_times_stock"], 60)
    result.at_least("burst, times the limit", middle["burst_times_limit"], 0.35)
    result.at_most("paced p99, times the limit's", middle["paced_p99_times_limit"], 2.5)


def limit(one: Round, name: str) -> float:
    return (one[f"relay_{name}_before"] + one[f"relay_{name}_after"]) / 2


def steady(one: Round) -> bool:
    pairs = [(one[f"relay_{name}_before"], one[f"relay_{name}_after"]) for name in ("burst_per_s", "p99_ms")]
    return all(max(pair) <= UNSTEADY * min(pair) for pair in pairs)


# walls and storms ----------------------------------------------------------------------------------------------------


def wall(rig: Rig, result: Result, screens: int, number: int) -> None:
    """One screen of 60 that never reads: the others must not notice, and it must be closed."""
    without, beside, before = [], [], rig.slow()
    for turn in progress(range(1, number + 1), "one wall that never reads among 60"):
        without.append(walled(rig, screens - 1))
        rig.ask("wall", port=rig.live_port, path="/ws/live/", headers=rig.headers(1)[0])
        beside.append(walled(rig, screens - 1))
        wait_until(lambda turn=turn: rig.slow() >= before + turn, seconds=5)  # type: ignore[misc]
        rig.ask("close", group="wall")
    result.figures |= {"p99_without_wall_ms": spread(without), "p99_with_wall_ms": spread(beside)}
    result.at_most("p99 beside a wall, times without", quantile(beside, 0.5) / quantile(without, 0.5), 2)
    result.exactly("walls closed for not reading", rig.slow() - before, number)


def walled(rig: Rig, screens: int) -> float:
    rig.open_ours(screens, "walled")
    expect(rig, "walled", WALL_BURSTS * WALL_BURST)
    stamps: dict[int, float] = {}
    for _ in paced(WALL_BURSTS, 4 * PACE_SECONDS):
        seqs, stamp = rig.write(WALL_BURST)
        stamps |= dict.fromkeys(seqs, stamp)
    p99 = latencies(rig, "walled", stamps)["walled_p99_ms"]
    rig.ask("close", group="walled")
    return p99


def storm(rig: Rig, result: Result, screens: int) -> None:
    """All cut and back at once, while somebody writes: everyone gets what it missed, and none is left behind."""
    step(f"a storm of {screens} reconnections")
    rig.open_ours(screens, "storm")
    expect(rig, "storm", 5)
    rig.write(5)
    checked(rig.ask("wait", group="storm"), 5 * screens)
    expected = 20
    expect(rig, "storm", expected)
    rig.write(5)
    rig.tell("storm", group="storm", port=rig.live_port, path="/ws/live/", headers=rig.headers(screens))
    for _ in paced(expected - 10, PACE_SECONDS):
        rig.write()
    back = rig.hear()
    rig.write(5)
    done = rig.ask("wait", group="storm", seconds=60)
    errors = sum(done["errors"].values()) + screens - back["greeted"]
    result.figures |= {"storm_reconnections": screens, "storm_seconds": back["seconds"]}
    result.exactly("errors in the storm", errors, 0)
    result.exactly("screens with everything after the storm", done["finished"], screens)
    result.exactly("members after the storm", rig.figures()["live_sockets"], screens)
