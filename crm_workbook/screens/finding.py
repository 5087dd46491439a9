"""One finding of the radar in full: what is the matter, why, what to do, who does it; and the ways to the records."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from crm_workbook.analysis.finders import Gap
from crm_workbook.analysis.radar import culprits, kept_state, look, values_of
from crm_workbook.analysis.wording import shown, to_change
from crm_workbook.catalogue.expressions import AllOf, OneOf, Wish, parse
from crm_workbook.i18n import _, ngettext
from crm_workbook.records import split_code
from crm_workbook.screens.answers import ANSWERS, NEEDED, answer, missing_in, response_text
from crm_workbook.screens.dialogs import Dialog, DialogLines, foot
from crm_workbook.screens.frame import SIGNS
from crm_workbook.screens.gaps import gap_text, open_gap
from crm_workbook.screens.words import TRENDS, gravity
from crm_workbook.widgets.lines import MARK, Column, LineList
from crm_workbook.widgets.plain import wrap

if TYPE_CHECKING:
    from crm_workbook.analysis.facts import Figure
    from crm_workbook.analysis.radar import Finding
    from crm_workbook.screens.workbook import WorkbookScreen

KEYS = tuple(ANSWERS.values())
MOST = 10
"""Records of one figure that are named one by one."""
_HINT = 2  # lines below the list about the line under the cursor

Lead = Gap | str
"""Where a line leads: a place to write, or one of `ANSWERS`."""


def open_finding(screen: WorkbookScreen, finding: Finding) -> None:
    """Shows a finding, and goes where the person wants to; `back` leads into it again."""
    modal = FindingModal(screen, finding)

    def go(lead: Lead | None) -> None:
        now = modal.finding
        again = partial(reopen, screen, now)
        if isinstance(lead, Gap):
            open_gap(screen, lead, now.pattern.advice if now.fires else "", again, linger=True)
        elif lead:
            answer(screen, now, lead, again)

    screen.app.push_screen(modal, go)


def reopen(screen: WorkbookScreen, before: Finding) -> None:
    """Shows a finding again that somebody went on from; says so when it is out by now."""
    now = look(screen.view).find(before.pattern.id) if screen.view is not None else None
    if now is not None and now.fires >= before.fires:
        open_finding(screen, now)
    elif screen.view is not None:
        screen.say(out(before, now))


def out(before: Finding, now: Finding | None) -> str:
    """That a finding is one no more."""
    if not before.fires:
        words = _("{name}: this can be judged now, and all is well.")
    elif now is not None:
        words = _("{name}: it has gone out. Something about it is not known yet.")
    else:
        words = _("{name}: it has gone out.")
    return words.format(name=before.pattern.name)


@dataclass(frozen=True, slots=True)
class Part:
    """A text of the dialog. `look`: "", "bold" or "-dim". `hint`: what stands below the list when the cursor is on it."""

    text: str = ""
    lead: Lead | None = None
    look: str = ""
    mark: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a part as it is drawn."""

    key: str
    text: str
    part: Part


