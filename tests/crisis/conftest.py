"""The live server's screens, as its own tests open them."""

from tests.live.conftest import screen, secret

__all__ = ["screen", "secret"]
