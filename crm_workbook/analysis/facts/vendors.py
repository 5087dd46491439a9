"""Facts of the chapter Vendors: the choice and what it rests on, the answers, the contract. What costs is in `money`.

A fact about "the chosen vendor" is not known while nothing is chosen.
"""
from __future__ import annotations

from collections.abc import Iterable

from crm_workbook.analysis import scoring
from crm_workbook.analysis.facts import fact
from crm_workbook.analysis.facts.money import answer_gap, choice_gap, cut, of_chosen
from crm_workbook.analysis.facts.parts import MOST, NEVER, codes, counted
from crm_workbook.analysis.facts.view import Figure, View
from crm_workbook.analysis.finders import Gap
from crm_workbook.records.goals import Project
from crm_workbook.records.requirements import Requirement
from crm_workbook.records.team import Office, Person
from crm_workbook.records.vendors import Choice, ContractPoint, Fit, Trial, Vendor, VendorPromise

SYSTEMS = 2
"""So many systems have to be tried before one can be chosen among them."""


# ---- the choice ----

@fact
def vendor_decided(view: View) -> Figure:
    """Does a decision name a vendor? Not known while there are only decisions that name none."""
    made = scoring.decision(view)
    if made is not None:
        return Figure(True, (made.code,))
    begun = [row for row in view.rows(Choice) if not row.vendor]
    return Figure(None if begun else False, codes(begun), choice_gap(view))


@fact
def vendor_decision_day(view: View) -> Figure:
    """Days from the project start to the decision; `NEVER` while nothing is chosen."""
    made, project = scoring.decision(view), view.only(Project)
    if made is None:
        return Figure(NEVER if view.value("vendor_decided") is False else None, (), choice_gap(view))
    if made.on is None:
        return Figure(None, (made.code,), Gap(made.code, "on"))
    if project.start is None:
        return Figure(None, (made.code,), Gap(project.code if project.number else None, "start", kind=Project))
    return Figure((made.on - project.start).days, (made.code,))


@of_chosen
def chosen_must_gap(view: View, made: Choice) -> Figure:
    """Accepted musts whose mark is below `scoring.MET`. Not known while nothing was accepted, or none is surely missed and one
    has no mark or may still become a must."""
    found = scoring.fit(view, made.vendor)
    if found.must_gaps:
        return Figure(len(found.must_gaps), found.must_gaps[:MOST], _mark(view, made.vendor, found.must_gaps[0]))
    gap = _unmarked(view, made.vendor, found)
    return Figure(0 if gap is None else None, (*found.must_open, *found.undecided)[:MOST], gap)


@of_chosen
def chosen_fit(view: View, made: Choice) -> Figure:
    """Requirement fit of the chosen vendor (`scoring.fit`). Not known while an accepted must has no mark, or nothing has."""
    found = scoring.fit(view, made.vendor)
    if found.value is None or found.must_open:
        return Figure(None, found.must_open[:MOST], _unmarked(view, made.vendor, found))
    missed = found.must_gaps
    return Figure(found.value, missed[:MOST], _mark(view, made.vendor, missed[0]) if missed else None)


@fact
def best_fit(view: View) -> Figure:
    """The best requirement fit among the candidates that have all musts marked, the chosen vendor included."""
    made = scoring.decision(view)
    codes = [row.code for row in view.rows(Vendor) if row.state != "out" or (made is not None and row.code == made.vendor)]
    fits = [(code, scoring.fit(view, code)) for code in codes]
    known = [(found.value, code) for code, found in fits if found.value is not None and not found.must_open]
    if known:
        value, code = max(known, key=lambda item: item[0])
        return Figure(value, (code,))
    return Figure(None, tuple(codes[:MOST]), _unmarked(view, *fits[0]) if fits else Gap(kind=Vendor))


def _unmarked(view: View, vendor: str, found: scoring.RequirementFit) -> Gap | None:
    """What to open so that a fit becomes known; None when all musts are marked and decided."""
    if found.must_open:
        return _mark(view, vendor, found.must_open[0])
    for code in found.undecided:
        row = view.find(Requirement, code)
        return Gap(code, "state" if row is not None and not row.state else "priority")
    if found.coverage is None:
        return Gap(kind=Requirement)
    return None if found.value is not None else Gap(given=(("vendor", vendor),), kind=Fit)


