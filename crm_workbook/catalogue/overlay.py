"""A company's own additions to the catalogue, in a file that belongs to the company and survives every update.

    [overlay]
    of = "crm.core"
    needs = ">=1.0,<2"

    [[motive]]                              # a new entry, its id begun with a name of one's own
    id = "acme.two-systems"
    text = "Two systems have to become one"
    sound = true
    answer = "Name the day on which the old ones are switched off."

    [[change]]                              # other words, another weight or another threshold for a known entry
    of = "motive/mo-growth"
    set = { text = "Our tools have become too small" }

    [[insert]]                              # where a new entry stands; otherwise at the end
    of = "motive/acme.two-systems"
    after = "mo-growth"

    [[change]]                              # rules follow the company's own thresholds
    of = "param/p_answer_days"
    set = { value = 2 }

    [params]                                # own thresholds, for own rules
    "acme.p_vans" = { value = 12, unit = "vans", note = "Most vans that one person plans." }

    [[pattern]]                             # a rule of one's own over the facts of the program
    id = "acme.no-drivers"
    name = "Drivers without the CRM on the road"
    stage = "team"
    severity = "serious"
    active_from = "requirements"
    fires_when = "mobile_users == 0 and users_total > acme.p_vans"
    message = "The drivers are our eyes at the customer, and none of them is among the users."
    advice = "Ask two drivers to join the group."
    minutes = 15
    triggers = [{ mobile_users = 0 }]

    [[silence]]                             # a pattern of the catalogue that does not fit, and why
    pattern = "fp-patchwork"
    reason = "We are one department."

Entries of every kind can be added but facts, stages and levels, see `CLOSED`. Expressions of the catalogue stay as they are;
thresholds, severities, minutes and texts can be changed.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from crm_workbook.catalogue.faults import At, Problem
from crm_workbook.catalogue.reading import read_entries, read_toml
from crm_workbook.catalogue.rows import KINDS
from crm_workbook.catalogue.shape import Kind, Row, Rule, read_row, shape

RESERVED = "crm"
"""The namespace of the catalogue itself."""
CLOSED = {
    "fact": "each needs a function of the program",
    "stage": "the program itself follows them",
    "function_level": "there are always the same levels",
    "evidence_level": "there are always the same levels",
}
"""Kinds that an overlay cannot add to, and why."""
RULES = ("pattern", "gate_item")
"""Kinds whose expressions compare with params."""

_BOUND = re.compile(r"(>=|<=|==|>|<)\s*(\d+(?:\.\d+)*)")


@dataclass(frozen=True, slots=True)
class Header:
    """Which catalogue the overlay belongs to and which versions it fits."""

    of: str
    needs: str


@dataclass(frozen=True, slots=True)
class Change:
    """New values for keys of a known entry ("motive/mo-growth")."""

    of: str
    set: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Insert:
    """The place of a new entry: after the entry of the same kind with this id."""

    of: str
    after: Annotated[str, Rule(text=True)]


@dataclass(frozen=True, slots=True)
class Silence:
    """A pattern to do without, and why."""

    pattern: str
    reason: Annotated[str, Rule(text=True)]


@dataclass(frozen=True)
class Overlay:
    """An overlay file, read but not yet laid over anything."""

    file: str
    tables: Mapping[str, object]  # by kind
    changes: tuple[Change, ...]
    inserts: tuple[Insert, ...]
    silences: tuple[Silence, ...]

    @cached_property
    def thresholds(self) -> frozenset[str]:
        """The params that the overlay changes."""
        return frozenset(_split(change.of)[1] for change in self.changes if _split(change.of)[0] == "param")

    @cached_property
    def changed(self) -> frozenset[str]:
        """The entries of the catalogue that it changes ("motive/mo-growth")."""
        return frozenset(change.of for change in self.changes)

    @property
    def kinds(self) -> list[str]:
        """The kinds that the overlay touches, in the order of the catalogue: rules too when it changes a threshold."""
        touched = (*(change.of for change in self.changes), *(insert.of for insert in self.inserts))
        named = {*self.tables, *(_split(of)[0] for of in touched)}
        if self.silences:
            named.add("pattern")
        if self.thresholds:
            named.update(RULES)
        return [kind for kind in KINDS if kind in named]

    def applied(self, kind: Kind, rows: Mapping[str, Any], out: list[Problem]) -> dict[str, Any]:
        """The entries of a kind with the overlay on top; what does not fit is added to `out`."""
        merged = dict(rows)
        if kind.name in self.tables:
            read_entries(kind, self.tables[kind.name], self.file, merged, out)
        own = [id for id in merged if id not in rows]
        for id in own:
            namespace, dot, _ = id.partition(".")
            if not dot or namespace == RESERVED:
                what = f"expected a name of your own and a dot in front, such as acme.{id.rpartition('.')[2]}."
                out.append(At(self.file, f"{kind.name} {id}", kind.identity.key).problem(what))
        for change in _about(kind, self.changes):
            self._change(kind, change, merged, out)
        for insert in _about(kind, self.inserts):
            merged = self._insert(insert, merged, own, out)
        for silence in self.silences if kind.name == "pattern" else ():
            self._silence(silence, merged, out)
        return merged

    def _change(self, kind: Kind, change: Change, rows: dict[str, Any], out: list[Problem]) -> None:
        at = At(self.file, f"change of {change.of}")
        id = _split(change.of)[1]
        if id not in rows:
            out.append(at.inside("of").problem(f"the catalogue has no {kind.name} with this id."))
            return
        fields = {field.key: field for field in shape(kind.row)}
        before, values = len(out), {}
        for key, value in change.set.items():
            place = at.inside(key)
            if key in fields and fields[key].changeable:
                values[fields[key].name] = fields[key].read(value, place, out)
            else:
                allowed = ", ".join(field.key for field in fields.values() if field.changeable)
                out.append(place.problem(f"an overlay cannot change this key. It can change: {allowed}."))
        if len(out) == before:
            rows[id] = replace(rows[id], **values)

    def _insert(self, insert: Insert, rows: dict[str, Any], own: list[str], out: list[Problem]) -> dict[str, Any]:
        at = At(self.file, f"insert of {insert.of}")
        id = _split(insert.of)[1]
        if id not in own:
            out.append(at.inside("of").problem("expected an entry that this overlay adds."))
        elif insert.after not in rows or insert.after == id:
            out.append(at.inside("after").problem("expected the id of another entry of the same kind."))
        else:
            order = [each for each in rows if each != id]
            order.insert(order.index(insert.after) + 1, id)
            return {each: rows[each] for each in order}
        return rows

    def _silence(self, silence: Silence, rows: dict[str, Any], out: list[Problem]) -> None:
        if silence.pattern in rows:
            rows[silence.pattern] = replace(rows[silence.pattern], silenced=silence.reason)
        else:
            at = At(self.file, f"silence of {silence.pattern}", "pattern")
            out.append(at.problem("the catalogue has no pattern with this id."))


def is_own(id: str) -> bool:
    """Whether an entry is one of a company: only these have a dot in their id."""
    return "." in id


def read_overlay(path: Path, catalogue_id: str, version: str, out: list[Problem]) -> Overlay:
    """Read an overlay file for the catalogue of this id and version.

    What is wrong is added to `out`: another catalogue or version, unknown parts. Entries are checked when they are applied.
    Raises CatalogueError when the file cannot be read at all.
    """
    content, file = read_toml(path), path.name
    kinds = {kind.tables: kind.name for kind in KINDS.values() if kind.name not in CLOSED}
    known = ("overlay", "change", "insert", "silence", *kinds)
    for key in content:
        if key in CLOSED:
            out.append(At(file, "", key).problem(f"an overlay cannot add these: {CLOSED[key]}."))
        elif key not in known:
            out.append(At(file, "", key).problem(f"unknown key. Expected one of: {', '.join(known)}."))
    header = read_row(Header, content.get("overlay", {}), At(file, "overlay"), out)
    if header is not None:
        out.extend(_header_faults(header, At(file, "overlay"), catalogue_id, version))
    changes = _read_list(Change, content, "change", file, out)
    inserts = _read_list(Insert, content, "insert", file, out)
    silences = _read_list(Silence, content, "silence", file, out)
    tables = {name: content[table] for table, name in kinds.items() if table in content}
    return Overlay(file, tables, tuple(changes), tuple(inserts), tuple(silences))


def _header_faults(header: Header, at: At, catalogue_id: str, version: str) -> Iterable[Problem]:
    if header.of != catalogue_id:
        yield at.inside("of").problem(f'expected "{catalogue_id}", found "{header.of}".')
    try:
        if not fits(version, header.needs):
            yield at.inside("needs").problem(f"this catalogue has version {version}, the overlay needs {header.needs}.")
    except ValueError as error:
        yield at.inside("needs").problem(str(error))


def _read_list(row: type[Row], content: Mapping[str, Any], key: str, file: str, out: list[Problem]) -> list[Row]:
    """The [[change]], [[insert]] or [[silence]] tables; `of`, where there is one, names a kind that exists."""
    raws = content.get(key, [])
    if not isinstance(raws, list):
        out.append(At(file, "", key).problem(f"expected tables, each begun with [[{key}]]."))
        return []
    found = []
    for number, raw in enumerate(raws, start=1):
        at = At(file, f"{key} number {number}")
        each = read_row(row, raw, at, out)
        of = getattr(each, "of", None)
        if of is not None and _split(of)[0] not in KINDS:
            what = f'expected a kind and an id such as motive/mo-growth, found "{of}".'
            out.append(at.inside("of").problem(what))
        elif each is not None:
            found.append(each)
    return found


def _split(of: str) -> tuple[str, str]:
    kind, _, id = of.partition("/")
    return kind, id


def _about(kind: Kind, each: Iterable[Any]) -> list[Any]:
    return [one for one in each if _split(one.of)[0] == kind.name]


def fits(version: str, needs: str) -> bool:
    """Whether a version such as "1.2.0" meets bounds such as ">=1.0,<2". Raises ValueError for anything else."""
    have = _numbers(version)
    for part in needs.split(","):
        bound = _BOUND.fullmatch(part.strip())
        if bound is None:
            raise ValueError(f'expected bounds such as ">=1.0,<2", found "{needs}".')
        want = _numbers(bound[2])
        compared = (have > want) - (have < want)
        if compared not in {">=": (0, 1), "<=": (0, -1), "==": (0,), ">": (1,), "<": (-1,)}[bound[1]]:
            return False
    return True


def _numbers(version: str) -> tuple[int, ...]:
    """(1, 2) for "1.2.0": zeros at the end make no difference."""
    numbers = [int(part) for part in version.split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
