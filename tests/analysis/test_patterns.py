"""Every pattern and every automatic gate item, through real records: one thing in the healthy project is changed.

Beside each change stands the fact through which the rule must notice it. A second set of cases are the catalogue's own
`triggers`, at the level of facts.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache, reduce
from typing import NamedTuple

import pytest

from crm_workbook.analysis.facts import FACTS, View
from crm_workbook.analysis.gates import READY, ItemState, gates
from crm_workbook.analysis.radar import Radar, look
from crm_workbook.catalogue import load
from crm_workbook.catalogue.expressions import parse
from crm_workbook.records import Record, Value
from crm_workbook.records.adoption import ControlMeasure, Incident, Pulse, TrainingEvent
from crm_workbook.records.book import Book
from crm_workbook.records.goals import CompanyGoal, CrmGoal, EarlierAttempt, Project
from crm_workbook.records.minutes import Handout, Workshop
from crm_workbook.records.phases import Defect
from crm_workbook.records.processes import DataForm, FormField, Stage
from crm_workbook.records.requirements import Interview, SurveyAnswer
from crm_workbook.records.team import Department, Interest, Office, Question
from crm_workbook.records.vendors import Answer, Choice, ContractPoint, CostLine, Fit
from tests.analysis.healthy import ADMIN, CHOSEN, FIRST, MANAGER, TODAY, changed, healthy, with_rows, without

CATALOGUE = load()
Change = Callable[[Book], Book]


class Case(NamedTuple):
    """What is changed, the fact through which it must be noticed, and the severity if it is not the usual one."""

    rule: str
    fact: str
    change: Change
    severity: str = ""


# ---- small changes ----

def edit(code: str, **values: Value) -> Change:
    """One record with other values."""
    return lambda book: changed(book, code, **values)


def edits(*codes: str, **values: Value) -> Change:
    """Several records with the same other values."""
    return lambda book: reduce(lambda found, code: changed(found, code, **values), codes, book)


def drop(*gone: str | type[Record]) -> Change:
    """Without these records."""
    return lambda book: without(book, *gone)


def add(*rows: Record) -> Change:
    """With these records."""
    return lambda book: with_rows(book, *rows)


def both(*changes: Change) -> Change:
    """One change after the other."""
    return lambda book: reduce(lambda found, change: change(found), changes, book)


def answer(question: str) -> str:
    """The code of the chosen vendor's answer to a question."""
    return next(row.code for row in healthy().where(Answer, "question", question) if row.vendor == CHOSEN)


def cost(question: str) -> str:
    """The code of the cost line that the answer to this question opened."""
    return next(row.code for row in healthy().where(CostLine, "question", question))


def last_change(day: date | None) -> Change:
    """The same records, last changed on this day."""
    return lambda book: replace(book, changed=day)


def codes(prefix: str, first: int, last: int) -> list[str]:
    return [f"{prefix}{number}" for number in range(first, last + 1)]


GROUP = (*FIRST, "M26", "M27", "M28")
UNNAMED = both(edits("C1", "C2", title=""))
LONG = "\n".join(f"option {number}" for number in range(40))
FIT_OF_CHOSEN = [row.code for row in healthy().rows(Fit) if row.vendor == CHOSEN]
FIT_OF_OTHER = [row.code for row in healthy().rows(Fit) if row.vendor != CHOSEN]
SHOULDS = [row.code for row in healthy().rows(Fit) if row.vendor == CHOSEN and int(row.requirement[1:]) % 2 == 0]
SUPPORT_LINE = next(row.code for row in healthy().rows(CostLine) if row.bucket == "support")
SOFT_ANSWERS = [row.code for row in healthy().rows(Answer) if not CATALOGUE.questions[row.question].knockout][:40]


