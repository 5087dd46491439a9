"""Chapter Radar on the screen: the warnings, what cannot be judged yet, the gates, then the lists as they are declared."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import compress
from typing import TYPE_CHECKING, ClassVar, TypeVar

from crm_workbook.analysis.radar import look
from crm_workbook.analysis.stages import begun, opened
from crm_workbook.i18n import N_, _
from crm_workbook.records.radar import Snapshot
from crm_workbook.screens.actions import register_page
from crm_workbook.screens.answers import response_text
from crm_workbook.screens.boards import Board
from crm_workbook.screens.chapters import Chapter
from crm_workbook.screens.covering import ThreadBoard
from crm_workbook.screens.finding import open_finding
from crm_workbook.screens.frame import SIGNS
from crm_workbook.screens.gaps import gap_text, open_gap
from crm_workbook.screens.gates import GatesBoard
from crm_workbook.screens.lists import Shelf, registers_of
from crm_workbook.screens.words import MOVES, TRENDS, full_stop
from crm_workbook.widgets.lines import Column
from crm_workbook.widgets.plain import wrap

if TYPE_CHECKING:
    from crm_workbook.analysis.facts import View
    from crm_workbook.analysis.finders import Gap
    from crm_workbook.analysis.radar import Finding, Radar
    from crm_workbook.catalogue.rows import Pattern
    from crm_workbook.screens.listing import ListPage
    from crm_workbook.screens.titles import Titles
    from crm_workbook.screens.workbook import WorkbookScreen

T = TypeVar("T")
_DETAIL = 3  # lines below the list


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a board. `detail`: what is said below the list while the cursor is on it."""

    key: str
    cells: tuple[str, ...]
    detail: str = ""
    finding: Finding | None = None
    style: str = ""


class RadarBoard(Board):
    """A board of what `look` has found. It draws as soon as the facts are there, and keeps the line one was on."""

    def __init__(self) -> None:
        self._lines: list[Line] = []
        self._key = ""

    def columns(self, radar: Radar | None) -> tuple[Column, ...]:
        """The columns of its lines."""
        raise NotImplementedError

    def lines(self, view: View, radar: Radar, titles: Titles) -> Iterator[Line]:
        """Its lines, in order."""
        raise NotImplementedError

    def nothing(self, view: View, radar: Radar) -> str:
        """What an empty board says."""
        raise NotImplementedError

    def draw(self, page: ListPage) -> None:
        frame, lines = page.frame, page.lines
        assert frame.titles is not None
        fresh = lines.rows is not self._lines
        radar = look(frame.view) if frame.view is not None else None
        columns = self.columns(radar)
        if fresh or columns != lines.columns:
            lines.style_of = lambda line: line.style
            lines.set_columns(columns)
        self._lines, lines.empty = [], frame.trouble or _("Looking at your figures ...")
        if frame.view is not None and radar is not None:
            self._lines = list(self.lines(frame.view, radar, frame.titles))
            lines.empty = not_begun(frame.view) or self.nothing(frame.view, radar)
        lines.set_rows(self._lines, lambda line: line.cells, key=lambda line: line.key)
        if fresh and self._key:
            lines.go_to(self._key)
        page.show_detail()

    def line(self, page: ListPage) -> Line | None:
        """The line under the cursor."""
        lines = page.lines
        return self._lines[lines.index] if self._lines and lines.rows is self._lines else None

    def detail(self, page: ListPage) -> str:
        line = self.line(page)
        if line is None:
            return ""
        self._key = line.key
        said = wrap(line.detail, max(page.size.width - 6, 20))  # the edges, and room for the sign that there is more
        return "\n".join(said if len(said) <= _DETAIL else [*said[:_DETAIL - 1], f"{said[_DETAIL - 1]} …"])

    def enter(self, page: ListPage) -> None:
        line = self.line(page)
        if line is not None and line.finding is not None:
            open_finding(page.frame, line.finding)


