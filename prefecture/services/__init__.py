"""Writes of the link, one file for each side of it."""

from prefecture.services.acknowledging import read, say_done, send_again
from prefecture.services.alerting import Wish, ask
from prefecture.services.drafting import approve, dismiss
from prefecture.services.receiving import receive
from prefecture.services.sending import send

__all__ = ["Wish", "approve", "ask", "dismiss", "read", "receive", "say_done", "send", "send_again"]
