"""A small project in which all is well: 24 future users in four departments, the first of three phases in daily use.

No pattern fires, none is unknown, and every automatic item of every gate is ready (of the gates of phase PH1). Tests change
one thing in it and see what follows:

    changed(healthy(), "PRJ1", rescue=True)             the same project with one field changed
    without(healthy(), "ST1", Interest)                 without this record, and without all records of a kind
    with_rows(healthy(), Pulse(on=TODAY, mark=1))       with one more record, which gets the next free number
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache

from crm_workbook.catalogue import load
from crm_workbook.catalogue.rows import Question as VendorQuestion
from crm_workbook.records import Record, Value, split_code
from crm_workbook.records.adoption import (
    ChangeRequest,
    Incident,
    Material,
    Measurement,
    Pulse,
    Support,
    TestData,
    TrainingEvent,
    Workaround,
    WorkingRule,
)
from crm_workbook.records.book import Book
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
from crm_workbook.records.minutes import Handout, Workshop
from crm_workbook.records.phases import AcceptanceTest, Defect, Phase, PhaseFunction, Release
from crm_workbook.records.processes import (
    DataForm,
    DataItem,
    FormField,
    OldTool,
    OptionList,
    Process,
    ProcessVersion,
    Stage,
)
from crm_workbook.records.requirements import Conflict, Interview, Requirement, SignOff, Suggestion, SurveyAnswer
from crm_workbook.records.team import (
    Assignment,
    Department,
    Interest,
    Nomination,
    Office,
    OpenDecision,
    Person,
    Question,
    RoleChange,
    Scale,
    SponsorTalk,
)
from crm_workbook.records.vendors import (
    Answer,
    Choice,
    ContractPoint,
    CostLine,
    Fit,
    Payment,
    Trial,
    Vendor,
    VendorPromise,
)

TODAY = date(2026, 3, 18)  # a Wednesday
START = date(2025, 6, 2)
DECIDED = date(2025, 10, 20)
LIVE = date(2026, 2, 2)
"""The day from which phase PH1 is in daily use, 44 days ago."""

DEPARTMENTS = {"sales": ("Sales", 10), "customer-service": ("Service", 8), "logistics": ("Dispatch", 4),
               "finance": ("Accounts", 2)}
"""D1 to D4 with their users, who are the people M1 to M24; D5 is the management, which has none."""
FIRST = ("M1", "M11", "M19", "M23")
"""The first user of each department: in the working group, starts early."""
SPONSOR, MANAGER, OWNER, ADMIN, SELLER, TEACHER = "M25", "M26", "M27", "M28", "M29", "M30"
"""Sponsor, project manager, process owner, our administrator; and the vendor's two people."""
CHOSEN, OTHER = "V1", "V2"
PHASES: dict[str, tuple[str, ...]] = {
    "PH1": ("f-users-rights", "f-backup", "f-contacts", "f-history", "f-calendar", "f-tasks"),
    "PH2": ("f-deal-stages", "f-funnel", "f-standard-reports", "f-tickets"),
    "PH3": ("f-report-builder", "f-dashboards", "f-mail-client")}


def users(*departments: str) -> tuple[str, ...]:
    """The codes of the users of these departments (D1 ... D4)."""
    found, number = list[str](), 0
    for code, (_, count) in zip(("D1", "D2", "D3", "D4"), DEPARTMENTS.values(), strict=True):
        if code in departments:
            found += [f"M{number + n}" for n in range(1, count + 1)]
        number += count
    return tuple(found)


EVERYBODY = users("D1", "D2", "D3", "D4")
STARTERS = users("D1", "D2")
"""The users of phase PH1."""


# ---- the chapters ----

