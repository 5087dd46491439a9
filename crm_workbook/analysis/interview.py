"""The questions to a vendor as one asks them: their order, how each one stands, what an answer raises and what it opens.

Pure functions over a View. The first call comes first: the core questions of the catalogue; then the rest by section. A
question that an answer opens comes right behind the question it follows from.
"""
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm_workbook.analysis import costs, scoring
from crm_workbook.analysis.facts.view import View
from crm_workbook.analysis.replies import HEARD, bounds, figure, label, noted_as, readable, short_unit, unit_of
from crm_workbook.analysis.scoring import of_vendor
from crm_workbook.analysis.wording import shown
from crm_workbook.catalogue.conditions import parse_condition
from crm_workbook.i18n import N_, _, ngettext
from crm_workbook.records import Record
from crm_workbook.records.team import Office, Scale
from crm_workbook.records.vendors import Answer, Vendor

if TYPE_CHECKING:
    from crm_workbook.catalogue import Catalogue
    from crm_workbook.catalogue.rows import Flag, Question, Term

FIRST = ""
"""The group of the first call. The other groups are called like their sections."""
STATES: Mapping[str, str] = {
    "open": N_("not asked yet"), "begun": N_("begun"), "answered": N_("answered"), "unsure": N_("answered, we are not sure"),
    "dont_know": N_("the vendor does not know"), "not_applicable": N_("does not apply"), "later": N_("later"),
    "skipped": N_("not for this vendor"), "waits": N_("depends on another answer")}
"""How a question stands with a vendor. `begun`: something was written, but nobody said whether it is the answer; `skipped`: its
condition does not hold; `waits`: that cannot be judged yet."""
SETTLED = frozenset({"answered", "unsure", "dont_know", "not_applicable", "skipped"})
"""States in which nothing has to be asked any more."""
GRAVITY = ("blocker", "serious", "warn", "info")  # from grave to mild
TEN = 10.0
"""Vendors say what line ten people need."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it stands with a vendor (`STATES`). `group`: `FIRST` or the id of its section; `under`: the question it
    follows from, when it stands below that one."""

    question: Question
    group: str
    state: str
    answer: Answer | None
    under: str = ""

    @property
    def settled(self) -> bool:
        """Has nothing to be asked any more?"""
        return self.state in SETTLED


@dataclass(frozen=True, slots=True)
class Tally:
    """How far a group is: questions that are settled, of how many. `later`: put off; `follow_ups`: opened by answers and not
    settled yet (those of the first call are not counted among its questions)."""

    group: str
    name: str
    done: int
    wanted: int
    later: int = 0
    follow_ups: int = 0

    @property
    def open(self) -> int:
        """Questions that still have to be asked."""
        return self.wanted - self.done + self.follow_ups


@dataclass(frozen=True, slots=True)
class Warned:
    """A flag that an answer raises, and the arithmetic behind it in words, a sentence each."""

    flag: Flag
    because: tuple[str, ...] = ()


# ---- order and states ----

@of_vendor
def interview(view: View, vendor: str) -> tuple[Asked, ...]:
    """All questions in the order in which they are asked. One that follows from another stands behind it: where both belong to
    the same group, and wherever the answer to the other has opened it."""
    questions = view.catalogue.questions
    follow = _follow_ups(view.catalogue)
    parent = {child: id_ for id_, children in follow.items() for child in children}
    given, found, placed = scoring.answers(view, vendor), list[Asked](), set[str]()

    def place(question: Question, group: str, under: str = "") -> None:
        if question.id in placed:
            return
        placed.add(question.id)
        found.append(Asked(question, group, state(view, vendor, question), given.get(question.id), under))
        for child in (questions[id_] for id_ in follow.get(question.id, ())):
            if _group(child) == group or scoring.holds(view, vendor, child.applies_when):
                place(child, group, question.id)

    for group, rows in _groups(view.catalogue).items():
        inside = {question.id for question in rows}
        for question in rows:
            if parent.get(question.id) not in inside:
                place(question, group)
        for question in rows:  # those that wait for each other
            place(question, group)
    return tuple(found)


