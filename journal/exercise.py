"""In which world this post is: the real one, or an exercise's. An exercise is a whole post of its own (own database,
addresses and folders: `ondijon.stack.exercise`), so this only says so where words leave the house."""

from django.conf import settings

WORD = "EXERCICE"  # in every language: whoever receives a message may read French only


def is_exercise() -> bool:
    """Whether nothing here is real."""
    return bool(settings.EXERCISE)


def marked(text: str) -> str:
    """Words that leave the house (a message's subject, a text message, a voice): in an exercise they begin by saying so.
    Marking twice marks once."""
    if not is_exercise() or text.startswith(WORD):
        return text
    return f"{WORD} · {text}"
