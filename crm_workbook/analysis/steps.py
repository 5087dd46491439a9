"""The steps: from the first goal to the first weekly figure, as data.

Each one names the kind of record it is about, a sentence for somebody who never did this, and a finder that counts what is
there and says what to open for the rest. A step is *done* when nothing is left to open.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crm_workbook.analysis.finders import (
    Finder,
    Found,
    Gap,
    Source,
    any_of,
    best,
    column,
    each,
    everything,
    first,
    ids,
    of,
    once,
    one,
    rows_of,
    some,
    unfilled,
)
from crm_workbook.records import Record
from crm_workbook.records.adoption import Material, Measurement, Support, TrainingEvent, WorkingRule
from crm_workbook.records.book import Book
from crm_workbook.records.goals import CompanyGoal, CrmGoal, Expectation, Fear, Motive, Project
from crm_workbook.records.phases import AcceptanceTest, GateSignOff, Phase, PhaseFunction
from crm_workbook.records.processes import DataForm, FormField, OldTool, OptionList, Process, Stage
from crm_workbook.records.requirements import Interview, Requirement, SignOff, SurveyAnswer
from crm_workbook.records.team import Assignment, Department, Interest, Office, Person, Scale
from crm_workbook.records.vendors import Answer, Choice, ContractPoint, CostLine, Fit, Payment, Trial, Vendor

CHAPTERS = ("goals", "team", "processes", "requirements", "vendors", "phases", "adoption")  # in the order of the work
CORE_QUESTIONS = ("dbms-which", "dbms-licence-cost", "dbms-load", "dbms-real-load-demo", "dbms-hardware", "mail-client",
                  "tel-our-pbx", "host-model", "func-must-haves", "func-process-editor", "func-addons", "price-licence")
"""The twelve questions that every vendor is asked first (`core` in the catalogue; a test holds both together)."""
CORE_CONDITIONS = {"dbms-hardware": ("host-model", ("own-server", "desktop-server", "mixed"))}
"""Of those, the ones that come up with certain answers to another one only (`applies_when`; a test holds both together)."""
CONTRACT_ITEMS = ("c-stages", "c-support-line", "c-price-limit", "c-dbms", "c-addons", "c-move", "c-sla", "c-data",
                  "c-test-data", "c-reference", "c-roles", "c-training", "c-term", "c-exit")
"""What belongs in the contract (`contract_item` in the catalogue)."""
COST_BASICS = ("licence", "implementation", "training", "support")  # without these no offer can be compared
PRACTICE = ("t-practice", "t-first-contact", "t-extra-hours", "t-clinic")  # people work themselves


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do. `sentence` says what and why, in at most two short sentences (translated by the screen)."""

    id: str
    chapter: str
    kind: type[Record]
    sentence: str
    find: Finder


# ---- finders of single steps ----

_using = rows_of(Department, lambda row: row.users != 0)  # not yet counted means yes
_running = rows_of(Vendor, lambda row: row.state != "out")
_begin: Finder = once(Process, "in_scope")
_scope = rows_of(Process, lambda row: row.in_scope, lambda book: _begin(book)[2] or Gap())
_deciders = rows_of(Person, lambda row: row.decider)
_accepted = Source(lambda book: book.where(Requirement, "state", "accepted"), lambda book: _decided(book)[2] or Gap())
_chosen = Source(lambda book: [row.vendor for row in book.rows(Choice) if row.vendor][:1], lambda book: Gap(kind=Choice))
_functions = Source(lambda book: _functions_of(_phase(book)[:1], book), lambda book: _function_wanted(book))


def _role(role: str) -> Finder:
    return of(Assignment, "role", ids(role), until=None)


def _confirmed(book: Book) -> Found:
    rows = [row for row in book.where(Assignment, "role", "r-sponsor") if row.until is None]
    gaps = [None if row.confirmed else Gap(row.code, "confirmed") for row in rows]
    return everything([any_of(gaps, (("role", "r-sponsor"),))])


