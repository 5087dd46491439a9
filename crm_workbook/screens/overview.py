"""Chapter 0, Overview: what comes next, what to talk about, who is waited for, and how far it is to the next gate."""
from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.geometry import Size
from textual.widgets import Static

from crm_workbook.analysis.progress import next_step
from crm_workbook.i18n import _, ngettext
from crm_workbook.records import Record
from crm_workbook.records.goals import CompanyGoal
from crm_workbook.records.minutes import Unfinished
from crm_workbook.records.team import OpenDecision, Question
from crm_workbook.screens import actions
from crm_workbook.screens.chapters import Chapter, chapter
from crm_workbook.screens.frame import SIGNS
from crm_workbook.screens.gatewords import gate_name, person_name, stops
from crm_workbook.screens.keys import PageList, steer_ahead
from crm_workbook.screens.page import Page
from crm_workbook.screens.words import MOVES
from crm_workbook.widgets.lines import MARK, Column, LineList
from crm_workbook.widgets.plain import fit, flat, wrap

if TYPE_CHECKING:
    from crm_workbook.analysis.radar import Finding, Radar
    from crm_workbook.records.book import Book
    from crm_workbook.screens.titles import Titles

R = TypeVar("R", Question, OpenDecision)
BAR = 10
"""Cells of a progress bar."""
WITH_BARS, BARS = 140, 44
"""Cells of the page from which the bars stand beside the list, and how many they take."""
WITH_THREADS = (96, 34)
"""Cells and lines of the page from which each company goal has a line."""
FEW, MANY = 4, 10
"""So many findings at least, and at most."""
WAITING = 8
"""So many waiting lines where something stands below them, before one asks for all."""
NARROW, TIGHT = 70, 50
"""Cells of a line below which words are left out that a name can stand without, and the figures of a gate get their own."""
ROOMY, WIDEST = 84, 118
"""Cells of a line from which a finding says what it means, and more than which no line has."""
SIGN = 5
"""Cells for the sign or the code at the beginning of a line."""
ALL = "all"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list: a sign or a code, a text, and at the right what belongs to it.

    `opens`: what Enter shows (`gate`, `finding`, `record`, `goal`, `all` of the list), and which one; ("", "") where the
    cursor has nothing to do. `look`: its style, as a LineList knows it.
    """

    key: str
    text: str
    sign: str = ""
    right: str = ""
    opens: tuple[str, str] = "", ""
    look: str = ""


def heading(key: str, text: str) -> Line:
    """The title of the lines below."""
    return Line(f"heading {key}", text, look="-header")


class Lines(PageList):
    """The list of the Overview; the cursor leaves out what is there to be read only."""

    def __init__(self) -> None:
        super().__init__((Column("", min=10, weight=1),), header=False, style_of=lambda line: line.look)
        self.room = 0  # cells of a line

    def show(self, lines: Sequence[Line]) -> None:
        """Shows these lines; the cursor stays where it is, or on the next line that leads somewhere."""
        self.set_rows(lines, lambda line: (self.drawn(line),), key=lambda line: line.key)
        if lines and not lines[self.index].opens[0]:
            self._go(self.index)

    def drawn(self, line: Line) -> str:
        """The line as it fits into the width there is."""
        width, right = self.room, flat(line.right)
        if line.look == "-header":
            return flat(line.text)
        right = fit(right, min(cell_len(right), width // 2))
        text = fit(flat(line.text), width - SIGN - (cell_len(right) + 2 if right else 0))
        return f"{fit(flat(line.sign), SIGN - 1)} {text}{'  ' if right else ''}{right}"

    def _go(self, index: int) -> None:
        count = len(self.rows)
        index = max(min(index, count - 1), 0)
        onward, back = range(index, count), range(index, -1, -1)
        order = (*onward, *back) if index >= self.index else (*back, *onward)
        super()._go(next((number for number in order if self.rows[number].opens[0]), self.index))


class OverviewPage(Page):
    """What the group sees first. It is drawn without the facts at once, and again in the same places when they are there."""

    all_waiting = False  # somebody has asked for all lines

    def compose(self) -> ComposeResult:
        yield Static(id="overview-text")
        with Horizontal(classes="body"):
            yield Lines()
            bars = Static(id="overview-bars")
            bars.display = False
            yield bars

    async def on_mount(self) -> None:
        self.ready = True
        self.refresh_book(())
        lines = self.lines
        first = next((number for number, line in enumerate(lines.rows) if line.opens[0] == "finding"), 0)
        lines.index = first
        self.focus_page()
        self.grant_wishes()
        await steer_ahead(self.frame)

    @property
    def book(self) -> Book:
        """The records."""
        assert self.frame.book is not None
        return self.frame.book

    @property
    def titles(self) -> Titles:
        """How they are called."""
        assert self.frame.titles is not None
        return self.frame.titles

    @property
    def lines(self) -> Lines:
        """Its list."""
        return self.query_one(Lines)

    def focus_page(self) -> None:
        self.lines.focus()

    def on_resize(self) -> None:
        self.refresh_book(())

    @property
    def place(self) -> Size:
        """The room for the page; known before the page itself is laid out, so that nothing moves after the first picture."""
        return self.frame.query_one("#pages").size

    def refresh_book(self, touched: Collection[type[Record]]) -> None:
        self.query_one("#overview-text", Static).update(self.text())
        width, bars = self.place.width, self.query_one("#overview-bars", Static)
        bars.display = width >= WITH_BARS
        if bars.display:
            bars.update(self.bars())
        # beside the list: the bars; in it: the sign of the cursor, the scroll bar, and a cell before that
        self.lines.room = min(max(width - (BARS if bars.display else 0) - MARK - 2, 20), WIDEST)
        self.lines.show([*self.gate_lines(), *self.finding_lines(), *self.waiting_lines(), *self.goal_lines()])

    # ---- what Enter does ----

    def enter(self) -> None:
        lines = self.lines
        what, id_ = lines.rows[lines.index].opens if lines.rows else ("", "")
        if what == "gate" and id_:
            from crm_workbook.screens.gates import open_gate

            open_gate(self.frame, id_)
        elif what == "finding" and id_:
            self._open_finding(id_)
        elif what == "goal":
            from crm_workbook.screens import thread

            thread.show(self.frame, id_)
        elif what == "record":
            actions.open_form(self.frame, id_)
        elif what == ALL:
            self.all_waiting = True
            self.refresh_book(())

    def _open_finding(self, id_: str) -> None:
        from crm_workbook.analysis.radar import look
        from crm_workbook.screens.finding import open_finding

        found = look(self.frame.view).find(id_) if self.frame.view is not None else None
        if found is not None:
            open_finding(self.frame, found)

    @on(LineList.Selected)
    def _selected(self) -> None:
        self.enter()

    # ---- what is written ----

    def text(self) -> Content:
        """The next step."""
        step = next_step(self.book)
        if step is None:
            return Content.assemble((_("Next step"), "bold"), "\n", _("Nothing is missing."))
        there = chapter(step.kind.declared.chapter)
        where = f"{there.digit} {there.title} › {_(step.kind.declared.title)}"
        return Content.assemble((_("Next step"), "bold"), f"\n{step.sentence}\n",
                                (_("Press n to go there: {where}").format(where=where), "dim"))

    def bars(self) -> Content:
        """How far each chapter is."""
        parts = [Content.styled(_("How far each chapter is"), "bold")]
        for id_, found in self.frame.progress.items():
            filled = int(found.share * BAR)
            parts.append(Content(f"\n{chapter(id_).digit} {fit(chapter(id_).title, 13)} {'▰' * filled}{'▱' * (BAR - filled)} "
                                 f"{int(found.share * 100):3} %  {found.done:2}/{found.total}"))
        return Content("").join(parts)

    def gate_lines(self) -> Iterator[Line]:
        """The gate that the group works towards, and how much is left until then."""
        view = self.frame.view
        if view is None:
            yield from self._gate((_("Next gate: {gate}").format(gate="..."),), "", "")
            yield from self._left(_left_words(10, 10, 60))
            return
        from crm_workbook.analysis.gates import current, gates
        from crm_workbook.analysis.remaining import remaining

        state = current(gates(view))
        if state is None:
            yield from self._gate((_("All gates are passed."),), "", "", sign="✓")
        else:
            names = [_("Next gate: {gate}").format(gate=name) for name in (gate_name(state, self.titles), state.gate.name)]
            yield from self._gate((*names, state.gate.name), f"{state.readiness} %   {stops(state.stops)}", state.key)
        left = remaining(view, self.frame.progress)
        yield from self._left(_left_words(left.required, left.behind, left.minutes), known=True)

    def _gate(self, names: Sequence[str], figures: str, key: str, sign: str = "▸") -> Iterator[Line]:
        """The first name that fits beside the figures; where the line is short they have one of their own."""
        tight = self.lines.room < TIGHT
        room = self.lines.room - SIGN - (0 if tight or not figures else 2 + cell_len(figures))
        name = next((name for name in names if cell_len(flat(name)) <= room), names[-1])
        yield Line("gate", name, sign, "" if tight else figures, ("gate", key))
        if tight:
            yield Line("gate figures", figures)

    def _left(self, words: str, known: bool = False) -> Iterator[Line]:
        """As many lines as the words need; empty ones while they are not known."""
        for number, part in enumerate(wrap(words, self.lines.room - SIGN)):
            yield Line(f"left {number}", part if known else "", look="-dim")

    def finding_lines(self) -> Iterator[Line]:
        """The most urgent findings of the radar; while it is not known, the place for them."""
        view, room = self.frame.view, self._places()
        yield Line("blank findings", "")
        if view is None:
            yield heading("findings", _("Talk about this next"))
            yield from (Line(f"finding {number}", "..." if number == 0 else "", opens=("finding", ""))
                        for number in range(room))
            return
        from crm_workbook.analysis.radar import look

        radar = look(view)
        count, title = len(radar.findings), _("Talk about this next")
        yield heading("findings", title if count <= room else _("{title} ({n} of {all}; press 8 for all)").format(
            title=title, n=room, all=count))
        lines = [self._finding(found, "finding") for found in radar.findings[:room]] or [
            Line(f"calm {number}", part) for number, part in enumerate(wrap(self._calm(radar), self.lines.room - SIGN))]
        yield from lines
        yield from (Line(f"blank {number}", "") for number in range(len(lines), FEW))

    def _places(self) -> int:
        """How many findings there is room for."""
        if self.place.height < WITH_THREADS[1]:
            return FEW
        below = min(len(self._unanswered()), WAITING) + (len(self.book.rows(CompanyGoal)) if self._with_goals else 0)
        return max(FEW, min(MANY, self.place.height - below - 16))

    def _calm(self, radar: Radar) -> str:
        """What is said when no pattern fires."""
        if radar.unknown:
            return ngettext("Nothing warns. {n} warning cannot be judged yet: press 8 to see what is missing.",
                            "Nothing warns. {n} warnings cannot be judged yet: press 8 to see what is missing.",
                            len(radar.unknown)).format(n=len(radar.unknown))
        if radar.accepted:
            return _("Nothing new. What you live with for now stands under 8 Radar.")
        return _("Nothing warns today. When your entries show a known way to fail, you read it here.")

    def _finding(self, found: Finding, key: str) -> Line:
        right = _(MOVES[found.trend])
        if found.response is not None:
            who = person_name(self.titles, found.response.person) or _("nobody yet")
            idle = found.response.response in ("accept", "dismiss")  # and it fires all the same: see the finding
            right = _("{who}, overdue").format(who=who) if found.overdue else _("answer does not count") if idle else (
                f"{who}, {found.response.until or '-'}")
        name = found.pattern.name
        text = f"{name}: {found.pattern.message}" if self.lines.room >= ROOMY else name
        return Line(f"{key} {found.pattern.id}", text, SIGNS[found.severity], right,
                    ("finding", found.pattern.id), "-warn" if found.severity == "blocker" else "")

    def waiting(self) -> list[Line]:
        """Everything that waits for an answer, and for whose; and what somebody wanted to have done by now, where that does
        not stand above."""
        lines = self._unanswered()
        if self.frame.view is not None:
            from crm_workbook.analysis.radar import look

            lines += [self._finding(found, "overdue") for found in look(self.frame.view).findings[self._places():]
                      if found.overdue]
        return lines

    def _unanswered(self) -> list[Line]:
        titles = self.titles
        found: list[tuple[Record, str, str]] = [
            (row, titles.label(row), self._asked(row.waits_for, _("{who} answers"), _("to be answered")))
            for row in self._open(Question, "answered_on")]
        found += [(row, titles.label(row), self._asked(row.decider, _("{who} decides"), _("to be decided")))
                  for row in self._open(OpenDecision, "decided_on")]
        found += [(row, f"{row.record}: {row.text}", _("unfinished")) for row in self.book.rows(Unfinished)]
        return [Line(row.code, text, row.code, right, ("record", row.code)) for row, text, right in found]

    def _open(self, kind: type[R], day: str) -> list[R]:
        """The records that wait; until the facts are there, those without this day."""
        if self.frame.view is None:
            return [row for row in self.book.rows(kind) if row.get(day) is None]
        from crm_workbook.analysis.facts.team import is_open

        return [row for row in self.book.rows(kind) if is_open(row, self.frame.today())]

    def _asked(self, code: str, somebody: str, nobody: str) -> str:
        """For whom something waits; where there is little room the name says it."""
        if not code:
            return nobody
        who = person_name(self.titles, code)
        return who if self.lines.room < NARROW else somebody.format(who=who)

    def waiting_lines(self) -> Iterator[Line]:
        """What waits for an answer; where company goals stand below, not more than a few until one asks for all."""
        lines = self.waiting()
        yield Line("blank waiting", "")
        yield heading("waiting", _("Waits for an answer"))
        if not lines:
            yield Line("nothing", _("Nothing waits for an answer."))
        rest = len(lines) - WAITING
        if self.all_waiting or rest <= 1 or not self._with_goals:
            yield from lines
            return
        yield from lines[:WAITING]
        yield Line(ALL, ngettext("... and {n} more. Press Enter to see it.", "... and {n} more. Press Enter to see them.",
                                 rest).format(n=rest), opens=(ALL, ""), look="-dim")

    @property
    def _with_goals(self) -> bool:
        return self.place.width >= WITH_THREADS[0] and self.place.height >= WITH_THREADS[1]

    def _goals(self) -> list[Line]:
        """The red thread of each company goal in one line, where there is room."""
        if self.frame.view is None or not self._with_goals:
            return []
        from crm_workbook.analysis.coverage import breaks

        return [Line(f"goal {found.code}", found.line[0].text, "✗" if found.level else "✓",
                     " - ".join(spot.text for spot in found.line[1:]), ("goal", found.code)) for found in breaks(self.book)]

    def goal_lines(self) -> Iterator[Line]:
        """The company goals, below all the rest."""
        goals = self._goals()
        if goals:
            yield Line("blank goals", "")
            yield heading("goals", _("From each company goal: CRM goal - process - requirement - answer - phase - measure"))
            yield from goals


def _left_words(required: int, behind: int, minutes: int) -> str:
    time = (ngettext("{n} minute", "{n} minutes", minutes).format(n=minutes) if minutes < 120 else
            ngettext("{n} hour", "{n} hours", minutes // 60).format(n=minutes // 60))
    return _("Left until then: {required} required now, {behind} behind answers given, about {time}").format(
        required=required, behind=behind, time=time)


def page(chapter_: Chapter) -> Page:
    """The page of this chapter."""
    return OverviewPage(chapter_)
