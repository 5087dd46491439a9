"""The red thread: what belongs to it, where it breaks, what is covered, and which links are suspect."""
from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import cast

import pytest

from crm_workbook.analysis.coverage import ORPHANS, LevelCoverage, breaks, coverage, line_of
from crm_workbook.analysis.doubts import Doubt, Written, doubts
from crm_workbook.analysis.finders import Gap
from crm_workbook.analysis.thread import LEVELS, Node, Thread, thread
from crm_workbook.records import Record
from crm_workbook.records.adoption import MetricValue
from crm_workbook.records.book import Book
from crm_workbook.records.edits import Entry, Operation
from crm_workbook.records.goals import CompanyGoal, CrmGoal
from crm_workbook.records.phases import AcceptanceTest, Phase, PhaseFunction
from crm_workbook.records.processes import Process
from crm_workbook.records.radar import LinkCheck
from crm_workbook.records.requirements import Requirement
from crm_workbook.records.team import Department, Person
from crm_workbook.records.vendors import Choice, Fit, Vendor

WHOLE: tuple[Record, ...] = (
    CompanyGoal(number=1, title="Answer within four hours"), Person(number=1, name="Eva"),
    CrmGoal(number=1, title="One person in charge", company_goals=("G1",), indicator="Hours", unit="h", baseline=19.0,
            target=4.0),
    Process(number=1, name="Enquiry"), Vendor(number=1, name="Alpha"), Vendor(number=2, name="Beta"),
    Requirement(number=1, title="See who is in charge", state="accepted", goals=("C1",), processes=("P1",), phase="PH1",
                tester="M1"),
    Fit(number=1, vendor="V1", requirement="R1", mark="works"), Fit(number=2, vendor="V2", requirement="R1", mark="no"),
    Choice(number=1, vendor="V1", on=date(2026, 7, 1)), Phase(number=1, title="First", goals=("C1",)),
    PhaseFunction(number=1, phase="PH1", function="f-tasks", goals=("C1",)),
    AcceptanceTest(number=1, title="It shows", requirement="R1", passed_on=date(2026, 9, 1)),
    MetricValue(number=1, metric="m-goal-progress", goal="C1", on=date(2026, 9, 1), value=15.0),
    MetricValue(number=2, metric="m-goal-progress", goal="C1", on=date(2026, 9, 9), value=11.0))


def book(*rows: Record, without: Collection[str] = ()) -> Book:
    """The whole thread, with other rows in place of those of the same code, and without some."""
    found = {row.code: row for row in (*WHOLE, *rows)}
    return Book.of(row for code, row in found.items() if code not in without)


def of(book_: Book, code: str, most: int = 12) -> Thread:
    found = thread(book_, code, most=most)
    assert found is not None
    return found


def gaps(book_: Book, code: str = "G1") -> list[tuple[str, Gap | None]]:
    """Level and gap of every line that breaks."""
    return [(node.level, node.gap) for node in of(book_, code).nodes if node.state == "gap"]


def drawn(nodes: Iterable[Node]) -> list[str]:
    return ["  " * node.depth + (node.code or node.sentence or node.text) for node in nodes]


def row(code: str) -> Record:
    return next(row for row in WHOLE if row.code == code)


# ---- the tree ----

UP_TO_R1 = ["G1", "  C1", "    C1", "      MV2", "    P1", "      R1"]


@pytest.mark.parametrize(("code", "lines"), [
    ("G1", UP_TO_R1), ("C1", UP_TO_R1), ("P1", UP_TO_R1),
    ("R1", [*UP_TO_R1, "        FI1", "        PH1", "        T1"]),
    ("FI2", [*UP_TO_R1, "        FI2", "        PH1", "        T1"]),
    ("T1", [*UP_TO_R1, "        FI1", "        PH1", "        T1"]),
    ("PH1", [*UP_TO_R1[:4], "    PH1", "      FN1", "      R1"]),
    ("FN1", [*UP_TO_R1[:4], "    PH1", "      FN1"]),
    ("MV2", UP_TO_R1[:4]), ("MV1", [*UP_TO_R1[:4], "      MV1"]), ("V2", ["V2", "  R1", "    FI2"])])
def test_a_thread_runs_from_the_goals_to_the_measures(code: str, lines: list[str]) -> None:
    found = of(book(), code)
    assert drawn(found.nodes) == lines
    assert len({node.key for node in found.nodes}) == len(lines)
    assert next(node for node in found.nodes if node.key == found.key).code == code
    assert {node.level for node in found.nodes} <= LEVELS.keys()
    assert {node.state for node in found.nodes if node.code != "FI2"} == {"ok"}


