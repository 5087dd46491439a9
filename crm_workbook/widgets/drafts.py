"""What a form knows of one record: what is stored, what was typed and not yet stored, and where two people collided."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crm_workbook.records import Record, Value


@dataclass(frozen=True, slots=True)
class Clash:
    """Two people wrote into one field at the same time."""

    mine: Value
    theirs: Value
    who: str


class Drafts:
    """The stored record, and over it the values typed here. A typed value stays until it comes back as the stored one."""

    def __init__(self, row: Record, unfinished: Mapping[str, str]) -> None:
        self._row = row
        self.unfinished: dict[str, str] = {name: text for name, text in unfinished.items() if name in row.declared.fields}
        self.conflicts: dict[str, Clash] = {}
        self._pending: dict[str, Value] = {}
        self._sent: dict[str, set[int]] = {}  # hashes of all values typed since the last stored one
        self._seen: dict[str, Value] = {}  # where somebody else's value lies in the row, unseen by the person who types

    def value(self, name: str) -> Value:
        """The value to show."""
        return self._pending[name] if name in self._pending else self._row.get(name)

    def seen(self, name: str) -> Value:
        """The value last known to be stored, as the person who types has seen it."""
        return self._seen[name] if name in self._seen else self._row.get(name)

    def row(self) -> Record:
        """The record with everything typed in it."""
        row = self._row
        for name, value in self._pending.items():
            row = row.with_value(name, value)
        return row

    def typed(self, name: str, value: Value) -> Value:
        """Notes a typed value; returns what was seen before it."""
        self._pending[name] = value
        self._sent.setdefault(name, set()).add(hash(value))
        self.unfinished.pop(name, None)
        return self.seen(name)

    def stored(self, row: Record) -> set[str]:
        """The record is stored like this now. Returns the fields that must be shown differently."""
        before, self._row, changed = self._row, row, set()
        for name in row.declared.fields:
            old, new = before.get(name), row.get(name)
            if old == new and type(old) is type(new):
                continue
            if name not in self._pending or (self._pending[name] == old and name not in self._seen):
                self._forget(name)
                changed.add(name)
            elif new == self._pending[name]:
                self._forget(name)
            elif hash(new) not in self._sent[name]:
                self._seen.setdefault(name, old)  # somebody else's; the store will notice and ask
        return changed

    def conflict(self, name: str, mine: Value, theirs: Value, who: str) -> None:
        """Keeps both texts until `settle`."""
        self._pending.setdefault(name, mine)
        self.conflicts[name] = Clash(self._pending[name], theirs, who)

    def settle(self, name: str, keep_mine: bool) -> tuple[Value, Value]:
        """Ends a conflict; returns (value, seen) to be written."""
        clash = self.conflicts.pop(name)
        value = self.value(name) if keep_mine else clash.theirs
        self._forget(name)
        self._row = self._row.with_value(name, clash.theirs)
        if keep_mine:
            self._pending[name], self._sent[name] = value, {hash(value)}
        else:
            self.unfinished.pop(name, None)
        return value, clash.theirs

    def _forget(self, name: str) -> None:
        self._pending.pop(name, None)
        self._sent.pop(name, None)
        self._seen.pop(name, None)
