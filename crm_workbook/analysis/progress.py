"""What is still missing, and what to do next: from the first goal to the first weekly figure.

The steps are data. Each one names the kind of record it is about, a sentence for somebody who never did this, and a small
pure function that counts what is there and says what to open for the rest. A step is *done* when nothing is left to open.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import TypeVar

from crm_workbook.records import Field, Record, Value
from crm_workbook.records.adoption import Material, Measurement, Support, TrainingEvent, WorkingRule
from crm_workbook.records.book import Book
from crm_workbook.records.goals import CompanyGoal, CrmGoal, Expectation, Fear, Motive, Project
from crm_workbook.records.phases import AcceptanceTest, GateSignOff, Phase, PhaseFunction
from crm_workbook.records.processes import DataForm, FormField, OldTool, OptionList, Process, Stage
from crm_workbook.records.requirements import Interview, Requirement, SignOff, SurveyAnswer
from crm_workbook.records.team import Assignment, Department, Interest, Office, Person, Scale
from crm_workbook.records.vendors import Answer, Choice, ContractPoint, CostLine, Fit, Payment, Trial, Vendor

R = TypeVar("R", bound=Record)
CHAPTERS = ("goals", "team", "processes", "requirements", "vendors", "phases", "adoption")  # in the order of the work
CORE_QUESTIONS = ("dbms-which", "dbms-licence-cost", "dbms-load", "dbms-real-load-demo", "dbms-hardware", "mail-client",
                  "tel-our-pbx", "host-model", "func-must-haves", "func-process-editor", "func-addons", "price-licence")
"""The twelve questions that every vendor is asked first (`core` in the catalogue; a test holds both together)."""
CONTRACT_ITEMS = ("c-stages", "c-support-line", "c-price-limit", "c-dbms", "c-addons", "c-move", "c-sla", "c-data",
                  "c-test-data", "c-reference", "c-roles", "c-training", "c-term", "c-exit")
"""What belongs in the contract (`contract_item` in the catalogue)."""
COST_BASICS = ("licence", "implementation", "training", "support")  # without these no offer can be compared
PRACTICE = ("t-practice", "t-first-contact", "t-extra-hours", "t-clinic")  # people work themselves


@dataclass(frozen=True, slots=True)
class Gap:
    """What to open. Without `code`: add a new record, with these values `given`; without `field`: any of its fields."""

    code: str | None = None
    field: str | None = None
    given: tuple[tuple[str, Value], ...] = ()


Found = tuple[int, int, Gap | None]
"""How much is there, how much is wanted, and the first thing to open (None exactly when all is there)."""
Finder = Callable[[Book], Found]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do. `sentence` says what and why, in at most two short sentences (translated by the screen)."""

    id: str
    chapter: str
    kind: type[Record]
    sentence: str
    find: Finder


@dataclass(frozen=True, slots=True)
class StepState:
    """A step and how far it is: `have` of `want` (at least 1), and what to open next (None when it is done)."""

    step: Step
    have: int
    want: int
    gap: Gap | None

    @property
    def done(self) -> bool:
        return self.gap is None


@dataclass(frozen=True, slots=True)
class Progress:
    """A chapter: `done` of `total` steps; `share` (0 to 1) counts steps that are done in part as well."""

    done: int
    total: int
    share: float
    steps: tuple[StepState, ...]


@dataclass(frozen=True, slots=True)
class NextStep:
    """The step that comes next: open `field` of the record `code`; without a code, add a new `step.kind` with `given`."""

    step: Step
    code: str | None
    field: str | None
    given: Mapping[str, Value]


def missing(record: Record) -> list[Field]:
    """The fields that the record needs and that are empty, in the order declared."""
    return [field for field in record.declared.fields.values() if field.needed and record[field.index] == field.empty]


def chapter_progress(book: Book, chapter: str) -> Progress:
    """How far a chapter is. KeyError for a chapter without steps (radar, minutes)."""
    states = tuple(StepState(step, *step.find(book)) for step in _BY_CHAPTER[chapter])
    return Progress(sum(state.done for state in states), len(states),
                    sum(state.have / state.want for state in states) / len(states), states)


def progress(book: Book) -> dict[str, Progress]:
    """How far every chapter is, in the order of the chapters."""
    return {chapter: chapter_progress(book, chapter) for chapter in CHAPTERS}


