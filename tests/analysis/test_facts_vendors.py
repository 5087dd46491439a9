"""The facts of chapter 5: each in a bad case, a good case, and where it is not known."""
from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest

from crm_workbook.analysis.facts import FACTS, Figure
from crm_workbook.analysis.facts.parts import NEVER
from crm_workbook.analysis.facts.view import Value, View
from crm_workbook.analysis.finders import Gap
from crm_workbook.catalogue import load
from crm_workbook.records import Record
from crm_workbook.records.book import Book
from crm_workbook.records.goals import Project
from crm_workbook.records.phases import Phase
from crm_workbook.records.requirements import Requirement
from crm_workbook.records.team import Office, Person, Scale
from crm_workbook.records.vendors import (
    Answer,
    Choice,
    ContractPoint,
    CostLine,
    DatabaseTier,
    Fit,
    Payment,
    Trial,
    Vendor,
    VendorPromise,
)

TODAY = date(2026, 3, 2)
CATALOGUE = load()
OWN = {name for name, function in FACTS.items() if function.__module__.rpartition(".")[2] in ("vendors", "money")}
ALONE = {"vendor_decided", "vendor_decision_day", "best_fit", "choice_reason_written", "systems_tried", "offices_ping_fail"}
"""Facts that do not need a chosen vendor."""
CHOSEN = Choice(vendor="V1", on=TODAY - timedelta(days=10), reason="It works.", requirements=("R1",), reserve=Decimal(1500))
START = Project(start=TODAY - timedelta(days=80))


def days(number: int) -> date:
    """So many days from today."""
    return TODAY + timedelta(days=number)


def look(name: str, *rows: Record) -> Figure:
    """The figure of a fact over these records, numbered 1, 2, 3 within each kind."""
    counts: Counter[type[Record]] = Counter()
    numbered = []
    for row in rows:
        counts[type(row)] += 1
        numbered.append(row.make((counts[type(row)], *row[1:])))
    return View(Book.of(numbered), CATALOGUE, TODAY).figure(name)


def said(question: str, value: str = "", state: str = "answered", **more: object) -> Answer:
    return Answer(**{"vendor": "V1", "question": question, "value": value, "state": state, "evidence": "2", **more})


def need(**more: object) -> Requirement:
    return Requirement(**{"title": "Find a client", "priority": "must", "state": "accepted", **more})


def mark(found: str, requirement: str = "R1", vendor: str = "V1") -> Fit:
    return Fit(vendor=vendor, requirement=requirement, mark=found)


def tried(*people: int, vendor: str = "V1", **more: object) -> Trial:
    codes = tuple(f"M{number}" for number in people)
    return Trial(**{"vendor": vendor, "kind": "trial", "on": days(-20), "people": codes, **more})


def cost(bucket: str, amount: int | None, kind: str = "one_off", **more: object) -> CostLine:
    return CostLine(**{"vendor": "V1", "bucket": bucket, "title": bucket, "kind": kind,
                       "likely": None if amount is None else Decimal(amount), **more})


def size(price: int | None, **more: object) -> DatabaseTier:
    return DatabaseTier(**{"vendor": "V1", "title": "Size", "price": None if price is None else Decimal(price), **more})


def pay(amount: int | None = 1000, **more: object) -> Payment:
    return Payment(**{"vendor": "V1", "title": "Stage", "amount": None if amount is None else Decimal(amount),
                      "needs_acceptance": True, **more})


STAFF = [Person(name="Ann", side="client"), Person(name="Ben"), Person(name="Cem", everyday_user=True, from_it=True),
         Person(name="Dot", from_it=True), Person(name="Eve", side="vendor")]
KNOCKOUTS = [said("dbms-real-load-demo", "yes"), said("func-must-haves", "100"), said("func-language", "partly"),
             said("exit-export", "all-self"), said("host-model", "own-server")]
BASE = [Vendor(name="A"), Vendor(name="B"), CHOSEN]
WORK = cost("implementation", 10_000)
PRICED = [cost("licence", 2000, "recurring", growth=0.0), WORK, said("price-who-needs-licence", "concurrent")]
AGREED = [ContractPoint(vendor="V1", item=item, state="agreed") for item in CATALOGUE.contract_items]
ONE = Phase(title="First", order=1, go_live=days(-5))


