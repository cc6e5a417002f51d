"""E-mail by SMTP. The delivery's key is the Message-ID, so that one that comes twice is known for the same."""

import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from notifications.channels.parcels import Outcome, Parcel, failed, later, sent
from notifications.wording import letter


def send(parcel: Parcel, seconds: float) -> Outcome:
    """Hand one letter over to the SMTP server, within about `seconds` for each of its steps."""
    if not settings.EMAIL_HOST:
        return failed("not_set_up")
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    headers = {"Message-ID": f"<{parcel.key}@{domain}>", "Auto-Submitted": "auto-generated"}
    if parcel.urgency == "vital":
        headers |= {"Importance": "high", "X-Priority": "1"}
    mail = EmailMessage(
        subject=" ".join(parcel.subject.split()), body=letter(parcel), to=[parcel.address], headers=headers,
        connection=get_connection(timeout=seconds),
    )  # fmt: skip
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as refusal:
        code, said = next(iter(refusal.recipients.values()))
        words = f"{code} {said.decode(errors='replace')}"
        return failed("refused", words) if code >= 500 else later("provider_down", words)
    except (smtplib.SMTPException, OSError) as error:
        return later("provider_down", error)
    return sent(headers["Message-ID"])
