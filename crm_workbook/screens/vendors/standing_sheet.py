"""What the figures of one vendor are made of: group by group claimed, proven and open, what puts it ahead of the next one or
behind it, its gaps and its flags."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.content import Content

from crm_workbook.analysis.comparison import Standing, compare, why_ahead
from crm_workbook.i18n import N_, _, ngettext
from crm_workbook.records.vendors import Answer
from crm_workbook.screens.dialogs import DialogKey
from crm_workbook.screens.frame import SIGNS
from crm_workbook.screens.vendors import tables
from crm_workbook.screens.vendors.comparison_lines import rivals
from crm_workbook.screens.vendors.standing_words import (
    brief,
    cost,
    currency_of,
    percent,
    percents,
    points,
    section_name,
    signed,
)
from crm_workbook.screens.vendors.table_sheet import TableSheet
from crm_workbook.screens.vendors.tables import Line
from crm_workbook.screens.words import GRAVITY
from crm_workbook.widgets.bars import bar, stacked
from crm_workbook.widgets.columns import Column

if TYPE_CHECKING:
    from crm_workbook.screens.workbook import WorkbookScreen

PROVEN, CLAIMED, OPEN, BAD = "█", "▒", "·", " "
"""Parts of a bar: proven, only claimed, unanswered, and what is missing because the answer is bad."""
BAR, NARROW, LEAD, WIDE = 12, 8, 5, 90
"""Cells of the bar of a value where a line has `WIDE` cells, and where it has fewer; of the bar of a difference."""
ASK = DialogKey("a", "questions", N_("questions"), N_("asks this vendor the next open question"))


class StandingSheet(TableSheet):
    """One vendor; the arrow keys show the next one."""

    ABOUT = N_("What a vendor's figures are made of, and where it is ahead of the other one or behind it.")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("equals_sign", "explain", show=False), Binding("right", "other(1)", show=False),
        Binding("left", "other(-1)", show=False)]
    KEYS = (ASK,)
    HEADER = False
    DETAIL = 4

    def __init__(self, frame: WorkbookScreen, vendor: str) -> None:
        super().__init__(frame)
        self.vendor = vendor

    def on_mount(self) -> None:
        super().on_mount()
        self.lines.action_move(1)
        self.call_after_refresh(self.show)

    # ---- what is known ----

    @property
    def standing(self) -> Standing | None:
        """How it stands; None when it has been deleted."""
        return compare(self.view).of(self.vendor)

    @property
    def rival(self) -> Standing | None:
        """Whom it is set beside: the next one by score, for the last one the one before; None for the only one, or one that is
        out."""
        order = rivals(compare(self.view).asked)
        place = next((place for place, one in enumerate(order) if one.vendor.code == self.vendor), -1)
        if place < 0 or len(order) < 2:
            return None
        return order[place + 1] if place + 1 < len(order) else order[place - 1]

    # ---- what stands in it ----

    def show(self) -> None:
        if self.standing is not None:
            super().show()
        elif self.app.screen is self:
            self.end(None)

    def head(self) -> Content:
        one, rival = self.standing, self.rival
        assert one is not None
        first = _("{name} · score {score} · fit {fit} · {cost}").format(
            name=brief(self.titles, self.vendor), score=_("not known, not asked yet") if one.claimed is None else
            _("{claimed} (proven {proven})").format(claimed=points(one.claimed), proven=points(one.proven)),
            cost=_("cost not known") if not one.priced else cost(one, currency_of(self.view)),
            fit="?" if one.fit.value is None else f"{one.fit.value:.2f}")
        legend = _("{proven} proven  {claimed} claimed  {open} open").format(proven=PROVEN, claimed=CLAIMED, open=OPEN)
        if rival is None:
            return Content(f"{first}\n{legend}")
        lead = (one.claimed or 0.0) - (rival.claimed or 0.0)
        words = (_("{points} points ahead of {name}") if lead > 0 else _("{points} points behind {name}")).format(
            points=f"{abs(lead) * 100:.1f}", name=brief(self.titles, rival.vendor.code))
        return Content(f"{first}\n{legend} · {words}")

    def rows(self) -> Sequence[Line]:
        return list(self._rows())

    def _rows(self) -> Iterator[Line]:
        one, rival, found = self.standing, self.rival, compare(self.view)
        assert one is not None
        for reason in one.out:
            yield from tables.sentence("out", _("OUT: {reason}").format(reason=reason), self.width, "-warn")
        beside = _("Beside {name}").format(name=brief(self.titles, rival.vendor.code)) if rival is not None else ""
        ahead = (Column(beside, min=min(max(8 + LEAD, cell_len(beside)), 20)),) if rival is not None else ()
        cells = BAR if self.width >= WIDE else NARROW
        columns = (Column(_("Group of questions"), min=16, weight=1), Column(_("Weight"), min=6, align="right"),
                   Column(_("Value"), min=5, align="right"), Column(_("Proven"), min=6, align="right"),
                   Column("", min=cells), *ahead)
        yield tables.heading(columns)
        items = why_ahead(found, self.vendor, rival.vendor.code) if rival is not None else ()
        figures = percents(found.weights)
        leads = {item.criterion: item.points for item in items}
        most = max(map(abs, leads.values()), default=0.0)
        order = sorted(range(len(found.criteria)), key=lambda place: -leads.get(found.criteria[place], 0.0))
        for place in order:
            id_ = found.criteria[place]
            value, proven, open_ = one.values[place], one.proven_values[place], one.open[place]
            drawn = stacked(((PROVEN, proven), (CLAIMED, value - proven), (OPEN, open_)), 1, cells, BAD)
            yield Line(id_, (section_name(self.view, id_), figures[place],
                             "?" if open_ >= 1 else points(value), "?" if open_ >= 1 else points(proven), drawn,
                             *((_lead(leads[id_], most),) if leads else ())), columns)
        yield from self._gaps(one)

    def _gaps(self, one: Standing) -> Iterator[Line]:
        if one.failed or one.open_knockouts:
            yield Line("#knockouts", text=_("Knock-out questions"), style="-dim")
            for test in one.failed:
                yield Line(f"?{test.question.id}", text=f"✗ {test.question.text}", style="-warn")
            for test in one.open_knockouts:
                yield Line(f"?{test.question.id}", text=f"? {test.question.text}")
        if one.fit.must_gaps or one.fit.must_open:
            yield Line("#gaps", text=_("Musts that are not met, and those without a mark"), style="-dim")
            for sign, codes, style in (("✗", one.fit.must_gaps, "-warn"), ("?", one.fit.must_open, "")):
                for code in codes:
                    yield Line(code, text=f"{sign} {self.titles.named(code)}", style=style)
        if one.raised:
            yield Line("#flags", text=_("Flags"), style="-dim")
        for number, (question, flag) in enumerate(one.raised):
            yield Line(f"!{question.id} {number}", text=f"{SIGNS[flag.severity]:<2} {flag.message}",
                       style="-warn" if flag.severity == "blocker" else "")

    def detail(self) -> Content:
        row, one, found = tables.here(self.lines), self.standing, compare(self.view)
        if row is None or one is None:
            return Content("")
        if row.name in found.criteria:
            place = found.criteria.index(row.name)
            name, rival = section_name(self.view, row.name), self.rival
            words = [_("{name}: {value} of 100 claimed, {proven} proven, {open} of it not answered.").format(
                name=name, value=points(one.values[place]), proven=points(one.proven_values[place]),
                open=percent(one.open[place]))]
            if one.open[place] >= 1:
                words = [_("{name}: nothing is answered yet.").format(name=name)]
            elif row.name in one.apart:
                words = [_("{name} does not concern this vendor, so it counts like its other groups: {value}.").format(
                    name=name, value=points(one.values[place]))]
            if rival is not None and rival.open[place] < 1:
                words.append(_("{name} has {value} there.").format(name=brief(self.titles, rival.vendor.code),
                                                                   value=points(rival.values[place])))
            return Content(" ".join([*words, _("Enter asks the questions of this group.")]))
        if row.name[:1] in "?!" and len(row.name) > 1:
            question = self.view.catalogue.questions[row.name[1:]]
            gravity = [_(GRAVITY[flag.severity]) for asked, flag in one.raised if asked.id == question.id]
            return Content(" ".join([*gravity[:1], question.text, _("Enter leads to the answer.")]))
        record = self.titles.book.get(row.name)
        if record is not None:
            return Content(_("{record}. Enter leads to its mark.").format(record=self.titles.named(row.name)))
        n = sum(one.flags.values())
        return Content(ngettext("{n} flag is up.", "{n} flags are up.", n).format(n=n) if n else "")

    def keys(self) -> Sequence[tuple[str, str]]:
        return (("Enter", _("open")), ("← →", _("other vendor")), ("=", _("explain")),
                *((key.key, _(key.label)) for key in self.KEYS))

    # ---- where it leads ----

    def action_other(self, by: int) -> None:
        """Shows the next vendor of the table."""
        codes = [one.vendor.code for one in compare(self.view).standings]
        self.vendor = codes[(codes.index(self.vendor) + by) % len(codes)]
        self.said = ""
        self.show()

    def action_questions(self) -> None:
        """The next open question."""
        from crm_workbook.screens.vendors.question import open_question

        frame, vendor = self.frame, self.vendor
        self.leave_for(lambda: open_question(frame, vendor))

    def follow(self) -> None:
        from crm_workbook.screens.vendors.fit_sheet import FitSheet
        from crm_workbook.screens.vendors.question import open_question
        from crm_workbook.screens.vendors.sheet import open_sheet

        row, frame, vendor = tables.here(self.lines), self.frame, self.vendor
        if row is None:
            return
        question = ""
        if row.name in compare(self.view).criteria:
            question = self._question(row.name)
        elif row.name[:1] in "?!":
            question = row.name[1:]
        if question:
            self.leave_for(lambda: open_question(frame, vendor, question))
        elif self.titles.book.get(row.name) is not None:
            code = row.name
            self.leave_for(lambda: open_sheet(FitSheet(frame, vendor, code)))

    def _question(self, criterion: str) -> str:
        """The question of a group to begin with: the first that is not answered, or the first."""
        asked = [one.id for one in self.view.catalogue.questions.values() if one.section == criterion]
        given = {row.question for row in self.view.where(Answer, "vendor", self.vendor)}
        return next((id_ for id_ in asked if id_ not in given), asked[0] if asked else "")

    def action_explain(self) -> None:
        """How the figures came about."""
        from crm_workbook.screens.vendors.explanation import Explanation, explain_lead, explain_standing

        one, rival, found = self.standing, self.rival, compare(self.view)
        if one is not None:
            title, lines = explain_standing(self.view, self.titles, found, one)
            more = ["", *explain_lead(self.view, found, one, rival)] if rival is not None else []
            self.app.push_screen(Explanation(title, [*lines, *more]))


def _lead(difference: float, most: float) -> str:
    """A difference with its bar: '+4.2 ▰▰▰'."""
    drawn = bar(abs(difference), most, LEAD, "+" if difference > 0 else "-", " ") if abs(difference) >= 0.0005 else ""
    return f"{signed(difference):>6}  {drawn}"
