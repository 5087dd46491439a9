"""Words that several screens share: how grave a warning is, how it has moved, and where a person's sentence ends."""
from __future__ import annotations

from collections.abc import Mapping

from crm_workbook.i18n import N_, _

GRAVITY: Mapping[str, str] = {"blocker": N_("blocker"), "serious": N_("serious"), "warn": N_("warning"), "info": N_("hint")}
"""How grave a warning is, in a word; `frame.SIGNS` has the signs."""
TRENDS: Mapping[str, str] = {"new": N_("new"), "worse": N_("worse"), "same": N_("as before"), "better": N_("better")}
"""How a warning stands beside the kept state."""
MOVES: Mapping[str, str] = {**TRENDS, "same": "", "": ""}
"""The same in a list, where nothing is said of what has not moved."""


def gravity(severity: str) -> str:
    """How grave a warning is: 'blocker: holds the project up'."""
    word = _(GRAVITY[severity])
    return _("{word}: holds the project up").format(word=word) if severity == "blocker" else word


def full_stop(text: str) -> str:
    """A person's sentence with its end, so that it does not run into the next one."""
    text = text.rstrip()
    return text if not text or text.endswith((".", "!", "?", "…", ":")) else f"{text}."