FIRES = [
    Case("fp-no-goals", "company_goals", drop(CompanyGoal)),
    Case("fp-no-goals", "crm_goals", drop(CrmGoal)),
    Case("fp-unlinked-goals", "crm_goals_unlinked", edit("C1", company_goals=())),
    Case("fp-unlinked-goals", "departments_without_goal", drop("G1")),
    Case("fp-vague-goals", "crm_goals_without_indicator", edit("C1", indicator="")),
    Case("fp-vague-goals", "crm_goals_too_broad", edits("C1", "C2", too_broad=True)),
    Case("fp-no-shared-why", "unifying_idea_set", edit("PRJ1", idea="")),
    Case("fp-no-shared-why", "unifying_idea_support", edits("M1", "M11", "M19", "M26", agrees_with_idea=False)),
    Case("fp-no-shared-why", "departments_without_user_benefit", edit("G1", user_benefit="")),
    Case("fp-false-motive", "false_motives", edits("MO1", "MO2", motive="mo-prestige")),
    Case("fp-false-motive", "interest_conflicts_open", drop("DI1")),
    Case("fp-false-motive", "interest_conflicts_open", edit("DI1", has_interest=True, title="Shares")),
    Case("fp-false-motive", "interest_conflicts_open", both(drop("DI1"), edits("MO1", "MO2", motive="mo-bonus")), "blocker"),
    Case("fp-avoidance", "avoidance_reasons", edits("RE1", "RE2", side="avoid")),
    Case("fp-avoidance", "postponed_without_plan", edit("PP1", how="")),
    Case("fp-miracles", "miracle_phrases", edit("E1", title="The funnel fills by itself")),
    Case("fp-miracles", "expectations_unchecked", edit("E1", check="")),
    Case("fp-weak-sponsor", "sponsor_named", drop("A1")),
    Case("fp-weak-sponsor", "sponsor_resources_confirmed", edit("A1", confirmed=False)),
    Case("fp-weak-sponsor", "sponsor_days_silent", edit("ST1", on=TODAY - timedelta(days=31))),
    Case("fp-muddled-roles", "mandatory_roles_unfilled", drop("A2")),
    Case("fp-muddled-roles", "role_conflicts_open", edit("A4", person=MANAGER)),
    Case("fp-it-driven", "group_it_share", edits("M1", "M11", from_it=True)),
    Case("fp-it-driven", "requirements_it_share", edits("R1", "R2", "R3", author=ADMIN)),
    Case("fp-users-left-out", "group_end_user_share", edit("M1", everyday_user=False)),
    Case("fp-users-left-out", "departments_not_in_group", edit("M23", in_group=False)),
    Case("fp-users-left-out", "user_survey_coverage", drop(Interview)),
    Case("fp-users-left-out", "departments_without_signoff", drop("SO1")),
    Case("fp-told-afterwards", "first_involvement_day",
         both(drop(SurveyAnswer, Interview, Workshop), edits("D1", "D2", "D3", "D4", needs_asked=date(2025, 11, 3)))),
    Case("fp-told-afterwards", "departments_not_informed", edit("D1", announced=None)),
    Case("fp-slow-answers", "oldest_open_question_days", edit("Q1", answer="", answered_on=None)),
    Case("fp-slow-answers", "late_answer_share", edit("Q1", asked_on=date(2026, 3, 5))),
    Case("fp-slow-answers", "oldest_open_decision_days", edit("OD1", decision="", decided_on=None)),
    Case("fp-key-person-changed", "key_role_changes_unconfirmed", edit("RC1", confirmed_on=None)),
    Case("fp-key-person-changed", "strategy_changes_unreviewed", edit("SC1", reviewed_on=None)),
    Case("fp-process-chaos", "processes_described", drop(Stage)),
    Case("fp-process-chaos", "process_readiness", edits("P1", "P2", deadline="", can_go="")),
    Case("fp-complication", "processes_longer_after", edit("P1", steps_after=10)),
    Case("fp-complication", "processes_merged_for_software", edit("P1", merged=True)),
    Case("fp-process-drift", "process_changes_not_in_crm", edit("PV1", in_crm_on=None)),
    Case("fp-idea-sack", "requirements_unlinked", edits("R1", "R2", goals=())),
    Case("fp-idea-sack", "requirement_conflicts_open", edit("X1", settled="", settled_on=None)),
    Case("fp-gadgets-first", "gadgets_in_phase1", edit("R1", priority="gadget")),
    Case("fp-gadgets-first", "gadgets_in_phase1", edit("FN6", function="f-loyalty")),
    Case("fp-gadgets-first", "gadgets_before_basics", both(edit("R2", priority="gadget"), edit("R1", accepted_on=None),
                                                                edit("PH2", start=date(2026, 2, 2)))),
    Case("fp-form-overload", "fields_without_purpose", edit("F1", purpose="")),
    Case("fp-form-overload", "max_required_fields_on_form",
         add(*(FormField(form="FO1", name=f"Field {n}", required=True, purpose="Why", reader="Who") for n in range(11)))),
    Case("fp-form-overload", "max_mobile_fields_on_form",
         add(*(FormField(form="FO2", name=f"Field {n}", purpose="Why", reader="Who") for n in range(6)))),
    Case("fp-long-lists", "dropdowns_over_limit", edit("L1", options="\n".join("abcdefgh"))),
    Case("fp-long-lists", "dropdowns_over_limit", edit("L1", options=LONG), "serious"),
    Case("fp-double-entry", "duplicate_data_items", edit("DA1", master="")),
    Case("fp-must-have-gap", "chosen_must_gap", edit(FIT_OF_CHOSEN[0], mark="promised")),
    Case("fp-must-have-gap", "knockout_failed", edit(answer("func-language"), value="no")),
    Case("fp-must-have-gap", "choice_reason_written",
         both(edits(*SHOULDS, mark="no"), edits(*FIT_OF_OTHER, mark="works"), edit("DR1", reason="", requirements=()))),
    Case("fp-untested-choice", "chosen_hands_on_testers", edit("TR2", people=("M1", "M11"))),
    Case("fp-untested-choice", "systems_tried", drop("TR3")),
    Case("fp-untested-choice", "real_load_demo_done", edits("TR1", "TR2", real_load=False)),
    Case("fp-blind-purchase", "knockout_unanswered", drop(answer("func-language"))),
    Case("fp-blind-purchase", "vendor_question_coverage", drop(*SOFT_ANSWERS)),
    Case("fp-blind-purchase", "important_answers_words_only", edit(answer("dbms-load"), evidence="1")),
    Case("fp-blind-purchase", "distrusted_promises_unexplained", edit("VP1", explained="")),
    Case("fp-slow-line", "offices_ping_fail", edit("O1", ping_ms=200.0)),
    Case("fp-slow-line", "offices_speed_fail", edit("O1", down_mbps=1.0)),
    Case("fp-slow-line", "offices_unmeasured", edit("O1", down_mbps=None, up_kbps=None, ping_ms=None)),
    Case("fp-hidden-costs", "cost_questions_unknown", edit(cost("tel-price"), likely=None)),
    Case("fp-hidden-costs", "hidden_cost_share", edit(cost("func-addons"), likely=Decimal(30_000))),
    Case("fp-hidden-costs", "cost_questions_unknown",
         edits(*map(cost, ("tel-price", "tel-recording", "func-addons", "sup-change-price", "mig-import", "exit-price")),
               likely=None), "blocker"),
    Case("fp-saving-on-essentials", "training_cost", edit(cost("train-price"), likely=Decimal(0))),
    Case("fp-saving-on-essentials", "support_cost_year1",
         both(edit(SUPPORT_LINE, likely=Decimal(0)), edit(answer("sup-first-year"), value="none"))),
    Case("fp-saving-on-essentials", "training_share", edit(cost("train-price"), likely=Decimal(300))),
    Case("fp-lopsided-payment", "prepaid_share", edit("PM1", paid_on=date(2025, 12, 1))),
    Case("fp-lopsided-payment", "payment_milestones", drop("PM3")),
    Case("fp-lopsided-payment", "payments_without_acceptance", edit("PM2", paid_on=date(2026, 3, 16))),
    Case("fp-lopsided-payment", "accepted_unpaid_days", edit("PM1", accepted_on=date(2026, 3, 3), paid_on=None)),
    Case("fp-everything-at-once", "phase1_effort_share", edit("FN1", points=30)),
    Case("fp-everything-at-once", "phase1_functions", edits(*codes("FN", 7, 11), phase="PH1")),
    Case("fp-everything-at-once", "phase_effort_hours", edits(*GROUP, hours=0.1)),
    Case("fp-everything-at-once", "prerequisite_violations", edit("FN1", phase="PH2")),
    Case("fp-patchwork", "linked_departments_left_out",
         both(add(Department(name="People", kind="hr", users=0)), edit("P1", departments=("D1", "D6")))),
    Case("fp-patchwork", "parallel_tools_without_end_date", edit("OT1", ends_on=None)),
    Case("fp-untested-release", "releases_without_client_test", edit("RL1", client_tested_on=None)),
    Case("fp-untested-release", "releases_without_vendor_group_test", edit("RL1", vendor_tested_on=None)),
    Case("fp-untested-release", "tester_meeting_attendance", edit("WS1", attended=(MANAGER, "M1"))),
    Case("fp-stalled", "days_since_activity", last_change(TODAY - timedelta(days=22))),
    Case("fp-stalled", "next_phase_planned", both(drop("PH2", "PH3"), edit("PH1", closed_on=TODAY - timedelta(days=91)))),
    Case("fp-forced-not-trained", "trained_user_share",
         both(add(ControlMeasure(title="Logs are read", on=TODAY)), edits("TE1", "TE2", "TE3", passed=FIRST))),
    Case("fp-forced-not-trained", "training_practice_events", edits("TE1", "TE2", "TE3", element="t-group-session")),
    Case("fp-forced-not-trained", "training_by_vendor", edit("TE1", led_by="company")),
    Case("fp-forced-not-trained", "training_by_company", edits("TE2", "TE3", led_by="vendor")),
    Case("fp-no-adaptation-time", "adaptation_hours_per_user_week", edit("SU1", learning_hours=1.5)),
    Case("fp-lonely-expert", "internal_experts", drop("A10", "NO1")),
    Case("fp-lonely-expert", "experts_without_relief",
         both(edit("A10", relieved_hours=None, incentive=""), edit("NO1", relieved_hours=None, incentive=""))),
    Case("fp-lonely-expert", "expert_disqualifiers", edit("NO1", respected=False)),
    Case("fp-lonely-expert", "departments_without_ambassador", edit("M1", early_follower=False)),
    Case("fp-usage-decay", "active_rate_falls_in_row",
         both(edit("W3", active=18), edit("W4", active=17), edit("W6", active=14))),
    Case("fp-usage-decay", "active_rate", edit("W6", active=10)),
    Case("fp-usage-decay", "active_rate", edit("W6", active=5), "blocker"),
    Case("fp-crutches", "workarounds_open_late", edit("WA1", closed_on=None, change="")),
    Case("fp-crutches", "shadow_tool_share", edit("W6", own_lists=4)),
    Case("fp-no-support", "support_months_covered", edit("SU1", months=11)),
    Case("fp-no-support", "basic_support_only_year1", edit("SU1", basic_only=True)),
    Case("fp-no-support", "median_fix_hours", edit("IN1", fixed_at=datetime(2026, 3, 5, 13, tzinfo=UTC))),
    Case("fp-no-refinement", "change_requests_closed", edit("CR1", delivered_on=None)),
    Case("fp-no-refinement", "refinement_reserve_share", edit("DR1", reserve=Decimal(1_000))),
    Case("fp-no-refinement", "suggestions_unanswered_late", edit("SG1", state="open", answer="", answered_on=None)),
]

