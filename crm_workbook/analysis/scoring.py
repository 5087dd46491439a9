"""How well a vendor fits: the marks of the requirements, the answers to the questions, and what rules a vendor out.

Pure functions over a View, remembered for each vendor. There is no grand total: fit, score, coverage and knock-outs stand side
by side. What nobody has marked or answered is never counted as bad: it lowers the coverage, or the result is not known.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, wraps
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from crm_workbook.analysis.facts.parts import counted
from crm_workbook.analysis.facts.view import Figure, Value, View, shared
from crm_workbook.records.requirements import Requirement
from crm_workbook.records.team import Office
from crm_workbook.records.vendors import Answer, Choice, Fit, VendorPromise

if TYPE_CHECKING:
    from crm_workbook.catalogue.conditions import Condition
    from crm_workbook.catalogue.rows import Flag, Question

T = TypeVar("T")

WEIGHTS = {"must": 5, "should": 3, "later": 1, "gadget": 0}
"""What a requirement of each priority counts."""
MARKS = {"works": 1.0, "extra": 0.7, "partly": 0.5, "promised": 0.1, "no": 0.0}
"""How far a requirement is met with each mark of a `Fit`."""
MET = 0.7
"""A must below this is a gap."""
YES_NO = {"yes": 1.0, "partly": 0.5, "no": 0.0, "unknown": 0.0}
"""Values of the answers to a yes/no question; all of them are worded so that yes is good."""
TEXTS = {"good": 1.0, "fair": 0.5, "bad": 0.0}
"""Values of the answers in words, by the mark that the group gives them."""
EITHER = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")
"""A number whose mark may stand before the decimals or between the thousands."""
LARGEST = 1e15
"""From here on a number is a slip of the pen; nobody has so many of anything."""
UNKNOWN = "unknown"
"""The answer "no clear answer". It counts as unanswered."""
NO_LIMIT = "no-limit"
"""The answer "no limit" to a number question that is `open_ended`: worth as much as the best number, below no limit. It is no
`number`."""
WORD = "1"
"""Evidence of an answer for which nobody noted how sure we are: we heard it."""
OURSELVES = frozenset({"own-server", "desktop-server"})
"""Answers to `host-model` with which the system runs on our own premises."""


@dataclass(frozen=True, slots=True)
class OfVendor(Generic[T]):
    """A function of a View and a vendor's code, as a function of a View. Equal ones are remembered as one."""

    function: Callable[[View, str], T]
    vendor: str

    def __call__(self, view: View) -> T:
        """The result for this vendor."""
        return self.function(view, self.vendor)


def of_vendor(function: Callable[[View, str], T]) -> Callable[[View, str], T]:
    """Like `shared`, for a function of a View and a vendor's code: worked out once for each vendor."""
    @wraps(function)
    def ask(view: View, vendor: str) -> T:
        return view.once(OfVendor(function, vendor))
    return ask


@shared
def decision(view: View) -> Choice | None:
    """The decision that holds: the latest one that names a vendor; one without a day is taken as made today."""
    rows = [row for row in view.rows(Choice) if row.vendor and (row.on or view.today) <= view.today]
    return max(rows, key=lambda row: (row.on or view.today, row.number), default=None)


# ---- requirements ----

@dataclass(frozen=True, slots=True)
class RequirementFit:
    """How far a vendor meets what was accepted. `value` (0 to 1) and `coverage` (share of the weight that is marked) are None
    where there is nothing to divide by. `must_gaps` and `must_open`: codes of the musts that are not met, and of those without
    a mark; `undecided`: of what is not met and may become an accepted must, because its state or priority is not written."""

    value: float | None
    coverage: float | None
    must_gaps: tuple[str, ...]
    must_open: tuple[str, ...]
    undecided: tuple[str, ...]


class _Wanted(NamedTuple):
    """The accepted requirements as the fit sees them, by their codes: what each one counts, and all together. `musts`: the
    codes of the musts; `doubtful`: of what may become an accepted must, because its state or priority is not written yet."""

    weights: Mapping[str, int]
    weight: int
    musts: tuple[str, ...]
    doubtful: tuple[str, ...]


