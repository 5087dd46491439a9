"""Every record class there is. `KINDS` is the order of exports, codes and chapters."""
from __future__ import annotations

import re

from crm_workbook.records import adoption, goals, minutes, phases, processes, radar, requirements, team, vendors
from crm_workbook.records.declare import Record

KINDS: tuple[type[Record], ...] = tuple(
    kind for module in (goals, team, processes, requirements, vendors, phases, adoption, radar, minutes)
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, Record) and kind.__module__ == module.__name__)
BY_TABLE = {kind.declared.table: kind for kind in KINDS}
BY_PREFIX = {kind.declared.prefix: kind for kind in KINDS}
CHAPTERS = ("goals", "team", "processes", "requirements", "vendors", "phases", "adoption", "radar", "minutes")

_CODE = re.compile(r"([A-Z]+)([1-9][0-9]{0,9})", re.ASCII)


def split_code(code: str) -> tuple[type[Record], int]:
    """'R12' -> (Requirement, 12). ValueError when no record can have this code."""
    match = _CODE.fullmatch(code)
    if match is None or match[1] not in BY_PREFIX:
        raise ValueError(f"{code!r} is not a code; codes look like G1 or R12")
    return BY_PREFIX[match[1]], int(match[2])
