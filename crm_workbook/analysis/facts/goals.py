"""Facts of chapter 1, Goals: the two sheets, why we want this, and what people hope and fear.

Goals, reasons, expectations and the like count from the moment they have a title; while all of them are only begun, what is
counted among them is not known.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from crm_workbook.analysis.facts import fact
from crm_workbook.analysis.facts.parts import (
    MOST,
    R,
    codes,
    count,
    entry,
    group,
    lacking,
    mended,
    named,
    past,
    pointed,
    share,
    wanted,
    written,
)
from crm_workbook.analysis.facts.view import Figure, View, shared
from crm_workbook.analysis.finders import Gap, unfilled
from crm_workbook.records import Record
from crm_workbook.records.goals import (
    CompanyGoal,
    CrmGoal,
    EarlierAttempt,
    Expectation,
    Fear,
    Motive,
    Postponed,
    Project,
    Reason,
    StrategyChange,
)
from crm_workbook.records.team import Person

if TYPE_CHECKING:
    from re import Pattern

_EXPERIENCES = 3  # so many earlier attempts tell a rescue enough (the gate item on earlier attempts)
_MOST_TIMES = 2  # put off more often than this, an item is no longer planned


def _titled(view: View, kind: type[R], mend: Callable[[R], Gap | None]) -> Figure:
    """`mended` over the records of a kind that have a title; not known while all are only begun."""
    rows = view.rows(kind)
    titled = [row for row in rows if row.get("title")]
    if rows and not titled:
        return Figure(None, tuple(row.code for row in rows[:MOST]), Gap(rows[0].code, "title"))
    return mended(titled, mend)


def _unfinished(view: View, kind: type[R], *names: str) -> Figure:
    """How many records of a kind that have a title lack one of these fields."""
    return _titled(view, kind, lambda row: unfilled(row, *names))


# ---- the two sheets ----

@fact
def company_goals(view: View) -> Figure:
    """Company goals that have a title."""
    return wanted(named(view, CompanyGoal), Gap(kind=CompanyGoal))


@fact
def crm_goals(view: View) -> Figure:
    """CRM goals that have a title."""
    return wanted(named(view, CrmGoal), Gap(kind=CrmGoal))


@fact
def crm_goals_unlinked(view: View) -> Figure:
    """CRM goals that are linked to no company goal."""
    return _unfinished(view, CrmGoal, "company_goals")


@fact
def crm_goals_without_indicator(view: View) -> Figure:
    """CRM goals that lack the indicator, today's value or the target."""
    return _unfinished(view, CrmGoal, "indicator", "baseline", "target")


@fact
def goals_without_behaviour(view: View) -> Figure:
    """CRM goals that do not say what people will do differently, or that nobody looks after."""
    return _unfinished(view, CrmGoal, "behaviour", "owner")


@fact
def crm_goals_too_broad(view: View) -> Figure:
    """CRM goals ticked as too broad, and those without an indicator whose title has a phrase of the word list too_broad_goals
    (as whole words), unless the wording was checked."""
    def mend(row: CrmGoal) -> Gap | None:
        if row.too_broad:
            return Gap(row.code, "too_broad")
        doubtful = not row.indicator and not row.phrase_checked and _too_broad(view).search(row.title)
        return Gap(row.code, "indicator") if doubtful else None
    return _titled(view, CrmGoal, mend)


@fact
def customer_side_goals(view: View) -> Figure:
    """CRM goals whose result a customer would notice."""
    figure = count(view, CrmGoal, lambda row: row.customer_side if row.title else None, field="customer_side")
    goals = view.rows(CrmGoal)
    return pointed(view, wanted(figure, Gap(goals[0].code, "customer_side") if goals else Gap(kind=CrmGoal)),
                   "title", "customer_side")


def _of_departments(view: View, field: str) -> Figure:
    """How many departments with users have named no company goal in which this field is filled."""
    done, begun, first = set[str](), set[str](), dict[str, Gap]()
    for row in view.rows(CompanyGoal):
        if row.title and row.get(field):
            done.add(row.department)
        else:
            first.setdefault(row.department, Gap(row.code, field if row.title else "title"))
            if not row.title:
                begun.add(row.department)
    return lacking(view, lambda row: row.code in done or (None if row.code in begun else False),
                   lambda row: first.get(row.code) or Gap(given=(("department", row.code),), kind=CompanyGoal),
                   [row for row in view.where(CompanyGoal, "department", "") if row.get(field) or not row.title])


@fact
def departments_without_goal(view: View) -> Figure:
    """Departments with users from which no company goal is written down."""
    return _of_departments(view, "title")


@fact
def departments_without_user_benefit(view: View) -> Figure:
    """Departments with users of which no company goal says what its people gain."""
    return _of_departments(view, "user_benefit")


# ---- why we want this ----

@fact
def unifying_idea_set(view: View) -> Figure:
    """Whether the idea that unites us is written down."""
    project = view.only(Project)
    done = bool(project.idea.strip())
    return Figure(done, (project.code,) if done else (), None if done else entry(project, "idea"))


@fact
def unifying_idea_support(view: View) -> Figure:
    """Members of the working group who agree with the idea / those who have answered; the records are all who have not agreed.
    Not known while fewer than half of the members have answered."""
    members = group(view)
    others = [row for row in members if not row.agrees_with_idea]
    silent = [row for row in others if row.agrees_with_idea is None]
    first = next(iter(silent or others), None)
    gap = Gap(first.code, "agrees_with_idea") if first else None if members else Gap(given=(("in_group", True),), kind=Person)
    asked = len(members) - len(silent)
    if 2 * asked < len(members):
        return Figure(None, codes(silent), gap)
    return share(len(members) - len(others), asked, codes(others), gap)


