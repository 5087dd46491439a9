"""What a vendor wrote into its file, beside what was noted: looked at line by line, marked, and taken over in one step."""
from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from crm_workbook.i18n import N_, _, ngettext
from crm_workbook.records.vendors import Vendor
from crm_workbook.screens.ask import AskModal
from crm_workbook.screens.dialogs import DialogKey
from crm_workbook.screens.vendors.sheet import Sheet
from crm_workbook.widgets.columns import Column
from crm_workbook.widgets.lines import Cell

if TYPE_CHECKING:
    from crm_workbook.exchange.vendor_reply import Item, Reply
    from crm_workbook.screens.workbook import WorkbookScreen

TAKEN = "reply taken "
"""Ticket of what is taken over; behind it stands what is said when it is on the disk."""
SIGNS = {"refused": "✗", "changed": "!", "differs": "≠", "new": "+", "same": "=", "left_out": "·"}
WORDS = {"refused": N_("refused"), "changed": N_("reworded"), "differs": N_("different"), "new": N_("new"),
         "same": N_("confirmed"), "left_out": N_("left out")}
"""What a line of a reply is, in one character and in a word; what asks for a hand comes first."""


class ReplySheet(Sheet):
    """What a filled file holds beside what was noted. Nothing is written before the group says so."""

    ABOUT = N_("What the vendor has written, beside your notes. Nothing is taken over before you say so, and one "
               "undo takes all of it back.")
    KEYS: ClassVar[tuple[DialogKey, ...]] = (
        DialogKey("a", "all_new", N_("all new"), N_("marks all new answers")),
        DialogKey("w", "write", N_("take over"), N_("writes the marked answers into the workbook")))
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "mark(True)", show=False), Binding("2", "mark(False)", show=False)]
    DETAIL: ClassVar[int] = 7

    def __init__(self, frame: WorkbookScreen, reply: Reply) -> None:
        super().__init__(frame)
        self.reply = reply
        self.taken: dict[str, tuple[str, str]] = {}  # marked: id of the question -> as what, and what was noted then
        self.kept: set[str] = set()  # those that shall stay as they are noted

    def show(self) -> None:
        from crm_workbook.exchange.vendor_reply import preview

        if self._is_gone():
            return
        self.found = preview(self.reply, self.view)
        held = {item.question: (item.kind, item.noted) for item in self.found.items if item.edits}
        if stale := [id_ for id_, seen in self.taken.items() if held.get(id_) != seen]:
            self.taken = {id_: seen for id_, seen in self.taken.items() if id_ not in stale}
            self.said = ngettext("Somebody has changed {n} marked answer meanwhile; look at it again.",
                                 "Somebody has changed {n} marked answers meanwhile; look at them again.",
                                 len(stale)).format(n=len(stale))
        self.lines.empty = _("Every answer in the file is noted already, just so.")
        super().show()

    def _is_gone(self) -> bool:
        """Has somebody deleted the vendor? Then the sheet closes, as soon as nothing lies over it."""
        if self.view.find(Vendor, self.reply.vendor) is not None:
            return False
        if self.app.screen is self and not self.over:
            frame = self.frame
            gone = _("{code} has been deleted meanwhile. Nothing was taken over.").format(code=self.reply.vendor)
            self.end(lambda: frame.say(gone))
        return True

    def keys(self) -> Sequence[tuple[str, str]]:
        return (("1", _("theirs")), ("2", _("ours")), ("a", _("all new")), ("w", _("take over {n}").format(
            n=len(self.taken))))

    def head(self) -> Content:
        rows = [row for row in self.rows() if not isinstance(row, str)]
        counts = {kind: sum(item.kind == kind for item in rows) for kind in SIGNS}
        parts = [f"{n} {_(WORDS[kind])}" for kind, n in counts.items() if n]
        row = self.view.find(Vendor, self.found.vendor)
        name = self.titles.label(row) if row is not None else self.found.vendor
        return Content(_("Reply of {vendor}   {counts}").format(vendor=name, counts=", ".join(parts)))

    def columns(self) -> Sequence[Column]:
        return (Column("", min=1), Column(_("Take"), min=5), Column("", min=9), Column(_("Question"), min=22, weight=3),
                Column(_("Noted"), min=12, weight=1), Column(_("The vendor"), min=14, weight=2), Column(_("Place"), min=8))

    def rows(self) -> Sequence[Item | str]:
        kinds = list(SIGNS)
        items = [item for item in self.found.items if item.kind != "same" or item.edits]
        return (*self.found.problems, *sorted(items, key=lambda item: (kinds.index(item.kind), not item.edits)))

    def key(self, row: Item | str) -> str:
        return row if isinstance(row, str) else f"{row.question} {row.cell}"

    def cells(self, row: Item | str) -> Sequence[Cell]:
        if isinstance(row, str):
            return "!", "", _("the file"), row, "", "", ""
        choice = "✓" if row.question in self.taken else _("ours") if row.question in self.kept else "?" if row.edits else ""
        return SIGNS[row.kind], choice, _(WORDS[row.kind]), row.title or row.question, row.noted, row.replied, row.cell

    def style_of(self, row: Item | str) -> str:
        if isinstance(row, str) or row.kind in ("refused", "changed"):
            return "-warn"
        return "" if row.edits else "-dim"

    def detail(self) -> Content:
        row: Item | str | None = self.row
        if row is None or isinstance(row, str):
            return Content(row or "")
        place = _("{place}. {sentence}").format(place=row.cell, sentence=row.sentence)
        lines = [row.sentence if not row.cell or row.sentence.startswith(row.cell) else place,
                 _("Noted: {noted}").format(noted=row.noted or _("nothing")),
                 _("The vendor: {replied}").format(replied=row.replied or _("nothing"))]
        if row.edits and row.kind in ("refused", "left_out"):
            lines.append(_("Taken over, the vendor's words are kept as a note; your answer stays as it is noted.") if row.noted
                         else _("Taken over, the vendor's words are kept as a note; the answer stays open."))
        return Content.styled(row.title or row.question, "bold") + Content("".join(f"\n{line}" for line in lines))

    # ---- what can be done ----

    def follow(self) -> None:
        row: Item | str | None = self.row
        if row is not None and not isinstance(row, str):
            self.action_mark(row.question not in self.taken)

    def action_mark(self, theirs: bool) -> None:
        """Takes the vendor's answer under the cursor, or stays with ours, and goes on to the next line."""
        row: Item | str | None = self.row
        if row is None or isinstance(row, str) or not row.edits:
            self.say(_("There is nothing to take over in this line.") if row is not None else "")
            return
        self._mark([row], theirs)
        self.show()
        self.lines.action_move(1)

    def _mark(self, items: Sequence[Item], theirs: bool) -> None:
        for item in items:
            self.kept.discard(item.question)
            self.taken.pop(item.question, None)
            if theirs:
                self.taken[item.question] = item.kind, item.noted
            else:
                self.kept.add(item.question)

    def action_all_new(self) -> None:
        """Marks everything that is new or only confirms what is noted; the rest is decided line by line."""
        new = [item for item in self.found.items if item.edits and item.question in self.found.usual]
        self._mark(new, theirs=True)
        self.show()
        self.say(ngettext("{n} answer is marked. What differs you decide line by line.",
                          "{n} answers are marked. What differs you decide line by line.", len(new)).format(n=len(new))
                 if new else _("Nothing in this file is new."))

    def action_write(self) -> None:
        """Asks once more, and takes over what is marked."""
        if not self.taken:
            self.say(_("Nothing is marked. Press a for all new answers, or 1 on a line."))
            return
        stay = sum(item.kind == "differs" and item.question not in self.taken for item in self.found.items)
        details = [ngettext("{n} answer that differs stays as it is noted.", "{n} answers that differ stay as they are noted.",
                            stay).format(n=stay)] if stay else []
        answers = [("no", _("No, look on")), ("yes", _("Yes, take over; u takes all of it back"))]
        count = len(self.taken)
        question = ngettext("Take over {n} answer?", "Take over {n} answers?", count).format(n=count)
        self.app.push_screen(AskModal(question, answers, details), self._take_over)

    def _take_over(self, answer: str | None) -> None:
        if answer != "yes" or self.over or self._is_gone():
            return
        from crm_workbook.exchange.vendor_reply import edits_of

        self.write(*edits_of(self.found, self.taken), ticket=TAKEN + said_of(self.found.items, self.taken))
        self.end(None)


def said_of(items: Sequence[Item], taken: Collection[str]) -> str:
    """What was taken over, in one sentence with its counts."""
    def count(*kinds: str, theirs: bool) -> int:
        return sum(item.kind in kinds and (item.question in taken) is theirs for item in items)

    done = (_("{n} new"), count("new", theirs=True)), (_("{n} mended"), count("differs", "changed", theirs=True)), (
        _("{n} confirmed"), count("same", theirs=True)), (_("{n} as a note"), count("refused", "left_out", theirs=True))
    rest = (_("{n} stay as noted"), count("differs", "changed", theirs=False)), (
        _("{n} left out"), count("left_out", theirs=False)), (_("{n} refused"), count("refused", theirs=False))
    parts = [", ".join(words.format(n=n) for words, n in counts if n) for counts in (done, rest)]
    return _("Taken over: {done}. Press u to take all of it back.").format(done="; ".join(filter(None, parts)))