def goals() -> Iterator[Record]:
    yield Project(company="Nordlicht", start=START, idea="Whoever picks up the telephone knows the customer.", rescue=False,
                  currency="EUR", hour_cost=Decimal(40), plain_language=True)
    for code, title in (("D1", "Answer each inquiry the same day"), ("D2", "Mend faults in two days"),
                        ("D3", "Send what was promised"), ("D4", "Bills without questions back")):
        yield CompanyGoal(title=title, department=code, user_benefit="Less searching for papers.", owner=OWNER, weight=4)
    yield CrmGoal(title="Inquiries are answered the same day", company_goals=("G1", "G3"), owner=OWNER,
                  indicator="Share answered", behaviour="Who takes the call writes it on the customer's card.", unit="%",
                  direction="up", baseline=60.0, target=95.0, customer_side=True)
    yield CrmGoal(title="Faults are known to all who mend them", company_goals=("G2", "G4"), owner=OWNER,
                  indicator="Days to mend", behaviour="Service looks at the card before it calls.", unit="days",
                  direction="down", baseline=4.0, target=2.0, customer_side=True)
    yield Motive(motive="mo-process")
    yield Motive(motive="mo-service")
    yield Reason(title="Quick answers", side="gain")
    yield Reason(title="One card for each customer", side="gain")
    yield Reason(title="Lost notes", side="avoid")
    yield Expectation(title="Fewer calls to find something out", department="D1", check="Tally of calls in one week")
    yield Fear(fear="fear-time", department="D1", answer="Two hours a week are kept free.", agreed=True)
    yield Postponed(title="Telephone link", when=date(2026, 9, 1), where="Phase meeting", how="Ask for a price", times=1)
    yield EarlierAttempt(title="A shared table", year=2022, lesson="Nobody kept it up.")
    yield StrategyChange(title="A second warehouse", on=date(2025, 9, 1), reviewed_on=date(2025, 9, 8))


def team() -> Iterator[Record]:
    for first, (kind, (name, count)) in zip(FIRST, DEPARTMENTS.items(), strict=True):
        yield Department(name=name, kind=kind, users=count, head=first, usage="All of us, every day.", announced=START,
                         fears_asked=date(2025, 6, 16), needs_asked=date(2025, 6, 16), details_clarified=date(2025, 9, 1))
    yield Department(name="Management", kind="management", users=0, head=SPONSOR, usage="Reads reports.", announced=START)
    yield Office(name="Head office", users=24, calls=4, down_mbps=100.0, up_kbps=20_000.0, ping_ms=20.0,
                 measured_on=date(2025, 8, 4), second_line=True)
    for department in ("D1", "D2", "D3", "D4"):
        for code in users(department):
            leads = code in FIRST
            yield Person(name=f"User {code}", side="client", department=department, everyday_user=True, in_group=leads,
                         early_follower=leads, hours=4.0 if leads else None, agrees_with_idea=True if leads else None)
    yield Person(name="Sponsor", side="client", department="D5", decider=True)
    yield Person(name="Manager", side="client", department="D5", in_group=True, hours=10.0, decider=True, agrees_with_idea=True)
    yield Person(name="Owner", side="client", department="D1", in_group=True, hours=4.0, decider=True, agrees_with_idea=True)
    yield Person(name="Admin", side="client", department="D5", in_group=True, hours=4.0, from_it=True, agrees_with_idea=True)
    yield Person(name="Seller", side="vendor")
    yield Person(name="Teacher", side="vendor")
    for role, person in (("r-sponsor", SPONSOR), ("r-client-pm", MANAGER), ("r-process-owner", OWNER), ("r-it-adviser", ADMIN),
                         ("r-vendor-pm", SELLER), ("r-client-tester", "M1"), ("r-client-tester", "M19"),
                         ("r-support-contact", "M19"), ("r-cost-keeper", "M23"), ("r-internal-expert", "M11")):
        expert = role == "r-internal-expert"
        yield Assignment(role=role, person=person, since=START, confirmed=True if role == "r-sponsor" else None,
                         relieved_hours=6.0 if expert else None, incentive="Two days off" if expert else "")
    yield Nomination(person="M11", daily=True, respected=True, no_faction=True, understands_programs=4, understands_work=5,
                     willing=True, relieved_hours=6.0, incentive="Two days off", on=date(2025, 9, 1))
    for person in (SPONSOR, MANAGER, OWNER):
        yield Interest(person=person, has_interest=False, on=date(2025, 7, 1))
    yield SponsorTalk(title="How the first weeks went", on=TODAY - timedelta(days=9))
    yield Question(title="Which fields may be empty?", asked_by="vendor", asked_on=date(2026, 3, 9), waits_for=MANAGER,
                   answer="The note.", answered_on=date(2026, 3, 10))
    yield OpenDecision(title="Who may export?", raised_on=date(2026, 3, 9), decider=MANAGER, decision="Heads only.",
                       decided_on=date(2026, 3, 10))
    yield RoleChange(role="r-process-owner", after=OWNER, on=date(2025, 9, 1), confirmed_on=date(2025, 9, 8))
    yield Scale(users_total=24, users_at_once=18, users_mobile=6, calls_at_once=4, data_gb=20.0, letters_per_day=1500)