@pytest.mark.parametrize(("name", "rows", "value"), [
    ("vendor_decided", [], False),
    ("vendor_decided", [Choice(reason="begun")], None),
    ("vendor_decided", [Choice(vendor="V1", on=days(3))], False),
    ("vendor_decided", [CHOSEN], True),
    ("vendor_decided", [CHOSEN, Choice(reason="begun")], True),

    ("vendor_decision_day", [START], NEVER),
    ("vendor_decision_day", [START, Choice(reason="begun")], None),
    ("vendor_decision_day", [START, CHOSEN], 70),
    ("vendor_decision_day", [CHOSEN], None),
    ("vendor_decision_day", [START, Choice(vendor="V1")], None),

    ("chosen_must_gap", [*BASE], None),
    ("chosen_must_gap", [*BASE, need()], None),
    ("chosen_must_gap", [*BASE, need(), Fit(vendor="V1", requirement="R1")], None),
    ("chosen_must_gap", [*BASE, need(), mark("works")], 0),
    ("chosen_must_gap", [*BASE, need(), mark("extra")], 0),
    ("chosen_must_gap", [*BASE, need(), mark("partly")], 1),
    ("chosen_must_gap", [*BASE, need(), need(), mark("no")], 1),
    ("chosen_must_gap", [*BASE, need(), need(state=""), mark("works")], None),
    ("chosen_must_gap", [*BASE, need(priority="should"), mark("no")], 0),

    ("chosen_fit", [*BASE, need(), need(priority="should"), mark("works"), mark("no", "R2")], 0.625),
    ("chosen_fit", [*BASE, need(), need(priority="should"), mark("works")], 1.0),
    ("chosen_fit", [*BASE, need(), need(), mark("works")], None),
    ("chosen_fit", [*BASE, need(priority="should")], None),

    ("best_fit", [], None),
    ("best_fit", [*BASE, need(), mark("partly"), mark("works", vendor="V2")], 1.0),
    ("best_fit", [*BASE, need(), mark("partly")], 0.5),
    ("best_fit", [*BASE, need()], None),
    ("best_fit", [Vendor(name="A"), Vendor(name="B", state="out"), need(), mark("partly"), mark("works", vendor="V2")], 0.5),

    ("choice_reason_written", [], False),
    ("choice_reason_written", [CHOSEN], True),
    ("choice_reason_written", [Choice(vendor="V1", requirements=("R1",))], False),
    ("choice_reason_written", [Choice(vendor="V1", reason="A good price.")], False),
    ("choice_reason_written", [Choice(vendor="V1", reason="For R1, above all."), need()], True),
    ("choice_reason_written", [Choice(vendor="V1", reason="For R7 and G1."), need()], False),

    ("chosen_hands_on_testers", [*BASE], 0),
    ("chosen_hands_on_testers", [*BASE, *STAFF, tried(1, 2, 3, 4, 5), tried(1, 2)], 3),
    ("chosen_hands_on_testers", [*BASE, *STAFF, tried(1), tried(2, kind="demo"), tried(3, vendor="V2"),
                                 tried(3, on=days(1))], 1),
    ("chosen_hands_on_testers", [*BASE, *STAFF, tried(1), tried(on=days(-3))], None),
    ("chosen_hands_on_testers", [*BASE, *STAFF, tried(1, 2, 3), tried()], 3),

    ("systems_tried", [], 0),
    ("systems_tried", [*STAFF, tried(1), tried(2), tried(4, vendor="V2"), tried(1, vendor="V3", kind="demo")], 1),
    ("systems_tried", [*STAFF, tried(1), tried(2, vendor="V2")], 2),
    ("systems_tried", [*STAFF, tried(1), tried(2, vendor="V2", on=None)], None),
    ("systems_tried", [*STAFF, tried(1), tried(2, on=None)], 1),

    ("real_load_demo_done", [*BASE], False),
    ("real_load_demo_done", [*BASE, tried(real_load=False), tried(real_load=True, vendor="V2")], False),
    ("real_load_demo_done", [*BASE, tried(real_load=False), tried()], None),
    ("real_load_demo_done", [*BASE, tried(real_load=True, on=None)], None),
    ("real_load_demo_done", [*BASE, tried(real_load=True, kind="demo"), tried()], True),
    ("real_load_demo_done", [*BASE, tried(real_load=True, on=days(1))], False),

    ("knockout_unanswered", [*BASE], 4),  # whether the fifth is asked depends on where it runs
    ("knockout_unanswered", [*BASE, *KNOCKOUTS], 0),
    ("knockout_unanswered", [*BASE, *KNOCKOUTS[:4]], None),
    ("knockout_unanswered", [*BASE, *KNOCKOUTS, said("exit-export", "unknown")], 1),
    ("knockout_unanswered", [*BASE, *KNOCKOUTS, said("host-model", "cloud")], 1),
    ("knockout_unanswered", [*BASE, *KNOCKOUTS, said("exit-export", "none", "")], None),

    ("knockout_failed", [*BASE], None),
    ("knockout_failed", [*BASE, *KNOCKOUTS], 0),
    ("knockout_failed", [*BASE, *KNOCKOUTS[1:]], None),
    ("knockout_failed", [*BASE, said("exit-export", "none"), said("func-must-haves", "99")], 2),

    ("vendor_question_coverage", [*BASE], 0.0),
    ("important_answers_words_only", [*BASE], 0),
    ("important_answers_words_only", [*BASE, said("dbms-load", "9", evidence="1"), said("dbms-which", "x", evidence="1"),
                                      said("dbms-backup", "9", evidence="0"), said("sup-response", evidence="0")], 2),
    ("important_answers_words_only", [*BASE, said("dbms-load", "9", evidence="")], None),
    ("important_answers_words_only", [*BASE, said("dbms-load", "9", evidence="2")], 0),

    ("distrusted_promises_unexplained", [*BASE], 0),
    ("distrusted_promises_unexplained", [*BASE, VendorPromise(vendor="V1", promise="pr-ai"),
                                         VendorPromise(vendor="V2", promise="pr-ai")], 1),
    ("distrusted_promises_unexplained", [*BASE, VendorPromise(vendor="V1", promise="pr-ai", explained="On paper.")], 0),
    ("distrusted_promises_unexplained", [*BASE, VendorPromise(vendor="V1")], None),

    ("contract_items_open", [*BASE], 14),
    ("contract_items_open", [*BASE, *AGREED], 0),
    ("contract_items_open", [*BASE, ContractPoint(vendor="V1", item="c-sla", state="not_needed"),
                             ContractPoint(vendor="V1", item="c-data", state="open"),
                             ContractPoint(vendor="V2", item="c-exit", state="agreed")], 13),

    ("cost_questions_unknown", [*BASE], 8),
    ("cost_questions_unknown", [*BASE, cost("licence", None), cost("mail", 5)], 8),  # the line, and no longer its question
    ("cost_questions_unknown", [*BASE, cost("licence", 5, "recurring")], 8),  # by how much will it grow?
    ("cost_questions_unknown", [*BASE, need(), mark("extra")], 9),  # 'works with a paid extra', and no line names it
    ("cost_questions_unknown", [*BASE, need(), mark("extra"), cost("addons", 5, requirement="R1")], 8),
    ("cost_questions_unknown", [*BASE, size(None)], 9),
    ("hidden_cost_share", [*BASE], None),
    ("hidden_cost_share", [*BASE, *PRICED], 0.0),
    ("hidden_cost_share", [*BASE, *PRICED, cost("licence", None), cost("migration", 4000)], None),
    ("hidden_cost_share", [*BASE, *PRICED[1:], cost("licence", 2000, question="price-seats")], None),
    ("hidden_cost_share", [*BASE, *PRICED, said("price-seats", "both"), cost("migration", 4000)], 0.2),
    ("licence_cost", [*BASE], None),
    ("licence_cost", [*BASE, *PRICED], 6000.0),
    ("licence_cost", [*BASE, cost("licence", None)], None),
    ("licence_cost", [*BASE, cost("licence", 0)], 0.0),
    ("licence_cost", [*BASE, cost("licence", 0), cost("licence", None)], None),
    ("training_cost", [*BASE], None),
    ("training_cost", [*BASE, cost("training", 0)], 0.0),
    ("training_cost", [*BASE, cost("training", 300), cost("training", None), cost("training", 40, "recurring")], 420.0),
    ("support_cost_year1", [*BASE], None),
    ("support_cost_year1", [*BASE, cost("support", 0, "recurring")], 0.0),
    ("support_cost_year1", [*BASE, cost("support", 0, "recurring"), said("sup-first-year", "priority-included")], None),
    ("support_cost_year1", [*BASE, cost("support", 600, "recurring"), said("sup-in-price", "included")], 600.0),
    ("training_share", [*BASE, *PRICED, cost("training", 3000)], 0.2),
    ("training_share", [*BASE, *PRICED, cost("training", 0)], 0.0),
    ("training_share", [*BASE, *PRICED], None),
    ("training_share", [*BASE, cost("training", 0)], None),

    ("prepaid_share", [*BASE, WORK], None),
    ("prepaid_share", [*BASE, WORK, pay(4000, paid_on=days(-9)), pay(6000)], 0.4),
    ("prepaid_share", [*BASE, pay(2500, needs_acceptance=False, due=days(-9)), pay(7500, due=days(9))], 0.25),
    ("prepaid_share", [*BASE, WORK, pay(2500, needs_acceptance=False, due=days(20)), pay(7500, due=days(9))], 0.0),
    ("prepaid_share", [*BASE, WORK, pay(2500, accepted_on=days(-9), paid_on=days(-5)), pay(2500, paid_on=days(-5))], 0.0),
    ("prepaid_share", [*BASE, WORK, pay(2500, accepted_on=days(-9), paid_on=days(-5)), pay(2500, paid_on=days(-10))], 0.25),
    ("prepaid_share", [*BASE, WORK, pay(2500, needs_acceptance=None), pay(1000, paid_on=days(-1))], None),
    ("prepaid_share", [*BASE, WORK, pay(2500, needs_acceptance=None), pay(4000, paid_on=days(-1))], 0.4),
    ("prepaid_share", [*BASE, WORK, pay(2500, needs_acceptance=False), pay(7500, due=days(9))], None),
    ("prepaid_share", [*BASE, WORK, pay(None, paid_on=days(-1))], None),
    ("prepaid_share", [*BASE, pay(None), pay(500)], None),
    ("prepaid_share", [*BASE, cost("implementation", None), pay(500)], None),

    ("payment_milestones", [*BASE], 0),
    ("payment_milestones", [*BASE, pay(), pay(), pay(vendor="V2")], 2),
    ("payment_milestones", [*BASE, pay(title="")], None),
    ("payments_without_acceptance", [*BASE], 0),
    ("payments_without_acceptance", [*BASE, pay(paid_on=days(-1)), pay(paid_on=days(-1), needs_acceptance=False),
                                     pay(paid_on=days(-1), accepted_on=days(-1)), pay(paid_on=days(1))], 1),
    ("payments_without_acceptance", [*BASE, pay(paid_on=days(-3), accepted_on=days(-1))], 1),
    ("payments_without_acceptance", [*BASE, pay(paid_on=days(-3), needs_acceptance=None)], None),

    ("accepted_unpaid_days", [*BASE], None),
    ("accepted_unpaid_days", [*BASE, pay()], 0),
    ("accepted_unpaid_days", [*BASE, pay(accepted_on=days(-20)), pay(accepted_on=days(-3)), pay(accepted_on=days(2))], 20),
    ("accepted_unpaid_days", [*BASE, pay(accepted_on=days(-20), paid_on=days(-9))], 0),
    ("accepted_unpaid_days", [*BASE, pay(both_signed=True)], None),

    ("refinement_reserve_share", [*BASE, WORK], 0.15),
    ("refinement_reserve_share", [*BASE, pay(5000)], 0.3),
    ("refinement_reserve_share", [*BASE], None),
    ("refinement_reserve_share", [Choice(vendor="V1"), WORK], None),

    ("payment_stage_agreed", [*BASE], None),
    ("payment_stage_agreed", [*BASE, ONE], False),
    ("payment_stage_agreed", [*BASE, ONE, pay()], None),
    ("payment_stage_agreed", [*BASE, ONE, pay(phase="PH1")], False),
    ("payment_stage_agreed", [*BASE, ONE, pay(phase="PH1", both_signed=True), pay(phase="PH1", needs_acceptance=False)], True),
    ("payment_stage_agreed", [*BASE, ONE, pay(phase="PH1", both_signed=True), pay(phase="PH1")], False),

    ("offices_ping_fail", [], None),
    ("offices_ping_fail", [Office(name="O", ping_ms=150.0)], 0),
    ("offices_ping_fail", [Office(name="O", ping_ms=151.0), Office(name="P")], 1),
    ("offices_ping_fail", [Office(name="O", ping_ms=20.0), Office(name="P")], None),
    ("offices_speed_fail", [*BASE], None),
    ("offices_speed_fail", [*BASE, said("host-bandwidth", "4"), Office(name="O", users=20, down_mbps=7.0)], 1),
    ("offices_speed_fail", [*BASE, said("host-bandwidth", "4"), Office(name="O", users=20, down_mbps=8.0)], 0),
    ("offices_speed_fail", [*BASE, said("host-bandwidth", "4"), Office(name="O", users=20)], None),
])
def test_values(name: str, rows: list[Record], value: Value) -> None:
    found = look(name, *rows)
    assert found.value == (pytest.approx(value) if isinstance(value, float) else value)
    assert value is None or isinstance(found.value, bool) is isinstance(value, bool)
    assert found.gap is not None or value is not None  # what is not known can be written down somewhere


