"""Which vendor somebody means: sheets that are about one vendor, and the question which one it shall be."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from crm_workbook.analysis import scoring
from crm_workbook.analysis.facts import View
from crm_workbook.i18n import N_, _
from crm_workbook.records.vendors import Vendor
from crm_workbook.screens.dialogs import DialogKey
from crm_workbook.screens.vendors.sheet import Sheet
from crm_workbook.widgets.pick import PickModal

if TYPE_CHECKING:
    from crm_workbook.screens.titles import Titles
    from crm_workbook.screens.workbook import WorkbookScreen


def in_question(view: View) -> tuple[Vendor, ...]:
    """The vendors a contract may be made with: the chosen one first, then the other candidates; not those that are out."""
    made = scoring.decision(view)
    first = made.vendor if made is not None else ""
    rows = [row for row in view.rows(Vendor) if row.code == first or row.state != "out"]
    return tuple(sorted(rows, key=lambda row: (row.code != first, row.number)))


def vendor_here(frame: WorkbookScreen) -> str:
    """The vendor that the line under the cursor is about: itself, or what it belongs to; "" when it is about none."""
    assert frame.book is not None
    row = frame.book.get(frame.current_code) if frame.current_code else None
    if row is None:
        return ""
    code = row.code if isinstance(row, Vendor) else str(row.get("vendor")) if "vendor" in row.declared.fields else ""
    return code if frame.book.find(Vendor, code) is not None else ""


def ask_vendor(frame: WorkbookScreen, question: str, vendors: Sequence[Vendor], titles: Titles,
               then: Callable[[str], None], *, chosen: str = "") -> None:
    """Lets one of the vendors be chosen."""
    options = [(row.code, titles.label(row)) for row in vendors]
    modal = PickModal(question, options, chosen=[chosen] if chosen else [])
    frame.app.push_screen(modal, lambda found: then(found[0]) if found else None)


class VendorSheet(Sheet):
    """A sheet about one vendor; `v` shows another one."""

    OTHER: ClassVar[DialogKey] = DialogKey("v", "other", N_("other vendor"), N_("shows the sheet of another vendor"))

    def __init__(self, frame: WorkbookScreen, vendor: str, at: str = "") -> None:
        """`at`: the key of the line where the cursor begins."""
        super().__init__(frame)
        self.vendor, self.at = vendor, at

    @property
    def vendor_name(self) -> str:
        """What the vendor is called."""
        row = self.view.find(Vendor, self.vendor)
        return self.titles.label(row) if row is not None else self.vendor

    def show(self) -> None:
        if self.view.find(Vendor, self.vendor) is None:
            self.end(None)  # somebody has deleted the vendor
            return
        self.lines.empty = self.nothing()
        super().show()
        if self.at:
            self.lines.go_to(self.at)
            self.at = ""

    def nothing(self) -> str:
        """What an empty sheet says: what belongs there, and the first step."""
        return ""

    def action_other(self) -> None:
        """Chooses another vendor."""
        found = in_question(self.view)
        if len(found) < 2:
            self.say(_("There is no other vendor that is still in question."))
        else:
            ask_vendor(self.frame, _("Which vendor?"), found, self.titles, self._take, chosen=self.vendor)

    def _take(self, vendor: str) -> None:
        if vendor != self.vendor:
            self.vendor, self.said = vendor, ""
            self.show()
