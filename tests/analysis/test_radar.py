"""The radar: when a pattern is silent, fires, or cannot be judged; what the group says to it; trend and order."""
from __future__ import annotations

from datetime import date, timedelta

import pytest

from crm_workbook.analysis.facts import View
from crm_workbook.analysis.radar import SEVERITIES, Finding, Radar, look
from crm_workbook.analysis.stages import BEGUN_BY, begun, opened
from crm_workbook.analysis.wording import figures_text, read_figures, shown, to_change
from crm_workbook.catalogue import load
from crm_workbook.exchange.sample import sample_book
from crm_workbook.records import KINDS, Record
from crm_workbook.records.book import Book
from crm_workbook.records.goals import CompanyGoal, CrmGoal, Project
from crm_workbook.records.phases import Phase
from crm_workbook.records.processes import Process
from crm_workbook.records.radar import FindingResponse, SelfCheckAnswer, Snapshot
from crm_workbook.records.team import Assignment, Department, Person, Question, SponsorTalk
from crm_workbook.records.vendors import Choice, Vendor
from crm_workbook.sample import TODAY

CATALOGUE = load()
SPONSOR: tuple[Record, ...] = (
    Project(number=1, company="Acme", start=date(2026, 1, 5)), Person(number=1, name="Anna"),
    Assignment(number=1, role="r-sponsor", person="M1", confirmed=True),
    SponsorTalk(number=1, title="Begin", on=TODAY - timedelta(40)))
"""Silent for forty days: the pattern fp-weak-sponsor fires."""


def radar(*rows: Record, today: date = TODAY) -> Radar:
    return look(View(Book.of(rows), CATALOGUE, today))


def finding(found: Radar, id_: str) -> Finding:
    one = found.find(id_)
    assert one is not None
    return one


def test_nothing_is_said_to_a_group_that_has_not_begun() -> None:
    assert radar() == Radar((), (), (), (), (), None)
    begun = radar(Project(number=1, company="Acme"), Department(number=1, name="Sales", users=5), Person(number=1, name="Anna"))
    assert begun.findings == begun.unknown == ()


def test_every_kind_opens_a_stage_or_belongs_to_all_of_them() -> None:
    opening = {kind for kinds in BEGUN_BY.values() for kind in kinds}
    everywhere = {"project", "department", "office", "person", "scale", "gate_mark", "gate_sign_off", "finding_response",
                  "self_check_answer", "snapshot", "link_check", "workshop", "handout", "unfinished"}
    assert everywhere == {kind.declared.table for kind in KINDS if kind not in opening}
    assert list(BEGUN_BY) == [stage.id for stage in sorted(CATALOGUE.stages.values(), key=lambda row: row.order)]


def test_what_the_project_has_passed_is_begun() -> None:
    def stages(*rows: Record) -> frozenset[str]:
        return begun(View(Book.of(rows), CATALOGUE, TODAY))
    assert stages(CompanyGoal(number=1, title="a")) == {"goals"}
    assert stages(Vendor(number=1, name="Alpha")) == {
        "goals", "mindset", "team", "processes", "requirements", "vendor-questions"}
    assert {"cost", "vendor-choice"} <= stages(Vendor(number=1, name="Alpha"), Choice(number=1, vendor="V1"))
    assert stages(Phase(number=1, title="One", go_live=TODAY)) == {*BEGUN_BY}
    assert stages(Phase(number=1, title="One", go_live=TODAY + timedelta(1))) == {"phases"}


def test_first_steps_are_not_interrupted() -> None:
    def stages(*rows: Record, start: date | None = None) -> frozenset[str]:
        return opened(View(Book.of([*rows, Project(number=1, company="Acme", start=start)]), CATALOGUE, TODAY))
    goal, role = CompanyGoal(number=1, title="a"), Assignment(number=1, role="r-sponsor", person="M1")
    assert stages(goal, role) == stages(goal, role, start=TODAY - timedelta(14)) == frozenset()
    assert stages(goal, role, start=TODAY - timedelta(15)) == {"goals", "team"}
    assert stages(goal, role, Process(number=1, name="Orders")) == {"goals", "team", "processes"}


def test_a_finding_explains_itself() -> None:
    found = finding(radar(*SPONSOR), "fp-weak-sponsor")
    assert (found.fires, found.severity) == (True, "blocker")
    assert found.culprits == ["sponsor_days_silent"] and found.records == ("ST1",)
    assert found.figures["sponsor_days_silent"].value == 40
    view = View(Book.of(SPONSOR), CATALOGUE, TODAY)
    values = {"sponsor_days_silent": 40, "p_sponsor_silence_days": 30}
    (line,) = to_change(view, found.wish, values)
    assert "40 days" in line and "at most 30 days" in line


