"""Colours: dark, light, and two themes of sixteen colours that look as the terminal is set up."""
from __future__ import annotations

from collections.abc import Mapping

from textual.theme import Theme

from crm_workbook import paths
from crm_workbook.i18n import N_

THEMES = (
    Theme("workbook-dark", primary="#7aa2d6", secondary="#8fb8a8", accent="#d6a85f", warning="#d9b24a", error="#e07a6f",
          success="#86b87a", foreground="#e4e4df", background="#16191d", surface="#1d2126", panel="#272c33", dark=True),
    Theme("workbook-light", primary="#1f5a96", secondary="#2f6f5b", accent="#8a5a00", warning="#8a6100", error="#a3291f",
          success="#2d6a2d", foreground="#1b1b1b", background="#fbfaf7", surface="#f3f1ec", panel="#e4e1d9", dark=False),
)
NAMES = {"workbook-dark": N_("dark"), "workbook-light": N_("light"), "ansi-dark": N_("sixteen colours, dark"),
         "ansi-light": N_("sixteen colours, light")}
"""The themes and what people call them."""


def first_theme(environment: Mapping[str, str]) -> str:
    """The remembered theme, or one that the terminal can show."""
    wanted = environment.get("TEXTUAL_THEME") or paths.remembered().get("theme", "")
    if environment.get("NO_COLOR"):  # greys are made of colours: a theme without colours of its own would be black on black
        return wanted if wanted.startswith("workbook-") else "workbook-dark"
    if wanted in NAMES:
        return wanted
    few_colours = environment.get("TERM", "") in ("linux", "vt100", "vt220", "ansi", "xterm", "xterm-16color")
    return "ansi-dark" if few_colours and not environment.get("COLORTERM") else "workbook-dark"


def theme_after(name: str, *, no_color: bool) -> str:
    """The next theme; kept for the next start."""
    names = [other for other in NAMES if not no_color or other.startswith("workbook-")]
    following = names[(names.index(name) + 1) % len(names)] if name in names else names[0]
    paths.remember(theme=following)
    return following
