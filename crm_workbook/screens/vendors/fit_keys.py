"""The keys of the sheet of the marks."""
from __future__ import annotations

from collections.abc import Callable

from crm_workbook.i18n import N_
from crm_workbook.screens.commands import CYRILLIC
from crm_workbook.screens.dialogs import DialogKey
from crm_workbook.widgets.lines import LineList

MARK_KEYS = {"1": "works", "2": "extra", "3": "partly", "4": "promised", "5": "no"}
AWAY = frozenset({"escape", "f3", "q", "й"})
CLEAR = frozenset({"0", "backspace", "delete"})
SAID = {"works": N_("works today"), "extra": N_("paid extra"), "partly": N_("in part"), "promised": N_("promised"),
        "no": N_("no")}
"""The marks beside their keys."""
ACROSS = {"left": -1, "right": 1, "h": -1, "l": 1, "р": -1, "д": 1}
UP_AND_DOWN: dict[str, Callable[[LineList], None]] = {
    **dict.fromkeys(("up", "k", "л"), lambda lines: lines.action_move(-1)),
    **dict.fromkeys(("down", "j", "о"), lambda lines: lines.action_move(1)),
    "pageup": lambda lines: lines.action_page(-1), "pagedown": lambda lines: lines.action_page(1),
    **dict.fromkeys(("home", "g", "п"), LineList.action_first), **dict.fromkeys(("end", "G", "П"), LineList.action_last)}
KEYS = (DialogKey("c", "cost", N_("cost line"), N_("writes down what a paid extra costs")),
        DialogKey("n", "next_open", N_("next without mark"), N_("goes to the next requirement without a mark")),
        DialogKey("r", "turn", N_("then right"), N_("after a mark: goes on to the right, or down again")),
        DialogKey("u", "undo", N_("undo"), N_("takes the last mark back")))
ACTIONS = {name: key.action for key in KEYS for name in (key.key, CYRILLIC[key.key])} | {"ctrl+z": "undo"}