UNKNOWN = [
    Case("fp-no-goals", "company_goals", both(drop(CompanyGoal), add(CompanyGoal(department="D1")))),
    Case("fp-unlinked-goals", "departments_without_goal", both(drop("G1"), edit("D1", users=None))),
    Case("fp-vague-goals", "crm_goals", UNNAMED),
    Case("fp-no-shared-why", "unifying_idea_support", edits(*GROUP, agrees_with_idea=None)),
    Case("fp-false-motive", "interest_conflicts_open", edits("M25", "M26", "M27", decider=False)),
    Case("fp-avoidance", "achievement_reasons", edits("RE1", "RE2", side="")),
    Case("fp-miracles", "expectations", edit("E1", title="")),
    Case("fp-weak-sponsor", "sponsor_resources_confirmed", edit("A1", confirmed=None)),
    Case("fp-muddled-roles", "mandatory_roles_unfilled", edit("A2", role="")),
    Case("fp-it-driven", "requirements_it_share", edits(*codes("R", 1, 8), author="")),
    Case("fp-users-left-out", "user_survey_coverage", both(edit("SZ1", users_total=None), edit("D1", users=None))),
    Case("fp-told-afterwards", "vendor_decision_day", edit("DR1", on=None)),
    Case("fp-slow-answers", "late_answer_share", drop(Question)),
    Case("fp-key-person-changed", "key_role_changes_unconfirmed", edit("RC1", on=None, confirmed_on=None)),
    Case("fp-process-chaos", "process_readiness", edits("P1", "P2", in_scope=False)),
    Case("fp-complication", "processes_merged_for_software", edit("P1", merged=None)),
    Case("fp-process-drift", "oldest_process_drift_days", edit("PV1", on=None, in_crm_on=None)),
    Case("fp-idea-sack", "requirements_accepted", edits(*codes("R", 1, 8), state="")),
    Case("fp-gadgets-first", "gadgets_in_phase1", edit("R2", priority="gadget", phase="")),
    Case("fp-form-overload", "max_required_fields_on_form", drop(DataForm, FormField)),
    Case("fp-long-lists", "dropdowns_over_limit", edit("L1", options="")),
    Case("fp-double-entry", "duplicate_data_items", edit("DA1", places="", master="")),
    Case("fp-must-have-gap", "chosen_must_gap", drop(FIT_OF_CHOSEN[0])),
    Case("fp-untested-choice", "real_load_demo_done", edits("TR1", "TR2", real_load=None)),
    Case("fp-blind-purchase", "vendor_decided", edit("DR1", vendor="")),
    Case("fp-slow-line", "offices_unmeasured", drop(Office)),
    Case("fp-hidden-costs", "cost_questions_unknown", drop(Choice)),
    Case("fp-saving-on-essentials", "licence_cost", drop(Choice)),
    Case("fp-lopsided-payment", "payments_without_acceptance", edit("PM2", paid_on=date(2026, 3, 16), needs_acceptance=None)),
    Case("fp-everything-at-once", "phase_capacity_hours", edits(*GROUP, hours=None)),
    Case("fp-patchwork", "parallel_tools_without_end_date", edit("OT1", same_data=None, ends_on=None)),
    Case("fp-untested-release", "tester_meeting_attendance", drop(Workshop)),
    Case("fp-stalled", "days_since_activity", last_change(None)),
    Case("fp-forced-not-trained", "training_by_vendor", edit("TE1", led_by="")),
    Case("fp-no-adaptation-time", "adaptation_hours_per_user_week", edit("SU1", learning_hours=None)),
    Case("fp-lonely-expert", "expert_disqualifiers", edit("NO1", respected=None)),
    Case("fp-usage-decay", "active_rate", edit("W6", active=None)),
    Case("fp-crutches", "shadow_tool_share", edits(*codes("W", 1, 6), own_lists=None)),
    Case("fp-no-support", "support_months_covered", edit("SU1", months=None)),
    Case("fp-no-refinement", "refinement_reserve_share", edit("DR1", reserve=None)),
]

