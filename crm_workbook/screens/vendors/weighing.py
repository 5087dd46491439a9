"""Weights on the screen: how much each group of questions counts, the weighings, and the way to a new one."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from crm_workbook.analysis.finders import Gap
from crm_workbook.i18n import _
from crm_workbook.records.team import Person
from crm_workbook.records.vendors import WEIGHT_METHODS, WeightRound
from crm_workbook.screens.boards import Board
from crm_workbook.widgets.bars import bar
from crm_workbook.widgets.lines import Column

if TYPE_CHECKING:
    from crm_workbook.analysis.facts import View
    from crm_workbook.screens.listing import ListPage
    from crm_workbook.screens.titles import Titles
    from crm_workbook.screens.workbook import WorkbookScreen

BAR = 10
"""Cells of the bar beside a weight."""
NEW = "new"
"""The key of the line that begins a weighing."""


class Line(NamedTuple):
    """One line: a weighing (its code is the key), the way to a new one (`NEW`), or a group of questions with its weight."""

    key: str
    text: str
    figure: str
    drawn: str
    round: bool = False


class WeightsBoard(Board):
    """The weighings, the youngest first, then the weights in force. Enter on a weighing opens its sheet."""

    id = "weights"

    @property
    def title(self) -> str:
        return _("Weights")

    def draw(self, page: ListPage) -> None:
        lines, view, titles = page.lines, page.frame.view, page.frame.titles
        rows = tuple(rows_of(view, titles)) if view is not None and titles is not None else ()
        lines.empty = _("The weights are shown in a moment.")
        lines.style_of = lambda row: "" if row.round or row.key == NEW else "-dim" if not row.figure else ""
        lines.set_columns((Column(_("What the groups of questions count"), min=20, weight=1),
                           Column("", min=6, align="right"), Column("", min=BAR)))
        lines.set_rows(rows, lambda row: (row.text, row.figure, row.drawn), key=lambda row: row.key)

    def detail(self, page: ListPage) -> str:
        from crm_workbook.analysis.comparison import seal_strip
        from crm_workbook.analysis.weights import weights
        from crm_workbook.screens.vendors.standing_words import source, strip

        line, view, titles = _line(page), page.frame.view, page.frame.titles
        if line is None or view is None or titles is None:
            return ""
        if line.key == NEW:
            return _("Every member says alone how much each group of questions counts; then all see it together and talk. "
                     "Do it before the first demo. Press Enter to begin.")
        said = strip(seal_strip(view), titles)
        if line.round:
            return (f"{said} " if said else "") + _("Enter opens this weighing.")
        return said or source(weights(view))

    def enter(self, page: ListPage) -> None:
        from crm_workbook.screens.vendors.sheet import open_sheet
        from crm_workbook.screens.vendors.weight_sheet import WeightSheet, current

        line, frame = _line(page), page.frame
        if line is None:
            return
        code = line.key if line.round else current(frame) if line.key != NEW else ""
        if code:
            open_sheet(WeightSheet(frame, code, at="" if line.round else line.key))
        else:
            begin(frame)


def rows_of(view: View, titles: Titles) -> Iterator[Line]:
    """The lines of the board."""
    from crm_workbook.analysis.weights import criteria, rounds, weights
    from crm_workbook.screens.vendors.standing_words import listed, section_name

    for row in rounds(view):
        yield Line(row.code, f"{row.code} {row.title}", "", state_of(view, row), round=True)
    yield Line(NEW, _("Begin a weighing") if not rounds(view) else _("Begin another weighing"), "", "")
    found = weights(view)
    figures = listed(found.shares)
    largest = max(found.shares.values(), default=0.0)
    for criterion in criteria(view):
        share = found.shares.get(criterion, 0.0)
        yield Line(criterion, "  " + section_name(view, criterion), figures.get(criterion, ""), bar(share, largest, BAR))


def state_of(view: View, row: WeightRound) -> str:
    """How far a weighing is: '3 of 7 in', 'shown', 'sealed', 'broken'."""
    from crm_workbook.analysis.weights import group, sealings

    seal = next((one for one in sealings(view) if one.round.code == row.code), None)
    if seal is not None:
        return _("sealed") if seal.intact else _("seal broken")
    if row.revealed_on is not None:
        return _("shown")
    given = group(view, row.code)
    done = sum(one.shares is not None for one in given.opinions) if given is not None else 0
    return _("{n} of {all} in").format(n=done, all=len(row.members))


def begin(frame: WorkbookScreen) -> None:
    """Begins a weighing: the method, then the members, then its sheet."""
    from crm_workbook.screens.ask import AskModal
    from crm_workbook.screens.gaps import open_gap
    from crm_workbook.screens.vendors.sheet import open_sheet
    from crm_workbook.screens.vendors.weight_sheet import WeightSheet, begun, people_of
    from crm_workbook.widgets.pick import PickModal

    view, titles = frame.view, frame.titles
    if view is None or titles is None:
        return
    people = people_of(view.rows(Person))
    if not people:
        open_gap(frame, Gap(kind=Person), _("Write down who decides first: the people of the working group."))
        return

    def members(method: str | None) -> None:
        if method:
            options = [(row.code, titles.label(row)) for row in people]
            group = [row.code for row in people if row.in_group]
            frame.app.push_screen(PickModal(_("Who takes part?"), options, chosen=group, many=True),
                                  lambda chosen: start(method, chosen))

    def start(method: str, chosen: Sequence[str] | None) -> None:
        if not chosen or frame.session is None or frame.view is None:
            return
        since = max((row.number for row in frame.view.rows(WeightRound)), default=0)
        title = _("Weighing of {day}").format(day=frame.today())
        frame.session.submit([begun(title, method, chosen, frame)])
        open_sheet(WeightSheet(frame, since=since))

    frame.app.push_screen(AskModal(_("How do you want to weigh?"), [(id_, _(text)) for id_, text in WEIGHT_METHODS.items()], [
        _("Swing is the most honest way: it asks what the difference between these vendors is worth to you.")]), members)


def _line(page: ListPage) -> Line | None:
    lines = page.lines
    row = lines.rows[lines.index] if lines.rows else None
    return row if isinstance(row, Line) else None