def not_begun(view: View) -> str:
    """Why the radar says nothing yet; "" when it looks at some stage of the work."""
    if opened(view):
        return ""
    if not begun(view):
        return _("Nothing has begun yet.")
    return _("You have just begun. The radar looks at your entries as soon as you go on to processes or requirements, or {n} "
             "days after the start of the project.").format(n=int(view.param("p_grace_days")))


class Warnings(RadarBoard):
    """What fires, what is accepted for now, what went out since the kept state, and what the company has left out."""

    id: ClassVar[str] = "warnings"

    @property
    def title(self) -> str:
        return _("Warnings")

    def count(self, screen: WorkbookScreen) -> int | None:
        return len(look(screen.view).findings) if screen.view is not None else None

    def columns(self, radar: Radar | None) -> tuple[Column, ...]:
        there = (Column("", min=2), Column(_("Trend"), min=6), Column(_("Warning"), min=33, weight=3),
                 Column(_("Until"), min=10), Column(_("Who"), min=12, weight=1), Column(_("Belongs to"), min=16, weight=1))
        return self._kept(radar, there)

    @staticmethod
    def _kept(radar: Radar | None, cells: Iterable[T]) -> tuple[T, ...]:
        """The columns that say something: no trend without a kept state, nobody until no day without answers."""
        trend = radar is not None and radar.since is not None
        answers = radar is not None and any(found.response for found in (*radar.findings, *radar.accepted))
        return tuple(compress(cells, (True, trend, True, answers, answers, True)))

    def lines(self, view: View, radar: Radar, titles: Titles) -> Iterator[Line]:
        def row(pattern: Pattern, sign: str = "", trend: str = "", until: str = "", who: str = "") -> tuple[str, ...]:
            return self._kept(radar, (sign, trend, pattern.name, until, who, view.catalogue.stages[pattern.stage].name))

        def line(finding: Finding) -> Line:
            pattern, answer = finding.pattern, finding.response
            until, person = "", None
            if answer is not None:
                idle = answer.response in ("accept", "dismiss") and not finding.accepted
                until = _("overdue") if finding.overdue else _("no effect") if idle else str(answer.until or _("no day"))
                person = titles.book.get(answer.person)
            detail = (full_stop(_(TRENDS[finding.trend])).capitalize() if finding.trend else "",
                      response_text(finding, titles, view), pattern.message, pattern.advice)
            who = titles.label(person) if person is not None else ""
            return Line(pattern.id, row(pattern, SIGNS[finding.severity], _(MOVES[finding.trend]), until, who),
                        " ".join(filter(None, detail)), finding,
                        "-dim" if finding.accepted else "-warn" if finding.severity == "blocker" else "")

        def heading(key: str, text: str, detail: str = "") -> Line:
            return Line(key, self._kept(radar, ("", "", text, "", "", "")), detail, style="-dim")

        yield from map(line, radar.findings)
        if not radar.findings and (radar.accepted or radar.gone or radar.silenced):
            yield heading("#calm", _("— Nothing warns now —"), not_begun(view) or self.nothing(view, radar))
        if radar.accepted:
            yield heading("#accepted", _("— Accepted for now —"), _("These fire, and somebody has accepted them until a day."))
            yield from map(line, radar.accepted)
        if radar.gone and radar.since is not None:
            yield heading("#gone", _("— Gone since {day} —").format(day=radar.since.on))
            for pattern in radar.gone:
                yield Line(pattern.id, row(pattern, "✓"), style="-dim",
                           detail=_("It fired on {day} and does so no more.").format(day=radar.since.on))
        if radar.silenced:
            yield heading("#silenced", _("— Left out by the company —"),
                          _("The company's own catalogue says that these are not looked at."))
            for pattern in radar.silenced:
                yield Line(pattern.id, row(pattern), full_stop(f"{pattern.name}: {pattern.silenced}"), style="-dim")
        if radar.findings or radar.accepted or radar.gone:
            yield heading("#keep", _("— Press m to keep this state —"), self._keep(radar))

    def _keep(self, radar: Radar) -> str:
        if radar.since is None:
            return _("Press m at the end of a meeting. The next meeting then sees what is new, worse, better or gone.")
        return _("Compared with the state kept on {day}. Press m at the end of a meeting to keep this one.").format(
            day=radar.since.on)

    def nothing(self, view: View, radar: Radar) -> str:
        watch = _("The radar looks in your own data for the ways in which a CRM introduction can fail. It finds nothing now.")
        return f"{watch}\n\n{_('What it cannot judge yet stands in the next list.')}" if radar.unknown else watch