def _group(question: Question) -> str:
    return FIRST if question.core else question.section


def _groups(catalogue: Catalogue) -> dict[str, list[Question]]:
    groups: dict[str, list[Question]] = {FIRST: []}
    groups |= {section.id: [] for section in sorted(catalogue.question_sections.values(), key=lambda row: row.order)}
    for question in catalogue.questions.values():
        groups[_group(question)].append(question)
    return groups


def _follow_ups(catalogue: Catalogue) -> dict[str, list[str]]:
    """Which questions wait for the answer to another one."""
    found: dict[str, list[str]] = {}
    for question in catalogue.questions.values():
        if question.applies_when.startswith("answer:"):
            found.setdefault(parse_condition(question.applies_when).subject, []).append(question.id)
    return found


def state(view: View, vendor: str, question: Question) -> str:
    """How a question stands with a vendor (`STATES`)."""
    noted = noted_as(question, scoring.answers(view, vendor).get(question.id))
    if noted:
        return noted
    holds = scoring.holds(view, vendor, question.applies_when)
    return "skipped" if holds is False else "waits" if holds is None else "open"


def vendors(view: View) -> tuple[Vendor, ...]:
    """All vendors, those that are out behind the others: they stay visible."""
    return tuple(sorted(view.rows(Vendor), key=lambda row: (row.state == "out", row.number)))


def opened_by(view: View, answer: Answer) -> tuple[Question, ...]:
    """The questions that an answer opens, whether it is stored already or not."""
    questions = view.catalogue.questions
    return tuple(questions[id_] for id_ in _follow_ups(view.catalogue).get(answer.question, ())
                 if scoring.reply(answer) in parse_condition(questions[id_].applies_when).values)


def waits_for(view: View, vendor: str, question: Question) -> str:
    """When a question with a condition comes up, in words; "" for one without."""
    if not question.applies_when:
        return ""
    condition = parse_condition(question.applies_when)
    if condition.about == "answer":
        other = view.catalogue.questions.get(condition.subject)
        if other is None:
            return ""
        return _("Comes up when the answer to “{question}” is: {answers}.").format(
            question=other.text, answers=_(" or ").join(label(other, id_) for id_ in condition.values))
    if condition.about == "must_have":
        return _("Comes up when this function is a must: {name}.").format(name=_title(view, "function", condition.subject))
    if condition.about == "promise":
        return _("Comes up when the vendor has promised: {name}").format(name=_title(view, "promise", condition.subject))
    return " ".join(facts_in_words(view, vendor, question.applies_when))


def tallies(view: View, vendor: str) -> tuple[Tally, ...]:
    """How far each group is, in order; a group without questions is left out."""
    names = {FIRST: _("First call")} | {row.id: row.name for row in view.catalogue.question_sections.values()}
    groups: dict[str, list[Asked]] = {}
    for item in interview(view, vendor):
        groups.setdefault(item.group, []).append(item)
    found = list[Tally]()
    for group, items in groups.items():
        own = [item for item in items if group != FIRST or item.question.core]
        more = [item for item in items if group == FIRST and not item.question.core and not item.settled]
        found.append(Tally(group, names.get(group, group), sum(item.settled for item in own), len(own),
                           sum(item.state == "later" for item in own), len(more)))
    return tuple(found)


# ---- evidence and technical words ----

def age(view: View, answer: Answer) -> int | None:
    """Days since the date of the evidence; None without one."""
    return None if answer.evidence_on is None else (view.today - answer.evidence_on).days


def terms_in(catalogue: Catalogue, *texts: str) -> tuple[Term, ...]:
    """The words of the glossary that occur in these texts, in the order in which they occur."""
    whole = "\n".join(texts)
    places = {id_: found.start() for id_, pattern in _patterns(catalogue) if (found := re.search(pattern, whole))}
    return tuple(catalogue.terms[id_] for id_ in sorted(places, key=places.__getitem__))