def next_step(book: Book, after: str = "") -> NextStep | None:
    """The first step that is not done, or the first one behind the step `after` (a step that somebody skips for now).

    None when nothing is left. KeyError when there is no step `after`.
    """
    for step in STEPS[_POSITION[after] + 1 if after else 0:]:
        gap = step.find(book)[2]
        if gap is not None:
            return NextStep(step, gap.code, gap.field, dict(gap.given))
    return None


# ---- finders ----

def _some(kind: type[Record], least: int = 1) -> Finder:
    """At least so many records of a kind."""
    def find(book: Book) -> Found:
        have = len(book.table(kind))
        return min(have, least), least, None if have >= least else Gap()
    return find


def _each(kind: type[Record], *names: str, among: Callable[[Book], Sequence[Record]] | None = None) -> Finder:
    """These fields filled in each record (of those `among` picks); one record at least."""
    fields = [kind.declared.fields[name] for name in names]

    def find(book: Book) -> Found:
        rows = among(book) if among else book.rows(kind)
        return _filled(rows, fields) if rows else (0, 1, Gap())
    return find


def _column(rows: Sequence[Record], name: str) -> list[Value]:
    return list(map(itemgetter(rows[0].declared.fields[name].index), rows)) if rows else []


def _filled(rows: Sequence[Record], fields: Sequence[Field]) -> Found:
    unfilled, gaps = 0, []
    for field in fields:
        column = _column(rows, field.name)
        if count := column.count(field.empty):
            row = rows[column.index(field.empty)]
            unfilled += count
            gaps.append((row.number, field.index, Gap(row.code, field.name)))
    want = len(rows) * len(fields)
    return want - unfilled, want, min(gaps)[2] if gaps else None


def _all(wanted: Iterable[Gap | None]) -> Found:
    """One item for each thing wanted: None when it is there. Nothing to want yet: one new record is wanted."""
    items = list(wanted) or [Gap()]
    gaps = [item for item in items if item is not None]
    return len(items) - len(gaps), len(items), gaps[0] if gaps else None


def _unfilled(row: Record, *names: str) -> Gap | None:
    """The first of these fields that is empty."""
    fields = row.declared.fields
    return next((Gap(row.code, name) for name in names if row[fields[name].index] == fields[name].empty), None)


def _first(gaps: Sequence[Gap | None], given: tuple[tuple[str, Value], ...]) -> Gap | None:
    """None when one of several records is filled; otherwise the first to fill, or a new one."""
    return None if None in gaps else gaps[0] if gaps else Gap(given=given)


def _one(kind: type[Record], *names: str) -> Finder:
    """The one record of a `single` kind, with these fields filled."""
    fields = [kind.declared.fields[name] for name in names]

    def find(book: Book) -> Found:
        rows = book.rows(kind)[:1]
        return _filled(rows, fields) if rows else (0, len(names), Gap(None, names[0]))
    return find


def _once(kind: type[Record], name: str) -> Finder:
    """This tick set in one record at least."""
    index = kind.declared.fields[name].index
    return lambda book: _all([_first([None if row[index] else Gap(row.code, name) for row in book.rows(kind)],
                                     ((name, True),))])


def _of(kind: type[Record], name: str, among: Callable[[Book], Iterable[Record | str]], /, *filled: str,
        least: int = 1, **also: Value) -> Finder:
    """For each record or id of `among` so many records that name it and hold `also`, with these fields `filled`."""
    def find(book: Book) -> Found:
        def there(id_: str) -> list[Gap | None]:
            gaps: list[Gap | None] = []
            done = 0
            for row in book.where(kind, name, id_):
                if all(row.get(key) == value for key, value in also.items()):
                    gap = _unfilled(row, *filled)
                    done += gap is None
                    gaps.append(gap)
                    if done == least:
                        return [None] * least
            given: tuple[tuple[str, Value], ...] = ((name, id_), *((key, value) for key, value in also.items() if value))
            return [*[None] * done, *[gap for gap in gaps if gap], *[Gap(given=given)] * least][:least]
        return _all(gap for item in among(book) for gap in there(item if isinstance(item, str) else item.code))
    return find


