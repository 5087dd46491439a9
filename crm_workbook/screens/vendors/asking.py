"""The words of the question sheet: what is read aloud, how the answer stands, what it raises and what it opens."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content

from crm_workbook.analysis import interview, replies, scoring
from crm_workbook.analysis.interview import Asked
from crm_workbook.i18n import N_, _, ngettext
from crm_workbook.records.vendors import ANSWER_MARKS, Answer
from crm_workbook.screens.frame import SIGNS
from crm_workbook.widgets.plain import fit, wrap

if TYPE_CHECKING:
    from crm_workbook.analysis.facts import View
    from crm_workbook.catalogue.rows import Question

LABEL = 10
"""Cells for the words at the left of a line."""
WORDS = {"open": N_("open"), "begun": N_("begun"), "answered": N_("answered"), "skipped": N_("not for this vendor"),
         "waits": N_("open")}
"""Short words for the states that no key sets."""
KEYS = (("d", "dont_know", N_("the vendor does not know")), ("x", "not_applicable", N_("does not apply")),
        ("l", "later", N_("later")))
"""The states that a key sets instead of an answer: key, state, in a word or two."""
KEEP = "k"
"""The key that makes what was typed part of the vendor's words."""
SHORT = {"dont_know": N_("does not know"), "not_applicable": N_("does not apply"), "later": N_("later"), "begun": N_("begun"),
         "skipped": "-", "waits": "", "open": ""}
"""How a question stands, in a column."""


class Block:
    """Lines of text with a label at the left and a hanging indent."""

    def __init__(self, width: int) -> None:
        self.width, self.parts = width, list[Content]()

    def add(self, label: str, text: str, style: str = "", indent: int = LABEL) -> None:
        """A paragraph."""
        for number, line in enumerate(wrap(text, max(self.width - indent, 20))):
            self.parts.append(Content.assemble((f"{label if not number else '':<{indent}}", "bold"), (line, style)))

    def flow(self, label: str, parts: Sequence[Content], indent: int = LABEL) -> None:
        """Short parts side by side, on as many lines as they need; a part is wrapped where it is too long for a line."""
        width, lines = max(self.width - indent, 20), list[Content]()
        for part in parts:
            if lines and cell_len(lines[-1].plain) + 2 + cell_len(part.plain) <= width:
                lines[-1] = Content("  ").join((lines[-1], part))
            else:
                lines += part.wrap(width)
        for number, line in enumerate(lines):
            self.parts.append(Content.assemble((f"{label if not number else '':<{indent}}", "bold"), line))

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
            block.add("↳ ", _("Because of the answer “{answer}”").format(answer=replies.said(above, answer)), "dim", 2)
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


def outcome(view: View, item: Asked, answer: Answer, width: int, *, grading: bool, writing: bool) -> Content:
    """How the answer stands, how sure we are, what it raises and what it opens. `grading`: it is asked how sure we are;
    `writing`: letters are text."""
    question, block = item.question, Block(width)
    state = replies.noted_as(question, answer) or (item.state if item.state in ("skipped", "waits") else "open")
    unread = question.answer_type == "number" and bool(answer.value.strip()) and not replies.readable(question, answer)
    if not answer.value and answer.state in ("", "later") and (how := replies.how_to_answer(question)):
        block.add(_("Answer"), how)
    block.flow(_("State"), _states(state))
    block.flow(_("How sure"), _levels(view, answer) if grading else _evidence(view, answer, state))
    if question.answer_type == "text":
        block.flow(_("Worth"), _marks(answer))
    for warned in interview.warned(view, answer):
        grave = warned.flag.severity in ("blocker", "serious")
        block.add(SIGNS[warned.flag.severity], warned.flag.message, "bold" if grave else "", 3)
        for sentence in warned.because:
            block.add("", sentence, "", 3)
    for sentence in interview.unjudged(view, answer):
        block.add("?", sentence, "", 3)
    if unread:
        block.add("", _("Type one number. Or press {key}: then it stands in the vendor's words.").format(
            key=_("Esc and {key}").format(key=KEEP) if writing else KEEP), "", 3)
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


def _key(key: str, word: str, here: bool) -> Content:
    return Content.assemble((key, "bold"), " ", (f"▸{word}◂" if here else word, "bold" if here else "dim"))


def _states(state: str) -> list[Content]:
    shown = WORDS.get("answered" if state == "unsure" else state)
    marked = [Content.styled(f"▸{_(shown)}◂", "bold")] if shown else []
    return marked + [_key(key, _(word), id_ == state) for key, id_, word in KEYS]


def _evidence(view: View, answer: Answer, state: str) -> list[Content]:
    level = view.catalogue.evidence_levels.get(answer.evidence)
    words = level.name if level is not None else _("Not chosen yet: press e.")
    days = interview.age(view, answer)
    if days is not None:
        words = f"{level.name}, " if level is not None else ""
        words += ngettext("{n} day old.", "{n} days old.", days).format(n=days)
    return [Content.assemble(("e", "bold"), " ", words), _key("s", _("we are not sure"), state == "unsure")]