def _patterns(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """A pattern for each word of the glossary: "Backup age (RPO)" is found by both of its names, also in the plural. Names in
    capitals are looked for as they are written."""
    for term in catalogue.terms.values():
        outside, inside = re.sub(r"\(.*?\)", " ", term.name), re.findall(r"\((.*?)\)", term.name)
        names = [" ".join(name.split()) for part in (outside, *inside) for name in part.split(",")]
        yield term.id, "|".join(
            rf"(?<!\w){re.escape(name)}s?(?!\w)" if name.isupper() else rf"(?i:(?<!\w){re.escape(name)}s?(?!\w))"
            for name in names if name)


# ---- what an answer raises ----

def warned(view: View, answer: Answer) -> tuple[Warned, ...]:
    """The flags that an answer surely raises, the gravest first; the answer need not be stored."""
    question = view.catalogue.questions.get(answer.question)
    if question is None or answer.state == "not_applicable":
        return ()
    if scoring.holds(view, answer.vendor, question.applies_when) is False:
        return ()
    found = [Warned(flag, because(view, answer, flag)) for flag in question.flags if scoring.raised(view, answer, flag)]
    return tuple(sorted(found, key=lambda one: GRAVITY.index(one.flag.severity)))


def gravest(view: View, answer: Answer | None) -> str:
    """The severity of the gravest flag of an answer, "" without one."""
    if answer is None:
        return ""
    return min((flag.severity for flag in scoring.flags_of(view, answer)), key=GRAVITY.index, default="")


def unjudged(view: View, answer: Answer) -> tuple[str, ...]:
    """What has to be written down before the answer can be compared, a sentence each."""
    question = view.catalogue.questions.get(answer.question)
    if question is None or not scoring.reply(answer) or scoring.reply(answer) == scoring.UNKNOWN:
        return ()
    found = list[str]()
    if question.answer_type == "number" and not readable(question, answer):
        low, high = bounds(question)
        return (_("{words} cannot be: the answer lies between {low} and {high}.").format(
            words=answer.value.strip(), low=figure(low), high=figure(high)) if high is not None
            and scoring.number(answer) is not None else
            _("“{words}” is not one number, so it cannot be compared.").format(words=answer.value.strip()),)
    for flag in question.flags:
        if scoring.raised(view, answer, flag) is not None:
            continue
        if flag.op == "age_gt":
            found.append(_("Write down the date of the evidence: how old it is counts."))
        else:
            names = (flag.ref, flag.times_ref, flag.scale, *_facts_of(view, flag.when))
            found += [_to_write(view, name) for name in names if name and _value(view, name) is None]
    return tuple(dict.fromkeys(found))


LISTS: Mapping[str, type[Record]] = dict.fromkeys(
    ("users_total", "concurrent_users", "mobile_users", "concurrent_calls", "expected_db_gb", "planned_mailing_per_day"), Scale
) | dict.fromkeys(("office_down_mbps_min", "office_up_kbps_min", "users_largest_office_div_10", "offices_ping_fail",
                   "offices_speed_fail", "offices_without_second_line"), Office)
"""Where the figures are written that answers are compared with."""


def _to_write(view: View, name: str) -> str:
    missing, kind = view.catalogue.facts[name].missing, LISTS.get(name)
    if kind is None:
        return missing
    return _("{sentence} It is compared then. Place: {chapter}, {list}.").format(
        sentence=missing, chapter=_(kind.declared.chapter.capitalize()), list=_(kind.declared.title))


def because(view: View, answer: Answer, flag: Flag) -> tuple[str, ...]:
    """The arithmetic behind a flag, a sentence each; empty where the message says it all."""
    return (*_compared(view, answer, flag), *facts_in_words(view, answer.vendor, flag.when))


def _compared(view: View, answer: Answer, flag: Flag) -> Iterator[str]:
    question, given = view.catalogue.questions[answer.question], scoring.number(answer)
    if flag.op == "age_gt" and answer.evidence_on is not None:
        yield _("The evidence is of {day}: {n} days old. At most {limit} days are fine.").format(
            day=answer.evidence_on, n=age(view, answer), limit=figure(_limit(view, flag)))
    if given is None:
        return
    answered = _("{n} {unit}").format(n=figure(given), unit=unit_of(flag.unit or short_unit(question), given)).strip()
    if flag.op in ("lt", "gt"):
        words = _("Answered: {given}. At least {limit} would be fine.") if flag.op == "lt" else _(
            "Answered: {given}. At most {limit} would be fine.")
        yield words.format(given=answered, limit=figure(_limit(view, flag)))
    elif flag.op == "lt_ref":
        reference = _value(view, flag.ref) or 0
        parts = {"given": answered, "title": view.catalogue.facts[flag.ref].title, "factor": figure(flag.factor or 1),
                 "reference": shown(view.catalogue.facts[flag.ref], reference), "limit": figure(reference * (flag.factor or 1))}
        yield (_("Answered: {given}. {title}: {reference}.") if flag.factor in (None, 1.0) else
               _("Answered: {given}. {title}: {reference}; {factor} times that is {limit}.")).format(**parts)
    elif flag.op in ("scaled_gt_ref", "share_of_ref_gt"):
        yield from _of_lines(view, flag, given, answered)


def _of_lines(view: View, flag: Flag, given: float, answered: str) -> Iterator[str]:
    """A line compared with what is sent through it: office by office where these are known, otherwise as the flag has it."""
    calls = flag.op == "share_of_ref_gt"
    offices = list(_calls(view, given) if calls else _downloads(view, given))
    if offices:
        yield from offices
        return
    facts, name = view.catalogue.facts, flag.times_ref or flag.scale
    times, reference = _value(view, name) or 0, _value(view, flag.ref) or 0
    yield _("{given}, {title}: {times}. Together {total}; {what}: {reference}.").format(
        given=answered, title=facts[name].title, times=shown(facts[name], times), total=figure(given * times),
        what=facts[flag.ref].title, reference=shown(facts[flag.ref], reference))


def _downloads(view: View, need: float) -> Iterator[str]:
    """Offices whose measured download is less than `need` Mbit/s for each ten people."""
    for office in view.rows(Office):
        if scoring.too_slow(office, scoring.LineNeed(need, 0.0), 1.0):
            yield ngettext("{office}: {n} person needs {need} Mbit/s, measured {line}.",
                           "{office}: {n} people need {need} Mbit/s, measured {line}.", office.users or 0).format(
                office=_("Office {name}").format(name=office.name or office.code), n=office.users,
                need=figure(need * (office.users or 0) / TEN), line=figure(office.down_mbps or 0))


def _calls(view: View, need: float) -> Iterator[str]:
    """Offices where calls of `need` kbit/s take more than their share of the measured upload."""
    share = view.param("p_calls_share_max")
    for office in view.rows(Office):
        if scoring.too_slow(office, scoring.LineNeed(0.0, need), share):
            yield ngettext("{office}: {n} call needs {need} kbit/s; {share} % of the upload of {line} is {most}.",
                           "{office}: {n} calls need {need} kbit/s; {share} % of the upload of {line} is {most}.",
                           office.calls or 0).format(
                office=_("Office {name}").format(name=office.name or office.code), n=office.calls,
                need=figure(need * (office.calls or 0)), share=figure(share * 100), line=figure(office.up_kbps or 0),
                most=figure(share * (office.up_kbps or 0)))


def facts_in_words(view: View, vendor: str, condition: str) -> tuple[str, ...]:
    """What a condition of a flag rests on, in words: the offices by name, what is a must, the figures."""
    if not condition:
        return ()
    parsed = parse_condition(condition)
    if parsed.about == "must_have":
        return (_("Among the accepted musts: {function}.").format(function=_title(view, "function", parsed.subject)),)
    if parsed.about != "fact":
        return ()
    found = list[str]()
    for name in _facts_of(view, condition):
        fact, value = view.catalogue.facts[name], _value(view, name)
        if name == "offices_ping_fail":
            found += _pings(view)
        elif name == "offices_speed_fail":  # of the vendor in question, not of the chosen one
            found += office_lines(view, vendor)
        elif value or name != "offices_without_second_line":
            found.append(f"{fact.title}: {shown(fact, value)}.")
    return tuple(found)


def _pings(view: View) -> Iterator[str]:
    most = view.param("p_ping_max_ms")
    for office in view.rows(Office):
        if office.ping_ms is not None and office.ping_ms > most:
            yield _("{office}: a message takes {n} ms there and back (ping), at most {most} ms are fine.").format(
                office=_("Office {name}").format(name=office.name or office.code), n=figure(office.ping_ms), most=figure(most))


def office_lines(view: View, vendor: str) -> tuple[str, ...]:
    """Offices whose line is too slow for what the vendor says it needs, with the figures; from its answers."""
    need = scoring.line_need(view, vendor)
    return (*(_downloads(view, need.down) if need.down else ()), *(_calls(view, need.call) if need.call else ()))


def _facts_of(view: View, condition: str) -> tuple[str, ...]:
    if not condition.startswith("fact:"):
        return ()
    expression = parse_condition(condition).expression
    names = (name for name in (expression.names if expression else ()) if name in view.catalogue.facts)
    return tuple(sorted(names, key=condition.index))


def _value(view: View, name: str) -> float | None:
    found = view.value(name)
    return None if found is None else float(found)


def _limit(view: View, flag: Flag) -> float:
    value = view.param(flag.param) if flag.param else flag.value
    return float(value) if isinstance(value, int | float) else 0.0


def _title(view: View, kind: str, id_: str) -> str:
    return view.catalogue.titles(kind).get(id_, id_)


# ---- what an answer opens ----

def opened_cost(view: View, answer: Answer) -> costs.Opened | None:
    """The cost that an answer opens, stored or not (`costs.opens`); None without one."""
    question = view.catalogue.questions.get(answer.question)
    return costs.opens(view, question, answer) if question is not None else None


# ---- the end of the first call ----

def afterwards(view: View, vendor: str) -> tuple[str, ...]:
    """What comes behind the first call, a sentence each, the most urgent first."""
    items = interview(view, vendor)
    first = [item for item in items if item.group == FIRST]
    grave = [item for item in first if gravest(view, item.answer) == "blocker"]
    open_ = [item for item in first if not item.settled]
    heard = [item for item in items if item.answer is not None and item.state in HEARD]
    opened = [item for item in heard if item.answer and (cost := opened_cost(view, item.answer)) and not cost.settled]
    unsure = [item for item in heard if item.answer and not item.answer.evidence]
    rest = sum(not item.settled for item in items if item.group != FIRST)
    found = list[str]()
    if grave:
        found.append(ngettext("Talk about {n} blocker first: {what}", "Talk about {n} blockers first: {what}",
                              len(grave)).format(n=len(grave), what=_named(grave)))
    if open_:
        found.append(ngettext("{n} question is still open: {what}", "{n} questions are still open: {what}", len(open_)).format(
            n=len(open_), what=_named(open_)))
    if unsure:
        found.append(ngettext("Say for {n} answer how sure you are.", "Say for {n} answers how sure you are.",
                              len(unsure)).format(n=len(unsure)))
    if opened:
        found.append(ngettext("Ask for the price of {n} cost that was opened.",
                              "Ask for the prices of {n} costs that were opened.", len(opened)).format(n=len(opened)))
    if rest:
        found.append(ngettext("{n} more question follows by section. It can also go to the vendor as a file.",
                              "{n} more questions follow by section. They can also go to the vendor as a file.",
                              rest).format(n=rest))
    return tuple(found)


def _named(items: Sequence[Asked], most: int = 2) -> str:
    names = " ".join(f"“{item.question.text}”" for item in items[:most])
    return names + (" …" if len(items) > most else "")
