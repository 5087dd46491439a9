"""What the sheet of a question shows: the question, the answers to choose from, what follows from the answer, and the form."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from crm_workbook.analysis import interview, replies, scoring
from crm_workbook.analysis.interview import Asked
from crm_workbook.i18n import _
from crm_workbook.records import Value
from crm_workbook.records.values import edit_text
from crm_workbook.records.vendors import Answer, Vendor
from crm_workbook.screens.dialogs import Dialog, DialogKey, DialogLines, foot
from crm_workbook.screens.frame import SIGNS, HintBar
from crm_workbook.screens.vendors import asking
from crm_workbook.screens.vendors.asking_form import AnswerForm, AnswerPen, SlipTitles, slip_kind
from crm_workbook.widgets.columns import Column
from crm_workbook.widgets.drafts import Drafts
from crm_workbook.widgets.lines import LineList

if TYPE_CHECKING:
    from crm_workbook.screens.workbook import WorkbookScreen

Act = Callable[[], None]
"""What is to be done on the screen below when the sheet has gone."""
Moved = Callable[[str, str], None]
"""Told the vendor and the question one has come to."""
ROOMY = 30
"""Lines of a window from which on there is room for empty ones."""


class Outcome(Static):
    """What follows from an answer. It tells when it has another height."""

    def __init__(self, grown: Act) -> None:
        super().__init__(id="outcome", markup=False)
        self._grown = grown

    def on_resize(self) -> None:
        """It has been laid out."""
        self._grown()


class QuestionPaper(Dialog["Act | None"]):
    """One question to one vendor, as it is read. `QuestionWalk` adds how one goes on, `QuestionSheet` how the answer is noted.

    What is set by keys lies in `keyed`, what is typed in the form; `answer` is both together, drawn before it is stored.
    """

    KEYS: ClassVar[tuple[DialogKey, ...]] = ()
    AUTO_FOCUS = ""
    SHOWN: ClassVar[tuple[str, ...]] = ()
    """Those of the keys that stand in the last line; the others stand beside what they change."""

    def __init__(self, frame: WorkbookScreen, vendor: str, question: str, *, moved: Moved | None = None,
                 said: str = "") -> None:
        super().__init__(frame)
        self.vendor, self.question, self.said = vendor, question, said
        self._moved_to = moved
        self.beside = False
        """Whether all vendors are shown side by side."""
        self.closing = False
        """Whether the first call has just come to its end."""
        self.picking = False
        """Whether the arrows have gone to an answer that is not noted yet."""
        self.grading = False
        """Whether it is asked how sure we are: digits answer that."""
        self.revealing = False
        """Whether what follows from the answer is to be seen, rather than the beginning."""
        self.stored: Answer | None = None
        self.keyed = Drafts(Answer(vendor=vendor, question=question), {})
        self.under_way: dict[tuple[str, str], tuple[AnswerPen, Answer]] = {}
        """What was noted to other questions and is not in the Book yet."""
        self.collision = ""
        """That somebody else was faster just now; it goes before what else there is to say."""
        self._drawn: dict[str, Content] = {}
        self._raised = set[tuple[str, Value]]()  # conflicts that were shown already

    # ---- what it is made of ----

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog -full"):
            yield Static(classes="sheet-head", markup=False)
            with VerticalScroll(classes="dialog-body", can_focus=False):
                yield Static(id="spoken", markup=False)
                yield self.make_lines()
                yield Outcome(self.reveal)
                yield Static(id="glossary", markup=False)
            self.titles_of_form = SlipTitles(self.titles, self.item.question)
            yield AnswerForm(slip_kind(self.item.question), titles=self.titles_of_form, today=self.frame.today,
                             pen=self.make_pen(), caught=self.caught)
            yield Static(classes="sheet-keys", markup=False)

    def make_lines(self) -> DialogLines:
        """Its list: the answers to choose from, or the vendors."""
        lines = DialogLines(self, self.columns(), self.style_of)
        lines.can_focus, lines.always_active = False, True  # the sheet takes all keys, in their order
        return lines

    def on_mount(self) -> None:
        body, keys = self.query_one(".dialog-body"), self.query_one(".sheet-keys")
        body.styles.padding = 0, 1
        body.styles.height, keys.styles.dock = "auto", "bottom"
        self.form.help_line.display = False
        self.watch(body, "scroll_y", self.show_head, init=False)
        self.watch(body, "virtual_size", self.show_head, init=False)
        self.watch(self.frame.query_one(HintBar), "sentence", self.overheard, init=False)
        if self.frame.session is not None:
            self.frame.session.warm()
        self.load(self.vendor, self.question)

    @property
    def form(self) -> AnswerForm:
        """Where one types."""
        return self.query_one(AnswerForm)

    @property
    def room(self) -> int:
        """Cells of a line, without the edges."""
        return self.app.size.width - 4

    @property
    def row(self) -> Any:
        """The line under the cursor, or None."""
        lines = self.lines
        return lines.rows[lines.index] if lines.rows else None

    def on_resize(self) -> None:
        if self.is_mounted and self.query(AnswerForm):
            self.show()

    @property
    def writing(self) -> bool:
        """Is somebody typing?"""
        return self.form.open

    @property
    def items(self) -> tuple[Asked, ...]:
        """All questions to this vendor, in order."""
        return interview.interview(self.view, self.vendor)

    @property
    def item(self) -> Asked:
        """The question as it is stored."""
        return next((item for item in self.items if item.question.id == self.question), self.items[0])

    @property
    def answer(self) -> Answer:
        """The answer with everything noted and typed in it."""
        row = self.keyed.row()
        assert isinstance(row, Answer)
        typed = self.form.row
        for name in typed.declared.fields:
            value = typed.get(name)
            if name == "value" and (loose := self.form.drafts.unfinished.get(name)):
                value = replies.means(self.item.question, loose) or loose
            if name != "value" or isinstance(value, str):
                row = row.with_value(name, value)
            elif scoring.number(row.with_value("state", "answered")) != value:
                row = row.with_value(name, edit_text(typed.declared.fields[name], value))
        return row

    # ---- drawing ----

    def columns(self) -> Sequence[Column]:
        """Those of the answers, or of the vendors."""
        if self.beside:
            return (Column("", min=1), Column(_("Vendor"), min=14, weight=1), Column(_("Answer"), min=26, weight=2),
                    Column(_("How sure"), min=15))
        return (Column("", min=1), Column("", min=3), Column("", min=20, weight=1))

    def rows(self) -> Sequence[Any]:
        """(id, text, number) of each answer to choose from, or the vendors."""
        if self.beside:
            return interview.vendors(self.view)
        question = self.item.question
        return () if self.closing else (
            *((id_, text, str(number)) for number, (id_, text) in enumerate(replies.options(question), 1)),
            *((id_, text, "") for id_, text in replies.instead(question)))

    def key(self, row: Any) -> str:
        """What tells a line from the others."""
        return row.code if isinstance(row, Vendor) else str(row[0])

    def cells(self, row: Any) -> Sequence[str]:
        """The texts of a line."""
        if not isinstance(row, Vendor):
            id_, text, number = row
            return "" if self.grading else number, "(•)" if id_ == self.answer.value else "( )", text
        answer = scoring.answers(self.view, row.code).get(self.question)
        state = interview.state(self.view, row.code, self.item.question)
        level = self.view.catalogue.evidence_levels.get(answer.evidence) if answer is not None else None
        words = asking.in_column(self.view, Asked(self.item.question, "", state, answer))[3:]
        name = f"{row.name} ({_('out')})" if row.state == "out" else row.name
        return (SIGNS.get(interview.gravest(self.view, answer), ""), name, words or _(interview.STATES[state]),
                level.name if level is not None else "")

    def style_of(self, row: Any) -> str:
        """Vendors that are out stay visible."""
        return "-dim" if isinstance(row, Vendor) and row.state == "out" else ""

    def head(self) -> Content:
        """Whose answer it is, how far one is, where in the list; that there is more to read below."""
        row, body = self.view.find(Vendor, self.vendor), self.query_one(".dialog-body", VerticalScroll)
        name = self.titles.label(row) if row is not None else self.vendor
        name = f"{name} ({_('out')})" if row is not None and row.state == "out" else name
        more = body.scroll_y < body.max_scroll_y
        return asking.head(self.view, self.vendor, name, self.item, self.room, closing=self.closing, more=more)

    def keys(self) -> Sequence[tuple[str, str]]:
        """The keys that do something now, and what; as many as there is room for."""
        if self.writing:
            typing = list(asking.writing_keys(self.form.field.name, not self.form.line.value))
            while cell_len(asking.key_line(typing).plain) > self.room and len(typing) > 2:
                del typing[-2]  # Esc stays
            return typing
        if self.closing:
            return (("Enter", _("go on")), ("←", _("question")))
        if self.grading:
            return ((f"1-{len(asking.levels(self.view))}", _("how sure")), ("Enter", _("done")))
        count = len(replies.options(self.item.question))
        enter = ("Enter", _("choose") if self.picking or self.beside else _("go on") if self.answer.state else _("write"))
        if count and enter[1] == _("write"):
            enter = f"1-{count}", _("answer")
        opened = None if self.beside else interview.opened_cost(self.view, self.answer)
        cost = [("c", _("cost"))] if opened is not None and not opened.settled and self.answer.state else []
        found = [enter, ("← →", _("question")), *cost,
                 *((key.key, _(key.label)) for key in self.KEYS if key.key in self.SHOWN)]
        while cell_len(foot(found, 0).plain) > self.room and len(found) > 3:
            found.pop()
        return found

    def show(self) -> None:
        lines, view, roomy = self.lines, self.view, self.app.size.height >= ROOMY
        columns = tuple(self.columns())
        if columns != lines.columns:
            lines.set_columns(columns)
        rows = self.rows()
        lines.set_rows(rows, self.cells, key=self.key)
        lines.display = bool(rows)
        lines.styles.height = max(len(rows), 1)
        lines.styles.margin = self.query_one("#glossary").styles.margin = (1, 0) if roomy else (0, 0)
        self.form.display = not self.closing and not self.beside
        self._size_form()
        self.show_head()
        vendor = view.find(Vendor, self.vendor)
        self._write("#spoken", asking.closing(view, self.vendor, vendor.name if vendor is not None else "", self.room)
                    if self.closing else asking.spoken(view, self.item, self.vendor, self.room, roomy=roomy))
        self._write("#glossary", Content("") if self.closing or self.beside else asking.glossary(
            view, self.item.question, self.room))
        self.show_outcome()

    def _size_form(self) -> None:
        fields = len(self.form.fields)
        room = fields + (2 if self.form.field.name == "value" else 6)  # its two lines of help; a box grows
        height = min(room, self.app.size.height // 2) if self.writing else fields
        self.form.styles.height = height
        left = self.app.size.height - 3 - (height if self.form.display else 0)
        self.query_one(".dialog-body").styles.max_height = max(left, 4)

    def reveal(self) -> None:
        """Scrolls to the end of what follows from the answer, where not all of it is in the window."""
        if self.over or not self.revealing or not self.query(Outcome):
            return
        body, outcome = self.query_one(".dialog-body", VerticalScroll), self.query_one(Outcome).virtual_region
        if outcome.height:
            body.scroll_to(y=min(max(outcome.bottom - body.size.height, 0), outcome.y), animate=False)

    def show_head(self) -> None:
        """Draws the heading."""
        if self.query(AnswerForm):
            self._write(".sheet-head", self.head())

    def show_outcome(self) -> None:
        """Draws what follows from the answer, and the keys."""
        if not self.query(AnswerForm):
            return
        self._size_form()
        words = self.collision or self.said
        said = [Content.styled(f"{words}\n", "bold reverse")] if words else []
        if not self.closing and not self.beside:
            said.append(asking.outcome(self.view, self.item, self.answer, self.room, grading=self.grading,
                                       writing=self.writing))
        self._write("#outcome", Content("").join(said))
        self._write(".sheet-keys", asking.key_line(self.keys()) if self.writing else foot(self.keys(), self.room))

    def _write(self, place: str, content: Content) -> None:
        """Draws a part again if it has changed: each one drawn lays the whole screen out."""
        before = self._drawn.get(place)
        if before is None or not before.is_same(content):
            self._drawn[place] = content
            self.query_one(place, Static).update(content)

    def say(self, sentence: str) -> None:
        """What a key did, or why it did nothing; it is scrolled into sight."""
        self.said, self.revealing = sentence, True
        self.show_outcome()
        self.call_after_refresh(self.reveal)

    @on(LineList.Highlighted)
    def _moved(self, message: LineList.Highlighted) -> None:
        message.stop()

    # ---- by `QuestionWalk` and `QuestionSheet` ----

    def make_pen(self) -> AnswerPen:
        """What the form writes with."""
        raise NotImplementedError

    def load(self, vendor: str, question: str) -> None:
        """Shows another question, or the same one of another vendor."""
        raise NotImplementedError

    def caught(self, key: str) -> bool:
        """Takes a key while somebody writes."""
        raise NotImplementedError

    def overheard(self, sentence: str) -> None:
        """The workbook says something while the sheet lies over it."""
        raise NotImplementedError
