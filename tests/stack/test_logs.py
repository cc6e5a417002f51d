"""What a log line may hold."""

import logging

import pytest

from ondijon import logs


@pytest.mark.parametrize("machine_readable", [False, True])
def test_a_traceback_tells_where_and_never_what_was_in_hand(machine_readable: bool) -> None:
    told = dict(logs.formatter(machine_readable=machine_readable))
    line = told.pop("()")(**told)
    number = " ".join(("+33", "6", "99", "00", "00", "01"))  # so that the line of code shown is not it
    try:
        int(number[:0])
    except ValueError as error:
        record = logging.LogRecord("t", logging.ERROR, __file__, 1, "it failed", (), (type(error), error, None))
        record.exc_info = (type(error), error, error.__traceback__)
    said = line.format(record)
    assert "ValueError" in said
    assert "test_logs.py" in said
    assert number not in said
