"""The promise ledger: what a vendor said and the choice rests on, as words for the contract, with a test, a tester and a day;
and the list of what belongs in the contract. Nothing here is guessed: what nobody tried is neither kept nor broken."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from crm_workbook.analysis import scoring
from crm_workbook.analysis.facts.view import View, shared
from crm_workbook.i18n import N_, _
from crm_workbook.records.edits import Change, Create, Edit
from crm_workbook.records.phases import Phase
from crm_workbook.records.text import one_line
from crm_workbook.records.vendors import Answer, Commitment, ContractPoint

if TYPE_CHECKING:
    from crm_workbook.catalogue.rows import ContractItem

State = Literal["kept", "broken", "overdue", "waiting", "draft"]
STATES: dict[State, str] = {"broken": N_("broken"), "overdue": N_("overdue"), "draft": N_("draft"), "waiting": N_("waiting"),
                            "kept": N_("kept")}
"""How an entry can stand, in words; what asks for something comes first."""
WHOLE = ("clause", "test", "tester")
"""What an entry needs before anybody can hold the vendor to it; the day may follow from the first go-live."""
CONTRACT = "3"
"""The evidence level of what stands in the contract."""
SURE = frozenset({CONTRACT, "4"})
"""Evidence levels of what stands in the contract or was seen by our own people. What was only said or written binds nobody."""
DECIDING = 5
"""The importance of a question that decides by itself."""
PROMISED = frozenset({"yes_no", "single_choice", "number", "text", "evidence"})
"""Types of questions whose answers somebody can try. A price is a line of the costs, and no test shows it."""
YES_NO = {"yes": N_("yes"), "partly": N_("in part"), "no": N_("no")}


# ---- how an entry stands ----

@shared
def first_live(view: View) -> date | None:
    """The day on which the first phase goes into daily use; None while no phase has one."""
    return min((row.go_live for row in view.rows(Phase) if row.go_live is not None), default=None)


def due_day(entry: Commitment, view: View) -> date | None:
    """The day by which it has to be tried: its own, otherwise the first go-live."""
    return entry.due or first_live(view)


def missing(entry: Commitment, view: View) -> tuple[str, ...]:
    """The names of the fields without which it is only a draft."""
    fields = (*WHOLE, *(() if due_day(entry, view) else ("due",)))
    return tuple([name for name in fields if entry.get(name) in ("", None)])


def tried(entry: Commitment, view: View) -> bool:
    """Is it known how it came out? What shall be tested on a later day is not."""
    return entry.outcome in ("kept", "broken") and (entry.tested_on is None or entry.tested_on <= view.today)


def state(entry: Commitment, view: View) -> State:
    """How an entry stands today. What was tried is kept or broken, whatever else is missing; what nobody could try yet is a
    draft; the rest is overdue after its day (`due_day`), and waiting until then."""
    if tried(entry, view):
        return "kept" if entry.outcome == "kept" else "broken"
    day = due_day(entry, view)
    if missing(entry, view) or day is None:
        return "draft"
    return "overdue" if day < view.today else "waiting"


def entries(view: View, vendor: str) -> tuple[Commitment, ...]:
    """The entries of a vendor: what asks for something first (`STATES`), then by day."""
    order = list(STATES)
    return tuple(sorted(view.where(Commitment, "vendor", vendor), key=lambda row: (
        order.index(state(row, view)), due_day(row, view) or date.max, row.number)))


def tally(view: View, vendor: str) -> dict[State, int]:
    """How many entries of a vendor stand how."""
    found = [state(row, view) for row in view.where(Commitment, "vendor", vendor)]
    return {name: found.count(name) for name in STATES}


def judged(entry: Commitment, outcome: str, on: date) -> list[Edit]:
    """The edits that note how the test came out on a day; "" takes outcome and day back."""
    wanted = {"outcome": outcome, "tested_on": on if outcome else None}
    return [Change(entry.code, name, entry.get(name), value) for name, value in wanted.items() if entry.get(name) != value]


# ---- from answers to entries ----

def rests_on(view: View, answer: Answer) -> bool:
    """Does the decision that holds name this answer?"""
    made = scoring.decision(view)
    return made is not None and answer.code in made.answers


def promised(view: View, answer: Answer) -> bool:
    """Is it something a vendor can keep or break? Not a price, nor that there is no limit to something."""
    question = view.catalogue.questions.get(answer.question)
    return question is not None and question.answer_type in PROMISED and not scoring.unlimited(question, answer)


def proposals(view: View, vendor: str) -> tuple[Answer, ...]:
    """Answers of a vendor that ought to become entries and have none: those that the decision names, then those to questions
    that decide by themselves (a knock-out, or importance `DECIDING`) where nobody has made sure of it (`SURE`). An answer
    that is worth nothing is no promise, nor is one that nobody can try (`promised`)."""
    taken = {row.answer for row in view.where(Commitment, "vendor", vendor)}
    made, questions = scoring.decision(view), view.catalogue.questions
    given = {row.code: row for row in scoring.answers(view, vendor).values() if row.code not in taken and promised(view, row)}
    named = [given.pop(code) for code in (made.answers if made is not None else ()) if code in given]

    def weak(answer: Answer) -> bool:
        question = questions.get(answer.question)
        return (question is not None and (question.knockout or question.importance == DECIDING)
                and scoring.applies(view, vendor, question) is not False and bool(scoring.answered(answer))
                and scoring.value_of(view, answer) != 0 and answer.evidence not in SURE)

    order = {id_: place for place, id_ in enumerate(questions)}
    return (*named, *sorted(filter(weak, given.values()), key=lambda row: order[row.question]))


def in_words(view: View, answer: Answer) -> str:
    """An answer as one reads it aloud: the label of the option, yes or no, a number with its unit."""
    question, given = view.catalogue.questions.get(answer.question), scoring.reply(answer)
    if question is None or not given:
        return given
    if question.answer_type == "yes_no":
        return _(YES_NO[given]) if given in YES_NO else given
    if scoring.unlimited(question, answer):
        return _("no limit")
    label = next((option.label for option in question.options if option.id == given), "")
    return label or (f"{given} {question.unit}".strip() if question.answer_type == "number" else given)


def taken_over(view: View, answer: Answer) -> Create:
    """The edit that makes an entry of an answer: its clause is proposed from the question and the answer, the test, the tester
    and the day are for people to say."""
    question = view.catalogue.questions.get(answer.question)
    asked, said = question.text if question is not None else answer.question, in_words(view, answer)
    clause = _("To the question “{question}” the vendor answers: {answer}. This answer is part of the contract.").format(
        question=asked, answer=said)
    words = {"vendor": answer.vendor, "title": promise(view, answer), "answer": answer.code, "clause": clause,
             "clause_at": answer.reference if answer.evidence == CONTRACT else ""}
    return Create(Commitment, {name: value for name, value in words.items() if value})


def promise(view: View, answer: Answer) -> str:
    """What was promised, in one line: the answer. A number, a yes or a word says nothing alone: the beginning of the question
    stands behind it, in quotes."""
    question, said = view.catalogue.questions.get(answer.question), one_line(in_words(view, answer))
    if question is None or question.answer_type == "text" or (
            question.answer_type == "single_choice" and len(said.split()) >= ENOUGH):
        return short(said, TITLE)
    return _("{answer}: “{question}”").format(answer=said[:1].upper() + said[1:], question=short(question.text, ASKED))


def short(text: str, most: int) -> str:
    """The text, or its beginning up to a whole word with "..."."""
    return text if len(text) <= most else f"{text[:most - 3].rsplit(' ', 1)[0].rstrip(' ,;:.')} ..."


TITLE, ASKED = 160, 70
"""Characters of a proposed title at most, and of the question in it."""
ENOUGH = 3
"""Words of an option that say what is promised without the question."""


# ---- the contract ----

@dataclass(frozen=True, slots=True)
class Clause:
    """One point of the contract list, and what was written about it for a vendor (None: nothing yet)."""

    item: ContractItem
    point: ContractPoint | None

    @property
    def state(self) -> str:
        """"open", "agreed" or "not_needed"; what nobody has said is open."""
        return self.point.state or "open" if self.point is not None else "open"


def contract(view: View, vendor: str) -> tuple[Clause, ...]:
    """The whole list of what belongs in a contract, as it stands with a vendor; of two records the later one counts."""
    points = {row.item: row for row in view.where(ContractPoint, "vendor", vendor)}
    return tuple(Clause(item, points.get(item.id)) for item in view.catalogue.contract_items.values())


def marked(clause: Clause, vendor: str, new: str) -> list[Edit]:
    """The edit that notes how a point of the contract stands; none when it stands so already."""
    if clause.point is None:
        return [Create(ContractPoint, {"vendor": vendor, "item": clause.item.id, "state": new})]
    return [Change(clause.point.code, "state", clause.point.state, new)] if clause.point.state != new else []


def still_open(clauses: Sequence[Clause]) -> Iterator[Clause]:
    """The points that are neither in the contract nor found needless."""
    return (clause for clause in clauses if clause.state == "open")
