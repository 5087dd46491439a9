"""The summary: decisions, figures, open points; what is not known is never a nought."""
from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from crm_workbook.analysis.summary import summary
from crm_workbook.catalogue import Catalogue, load
from crm_workbook.exchange.summary import write_summary
from crm_workbook.records import CHAPTERS
from crm_workbook.records.adoption import Measurement, TrainingEvent, Workaround
from crm_workbook.records.book import Book
from crm_workbook.records.goals import CompanyGoal, CrmGoal, Project
from crm_workbook.records.minutes import Unfinished
from crm_workbook.records.phases import Phase, PhaseFunction
from crm_workbook.records.processes import DataForm, FormField, OptionList, Process
from crm_workbook.records.requirements import Requirement
from crm_workbook.records.team import Assignment, Department, Office, OpenDecision, Person, Question, Scale
from crm_workbook.records.vendors import Answer, Choice, Vendor
from crm_workbook.sample import TODAY
from tests.exchange.any_books import books, every_field

NOT_MEASURED = "not measured"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load()


BOOK = Book.of([
    Project(number=1, company="Acme", budget_low=Decimal("50000"), start=date(2026, 1, 12)),
    Department(number=1, name="Sales", users=12), Department(number=2, name="Support"),
    Person(number=1, name="Anna", in_group=True, hours=6.0), Person(number=2, name="Boris", in_group=True),
    Assignment(number=1, role="r-sponsor", person="M1"),
    Assignment(number=2, role="r-process-owner", person="M2", until=date(2026, 2, 1)),
    Scale(number=1, users_total=0), Office(number=1, name="Riga", down_mbps=20.5),
    CompanyGoal(number=1, title="Answer faster", department="D1", owner="M1"), CompanyGoal(number=2, title="Lose no client"),
    CrmGoal(number=1, title="Same day", company_goals=("G1",), indicator="hours", baseline=0.0, owner="M1"), CrmGoal(number=2),
    OpenDecision(number=1, title="Which offices first?", decider="M1"),
    OpenDecision(number=2, title="Budget", decision="60000", decided_on=date(2026, 2, 2)),
    Question(number=1, title="Who migrates?", waits_for="M2"),
    Process(number=1, name="Order", steps_before=3, steps_after=5), DataForm(number=1, name="Client"),
    FormField(number=1, form="F1".replace("F", "FO"), name="Fax"),
    OptionList(number=1, name="Sources", options="\n".join("abcdefgh")), OptionList(number=2, name="Short", options="a\nb"),
    Requirement(number=1, title="See calls", priority="must", state="accepted", goals=("C1",)),
    Requirement(number=2, title="Export", priority="must"),
    Vendor(number=1, name="Alpha"), Vendor(number=2, name="Beta", state="out", out_because="too small"),
    Answer(number=1, vendor="V1", question="dbms-which", state="answered", value="PostgreSQL"),
    Answer(number=2, vendor="V1", question="dbms-licence-cost", state="later"),
    Choice(number=1, vendor="V1", reason="fits", requirements=("R1",), deciders=("M1",)),
    Phase(number=1, title="Second", order=2), Phase(number=2, title="First", order=1, start=date(2026, 3, 1)),
    PhaseFunction(number=1, phase="PH2", function="f-backup"),
    TrainingEvent(number=1, title="Start", element="t-why-talk", on=date(2026, 3, 2)),
    Measurement(number=1, week=date(2026, 4, 6), users=24, active=18),
    Measurement(number=2, week=date(2026, 3, 30), users=24, active=2),
    Workaround(number=1, title="Own table", minutes=30), Workaround(number=2, title="Paper"),
    Workaround(number=3, title="Old", minutes=500, closed_on=date(2026, 4, 1)),
    Unfinished(number=1, record="G1", field="weight", text="many")])


@pytest.fixture(scope="module")
def nodes(catalogue: Catalogue) -> dict[str, dict[str, Any]]:
    return summary(BOOK, catalogue, TODAY)


def test_goals(nodes: dict[str, dict[str, Any]]) -> None:
    goals = nodes["goals"]
    assert goals["company"] == "Acme" and goals["budget_low"] == Decimal("50000.00") and "budget_high" not in goals
    assert goals["company_goals"]["G1"] == {"goal": "Answer faster", "department": "D1 Sales", "owner": "M1 Anna"}
    assert goals["crm_goals"]["C1"]["today"] == 0.0  # measured, and nought
    assert goals["crm_goals"]["C1"]["target"] == NOT_MEASURED
    assert goals["open"]["company_goals_without_crm_goal"] == ["G2 Lose no client"]
    assert goals["open"]["crm_goals_without_indicator"] == ["C2"]


def test_team(nodes: dict[str, dict[str, Any]]) -> None:
    team = nodes["team"]
    assert team["hours_a_week"] == 6.0 and team["members_without_hours"] == ["M2 Boris"]
    assert team["users"] == 0 and team["users_at_once"] == NOT_MEASURED
    assert team["departments"]["D2"]["users"] == NOT_MEASURED
    assert team["offices"]["O1"] == {"name": "Riga", "users": NOT_MEASURED, "down_mbps": 20.5, "up_kbps": NOT_MEASURED,
                                     "ping_ms": NOT_MEASURED}
    assert team["roles"] == {"Sponsor": ["M1 Anna"]}
    assert "Process owner" in team["open"]["roles_nobody_has"] and "Sponsor" not in team["open"]["roles_nobody_has"]
    assert list(team["open"]["decisions"]) == ["OD1"] and list(team["decisions"]) == ["OD2"]
    assert team["open"]["questions"]["Q1"] == {"question": "Who migrates?", "waits_for": "M2 Boris"}