OPEN = [
    Case("g-goals-linked", "crm_goals_unlinked", edit("C1", company_goals=())),
    Case("g-goal-behaviour", "goals_without_behaviour", edit("C1", behaviour="")),
    Case("g-sponsor", "sponsor_resources_confirmed", edit("A1", confirmed=False)),
    Case("g-roles-filled", "mandatory_roles_unfilled", drop("A2")),
    Case("g-process-scope", "processes_in_scope", edits("P1", "P2", in_scope=False)),
    Case("g-processes-described", "processes_described", drop(Stage)),
    Case("g-user-signoff", "departments_without_signoff", edit("SO1", on=None)),
    Case("g-conflicts-settled", "requirement_conflicts_open", edit("X1", settled="", settled_on=None)),
    Case("g-department-use", "departments_without_usage_statement", edit("D1", usage="")),
    Case("g-plain-language", "plain_language_ok", edit("PRJ1", plain_language=False)),
    Case("g-earlier-attempts", "is_rescue", both(edit("PRJ1", rescue=True), drop(EarlierAttempt))),
    Case("g-must-haves-met", "chosen_must_gap", edit(FIT_OF_CHOSEN[0], mark="no")),
    Case("g-hands-on", "systems_tried", drop("TR3")),
    Case("g-real-load-demo", "real_load_demo_done", edits("TR1", "TR2", real_load=False)),
    Case("g-line-measured", "offices_ping_fail", edit("O1", ping_ms=200.0)),
    Case("g-costs-known", "cost_questions_unknown", edit(cost("tel-price"), likely=None)),
    Case("g-decision-record", "choice_reason_written", edit("DR1", reason="", requirements=())),
    Case("g-contract-read", "contract_items_open", edit("CP1", state="open")),
    Case("g-contract-read", "contract_items_open", drop(ContractPoint)),
    Case("g-refinement-reserve", "refinement_reserve_share", edit("DR1", reserve=Decimal(1_000))),
    Case("g-support-signed", "support_months_covered", edit("SU1", months=6)),
    Case("g-capacity", "phase_capacity_hours", edits(*GROUP, hours=0.1)),
    Case("g-buffer", "phase_buffer_share", edit("PH1", buffer_days=5)),
    Case("g-prerequisites", "prerequisite_violations", edit("FN1", phase="PH2")),
    Case("g-acceptance-tests", "functions_without_acceptance_test", drop("T1")),
    Case("g-vendor-group-test", "releases_without_vendor_group_test", edit("RL1", vendor_tested_on=None)),
    Case("g-client-tests", "client_tests_open", edit("T1", passed_on=None)),
    Case("g-defects", "defects_critical_open",
         add(Defect(title="No sign-in", severity="critical", phase="PH1", found_on=TODAY, agreed_on=TODAY))),
    Case("g-defects", "defects_minor_undated", edit("DF1", closed_on=None, agreed_on=None)),
    Case("g-informed", "fears_unanswered", edit("FE1", agreed=False)),
    Case("g-instructions", "functions_without_instruction", drop("MT1")),
    Case("g-training-held", "trained_user_share", edits("TE1", "TE2", "TE3", attended=FIRST)),
    Case("g-qa-planned", "qa_sessions_planned", edit("TE3", on=date(2026, 3, 9))),
    Case("g-adaptation-time", "adaptation_hours_per_user_week", edit("SU1", learning_hours=0.0)),
    Case("g-expert-relief", "departments_without_ambassador", edit("M1", early_follower=False)),
    Case("g-working-rules", "working_rules_missing", drop("WR1")),
    Case("g-old-tools-dated", "parallel_tools_without_end_date", edit("OT1", ends_on=None)),
    Case("g-first-result", "days_to_first_result", edit("PH1", first_result=date(2026, 1, 15))),
    Case("g-test-data-removed", "test_data_left", edit("TD1", deleted_on=None)),
    Case("g-adoption", "active_rate", edit("W6", active=14)),
    Case("g-adoption", "weeks_measured", drop(*codes("W", 1, 4))),
    Case("g-comfort", "comfort_mean", edits(*codes("PU", 1, 4), mark=1)),
    Case("g-qa-held", "qa_sessions_held", edit("TE3", held=False)),
    Case("g-workarounds", "shadow_tool_share", edit("W6", own_lists=4)),
    Case("g-refined", "change_requests_closed", edit("CR1", delivered_on=None)),
    Case("g-drift", "process_changes_not_in_crm", edit("PV1", in_crm_on=None)),
    Case("g-payment-agreed", "payment_stage_agreed", edit("PM1", both_signed=False)),
    Case("g-payment-agreed", "stage_value", edit("R1", accepted_on=None)),
    Case("g-goals-reconfirmed", "strategy_changes_unreviewed", edit("SC1", reviewed_on=None)),
    Case("g-export-fresh", "days_since_export", edit("XP1", on=TODAY - timedelta(days=15))),
    Case("g-next-step", "next_phase_planned", both(drop("PH2", "PH3"), edit("PH1", closed_on=TODAY - timedelta(days=8)))),
    Case("g-operate-support", "median_fix_hours", edit("IN1", fixed_at=datetime(2026, 3, 5, 13, tzinfo=UTC))),
    Case("g-operate-suggestions", "suggestions_unanswered_late", edit("SG1", state="open", answer="", answered_on=None)),
]
ITEM_UNKNOWN = [
    Case("g-plain-language", "plain_language_ok", edit("PRJ1", plain_language=None)),
    Case("g-comfort", "comfort_mean", drop(Pulse)),
    Case("g-adoption", "active_rate", edit("W6", active=None)),
    Case("g-export-fresh", "days_since_export", drop(Handout)),
    Case("g-operate-support", "median_fix_hours", drop(Incident)),
]


