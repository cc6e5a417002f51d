"""Fuzzing of what comes from outside: `manage.py fuzz NAME --seconds N` (atheris; x86-64 Linux, in the test lock).

A module `fuzz/NAME.py` holds `def one(data: bytes) -> None`, which raises for what must never happen. `fuzz/corpus/NAME/` holds
what it starts from; what a run finds beyond that stays in `var/`.
"""