def _mark(view: View, vendor: str, requirement: str) -> Gap:
    marks = [row.code for row in view.where(Fit, "vendor", vendor) if row.requirement == requirement]
    return Gap(marks[-1], "mark") if marks else Gap(given=(("vendor", vendor), ("requirement", requirement)), kind=Fit)


@fact
def choice_reason_written(view: View) -> Figure:
    """Has the decision a reason, and does it name a requirement, as a link or by its code in the text?"""
    made = scoring.decision(view)
    if made is None:
        return Figure(False, (), choice_gap(view))
    named = bool(made.requirements) or any(view.find(Requirement, code) for code in _words(made.reason))
    missing = "reason" if not made.reason.strip() else "requirements"
    good = bool(made.reason.strip()) and named
    return Figure(good, (made.code,), None if good else Gap(made.code, missing))


def _words(text: str) -> list[str]:
    return "".join(sign if sign.isalnum() else " " for sign in text).split()


# ---- trials ----

@of_chosen
def chosen_hands_on_testers(view: View, made: Choice) -> Figure:
    """Future users who took part in trials of the chosen system (a demo is none). Not known while they are too few and a trial
    does not say its kind, its day or its people."""
    trials, begun = _trials(view, view.where(Trial, "vendor", made.vendor))
    testers = {person for row in trials for person in _users(view, row)}
    few = len(testers) < view.param("p_hands_on_testers_min")
    if few and begun:
        return Figure(None, codes(begun), _finish(begun[0]))
    wanted = Gap(given=(("vendor", made.vendor), ("kind", "trial")), kind=Trial)
    return Figure(len(testers), codes(trials), wanted if few else None)


@fact
def systems_tried(view: View) -> Figure:
    """Vendors whose system future users have tried. Not known while there are fewer than `SYSTEMS` and a trial does not say its
    kind, its day or its people."""
    trials, begun = _trials(view, view.rows(Trial))
    trials = [row for row in trials if row.vendor and _users(view, row)]
    tried = {row.vendor for row in trials}
    begun = [row for row in begun if row.vendor not in tried]
    if len(tried) < SYSTEMS and begun:
        return Figure(None, codes(begun), _finish(begun[0]))
    return Figure(len(tried), codes(trials), Gap(given=(("kind", "trial"),), kind=Trial) if len(tried) < SYSTEMS else None)


@of_chosen
def real_load_demo_done(view: View, made: Choice) -> Figure:
    """Was a demo or trial of the chosen system held with our amount of data, our computers and our line? Not known while none
    was, and one does not say."""
    rows = [row for row in view.where(Trial, "vendor", made.vendor) if (row.on or view.today) <= view.today]
    if done := [row for row in rows if row.real_load and row.on]:
        return Figure(True, codes(done))
    if open_ := [row for row in rows if row.real_load is not False]:
        return Figure(None, codes(open_), Gap(open_[0].code, "real_load" if open_[0].real_load is None else "on"))
    return Figure(False, codes(rows), Gap(given=(("vendor", made.vendor), ("real_load", True)), kind=Trial))


def _trials(view: View, rows: Iterable[Trial]) -> tuple[list[Trial], list[Trial]]:
    """The trials that were held, and those that do not say enough."""
    past = [row for row in rows if row.kind != "demo" and (row.on or view.today) <= view.today]
    full = [row for row in past if row.kind and row.on and row.people]
    return full, [row for row in past if not (row.kind and row.on and row.people)]


def _finish(row: Trial) -> Gap:
    return Gap(row.code, next(name for name in ("kind", "on", "people") if not row.get(name)))


def _users(view: View, row: Trial) -> set[str]:
    """People of our company in a trial; those of IT only when they work with clients as well."""
    found = {code: view.find(Person, code) for code in row.people}
    return {code for code, person in found.items() if person is not None and person.side in ("client", "")
            and (person.everyday_user or not person.from_it)}


# ---- questions and answers ----

@of_chosen
def knockout_unanswered(view: View, made: Choice) -> Figure:
    """Knock-out questions that concern the chosen vendor and have no clear answer."""
    open_ = [item for item in scoring.knockouts(view, made.vendor) if item.answered is False]
    doubt = [item for item in scoring.knockouts(view, made.vendor) if item.answered is None]
    rows = codes(item.answer for item in open_ or doubt if item.answer is not None)
    gap = _ask(made.vendor, (open_ or doubt)[0]) if open_ or doubt else None
    return Figure(None if doubt and not open_ else len(open_), rows, gap)