# ---- what is found ----

def seen(change: Change = lambda book: book) -> View:
    """The healthy project after a change."""
    return View(change(healthy()), CATALOGUE, TODAY)


@cache
def all_well() -> Radar:
    return look(seen())


def items(view: View) -> Mapping[str, ItemState]:
    """The automatic items of all gates; those of a phase for PH1."""
    return {one.item.id: one for gate in gates(view) if gate.phase is None or gate.phase.code == "PH1"
            for one in gate.items if one.item.kind == "auto"}


def name(case: Case) -> str:
    return f"{case.rule}-{case.fact}{'-' * bool(case.severity)}{case.severity}"


@pytest.mark.parametrize("case", FIRES, ids=name)
def test_a_pattern_fires_through_the_fact_that_changed(case: Case) -> None:
    found = look(seen(case.change)).find(case.rule)
    assert found is not None and found.fires
    assert case.fact in found.culprits
    assert found.severity == (case.severity or CATALOGUE.patterns[case.rule].severity)


@pytest.mark.parametrize("case", UNKNOWN, ids=name)
def test_a_pattern_is_unknown_while_a_record_does_not_say(case: Case) -> None:
    found = look(seen(case.change)).find(case.rule)
    assert found is not None and not found.fires
    assert case.fact in found.culprits