def processes() -> Iterator[Record]:
    yield Process(name="Inquiry", in_scope=True, owner=OWNER, departments=("D1", "D3"), deadline="one day", can_go="The copy",
                  steps_before=9, steps_after=7, merged=False)
    yield Process(name="Fault", in_scope=True, owner="M11", departments=("D2", "D4"), deadline="two days", can_go="The list",
                  steps_before=8, steps_after=6, merged=False)
    for code in ("P1", "P2"):
        yield Stage(process=code, order=1, name="Write down", who="who takes the call", deadline="one hour")
        yield Stage(process=code, order=2, name="Answer", who="the department", deadline="one day")
    yield ProcessVersion(process="P1", title="Dispatch sees it too", on=date(2026, 2, 16), steps=7, in_crm_on=date(2026, 2, 18))
    yield DataForm(name="Inquiry", process="P1")
    yield DataForm(name="Visit", process="P2", mobile=True)
    for form, name, list_ in (("FO1", "Source", "L1"), ("FO1", "Wish", ""), ("FO2", "Fault", ""), ("FO2", "Part", "")):
        yield FormField(form=form, name=name, required=True, purpose="To answer", reader="the department", list=list_)
    yield OptionList(name="Source", options="telephone\nmail\nvisit\nother", other_share=5.0)
    yield DataItem(name="Delivery address", places="CRM\naccounts", master="CRM")
    yield OldTool(name="Customer table", departments=("D1",), same_data=True, ends_on=date(2026, 1, 31))


def requirements() -> Iterator[Record]:
    for department, author in zip(("D1", "D2", "D3", "D4"), FIRST, strict=True):
        yield SurveyAnswer(question="sq-slow", answer="Searching.", department=department, person=author, on=date(2025, 6, 16))
    yield Interview(title="An ordinary day", people=EVERYBODY[:20], on=date(2025, 6, 18), by=MANAGER)
    yield Suggestion(title="A larger font", department="D1", on=date(2026, 3, 2), state="done", answer="Done.",
                     answered_on=date(2026, 3, 4))
    for department, author in zip(("D1", "D2", "D3", "D4"), FIRST, strict=True):
        serves = "C1" if department in ("D1", "D3") else "C2"
        for priority, phase in (("must", "PH1"), ("should", "PH2")):
            yield Requirement(title=f"See on one card what {department} needs ({priority})", why="Papers lie everywhere.",
                              priority=priority, state="accepted", department=department, author=author, goals=(serves,),
                              processes=("P1",), functions=("f-contacts",), phase=phase, tester="M1",
                              accepted_on=date(2026, 1, 26) if phase == "PH1" else None)
    yield Conflict(title="Who sees prices", first="R1", second="R7", settled="Heads do.", settled_on=date(2025, 9, 1))
    for department, author in zip(("D1", "D2", "D3", "D4"), FIRST, strict=True):
        yield SignOff(department=department, person=author, everyday_user=True, on=date(2025, 9, 10))


PRICES = {"price-licence": 8_000, "price-implementation-quote": 12_000, "train-price": 1_500}
"""What the answers to these questions cost; everything else that costs something costs 200."""


def _good(question: VendorQuestion) -> str:
    """The best answer to a question."""
    if question.id == "func-class":
        return "crm"
    if question.options:
        return max(question.options, key=lambda option: option.value).id
    if question.best is not None:
        return f"{question.best:g}"
    return {"yes_no": "yes", "money": "100"}.get(question.answer_type, "Clause 4")