def _group(book: Book) -> Found:
    ours = [row for row in book.rows(Person) if row.side in ("client", "")]
    others = [row for row in ours if not row.in_group]
    have = min(len(ours) - len(others), 3)
    gap = Gap(others[0].code, "in_group") if others else Gap(given=(("in_group", True),))
    return have, 3, gap if have < 3 else None


def _interests(book: Book) -> Found:
    if _deciders(book):
        return of(Interest, "person", _deciders, "has_interest")(book)
    codes = [*(row.person for row in book.where(Assignment, "role", "r-sponsor") if row.person),
             *(row.code for row in book.rows(Person))]
    return 0, 1, Gap(codes[0], "decider") if codes else Gap(kind=Person)


def _old_tools(book: Book) -> Found:
    return everything(unfilled(row, "name", "same_data", *(("ends_on",) if row.same_data else ()))
                      for row in book.rows(OldTool))


def _asked(book: Book) -> Found:
    talked = {code for row in book.rows(Interview) for code in row.people}
    heard = {row.department for row in book.rows(Person) if row.code in talked}

    def asked(code: str) -> Gap | None:
        gaps = [unfilled(row, "question", "answer") for row in book.where(SurveyAnswer, "department", code)]
        return None if code in heard else any_of(gaps, (("department", code),))
    return everything((asked(row.code) for row in _using(book)), _using.lacking(book))


def _needs_of_each(book: Book) -> Found:
    named = column(book.rows(Requirement), "department")  # quicker than an index of thousands
    return everything((None if row.code in named else Gap(given=(("department", row.code),)) for row in _using(book)),
                      _using.lacking(book))


def _decided(book: Book) -> Found:
    open_ = [*book.where(Requirement, "state", "proposed"), *book.where(Requirement, "state", "")]
    total = len(book.table(Requirement))
    return total - len(open_), max(total, 1), Gap(open_[0].code, "state") if open_ else None if total else Gap()


def _core(book: Book) -> Found:
    wanted: list[Gap | None] = []
    for vendor in (row.code for row in _running(book)):
        asked = {row.question: row for row in book.where(Answer, "vendor", vendor)}
        for question in CORE_QUESTIONS:
            row = asked.get(question)
            if row is None:
                wanted.append(None if _spared(question, asked) else Gap(given=(("vendor", vendor), ("question", question))))
            else:
                wanted.append(unfilled(row, "state", *(("value",) if row.state in ("", "answered", "unsure") else ())))
    return everything(wanted, _running.lacking(book))


def _spared(question: str, asked: Mapping[str, Answer]) -> bool:
    """Need a question not be asked, because of the answer to another one?"""
    condition = CORE_CONDITIONS.get(question)
    other = asked.get(condition[0]) if condition is not None else None
    if condition is None or other is None or other.state in ("later", "dont_know"):
        return False
    return other.state == "not_applicable" or other.value not in ("", "unknown", *condition[1])


def _evidence(book: Book) -> Found:
    return everything((unfilled(row, "evidence") for vendor in _running(book)
                       for row in book.where(Answer, "vendor", vendor.code) if row.state == "answered"), _core(book)[2])


def _fits(book: Book) -> Found:
    position, prefix = Requirement.declared.fields["priority"].index, Requirement.declared.prefix
    musts = [f"{prefix}{row[0]}" for row in _accepted(book) if row[position] == "must"]
    musts = musts or [row.code for row in _accepted(book)]  # nothing is a must: then all of it counts
    vendors = [row.code for row in _running(book)]
    left = 0
    gaps: list[Gap | None] = []
    for vendor in vendors:
        marks = {row.requirement: row for row in book.where(Fit, "vendor", vendor)}
        open_ = [code for code in musts if code not in marks or not marks[code].mark]
        left += len(open_)
        gaps += [Gap(marks[code].code, "mark") for code in open_ if code in marks][:1]
        gaps += [Gap(given=(("vendor", vendor), ("requirement", code))) for code in open_[:1]]
    want = len(musts) * len(vendors)
    return (want - left, want, best(gaps)) if want else (0, 1, (_accepted if vendors else _running).lacking(book))


