"""What is written about reaching people. Other rooms need `notify` alone."""

from notifications.services.answering import acknowledge, mark_read
from notifications.services.telling import notify

__all__ = ["acknowledge", "mark_read", "notify"]