@shared
def _wanted(view: View) -> _Wanted:
    fields = Requirement.declared.fields
    title, state, priority = (fields[name].index for name in ("title", "state", "priority"))
    rows, prefix = view.rows(Requirement), Requirement.declared.prefix
    accepted = {f"{prefix}{row[0]}": row[priority] for row in rows if row[state] == "accepted" and row[priority]}
    weights = {code: WEIGHTS[name] for code, name in accepted.items()}
    return _Wanted(weights, sum(weights.values()), tuple([code for code, name in accepted.items() if name == "must"]),
                   tuple([row.code for row in rows if not (row[state] and row[priority]) and row[title]
                          and row[state] in ("accepted", "") and row[priority] in ("must", "")]))


@of_vendor
def fit(view: View, vendor: str) -> RequirementFit:
    """`sum(weight x mark) / sum(weight)` over the accepted requirements that are marked (`WEIGHTS`, `MARKS`).

    A requirement without a mark is left out and lowers the coverage. Of two marks for one requirement the later one counts.
    """
    wanted, requirement, mark = _wanted(view), Fit.declared.fields["requirement"].index, Fit.declared.fields["mark"].index
    marks = {row[requirement]: MARKS[row[mark]] for row in view.part(Fit, "vendor", vendor) if row[mark]}
    marked, reached = 0, 0.0
    for code, met in marks.items():
        if weight := wanted.weights.get(code):
            marked += weight
            reached += weight * met
    return RequirementFit(reached / marked if marked else None, marked / wanted.weight if wanted.weight else None,
                          tuple([code for code in wanted.musts if marks.get(code, MET) < MET]),
                          tuple([code for code in wanted.musts if code not in marks]),
                          tuple([code for code in wanted.doubtful if marks.get(code, 0.0) < MET]))


# ---- answers ----

@of_vendor
def answers(view: View, vendor: str) -> Mapping[str, Answer]:
    """The vendor's answers by the id of the question; of two answers to the same question the later one."""
    return {row.question: row for row in view.part(Answer, "vendor", vendor)}


def reply(answer: Answer | None) -> str:
    """What was answered: an id, a number or a text; `UNKNOWN` without a clear answer; "" when nothing was answered."""
    if answer is None or answer.state in ("later", "not_applicable"):
        return ""
    return UNKNOWN if answer.state == "dont_know" else answer.value.strip()


def answered(answer: Answer | None) -> bool | None:
    """Is there an answer, sure or unsure? None while a value stands there and nobody said what it is worth (no state)."""
    if answer is None or reply(answer) in ("", UNKNOWN):
        return False
    return True if answer.state else None


def unlimited(question: Question | None, answer: Answer | None) -> bool:
    """Was "no limit" answered to a question that allows it?"""
    return question is not None and question.open_ended and reply(answer) == NO_LIMIT


def number(answer: Answer | None) -> float | None:
    """The number that was answered, also with a decimal comma and a unit behind it; None when it is not one number for sure
    ("10,000" is ten or ten thousand: `EITHER`; `NO_LIMIT` is none), or one that cannot be meant (`LARGEST`)."""
    text = "".join(reply(answer).split())
    if text.isascii() and text.isdecimal():  # so are most
        return found if (found := float(text)) < LARGEST else None
    end = next((place for place, sign in enumerate(text) if sign not in "+-.,'’0123456789"), len(text))
    digits, rest = text[:end].replace("'", "").replace("’", ""), text[end:]
    if any(sign.isdigit() for sign in rest) or EITHER.fullmatch(digits):
        return None
    if "," in digits and "." in digits:  # the one further right is the decimal mark
        digits = digits.replace("," if digits.rindex(".") > digits.rindex(",") else ".", "")
    try:
        found = float(digits.replace(",", "."))
    except ValueError:
        return None
    return found if abs(found) < LARGEST else None


