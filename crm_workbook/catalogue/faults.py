"""What can be wrong with a catalogue or an overlay, as a sentence that says where."""

from collections.abc import Iterable
from typing import NamedTuple


class Problem(NamedTuple):
    """One thing to mend: in which file, at which entry ("motive mo-growth"), under which key, and what was expected."""

    file: str
    entry: str
    key: str
    what: str
    warning: bool = False

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.file, self.entry, self.key) if part)
        return f"{'Warning: ' if self.warning else ''}{place}: {self.what}"


class At(NamedTuple):
    """A place in a file that is being read."""

    file: str
    entry: str
    key: str = ""

    def inside(self, key: str) -> "At":
        """The place one step further in: "option" becomes "option 2", then "option 2, label"."""
        return self._replace(key=f"{self.key}, {key}" if self.key else key)

    def problem(self, what: str, *, warning: bool = False) -> Problem:
        """A problem at this place."""
        return Problem(self.file, self.entry, self.key, what, warning)


class CatalogueError(Exception):
    """A catalogue file or an overlay cannot be used; `problems` holds all reasons, one a line in the message."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))