@of_chosen
def knockout_failed(view: View, made: Choice) -> Figure:
    """Knock-out questions whose answer by the chosen vendor raises a blocker flag. Not known while none failed for sure and one
    is open: it may fail."""
    failed = [item for item in scoring.knockouts(view, made.vendor) if item.failed]
    doubt = [item for item in scoring.knockouts(view, made.vendor) if item.failed is None]
    rows = codes(item.answer for item in failed or doubt if item.answer is not None)
    gap = _ask(made.vendor, (failed or doubt)[0]) if failed or doubt else None
    return Figure(None if doubt and not failed else len(failed), rows, gap)


@of_chosen
def vendor_question_coverage(view: View, made: Choice) -> Figure:
    """Importance of the answered questions / importance of all that apply to the chosen vendor (`scoring.scores`)."""
    given = scoring.answers(view, made.vendor)
    open_ = [question for question in view.catalogue.questions.values()
             if scoring.applies(view, made.vendor, question) and not scoring.answered(given.get(question.id))]
    open_.sort(key=lambda question: -question.importance)
    rows = codes(given[question.id] for question in open_ if question.id in given)
    whole = scoring.scores(view, made.vendor).get("")
    gap = answer_gap(made.vendor, open_[0].id, given.get(open_[0].id)) if open_ else None
    return Figure(None if whole is None else whole.coverage, rows, gap)


@of_chosen
def important_answers_words_only(view: View, made: Choice) -> Figure:
    """Answers of the chosen vendor to questions of importance 5 that apply, with evidence 0 or 1."""
    questions = view.catalogue.questions
    rows = [row for row in scoring.answers(view, made.vendor).values() if row.question in questions
            and questions[row.question].importance == 5 and scoring.answered(row) is not False
            and scoring.applies(view, made.vendor, questions[row.question]) is not False]
    return cut(counted(rows, lambda row: row.evidence in ("0", "1") if row.evidence and row.state else None, field="evidence"))


@of_chosen
def distrusted_promises_unexplained(view: View, made: Choice) -> Figure:
    """Big promises of the chosen vendor without an explanation. One that does not say which promise it is does not say."""
    return cut(counted(view.where(VendorPromise, "vendor", made.vendor),
                        lambda row: False if row.explained.strip() else True if row.promise else None, field="explained"))


@of_chosen
def contract_items_open(view: View, made: Choice) -> Figure:
    """Points of the contract list that nobody has settled with the chosen vendor."""
    points = {row.item: row for row in view.where(ContractPoint, "vendor", made.vendor)}
    open_ = [item for item in view.catalogue.contract_items
             if item not in points or points[item].state in ("", "open")]
    there = [points[item] for item in open_ if item in points]
    gap = Gap(there[0].code, "state") if there else Gap(
        given=(("vendor", made.vendor), ("item", open_[0])), kind=ContractPoint) if open_ else None
    return Figure(len(open_), codes(there), gap)


def _ask(vendor: str, item: scoring.Knockout) -> Gap:
    return answer_gap(vendor, item.question.id, item.answer)


# ---- Internet lines ----

@fact
def offices_ping_fail(view: View) -> Figure:
    """Offices whose measured ping is above param p_ping_max_ms."""
    rows, most = view.rows(Office), view.param("p_ping_max_ms")
    return cut(counted(rows, lambda row: None if row.ping_ms is None else row.ping_ms > most, field="ping_ms")
                if rows else Figure(None, (), Gap(kind=Office)))


@of_chosen
def offices_speed_fail(view: View, made: Choice) -> Figure:
    """Offices whose measured line is slower than the need of the chosen system (`scoring.slow_offices`)."""
    figure = scoring.slow_offices(view, made.vendor)
    if figure.value is not None:
        return cut(Figure(figure.value, figure.records, Gap(figure.records[0], "down_mbps") if figure.records else None))
    if not figure.records:
        return Figure(None, (), Gap(kind=Office))
    need, given = scoring.line_need(view, made.vendor), scoring.answers(view, made.vendor)
    office = view.find(Office, figure.records[0])
    for wanted, question, names in ((need.down, "host-bandwidth", ("users", "down_mbps")),
                                    (need.call, "tel-bandwidth", ("up_kbps",))):
        if wanted is None:
            return Figure(None, figure.records[:MOST], answer_gap(made.vendor, question, given.get(question)))
        for name in names:
            if wanted and office is not None and office.get(name) is None:
                return Figure(None, figure.records[:MOST], Gap(office.code, name))
    return cut(figure)
