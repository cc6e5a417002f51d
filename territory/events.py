"""What the journal records of this room."""

from typing import ClassVar

from journal.events import Event


class AddressesImported(Event, frozen=True):
    """An address file was brought in; figures in lines of the file."""

    kind: ClassVar[str] = "territory.addresses_imported"
    file: str
    created: int
    updated: int
    refused: int
