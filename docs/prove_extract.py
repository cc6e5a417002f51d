#!/usr/bin/env python3
"""Prove an extract of OnDijon's journal, offline. Needs nothing but Python 3.9+.

Usage: python3 prove_extract.py EXTRACT.jsonl [HASH]

HASH: the head's hash, known from elsewhere (a signed report, another extract); then the extract is proved against it.
The rule: hash = sha256(previous ‖ sha256(canonical)), canonical = seq, at, kind, about, by, audiences, withdraws, data
joined by line feeds (lists joined by commas), UTF-8.
"""

import json
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any


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


def main() -> None:
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    try:
        with Path(sys.argv[1]).open(encoding="utf-8") as lines:
            shown, total = prove(lines, *sys.argv[2:])
    except (ValueError, KeyError, StopIteration, OSError) as fault:
        sys.exit(f"NOT PROVED: {fault}")
    print(f"proved: {shown} entries shown, in a whole chain of {total}")


if __name__ == "__main__":
    main()
