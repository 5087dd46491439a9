"""Colours: dark, light, and two themes of sixteen colours that look as the terminal is set up."""
from __future__ import annotations

from collections.abc import Mapping

from textual.theme import Theme

from crm_workbook import paths

THEMES = (
    Theme("workbook-dark", primary="#7aa2d6", secondary="#8fb8a8", accent="#d6a85f", warning="#d9b24a", error="#e07a6f",
          success="#86b87a", foreground="#e4e4df", background="#16191d", surface="#1d2126", panel="#272c33", dark=True),
    Theme("workbook-light", primary="#1f5a96", secondary="#2f6f5b", accent="#8a5a00", warning="#8a6100", error="#a3291f",
          success="#2d6a2d", foreground="#1b1b1b", background="#fbfaf7", surface="#f3f1ec", panel="#e4e1d9", dark=False),
)
NAMES = ("workbook-dark", "workbook-light", "ansi-dark", "ansi-light")


def first_theme(environment: Mapping[str, str]) -> str:
    """The remembered theme, or one that the terminal can show."""
    wanted = environment.get("TEXTUAL_THEME") or paths.remembered().get("theme", "")
    if wanted in NAMES:
        return wanted
    few_colours = environment.get("TERM", "") in ("linux", "vt100", "vt220", "ansi", "xterm", "xterm-16color")
    return "ansi-dark" if few_colours and not environment.get("COLORTERM") else "workbook-dark"


def theme_after(name: str) -> str:
    """The next theme; kept for the next start."""
    following = NAMES[(NAMES.index(name) + 1) % len(NAMES)] if name in NAMES else NAMES[0]
    paths.remember(theme=following)
    return following