def test_what_is_not_known_is_no_alarm() -> None:
    rows = [*(row for row in SPONSOR if not isinstance(row, (SponsorTalk, Project))), Process(number=1, name="Orders")]
    found = radar(*rows)
    (one,) = [one for one in found.unknown if one.pattern.id == "fp-weak-sponsor"]
    assert not one.fires and one.culprits == ["sponsor_days_silent"]
    assert "fp-weak-sponsor" not in [one.pattern.id for one in found.findings]


def answer(**values: object) -> FindingResponse:
    given: dict[str, object] = {"number": 1, "pattern": "fp-weak-sponsor", "response": "accept", "person": "M1",
                                "until": TODAY, "reason": "He is on a journey."}
    return FindingResponse(**given | values)


def test_an_accepted_risk_keeps_quiet_until_its_day() -> None:
    accepted = radar(*SPONSOR, answer())
    assert [one.pattern.id for one in accepted.accepted] == ["fp-weak-sponsor"]
    assert "fp-weak-sponsor" not in [one.pattern.id for one in accepted.findings]
    late = finding(radar(*SPONSOR, answer(), today=TODAY + timedelta(1)), "fp-weak-sponsor")
    assert (late.accepted, late.overdue) == (False, True)


@pytest.mark.parametrize("lacking", [{"person": ""}, {"until": None}, {"reason": "  "}, {"response": ""}])
def test_without_name_reason_and_day_nothing_is_accepted(lacking: dict[str, object]) -> None:
    found = radar(*SPONSOR, answer(**lacking))
    assert finding(found, "fp-weak-sponsor") in found.findings


def test_what_grew_graver_is_not_accepted_any_more() -> None:
    fired = radar(*SPONSOR, answer(severity="serious"))
    assert not finding(fired, "fp-weak-sponsor").accepted
    assert finding(radar(*SPONSOR, answer(severity="blocker")), "fp-weak-sponsor").accepted


def test_only_ours_accept_and_for_a_year_at_most() -> None:
    vendor = Person(number=2, name="Vic", side="vendor")
    assert not finding(radar(*SPONSOR, vendor, answer(person="M2")), "fp-weak-sponsor").accepted
    assert finding(radar(*SPONSOR, answer(until=TODAY + timedelta(365))), "fp-weak-sponsor").accepted
    assert not finding(radar(*SPONSOR, answer(until=TODAY + timedelta(366))), "fp-weak-sponsor").accepted


def test_an_answer_that_is_only_begun_takes_nothing_back() -> None:
    begun_only = FindingResponse(number=2, pattern="fp-weak-sponsor", response="act")
    assert finding(radar(*SPONSOR, answer(), begun_only), "fp-weak-sponsor").accepted
    alone = finding(radar(*SPONSOR, begun_only), "fp-weak-sponsor")
    assert (alone.response, alone.overdue) == (begun_only, False)


def test_who_does_something_about_it_does_not_silence_it() -> None:
    one = finding(radar(*SPONSOR, answer(response="act")), "fp-weak-sponsor")
    assert (one.accepted, one.overdue) == (False, False) and one.response is not None
    assert finding(radar(*SPONSOR, answer(response="act"), today=TODAY + timedelta(3)), "fp-weak-sponsor").overdue


def kept(book: Book, day: date) -> Snapshot:
    view = View(book, CATALOGUE, day)
    return Snapshot(number=1, title="Meeting", on=day, findings=tuple(one.pattern.id for one in look(view).findings),
                    figures=figures_text(view))


def test_the_trend_is_seen_beside_the_kept_state() -> None:
    before = kept(Book.of(SPONSOR), TODAY)
    assert radar(*SPONSOR, before).since == before
    assert finding(radar(*SPONSOR, before), "fp-weak-sponsor").trend == "same"
    assert finding(radar(*SPONSOR, before, today=TODAY + timedelta(5)), "fp-weak-sponsor").trend == "worse"
    closer = (*SPONSOR, SponsorTalk(number=2, title="Again", on=TODAY - timedelta(33)), before)
    assert finding(radar(*closer), "fp-weak-sponsor").trend == "better"
    assert finding(radar(*SPONSOR), "fp-weak-sponsor").trend == ""
    waits = Question(number=1, title="What does it cost?", asked_by="client", asked_on=TODAY - timedelta(20))
    assert finding(radar(*SPONSOR, before, waits), "fp-slow-answers").trend == "new"
    mended = radar(*SPONSOR, SponsorTalk(number=2, title="Again", on=TODAY), before)
    assert [pattern.id for pattern in mended.gone] == ["fp-weak-sponsor"]


