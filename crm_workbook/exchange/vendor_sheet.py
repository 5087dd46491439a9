"""The question sheet that a vendor fills in by itself: what stands in it, and its TOML form. The spreadsheet is `vendor_xlsx`.

The vendor sees each question and why it is asked, never what we hope to hear: no good or worrying answers, no flags, no
scores, and the choices in the order of the alphabet, because the catalogue lists them from the best to the worst. The file
knows where it belongs: the company, the vendor, the catalogue, and a fingerprint of each question's words, so that a reply is
never taken for an answer to something else.
"""
from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

import tomli_w

from crm_workbook.analysis import scoring
from crm_workbook.analysis.facts.view import View
from crm_workbook.catalogue.conditions import parse_condition
from crm_workbook.exchange.full import comment
from crm_workbook.i18n import N_, _
from crm_workbook.records.goals import Project
from crm_workbook.records.text import one_line, visible
from crm_workbook.records.vendors import Answer, Vendor

if TYPE_CHECKING:
    from crm_workbook.catalogue.rows import Question

FORMAT = 1
"""Version of the layout of the file."""
PROGRAM = "crm-workbook"
LONGEST_NAME = 200
"""Characters of a name that are kept in the file; a property of a spreadsheet holds 255."""
NUMBERS = ("number", "money")
"""The types of answers that are one number."""
YES_NO = {"yes": N_("Yes"), "partly": N_("In part"), "no": N_("No"), scoring.UNKNOWN: N_("No clear answer")}
STATES = {"dont_know": N_("We do not know"), "not_applicable": N_("Does not apply"), "later": N_("Will be answered later")}
"""What a vendor can say instead of an answer, by the state that the answer gets here."""
NO_LIMIT = N_("no limit")
"""How the answer `scoring.NO_LIMIT` is written."""
COLUMNS = {"number": N_("No."), "question": N_("Question"), "why": N_("Why we ask"), "answer": N_("Your answer"),
           "unit": N_("Unit or kind"), "state": N_("Instead of an answer"), "where": N_("Where it is written"),
           "note": N_("In your words")}
"""The columns of the spreadsheet; those that the vendor fills in have the same names in the TOML file (`FILLED`)."""
FILLED = ("answer", "state", "where", "note")
FIRST_CALL = N_("First of all")
_EXPECTED = {"yes_no": N_("choose"), "single_choice": N_("choose"), "number": N_("a number"), "money": N_("an amount"),
             "text": N_("in words"), "evidence": N_("proof: what, from when")}
SEVERAL = N_("One number only. Where there are several amounts (once, each month), write the regular one here and all of them "
             "under: In your words.")
ONE_NUMBER = N_("One number only, without a unit. Write everything else under: In your words.")
ONE_NUMBER_OR = N_("One number only, without a unit, or: {words}. Write everything else under: In your words.")
GUIDE = (
    N_("This file holds our questions to you. Please fill it in and send it back."),
    N_("Answer what you can. For the rest, choose what stands instead of an answer, or leave it empty; we will ask again."),
    N_("Where an answer has choices, take the one that comes nearest, and say more under: In your words."),
    N_("Where a number is asked for, write one number without a unit and without words. If it depends, explain it under: In "
       "your words."),
    N_("Where it is written: the page of your offer, a clause of the contract, a public page. It saves us from asking again."),
    N_("Please leave the questions and the rest of the file as they are. Formulas and macros are not read."))
