"""What is written about reaching people. Other rooms need `notify` alone."""

from notifications.services.answering import acknowledge, mark_read
from notifications.services.rotas import LayerDraft, add_override, add_rota, drop_override, set_layers
from notifications.services.swaps import Shift, answer_swap, propose_swap, withdraw_swap
from notifications.services.telling import notify

__all__ = [
    "LayerDraft",
    "Shift",
    "acknowledge",
    "add_override",
    "add_rota",
    "answer_swap",
    "drop_override",
    "mark_read",
    "notify",
    "propose_swap",
    "set_layers",
    "withdraw_swap",
]
