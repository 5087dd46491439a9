"""The clock of the screens: everything below is given the day."""
from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo


def zone() -> tzinfo:
    """The time zone in which this terminal stands."""
    return datetime.now().astimezone().tzinfo or UTC


def today() -> date:
    """The day it is where this terminal stands."""
    return datetime.now().astimezone().date()
