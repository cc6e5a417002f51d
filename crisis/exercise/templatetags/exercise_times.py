"""How the evaluation sheet writes lengths of time."""

from django import template

register = template.Library()


@register.filter
def took(seconds: float | None) -> str:
    """75 → "1 min 15"; 4000 → "1 h 06"; None → "–"."""
    if seconds is None:
        return "–"
    whole = round(seconds)
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02}"
    return f"{whole // 3600} h {whole % 3600 // 60:02}"
