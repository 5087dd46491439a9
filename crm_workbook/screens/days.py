"""The clock of the screens: everything below is given the day."""
from __future__ import annotations

from datetime import date, datetime


def today() -> date:
    """The day it is where this terminal stands."""
    return datetime.now().astimezone().date()