def vendors() -> Iterator[Record]:
    catalogue = load()
    yield Vendor(name="Alpha", product="Team", state="chosen", first_talk=date(2025, 9, 15))
    yield Vendor(name="Beta", product="Office", state="candidate", first_talk=date(2025, 9, 16))
    answers = {question.id: _good(question) for question in catalogue.questions.values()}
    for question in catalogue.questions.values():
        if question.applies_when:
            asked, _, wanted = question.applies_when.removeprefix("answer:").partition(" in ")
            if answers.get(asked) not in wanted.split("|"):
                continue
        value = answers[question.id]
        yield Answer(vendor=CHOSEN, question=question.id, state="answered", value=value, evidence="4", reference="Contract",
                     evidence_on=date(2025, 10, 1), asked_on=date(2025, 9, 15))
        if question.cost and {"always", value} & set(question.cost.opens_when):
            recurring = question.cost.kind == "recurring" or question.id == "price-licence"
            yield CostLine(vendor=CHOSEN, bucket=question.cost.bucket, title=question.id, question=question.id,
                           kind="recurring" if recurring else "one_off", basis="fixed", units=1.0,
                           likely=Decimal(PRICES.get(question.id, 200)))
    yield CostLine(vendor=CHOSEN, bucket="support", title="Support", kind="recurring", basis="fixed", units=1.0,
                   likely=Decimal(600))
    yield CostLine(vendor=CHOSEN, bucket="internal_time", title="Our own hours", kind="one_off", basis="fixed", units=1.0,
                   likely=Decimal(300))
    yield VendorPromise(vendor=CHOSEN, promise="pr-any-line", explained="Measured at ours: 20 ms.")
    for code in (f"R{number}" for number in range(1, 9)):
        yield Fit(vendor=CHOSEN, requirement=code, mark="works")
        yield Fit(vendor=OTHER, requirement=code, mark="partly")
    for number, phase in enumerate(PHASES):
        done = number == 0
        yield Payment(vendor=CHOSEN, title=f"Stage {number + 1}", phase=phase, amount=Decimal(4_000), needs_acceptance=True,
                      due=date(2026, 3, 20) if done else None, accepted_on=date(2026, 3, 10) if done else None,
                      paid_on=date(2026, 3, 16) if done else None, both_signed=done)
    for item in catalogue.contract_items:
        yield ContractPoint(vendor=CHOSEN, item=item, state="agreed", where="Clause 4")
    yield Trial(vendor=CHOSEN, kind="demo", on=date(2025, 10, 1), people=FIRST, real_load=True)
    yield Trial(vendor=CHOSEN, kind="trial", on=date(2025, 10, 6), people=FIRST, real_load=True)
    yield Trial(vendor=OTHER, kind="trial", on=date(2025, 10, 8), people=FIRST, real_load=False)
    yield Choice(vendor=CHOSEN, on=DECIDED, reason="It meets R1 and R3 best.", requirements=("R1", "R3"),
                 deciders=(SPONSOR, MANAGER, OWNER), rejected="Beta meets them in part.", reserve=Decimal(2_000))


def phases() -> Iterator[Record]:
    days = {"PH1": (date(2025, 12, 1), date(2025, 12, 22), LIVE, date(2026, 3, 27), 20),
            "PH2": (date(2026, 4, 1), date(2026, 4, 20), date(2026, 5, 11), date(2026, 6, 30), 15),
            "PH3": (date(2026, 9, 1), date(2026, 9, 21), date(2026, 10, 19), date(2026, 11, 30), 15)}
    for order, (code, (start, result, live, end, buffer)) in enumerate(days.items(), 1):
        first = code == "PH1"
        yield Phase(title=f"Step {order}", order=order, goals=("C1", "C2"), users=18 if first else 24, start=start,
                    departments=("D1", "D2") if first else ("D1", "D2", "D3", "D4"), first_result=result, go_live=live,
                    end=end, buffer_days=buffer)
    for code, functions in PHASES.items():
        for function in functions:
            yield PhaseFunction(phase=code, function=function, reason="It saves searching.", goals=("C1",),
                                used_from=LIVE if code == "PH1" else None)
    for function in PHASES["PH1"]:
        yield AcceptanceTest(title=f"Try {function}", phase="PH1", function=function, tester="M1", passed_on=date(2026, 1, 26))
    yield Release(title="1.0", phase="PH1", vendor_tested_on=date(2026, 1, 19), client_tested_on=date(2026, 1, 26),
                  given_on=LIVE)
    yield Defect(title="Search is slow", severity="minor", phase="PH1", found_on=date(2026, 2, 10), agreed_on=date(2026, 2, 20),
                 closed_on=date(2026, 2, 18))