def test_a_line_says_what_it_holds() -> None:
    said = {node.key.rpartition("/")[2]: f"{node.text}{node.sentence}" for node in of(book(), "R1").nodes}
    assert said["C1"] == "Hours: 19 → 4 h"
    assert said["MV2"] == "11 h on 2026-09-09"
    assert said["FI1"] == "Alpha: works today"
    assert said["T1"] == "passed on 2026-09-01"
    assert next(node for node in of(book(), "G1").nodes if node.code == "R1").sentence == "works today, PH1, T1"


def test_other_records_have_no_thread() -> None:
    assert thread(book(Department(number=1, name="Sales")), "D1") is None
    assert thread(book(), "R99") is None
    assert thread(book(), "nonsense") is None


def test_the_answer_of_the_vendor_chosen_last_counts() -> None:
    assert gaps(book(Choice(number=2, vendor="V2", on=date(2026, 7, 2)))) == [("answer", Gap("FI2", "mark"))]
    assert gaps(book(Choice(number=2, vendor="V2", on=date(2026, 6, 2)))) == []


def test_before_a_choice_the_best_answer_counts_of_those_who_are_not_out() -> None:
    assert gaps(book(without=["DR1"])) == []
    assert gaps(book(Vendor(number=1, name="Alpha", state="out"), without=["DR1"])) == [("answer", Gap("FI2", "mark"))]


C1, R1, FN1 = cast(CrmGoal, row("C1")), cast(Requirement, row("R1")), cast(PhaseFunction, row("FN1"))


@pytest.mark.parametrize(("code", "rows", "without", "found"), [
    ("G1", [], ["C1"], [("crm_goal", Gap(given=(("company_goals", ("G1",)),), kind=CrmGoal))]),
    ("G1", [C1.with_value("indicator", "")], [], [("measure", Gap("C1", "indicator"))]),
    ("G1", [C1.with_value("baseline", None)], [], [("measure", Gap("C1", "baseline"))]),
    ("G1", [FN1.with_value("used_from", date(2026, 9, 1))], ["MV1", "MV2"],
     [("measure", Gap(given=(("metric", "m-goal-progress"), ("goal", "C1")), kind=MetricValue))]),
    ("C1", [C1.with_value("company_goals", ())], [], [("goal", Gap("C1", "company_goals"))]),
    ("C1", [], ["R1"], [("requirement", Gap(given=(("goals", ("C1",)),), kind=Requirement))]),
    ("C1", [R1.with_value("state", "rejected")], [], [("requirement", Gap(given=(("goals", ("C1",)),), kind=Requirement))]),
    ("C1", [R1.with_value("processes", ())], [], [("process", Gap("R1", "processes"))]),
    ("G1", [R1.with_value("state", "proposed")], [], [("requirement", Gap("R1", "state"))]),
    ("G1", [], ["FI1"], [("answer", Gap(given=(("vendor", "V1"), ("requirement", "R1")), kind=Fit))]),
    ("G1", [Fit(number=1, vendor="V1", requirement="R1", mark="promised")], [], [("answer", Gap("FI1", "mark"))]),
    ("G1", [Fit(number=1, vendor="V1", requirement="R1")], [], [("answer", Gap("FI1", "mark"))]),
    ("R1", [], ["V1", "V2", "FI1", "FI2", "DR1"], [("answer", Gap(kind=Vendor))]),
    ("R1", [], ["FI1", "FI2", "DR1"], [("answer", Gap(given=(("requirement", "R1"),), kind=Fit))]),
    ("G1", [R1.with_value("phase", "")], [], [("phase", Gap("R1", "phase"))]),
    ("G1", [R1.with_value("phase", "").with_value("functions", ("f-tasks",))], [], []),
    ("G1", [R1.with_value("tester", "")], ["T1"], [("measure", Gap("R1", "tester"))]),
    ("G1", [R1.with_value("tester", "").with_value("accepted_on", date(2026, 9, 1))], ["T1"], []),
    ("G1", [], ["T1"], []),
    ("P1", [], ["R1"], [("requirement", Gap(given=(("processes", ("P1",)),), kind=Requirement))]),
    ("R1", [R1.with_value("goals", ())], [], [("crm_goal", Gap("R1", "goals"))]),
    ("PH1", [Phase(number=1, title="First")], [], [("crm_goal", Gap("PH1", "goals"))]),
    ("PH1", [FN1.with_value("goals", ())], [], [("phase", Gap("FN1", "goals"))]),
    ("FN1", [FN1.with_value("goals", ()), R1.with_value("functions", ("f-tasks",))], [], []),
    ("T2", [AcceptanceTest(number=2, title="What")], [], [("measure", Gap("T2", "requirement"))]),
    ("FI3", [Fit(number=3, vendor="V1")], [], [("answer", Gap("FI3", "requirement"))])])