def _rows(kind: type[R], test: Callable[[R], bool] = lambda row: True) -> Callable[[Book], list[R]]:
    return lambda book: [row for row in book.rows(kind) if test(row)]


_using = _rows(Department, lambda row: row.users != 0)  # not yet counted means yes
_running = _rows(Vendor, lambda row: row.state != "out")
_scope = _rows(Process, lambda row: row.in_scope)
_deciders = _rows(Person, lambda row: row.decider)


def _role(role: str) -> Finder:
    return _of(Assignment, "role", lambda book: (role,), "person", until=None)


def _confirmed(book: Book) -> Found:
    rows = [row for row in book.where(Assignment, "role", "r-sponsor") if row.until is None]
    gaps = [None if row.confirmed else Gap(row.code, "confirmed") for row in rows]
    return _all([_first(gaps, (("role", "r-sponsor"),))])


def _group(book: Book) -> Found:
    ours = [row for row in book.rows(Person) if row.side in ("client", "")]
    others = [row for row in ours if not row.in_group]
    have = min(len(ours) - len(others), 3)
    gap = Gap(others[0].code, "in_group") if others else Gap(given=(("in_group", True),))
    return have, 3, gap if have < 3 else None


def _interests(book: Book) -> Found:
    if _deciders(book):
        return _of(Interest, "person", _deciders, "has_interest")(book)
    codes = [*(row.person for row in book.where(Assignment, "role", "r-sponsor") if row.person),
             *(row.code for row in book.rows(Person))]
    return 0, 1, Gap(codes[0], "decider") if codes else Gap()


def _old_tools(book: Book) -> Found:
    return _all(_unfilled(row, "same_data", *(("ends_on",) if row.same_data else ())) for row in book.rows(OldTool))


def _asked(book: Book) -> Found:
    talked = {code for row in book.rows(Interview) for code in row.people}
    heard = {row.department for row in book.rows(Person) if row.code in talked}
    return _all(None if row.code in heard or book.where(SurveyAnswer, "department", row.code)
                else Gap(given=(("department", row.code),)) for row in _using(book))


def _needs_of_each(book: Book) -> Found:
    named = _column(book.rows(Requirement), "department")  # quicker than an index of thousands
    return _all(None if row.code in named else Gap(given=(("department", row.code),)) for row in _using(book))


def _decided(book: Book) -> Found:
    open_ = [*book.where(Requirement, "state", "proposed"), *book.where(Requirement, "state", "")]
    total = len(book.table(Requirement))
    return total - len(open_), max(total, 1), Gap(open_[0].code, "state") if open_ else None if total else Gap()


def _accepted(book: Book) -> Sequence[Requirement]:
    return book.where(Requirement, "state", "accepted")


def _core(book: Book) -> Found:
    wanted: list[Gap | None] = []
    for vendor in (row.code for row in _running(book)):
        asked = {row.question: row for row in book.where(Answer, "vendor", vendor)}
        for question in CORE_QUESTIONS:
            row = asked.get(question)
            if row is None:
                wanted.append(Gap(given=(("vendor", vendor), ("question", question))))
            else:
                wanted.append(_unfilled(row, "state", *(("value",) if row.state in ("", "answered", "unsure") else ())))
    return _all(wanted)


def _evidence(book: Book) -> Found:
    return _all(_unfilled(row, "evidence") for vendor in _running(book)
                for row in book.where(Answer, "vendor", vendor.code) if row.state == "answered")


def _fits(book: Book) -> Found:
    position, prefix = Requirement.declared.fields["priority"].index, Requirement.declared.prefix
    musts = [f"{prefix}{row[0]}" for row in _accepted(book) if row[position] == "must"]
    musts = musts or [row.code for row in _accepted(book)]  # nothing is a must: then all of it counts
    left, gap, vendors = 0, None, [row.code for row in _running(book)]
    for vendor in vendors:
        marks = {row.requirement: row for row in book.where(Fit, "vendor", vendor)}
        open_ = [code for code in musts if code not in marks or not marks[code].mark]
        left += len(open_)
        if gap is None and open_:
            row = marks.get(open_[0])
            gap = Gap(row.code, "mark") if row else Gap(given=(("vendor", vendor), ("requirement", open_[0])))
    want = len(musts) * len(vendors)
    return (want - left, want, gap) if want else (0, 1, Gap())