def adoption() -> Iterator[Record]:
    for element, led_by, on in (("t-first-contact", "vendor", date(2026, 1, 26)), ("t-practice", "company", date(2026, 2, 3)),
                                ("t-qa-session", "company", date(2026, 2, 12))):
        yield TrainingEvent(title=element, element=element, phase="PH1", on=on, minutes=60, led_by=led_by, invited=STARTERS,
                            attended=STARTERS, passed=STARTERS, held=True)
    for function in PHASES["PH1"]:
        yield Material(title=f"How to {function}", function=function, kind="text", where="Shelf", ready_on=date(2026, 1, 20))
        yield WorkingRule(title="Who takes the call writes it down.", function=function, agreed_on=date(2026, 1, 20))
    for number, active in enumerate((13, 14, 15, 15, 16, 16)):
        yield Measurement(week=LIVE + timedelta(weeks=number), phase="PH1", users=18, active=active, own_lists=1, in_time=90.0)
    for mark in (3, 4, 4, 4, 5, 4):
        yield Pulse(on=date(2026, 3, 10), mark=mark)
    yield Incident(title="No sign-in", severity="major", reported_at=datetime(2026, 3, 3, 9, tzinfo=UTC), reported_by="M1",
                   fixed_at=datetime(2026, 3, 3, 13, tzinfo=UTC))
    yield Workaround(title="Names on paper", kind="w-paper", department="D1", found_on=date(2026, 2, 16), minutes=30,
                     change="CR1", closed_on=date(2026, 3, 5))
    yield ChangeRequest(title="A shorter form", asked_on=date(2026, 2, 18), planned_on=date(2026, 3, 5),
                        delivered_on=date(2026, 3, 5))
    yield TestData(title="Copy of 2025", where="Test server", delete_by=date(2026, 2, 16), deleted_on=date(2026, 2, 13))
    yield Support(months=12, basic_only=False, learning_hours=2.0, contact="M19")


def minutes() -> Iterator[Record]:
    yield Workshop(title="Needs", agenda="ws-requirements", on=date(2025, 6, 23), led_by=MANAGER,
                   expected=("M1", "M19", MANAGER), attended=("M1", "M19", MANAGER), result="Eight requirements.")
    yield Handout(title="Stick in the safe", kind="full", on=TODAY - timedelta(days=4))


# ---- the whole ----

def rows() -> list[Record]:
    """All records, numbered 1, 2, 3 within each kind in the order in which they stand above."""
    counts: Counter[type[Record]] = Counter()
    numbered = []
    for chapter in (goals, team, processes, requirements, vendors, phases, adoption, minutes):
        for row in chapter():
            counts[type(row)] += 1
            numbered.append(row.make((counts[type(row)], *row[1:])))
    return numbered


@cache
def healthy() -> Book:
    """The project, last changed two days ago."""
    return _book(rows())


def changed(book: Book, code: str, **values: Value) -> Book:
    """The same Book with some fields of one record changed. KeyError when there is no such record or field."""
    row = book.get(code)
    if row is None:
        raise KeyError(code)
    for name, value in values.items():
        row = row.with_value(name, value)
    return _with(book, type(row), {**book.table(type(row)), row.number: row})


def without(book: Book, *gone: str | type[Record]) -> Book:
    """The same Book without these records, or without all records of a kind. Links to them stay as they are."""
    for item in gone:
        kind, number = split_code(item) if isinstance(item, str) else (item, 0)
        if isinstance(item, str) and book.get(item) is None:
            raise KeyError(item)
        left = {key: row for key, row in book.table(kind).items() if number and key != number}
        book = _with(book, kind, left)
    return book


def with_rows(book: Book, *more: Record) -> Book:
    """The same Book with more records; one without a number gets the next free one."""
    for row in more:
        table = dict(book.table(type(row)))
        number = row.number or max(table, default=0) + 1
        table[number] = row.make((number, *row[1:]))
        book = _with(book, type(row), table)
    return book


def _book(records: list[Record], changed_on: date = TODAY - timedelta(days=2)) -> Book:
    return Book(Book.of(records).tables, len(records), changed_on)


def _with(book: Book, kind: type[Record], table: dict[int, Record]) -> Book:
    tables = {**book.tables, kind: table}
    return Book({key: value for key, value in tables.items() if value}, book.number + 1, book.changed)