def applies(view: View, vendor: str, question: Question) -> bool | None:
    """Does the question concern this vendor? None while its condition cannot be judged."""
    return concerns(view, vendor, question, answers(view, vendor).get(question.id))


def concerns(view: View, vendor: str, question: Question, answer: Answer | None) -> bool | None:
    """As `applies`, with an answer to it that need not be stored."""
    if answer is not None and answer.state == "not_applicable":
        return False
    return holds(view, vendor, question.applies_when)


def value_of(view: View, answer: Answer) -> float | None:
    """The value of an answer, 0 (bad) to 1 (good). None when it has none: money, a text without a mark, and what cannot be read
    or dated.

    yes_no: `YES_NO`; single_choice: that of the option; number: `clamp((x - worst) / (best - worst), 0, 1)`, 1 for `NO_LIMIT`
    where that is an answer; evidence: 1, or 0 when it is too old; text: the mark that the group gave it (`TEXTS`).
    """
    question = view.catalogue.questions.get(answer.question)
    return _value(view, question, answer) if question is not None and answered(answer) else None


def _value(view: View, question: Question, answer: Answer) -> float | None:
    given = reply(answer)
    if question.answer_type == "yes_no":
        return YES_NO.get(given)
    if question.answer_type == "single_choice":
        return next((option.value for option in question.options if option.id == given), None)
    if question.answer_type == "number":
        if unlimited(question, answer):
            return 1.0
        read, best, worst = number(answer), question.best, question.worst
        if read is None or best is None or worst is None or best == worst:
            return None
        return min(max((read - worst) / (best - worst), 0.0), 1.0)
    if question.answer_type == "text":
        return TEXTS.get(answer.mark)
    if question.answer_type == "evidence":
        old = [raised(view, answer, flag) for flag in question.flags if flag.op == "age_gt"]
        return 0.0 if True in old else None if None in old else 1.0
    return None


def factor(view: View, answer: Answer) -> float:
    """What an answer counts for the way we know it, 0 to 1 (`evidence_level` of the catalogue)."""
    levels = view.catalogue.evidence_levels
    return levels[answer.evidence if answer.evidence in levels else WORD].factor


@dataclass(frozen=True, slots=True)
class Score:
    """What the answers of a vendor are worth (`value`), and how much was answered at all (`coverage`), 0 to 1 each; None where
    nothing applies. A low value with a low coverage means "ask", not "bad"."""

    value: float | None
    coverage: float | None


class Judged(NamedTuple):
    """A question that surely applies to a vendor: the answer to it (None while it is open) with its `value_of` and `factor`.
    The value of an open question is 0; None: it is not scored, or what was answered has no value."""

    question: Question
    answer: Answer | None
    value: float | None
    factor: float


@of_vendor
def judged(view: View, vendor: str) -> tuple[Judged, ...]:
    """All questions that surely apply to a vendor, in the order of the catalogue."""
    given, found = answers(view, vendor), list[Judged]()
    for question in view.catalogue.questions.values():
        answer = given.get(question.id)
        if not concerns(view, vendor, question, answer):
            continue
        if answer is None or not answered(answer):
            found.append(Judged(question, None, 0.0 if question.scored else None, 0.0))
        else:
            found.append(Judged(question, answer, _value(view, question, answer) if question.scored else None,
                                factor(view, answer)))
    return tuple(found)


@of_vendor
def scores(view: View, vendor: str) -> Mapping[str, Score]:
    """The score of each section of questions by its id, and of all of them under "".

    Over the questions that surely apply, with their importance `i`: value `sum(i x v x e) / sum(i)` of the scored ones, `v`
    from `value_of`, `e` from `factor`, an open question counts 0; coverage `sum(i of answered) / sum(i)`. An answer that has
    no value (see there) is left out of the first.
    """
    sums: dict[str, list[float]] = {}
    for question, answer, value, sure in judged(view, vendor):
        weight = question.importance
        for section in ("", question.section):
            tally = sums.setdefault(section, [0, 0, 0, 0])
            tally[0] += weight
            tally[1] += 0 if answer is None else weight
            if value is not None:
                tally[2] += weight
                tally[3] += weight * value * sure
    return {section: Score(reached / scored if scored else None, done / asked)
            for section, (asked, done, scored, reached) in sums.items()}


