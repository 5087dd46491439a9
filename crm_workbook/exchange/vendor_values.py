"""What a vendor has written into the cells of one question, as an answer; or why it is none, with the cell.

Nothing is guessed: a number is taken when exactly one stands there, in our unit and our currency. What is more than that
("approx. 5-10k") is proposed as a note, for a person to read.
"""
from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from crm_workbook.analysis import scoring
from crm_workbook.analysis.scoring import EITHER, LARGEST
from crm_workbook.exchange.vendor_file import Cell, Row, short
from crm_workbook.exchange.vendor_sheet import NO_LIMIT, NUMBERS, STATES, YES_NO, in_digits, plain
from crm_workbook.i18n import _
from crm_workbook.records import TEXT_LIMIT
from crm_workbook.records.text import one_line, visible

if TYPE_CHECKING:
    from crm_workbook.catalogue.rows import Question

LONGEST_REFERENCE = 1000
"""Most characters that say where an answer is written."""
SYMBOLS = {"€": "EUR", "£": "GBP", "¥": "JPY", "₽": "RUB", "₴": "UAH", "₸": "KZT", "₺": "TRY", "₹": "INR", "₪": "ILS",
           "₩": "KRW", "zł": "PLN", "Kč": "CZK", "Ft": "HUF", "руб": "RUB", "$": "USD"}