class FindingModal(Dialog["Gap | str | None"]):
    """Ends with where to go: a gap, an answer, or None. The cursor starts on the first thing that mends it."""

    BINDINGS: ClassVar[list[BindingType]] = [key.binding() for key in KEYS]

    def __init__(self, frame: WorkbookScreen, finding: Finding) -> None:
        super().__init__(frame)
        self.finding = finding
        self._parts: tuple[Part, ...] = ()
        self._width = 0

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(id="finding-head", classes="heading", markup=False)
            yield DialogLines(self, (Column("", 10, 1),), lambda row: "-dim" if row.part.look == "-dim" else "")
            yield Static(id="finding-foot", classes="details", markup=False)

    def on_mount(self) -> None:
        self._draw(min(self.app.size.width * 9 // 10, 100) - 5)  # the edges, their padding, the scroll bar
        self.lines.focus()
        self.call_after_refresh(self._fit)

    def on_resize(self) -> None:
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        width = self.lines.scrollable_content_region.width
        if width != self._width:
            self._fill(width)

    def show(self) -> None:
        now = look(self.view).find(self.finding.pattern.id)
        if now is None or now.fires < self.finding.fires:
            self.dismiss(None)
            self.frame.say(out(self.finding, now))
        elif now != self.finding:
            self.finding = now
            self._draw(self._width)

    def _draw(self, width: int) -> None:
        """Writes everything anew. The cursor stays where it leads to the same place, or goes to the first thing to do."""
        finding = self.finding
        self.query_one("#finding-head", Static).update(
            f"{SIGNS[finding.severity] if finding.fires else '?'} {finding.pattern.name}")
        here = self._part.lead
        self._parts = tuple(self.parts())
        self._fill(width)
        leads = [row for row in self.lines.rows if row.part.lead is not None]
        same = [row for row in leads if row.part.lead == here]
        if leads:
            self.lines.go_to((*same, *leads)[0].key)
        self._show_hint()

    def _fill(self, width: int) -> None:
        """Breaks the texts into lines of this width; the cursor stays on its part."""
        self._width = width
        rows = list[Row]()
        for number, part in enumerate(self._parts):
            pad = " " * len(part.mark)
            for index, line in enumerate(wrap(part.text, max(width - MARK - len(pad), 10))):
                rows.append(Row(f"{number} {index}", (pad if index else part.mark) + line, part))
        self.lines.set_rows(rows, lambda row: (
            Content.styled(row.text, "bold") if row.part.look == "bold" else row.text,), key=lambda row: row.key)
        self._show_hint()

    # ---- what it says ----

    def parts(self) -> Iterator[Part]:
        """Everything, from the first thing to do on."""
        finding, pattern = self.finding, self.finding.pattern
        yield from self._actions()
        if finding.fires:
            yield Part(pattern.message)
            yield Part(self._standing(), look="-dim")
            yield from self._section(_("What to do"), [Part(pattern.advice)])
            yield from self._section(_("Why"), list(self._facts()))
            yield from self._section(_("It goes out when this has changed"), list(self._changes()))
        else:
            yield Part(_("Nobody can tell yet whether this is so:"), look="-dim")
            yield Part(pattern.message)
            yield from self._section(_("What is missing"), list(self._unknown()))
            yield from self._section(_("What is known"), list(self._facts()))
        yield from self._section(_("You said so yourselves"), [Part(f"“{text}”") for text in finding.said])
        yield from self._section(_("Who does it"), list(self._response()))

    def _actions(self) -> Iterator[Part]:
        """What mends it, and whether all of that is needed."""
        finding, wish = self.finding, self.finding.wish
        several = isinstance(wish, AllOf | OneOf)
        seen, groups = set[Gap](), list[tuple[Wish | None, list[Gap]]]()
        for part in wish.parts if isinstance(wish, AllOf | OneOf) else (wish,):
            gaps = [figure.gap for figure in self._figures(part) if figure.gap is not None and figure.gap not in seen]
            gaps = list(dict.fromkeys(gaps))
            seen.update(gaps)
            if gaps:
                groups.append((part, gaps))
        if not groups:
            groups = [(None, [Gap(code)]) for code in finding.records[:1]]
        if not groups:
            return
        if several and len(groups) > 1:
            title = _("One of these is enough") if isinstance(wish, OneOf) else _("To mend, one after the other")
        else:
            title = _("To mend") if finding.fires else _("To find out")
        yield Part(title, look="bold")
        for part, gaps in groups:
            joined = _("and") if isinstance(part, AllOf) else _("or") if isinstance(part, OneOf) else ""
            for number, gap in enumerate(gaps):
                mark = f"  {joined} → " if number and joined else "→ "
                yield Part(gap_text(self.titles.book, self.titles, gap), gap, mark=mark)
        yield Part()

    def _figures(self, part: Wish | None) -> list[Figure]:
        """The figures of what would have to change in a part of the wish; without one, of what is not known."""
        return [self.finding.figures[name] for name in culprits(part, self.finding.figures)]

    @staticmethod
    def _section(title: str, parts: list[Part]) -> list[Part]:
        return [Part(), Part(title, look="bold"), *parts] if parts else []

    def _standing(self) -> str:
        """How grave it is, in which chapter of the work, and how it stands beside the kept state."""
        finding, kept = self.finding, kept_state(self.view)
        trend = f"{_(TRENDS[finding.trend])} ({_('since')} {kept.on})" if kept is not None and finding.trend else ""
        stage = self.view.catalogue.stages[finding.pattern.stage].name
        return " · ".join(filter(None, (gravity(finding.severity), stage, trend)))

    def _facts(self) -> Iterator[Part]:
        """The figures it follows from: those that would have to change with their records, then those that are not known."""
        finding = self.finding
        guilty = finding.culprits if finding.fires else []
        for name in guilty:
            yield self._fact(name, "✗ ", finding.figures[name].gap)
            yield from self._records(finding.figures[name])
        for name, figure in finding.figures.items():
            if name not in guilty and figure.value is not None:
                yield self._fact(name, "  ")
            elif name not in guilty and finding.fires:  # of one that cannot be judged it stands under what is missing
                yield self._fact(name, "? ", figure.gap)

    def _fact(self, name: str, mark: str, lead: Gap | None = None) -> Part:
        fact, figure = self.view.catalogue.facts[name], self.finding.figures[name]
        notes = ", ".join((*figure.notes[:MOST], *([_more(len(figure.notes) - MOST)] if len(figure.notes) > MOST else [])))
        return Part(f"{fact.title}: {shown(fact, figure.value)}" + (f" ({notes})" if notes else ""), lead, mark=mark,
                    hint=fact.meaning)

    def _records(self, figure: Figure) -> Iterator[Part]:
        """The records of a figure; each is opened at the field that the figure is about."""
        gap = figure.gap
        about = split_code(gap.code)[0] if gap is not None and gap.code and gap.field else None
        for code in figure.records[:MOST]:
            field = gap.field if gap is not None and about is split_code(code)[0] else None
            yield Part(self.titles.named(code), Gap(code, field), mark="  → ")
        if len(figure.records) > MOST:
            yield Part(_more(len(figure.records) - MOST), mark="    ", look="-dim")

    def _changes(self) -> Iterator[Part]:
        """What would have to change for it to go out."""
        values = values_of(self.view, parse(self.finding.pattern.fires_when))
        for line in to_change(self.view, self.finding.wish, values):
            text = line.lstrip()
            yield Part(text, mark=" " * (len(line) - len(text)) or "- ")

    def _unknown(self) -> Iterator[Part]:
        """What to write down so that it can be judged."""
        facts = self.view.catalogue.facts
        for name in self.finding.culprits:
            gap = self.finding.figures[name].gap
            yield Part(facts[name].missing, gap, mark="→ " if gap is not None else "- ", hint=facts[name].meaning)

    def _response(self) -> Iterator[Part]:
        """What the group says to it, and what it can say."""
        finding, given = self.finding, self.finding.response
        if given is not None:
            gap = Gap(given.code, missing_in(given) or "response")
            yield Part(response_text(finding, self.titles, self.view), gap, mark="→ ")
        elif finding.fires:
            yield Part(_("Nobody yet."))
        if finding.fires:
            for id_, key in ANSWERS.items():
                yield Part(_(key.help), id_, mark=f"{key.key} ", hint=_(NEEDED[id_]))

    # ---- keys ----

    @property
    def _part(self) -> Part:
        """What the cursor is on."""
        lines = self.lines
        return lines.rows[lines.index].part if lines.rows else Part()

    def _show_hint(self) -> None:
        part = self._part
        hint = " ".join(filter(None, (_("Enter leads there.") if isinstance(part.lead, Gap) else "", part.hint)))
        said = wrap(hint, max(self._width - 1, 10))[:_HINT]
        keys = [("Enter", _("open")), *((key.key, _(key.label)) for key in KEYS if self.finding.fires)]
        self.query_one("#finding-foot", Static).update(Content("\n").join(
            [*map(Content, said), *[Content("")] * (_HINT - len(said)), foot(keys, self._width)]))

    @on(LineList.Highlighted)
    def _highlighted(self) -> None:
        self._show_hint()

    def follow(self) -> None:
        if self._part.lead is not None:
            self.end(self._part.lead)

    def action_answer(self, response: str) -> None:
        """What the group says to a finding; there is nothing to say to one that cannot be judged."""
        if self.finding.fires:
            self.end(response)


def _more(count: int) -> str:
    return ngettext("... and {n} more", "... and {n} more", count).format(n=count)
