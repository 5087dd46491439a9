"""TOML that comes from anybody: looked at before it is parsed, because a few thousand bytes can fill the memory.

tomllib goes over all of a dotted key for each of its parts, and keeps what it found: a key of 20,000 parts, 40 KB, takes
gigabytes. Files of this program have two parts at most.
"""
from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from typing import Any

DEEPEST = 8
"""Most dots in one key or header."""

_PART = r"""(?:[A-Za-z0-9_-]++|"(?:[^"\\\n]|\\[^\n])*+"?|'[^'\n]*+'?)"""
_TOKEN = re.compile(
    r'''"""(?:[^"\\]|\\.|"(?!""))*+(?:"{3,5})?|\'\'\'(?:[^']|'(?!\'\'))*+(?:'{3,5})?'''  # texts of several lines
    rf"""|(?P<deep>{_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{{DEEPEST + 1}}})|{_PART}"""
    r"""|\#[^\n]*+|[^"'\#A-Za-z0-9_-]++""", re.DOTALL)
"""The pieces of a text, as tomllib sees them; none is looked at twice, however the text goes on."""


class TooDeep(ValueError):
    """A key of far too many parts, on this line from 1; or lists and tables nested far too deeply (line 0)."""

    def __init__(self, line: int = 0) -> None:
        super().__init__(f"too deep on line {line}")
        self.line = line


def parsed(text: str, parse_float: Callable[[str], Any] = float) -> dict[str, Any]:
    """What `tomllib.loads` makes of a text. Raises TooDeep, and whatever tomllib raises: TOMLDecodeError, or another ValueError
    for a number of thousands of digits."""
    if any(line.count(".") > DEEPEST for line in text.split("\n")):  # a key stands on one line; most texts have no such line
        for token in _TOKEN.finditer(text):
            if token["deep"] is not None:
                raise TooDeep(text.count("\n", 0, token.start()) + 1)
    try:
        return tomllib.loads(text, parse_float=parse_float)
    except RecursionError as error:
        raise TooDeep from error