@pytest.mark.parametrize("name", sorted(OWN - ALONE))
def test_nothing_is_known_of_a_vendor_that_is_not_chosen(name: str) -> None:
    rows = [START, Vendor(name="A", state="chosen"), *KNOCKOUTS, *PRICED, pay(), ONE]
    assert look(name, *rows) == Figure(None, (), Gap(given=(("vendor", "V1"),), kind=Choice))
    assert look(name, *rows, Choice(reason="begun")).gap == Gap("DR1", "vendor")


def test_coverage_weighs_questions_by_importance() -> None:
    questions = CATALOGUE.questions.values()
    given = [said(question.id, "x") for question in questions if not question.applies_when and question.importance == 5]
    every = sum(question.importance for question in questions if not question.applies_when)
    found = look("vendor_question_coverage", *BASE, *given)
    assert found.value == pytest.approx(5 * len(given) / every)
    assert found.gap is not None and dict(found.gap.given)["question"] == next(
        question.id for question in questions if not question.applies_when and question.importance == 4)


@pytest.mark.parametrize(("name", "rows", "records", "gap"), [
    ("chosen_must_gap", [*BASE, need(), need(), mark("works"), mark("no", "R2")], ("R2",), Gap("FI2", "mark")),
    ("chosen_must_gap", [*BASE, need()], ("R1",), Gap(given=(("vendor", "V1"), ("requirement", "R1")), kind=Fit)),
    ("chosen_must_gap", [*BASE, need(state="")], ("R1",), Gap("R1", "state")),
    ("chosen_must_gap", [*BASE], (), Gap(kind=Requirement)),
    ("best_fit", [*BASE, need(), mark("partly"), mark("works", vendor="V2")], ("V2",), None),
    ("choice_reason_written", [Choice(vendor="V1", reason="Cheap")], ("DR1",), Gap("DR1", "requirements")),
    ("chosen_hands_on_testers", [*BASE, *STAFF, tried(1), tried()], ("TR2",), Gap("TR2", "people")),
    ("systems_tried", [*STAFF, tried(1)], ("TR1",), Gap(given=(("kind", "trial"),), kind=Trial)),
    ("real_load_demo_done", [*BASE, tried()], ("TR1",), Gap("TR1", "real_load")),
    ("knockout_unanswered", [*BASE, *KNOCKOUTS, said("exit-export", "unknown")], ("VA6",), Gap("VA6", "value")),
    ("knockout_unanswered", [*BASE, *KNOCKOUTS[1:]], (),
     Gap(given=(("vendor", "V1"), ("question", "dbms-real-load-demo")), kind=Answer)),
    ("knockout_failed", [*BASE, said("exit-export", "none")], ("VA1",), Gap("VA1", "value")),
    ("important_answers_words_only", [*BASE, said("dbms-load", "9", evidence="1")], ("VA1",), Gap("VA1", "evidence")),
    ("contract_items_open", [*BASE], (), Gap(given=(("vendor", "V1"), ("item", "c-stages")), kind=ContractPoint)),
    ("contract_items_open", [*BASE, ContractPoint(vendor="V1", item="c-exit")], ("CP1",), Gap("CP1", "state")),
    ("cost_questions_unknown", [*BASE, said("mail-bulk", "extra"), cost("mail", None)], ("CL1", "VA1"), Gap("CL1", "likely")),
    ("cost_questions_unknown", [*BASE, cost("mail", 9, units=1e200)], ("CL1",), Gap("CL1", "units")),
    ("cost_questions_unknown", [*BASE, said("price-increase", "9" * 14), cost("licence", 9, "recurring")], ("CL1",),
     Gap("VA1", "value")),
    ("hidden_cost_share", [*BASE, *PRICED, said("price-seats", "both"), cost("mail", 300), cost("addons", 100, "recurring"),
                           cost("migration", 8000)], ("CL5", "CL3", "CL4"), Gap("CL5", "likely")),
    ("hidden_cost_share", [*BASE, *PRICED, said("price-seats", "both"), size(9000), size(None)], ("DT1",), Gap("DT1", "price")),
    ("cost_questions_unknown", [*BASE, cost("internal_time", None, basis="hour", units=9.0)], ("CL1",),
     Gap(kind=Project, field="hour_cost")),
    ("cost_questions_unknown", [*BASE, cost("internal_time", None, basis="hour")], ("CL1",), Gap("CL1", "units")),
    ("cost_questions_unknown", [*BASE, Scale(users_at_once=9, data_gb=9.0), size(None)], ("DT1",), Gap("DT1", "price")),
    ("cost_questions_unknown", [*BASE, size(5, users=3)], ("DT1",), Gap(kind=Scale, field="users_at_once")),
    ("cost_questions_unknown", [*BASE, Scale(users_at_once=9), size(5, gb=3.0)], ("DT1",), Gap("SZ1", "data_gb")),
    ("cost_questions_unknown", [*BASE, Scale(users_at_once=9, data_gb=9.0), size(5, users=3)], ("DT1",),
     Gap(given=(("vendor", "V1"),), kind=DatabaseTier)),
    ("cost_questions_unknown", [*BASE, *(cost(bucket, 1) for bucket in CATALOGUE.cost_buckets), need(), mark("extra")], ("R1",),
     Gap(given=(("vendor", "V1"), ("bucket", "addons"), ("requirement", "R1")), kind=CostLine)),
    ("licence_cost", [*BASE], (), Gap(given=(("vendor", "V1"), ("bucket", "licence"), ("question", "price-licence")),
                                      kind=CostLine)),
    ("support_cost_year1", [*BASE, cost("support", 0)], ("CL1",), Gap("CL1", "likely")),
    ("prepaid_share", [*BASE, WORK, pay(4000, paid_on=days(-9)), pay(6000)], ("PM1",), Gap("PM1", "amount")),
    ("payments_without_acceptance", [*BASE, pay(paid_on=days(-1))], ("PM1",), Gap("PM1", "accepted_on")),
    ("payments_without_acceptance", [*BASE, pay(paid_on=days(-1), needs_acceptance=None)], ("PM1",),
     Gap("PM1", "needs_acceptance")),
    ("accepted_unpaid_days", [*BASE, pay(accepted_on=days(-3)), pay(accepted_on=days(-20))], ("PM2",), Gap("PM2", "paid_on")),
    ("payment_stage_agreed", [*BASE, ONE, pay(phase="PH1")], ("PM1",), Gap("PM1", "both_signed")),
    ("payment_stage_agreed", [*BASE, ONE], (), Gap(given=(("vendor", "V1"), ("phase", "PH1")), kind=Payment)),
    ("offices_speed_fail", [*BASE, Office(name="O", users=9, down_mbps=9.0)], ("O1",),
     Gap(given=(("vendor", "V1"), ("question", "host-bandwidth")), kind=Answer)),
    ("offices_speed_fail", [*BASE, said("host-bandwidth", "4"), Office(name="O", users=20)], ("O1",), Gap("O1", "down_mbps")),
    ("offices_speed_fail", [*BASE, said("host-bandwidth", "4"), Office(name="O", users=2, down_mbps=9.0, calls=3)], ("O1",),
     Gap(given=(("vendor", "V1"), ("question", "tel-bandwidth")), kind=Answer)),
])
def test_records_and_what_to_open(name: str, rows: list[Record], records: tuple[str, ...], gap: Gap | None) -> None:
    found = look(name, *rows)
    assert (found.records, found.gap) == (records, gap)


def test_what_is_well_asks_for_nothing() -> None:
    rows = [*BASE, *PRICED, *KNOCKOUTS, *STAFF, need(), mark("works"), tried(1, 2, 3, real_load=True), tried(1, vendor="V2"),
            ONE, pay(phase="PH1", both_signed=True, accepted_on=days(-3), paid_on=days(-2)), START, said("price-seats", "both"),
            cost("training", 2000), cost("support", 500)]
    for name in ("vendor_decided", "vendor_decision_day", "chosen_must_gap", "chosen_fit", "choice_reason_written",
                 "chosen_hands_on_testers", "systems_tried", "real_load_demo_done", "knockout_unanswered", "knockout_failed",
                 "prepaid_share", "payment_milestones", "training_share", "training_cost", "hidden_cost_share",
                 "refinement_reserve_share", "payment_stage_agreed", "accepted_unpaid_days"):
        found = look(name, *rows)
        assert found.value is not None and found.gap is None, name


def test_every_fact_has_a_case() -> None:
    marks = [mark for mark in test_values.pytestmark if mark.name == "parametrize"]  # type: ignore[attr-defined]  # pytest adds it
    assert {case[0] for case in marks[0].args[1]} == OWN
