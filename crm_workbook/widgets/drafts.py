"""What a form knows of one record: what is stored, what was typed and not yet stored, and where two people collided."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from crm_workbook.records import Record, Value
from crm_workbook.records.values import in_order


@dataclass(frozen=True, slots=True)
class Clash:
    """Somebody else wrote into a field at the same time: what stands there now, as far as is known here."""

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

    def chosen(self, name: str, value: Value, held: Value, seen: Value) -> Value:
        """Notes what was chosen in a list that opened when the field held `held` and `seen` was stored; returns what was
        seen before it. What others changed while the list was open stays: of several ids only those that were ticked or
        unticked are mine, and a single one is for the store to ask about."""
        if not isinstance(value, tuple):
            if seen != self.seen(name):
                self._seen[name] = seen
            return self.typed(name, value)
        added, removed, now = _ids(value) - _ids(held), _ids(held) - _ids(value), self.value(name)
        self.typed(name, value)
        self.typed(name, in_order((_ids(now) | added) - removed))
        return in_order((_ids(seen) | removed) - added)

    def held_back(self, name: str, value: Value) -> None:
        """Notes what was chosen in a field with an open conflict: it is written when the conflict ends."""
        self._pending[name] = value

    def stored(self, row: Record) -> set[str]:
        """The record is stored like this now. Returns the fields that must be shown differently."""
        before, self._row, changed = self._row, row, set()
        for name in row.declared.fields:
            old, new = before.get(name), row.get(name)
            if old == new and type(old) is type(new):
                continue
            if name in self.conflicts:
                self.conflicts[name] = replace(self.conflicts[name], theirs=new)
                changed.add(name)
            elif name not in self._pending or (self._pending[name] == old and name not in self._seen):
                self._forget(name)
                changed.add(name)
            elif new == self._pending[name]:
                self._forget(name)
            elif hash(new) in self._sent[name]:
                continue  # ours, half way
            elif isinstance(new, tuple):
                self._merge(name, old, new)
                changed.add(name)
            else:
                self._seen.setdefault(name, old)  # somebody else's; the store will notice and ask
        return changed

    def conflict(self, name: str, mine: Value, theirs: Value, who: str) -> None:
        """Keeps both until `keep_mine` or `take_theirs`."""
        self._pending.setdefault(name, mine)
        self.conflicts[name] = Clash(theirs, who)

    def keep_mine(self, name: str) -> tuple[Value, Value]:
        """Ends a conflict; returns (value, seen) to be written."""
        value, theirs = self.value(name), self._end(name)
        self._pending[name], self._sent[name] = value, {hash(value)}
        return value, theirs

    def take_theirs(self, name: str) -> None:
        """Ends a conflict: what was typed here is gone."""
        self._end(name)
        self.unfinished.pop(name, None)

    def _end(self, name: str) -> Value:
        theirs = self.conflicts.pop(name).theirs
        self._forget(name)
        self._row = self._row.with_value(name, theirs)
        return theirs

    def _merge(self, name: str, old: Value, new: Value) -> None:
        """Somebody else has changed a field of several ids: theirs, and over it what was ticked or unticked here."""
        mine = self._pending[name]
        merged = in_order((_ids(new) | (_ids(mine) - _ids(old))) - (_ids(old) - _ids(mine)))
        if merged == new:
            self._forget(name)
        else:
            self.typed(name, merged)

    def _forget(self, name: str) -> None:
        self._pending.pop(name, None)
        self._sent.pop(name, None)
        self._seen.pop(name, None)


def _ids(value: Value) -> frozenset[str]:
    return frozenset(value) if isinstance(value, tuple) else frozenset()
