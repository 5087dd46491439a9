"""One finding of the radar in full: what is the matter, why, what to do, who does it; and the ways to the records."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from crm_workbook.analysis.finders import Gap
from crm_workbook.analysis.radar import values_of
from crm_workbook.analysis.wording import shown, to_change
from crm_workbook.catalogue.expressions import parse
from crm_workbook.i18n import N_, _, ngettext
from crm_workbook.records import split_code
from crm_workbook.records.radar import FindingResponse
from crm_workbook.screens.actions import register_page
from crm_workbook.screens.frame import SIGNS
from crm_workbook.screens.gaps import gap_text, open_gap, remember
from crm_workbook.widgets.lines import MARK, Column, LineList
from crm_workbook.widgets.plain import wrap

if TYPE_CHECKING:
    from crm_workbook.analysis.facts import View
    from crm_workbook.analysis.radar import Finding
    from crm_workbook.records.book import Book
    from crm_workbook.screens.titles import Titles
    from crm_workbook.screens.workbook import WorkbookScreen

GRAVITY = {"blocker": N_("holds the project up"), "serious": N_("serious"), "warn": N_("a warning"), "info": N_("good to know")}
TRENDS = {"new": N_("new"), "worse": N_("worse"), "same": N_("as before"), "better": N_("better")}
"""How a finding stands beside the kept state."""
ANSWERS = {"act": N_("We do something about it"), "accept": N_("We accept the risk for now"),
           "dismiss": N_("It does not apply to us")}
"""What a group can say to a finding; the keys are the choices of `FindingResponse.response`."""
_KEYS = {"act": "d", "accept": "a", "dismiss": "x"}
_NEEDED = {"act": N_("Write down who does what until when."),
           "accept": N_("This counts with a name, a day and a reason. The warning keeps quiet until that day."),
           "dismiss": N_("This counts with a name, a day and a reason. The warning keeps quiet until that day.")}
_SAID = {"act": N_("{who} does something about it until {day}: {reason}"),
         "accept": N_("{who} accepts the risk until {day}: {reason}"),
         "dismiss": N_("{who} says that it does not apply, until {day}: {reason}")}
MOST = 50
"""Records that are named one by one."""
_HINT = 2  # lines below the list about the line under the cursor

Lead = Gap | str
"""Where a line leads: a place to write, or one of `ANSWERS`."""


def open_finding(screen: WorkbookScreen, finding: Finding) -> None:
    """Shows a finding, and goes where the person wants to."""
    assert screen.view is not None and screen.titles is not None and screen.book is not None

    def go(lead: Lead | None) -> None:
        if isinstance(lead, Gap):
            open_gap(screen, lead, finding.pattern.advice if finding.fires else "")
        elif lead:
            answer(screen, finding, lead)

    screen.app.push_screen(FindingModal(finding, screen.view, screen.book, screen.titles), go)


def answer(screen: WorkbookScreen, finding: Finding, response: str) -> None:
    """Leads into the form of what the group says to a finding: the answer that holds, or a new one with this `response`."""
    given = finding.response
    if given is not None and (given.until is None or not finding.overdue):
        open_gap(screen, Gap(given.code, missing_in(given) or "response"), _("There is an answer already. Change it here."))
        return
    remember(screen)
    screen.open_kind(FindingResponse)
    if (page := register_page(screen)) is not None:
        page.when_ready(lambda: page.add({"pattern": finding.pattern.id, "response": response}))
    screen.say(_(_NEEDED[response]))


def missing_in(response: FindingResponse) -> str:
    """The first field that the answer needs and that is empty; "" when it is complete."""
    fields = response.declared.fields.values()
    return next((field.name for field in fields if field.needed and response[field.index] == field.empty), "")


def response_text(finding: Finding, titles: Titles) -> str:
    """What the group says to a finding, in a sentence; "" when it says nothing yet."""
    response = finding.response
    if response is None:
        return ""
    if missing_in(response):
        return _("The answer {code} is not complete. It needs a name, a day and a few words.").format(code=response.code)
    person = titles.book.get(response.person)
    who = titles.label(person) if person is not None else response.person
    text = _(_SAID[response.response]).format(who=who, day=response.until, reason=titles.shown(
        response.declared.fields["reason"], response.reason))
    return f"{text} {_('(That day has passed.)')}" if finding.overdue else text


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


class FindingLines(LineList):
    """The lines of the dialog. Enter takes effect at once, so that what is typed after it is for the place it leads to."""

    def __init__(self, modal: FindingModal) -> None:
        super().__init__((Column("", 10, 1),), header=False, style_of=lambda row: "-dim" if row.part.look == "-dim" else "")
        self._modal = modal

    async def _on_key(self, event: events.Key) -> None:
        if self._modal.over:
            event.stop()
            event.prevent_default()
            self.app.post_message(events.Key(event.key, event.character))

    def action_select(self) -> None:
        self._modal.follow()


class FindingModal(ModalScreen["Gap | str"]):
    """Ends with where to go: a gap, an answer, or None. The cursor starts on the first thing that mends it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f3,q,й", "dismiss", show=False), Binding("d,в", "answer('act')", show=False),
        Binding("a,ф", "answer('accept')", show=False), Binding("x,ч", "answer('dismiss')", show=False)]

    def __init__(self, finding: Finding, view: View, book: Book, titles: Titles) -> None:
        super().__init__()
        self.finding, self.view, self.book, self.titles = finding, view, book, titles
        self._parts = tuple(self.parts())
        self._width = 0
        self.over = False  # closed by the key before

    def compose(self) -> ComposeResult:
        pattern, fires = self.finding.pattern, self.finding.fires
        with Vertical(classes="dialog"):
            yield Static(f"{SIGNS[self.finding.severity] if fires else '?'} {pattern.name}", classes="heading", markup=False)
            yield FindingLines(self)
            yield Static(id="finding-foot", classes="details", markup=False)

    def on_mount(self) -> None:
        self._fill(min(self.app.size.width * 9 // 10, 100) - 5)  # the edges, their padding, the scroll bar
        self.query_one(LineList).focus()
        self.call_after_refresh(self._fit)

    def on_resize(self) -> None:
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        self._fill(self.query_one(LineList).scrollable_content_region.width)

    def _fill(self, width: int) -> None:
        """Breaks the texts into lines of this width; the cursor stays on its part."""
        if width == self._width:
            return
        self._width = width
        rows = list[Row]()
        for number, part in enumerate(self._parts):
            pad = " " * len(part.mark)
            for index, line in enumerate(wrap(part.text, max(width - MARK - len(pad), 10))):
                rows.append(Row(f"{number} {index}", (pad if index else part.mark) + line, part))
        self.query_one(LineList).set_rows(rows, lambda row: (
            Content.styled(row.text, "bold") if row.part.look == "bold" else row.text,), key=lambda row: row.key)
        self._show_hint()

    # ---- what it says ----

    def parts(self) -> Iterator[Part]:
        """Everything, from the first thing to do on."""
        finding, pattern = self.finding, self.finding.pattern
        gaps = list(dict.fromkeys(finding.gaps)) or [Gap(code) for code in finding.records[:1]]
        for gap in gaps[:3]:
            yield Part(gap_text(self.book, self.titles, gap), gap, mark="→ ")
        if gaps:
            yield Part()
        if finding.fires:
            yield Part(pattern.message)
            yield Part(self._standing(), look="-dim")
            yield from self._section(_("What to do"), [Part(pattern.advice)])
            yield from self._section(_("Why"), list(self._facts()))
            yield from self._section(_("The records"), list(self._records()))
            yield from self._section(_("It goes out when this has changed"), list(self._changes()))
        else:
            yield Part(_("Nobody can tell yet whether this is so:"), look="-dim")
            yield Part(pattern.message)
            yield from self._section(_("What is missing"), list(self._unknown()))
            yield from self._section(_("What is known"), list(self._facts()))
        yield from self._section(_("You said so yourselves"), [Part(f"“{text}”") for text in finding.said])
        yield from self._section(_("Who does it"), list(self._response()))

    @staticmethod
    def _section(title: str, parts: list[Part]) -> list[Part]:
        return [Part(), Part(title, look="bold"), *parts] if parts else []

    def _standing(self) -> str:
        """How grave it is, in which chapter of the work, and how it stands beside the kept state."""
        from crm_workbook.analysis.radar import kept_state

        finding, kept = self.finding, kept_state(self.view)
        trend = f"{_(TRENDS[finding.trend])} ({_('since')} {kept.on})" if kept is not None and finding.trend else ""
        stage = self.view.catalogue.stages[finding.pattern.stage].name
        return " · ".join(filter(None, (_(GRAVITY[finding.severity]), stage, trend)))

    def _facts(self) -> Iterator[Part]:
        """The figures it follows from: first those that would have to change."""
        finding, facts = self.finding, self.view.catalogue.facts
        culprits = finding.culprits
        names = [*culprits, *(name for name in finding.figures if name not in culprits)]
        for name in names:
            figure, guilty = finding.figures[name], name in culprits
            if figure.value is None and not finding.fires:
                continue  # stands under what is missing
            yield Part(f"{facts[name].title}: {shown(facts[name], figure.value)}", figure.gap if guilty else None,
                       mark="✗ " if guilty and finding.fires else "  ", hint=facts[name].meaning)

    def _records(self) -> Iterator[Part]:
        """The records to look at; each is opened at the field that its figure is about."""
        fields: dict[str, str | None] = {}
        for name in self.finding.culprits:
            figure = self.finding.figures[name]
            about = figure.gap if figure.gap is not None and figure.gap.code and figure.gap.field else None
            for code in figure.records:
                same = about is not None and split_code(about.code or "")[0] is split_code(code)[0]
                fields[code] = fields.get(code) or (about.field if about is not None and same else None)
        for code in list(fields)[:MOST]:
            yield Part(self.titles.named(code), Gap(code, fields[code]), mark="→ ")
        if len(fields) > MOST:
            yield Part(ngettext("... and {n} more", "... and {n} more", len(fields) - MOST).format(n=len(fields) - MOST),
                       look="-dim")

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
            yield Part(response_text(finding, self.titles), Gap(given.code, missing_in(given) or "response"), mark="→ ")
        elif finding.fires:
            yield Part(_("Nobody yet."))
        if finding.fires:
            for id_, text in ANSWERS.items():
                yield Part(_(text), id_, mark=f"{_KEYS[id_]} ", hint=_(_NEEDED[id_]))

    # ---- keys ----

    def _show_hint(self) -> None:
        lines = self.query_one(LineList)
        part = lines.rows[lines.index].part if lines.rows else Part()
        hint = " ".join(filter(None, (_("Enter leads there.") if isinstance(part.lead, Gap) else "", part.hint)))
        said = wrap(hint, max(self._width - 1, 10))[:_HINT]
        keys = _("d we act  a accept  x not ours  Esc back") if self.finding.fires else _("Enter open  Esc back")
        self.query_one("#finding-foot", Static).update("\n".join([*said, *[""] * (_HINT - len(said)), keys]))

    @on(LineList.Highlighted)
    def _highlighted(self) -> None:
        self._show_hint()

    def on_key(self, event: events.Key) -> None:
        """Enter that was quicker than the list."""
        if event.key == "enter":
            event.stop()
            self.follow()

    def follow(self) -> None:
        """Goes where the line under the cursor leads."""
        lines = self.query_one(LineList)
        self._end(lines.rows[lines.index].part.lead if lines.rows else None)

    def action_answer(self, response: str) -> None:
        """What the group says to a finding; there is nothing to say to one that cannot be judged."""
        if self.finding.fires:
            self._end(response)

    def _end(self, lead: Lead | None) -> None:
        if lead is not None and not self.over:
            self.over = True
            self.dismiss(lead)