def _costs(book: Book) -> Found:
    def priced(vendor: str, bucket: str) -> Gap | None:
        rows = [row for row in book.where(CostLine, "vendor", vendor) if row.bucket == bucket]
        gaps = (_unfilled(row, "kind", "likely") for row in rows)
        return next((gap for gap in gaps if gap), None) if rows else Gap(given=(("vendor", vendor), ("bucket", bucket)))
    return _all(priced(vendor.code, bucket) for vendor in _running(book) for bucket in COST_BASICS)


def _chosen(book: Book) -> list[str]:
    return [row.vendor for row in book.rows(Choice) if row.vendor][:1]


def _contract(book: Book) -> Found:
    vendor = next(iter(_chosen(book)), "")
    points = {row.item: row for row in book.where(ContractPoint, "vendor", vendor)} if vendor else {}
    return _all(Gap(given=(("vendor", vendor), ("item", item))) if (row := points.get(item)) is None
                else Gap(row.code, "state") if row.state in ("", "open") else None for item in CONTRACT_ITEMS)


def _phase(book: Book) -> Phase | None:
    """The phase in work: the first that is not closed, otherwise the last."""
    rows = sorted(book.rows(Phase), key=lambda row: (row.order or 99, row.number))
    return next((row for row in rows if row.closed_on is None), rows[-1] if rows else None)


def _functions(book: Book) -> list[str]:
    phase = _phase(book)
    return [row.function for row in book.where(PhaseFunction, "phase", phase.code) if row.function] if phase else []


def _tests(*filled: str) -> Finder:
    """A test for each function of the phase in work; these fields filled in every test."""
    def find(book: Book) -> Found:
        phase = _phase(book)
        code = phase.code if phase else ""
        wanted: list[Gap | None] = []
        for function in _functions(book):
            tests = [test for test in book.where(AcceptanceTest, "function", function) if test.phase in ("", code)]
            wanted += [_unfilled(test, *filled) for test in tests] or [Gap(given=(("phase", code), ("function", function)))]
        return _all(wanted)
    return find


def _gate(book: Book) -> Found:
    phase = _phase(book)
    return _of(GateSignOff, "gate", lambda book: ("gate-go-live",), "on", "verdict", "people",
               phase=phase.code if phase else "")(book)


def _practice(book: Book) -> Found:
    gaps = [None for row in book.rows(TrainingEvent) if row.element in PRACTICE]
    return _all([_first(gaps, (("element", PRACTICE[0]),))])


# ---- the steps ----

def _chapter(chapter: str, *steps: tuple[str, type[Record], str, Finder]) -> tuple[Step, ...]:
    return tuple(Step(f"{chapter}.{name}", chapter, kind, sentence, find) for name, kind, sentence, find in steps)