def _costs(book: Book) -> Found:
    def priced(vendor: str, bucket: str) -> Gap | None:
        rows = [row for row in book.where(CostLine, "vendor", vendor) if row.bucket == bucket]
        return best(unfilled(row, "title", "kind", "likely") for row in rows) if rows else Gap(
            given=(("vendor", vendor), ("bucket", bucket)))
    return everything((priced(vendor.code, bucket) for vendor in _running(book) for bucket in COST_BASICS),
                      _running.lacking(book))


def _contract(book: Book) -> Found:
    def settled(vendor: str) -> list[Gap | None]:
        points = {row.item: row for row in book.where(ContractPoint, "vendor", vendor)}
        return [Gap(given=(("vendor", vendor), ("item", item))) if (row := points.get(item)) is None
                else Gap(row.code, "state") if row.state in ("", "open") else None for item in CONTRACT_ITEMS]
    return everything((gap for vendor in _chosen(book) for gap in settled(vendor)), _chosen.lacking(book))


def _phase(book: Book) -> list[Phase]:
    """The phase in work: the first that is not closed, otherwise the last; none while there is no phase."""
    rows = sorted(book.rows(Phase), key=lambda row: (row.order or 99, row.number))
    return next(([row] for row in rows if row.closed_on is None), rows[-1:])


def _functions_of(phases: Sequence[Phase], book: Book) -> list[str]:
    return [row.function for phase in phases for row in book.where(PhaseFunction, "phase", phase.code) if row.function]


def _function_wanted(book: Book) -> Gap:
    return Gap(given=tuple(("phase", phase.code) for phase in _phase(book)), kind=PhaseFunction)


def _tests(*names: str) -> Finder:
    """A test for each function of the phase in work; these fields filled in every test."""
    def find(book: Book) -> Found:
        code = next((phase.code for phase in _phase(book)), "")
        wanted: list[Gap | None] = []
        for function in _functions(book):
            tests = [test for test in book.where(AcceptanceTest, "function", function) if test.phase in ("", code)]
            wanted += [unfilled(test, "title", *names) for test in tests] or [
                Gap(given=(("phase", code), ("function", function)))]
        for number, gap in enumerate(wanted):
            if gap is not None and not gap.code:  # before a new one: one that tests nothing yet
                loose = [test for test in book.where(AcceptanceTest, "function", "")
                         if not test.requirement and test.phase in ("", code)]
                wanted[number] = Gap(loose[0].code, "function") if loose else gap
                break
        return everything(wanted, _functions.lacking(book))
    return find


def _gate(book: Book) -> Found:
    phase = next((phase.code for phase in _phase(book)), "")
    loose = [row for row in book.where(GateSignOff, "gate", "gate-go-live") if not row.phase]
    found = of(GateSignOff, "gate", ids("gate-go-live"), "on", "verdict", "people", phase=phase)(book)
    if not phase or (loose and found[2] and not found[2].code):
        return 0, 1, Gap(loose[0].code, "phase") if loose else Gap(kind=Phase)
    return found


def _practice(book: Book) -> Found:
    rows = [row for row in book.rows(TrainingEvent) if row.element in PRACTICE]
    return everything([any_of([unfilled(row, "title") for row in rows], (("element", PRACTICE[0]),))])


# ---- the steps ----

def _chapter(chapter: str, *steps: tuple[str, type[Record], str, Finder]) -> tuple[Step, ...]:
    return tuple(Step(f"{chapter}.{name}", chapter, kind, sentence, find) for name, kind, sentence, find in steps)


