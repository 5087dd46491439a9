"""An answer to a question: what can be answered, whether what stands there is an answer, and how it is said in words."""
from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crm_workbook.analysis import scoring
from crm_workbook.i18n import N_, _
from crm_workbook.records.vendors import YES_PARTLY_NO, Answer

if TYPE_CHECKING:
    from crm_workbook.catalogue.rows import Question

HEARD = frozenset({"answered", "unsure"})
"""States in which there is an answer, where a value stands that can be read."""


# ---- is it an answer? ----

def noted_as(question: Question, answer: Answer | None) -> str:
    """The state that an answer has by itself, stored or not; "" while nothing was written. What was ticked as answered and has
    no value, or none that can be read, is begun."""
    if answer is None:
        return ""
    if answer.state and (answer.state not in HEARD or readable(question, answer)):
        return answer.state
    return "begun" if answer.state or answer.value.strip() or answer.note.strip() else ""


def readable(question: Question, answer: Answer) -> bool:
    """Does a value stand there, and is it one that the question takes? A number is one number, within `bounds`."""
    text = answer.value.strip()
    if question.answer_type != "number" or not text or text == scoring.UNKNOWN:
        return bool(text)
    heard = answer.with_value("state", "answered")
    given, (low, high) = scoring.number(heard), bounds(question)
    return scoring.unlimited(question, heard) or (given is not None and low <= given <= (given if high is None else high))


def bounds(question: Question) -> tuple[float, float | None]:
    """The least and the largest number that can be an answer. A share of something is 100 % at most."""
    low = min(end for end in (question.best, question.worst, 0.0) if end is not None)
    return low, 100.0 if question.unit.startswith("%") and " per " not in question.unit else None


# ---- what can be answered ----

def options(question: Question) -> tuple[tuple[str, str], ...]:
    """(id, text) of the answers to choose from; empty for questions that are answered by writing."""
    if question.answer_type == "yes_no":
        return tuple((id_, _(text)) for id_, text in YES_PARTLY_NO.items())
    return tuple((option.id, option.label) for option in question.options)


def instead(question: Question) -> tuple[tuple[str, str], ...]:
    """(id, text) of what may be answered to a number question instead of a number."""
    return ((scoring.NO_LIMIT, _("no limit")),) if question.open_ended else ()


def means(question: Question, text: str) -> str:
    """The id of the answer that these words are, where a number was asked for; "" for any other words."""
    plain = " ".join(text.replace("-", " ").casefold().split())
    return next((id_ for id_, words in instead(question) if plain in (words.casefold(), "no limit", "no limits", "unlimited",
                                                                       "without limit")), "")


def label(question: Question, id_: str) -> str:
    """The text of an answer that is chosen; any other text as it is."""
    return dict((*options(question), *instead(question))).get(id_, id_)


def said(question: Question, answer: Answer) -> str:
    """What was answered, in words and with its unit; "" while nothing was."""
    text = answer.value.strip()
    if question.unit and question.answer_type == "number" and text and _bare(text):
        return f"{text} {unit_of(question.unit, scoring.number(answer.with_value('state', 'answered')))}"
    return label(question, text)


ONE = {"days": "day", "hours": "hour", "letters": "letter", "months": "month", "people": "person", "years": "year"}
"""Units of the catalogue for one of them."""


def unit_of(unit: str, number: float | None) -> str:
    """The unit behind this number: "1 hour", "2 hours"."""
    first, space, rest = unit.partition(" ")
    return f"{ONE.get(first, first)}{space}{rest}" if number == 1 else unit


PAID = {"one-off": N_("what is paid once"), "per month": N_("what is paid each month"),
        "per year": N_("what is paid each year"), "per hour": N_("what an hour costs"),
        "per person and month": N_("what each person costs a month")}
"""What is asked for with the units of money of the catalogue."""


def how_to_answer(question: Question) -> str:
    """What to write as the answer, a sentence; "" where one chooses."""
    if options(question):
        return ""
    if question.answer_type == "number":
        words = "".join(_(", or “{words}”").format(words=text) for _id, text in instead(question))
        return _("One number ({unit}){or_words}. Whatever else they say goes into their words, below it.").format(
            unit=question.unit, or_words=words)
    parts = [_(PAID[part]) if part in PAID else part for part in question.unit.split(" + ") if part]
    return _("Write {what}, as it was said.").format(what=_(" and ").join(parts)) if parts else _("Write it as it was said.")


def _bare(text: str) -> bool:
    return not any(sign.isalpha() or sign == "%" for sign in text)


# ---- numbers ----

def short_unit(question: Question) -> str:
    """The unit without what it is counted for: "Mbit/s" of "Mbit/s per 10 people"."""
    return re.split(r" per | of | \(", question.unit)[0] if question.answer_type == "number" else ""


def figure(value: float) -> str:
    """A number as people read it: at most two decimal places, thousands apart."""
    return f"{value:,.2f}".rstrip("0").rstrip(".").replace(",", " ")
