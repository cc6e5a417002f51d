"""In which world this post is: the real one, or an exercise's. An exercise is a whole post of its own (own database,
addresses and folders: `ondijon.stack.exercise`), so this only says so where words leave the house."""

from django.conf import settings

WORD = "EXERCICE"  # in every language: whoever receives a message may read French only
# Typst: a watermark and a line on top of every page. Fields that the document sets itself stay as it sets them.
_STAMP = """#set page(
  background: rotate(-35deg, text(size: 92pt, weight: 700, fill: rgb("#c41e2422"))[EXERCICE]),
  foreground: place(top + center, dy: 4mm, pdf.artifact(box(
    fill: rgb("#ffd23f"), inset: (x: 10pt, y: 4pt), text(size: 9pt, weight: 700, fill: black)[EXERCICE · EXERCICE · EXERCICE],
  ))),
)
"""


def is_exercise() -> bool:
    """Whether nothing here is real."""
    return bool(settings.EXERCISE)


def marked(text: str) -> str:
    """Words that leave the house (a message's subject, a text message, a voice): in an exercise they begin by saying so.
    Marking twice marks once."""
    if not is_exercise() or text.startswith(WORD):
        return text
    return f"{WORD} · {text}"


def stamped(source: str) -> str:
    """A typst source as it is to be compiled: in an exercise every page bears a watermark and a line on top."""
    return f"{_STAMP}{source}" if is_exercise() else source