def levels(view: View) -> list[str]:
    """The levels of how sure one can be, by the digit that notes them: from 1."""
    return [id_ for id_, row in view.catalogue.evidence_levels.items() if row.factor]


def _levels(view: View, answer: Answer) -> list[Content]:
    rows = view.catalogue.evidence_levels
    found = [_key(str(number), rows[id_].name, id_ == answer.evidence) for number, id_ in enumerate(levels(view), 1)]
    return [*found, *([Content(rows[answer.evidence].about)] if answer.evidence in rows else [])]


def _marks(answer: Answer) -> list[Content]:
    return [Content.styled("m", "bold"), *(Content.styled(f"▸{_(word)}◂" if id_ == answer.mark else _(word),
                                                         "bold" if id_ == answer.mark else "dim")
                                          for id_, word in ANSWER_MARKS.items())]


def _costs(view: View, question: Question, answer: Answer) -> Iterator[str]:
    if question.answer_type == "money":
        yield _("Note here what was said. The amount itself goes to the costs.")
    opened = interview.opened_cost(view, answer)
    if opened is None:
        return
    kind = view.catalogue.cost_buckets[opened.bucket].name
    if opened.settled:
        yield _("Cost: {kind}. It stands in {line}.").format(kind=kind, line=opened.line)
    elif opened.line:
        yield _("Cost: {kind}. {line} has no amount yet: press c.").format(kind=kind, line=opened.line)
    else:
        yield _("Opens a cost: {kind}. Press c to enter it.").format(kind=kind)


def glossary(view: View, question: Question, width: int) -> Content:
    """The technical words that occur in the question, explained."""
    section = view.catalogue.question_sections[question.section].name
    texts = (question.text, question.why, question.help, question.good, question.worrying,
             *(text for _id, text in replies.options(question)), section)
    block = Block(width)
    for number, term in enumerate(interview.terms_in(view.catalogue, *texts)):
        block.add("" if number else _("Words"), f"{term.name}: {term.text}", "dim")
    return block.content


def in_column(view: View, item: Asked) -> str:
    """How a question stands, in a cell: the sign of its flag, then the answer or the state."""
    sign = SIGNS.get(interview.gravest(view, item.answer), "")
    if item.answer is None or item.state not in ("answered", "unsure"):
        words = _(SHORT[item.state]) if SHORT.get(item.state) else ""
        if item.state == "begun" and item.answer is not None and item.answer.value.strip():
            words = f"{words}: {replies.said(item.question, item.answer)}"
    else:
        words = replies.said(item.question, item.answer) or _("answered")
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


def head(view: View, vendor: str, name: str, item: Asked, room: int, *, closing: bool, more: bool) -> Content:
    """Whose answer it is, how far one is, where in the list. `more`: there is more to read below."""
    group = next(tally for tally in interview.tallies(view, vendor) if tally.group == item.group)
    section = view.catalogue.question_sections[item.question.section].name
    own = [other.question.id for other in interview.interview(view, vendor) if other.group == item.group and (
        other.question.core or item.group != interview.FIRST)]
    at = _("follow-up question")
    if item.question.id in own:
        at = _("question {n} of {m}").format(n=own.index(item.question.id) + 1, m=len(own))
    where = _("End of the first call") if closing else " · ".join(dict.fromkeys((group.name, at, section)))
    far = _("{done} of {all} done").format(done=group.done, all=group.wanted)
    if group.follow_ups:
        far += ngettext(", {n} more opened", ", {n} more opened", group.follow_ups).format(n=group.follow_ups)
    return Content("\n").join((_ends(name, far, room), _ends(where, _("PgDn: more") if more else "", room)))


def _ends(left: str, right: str, room: int) -> Content:
    left = fit(left, max(room - cell_len(right) - 1, 1)) if cell_len(left) + cell_len(right) >= room else left
    return Content(f"{left}{' ' * max(room - cell_len(left) - cell_len(right), 1)}{right}")


def writing_keys(field: str, empty: bool) -> Sequence[tuple[str, str]]:
    """What keys do while somebody types, when letters are text."""
    if field == "value":
        return (("Enter", _("done")), *((("← →", _("question")),) if empty else ()), ("Tab", _("their words")),
                ("PgDn", _("read on")), ("Esc", _("other keys")))
    return ("Tab", _("next field")), ("F1", _("help")), ("Esc", _("back to the keys"))


def key_line(keys: Sequence[tuple[str, str]]) -> Content:
    """The last line."""
    return Content("  ").join(Content.assemble((key, "bold"), f" {word}") for key, word in keys)