@pytest.mark.parametrize("case", [*FIRES, *UNKNOWN], ids=name)
def test_every_finding_says_what_to_open(case: Case) -> None:
    found = look(seen(case.change)).find(case.rule)
    assert found is not None and found.gaps


def test_a_healthy_project_is_silent() -> None:
    radar = all_well()
    assert {one.pattern.id: one.culprits for one in (*radar.findings, *radar.unknown)} == {}


def test_all_facts_of_a_healthy_project_are_known() -> None:
    view = seen()
    assert [id_ for id_ in FACTS if view.value(id_) is None] == []


def test_every_pattern_has_its_cases() -> None:
    firing = {id_: {case.fact for case in FIRES if case.rule == id_} for id_ in CATALOGUE.patterns}
    for id_, pattern in CATALOGUE.patterns.items():
        assert id_ in {case.rule for case in UNKNOWN}, id_
        assert pattern.triggers and all(firing[id_] & set(trigger) for trigger in pattern.triggers), id_
        escalated = {case.severity for case in FIRES if case.rule == id_ and case.severity}
        assert escalated == ({pattern.escalate_to} if pattern.escalate_to else set()), id_
    assert {case.rule for case in [*FIRES, *UNKNOWN]} == set(CATALOGUE.patterns)


# ---- stages that are not open yet ----

