"""What is written about reaching people. Other rooms need `notify` alone."""

from notifications.services.answering import acknowledge, mark_all_read, mark_read
from notifications.services.contacts import (
    Wishes,
    drop_feed,
    new_feed,
    save_contact,
    subscribe,
    try_out,
    unsubscribe,
)
from notifications.services.drilling import start_drill
from notifications.services.ending import end_rota, rename_rota
from notifications.services.rotas import LayerDraft, add_override, add_rota, drop_override, set_layers
from notifications.services.swaps import Shift, answer_swap, propose_swap, withdraw_swap
from notifications.services.telling import notify

__all__ = [
    "LayerDraft",
    "Shift",
    "Wishes",
    "acknowledge",
    "add_override",
    "add_rota",
    "answer_swap",
    "drop_feed",
    "drop_override",
    "end_rota",
    "mark_all_read",
    "mark_read",
    "new_feed",
    "notify",
    "propose_swap",
    "rename_rota",
    "save_contact",
    "set_layers",
    "start_drill",
    "subscribe",
    "try_out",
    "unsubscribe",
    "withdraw_swap",
]
