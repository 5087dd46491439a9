"""Chapter Radar on the screen: the warnings, what cannot be judged yet, the gates, then the lists as they are declared."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from crm_workbook.analysis.radar import look
from crm_workbook.i18n import N_, _
from crm_workbook.records.radar import Snapshot
from crm_workbook.screens.boards import Board
from crm_workbook.screens.chapters import Chapter
from crm_workbook.screens.finding import TRENDS, open_finding, response_text
from crm_workbook.screens.frame import SIGNS
from crm_workbook.screens.gaps import gap_text, open_gap
from crm_workbook.screens.gates import GatesBoard
from crm_workbook.screens.lists import Shelf, registers_of
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

MOVES = {"new": "+", "worse": "↑", "same": "=", "better": "↓", "": ""}
"""How a finding has moved since the kept state, in one character."""
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

    def nothing(self, radar: Radar) -> str:
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
        self._lines = list(self.lines(frame.view, radar, frame.titles)) if frame.view is not None and radar is not None else []
        lines.empty = self.nothing(radar) if radar is not None else _("Looking at your figures ...")
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


class Warnings(RadarBoard):
    """What fires, what is accepted for now, and what went out since the kept state."""

    id: ClassVar[str] = "warnings"

    @property
    def title(self) -> str:
        return _("Warnings")

    def count(self, screen: WorkbookScreen) -> int | None:
        return len(look(screen.view).findings) if screen.view is not None else None

    def columns(self, radar: Radar | None) -> tuple[Column, ...]:
        moves = [Column("", min=1)] if radar is not None and radar.since is not None else []
        return (Column("", min=2), *moves, Column(_("Warning"), min=30, weight=2), Column(_("Until"), min=10),
                Column(_("Who"), min=12, weight=1), Column(_("Belongs to"), min=16, weight=1))

    def lines(self, view: View, radar: Radar, titles: Titles) -> Iterator[Line]:
        def line(finding: Finding) -> Line:
            pattern, answer = finding.pattern, finding.response
            until, person = "", None
            if answer is not None:
                until = _("overdue") if finding.overdue and answer.until else str(answer.until or _("no day"))
                person = titles.book.get(answer.person)
            detail = (f"{_(TRENDS[finding.trend]).capitalize()}." if finding.trend else "", response_text(finding, titles),
                      pattern.message, pattern.advice)
            return Line(pattern.id, (SIGNS[finding.severity], *([MOVES[finding.trend]] if radar.since else []), pattern.name,
                                     until, titles.label(person) if person is not None else "",
                                     view.catalogue.stages[pattern.stage].name),
                        " ".join(filter(None, detail)), finding,
                        "-dim" if finding.accepted else "-warn" if finding.severity == "blocker" else "")

        def heading(key: str, text: str, detail: str = "") -> Line:
            return Line(key, ("", *([""] if radar.since else []), text), detail, style="-dim")

        yield from map(line, radar.findings)
        if radar.accepted:
            yield heading("#accepted", _("— Accepted for now —"), _("These fire, and somebody has accepted them until a day."))
            yield from map(line, radar.accepted)
        if radar.gone and radar.since is not None:
            yield heading("#gone", _("— Gone since {day} —").format(day=radar.since.on))
            for pattern in radar.gone:
                yield Line(pattern.id, ("✓", "", pattern.name, "", "", view.catalogue.stages[pattern.stage].name),
                           _("It fired on {day} and does so no more.").format(day=radar.since.on), style="-dim")
        if radar.findings or radar.accepted or radar.gone:
            yield heading("#keep", _("— Press m to keep this state —"), self._kept(radar))

    def _kept(self, radar: Radar) -> str:
        if radar.since is None:
            return _("Press m at the end of a meeting. The next meeting then sees what is new, worse, better or gone.")
        return _("Compared with the state kept on {day} (+ new, ↑ worse, = as before, ↓ better). Press m at the end of a "
                 "meeting to keep this one.").format(day=radar.since.on)

    def nothing(self, radar: Radar) -> str:
        watch = _("The radar looks in your own data for the ways in which a CRM introduction can fail. It finds nothing now.")
        return f"{watch}\n\n{_('What it cannot judge yet stands in the next list.')}" if radar.unknown else watch


class NotKnown(RadarBoard):
    """What cannot be judged yet, with what is missing; and what the company does without."""

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
            yield Line(finding.pattern.id, ("?", finding.pattern.name, missing),
                       " ".join(filter(None, (missing, f"Enter: {way}" if way else _("Enter shows more.")))), finding)
        if radar.silenced:
            yield Line("#silenced", ("", _("— The company does without —")), style="-dim",
                       detail=_("The company's own catalogue says that these are not looked at."))
            yield from map(_silenced, radar.silenced)

    def nothing(self, radar: Radar) -> str:
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


def _silenced(pattern: Pattern) -> Line:
    return Line(pattern.id, ("", pattern.name, pattern.silenced), f"{pattern.name}: {pattern.silenced}", style="-dim")


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
        screen.say(_("This state is kept already: {code}. Nothing has changed since.").format(code=kept.code))
        return
    meeting = next((row for row in view.rows(Workshop) if row.on == day), None)
    screen.session.submit([Create(Snapshot, {
        "title": _(OCCASION[meeting is not None]).format(day=day), "on": day, "meeting": meeting.code if meeting else "",
        "findings": tuple(fired), "figures": figures})], ticket="keep")


def shelf(chapter: Chapter) -> Shelf:
    """The lists of this chapter."""
    return Shelf(chapter, registers_of(chapter.id), before=(Warnings(), NotKnown(), GatesBoard()))