STEPS: tuple[Step, ...] = (*_chapter("goals",
    ("project", Project, "Write down the name of your company and the day on which you began. All days are counted from it.",
     one(Project, "company", "start")),
    ("departments", Department, "Name a department whose people will use the CRM. Goals come from there.", some(Department)),
    ("first", CompanyGoal, "Write down the first thing the company wants to reach, in your own words.",
     first(CompanyGoal, "title", "department", "user_benefit")),
    ("each", CompanyGoal, "Ask each department for two goals. It will work for these.",
     of(CompanyGoal, "department", _using, least=2)),
    ("benefit", CompanyGoal, "Say who named the goal and what gets easier for these people. That is why they will take part.",
     each(CompanyGoal, "title", "department", "user_benefit")),
    ("crm", CrmGoal, "Write down one thing that will be different once the CRM is used.", some(CrmGoal)),
    ("link", CrmGoal, "Choose the company goals that this CRM goal helps to reach. A goal that serves none can go.",
     each(CrmGoal, "title", "company_goals")),
    ("behaviour", CrmGoal, "Describe what people will do differently. One should be able to see it.",
     each(CrmGoal, "behaviour")),
    ("figures", CrmGoal, "Choose what to count, measure it today and set a target. Without today's value no gain is seen.",
     each(CrmGoal, "indicator", "baseline", "target")),
    ("owner", CrmGoal, "Name one person who asks about this goal every month, so that it stays alive.",
     each(CrmGoal, "owner")),
    ("idea", Project, "Find one sentence that says why you do this. Everybody should know it.", one(Project, "idea")),
    ("motives", Motive, "Note every reason why you want a CRM now. None is wrong here.", each(Motive, "motive")),
    ("expectations", Expectation, "Ask what people hope for, and how you will see it come true. Vague hopes disappoint.",
     each(Expectation, "title", "check")),
    ("fears", Fear, "Ask what worries people and agree on an answer. Worries that are heard shrink.",
     each(Fear, "fear", "answer", "agreed")),
), *_chapter("team",
    ("users", Department, "Write for each department how many people will use the CRM, and for what. Let them say it.",
     each(Department, "name", "users", "usage")),
    ("offices", Office, "Measure the Internet line of each office in the busiest hour. A slow line makes every CRM slow.",
     each(Office, "name", "users", "down_mbps", "up_kbps", "ping_ms", "second_line")),
    ("people", Person, "Write down the people who take part, one by one. Three are enough to begin with.", some(Person, 3)),
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
     each(Department, "announced")),
    ("scale", Scale, "Write how many people will use the CRM, in all and at the same time. Every price depends on it.",
     one(Scale, "users_total", "users_at_once")),
), *_chapter("processes",
    ("first", Process, "Write down the work that earns most, and mark it as part of this project. One will do at first.",
     once(Process, "in_scope")),
    ("stages", Stage, "Name the stages in their order. Two or three words for each will do.",
     of(Stage, "process", _scope, least=2)),
    ("owner", Process, "Say who is in charge of this work and settles questions about it.",
     each(Process, "owner", among=_scope)),
    ("deadline", Process, "Write how long it usually takes from the first step to the result. The CRM can remind of it.",
     each(Process, "deadline", among=_scope)),
    ("can_go", Process, "Write which steps, copies or waiting nobody would miss. What goes now need not be built.",
     each(Process, "can_go", among=_scope)),
    ("forms", DataForm, "Name the first form that people will fill in, such as the card of a client.", each(DataForm, "name")),
    ("fields", FormField, "Write down what this form asks for. Short forms are filled in.",
     of(FormField, "form", rows_of(DataForm))),
    ("purpose", FormField, "Say what the field is for and who reads it. A field that nobody reads can go.",
     each(FormField, "name", "purpose", "reader")),
    ("lists", OptionList, "Write down a list to choose from, one option on each line. Seven options are enough at the start.",
     each(OptionList, "name", "options")),
    ("old_tools", OldTool, "Name the tables, programs and notebooks in use, and until when. Two for the same data cost time.",
     _old_tools),
), *_chapter("requirements",
    ("survey", SurveyAnswer, "Ask people of each department, in the survey or at their desks. They know what is missing.",
     _asked),
    ("first", Requirement, "Write down the first thing the CRM must make possible. Begin with: I want to see ...",
     first(Requirement, "title", "priority", "department")),
    ("each", Requirement, "Write down a need of each department. Who is left out keeps own tables.", _needs_of_each),
    ("priority", Requirement, "Say how important it is and who needs it. A must is something without which you do not buy.",
     each(Requirement, "title", "priority", "department")),
    ("decided", Requirement, "Decide whether the group takes this up. A clear no is better than silence.", _decided),
    ("links", Requirement, "Choose the CRM goals that it serves. What serves none can wait.",
     each(Requirement, "goals", among=_accepted)),
    ("sign_offs", SignOff, "Let an everyday user of each department read its needs and sign. Later, changes cost money.",
     of(SignOff, "department", _using, "person", "everyday_user", "on")),
), *_chapter("vendors",
    ("two", Vendor, "Write down two vendors or three. With only one there is nothing to compare.", some(Vendor, 2)),
    ("core", Answer, "Ask each vendor the twelve core questions and note the answers. They bring surprises to light.", _core),
    ("evidence", Answer, "Say how sure you are of this answer. A word in a talk counts less than a line in the offer.",
     _evidence),
    ("fit", Fit, "Mark for each must whether this vendor's system can do it today. Let the vendor show it.", _fits),
    ("costs", CostLine, "Write down licences, introduction, training and support. Ask in writing where an amount is missing.",
     _costs),
    ("trials", Trial, "Let your own people work in each system, with your amount of data. A demo shows only what works.",
     of(Trial, "vendor", _running, "on", "people", "real_load", kind="trial")),
    ("decision", Choice, "Write down which vendor you choose, why, and who decided. A year later somebody will ask.",
     each(Choice, "vendor", "on", "reason", "requirements", "deciders")),
    ("contract", ContractPoint, "Settle each point of the contract before you sign. Note the number of the clause.", _contract),
    ("payments", Payment, "Divide the price into stages and pay each one after it was accepted. Two stages are the least.",
     of(Payment, "vendor", _chosen, "amount", "needs_acceptance", least=2)),
), *_chapter("phases",
    ("first", Phase, "Give the first phase a name. Keep it small, so that it shows a result within a month.", some(Phase)),
    ("goals", Phase, "Choose the CRM goals that this phase serves. People want to see a use.", each(Phase, "goals")),
    ("dates", Phase, "Set the days: start, first result, daily use, end. A phase without days is a wish.",
     each(Phase, "title", "start", "first_result", "go_live", "end")),
    ("functions", PhaseFunction, "Choose what comes in this phase. Eight functions are enough for the first one.",
     of(PhaseFunction, "phase", rows_of(Phase))),
    ("reasons", PhaseFunction, "Say why you need it. 'Everybody has it' is no reason.",
     each(PhaseFunction, "function", "reason")),
    ("tests", AcceptanceTest, "Write for each function what must come out, and who tests it. So you agree on 'finished'.",
     _tests("tester")),
    ("passed", AcceptanceTest, "Do the test and write down the day on which it passed. Then everybody gets it.",
     _tests("passed_on")),
    ("gate", GateSignOff, "Look at the list before people start, and sign. It is a last chance to say stop.", _gate),
), *_chapter("adoption",
    ("first", TrainingEvent, "Plan the first lesson: day, kind and who leads it. People learn before the start, not after it.",
     each(TrainingEvent, "title", "element", "on", "led_by")),
    ("practice", TrainingEvent, "Plan an hour for people's own tasks. Nobody learns by watching.", _practice),
    ("questions", TrainingEvent, "Plan a meeting for questions, one to three weeks after the start. They come with the work.",
     of(TrainingEvent, "element", ids("t-qa-session"))),
    ("materials", Material, "Write a short text or make a short video for each function of the phase. Say where it lies.",
     of(Material, "function", _functions, "kind", "where")),
    ("rules", WorkingRule, "Agree for each function who enters what, and by when. Otherwise everybody does it differently.",
     of(WorkingRule, "function", _functions, "title")),
    ("support", Support, "Agree how long the vendor helps and how many hours a week people have for learning.",
     one(Support, "months", "basic_only", "learning_hours")),
    ("held", TrainingEvent, "Tick the lessons that were held and who came. Those who missed one need another day.",
     once(TrainingEvent, "held")),
    ("week", Measurement, "Count in the first week how many people really worked with it. A quarter of an hour is enough.",
     each(Measurement, "week", "users", "active")),
))
"""Every step, in the order in which a group that knows nothing goes through them."""
