"""The words of the question sheet: what is read aloud, how the answer stands, what it raises and what it opens."""
from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from textual.content import Content

from crm_workbook.analysis import interview, scoring
from crm_workbook.analysis.interview import Asked
from crm_workbook.i18n import N_, _, ngettext
from crm_workbook.records.vendors import ANSWER_MARKS, Answer
from crm_workbook.screens.frame import SIGNS
from crm_workbook.widgets.plain import wrap

if TYPE_CHECKING:
    from crm_workbook.analysis.facts import View
    from crm_workbook.catalogue.rows import Question

LABEL = 10
"""Cells for the words at the left of a line."""
WORDS = {"open": N_("open"), "begun": N_("begun"), "answered": N_("answered"), "skipped": N_("not for this vendor"),
         "waits": N_("open")}
"""Short words for the states that no key sets."""
KEYS = (("s", "unsure", N_("not sure")), ("d", "dont_know", N_("does not know")), ("x", "not_applicable", N_("does not apply")),
        ("l", "later", N_("later")))
"""The states that a key sets: key, state, in a word or two."""
SHORT = {"dont_know": N_("does not know"), "not_applicable": N_("does not apply"), "later": N_("later"), "begun": N_("begun"),
         "skipped": "-", "waits": "", "open": ""}
"""How a question stands, in a column."""


class Block:
    """Lines of text with a label at the left and a hanging indent."""

    def __init__(self, width: int) -> None:
        self.width, self.parts = width, list[Content]()

    def add(self, label: str, text: str | Content, style: str = "", indent: int = LABEL) -> None:
        """A paragraph. A `Content` stands on one line."""
        if isinstance(text, Content):
            self.parts.append(Content.assemble((f"{label:<{indent}}", "bold"), text))
            return
        for number, line in enumerate(wrap(text, max(self.width - indent, 20))):
            self.parts.append(Content.assemble((f"{label if not number else '':<{indent}}", "bold"), (line, style)))

    def space(self) -> None:
        """An empty line."""
        self.parts.append(Content(""))

    @property
    def content(self) -> Content:
        """All of it."""
        return Content("\n").join(self.parts)


def spoken(view: View, item: Asked, vendor: str, width: int, *, roomy: bool) -> Content:
    """The question as it is read aloud, why it is asked, and what a good answer sounds like."""
    question, block = item.question, Block(width)
    questions = view.catalogue.questions
    if item.under:
        above, answer = questions[item.under], scoring.answers(view, vendor).get(item.under)
        if answer is not None and answer.value:
            block.add("↳ ", _("Because of the answer “{answer}”").format(answer=interview.said(above, answer)), "dim", 2)
    block.add("", question.text, "bold", 0)
    if roomy:
        block.space()
    if question.answered_by == "us":
        block.add(_("Who"), _("We find this out ourselves, the vendor only shows it."))
    block.add(_("Why"), question.why)
    if question.help:
        block.add(_("Help"), question.help)
    block.add(_("Good"), question.good)
    block.add(_("Worrying"), question.worrying)
    return block.content


def outcome(view: View, item: Asked, answer: Answer, width: int) -> Content:
    """How the answer stands, how sure we are, what it raises and what it opens."""
    question, block = item.question, Block(width)
    state = answer.state or (item.state if item.state in WORDS and not answer.value else "begun" if answer.value else "open")
    if not answer.value and answer.state in ("", "later") and not interview.options(question):
        block.add(_("Answer"), _("Type the number, it appears below ({unit}).").format(unit=question.unit)
                  if question.answer_type == "number" else _("Press Enter and write it below."))
    block.add(_("State"), _states(state))
    block.add(_("How sure"), _evidence(view, answer))
    if question.answer_type == "text":
        block.add(_("Worth"), _marks(answer))
    for warned in interview.warned(view, answer):
        grave = warned.flag.severity in ("blocker", "serious")
        block.add(SIGNS[warned.flag.severity], warned.flag.message, "bold" if grave else "", 3)
        for sentence in warned.because:
            block.add("", sentence, "", 3)
    for sentence in interview.unjudged(view, answer):
        block.add("?", sentence, "", 3)
    if answer.state in ("", "later") and item.state in ("waits", "skipped"):
        block.add("?", interview.waits_for(view, answer.vendor, question), "", 3)
    for sentence in _costs(view, question, answer):
        block.add("+", sentence, "", 3)
    opened = interview.opened_by(view, answer)
    if opened:
        words = ngettext("This opens {n} more question. It comes next.", "This opens {n} more questions. They come next.",
                         len(opened))
        block.add("↳", words.format(n=len(opened)), "", 3)
    return block.content


