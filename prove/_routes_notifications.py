"""Who may do what with messages, rotas and drills: the room's part of the table of `prove matrix`."""

from __future__ import annotations

from prove._rules import Rule

# The gateway signs what it tells us; nobody of the post does, and no duty opens this door.
GATEWAY_ONLY = {"POST": Rule(frozenset(), refused="403", stranger="403")}

ROUTES: dict[str, dict[str, Rule]] = {
    "gateway/receipts/": GATEWAY_ONLY,
    "gateway/replies/": GATEWAY_ONLY,
}
