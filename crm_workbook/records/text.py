"""Text that people typed, made safe to store and to show. Loads nothing else of the house."""
from __future__ import annotations

import re

_BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\ufeff"
_NONE = "".join(map(chr, (*range(0xFDD0, 0xFDF0), *(plane << 16 | end for plane in range(17) for end in (0xFFFE, 0xFFFF)))))
"""Code points that will never be characters; a spreadsheet with one of them cannot be opened."""
_VISIBLE: dict[int, str] = (
    {code: chr(0x2400 + code) for code in range(32) if code not in (9, 10)} | {0x7F: "\u2421"}
    | {code: f"\\x{code:02x}" for code in range(0x80, 0xA0)}
    | {ord(char): f"\\u{ord(char):04x}" if char <= "\uffff" else f"\\U{ord(char):08x}" for char in _BIDI + _NONE}
    | {0x2028: "\n", 0x2029: "\n"})
_SURROGATE = re.compile("[\ud800-\udfff]")
_SUSPECT = re.compile(
    f"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff{_NONE}]")


def visible(text: str) -> str:
    """The text with everything a terminal or a reader could be fooled by made visible; the rest is untouched.

    Control characters become control pictures (ESC: U+241B), direction marks, lone surrogates and what is no character
    at all their escapes, CR LF becomes LF. Applied once, at the door; what is stored is what is shown, exported and imported.
    """
    if _SUSPECT.search(text) is None:
        return text
    text = text.replace("\r\n", "\n")
    return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text.translate(_VISIBLE))


def one_line(text: str) -> str:
    """Line breaks and tabs as single spaces."""
    return re.sub(r"[\t\n]+", " ", text)
