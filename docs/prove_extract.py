#!/usr/bin/env python3
"""Prove an extract of OnDijon's journal, offline. Needs nothing but Python 3.9+.

Usage: python3 prove_extract.py EXTRACT.jsonl [HASH] [--key KEY] [--pdf LOG.pdf]

HASH: the head's hash, known from elsewhere (a signed report, another extract); then the extract is proved against it.
KEY: the post's public key, known from elsewhere (under any printed log); then it has to be signed, and by that key.
LOG.pdf: the printed log that is said to go with it.
The rule: hash = sha256(previous ‖ sha256(canonical)), canonical = seq, at, kind, about, by, audiences, withdraws, data
joined by line feeds (lists joined by commas), UTF-8.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from hashlib import sha256, sha512
from pathlib import Path
from typing import Any

CONTEXT = b"ondijon-extract-signature/1\n"
# Ed25519 (RFC 8032): the field's prime, the group's order, the curve's constant, a square root of -1, the base point.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]


def canonical(entry: dict[str, Any]) -> bytes:
    if any("," in name or not name for name in [*entry["audiences"], *entry["withdraws"]]):
        raise ValueError(f"entry {entry['seq']} has an audience that cannot be one")
    lists = [",".join(entry[name]) for name in ("audiences", "withdraws")]
    parts = [str(entry["seq"]), entry["at"], entry["kind"], entry["about"], entry["by"], *lists, entry["data"]]
    return "\n".join(parts).encode()


def prove(lines: Iterator[str], expected: str = "") -> tuple[int, int]:
    """Return (entries shown, entries in the chain). Raises ValueError at the first line that does not hold."""
    heading = json.loads(next(lines))
    if heading.get("format") != "ondijon-journal-extract/1":
        raise ValueError("not an extract of the journal")
    chain, seq, shown = bytes.fromhex(heading["starts_after"]), heading["first"], 0
    for line in lines:
        entry = json.loads(line)
        if "signature" in entry and next(lines, None) is None:  # the last line; `signed` looks at it
            break
        inner = bytes.fromhex(entry["digest"]) if "digest" in entry else sha256(canonical(entry)).digest()
        chain = sha256(chain + inner).digest()
        if "digest" not in entry:
            if entry["seq"] != seq or entry["hash"] != chain.hex() or entry["about"] != heading["about"]:
                raise ValueError(f"entry {seq} is not what was recorded")
            shown += 1
        seq += 1
    if seq != heading["last"] + 1 or chain.hex() != heading["ends_with"]:
        raise ValueError(f"the chain breaks before entry {seq}: something was changed, added or left out")
    if expected and chain.hex() != expected.lower():
        raise ValueError("the chain is whole but does not end in the given hash")
    return shown, seq - heading["first"]


def signed(content: bytes, key: str = "", pdf: bytes = b"") -> dict[str, str]:
    """What the post states and signs in the last line, with its `key`; empty when there is no signature. Raises
    ValueError when it does not hold, or is not by `key`, or names another printed log than `pdf`."""
    before, _feed, last = content.removesuffix(b"\n").rpartition(b"\n")
    line = json.loads(last)
    if "signature" not in line:
        if key or pdf:
            raise ValueError("it is not signed")
        return {}
    message = CONTEXT + line["statement"].encode()
    if not verified(bytes.fromhex(line["key"]), message, bytes.fromhex(line["signature"])):
        raise ValueError("the signature is not that of its key")
    statement: dict[str, str] = json.loads(line["statement"])
    heading = json.loads(content.partition(b"\n")[0])
    if (
        sha256(before + b"\n").hexdigest() != statement["content_sha256"]
        or statement["ends_with"] != heading["ends_with"]
    ):
        raise ValueError("something else was signed")
    if key and line["key"] != key.lower():
        raise ValueError("it is signed by another key")
    if pdf and sha256(pdf).hexdigest() != statement["pdf_sha256"]:
        raise ValueError("the printed log is not the one that was signed with it")
    return {**statement, "key": line["key"]}


def verified(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 signature holds (RFC 8032, 5.1.7)."""
    public, start = unpacked(key), unpacked(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if public is None or start is None or len(signature) != 64 or s >= L:
        return False
    h = int.from_bytes(sha512(signature[:32] + key + message).digest(), "little") % L
    left, right = times(s, BASE), plus(start, times(h, public))
    return all((left[n] * right[2] - right[n] * left[2]) % P == 0 for n in (0, 1))


def plus(a: Point, b: Point) -> Point:
    """Two points of the curve in extended coordinates, added (RFC 8032, 5.1.4)."""
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    x, z, t, y = f - e, h - g, h + g, f + e
    return x * z % P, t * y % P, z * t % P, x * y % P


def times(n: int, point: Point) -> Point:
    found: Point = (0, 1, 1, 0)
    while n:
        if n & 1:
            found = plus(found, point)
        point, n = plus(point, point), n >> 1
    return found


def unpacked(packed: bytes) -> "Point | None":
    """A point from its 32 bytes; None when they are none (RFC 8032, 5.1.3)."""
    whole = int.from_bytes(packed, "little")
    y, odd = whole & (2**255 - 1), whole >> 255
    if len(packed) != 32 or y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if (x * x - square) % P == 0 else x * ROOT % P
    if (x * x - square) % P or (x == 0 and odd):
        return None
    x = x if x & 1 == odd else P - x
    return x, y, 1, x * y % P


BASE = unpacked((4 * pow(5, P - 2, P) % P).to_bytes(32, "little")) or (0, 1, 1, 0)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("extract", type=Path)
    asked.add_argument("hash", nargs="?", default="")
    asked.add_argument("--key", default="")
    asked.add_argument("--pdf", type=Path)
    told = asked.parse_args()
    try:
        content = told.extract.read_bytes()
        shown, total = prove(iter(content.decode().removesuffix("\n").split("\n")), told.hash)
        by = signed(content, told.key, told.pdf.read_bytes() if told.pdf else b"")
    except (ValueError, KeyError, StopIteration, OSError) as fault:
        sys.exit(f"NOT PROVED: {fault}")
    print(f"proved: {shown} entries shown, in a whole chain of {total}")
    if by:
        print(f"signed: {by['cell']}, taken by {by['taken_by']} at {by['taken_at']}, key {by['key']}")
        print(
            "the printed log is the one signed with it" if told.pdf else f"its printed log: sha256 {by['pdf_sha256']}"
        )
    else:
        print("not signed: whether an entry is hidden as a digest is for whoever gave it to vouch for")


if __name__ == "__main__":
    main()