# ---- conditions and flags ----

def holds(view: View, vendor: str, text: str) -> bool | None:
    """Does a condition of the catalogue hold for this vendor? An empty one does; None while it cannot be judged."""
    if not text:
        return True
    condition = _condition(text)
    if condition.about == "answer":
        other = answers(view, vendor).get(condition.subject)
        given = reply(other)
        if given in ("", UNKNOWN) and given not in condition.values:
            return False if other is not None and other.state == "not_applicable" else None
        return given in condition.values
    if condition.about == "must_have":
        return condition.subject in _must_functions(view)
    if condition.about == "promise":
        return any(row.promise == condition.subject for row in view.part(VendorPromise, "vendor", vendor))
    expression = condition.expression
    assert expression is not None, text
    found = expression.value({name: _known(view, vendor, name) for name in expression.names})
    return None if found is None else bool(found)


@cache
def _condition(text: str) -> Condition:
    from crm_workbook.catalogue.conditions import parse_condition

    return parse_condition(text)


@shared
def _must_functions(view: View) -> frozenset[str]:
    """The functions that an accepted must names."""
    fields = Requirement.declared.fields
    state, priority, functions = (fields[name].index for name in ("state", "priority", "functions"))
    return frozenset(function for row in view.rows(Requirement) if row[priority] == "must" and row[state] == "accepted"
                     for function in row[functions])


def _known(view: View, vendor: str, name: str) -> Value:
    """A param or a fact; the facts that follow from the answers of the chosen vendor, for the vendor in question."""
    if name in view.catalogue.params:
        return view.param(name)
    return slow_offices(view, vendor).value if name == "offices_speed_fail" else view.value(name)


def raised(view: View, answer: Answer, flag: Flag) -> bool | None:
    """Does an answer raise this flag of its question? None while what it is compared with is not known."""
    found = _compared(view, answer, flag)
    if found is False or not flag.when:
        return found
    parts = (found, holds(view, answer.vendor, flag.when))
    return False if False in parts else None if None in parts else True


def flags_of(view: View, answer: Answer) -> tuple[Flag, ...]:
    """The flags that an answer surely raises, in the order of the catalogue; no flag where the question does not apply. The
    answer need not be stored."""
    question = view.catalogue.questions.get(answer.question)
    if question is None or concerns(view, answer.vendor, question, answer) is False:
        return ()
    return tuple(flag for flag in question.flags if raised(view, answer, flag))


@of_vendor
def flags(view: View, vendor: str) -> tuple[tuple[Question, Flag], ...]:
    """All flags that the answers of a vendor surely raise, in the order of the catalogue."""
    given = answers(view, vendor)
    return tuple([(question, flag) for question in view.catalogue.questions.values()
                  if question.flags and (answer := given.get(question.id)) is not None
                  and concerns(view, vendor, question, answer) is not False
                  for flag in question.flags if raised(view, answer, flag)])


def _compared(view: View, answer: Answer, flag: Flag) -> bool | None:
    given = reply(answer)
    if flag.op == "missing":
        return _missing(answer, given)
    if not given:
        return False
    if flag.op == "in":
        return given in flag.values
    if flag.op == "eq" and isinstance(flag.value, str):
        return given == flag.value
    if given == UNKNOWN:  # nothing to compare; that is what `missing` is for
        return False
    if unlimited(view.catalogue.questions.get(answer.question), answer):
        return False  # the more the better: nothing is too little
    limit = view.param(flag.param) if flag.param else flag.value
    if flag.op == "age_gt":
        return None if answer.evidence_on is None else (view.today - answer.evidence_on).days > _figure(limit)
    return _measured(view, answer, flag, number(answer), _figure(limit))


def _missing(answer: Answer, given: str) -> bool:
    """Was it asked and left empty, put off, or answered "unknown"? Not while the vendor's words stand there: then somebody is
    still writing the answer down."""
    if given or answer.state in ("later", "not_applicable"):
        return given == UNKNOWN or answer.state == "later"
    return bool(answer.state or answer.asked_on) and not answer.note.strip()


