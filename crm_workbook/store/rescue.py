"""What could not be written in the end goes into a file of the user's own: nothing typed is ever lost."""
from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from crm_workbook.records import Value
from crm_workbook.records.edits import Create, Delete, Edit, Link, Unlink
from crm_workbook.records.text import visible
from crm_workbook.records.values import to_json
from crm_workbook.store.errors import shown

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Typed:
    """A value for a field; `seen` is what stood there when the person began."""

    ref: str
    field: str
    value: Value
    seen: Value


@dataclass(frozen=True, slots=True)
class Loose:
    """A text for a field that is no value yet."""

    ref: str
    field: str
    text: str


Item = Typed | Loose
_written: set[Path] = set()  # by this process


def folder() -> Path:
    """Where rescue files lie: beside what else the program remembers about this person."""
    from crm_workbook.paths import rescue_folder

    return rescue_folder()


def left_over() -> list[Path]:
    """The rescue files of earlier sessions, of any workbook, the oldest first. Nobody deletes them but the person."""
    try:
        found = [(path.stat().st_mtime, path) for path in folder().glob("*.toml") if path not in _written]
    except OSError:
        return []
    return [path for _, path in sorted(found)]


def rescue(target: str, who: str, items: Iterable[Item], edits: Iterable[Edit], drafts: Mapping[str, str],
           instead: Path | None = None) -> Path | None:
    """Writes what is left as TOML into the state directory (or, failing that, the temporary one); None if neither takes it.

    `drafts`: token -> kind of record, for records that were never made. `instead`: the file of an earlier call that
    holds less than this one; it is deleted.
    """
    import tempfile  # none of the three is needed in a normal session

    import tomli_w

    now = datetime.now(UTC)
    document = {
        "about": "Typed into CRM Workbook, but the workbook could not be written. Type it in again, or copy it from here.",
        "workbook": shown(target), "who": who, "at": now.replace(microsecond=0),
        "unsaved": [*map(lambda item: _item(item, drafts), items), *map(_edit, edits)]}
    data = tomli_w.dumps(document).encode("utf-8", "backslashreplace")  # a strange file name must not stop it
    name = f"{Path(shown(target).partition('?')[0]).stem or 'workbook'}-{now:%Y%m%d-%H%M%S}-{os.getpid()}.toml"
    for place in (folder(), Path(tempfile.gettempdir())):
        try:
            path = _write(place, name, data)
        except OSError:
            _log.exception("No rescue file in %s", place)
        else:
            _written.add(path)
            if instead is not None:
                forget(instead)
            return path
    return None


def forget(path: Path) -> None:
    """Deletes a rescue file of this session: what is in it lies somewhere better now."""
    with suppress(OSError):
        path.unlink()


def _write(place: Path, name: str, data: bytes) -> Path:
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    for count in range(100):
        path = place / (f"{count}-{name}" if count else name)
        try:
            descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
        except FileExistsError:
            continue
        with open(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        return path
    raise FileExistsError(place / name)


def _item(item: Item, drafts: Mapping[str, str]) -> dict[str, str]:
    text = _text(item.text if isinstance(item, Loose) else item.value)
    return {"record": drafts.get(item.ref, item.ref), "field": item.field, "text": text}


def _edit(edit: Edit) -> dict[str, str]:
    if isinstance(edit, Create):
        values = {name: _text(value) for name, value in edit.values.items()}
        return {"do": "create", "record": f"new {edit.kind.declared.one}"} | values
    if isinstance(edit, Delete):
        return {"do": "delete", "record": edit.code}
    if isinstance(edit, Link | Unlink):
        return {"do": type(edit).__name__.lower(), "record": edit.code, "field": edit.field, "target": edit.target}
    return {"do": "change", "record": edit.code, "field": edit.field, "text": _text(edit.new)}


def _text(value: Value) -> str:
    return visible(value) if isinstance(value, str) else to_json(value)