def test_processes_and_requirements(nodes: dict[str, dict[str, Any]]) -> None:
    open_ = nodes["processes"]["open"]
    assert open_["processes_that_get_longer"] == ["P1 Order"]
    assert open_["lists_over_seven_options"] == ["L1 Sources (8)"]
    assert open_["fields_nobody_reads"] == ["F1 FO1 Client: Fax"]
    requirements = nodes["requirements"]
    assert requirements["count"] == {"must": {"accepted": 1, "no_state": 1}}
    assert requirements["musts"] == {"R1": "See calls"}
    assert requirements["open"]["without_goal"] == ["R2 Export"]
    assert requirements["open"]["survey"] == "nobody was asked yet"


def test_vendors(nodes: dict[str, dict[str, Any]], catalogue: Catalogue) -> None:
    vendors = nodes["vendors"]
    alpha = vendors["candidates"]["V1"]
    assert alpha["answered"] == 1 and alpha["questions"] > 80 and "state" not in alpha
    assert catalogue.questions["dbms-licence-cost"].text in alpha["first_questions_open"]
    assert catalogue.questions["dbms-which"].text not in alpha["first_questions_open"]
    assert vendors["candidates"]["V2"] == {"name": "Beta", "state": "out", "out_because": "too small"}
    assert vendors["decision"]["DR1"] == {"vendor": "V1 Alpha", "reason": "fits", "requirements": ["R1 See calls"],
                                          "deciders": ["M1 Anna"]}


def test_phases_and_adoption(nodes: dict[str, dict[str, Any]]) -> None:
    assert list(nodes["phases"]["phases"]) == ["PH2", "PH1"]
    assert nodes["phases"]["phases"]["PH2"]["functions"] == ["Backup and restore"]
    adoption = nodes["adoption"]
    assert adoption["trainings"]["TE1"] == {"training": "Start", "kind": "Why we do this", "on": date(2026, 3, 2),
                                            "held": False}
    assert adoption["last_week"]["active_rate"] == 75 and adoption["last_week"]["week"] == date(2026, 4, 6)
    assert adoption["last_week"]["in_time"] == NOT_MEASURED
    assert adoption["open"]["workaround_minutes_a_week"] == 30
    assert adoption["open"]["workarounds_not_measured"] == ["WA2 Paper"]
    assert list(adoption["open"]["workarounds"]) == ["WA1", "WA2"]
    assert nodes["minutes"]["open"]["unfinished"]["U1"]["text"] == "many"


@pytest.mark.parametrize(("users", "active"), [(None, 3), (0, 0), (5, None)])
def test_a_rate_without_its_figures_is_not_measured(catalogue: Catalogue, users: int | None, active: int | None) -> None:
    book = Book.of([Measurement(number=1, week=date(2026, 1, 5), users=users, active=active)])
    assert summary(book, catalogue, TODAY, ["adoption"])["adoption"]["last_week"]["active_rate"] == NOT_MEASURED


def test_an_empty_book_has_no_figures(catalogue: Catalogue) -> None:
    text = write_summary(Book(), catalogue, TODAY)
    figures = [value for value in tomllib.loads(text)["team"].values() if isinstance(value, int | float)]
    assert not figures and " 0\n" not in text and "Nothing has been written down here yet." in text


def test_the_text_holds_exactly_the_nodes(catalogue: Catalogue, nodes: dict[str, dict[str, Any]]) -> None:
    read = tomllib.loads(write_summary(BOOK, catalogue, TODAY), parse_float=Decimal)
    assert read.pop("summary_version") == 1
    assert read == nodes and list(read) == list(CHAPTERS)


def test_one_chapter_only(catalogue: Catalogue) -> None:
    assert list(tomllib.loads(write_summary(BOOK, catalogue, TODAY, "vendors"))) == ["summary_version", "vendors"]
    with pytest.raises(KeyError):
        write_summary(BOOK, catalogue, TODAY, "nothing")


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(books())
def test_any_book_has_a_summary_that_is_toml(book: Book) -> None:
    text = write_summary(book, load(), TODAY)
    tomllib.loads(text)
    text.encode()


def test_every_field_at_once(catalogue: Catalogue) -> None:
    text = write_summary(every_field(), catalogue, TODAY)
    assert text == write_summary(every_field(), catalogue, TODAY) and tomllib.loads(text)


def test_warnings_and_gates_stand_in_the_summary(catalogue: Catalogue) -> None:
    from crm_workbook.exchange.sample import sample_book

    radar = tomllib.loads(write_summary(sample_book(), catalogue, TODAY, "radar"))["radar"]
    assert radar["on"] == TODAY and len(radar["warnings"]) >= 8
    sponsor = radar["warnings"]["fp-weak-sponsor"]
    assert sponsor["severity"] == "blocker" and "ST4" in sponsor["records"]
    assert any("39 days" in line for line in sponsor["because"])
    assert radar["gates"]["gate-prepare"]["stops"] >= 1 and "gate-go-live-PH1" in radar["gates"]
