"""What a form writes with."""
from __future__ import annotations

from typing import TYPE_CHECKING

from crm_workbook.records import Value

if TYPE_CHECKING:
    from crm_workbook.store.session import Session


class SessionPen:
    """Every change goes straight to the session. `ref` is the record's code, or the token of one that is being made."""

    def __init__(self, session: Session, ref: str) -> None:
        self.session, self.ref = session, ref
        self.names = {ref}  # the token it began with, and the code since there is one

    def named(self, code: str) -> None:
        """The record exists now, and this is its code."""
        self.ref = code
        self.names.add(code)

    def typed(self, field: str, value: Value, seen: Value) -> None:
        self.session.typed(self.ref, field, value, seen)

    def unfinished(self, field: str, text: str) -> None:
        self.session.unfinished(self.ref, field, text)

    def left(self, field: str) -> None:
        self.session.settled(self.ref)


class NoPen:
    """The pen of a form that shows nothing yet."""

    def typed(self, field: str, value: Value, seen: Value) -> None: ...
    def unfinished(self, field: str, text: str) -> None: ...
    def left(self, field: str) -> None: ...
