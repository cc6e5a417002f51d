"""Figures of this live process in the Prometheus text format, for whoever asks from this machine."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from live.hub import Hub


class Figures:
    """Read when asked for: nothing is counted twice, and nothing locks where entries are sent."""

    def __init__(self, hub: Hub | None) -> None:
        self._hub = hub

    def collect(self) -> Iterable[Metric]:
        hub = self._hub
        if hub is None:
            return
        fanout = hub.fanout
        yield GaugeMetricFamily("live_sockets", "Open sockets", value=len(fanout.screens))
        yield GaugeMetricFamily("live_people", "People behind them", value=len(fanout.people))
        yield GaugeMetricFamily("live_position", "Last journal entry read", value=fanout.window.position.seq)
        yield GaugeMetricFamily("live_lag_seconds", "Age of the last batch when it was sent", value=hub.lag_seconds)
        yield CounterMetricFamily("live_entries", "Journal entries read", value=hub.entries)
        yield CounterMetricFamily("live_deliveries", "Entries handed to sockets", value=fanout.deliveries)
        closed = CounterMetricFamily("live_closed", "Sockets closed by the house", labels=["code"])
        for code, number in sorted(fanout.closed.items()):
            closed.add_metric([str(code)], number)
        yield closed


def exposition() -> bytes:
    """All figures of the running event loop's hub (none before the first socket came)."""
    known = CollectorRegistry(auto_describe=False)
    known.register(Figures(Hub.known()))
    return generate_latest(known)
