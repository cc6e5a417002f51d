"""Django's PostgreSQL engine with a cheaper question "is this connection still alive?"."""