_HEADER = N_("Questions to {vendor}{company}, {day}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One question as the vendor sees it. `unit`: what is expected, in a few words; `only_if`: a sentence, or "". `answer` and
    `state` are filled in already when what was noted before is handed out too."""

    question: Question
    number: int
    unit: str
    only_if: str
    answer: str | Decimal = ""
    state: str = ""

    @property
    def why(self) -> str:
        """Why it is asked, and under which condition."""
        return f"{plain(self.question.why)} {self.only_if}".strip()


@dataclass(frozen=True, slots=True)
class Part:
    """A group of questions with its title."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything in the file. `identity` says where it belongs (`identity_of`), `fingerprints` are those of its questions."""

    title: str
    currency: str
    parts: tuple[Part, ...]
    identity: Mapping[str, str]
    fingerprints: Mapping[str, str] = field(default_factory=dict)

    @property
    def entries(self) -> Iterator[Entry]:
        """All questions in their order."""
        return (entry for part in self.parts for entry in part.entries)


def sheet_of(view: View, vendor: str, *, noted: bool = False) -> Sheet:
    """The questions to a vendor that concern it, or may concern it. `noted`: with the answers that were noted already, so that
    they are confirmed in writing. KeyError when there is no such vendor."""
    row = view.find(Vendor, vendor)
    if row is None:
        raise KeyError(vendor)
    catalogue, project = view.catalogue, view.only(Project)
    asked = [question for question in catalogue.questions.values()
             if question.answered_by == "vendor" and scoring.applies(view, vendor, question) is not False]
    sections = sorted(catalogue.question_sections.values(), key=lambda section: section.order)
    groups = [(_(FIRST_CALL), [question for question in asked if question.core])]
    groups += [(section.name, [question for question in asked if question.section == section.id and not question.core])
               for section in sections]  # their introductions are written for the group
    order = [question for _title, questions in groups for question in questions]
    numbers = {question.id: number for number, question in enumerate(order, 1)}
    given = scoring.answers(view, vendor) if noted else {}

    def entry(question: Question) -> Entry:
        return Entry(question, numbers[question.id], unit_of(question, project.currency), _only_if(view, question, numbers),
                     *_filled(question, given.get(question.id)))
    title = _(_HEADER).format(vendor=plain(row.name) or row.code, company=_from(project.company), day=view.today.isoformat())
    return Sheet(title, project.currency, tuple(Part(plain(title), tuple(map(entry, questions)))
                                                for title, questions in groups if questions),
                 identity_of(view, row), {question.id: fingerprint(question) for question in order})


def identity_of(view: View, vendor: Vendor) -> dict[str, str]:
    """Where a file belongs: `format`, `catalogue` (id), `version` (of the catalogue), `company`, `project` (fingerprint of the
    company's name, "" without one), `vendor` (code), `vendor_name`, `made_on`."""
    company = _name(view.only(Project).company)
    return {"format": str(FORMAT), "catalogue": view.catalogue.id, "version": view.catalogue.version,
            "company": company, "project": project_print(company), "vendor": vendor.code, "vendor_name": _name(vendor.name),
            "made_on": view.today.isoformat()}


def project_print(company: str) -> str:
    """The fingerprint of a workbook: that of the company's name; "" while it has none."""
    return _print(_name(company).casefold()) if company.strip() else ""


def fingerprint(question: Question) -> str:
    """Of what an answer depends on: the words of the question, the type, the unit and the choices. 16 hex digits of SHA-256."""
    return _print([question.text, question.answer_type, question.unit,
                   sorted((option.id, option.label) for option in question.options)])


def choices_of(question: Question) -> dict[str, str]:
    """The answers to choose from, id -> label, as a vendor sees them; empty where there is nothing to choose. The answer "no
    clear answer" is not among them: there are other ways to say it (`STATES`)."""
    if question.answer_type == "yes_no":
        return {id_: _(label) for id_, label in YES_NO.items() if id_ != scoring.UNKNOWN}
    return dict(sorted(((option.id, plain(option.label)) for option in question.options if option.id != scoring.UNKNOWN),
                       key=lambda choice: choice[1].casefold()))


def unit_of(question: Question, currency: str) -> str:
    """What is expected of an answer, in a few words: "an amount, EUR, per hour", "a number, GB; or: no limit"."""
    money = currency if question.answer_type == "money" else ""
    expected = ", ".join(filter(None, (_(_EXPECTED[question.answer_type]), plain(money), plain(question.unit))))
    return _("{expected}; or: {words}").format(expected=expected, words=_(NO_LIMIT)) if question.open_ended else expected


def hint_of(question: Question) -> str:
    """What to mind when a number is written; "" where none is asked for."""
    if question.answer_type not in NUMBERS:
        return ""
    if question.open_ended:
        return _(ONE_NUMBER_OR).format(words=_(NO_LIMIT))
    return _(SEVERAL) if question.answer_type == "money" and "+" in question.unit else _(ONE_NUMBER)


def plain(text: str) -> str:
    """A text of the catalogue or the records on one line, without anything that could fool a reader."""
    return one_line(visible(text)).strip()


def in_digits(number: float | Decimal) -> str:
    """A number as it is stored in an answer: at most twelve digits that count, a point, no exponent; never one that can be read
    in two ways (`scoring.EITHER`: 1.125 is written 1.1250)."""
    text = format(Decimal(format(number, ".12g")), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{text}0" if scoring.EITHER.fullmatch(text) else text


def _only_if(view: View, question: Question, numbers: Mapping[str, int]) -> str:
    """The condition that hangs on another answer of the same sheet, in words."""
    if not question.applies_when:
        return ""
    condition = parse_condition(question.applies_when)
    other = view.catalogue.questions.get(condition.subject) if condition.about == "answer" else None
    if other is None or other.id not in numbers:
        return ""
    labels = choices_of(other)
    return _("Only if your answer to question {n} is: {choices}.").format(
        n=numbers[other.id], choices=_(" or ").join(labels.get(value, value) for value in condition.values))


def _filled(question: Question, answer: Answer | None) -> tuple[str | Decimal, str]:
    """What was noted before, and the state. Notes and references stay with the group: they are not written for the vendor."""
    given, labels = scoring.reply(answer), choices_of(question)
    state = _(STATES.get(answer.state, "")) if answer is not None else ""
    if scoring.unlimited(question, answer):
        return _(NO_LIMIT), state
    number = scoring.number(answer) if question.answer_type in NUMBERS else None
    if number is not None:
        return Decimal(in_digits(number)), state
    return "" if given == scoring.UNKNOWN else labels.get(given, "") if labels else given, state


def _from(company: str) -> str:
    return _(" from {company}").format(company=plain(company)) if company.strip() else ""


def _name(text: str) -> str:
    return plain(text)[:LONGEST_NAME]


def _print(value: object) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()[:16]


# ---- as TOML ----

def write_toml(view: View, vendor: str, *, noted: bool = False) -> str:
    """The sheet as a TOML text that people can fill in with any editor. KeyError when there is no such vendor."""
    return "".join(_chunks(sheet_of(view, vendor, noted=noted)))


def _chunks(sheet: Sheet) -> Iterator[str]:
    yield comment(sheet.title + "\n")
    yield comment("\n".join(map(_, GUIDE)) + "\n")
    yield comment(_("Write between the quotation marks, or a number without them. state is what stands instead of an answer: "
                    "{states}.").format(states=", ".join(f'"{_(state)}"' for state in STATES.values())))
    yield "\n" + comment(_("Where this file belongs. Please leave it as it is."))
    yield "[sheet]\n" + tomli_w.dumps(sheet.identity)
    for part in sheet.parts:
        yield "\n\n" + comment("-" * 98 + f"\n{part.title}")
        for entry in part.entries:
            yield "\n" + comment("\n".join(_above(entry))) + f"[answers.{_key(entry.question.id)}]\n"
            yield tomli_w.dumps({"question": plain(entry.question.text), **_values(entry)})
    yield "\n\n" + comment(_("By these we see that a question is still the one that we asked. Please leave them as they are."))
    yield "[fingerprints]\n" + tomli_w.dumps(sheet.fingerprints)


def _above(entry: Entry) -> Iterator[str]:
    """What stands above a question: its number, why it is asked, and what is expected."""
    yield f"{entry.number}. {entry.why}"
    if choices := choices_of(entry.question):
        yield _("Choose one of:")
        yield from (f'   "{label}"' for label in choices.values())
    else:
        yield f"{entry.unit}. {hint_of(entry.question)}".strip()


def _values(entry: Entry) -> dict[str, str | int | float]:
    """The keys that are filled in."""
    answer: str | int | float | Decimal = entry.answer
    if isinstance(answer, Decimal):
        answer = int(answer) if answer == answer.to_integral_value() else float(answer)
    return {name: "" for name in FILLED} | {"answer": answer, "state": entry.state}


def _key(id_: str) -> str:
    """An id as a key of TOML; that of an overlay has a dot in it."""
    return f'"{id_}"' if "." in id_ else id_