def _measured(view: View, answer: Answer, flag: Flag, given: float | None, limit: float) -> bool | None:
    """The operators that compare a number: with a limit, or with a fact."""
    def fact(name: str) -> float | None:
        found = _known(view, answer.vendor, name)
        return None if found is None else float(found)
    if given is None:
        return None
    if flag.op == "eq":
        return given == limit
    if flag.op == "lt":
        return given < limit
    if flag.op == "gt":
        return given > limit
    reference = fact(flag.ref)
    if reference is None:
        return None
    if flag.op == "lt_ref":
        return given < reference * (1.0 if flag.factor is None else flag.factor)
    times = fact(flag.times_ref or flag.scale)
    if times is None:
        return None
    return given * times > (limit if flag.op == "share_of_ref_gt" else 1.0) * reference


def _figure(value: str | float | None) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


# ---- knock-outs ----

class Knockout(NamedTuple):
    """A knock-out question that concerns, or may concern, a vendor. `answered` and `failed` (a blocker flag) are None while
    that is not known; an unanswered one has not failed: it is open."""

    question: Question
    answer: Answer | None
    answered: bool | None
    failed: bool | None


@of_vendor
def knockouts(view: View, vendor: str) -> tuple[Knockout, ...]:
    """Where a vendor stands with each knock-out question. It is out when one failed; nothing outweighs that."""
    found = list[Knockout]()
    for question in view.catalogue.questions.values():
        concerns = applies(view, vendor, question) if question.knockout else False
        if concerns is False:
            continue
        answer = answers(view, vendor).get(question.id)
        there, failed = answered(answer), None
        if answer is not None and there:
            blockers = [raised(view, answer, flag) for flag in question.flags if flag.severity == "blocker"]
            failed = True if True in blockers else None if None in blockers else False
        if concerns is None:  # perhaps it need not be asked: neither open nor failed for sure
            there, failed = there or None, failed and None
        found.append(Knockout(question, answer, there, failed))
    return tuple(found)


# ---- Internet lines ----

class LineNeed(NamedTuple):
    """The Internet line that a vendor's system needs: `down` in Mbit/s for ten users, `call` in kbit/s for a telephone call.
    None: not answered; 0: none."""

    down: float | None
    call: float | None


@of_vendor
def line_need(view: View, vendor: str) -> LineNeed:
    """From the answers to `host-bandwidth` and `tel-bandwidth`. A system on our own premises needs no line."""
    given = answers(view, vendor)

    def need(question: str) -> float | None:
        answer = given.get(question)
        if answer is not None and answer.state == "not_applicable":
            return 0.0
        return number(answer) if answered(answer) else None
    return LineNeed(0.0 if reply(given.get("host-model")) in OURSELVES else need("host-bandwidth"), need("tel-bandwidth"))


@of_vendor
def slow_offices(view: View, vendor: str) -> Figure:
    """Offices whose line is slower than the vendor's need: `need x users / 10 > down`, or `calls x kbit/s > share x up` (param
    p_calls_share_max). Not known while there is no office, or none is surely too slow and one cannot be judged."""
    need, share = line_need(view, vendor), view.param("p_calls_share_max")
    rows = view.rows(Office)
    return counted(rows, lambda row: too_slow(row, need, share)) if rows else Figure(None)


def too_slow(office: Office, need: LineNeed, share: float) -> bool | None:
    """Is the line of an office slower than needed? Where nobody wrote down calls, none are counted."""
    parts = (_over(need.down, office.users, office.down_mbps, 10.0),  # the need is that of ten users
             _over(need.call, office.calls or 0, office.up_kbps, share))
    return True if True in parts else None if None in parts else False


def _over(need: float | None, times: int | None, line: float | None, share: float) -> bool | None:
    """`need x times > line x share`."""
    if need == 0 or times == 0:
        return False
    return None if need is None or times is None or line is None else need * times > line * share
