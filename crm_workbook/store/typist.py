"""What people type, into the workbook: visits, drafts, conflicts, unfinished texts. Runs in the store thread."""
from __future__ import annotations

import json
import time
import uuid
from collections import deque
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field

from crm_workbook.records import Record, Value, split_code
from crm_workbook.records.declare import MANY_IDS
from crm_workbook.records.edits import Change, Create, Delete, Edit, Entry, Link, Refused, Unlink
from crm_workbook.records.minutes import Unfinished
from crm_workbook.records.values import Invalid, check, edit_text
from crm_workbook.store.events import Conflicted, Created, Declined, Event
from crm_workbook.store.rescue import Item, Loose, Typed
from crm_workbook.store.workbook import Workbook

Draft = tuple[type[Record], Mapping[str, Value]]
Done = Callable[[str, str, tuple[Entry, ...]], None]
"""Told after each write: ticket, batch ('' when it is not to be undone), entries."""
VISIT = 60.0
"""Seconds after which typing goes on in a new batch. The journal rows of a batch may still be replaced by what is typed
next; so a row is final after a minute at the latest, and undo takes back a minute of typing at most."""


@dataclass
class _Ours:
    """What this session itself put into a field: the screen may still show any of it, which is no conflict."""

    base: Value
    last: Value
    values: deque[Value] = field(default_factory=lambda: deque(maxlen=24))
    foreign: bool = False  # somebody else wrote there since
    gone: set[str] = field(default_factory=set)  # of several ids in `last`, those that somebody else has taken out since

    def holds(self, value: Value) -> bool:
        """Whether the field held this before or after something this session wrote."""
        return value == self.base or value in self.values

    def met(self, entry: Entry) -> bool:
        """Takes note of somebody else's link in a field of several ids; False when they brought back what had been taken
        out here: then an earlier value on the screen is no longer ours."""
        if not isinstance(self.last, tuple):
            return False
        target = json.loads(entry.new or entry.old or '""')
        if entry.op == "unlink":
            self.gone.add(target)
            return True
        self.gone.discard(target)
        return target in self.last or not any(target in held for held in (self.base, *self.values) if isinstance(held, tuple))

    def wrote(self, value: Value) -> None:
        """This stands there now, as far as we know."""
        self.last = value
        self.gone &= set(value) if isinstance(value, tuple) else set()
        if not self.values or self.values[-1] != value:
            self.values.append(value)