def _motives(view: View, sound: bool) -> Figure:
    known = view.catalogue.motives
    return count(view, Motive, lambda row: known[row.motive].sound is sound if row.motive in known else None, field="motive")


@fact
def true_motives(view: View) -> Figure:
    """Noted motives that the catalogue calls sound."""
    return wanted(_motives(view, True), Gap(kind=Motive))


@fact
def false_motives(view: View) -> Figure:
    """Noted motives that the catalogue calls not sound."""
    return pointed(view, _motives(view, False), "motive")


def _reasons(view: View, side: str) -> Figure:
    """Reasons in this column. One without a title or without a column does not say yet."""
    figure = count(view, Reason, lambda row: None if row.side in (side, "") and not (row.title and row.side)
                   else row.side == side)
    return pointed(view, figure, "title", "side")


@fact
def avoidance_reasons(view: View) -> Figure:
    """Entries in the column of what we want to avoid."""
    figure = _reasons(view, "avoid")
    return Figure(figure.value, figure.records, figure.gap if figure.value is None else None)


@fact
def achievement_reasons(view: View) -> Figure:
    """Entries in the column of what we want to gain; there should be no fewer than in the other one."""
    figure, others = _reasons(view, "gain"), view.once(avoidance_reasons).value
    if figure.value is None:
        return figure
    enough = figure.value and (others is None or figure.value >= others)
    return Figure(figure.value, figure.records, None if enough else Gap(given=(("side", "gain"),), kind=Reason))


@fact
def postponed_without_plan(view: View) -> Figure:
    """Put-off items that lack a day, a place or a way, or that were put off more than twice."""
    def mend(row: Postponed) -> Gap | None:
        often = Gap(row.code, "times") if (row.times or 0) > _MOST_TIMES else None
        return unfilled(row, "when", "where", "how") or often
    return _titled(view, Postponed, mend)


# ---- what people hope and fear ----

@fact
def expectations(view: View) -> Figure:
    """Expectations that have a title."""
    return wanted(named(view, Expectation), Gap(kind=Expectation))


@fact
def expectations_unchecked(view: View) -> Figure:
    """Expectations that do not say how we shall see whether they came true."""
    return _unfinished(view, Expectation, "check")


@fact
def miracle_phrases(view: View) -> Figure:
    """How often phrases of the word list miracle_phrases occur, as whole words, in the title and the behaviour of CRM goals and
    in the title and the check of expectations, unless the wording was checked."""
    hits, gaps, hits_in = 0, list[tuple[Record, str]](), _miracles(view)
    texts: tuple[tuple[tuple[CrmGoal | Expectation, ...], str], ...] = (
        (view.rows(CrmGoal), "behaviour"), (view.rows(Expectation), "check"))
    for rows, more in texts:
        for row in rows:
            found = {name: n for name in ("title", more) if not row.phrase_checked and (n := hits_in(str(row.get(name))))}
            if found:
                hits += sum(found.values())
                gaps.append((row, next(iter(found))))
    begun: list[Record] = [row for rows, _more in texts for row in rows]
    if not hits and begun and not any(row.get("title") for row in begun):
        return Figure(None, tuple(row.code for row in begun[:MOST]), Gap(begun[0].code, "title"))
    return Figure(hits, codes(row for row, _name in gaps), Gap(gaps[0][0].code, gaps[0][1]) if gaps else None)


def _phrases(words: Iterable[str]) -> Pattern[str]:
    """Finds any of these phrases as whole words in small or capital letters, with any white space between the words."""
    import re  # with the first text that is looked at

    found = [r"\s+".join(map(re.escape, phrase.split())) for phrase in words if phrase.strip()]
    return re.compile(rf"(?<!\w)(?:{'|'.join(found) or '(?!)'})(?!\w)", re.IGNORECASE)


@shared
def _too_broad(view: View) -> Pattern[str]:
    return _phrases(view.catalogue.word_lists["too_broad_goals"].words)


@shared
def _miracles(view: View) -> Callable[[str], int]:
    """How many of these phrases are in a text. Remembers what it has read: few texts change at a time."""
    pattern = _phrases(view.catalogue.word_lists["miracle_phrases"].words)
    return lru_cache(maxsize=50_000)(lambda text: len(pattern.findall(text)))


@fact
def fears_unanswered(view: View) -> Figure:
    """Noted fears without an answer on which the group agreed."""
    figure = count(view, Fear, lambda row: not (row.answer and row.agreed) if row.fear or row.words else None, field="agreed")
    return pointed(view, figure, "answer") if figure.value else pointed(view, figure, "fear")


# ---- what was before, and what has changed ----

@fact
def earlier_attempts_recorded(view: View) -> Figure:
    """Earlier attempts that have a title; a rescue needs three of them."""
    figure = named(view, EarlierAttempt)
    few = figure.value is not None and figure.value < _EXPERIENCES
    return Figure(figure.value, figure.records[:MOST], Gap(kind=EarlierAttempt) if few else figure.gap)


@fact
def is_rescue(view: View) -> Figure:
    """Whether a CRM is already there that has to be rescued."""
    return written(view.only(Project), "rescue")


@fact
def strategy_changes_unreviewed(view: View) -> Figure:
    """Changes of strategy up to today after which the goals were not read again."""
    def unreviewed(row: StrategyChange) -> bool | None:
        if row.on is not None and row.on > view.today:
            return False  # it has not happened yet
        if past(view, row.reviewed_on) and (row.on is None or row.on <= (row.reviewed_on or row.on)):
            return False
        return True if row.title and row.on else None
    return pointed(view, count(view, StrategyChange, unreviewed, field="reviewed_on"), "title", "on", "reviewed_on")
