"""What a script does with a program in a terminal."""
from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Until:
    """Waits until the screen shows this (a regular expression); notes the time since the start under `name`."""

    pattern: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Press:
    """Presses keys that are not measured, each on a screen at rest."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Seek:
    """Presses a key again and again until the screen shows this; not measured."""

    key: str
    pattern: str
    most: int = 15


@dataclass(frozen=True, slots=True)
class Timed:
    """Presses keys one by one on a screen at rest; notes under `name` the time until each shows, and its bytes.

    `rest`: the time until nothing moves any more instead of the first change."""

    name: str
    keys: tuple[str, ...]
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Idle:
    """Does nothing for a while; notes CPU and bytes a second."""

    seconds: float = 5.0


Step = Until | Press | Seek | Timed | Idle