class NotKnown(RadarBoard):
    """What cannot be judged yet, with what is missing."""

    id: ClassVar[str] = "unknown"

    @property
    def title(self) -> str:
        return _("Not known yet")

    def count(self, screen: WorkbookScreen) -> int | None:
        return len(look(screen.view).unknown) if screen.view is not None else None

    def columns(self, radar: Radar | None) -> tuple[Column, ...]:
        return (Column("", min=2), Column(_("Warning"), min=30, weight=1), Column(_("What is missing"), min=12, weight=2))

    def lines(self, view: View, radar: Radar, titles: Titles) -> Iterator[Line]:
        for finding in radar.unknown:
            missing, gap = missing_of(view, finding)
            way = gap_text(titles.book, titles, gap) if gap is not None else ""
            leads = full_stop(_("Enter: {what}").format(what=way)) if way else _("Enter shows more.")
            yield Line(finding.pattern.id, ("?", finding.pattern.name, missing), f"{missing} {leads}", finding)

    def nothing(self, view: View, radar: Radar) -> str:
        return _("Everything that concerns you now can be judged.")

    def enter(self, page: ListPage) -> None:
        line, view = self.line(page), page.frame.view
        if line is None or line.finding is None or view is None:
            return
        missing, gap = missing_of(view, line.finding)
        if gap is not None:
            open_gap(page.frame, gap, missing)
        else:
            open_finding(page.frame, line.finding)


def missing_of(view: View, finding: Finding) -> tuple[str, Gap | None]:
    """What is missing before a finding can be judged, in a sentence, and where to write it: the first that has a place."""
    culprits = finding.culprits
    name = next((name for name in culprits if finding.figures[name].gap is not None), culprits[0])
    return view.catalogue.facts[name].missing, finding.figures[name].gap


OCCASION = N_("Looked at"), N_("Meeting of {day}")
"""What a kept state is called: on any day, and on the day of a meeting."""


def keep_state(screen: WorkbookScreen) -> None:
    """Keeps what the radar shows now, so that the next meeting sees what has changed."""
    from crm_workbook.analysis.wording import figures_text
    from crm_workbook.records.edits import Create
    from crm_workbook.records.minutes import Workshop

    view = screen.view
    assert view is not None and screen.session is not None
    radar, figures, day = look(view), figures_text(view), view.today
    fired = [finding.pattern.id for finding in (*radar.findings, *radar.accepted)]
    kept = radar.since
    if kept is not None and kept.on == day and set(kept.findings) == set(fired) and kept.figures.strip() == figures:
        show_warnings(screen)
        screen.say(_("This state is kept already: {code}. Nothing has changed since.").format(code=kept.code))
        return
    meeting = next((row for row in view.rows(Workshop) if row.on == day), None)
    screen.session.submit([Create(Snapshot, {
        "title": _(OCCASION[meeting is not None]).format(day=day), "on": day, "meeting": meeting.code if meeting else "",
        "findings": tuple(fired), "figures": figures})], ticket="keep")
    show_warnings(screen)


def show_warnings(screen: WorkbookScreen) -> None:
    """Shows what is compared from now on."""
    page = register_page(screen)
    if page is not None and page.view != Warnings.id:
        page.show_view(Warnings.id)


def shelf(chapter: Chapter) -> Shelf:
    """The lists of this chapter."""
    return Shelf(chapter, registers_of(chapter.id), before=(Warnings(), NotKnown(), GatesBoard(), ThreadBoard()),
                 home=Warnings.id)
