"""Time stamps by an authority of one's choice (RFC 3161): an outbox of hashes, sent by any worker.

Off until `TSA_URL` and `TSA_CA_FILE` (PEM, the authority's root) are set. What comes back is checked against that root
before it is kept; `openssl ts -verify -data FILE -in TOKEN -CAfile ROOT` says the same, years later, without us.
"""

from datetime import timedelta
from pathlib import Path

import httpx
import structlog
from cryptography import x509
from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Now
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder, VerificationError, VerifierBuilder
from rfc3161_client import decode_timestamp_response as decode

from crisis.events import Stamped
from crisis.models import Stamp
from crisis.services.acting import Change
from incidents.services.attaching import path_of
from journal.services import writing

log = structlog.get_logger(__name__)
ANSWER_SECONDS = 5.0
ANSWER_CAP = 64 * 1024  # bytes
FIRST_RETRY, LONGEST_RETRY = timedelta(seconds=10), timedelta(hours=1)
BATCH = 20


class Unstamped(Exception):
    """The authority did not answer, refused, or answered something that does not hold."""


def enabled() -> bool:
    return bool(settings.TSA_URL)


def want_stamp(change: Change, *, what: str, sha256: str, stored_as: str) -> None:
    """Inside a change: have a stored document stamped, when there is an authority."""
    if enabled():
        Stamp(cell=change.cell, what=what, sha256=sha256, stored_as=stored_as, asked_at=change.now).save(
            force_insert=True
        )


def stamp_waiting() -> int:
    """Send what waits, one transaction each; returns how many were stamped."""
    done = 0
    for _turn in range(BATCH if enabled() else 0):
        outcome = _stamp_one()
        if outcome is None:
            break
        done += outcome
    return done


def _stamp_one() -> bool | None:
    """True: stamped; False: it comes back later; None: nothing waits."""
    with writing(None) as record:
        waiting = Stamp.objects.filter(Q(retry_at=None) | Q(retry_at__lte=Now()), token=None)
        stamp = (
            waiting.select_for_update(of=("self",), skip_locked=True)
            .select_related("cell")
            .order_by("asked_at")
            .first()
        )
        if stamp is None:
            return None
        try:
            token, at, authority = ask(path_of(stamp.stored_as).read_bytes())
        except (Unstamped, OSError) as failure:
            log.warning("a document was not stamped", what=stamp.what, error=str(failure))
            pause = min(FIRST_RETRY * 2 ** min(stamp.attempts, 12), LONGEST_RETRY)
            later = {"attempts": stamp.attempts + 1, "retry_at": Now() + pause, "failure": str(failure)[:300]}
            Stamp.objects.filter(id=stamp.id).update(**later)
            return False
        Stamp.objects.filter(id=stamp.id).update(token=token, stamped_at=at, failure="")
        record(Stamped(what=stamp.what, sha256=stamp.sha256, at=at, authority=authority), about=stamp.cell)
        return True


def ask(content: bytes) -> tuple[bytes, str, str]:
    """(the response as it came, its time in ISO 8601, the authority's name). Raises Unstamped, also when the answer is
    about something else, is not signed, or is signed by somebody whom the root does not vouch for."""
    request = TimestampRequestBuilder().data(content).hash_algorithm(HashAlgorithm.SHA256).build()
    answered = _post(request.as_bytes())
    try:
        response = decode(answered)
        root = x509.load_pem_x509_certificate(Path(settings.TSA_CA_FILE).read_bytes())
        VerifierBuilder.from_request(request).add_root_certificate(root).build().verify_message(response, content)
    except (ValueError, VerificationError) as wrong:
        raise Unstamped(str(wrong)) from wrong
    info = response.tst_info
    return answered, info.gen_time.isoformat(), settings.TSA_URL


def _post(content: bytes) -> bytes:
    """Ask the one configured address, past every proxy and redirect."""
    headers = {"Content-Type": "application/timestamp-query"}
    try:
        with (
            httpx.Client(timeout=ANSWER_SECONDS, follow_redirects=False, trust_env=False) as client,
            client.stream("POST", settings.TSA_URL, content=content, headers=headers) as answer,
        ):
            if answer.status_code != httpx.codes.OK:
                raise Unstamped(f"HTTP {answer.status_code}")
            read = b""
            for part in answer.iter_bytes():
                read += part
                if len(read) > ANSWER_CAP:
                    raise Unstamped("the answer is too long")
            return read
    except httpx.HTTPError as error:
        raise Unstamped(f"{type(error).__name__}: {error}") from error
