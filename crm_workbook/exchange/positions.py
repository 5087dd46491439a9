"""Where a key stands in a TOML text: a small scanner, because tomllib forgets the places of what it has read."""
from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

Key = tuple[str, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_PART = re.compile(r"""[ \t]*("(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[A-Za-z0-9_-]+)[ \t]*(\.)?""")
_VALUE = re.compile(
    r'''"""(?:[^"\\]|\\.|""?(?!"))*"{3,5}|\'\'\'(?:[^\']|\'\'?(?!\'))*\'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|\#[^\n]*'''
    r'''|[\[\]{}]|\n|[^\s"'\#\[\]{}]+|[^\n]''', re.DOTALL)


class Positions:
    """The lines and columns (both from 1) of the sections and keys of one text; it is scanned at the first question.

    What stands inside an inline table has the place of the key in front of it.
    """

    def __init__(self, text: str) -> None:
        self.text = text.replace("\r\n", "\n")

    def of(self, *path: str) -> tuple[int, int]:
        """Line and column of the key with this path, or of the nearest thing around it."""
        for length in range(len(path), 0, -1):
            if path[:length] in self._found:
                return self.place(self._found[path[:length]])
        return 1, 1

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of a character."""
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    def key_at(self, line: int) -> Key:
        """The last key that begins on this line or above it; empty when there is none."""
        return self._before(line)[1]

    def start_of_key_at(self, line: int) -> tuple[int, int]:
        """Where that key begins."""
        return self.place(self._before(line)[0])

    def _before(self, line: int) -> tuple[int, Key]:
        limit = self._lines[line] if line < len(self._lines) else len(self.text) + 1
        return max(((offset, path) for offset, path in self._all if offset < limit), default=(0, ()))

    @cached_property
    def _lines(self) -> list[int]:
        """Where each line begins."""
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    @cached_property
    def _found(self) -> dict[Key, int]:
        found: dict[Key, int] = {}
        for offset, path in self._all:
            for length in range(1, len(path) + 1):
                found.setdefault(path[:length], offset)
        return found | {path: offset for offset, path in reversed(self._all)}  # the place of its own before one of a child

    @cached_property
    def _all(self) -> list[tuple[int, Key]]:
        """Every section header and key with the place where it begins. Stops quietly where the text is no TOML."""
        text, offset = self.text, 0
        section: Key = ()
        found: list[tuple[int, Key]] = []
        while True:
            offset = blank.end() if (blank := _BLANK.match(text, offset)) else offset
            if offset >= len(text):
                return found
            start = offset
            header = text[offset] == "["
            if header:
                offset += 2 if text.startswith("[[", offset) else 1
            path, offset = self._key(offset)
            if not path:
                return found
            if header:
                section = path
                end = text.find("\n", offset)
                offset = len(text) if end < 0 else end
            else:
                path = section + path
                offset = self._after_value(offset)
            found.append((start, path))

    def _key(self, offset: int) -> tuple[Key, int]:
        parts: list[str] = []
        while match := _PART.match(self.text, offset):
            part = match[1]
            parts.append(part[1:-1] if part[0] in "\"'" else part)
            offset = match.end()
            if not match[2]:
                return tuple(parts), offset
        return (), offset

    def _after_value(self, offset: int) -> int:
        depth = 0
        while match := _VALUE.match(self.text, offset):
            token, offset = match[0], match.end()
            if token in "[{":
                depth += 1
            elif token in "]}":
                depth -= 1
            elif token == "\n" and depth <= 0:
                break
        return offset