def test_what_is_missing_leads_to_what_mends_it(code: str, rows: list[Record], without: list[str],
                                                found: list[tuple[str, Gap]]) -> None:
    tree = of(book(*rows, without=without), code)
    assert gaps(book(*rows, without=without), code) == found
    assert all(node.sentence for node in tree.nodes if node.gap)


def test_of_many_requirements_the_broken_ones_come_first_and_the_rest_is_cut() -> None:
    rows = [R1.make((number, *R1[1:])) for number in range(1, 2001)]
    rows[1989] = rows[1989].with_value("phase", "")
    many = book(*rows, *[Fit(number=number, vendor="V1", requirement=f"R{number}", mark="works") for number in range(1, 2001)])
    shown = [node for node in of(many, "G1").nodes if node.level == "requirement"]
    assert (len(shown), shown[0].code, shown[-1].text, shown[-1].more) == (13, "R1990", "... and 1,988 more", 1988)
    assert len([node for node in of(many, "G1", most=0).nodes if node.level == "requirement"]) == 2000


def test_a_rejected_requirement_needs_nothing() -> None:
    nodes = of(book(R1.with_value("state", "rejected")), "R1").nodes
    assert nodes[-1].sentence == "It was rejected." and {node.state for node in nodes} == {"ok"}


# ---- coverage ----

def test_a_whole_thread_is_covered_down_to_the_answers() -> None:
    found = coverage(book())
    assert found.levels == {"goal": LevelCoverage(1, 1, 1, 1), "crm_goal": LevelCoverage(3, 3, 1, 1),
                            "requirement": LevelCoverage(3, 3, 1, 1)}
    assert set(found.orphans) == set(ORPHANS) and not any(found.orphans.values())


def test_a_bad_answer_covers_only_shallowly() -> None:
    found = coverage(book(Fit(number=1, vendor="V1", requirement="R1", mark="no"))).levels
    assert found == {"goal": LevelCoverage(1, 1, 0, 1), "crm_goal": LevelCoverage(3, 3, 0, 1),
                     "requirement": LevelCoverage(3, 3, 0, 1)}
    assert coverage(book(without=["FI1"])).levels["requirement"] == LevelCoverage(2, 3, 0, 1)


def test_what_stands_alone_is_found_in_both_directions() -> None:
    found = coverage(book(
        CompanyGoal(number=2, title="served by nothing"), CompanyGoal(number=3), CrmGoal(number=2, title="serves nothing"),
        Requirement(number=2, title="for nothing", state="accepted"), Requirement(number=3, title="no", state="rejected"),
        PhaseFunction(number=2, phase="PH1", function="f-files"), Phase(number=2, title="without aim"))).orphans
    assert found == {"goals_unserved": ("G2",), "crm_goals_unlinked": ("C2",), "crm_goals_unasked": ("C2",),
                     "requirements_unlinked": ("R2",), "requirements_unplanned": ("R2",), "functions_unasked": ("FN2",),
                     "phases_aimless": ("PH2",)}


def test_nothing_is_covered_in_an_empty_workbook_and_nothing_fails() -> None:
    found = coverage(Book())
    assert set(found.levels.values()) == {LevelCoverage(0, 0, 0, 0)}
    assert breaks(Book()) == () and line_of(Book(), "G1") == ()


# ---- one line a goal ----

def line(book_: Book) -> str:
    return " - ".join(spot.text + {"ok": "", "gap": "*", "suspect": "~"}[spot.state] for spot in line_of(book_, "G1")[1:])


def test_the_line_of_a_goal() -> None:
    assert line_of(book(), "G1")[0].text == "G1 Answer within four hours"
    assert line(book()) == "C1 - P1 - R1 - V1 - PH1 - 2/2"
    assert line(book(without=["C1"])) == " - ".join(["?*"] * 6)
    assert line(book(without=["FI1", "T1"])) == "C1 - P1 - R1 - ?* - PH1 - 2/2"
    assert line(book(without=["DR1"])) == "C1 - P1 - R1 - 1/1 - PH1 - 2/2"
    more = [Requirement(number=number, title="more", state="accepted", goals=("C1",)) for number in (2, 3)]
    assert line(book(*more)) == "C1 - P1 - 3 R - 1/3* - 1/3* - 2/4*"


@pytest.mark.parametrize(("rows", "without", "level", "about", "words"), [
    ([], ["C1"], "crm_goal", "G1", "No CRM goal serves this goal yet."),
    ([], ["R1"], "requirement", "C1", "No requirement serves this goal yet."),
    ([R1.with_value("processes", ())], [], "process", "C1", "names a process"),
    ([R1.with_value("state", "proposed")], [], "requirement", "R1", "Nobody has decided on it yet."),
    ([Fit(number=1, vendor="V1", requirement="R1", mark="promised")], [], "answer", "R1", "Alpha: promised for later. Get"),
    ([R1.with_value("phase", "")], [], "phase", "R1", "It is planned for no phase yet."),
    ([C1.with_value("target", None)], [], "measure", "C1", "Hours: 19 → ? h. The target is not set yet."),
    ([R1.with_value("tester", "")], ["T1"], "measure", "R1", "Nobody is named who will test it."),
    ([], [], "", "", "")])