class Typist:
    """Writes typed items. `drafts` is filled by Session.draft (token -> kind and first values)."""

    def __init__(self, workbook: Workbook, drafts: Mapping[str, Draft], post: Callable[[Event], None], done: Done) -> None:
        self._workbook, self._drafts, self._post, self._done = workbook, drafts, post, done
        self._codes: dict[str, str] = {}
        self._waiting: dict[str, dict[str, Value]] = {}  # typed into drafts that were not worth a record yet
        self._batches: dict[tuple[str, str], tuple[str, float]] = {}  # of the visits that are going on, and when they began
        self._ours: dict[tuple[str, str], _Ours] = {}
        self._contested: dict[tuple[str, str], tuple[Value, bool]] = {}
        self._kept: dict[tuple[str, str], str] = {}  # ref (a code once there is one) and field -> our unfinished entry
        self._found = {row.code: row for row in workbook.book.rows(Unfinished) if row.who == workbook.who}

    # ---- what the session says ----

    def write(self, items: dict[tuple[str, str], Item]) -> None:
        """Writes all of them and takes each out of `items` when it is done; Unsaved leaves the rest in."""
        while items:
            ref = next(iter(items))[0]
            group = [item for item in items.values() if item.ref == ref]
            self._write(ref, group)
            for item in group:
                items.pop((item.ref, item.field), None)

    def settle(self, ref: str) -> None:
        """The visit is over: the next typing is a new batch."""
        for place in [place for place in self._batches if place[0] == ref]:
            del self._batches[place]
        code = self._code(ref)
        for key in [key for key in self._ours if key[0] == code]:
            ours = self._ours[key]
            if ours.foreign:
                del self._ours[key]
            else:
                while len(ours.values) > 3:
                    ours.values.popleft()

    def note(self, entries: Iterable[Entry]) -> None:
        """Others wrote this."""
        busy = {self._code(ref) for ref, _ in self._batches}
        for entry in entries:
            ours = self._ours.get((entry.code, entry.field))
            if ours is None or (entry.op in ("link", "unlink") and ours.met(entry)):
                continue
            if entry.code in busy and entry.op == "change":
                ours.foreign = True
            else:
                del self._ours[entry.code, entry.field]

    def forget(self, entries: Iterable[Entry], batch: str = "") -> None:
        """This session wrote this by other means than typing; a visit whose `batch` was taken back is over."""
        for entry in entries:
            self._ours.pop((entry.code, entry.field), None)
            self._contested.pop((entry.code, entry.field), None)
        for place in [place for place, (own, _) in self._batches.items() if own == batch]:
            del self._batches[place]

    def resolve(self, ref: str) -> str:
        """The code behind a token; a draft that was not made yet is made. Other refs stay what they are."""
        if ref in self._drafts and not self._code(ref):
            self._create(ref, {})
        return self._code(ref)

    # ---- one record ----

    def _code(self, ref: str) -> str:
        return self._codes.get(ref, "") if ref in self._drafts else ref

    def _batch(self, ref: str, kept: str = "") -> str:
        """The batch of the visit that is going on, for VISIT seconds; `kept`: of the kept text of this field, apart."""
        now = time.monotonic()
        batch, began = self._batches.get((ref, kept), ("", now))
        if not batch or now - began >= VISIT:
            batch, _ = self._batches[ref, kept] = uuid.uuid4().hex, now
        return batch

    def _kind(self, ref: str) -> type[Record] | None:
        if ref in self._drafts:
            return self._drafts[ref][0]
        try:
            return split_code(ref)[0]
        except ValueError:
            return None

    def _write(self, ref: str, group: list[Item]) -> None:
        kind = self._kind(ref)
        if kind is None or any(item.field not in kind.declared.fields for item in group):
            self._post(Declined(ref, Refused((f"There is no {ref}, or no such field in it.",))))
            return
        group = [self._checked(kind, item) for item in group]
        if self._must_create(kind, ref):
            values = {item.field: item.value for item in group if isinstance(item, Typed)}
            loose = [item for item in group if isinstance(item, Loose) and item.text]
            if not loose and all(value == kind.declared.fields[name].empty for name, value in values.items()):
                self._waiting.setdefault(ref, {}).update(values)  # a first value of the draft may have been cleared
                for item in group:
                    if (ref, item.field) in self._kept:
                        self._keep(ref, item.field, "")
                return
            try:
                if self._create(ref, values):
                    group = list[Item](loose)
            except Refused as refused:
                self._decline(ref, refused, group)
                return
        self._write_fields(kind, ref, group)

    def _write_fields(self, kind: type[Record], ref: str, group: list[Item]) -> None:
        if not group:
            return
        if any(isinstance(item, Typed) and self._has_seen_theirs(item) for item in group):
            self._batches.pop((ref, ""), None)  # undo takes back what was written upon theirs, but not through it
        batch = self._batch(ref)
        try:
            entries = self._workbook.apply([edit for item in group for edit in self._edits(ref, item)], batch=batch)
        except Refused as refused:
            if len(group) > 1:
                for item in group:
                    self._write_fields(kind, ref, [item])
            elif refused.conflicts and isinstance(item := group[0], Typed):
                self._conflict(kind, item, refused)
            else:
                self._decline(ref, refused, group)
            return
        for item in group:
            if isinstance(item, Typed):
                self._remember(item)
            elif not item.text:  # the person took the other's text: nothing of ours is in question any more
                self._contested.pop((self._code(item.ref), item.field), None)
                self._ours.pop((self._code(item.ref), item.field), None)
        if kind is not Unfinished:
            self._note_kept(entries)
        self._done(ref, batch, entries)

    def _edits(self, ref: str, item: Item) -> list[Edit]:
        code = self._code(ref)
        unfinished = self._unfinished(code, item.field)
        if isinstance(item, Loose):
            return self._keeping(code, item.field, item.text, unfinished)
        ours = self._ours.get((code, item.field))
        old, gone = item.seen, set[str]()
        if ours is not None and (code, item.field) not in self._contested and ours.holds(old):
            old, gone = ours.last, ours.gone  # the screen is a little behind; what stands there is our own
        if split_code(code)[0].declared.fields[item.field].type in MANY_IDS:
            done = _difference(code, item.field, old, item.value, gone)
        else:
            done = [Change(code, item.field, old, item.value)]
        return done + [Delete(row.code) for row in unfinished]

    def _has_seen_theirs(self, item: Typed) -> bool:
        """Whether this goes on from what somebody else wrote after us."""
        ours = self._ours.get((self._code(item.ref), item.field))
        return ours is not None and not ours.holds(item.seen)

    def _remember(self, item: Typed) -> None:
        key = (self._code(item.ref), item.field)
        ours = self._ours.get(key)
        if self._contested.pop(key, None) is not None or ours is None or not ours.holds(item.seen):
            ours = self._ours[key] = _Ours(item.seen, item.value)
        ours.wrote(item.value)

    # ---- drafts ----

    def _must_create(self, kind: type[Record], ref: str) -> bool:
        if ref in self._drafts:
            return not self._code(ref)
        return kind.declared.single and ref == f"{kind.declared.prefix}1" and self._workbook.book.get(ref) is None

    def _create(self, ref: str, values: Mapping[str, Value]) -> bool:
        """Makes the record of a draft; False when somebody else has begun it already (a `single` kind, or a `unique` one)."""
        kind, first = self._drafts.get(ref) or (split_code(ref)[0], {})
        only = f"{kind.declared.prefix}1" if kind.declared.single else ""
        batch, values = self._batch(ref), {**first, **self._waiting.get(ref, {}), **values}
        there = self._workbook.book.get(only) if only else self._workbook.book.twin(kind, values)
        if there is not None:
            self._codes[ref] = there.code
            self._move_kept(ref, there.code)
            self._post(Created(ref, there.code))
            return False
        try:
            entries = self._workbook.apply(
                [Create(kind, values), *(Delete(row.code) for name in values for row in self._unfinished(ref, name))],
                batch=batch)
        except Refused:
            if (self._workbook.book.get(only) if only else self._workbook.book.twin(kind, values)) is not None:
                return self._create(ref, values)
            raise
        code = self._codes[ref] = entries[0].code
        self._move_kept(ref, code)
        self._waiting.pop(ref, None)
        for name, value in values.items():
            base = first.get(name, kind.declared.fields[name].empty)
            self._ours[code, name] = _Ours(base, value, deque([value], maxlen=24))
        if ref != code:
            self._post(Created(ref, code))
        self._done(ref, batch, entries)
        return True

    # ---- what cannot be written as it is ----

    def _checked(self, kind: type[Record], item: Item) -> Item:
        """A value that cannot be becomes a loose text: kept, and declined."""
        if isinstance(item, Loose):
            return item
        declared = kind.declared.fields[item.field]
        try:
            return Typed(item.ref, item.field, check(declared, item.value), item.seen)
        except Invalid as error:
            self._post(Declined(item.ref, Refused((str(error),))))
            return Loose(item.ref, item.field, edit_text(declared, item.value))

    def _conflict(self, kind: type[Record], item: Typed, refused: Refused) -> None:
        conflict = next(one for one in refused.conflicts)
        edit = conflict.edit
        if not isinstance(edit, Change | Link | Unlink) or (edit.code, edit.field) != (self._code(item.ref), item.field):
            self._decline(item.ref, refused, [item])  # it was our unfinished entry that changed meanwhile
            return
        key = (edit.code, item.field)
        self._keep(item.ref, item.field, edit_text(kind.declared.fields[item.field], item.value))
        if self._contested.get(key) != (conflict.theirs, conflict.gone):
            self._contested[key] = conflict.theirs, conflict.gone
            self._post(Conflicted(item.ref, item.field, item.value, conflict.theirs, conflict.who, conflict.at, conflict.gone))

    def _decline(self, ref: str, refused: Refused, group: list[Item]) -> None:
        kind = self._kind(ref)
        assert kind is not None  # _write looked
        for item in group:
            text = item.text if isinstance(item, Loose) else edit_text(kind.declared.fields[item.field], item.value)
            self._keep(ref, item.field, text)
        self._post(Declined(ref, refused))

    # ---- kept texts ----

    def _unfinished(self, place: str, name: str) -> list[Unfinished]:
        """What is kept for a field of a record (of a draft, by its token) and is ours to replace or delete: what this
        session made, and what this person left there before it began and nobody touched since. What the same person
        keeps in a second window is not."""
        book, own = self._workbook.book, self._kept.get((place, name), "")
        found = [row for row in [book.find(Unfinished, own)] if row is not None]
        return found + [row for row in book.where(Unfinished, "record", place)
                        if row.field == name and row.code != own and self._found.get(row.code) == row]

    def _keeping(self, record: str, name: str, text: str, unfinished: list[Unfinished]) -> list[Edit]:
        if not text:
            return [Delete(row.code) for row in unfinished]
        if not unfinished:
            return [Create(Unfinished, {"record": record, "field": name, "text": text, "who": self._workbook.who})]
        row = unfinished[0]
        return [Change(row.code, "record", row.record, record), Change(row.code, "text", row.text, text)]

    def _keep(self, ref: str, name: str, text: str) -> None:
        """Keeps a text as an unfinished entry, apart from what undo takes back."""
        kind, place = self._kind(ref), self._code(ref) or ref
        assert kind is not None  # _write looked
        record = self._code(ref) or f"new {kind.declared.one}"
        for _ in range(3):  # it may be deleted or mended in its list at this moment
            try:
                entries = self._workbook.apply(self._keeping(record, name, text, self._unfinished(place, name)),
                                               batch=self._batch(ref, name))
            except Refused:
                continue
            self._note_kept(entries, place)
            self._done("", "", entries)
            return

    def _note_kept(self, entries: Iterable[Entry], place: str = "") -> None:
        """These are ours. `place`: the token of a draft whose record could not be made."""
        for entry in entries:
            row = self._workbook.book.find(Unfinished, entry.code)
            if row is not None:
                self._kept[place or row.record, row.field] = row.code

    def _move_kept(self, ref: str, code: str) -> None:
        """The draft has become a record."""
        for place, name in [key for key in self._kept if key[0] == ref]:
            self._kept[code, name] = self._kept.pop((place, name))


def _difference(code: str, name: str, old: Value, new: Value, gone: Container[str]) -> list[Edit]:
    """What a person took out of a field of several ids, and what they added; what others did there stays."""
    before, after = (value if isinstance(value, tuple) else () for value in (old, new))
    return [*(Unlink(code, name, target) for target in before if target not in after and target not in gone),
            *(Link(code, name, target) for target in after if target not in before)]
