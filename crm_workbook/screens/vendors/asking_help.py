"""The help page of the question sheet: what one does there, and each key."""
from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from crm_workbook.i18n import _
from crm_workbook.screens.dialogs import DialogKey
from crm_workbook.screens.frame import SIGNS
from crm_workbook.screens.help import HelpModal
from crm_workbook.screens.words import gravity
from crm_workbook.widgets.plain import wrap

WIDTH = 60


class QuestionHelp(HelpModal):
    """One page; Enter closes it."""

    def __init__(self, keys: Sequence[DialogKey]) -> None:
        super().__init__(None, None)
        self.keys = keys

    def text(self) -> Content:
        parts = [Content.styled(_("Questions to a vendor"), "bold")]
        parts += [Content(f"\n{line}") for line in wrap(_(
            "Read the question aloud as it stands. Note what you hear: with a digit, with the arrows and Enter, or by typing a "
            "number. Whatever you note is saved at once. You need not know the technical words: they are explained below the "
            "answer."), WIDTH)]
        moves = [("1 2 3", _("notes this answer, or begins a number")), ("Enter", _("notes the answer; once more goes on")),
                 ("← →", _("the question before, the next one")), ("⌫", _("takes the answer away")),
                 ("PgUp PgDn", _("reads on")), *((key.key, _(key.help)) for key in self.keys)]
        parts += [Content(f"\n\n{_('Keys')}").stylize("bold"), *_lines(moves)]
        parts += [Content(f"\n\n{_('Signs of the warnings')}").stylize("bold"),
                  *_lines([*((sign, gravity(id_)) for id_, sign in SIGNS.items()), ("?", _("cannot be judged yet")),
                           ("+", _("opens a cost")), ("↳", _("opens more questions")), ("~", _("answered, we are not sure"))])]
        return Content("").join(parts)


def _lines(rows: Sequence[tuple[str, str]]) -> list[Content]:
    return [Content.assemble("\n", (f"{sign:<10}", "bold"), line) if not number else Content(f"\n{'':10}{line}")
            for sign, about in rows for number, line in enumerate(wrap(about, WIDTH - 10))]
