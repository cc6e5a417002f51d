"""How an entry leaves the house: the same JSON on the socket and in the polling answer. Audiences stay inside."""

import json

from journal.chain import Line, instant


def encode(entry: Line) -> str:
    """One entry as JSON text; `data` is copied through as the exact text that was hashed."""
    about = f'"{entry.about}"' if entry.about else "null"
    by = f'"{entry.by}"' if entry.by else "null"
    head = f'{{"seq":{entry.seq},"at":"{instant(entry.at)}","kind":{json.dumps(entry.kind)},'
    return f'{head}"about":{about},"by":{by},"data":{entry.data}}}'
