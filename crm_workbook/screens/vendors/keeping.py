"""The figures of a decision are kept with it while it is the day on which it is made, whichever way it was written."""
from __future__ import annotations

from typing import TYPE_CHECKING

from crm_workbook.analysis import decision
from crm_workbook.records.vendors import Choice

if TYPE_CHECKING:
    from crm_workbook.screens.pens import SessionPen
    from crm_workbook.screens.workbook import WorkbookScreen


class Keeper:
    """Follows the decision that was written in a form: what was typed last, and the answers that it names, come with one of
    the next Books. What somebody takes back stays taken back until the decision is written again."""

    def __init__(self, frame: WorkbookScreen, pen: SessionPen) -> None:
        self.frame, self.pen = frame, pen
        self.before: str | None = None  # the figures that were replaced last

    def look(self) -> None:
        """Keeps the figures of today, if they are others than those that stand there."""
        frame = self.frame
        made = frame.book.find(Choice, self.pen.ref) if frame.book is not None else None
        if made is None or frame.view is None or frame.session is None or made.figures == self.before:
            return  # not made yet, or on its way, or taken back
        if edits := decision.to_keep(frame.view, made):
            self.before = made.figures
            frame.session.submit(edits)