def _states(state: str) -> Content:
    marked = [] if state in (id_ for _key, id_, _word in KEYS) else [Content.styled(f"▸{_(WORDS[state])}◂", "bold")]
    for key, id_, word in KEYS:
        here = id_ == state
        marked.append(Content.assemble((key, "bold"), " ", (f"▸{_(word)}◂" if here else _(word), "bold" if here else "dim")))
    return Content("  ").join(marked)


def _evidence(view: View, answer: Answer) -> Content:
    levels = view.catalogue.evidence_levels
    steps = [(f"▸{id_}◂", "bold") if id_ == answer.evidence else (f" {id_} ", "dim")
             for id_, row in levels.items() if row.factor]
    level = levels.get(answer.evidence)
    words = f"{level.name}. {level.about}" if level is not None else _("Nobody has said it yet.")
    days = interview.age(view, answer)
    if days is not None:
        words = f"{level.name}, " if level is not None else ""
        words += ngettext("{n} day old.", "{n} days old.", days).format(n=days)
    return Content.assemble(("e", "bold"), " ", *steps, f" {words}")


def _marks(answer: Answer) -> Content:
    return Content.assemble(("m", "bold"), " ", *(
        (f"▸{_(word)}◂ " if id_ == answer.mark else f" {_(word)}  ", "bold" if id_ == answer.mark else "dim")
        for id_, word in ANSWER_MARKS.items()))


def _costs(view: View, question: Question, answer: Answer) -> Iterator[str]:
    if question.answer_type == "money":
        yield _("Note here what was said. The amount itself goes to the costs.")
    opened = interview.opened_cost(view, answer)
    if opened is None:
        return
    if opened.settled:
        yield _("Cost: {kind}. It stands in {line}.").format(kind=opened.bucket.name, line=opened.line)
    elif opened.line:
        yield _("Cost: {kind}. {line} has no amount yet: press c.").format(kind=opened.bucket.name, line=opened.line)
    else:
        yield _("Opens a cost: {kind}. Press c to enter it.").format(kind=opened.bucket.name)


def glossary(view: View, question: Question, width: int) -> Content:
    """The technical words that occur in the question, explained."""
    section = view.catalogue.question_sections[question.section].name
    texts = (question.text, question.why, question.help, question.good, question.worrying,
             *(text for _id, text in interview.options(question)), section)
    block = Block(width)
    for number, term in enumerate(interview.terms_in(view.catalogue, *texts)):
        block.add("" if number else _("Words"), f"{term.name}: {term.text}", "dim")
    return block.content


def in_column(view: View, item: Asked) -> str:
    """How a question stands, in a cell: the sign of its flag, then the answer or the state."""
    sign = SIGNS.get(interview.gravest(view, item.answer), "")
    if item.answer is None or item.state not in ("answered", "unsure"):
        words = _(SHORT.get(item.state, item.state)) if SHORT.get(item.state, item.state) else ""
    else:
        words = interview.said(item.question, item.answer) or _("answered")
        words = f"~ {words}" if item.state == "unsure" else words
    return f"{sign:<2} {words}".rstrip()


def closing(view: View, vendor: str, name: str, width: int) -> Content:
    """What is said at the end of the first call."""
    block, first = Block(width), interview.tallies(view, vendor)[0]
    block.add("", _("This was the first call with {vendor}.").format(vendor=name), "bold", 0)
    block.space()
    block.add("", _("{n} of {m} questions are done.").format(n=first.done, m=first.wanted), "", 0)
    block.space()
    for number, sentence in enumerate(interview.afterwards(view, vendor), 1):
        block.add(f"{number}", sentence, "", 3)
    block.space()
    block.add("", _("Enter or → goes on with the other questions. Esc ends here; everything is saved."), "dim", 0)
    return block.content


def writing_keys() -> Content:
    """The last line while somebody types, when letters are text."""
    keys = (("Tab", _("next field")), ("F1", _("help")), ("Esc", _("back to the keys")))
    return Content("  ").join(Content.assemble((key, "bold"), f" {word}") for key, word in keys)