STEPS: tuple[Step, ...] = (*_chapter("goals",
    ("project", Project, "Write down the name of your company and the day on which you began. All days are counted from it.",
     _one(Project, "company", "start")),
    ("departments", Department, "Name a department whose people will use the CRM. Goals come from there.", _some(Department)),
    ("first", CompanyGoal, "Write down the first thing the company wants to reach, in your own words.", _some(CompanyGoal)),
    ("each", CompanyGoal, "Ask each department for two goals. It will work for these.",
     _of(CompanyGoal, "department", _using, least=2)),
    ("benefit", CompanyGoal, "Say who named the goal and what gets easier for these people. That is why they will take part.",
     _each(CompanyGoal, "title", "department", "user_benefit")),
    ("crm", CrmGoal, "Write down one thing that will be different once the CRM is used.", _some(CrmGoal)),
    ("link", CrmGoal, "Choose the company goals that this CRM goal helps to reach. A goal that serves none can go.",
     _each(CrmGoal, "title", "company_goals")),
    ("behaviour", CrmGoal, "Describe what people will do differently. One should be able to see it.",
     _each(CrmGoal, "behaviour")),
    ("figures", CrmGoal, "Choose what to count, measure it today and set a target. Without today's value no gain is seen.",
     _each(CrmGoal, "indicator", "baseline", "target")),
    ("owner", CrmGoal, "Name one person who asks about this goal every month, so that it stays alive.",
     _each(CrmGoal, "owner")),
    ("idea", Project, "Find one sentence that says why you do this. Everybody should know it.", _one(Project, "idea")),
    ("motives", Motive, "Note every reason why you want a CRM now. None is wrong here.", _each(Motive, "motive")),
    ("expectations", Expectation, "Ask what people hope for, and how you will see it come true. Vague hopes disappoint.",
     _each(Expectation, "title", "check")),
    ("fears", Fear, "Ask what worries people and agree on an answer. Worries that are heard shrink.",
     _each(Fear, "fear", "answer", "agreed")),
), *_chapter("team",
    ("users", Department, "Write for each department how many people will use the CRM, and for what. Let them say it.",
     _each(Department, "users", "usage")),
    ("offices", Office, "Measure the Internet line of each office in the busiest hour. A slow line makes every CRM slow.",
     _each(Office, "name", "users", "down_mbps", "up_kbps", "ping_ms", "second_line")),
    ("people", Person, "Write down the people who take part, one by one. Three are enough to begin with.", _some(Person, 3)),
    ("sponsor", Assignment, "Name the sponsor: the person who can give money and people's hours. Without one, nothing holds.",
     _role("r-sponsor")),
    ("confirmed", Assignment, "Ask the sponsor to confirm the money and the hours. Write yes only when it was said clearly.",
     _confirmed),
    ("manager", Assignment, "Name the project manager on your side. This person answers the vendor within a working day.",
     _role("r-client-pm")),
    ("owner", Assignment, "Name the process owner: somebody who does or leads the work itself. It should not be IT.",
     _role("r-process-owner")),
    ("group", Person, "Choose at least three people for the working group. Take people who work with clients every day.",
     _group),
    ("interests", Interest, "Mark who decides on the vendor. Ask each of them whether they gain from a certain choice.",
     _interests),
    ("told", Department, "Tell each department why the CRM comes and write down the day. People who are told late stay away.",
     _each(Department, "announced")),
    ("scale", Scale, "Write how many people will use the CRM, in all and at the same time. Every price depends on it.",
     _one(Scale, "users_total", "users_at_once")),
), *_chapter("processes",
    ("first", Process, "Write down the work that earns most, and mark it as part of this project. One will do at first.",
     _once(Process, "in_scope")),
    ("stages", Stage, "Name the stages in their order. Two or three words for each will do.",
     _of(Stage, "process", _scope, least=2)),
    ("owner", Process, "Say who is in charge of this work and settles questions about it.",
     _each(Process, "owner", among=_scope)),
    ("deadline", Process, "Write how long it usually takes from the first step to the result. The CRM can remind of it.",
     _each(Process, "deadline", among=_scope)),
    ("can_go", Process, "Write which steps, copies or waiting nobody would miss. What goes now need not be built.",
     _each(Process, "can_go", among=_scope)),
    ("forms", DataForm, "Name the first form that people will fill in, such as the card of a client.", _each(DataForm, "name")),
    ("fields", FormField, "Write down what this form asks for. Short forms are filled in.",
     _of(FormField, "form", _rows(DataForm))),
    ("purpose", FormField, "Say what the field is for and who reads it. A field that nobody reads can go.",
     _each(FormField, "name", "purpose", "reader")),
    ("lists", OptionList, "Write down a list to choose from, one option on each line. Seven options are enough at the start.",
     _each(OptionList, "name", "options")),
    ("old_tools", OldTool, "Name the tables, programs and notebooks in use, and until when. Two for the same data cost time.",
     _old_tools),
), *_chapter("requirements",
    ("survey", SurveyAnswer, "Ask people of each department, in the survey or at their desks. They know what is missing.",
     _asked),
    ("first", Requirement, "Write down the first thing the CRM must make possible. Begin with: I want to see ...",
     _some(Requirement)),
    ("each", Requirement, "Write down a need of each department. Who is left out keeps own tables.", _needs_of_each),
    ("priority", Requirement, "Say how important it is and who needs it. A must is something without which you do not buy.",
     _each(Requirement, "priority", "department")),
    ("decided", Requirement, "Decide whether the group takes this up. A clear no is better than silence.", _decided),
    ("links", Requirement, "Choose the CRM goals that it serves. What serves none can wait.",
     _each(Requirement, "goals", among=_accepted)),
    ("sign_offs", SignOff, "Let an everyday user of each department read its needs and sign. Later, changes cost money.",
     _of(SignOff, "department", _using, "person", "everyday_user", "on")),
), *_chapter("vendors",
    ("two", Vendor, "Write down two vendors or three. With only one there is nothing to compare.", _some(Vendor, 2)),
    ("core", Answer, "Ask each vendor the twelve core questions and note the answers. They bring surprises to light.", _core),
    ("evidence", Answer, "Say how sure you are of this answer. A word in a talk counts less than a line in the offer.",
     _evidence),
    ("fit", Fit, "Mark for each must whether this vendor's system can do it today. Let the vendor show it.", _fits),
    ("costs", CostLine, "Write down licences, introduction, training and support. Ask in writing where an amount is missing.",
     _costs),
    ("trials", Trial, "Let your own people work in each system, with your amount of data. A demo shows only what works.",
     _of(Trial, "vendor", _running, "on", "people", "real_load", kind="trial")),
    ("decision", Choice, "Write down which vendor you choose, why, and who decided. A year later somebody will ask.",
     _each(Choice, "vendor", "on", "reason", "requirements", "deciders")),
    ("contract", ContractPoint, "Settle each point of the contract before you sign. Note the number of the clause.", _contract),
    ("payments", Payment, "Divide the price into stages and pay each one after it was accepted. Two stages are the least.",
     _of(Payment, "vendor", _chosen, "amount", "needs_acceptance", least=2)),
), *_chapter("phases",
    ("first", Phase, "Give the first phase a name. Keep it small, so that it shows a result within a month.", _some(Phase)),
    ("goals", Phase, "Choose the CRM goals that this phase serves. People want to see a use.", _each(Phase, "goals")),
    ("dates", Phase, "Set the days: start, first result, daily use, end. A phase without days is a wish.",
     _each(Phase, "title", "start", "first_result", "go_live", "end")),
    ("functions", PhaseFunction, "Choose what comes in this phase. Eight functions are enough for the first one.",
     _of(PhaseFunction, "phase", _rows(Phase))),
    ("reasons", PhaseFunction, "Say why you need it. 'Everybody has it' is no reason.",
     _each(PhaseFunction, "function", "reason")),
    ("tests", AcceptanceTest, "Write for each function what must come out, and who tests it. So you agree on 'finished'.",
     _tests("tester")),
    ("passed", AcceptanceTest, "Do the test and write down the day on which it passed. Then everybody gets it.",
     _tests("passed_on")),
    ("gate", GateSignOff, "Look at the list before people start, and sign. It is a last chance to say stop.", _gate),
), *_chapter("adoption",
    ("first", TrainingEvent, "Plan the first lesson: day, kind and who leads it. People learn before the start, not after it.",
     _each(TrainingEvent, "title", "element", "on", "led_by")),
    ("practice", TrainingEvent, "Plan an hour for people's own tasks. Nobody learns by watching.", _practice),
    ("questions", TrainingEvent, "Plan a meeting for questions, one to three weeks after the start. They come with the work.",
     _of(TrainingEvent, "element", lambda book: ("t-qa-session",))),
    ("materials", Material, "Write a short text or make a short video for each function of the phase. Say where it lies.",
     _of(Material, "function", _functions, "kind", "where")),
    ("rules", WorkingRule, "Agree for each function who enters what, and by when. Otherwise everybody does it differently.",
     _of(WorkingRule, "function", _functions, "title")),
    ("support", Support, "Agree how long the vendor helps and how many hours a week people have for learning.",
     _one(Support, "months", "basic_only", "learning_hours")),
    ("held", TrainingEvent, "Tick the lessons that were held and who came. Those who missed one need another day.",
     _once(TrainingEvent, "held")),
    ("week", Measurement, "Count in the first week how many people really worked with it. A quarter of an hour is enough.",
     _each(Measurement, "week", "users", "active")),
))
"""Every step, in the order in which a group that knows nothing goes through them."""

_BY_CHAPTER: Mapping[str, tuple[Step, ...]] = {
    chapter: tuple(step for step in STEPS if step.chapter == chapter) for chapter in CHAPTERS}
_POSITION: Mapping[str, int] = {step.id: index for index, step in enumerate(STEPS)}