def test_where_a_line_breaks_first(rows: list[Record], without: list[str], level: str, about: str, words: str) -> None:
    found, = breaks(book(*rows, without=without))
    assert (found.code, found.level, found.about) == ("G1", level, about)
    assert words in found.sentence and (found.gap is None) == (not level)


# ---- suspect links ----

class Journal:
    """A journal in memory."""

    def __init__(self, *entries: Entry) -> None:
        self.entries = entries

    def spans(self, fields: Collection[str]) -> Mapping[tuple[str, str], tuple[int, int]]:
        found = dict[tuple[str, str], tuple[int, int]]()
        for entry in self.entries:
            if entry.field in fields:
                first, _last = found.get((entry.code, entry.field), (entry.number, 0))
                found[entry.code, entry.field] = first, entry.number
        return found

    def changes(self, codes: Collection[str], fields: Collection[str]) -> list[Written]:
        return [(entry.code, entry.field, entry.number, entry.old, entry.new) for entry in self.entries
                if entry.code in codes and entry.field in fields]


def entry(number: int, op: Operation, code: str, field: str = "", old: object = None, new: object = None) -> Entry:
    texts = [None if value is None else json.dumps(value) for value in (old, new)]
    return Entry(number, datetime(2026, 1, 1, tzinfo=UTC), "Eva", "s", "b", op, code, field, *texts)


TITLE = "Answer within four hours"
MADE = (entry(1, "create", "G1"), entry(2, "create", "C1"), entry(3, "create", "R1"))


@pytest.mark.parametrize(("entries", "suspect"), [
    ([entry(4, "change", "G1", "title", "Sell more", TITLE)], True),
    ([entry(4, "change", "G1", "title", "", TITLE)], False),  # filled in
    ([entry(4, "change", "G1", "title", TITLE, "no"), entry(5, "change", "G1", "title", "no", TITLE)], False),  # and back
    ([entry(4, "change", "G1", "note", "this", "that")], False),  # bears no meaning
    ([entry(4, "change", "G1", "title", "Sell more", TITLE), entry(5, "link", "C1", "company_goals", None, "G1")], False),
    ([entry(4, "change", "G1", "title", "Sell more", TITLE), entry(5, "link", "C1", "company_goals", None, "G2")], True),
    ([entry(4, "link", "C1", "company_goals", None, "G1"), entry(5, "change", "G1", "title", "Sell more", TITLE)], True),
    ([entry(4, "change", "C1", "company_goals", [], ["G1"]), entry(5, "change", "G1", "title", "Sell more", TITLE)], True),
    ([entry(4, "change", "G1", "title", "Sell more", TITLE), entry(5, "change", "C1", "company_goals", [], ["G1"])], False),
    ([entry(4, "change", "G1", "title", "Sell more", TITLE), entry(5, "create", "LK1")], False),  # confirmed
    ([entry(4, "create", "LK1"), entry(5, "change", "G1", "title", "Sell more", TITLE)], True),  # changed once more
    ([], False)])
def test_a_link_is_suspect_when_the_meaning_has_changed_since(entries: list[Entry], suspect: bool) -> None:
    linked = book(LinkCheck(number=1, source="C1", target="G1"))
    found = doubts(linked, Journal(*MADE, *entries))
    assert found == ({("C1", "G1"): Doubt("C1", "G1", "title", "Sell more")} if suspect else {})


def test_a_suspect_link_shows_where_it_hangs() -> None:
    whole = book(without=["FI2", "MV1"])
    found = doubts(whole, Journal(*MADE, entry(4, "create", "FI1"), entry(5, "change", "R1", "why", "old", "new"),
                                   entry(6, "change", "C1", "title", "It was so", "x")))
    assert sorted(found) == [("FI1", "R1"), ("FN1", "C1"), ("MV2", "C1"), ("PH1", "C1"), ("R1", "C1"), ("T1", "R1")]
    tree = thread(whole, "G1", found)
    assert tree is not None
    suspect = {node.code: node.sentence for node in tree.nodes if node.state == "suspect"}
    assert suspect.keys() == {"MV2", "R1", "FI1", "T1"}
    assert suspect["R1"] == "C1 has changed. Before it said: It was so"
    states = [spot.state for spot in line_of(whole, "G1", found)]
    assert states == ["ok", "ok", "ok", "suspect", "suspect", "ok", "suspect"]


def test_without_a_journal_nothing_is_suspect() -> None:
    assert doubts(book(), Journal()) == {}
