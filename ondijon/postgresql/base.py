import select

from django.db.backends.postgresql.base import DatabaseWrapper as PostgresWrapper


class DatabaseWrapper(PostgresWrapper):
    """`CONN_HEALTH_CHECKS` asks `is_usable` once per request, by a round trip of its own: a tenth of a list's time.

    A server that stopped or was restarted has closed its end, which the socket tells without asking. Only when it has
    something to tell is the server itself asked. A network that silently swallows packets is what the client's TCP
    keepalive is for; the question would have waited for it just as long as the statement after it.
    """

    def is_usable(self) -> bool:
        raw = self.connection
        if raw is None or raw.closed:
            return False
        socket = select.poll()
        socket.register(raw.fileno(), select.POLLIN | select.POLLPRI)
        return not socket.poll(0) or bool(super().is_usable())