def test_the_trend_sees_reasons_that_come_and_go() -> None:
    before = kept(Book.of(SPONSOR), TODAY)
    refused = [row.with_value("confirmed", False) if isinstance(row, Assignment) else row for row in SPONSOR]
    assert finding(radar(*refused, before), "fp-weak-sponsor").trend == "worse"
    both = kept(Book.of(refused), TODAY)
    assert finding(radar(*SPONSOR, both), "fp-weak-sponsor").trend == "better"


def test_what_is_not_known_any_more_has_not_gone() -> None:
    before = kept(Book.of(SPONSOR), TODAY)
    unsaid = [row for row in SPONSOR if not isinstance(row, SponsorTalk)]
    open_ = [row.with_value("confirmed", None) if isinstance(row, Assignment) else row.with_value("start", None)
             if isinstance(row, Project) else row for row in unsaid]
    found = radar(*open_, Process(number=1, name="Orders"), before)
    assert found.gone == () and "fp-weak-sponsor" in [one.pattern.id for one in found.unknown]


def test_a_state_of_the_future_is_no_past() -> None:
    assert radar(*SPONSOR, kept(Book.of(SPONSOR), TODAY + timedelta(2))).since is None


def test_the_most_urgent_comes_first() -> None:
    findings = look(View(sample_book(), CATALOGUE, TODAY)).findings
    ranks = [SEVERITIES.index(one.severity) for one in findings]
    assert ranks == sorted(ranks, reverse=True) and len(findings) >= 8


def test_what_the_group_says_of_itself_stands_with_the_finding() -> None:
    statement = next(id_ for id_, row in CATALOGUE.self_checks.items() if row.pattern == "fp-no-goals")
    rows = (CompanyGoal(number=1, title="Quicker"), Process(number=1, name="Orders"),
            SelfCheckAnswer(number=1, statement=statement, applies=True))
    assert finding(radar(*rows), "fp-no-goals").said == (CATALOGUE.self_checks[statement].text,)
    assert finding(radar(*rows[:2]), "fp-no-goals").said == ()


def test_severity_rises() -> None:
    from crm_workbook.records.processes import OptionList

    def severity(options: int) -> str:
        text = "\n".join(f"option {n}" for n in range(options))
        return finding(radar(OptionList(number=1, name="Came by", options=text)), "fp-long-lists").severity
    assert (severity(9), severity(44)) == ("warn", "serious")


def test_figures_can_be_kept_and_read_again() -> None:
    view = View(sample_book(), CATALOGUE, TODAY)
    read = read_figures("Anna wrote this = by hand\n" + figures_text(view))
    known = {name: view.value(name) for name in CATALOGUE.facts if view.value(name) is not None}
    assert read == pytest.approx(known)


@pytest.mark.parametrize(("fact", "value", "text"), [
    ("company_goals", 3, "3"), ("company_goals", None, "not known"), ("active_rate", None, "not measured"),
    ("active_rate", 0.86, "86 %"), ("active_rate", 0.625, "62.5 %"), ("sponsor_days_silent", 1, "1 day"),
    ("sponsor_days_silent", 12, "12 days"), ("licence_cost", 12500.4, "12 500"), ("sponsor_named", True, "yes"),
    ("days_to_first_result", 9999, "not yet"), ("oldest_open_question_days", 1.5, "1.5 working days")])
def test_values_in_words(fact: str, value: bool | int | float | None, text: str) -> None:
    assert shown(CATALOGUE.facts[fact], value) == text


def test_one_way_out_is_enough_where_a_rule_joins_two_things() -> None:
    goals = [CrmGoal(number=n, title=f"More profit {n}", company_goals=("G1",)) for n in (1, 2)]
    book = Book.of([CompanyGoal(number=1, title="Grow"), Process(number=1, name="Orders"), *goals])
    view = View(book, CATALOGUE, TODAY)
    one = finding(look(view), "fp-vague-goals")
    lines = to_change(view, one.wish, {name: view.value(name) for name in one.figures} | {
        id_: param.value for id_, param in CATALOGUE.params.items()})
    assert not any(line.startswith(CATALOGUE.facts["crm_goals"].title + ":") for line in lines)  # nobody drops goals for a rule
    assert any(CATALOGUE.facts["crm_goals_without_indicator"].title in line for line in lines)
