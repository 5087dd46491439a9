"""The board Red thread: the line of each company goal, how much is covered, and what stands alone."""
from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from crm_workbook.i18n import N_, _
from crm_workbook.records.text import one_line
from crm_workbook.screens.boards import Board
from crm_workbook.widgets.lines import Column

if TYPE_CHECKING:
    from crm_workbook.screens.listing import ListPage

_LEVELS = {"goal": N_("Company goals"), "crm_goal": N_("CRM goals"), "requirement": N_("Accepted requirements")}


class Line(NamedTuple):
    """One line; `code` is the record that Enter leads to, by its red thread where `thread`."""

    key: str
    sign: str
    text: str
    right: str = ""
    code: str = ""
    thread: bool = False
    detail: str = ""


class ThreadBoard(Board):
    """From each company goal to what measures it; worked out when it is drawn."""

    id: ClassVar[str] = "coverage"

    @property
    def title(self) -> str:
        return _("Red thread")

    def draw(self, page: ListPage) -> None:
        lines, first = page.lines, not (page.lines.rows and isinstance(page.lines.rows[0], Line))
        rows = list(self._lines(page))
        lines.empty = _("Write down company goals first. Here you will see how far each of them is carried.")
        lines.style_of = lambda line: "" if line.code else "-dim"
        if first:
            lines.set_columns((Column("", min=1), Column("", min=30, weight=3), Column("", min=12, weight=2)))
        lines.set_rows(rows, lambda line: (line.sign, line.text, line.right), key=lambda line: line.key)
        page.show_detail()

    def _lines(self, page: ListPage) -> Iterator[Line]:
        from crm_workbook.analysis.coverage import ORPHANS, breaks, coverage

        book, titles = page.frame.book, page.frame.titles
        assert book is not None and titles is not None
        found = breaks(book)
        for one in found:
            line = " - ".join(spot.text for spot in one.line[1:])
            said = f"{one.code} - {line}. " + (one.sentence or _("Nothing is missing on the way."))
            yield Line(one.code, "✗" if one.gap else "✓", titles.named(one.code), line, one.code, True, said)
        if not found:
            return
        cover = coverage(book)
        yield Line("#covered", "", _("How much is covered"))
        for level, part in cover.levels.items():
            yield Line(f"#{level}", "", _(_LEVELS[level]), f"{part.met} / {part.needs}", detail=_(
                "{met} of {needs} things that these need are there. {deep} of {all} are covered down to the answers.").format(
                    met=part.met, needs=part.needs, deep=part.deep, all=part.records))
        for id_, codes in cover.orphans.items():
            if codes:
                yield Line(f"#{id_}", "", _(ORPHANS[id_]), str(len(codes)), detail=_(ORPHANS[id_]))
                for code in codes:
                    yield Line(f"{id_} {code}", "✗", one_line(titles.named(code)), code=code, detail=_(ORPHANS[id_]))

    def _line(self, page: ListPage) -> Line | None:
        line = page.lines.rows[page.lines.index] if page.lines.rows else None
        return line if isinstance(line, Line) else None

    def detail(self, page: ListPage) -> str:
        line = self._line(page)
        if line is None or not line.detail:
            return ""
        return line.detail + (" " + _("Enter shows the red thread.") if line.thread else "")

    def enter(self, page: ListPage) -> None:
        from crm_workbook.screens import thread

        line = self._line(page)
        if line is None or not line.code:
            return
        if line.thread:
            thread.show(page.frame, line.code)
        else:
            page.frame.go_to(line.code)