def test_an_empty_workbook_is_silent() -> None:
    radar = look(View(Book(), CATALOGUE, TODAY))
    assert not (radar.findings or radar.unknown or radar.accepted)


@pytest.mark.parametrize(("row", "stage"), [
    (CompanyGoal(number=1, title="Sell"), "goals"), (Stage(number=1, name="Call"), "processes"),
    (Interest(number=1, person="M1"), "team"), (TrainingEvent(number=1, title="Talk"), "training"),
], ids=lambda value: value if isinstance(value, str) else "")
def test_one_record_opens_its_stage_only(row: Record, stage: str) -> None:
    begun = Project(number=1, company="Acme", start=date(2025, 1, 6))  # long ago: the first steps are behind the group
    radar = look(View(Book.of([begun, row]), CATALOGUE, TODAY))
    assert {one.pattern.active_from for one in (*radar.findings, *radar.unknown)} == {stage}


# ---- the catalogue's own examples ----

def levels(**changes: bool | int | float) -> dict[str, bool | int | float]:
    """The facts of a healthy project and the params, with some changed."""
    facts = {id_: fact.healthy for id_, fact in CATALOGUE.facts.items()}
    return facts | {id_: param.value for id_, param in CATALOGUE.params.items()} | changes


@pytest.mark.parametrize(("id_", "number"), [(id_, number) for id_, pattern in CATALOGUE.patterns.items()
                                             for number in range(len(pattern.triggers))])
def test_a_trigger_makes_its_pattern_fire(id_: str, number: int) -> None:
    pattern = CATALOGUE.patterns[id_]
    rule = parse(pattern.fires_when)
    assert rule.value(levels(**pattern.triggers[number])) is True
    assert rule.value(levels()) is False


# ---- gates ----

def test_all_automatic_items_of_a_healthy_project_are_ready() -> None:
    assert {id_: one.figures for id_, one in items(seen()).items() if one.state != "ok"} == {}


@pytest.mark.parametrize("case", OPEN, ids=name)
def test_an_item_is_open(case: Case) -> None:
    found = items(seen(case.change))[case.rule]
    assert found.state not in READY and found.gaps
    assert found.stops == CATALOGUE.gate_items[case.rule].hard


@pytest.mark.parametrize("case", ITEM_UNKNOWN, ids=name)
def test_an_item_is_unknown(case: Case) -> None:
    found = items(seen(case.change))[case.rule]
    assert found.state == "unknown" and found.figures[case.fact].value is None and found.gaps


def test_every_automatic_item_has_its_case() -> None:
    assert {case.rule for case in OPEN} == {id_ for id_, item in CATALOGUE.gate_items.items() if item.kind == "auto"}