"""How amounts are marked beside the codes of ISO 4217; a dollar may be one of `DOLLARS`."""
DOLLARS = frozenset({"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "ARS", "CLP", "COP"})
_CODES = re.compile(
    r"\b(?:AED|AMD|ARS|AUD|AZN|BAM|BGN|BRL|BYN|CAD|CHF|CLP|CNY|COP|CZK|DKK|EGP|EUR|GBP|GEL|HKD|HUF|IDR|ILS|INR|ISK|JPY|KGS|KRW"
    r"|KZT|MAD|MDL|MKD|MXN|MYR|NOK|NZD|PEN|PHP|PLN|QAR|RON|RSD|RUB|SAR|SEK|SGD|THB|TJS|TND|TRY|TWD|UAH|USD|UZS|VND|ZAR)\b")
_FORMAT = re.compile(r"\[\$([^\]-]*)(?:-[^\]]*)?\]")  # [$€-407] is €, [$-409] only a language
_ONE_NUMBER = re.compile(r"([+-]?)(?:(\d+)|(\d{1,3}(?:([ '’.,])\d{3})(?:\4\d{3})*))(?:(?!\4)[.,](\d+))?")
_ENDLESS = frozenset({NO_LIMIT, "unlimited", "no limits", "without limit", "without a limit", scoring.NO_LIMIT})
"""How people write that a number has no limit; the words of the language in force come on top."""
_LITERAL = re.compile(r'"[^"]*"|\\.')  # what a format only writes beside the number
_SPACES = re.compile(r"[\s\u00a0\u202f]+")


class _Refused(Exception):
    """A sentence with the cell."""


@dataclass(frozen=True, slots=True)
class Written:
    """What stands there. `value`: the id of a choice, digits, or a text; `state`: that of the answer ("" when nothing was
    filled in); `words`: the vendor's own; `where`: where it is written; `place`: of the answer. `problem`: a sentence when it
    cannot be taken as an answer; then `words` hold what was written instead."""

    place: str
    value: str = ""
    state: str = ""
    words: str = ""
    where: str = ""
    problem: str = ""


def written(question: Question, row: Row, currency: str) -> Written:
    """The answer in the cells of one question. `currency`: the one of the project, "" when it is not known."""
    answer, state, where, note = (row.cells.get(name, Cell(None, row.place)) for name in ("answer", "state", "where", "note"))
    place = answer.place or row.place
    try:
        if row.problem:
            raise _Refused(row.problem)
        words, reference = _text(note), one_line(_text(where, LONGEST_REFERENCE))
        chosen = _state(state)
    except _Refused as refusal:
        return Written(place, problem=str(refusal))
    try:
        value = _value(question, answer, currency)
    except _Refused as refusal:
        own = visible(answer.value).strip() if isinstance(answer.value, str) and not answer.formula else ""
        joined = "\n".join(filter(None, (own, words)))
        return Written(place, words=joined if len(joined) <= TEXT_LIMIT else "", where=reference, problem=str(refusal))
    if value and chosen:
        return Written(place, words=words, where=reference, problem=_(
            "{place}: an answer stands here, and {state} in {other}. Only one of the two can be.").format(
                place=place, state=f'"{_(STATES[chosen])}"', other=state.place))
    return Written(place, value, chosen or ("answered" if value else ""), words, reference)


def _value(question: Question, cell: Cell, currency: str) -> str:
    value = _safe(cell)
    if value is None or (isinstance(value, str) and not value.strip()):
        return ""
    if question.open_ended and isinstance(value, str) and _folded(value).rstrip(".") in {*_ENDLESS, _folded(_(NO_LIMIT))}:
        return scoring.NO_LIMIT
    if question.answer_type in NUMBERS:
        return _number(question, cell, currency)
    if question.options or question.answer_type == "yes_no":
        return _choice(question, cell)
    if isinstance(value, bool):
        raise _Refused(_("{place}: expected words, found {found}.").format(place=cell.place, found=_found(value)))
    return one_line(_text(cell))


def _safe(cell: Cell) -> Any:
    """The value of a cell, which is no formula and no failure."""
    if cell.formula:
        raise _Refused(_("{place}: a formula stands here. Only what is typed is read, not what a formula says. Write its "
                         "result instead.").format(place=cell.place))
    if cell.error:
        raise _Refused(_("{place}: {found} stands here: a calculation that failed. Write the answer instead.").format(
            place=cell.place, found=short(cell.value)))
    return cell.value


def _text(cell: Cell, most: int = TEXT_LIMIT) -> str:
    """The words in a cell; days and numbers as words."""
    value = _safe(cell)
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.date().isoformat() if (value.hour, value.minute) == (0, 0) else f"{value:%Y-%m-%d %H:%M}"
    elif isinstance(value, date):
        value = value.isoformat()
    elif isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and abs(value) < LARGEST:
        value = in_digits(value)
    if not isinstance(value, str):
        raise _Refused(_("{place}: expected words, found {found}.").format(place=cell.place, found=_found(value)))
    text = visible(value).strip()
    if len(text) > most:
        raise _Refused(_("{place}: the text has {count} characters; {most} fit in here. Keep the long text in a file and write "
                         "here where it lies.").format(place=cell.place, count=len(text), most=most))
    return text


def _state(cell: Cell) -> str:
    text = _text(cell)
    if not text:
        return ""
    found = _chosen(text, STATES)
    if not found:
        raise _Refused(_("{place}: {found} is none of {choices}.").format(
            place=cell.place, found=f'"{short(text)}"', choices=", ".join(f'"{_(label)}"' for label in STATES.values())))
    return found


def _choice(question: Question, cell: Cell) -> str:
    labels = YES_NO if question.answer_type == "yes_no" else {option.id: plain(option.label) for option in question.options}
    if isinstance(cell.value, bool) and labels is YES_NO:
        return "yes" if cell.value else "no"
    found = _chosen(cell.value, labels) if isinstance(cell.value, str) else ""
    if not found:
        raise _Refused(_("{place}: {found} is none of the choices of this question.").format(
            place=cell.place, found=_found(cell.value)))
    return found


def _chosen(text: str, labels: Mapping[str, str]) -> str:
    """The id whose label this is, in the language in force or in English; "" for none."""
    wanted = _folded(text)
    return next((id_ for id_, label in labels.items() if wanted in (_folded(label), _folded(_(label)), id_)), "")


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


# ---- numbers ----

def _number(question: Question, cell: Cell, currency: str) -> str:
    value, place = cell.value, cell.place
    if isinstance(value, datetime | date):
        raise _Refused(_("{place}: the day {found} stands here, where a number is asked for. Some programs make a day of 5-10."
                         ).format(place=place, found=f"{value:%Y-%m-%d}"))
    if isinstance(value, str):
        if question.answer_type == "money":
            _check_currency(value, place, currency)
        number = _one_number(question, value, place, currency)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        share = "%" in _LITERAL.sub("", cell.shown_as)
        if share and not question.unit.strip().startswith("%"):
            raise _Refused(_("{place}: a share in per cent stands here, asked for is {unit}.").format(
                place=place, unit=plain(question.unit) or _("a number")))
        if question.answer_type == "money":
            _check_currency(_FORMAT.sub(r"\1", cell.shown_as), place, currency)
        number = _exact(value, place, 100 if share else 1)  # 5 % is kept as 0.05
    else:
        raise _Refused(_("{place}: expected a number, found {found}.").format(place=place, found=_found(value)))
    if number < 0 and not _may_be_negative(question):
        raise _Refused(_("{place}: {found} is below zero.").format(place=place, found=in_digits(number)))
    return in_digits(number)


def _exact(value: float, place: str, times: int = 1) -> Decimal:
    number = Decimal(value) * times if math.isfinite(value) and abs(value) < LARGEST else Decimal("inf")
    number = Decimal(format(number, ".12g"))
    if abs(number) >= LARGEST:
        raise _Refused(_("{place}: {found} is no number that can be meant.").format(place=place, found=short(value, 20)))
    return number


def _one_number(question: Question, text: str, place: str, currency: str) -> Decimal:
    """The only number in a text, beside our unit or our currency."""
    rest = _SPACES.sub(" ", text).strip()
    extras = [currency, *(symbol for symbol in SYMBOLS if _is_ours(symbol, currency))]
    if question.answer_type == "number":
        extras = [plain(question.unit), *plain(question.unit).split()[:1]]  # GB per person, GB
    for extra in filter(None, extras):
        if rest.casefold().endswith(extra.casefold()):
            rest = rest[:-len(extra)].strip()
        elif rest.casefold().startswith(extra.casefold()):
            rest = rest[len(extra):].strip()
    if EITHER.fullmatch(rest):
        raise _Refused(_("{place}: {found} can be read in two ways. Write it without a mark between the thousands.").format(
            place=place, found=f'"{short(text)}"'))
    match = _ONE_NUMBER.fullmatch(rest)
    if match is None:
        raise _Refused(_("{place}: {found} is not one number. It can be kept as a note; ask for the number.").format(
            place=place, found=f'"{short(text)}"'))
    sign, whole, grouped, mark, decimals = match.groups()
    return _exact(float(f"{sign}{whole or grouped.replace(mark, '')}.{decimals or 0}"), place)


def _check_currency(text: str, place: str, currency: str) -> None:
    """Every currency that is named must be the one of the project."""
    found = {*_CODES.findall(text.upper()),
             *(currency.upper() if _is_ours(symbol, currency) else code for symbol, code in SYMBOLS.items() if symbol in text)}
    if len(found) > 1:
        raise _Refused(_("{place}: two currencies stand here ({found}). Ask for one amount in {ours}.").format(
            place=place, found=", ".join(sorted(found)), ours=currency or _("one currency")))
    if found and not currency:
        raise _Refused(_("{place}: an amount in {found} stands here. Write the currency of this workbook down first, in the "
                         "chapter Goals.").format(place=place, found=found.pop()))
    if found and found != {currency.upper()}:
        raise _Refused(_("{place}: an amount in {found} stands here; this workbook counts in {ours}. Ask for it in {ours}."
                         ).format(place=place, found=found.pop(), ours=currency))


def _is_ours(symbol: str, currency: str) -> bool:
    ours = currency.strip().upper()
    return SYMBOLS[symbol] == ours or (symbol == "$" and ours in DOLLARS)


def _may_be_negative(question: Question) -> bool:
    return question.answer_type == "number" and min(question.best or 0, question.worst or 0) < 0


def _found(value: Any) -> str:
    """What stands there, in words."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return f'"{short(value)}"'
    if isinstance(value, list | dict):
        return _("a list")
    return short(value)
