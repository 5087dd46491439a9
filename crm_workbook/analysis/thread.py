"""The red thread: company goal - CRM goal - process - requirement - vendor's answer - phase - measure, and where it breaks.

What each record needs for the thread to go on: a company goal needs a CRM goal; a CRM goal needs a process, a requirement and
a measure; a requirement (once it is accepted) needs a vendor's answer, a phase and somebody who tests it. Rejected
requirements serve nothing and need nothing. Shallow coverage asks whether what is needed is there, deep coverage whether that
is covered itself, down to the answers (as OpenFastTrace counts). Links to words that have changed: `doubts`.
"""
from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, TypeVar

from crm_workbook.analysis.doubts import Doubt, Doubts
from crm_workbook.analysis.finders import Gap
from crm_workbook.i18n import N_, _
from crm_workbook.records import Record, split_code
from crm_workbook.records.adoption import MetricValue
from crm_workbook.records.book import Book
from crm_workbook.records.goals import CompanyGoal, CrmGoal
from crm_workbook.records.phases import AcceptanceTest, Phase, PhaseFunction
from crm_workbook.records.processes import Process
from crm_workbook.records.requirements import Requirement
from crm_workbook.records.team import Person
from crm_workbook.records.vendors import FIT_MARKS, Choice, Fit, Vendor

R = TypeVar("R", bound=Record)
State = Literal["ok", "gap", "suspect"]

LEVELS: Mapping[str, str] = {
    "goal": N_("company goal"), "crm_goal": N_("CRM goal"), "process": N_("process"), "requirement": N_("requirement"),
    "answer": N_("answer"), "phase": N_("phase"), "measure": N_("measure")}
"""The levels of the thread, in its order, and what they are called."""
MOST = 12
"""Lines of one kind below one record, before the rest is cut."""
WORKS = ("works", "extra")
"""Marks with which a requirement is answered."""
_RANK = {mark: rank for rank, mark in enumerate((*FIT_MARKS, ""))}
_MEND = {"partly": N_("Find out what is missing and what it costs."),
         "promised": N_("Get a day in writing, or plan without it."), "no": N_("Decide how you do without it."),
         "": N_("Choose a mark.")}
_MEASURE = {"indicator": N_("Nobody has written what will be counted."), "baseline": N_("Today's value is not known yet."),
            "target": N_("The target is not set yet.")}


@dataclass(frozen=True, slots=True)
class Node:
    """One line of a thread, `depth` steps in.

    `code`: the record; "" where there is none yet. `text`: what the line says; "" for the name of the record. `sentence`: what
    is missing or in doubt, or what else is known. `gap`: what to open to mend it (in a record: where it can be filled,
    see `progress.reachable`). `more`: the line stands for so many others.
    """

    level: str
    depth: int
    key: str
    state: State
    code: str = ""
    text: str = ""
    sentence: str = ""
    gap: Gap | None = None
    doubts: tuple[Doubt, ...] = ()
    more: int = 0

    @property
    def word(self) -> str:
        """What it is, in a word (not translated): a level of `LEVELS`, but the parts of a phase and of a measure by name."""
        kind = split_code(self.code)[0] if self.code else self.gap.kind if self.gap is not None else None
        if self.level == "phase" and kind is PhaseFunction:
            return N_("function")
        tested = kind in (AcceptanceTest, Person, Requirement) or (self.gap is not None and self.gap.field == "tester")
        return N_("test") if self.level == "measure" and tested else LEVELS[self.level]


@dataclass(frozen=True, slots=True)
class Thread:
    """All that hangs together with the record `code`, from the company goals down, in reading order."""

    code: str
    nodes: tuple[Node, ...]

    @property
    def key(self) -> str:
        """The line of the record itself."""
        return next((node.key for node in self.nodes if node.code == self.code), "")


def thread(book: Book, code: str, doubts: Doubts | None = None, most: int = MOST) -> Thread | None:
    """The thread through a record; None when there is no such record, or its kind has no place in the thread.

    Of many records below one, `most` are shown (0: all), what is broken first.
    """
    row = book.get(code)
    show = _SHOW.get(type(row)) if row is not None else None
    if row is None or show is None:
        return None
    tree = Tree(Web(book, doubts or {}, row.vendor if isinstance(row, Fit) else code if isinstance(row, Vendor) else ""), most)
    show(tree, row)
    return Thread(code, tuple(tree.nodes))


class Web:
    """What the threads of one Book are made of, looked up once. `vendor`: whose answers count; "": those of the vendor that
    was chosen, and before a choice the best of those not out."""

    def __init__(self, book: Book, doubts: Doubts, vendor: str = "") -> None:
        self.book, self.doubts = book, doubts
        choices = [row for row in book.rows(Choice) if row.vendor]
        latest = max(choices, key=lambda row: (row.on or date.min, row.number)).vendor if choices else ""
        self.vendor = vendor or latest
        self.vendors = [self.vendor] if self.vendor else [row.code for row in book.rows(Vendor) if row.state != "out"]
        self.marks = dict[str, Fit]()
        for code in self.vendors:
            for fit in book.where(Fit, "vendor", code):
                held = self.marks.get(fit.requirement)
                if held is None or _RANK[fit.mark] < _RANK[held.mark]:
                    self.marks[fit.requirement] = fit
        self._lacks = dict[int, tuple[str, ...]]()
        self.planned = dict[str, str]()  # function -> the first phase that brings it
        for row in book.rows(PhaseFunction):
            if row.phase and row.function:
                self.planned.setdefault(row.function, row.phase)

    def requirements(self, field: str, code: str) -> list[Requirement]:
        """The requirements that name this record and are not rejected."""
        return [row for row in self.book.where(Requirement, field, code) if row.state != "rejected"]

    def phase(self, row: Requirement) -> str:
        """The phase that brings it: its own, or that of one of its functions."""
        return row.phase or next((self.planned[id_] for id_ in row.functions if id_ in self.planned), "")

    def tests(self, row: Requirement) -> Sequence[AcceptanceTest]:
        return self.book.where(AcceptanceTest, "requirement", row.code)

    def lacks(self, row: Requirement) -> tuple[str, ...]:
        """The levels at which the thread of a requirement breaks."""
        found = self._lacks.get(row[0])
        if found is None:
            found = self._lacks[row[0]] = self._lacking(row) if row.state == "accepted" else ("requirement",)
        return found

    def _lacking(self, row: Requirement) -> tuple[str, ...]:
        fit = self.marks.get(row.code)
        there = (("answer", fit is not None and fit.mark in WORKS), ("phase", self.phase(row)),
                 ("measure", row.tester or row.accepted_on or self.tests(row)))
        return tuple(level for level, found in there if not found)

    def unsure(self, row: Requirement) -> set[str]:
        """The levels below a requirement that say something about words which have changed since."""
        fit = self.marks.get(row.code)
        return {level for level, found in (("answer", fit is not None and self.doubted(fit, row)),
                                           ("measure", any(self.doubted(test, row) for test in self.tests(row)))) if found
                } if self.doubts else set()

    def doubted(self, source: Record, *targets: Record) -> tuple[Doubt, ...]:
        """Those of these links that are suspect."""
        if not self.doubts:
            return ()
        return tuple(self.doubts[pair] for target in targets if (pair := (source.code, target.code)) in self.doubts)

    def broken(self, row: Requirement, *targets: Record) -> bool:
        """Whether anything is missing or in doubt from a requirement on."""
        return bool(self.lacks(row) or self.unsure(row) or self.doubted(row, *targets))

    def unmeasured(self, row: CrmGoal) -> str:
        """The first field that its measure lacks; "value" when it is in use and nobody has measured since; or ""."""
        if lacking := ("indicator" if not row.indicator else "baseline" if row.baseline is None
                       else "target" if row.target is None else ""):
            return lacking
        used = any(function.used_from for function in self.book.where(PhaseFunction, "goals", row.code))
        return "value" if used and not self.values(row) else ""

    def values(self, row: CrmGoal) -> list[MetricValue]:
        """What was measured of a CRM goal."""
        return [value for value in self.book.where(MetricValue, "goal", row.code) if value.value is not None]

    def asked(self, row: PhaseFunction) -> bool:
        """Whether a goal or a requirement asks for a function of a phase."""
        return bool(row.goals or (row.function and self.requirements("functions", row.function)))


class Tree:
    """Writes the nodes, line by line."""

    def __init__(self, web: Web, most: int = 0) -> None:
        self.web, self.book, self.most = web, web.book, most
        self.nodes: list[Node] = []
        self._trail: list[str] = []  # keys of the lines above that this one hangs on

    def add(self, level: str, depth: int, row: Record | None = None, text: str = "", sentence: str = "",
            gap: Gap | None = None, targets: Iterable[Record] = (), more: int = 0) -> None:
        """One line: of a record with its links to `targets`, or of what is not there."""
        doubts = self.web.doubted(row, *targets) if row is not None else ()
        if doubts:
            sentence = f"{sentence} {doubts[0].sentence}" if gap else doubts[0].sentence
        code = row.code if row is not None else ""
        state: State = "gap" if gap else "suspect" if doubts else "ok"
        self._write(Node(level, depth, code or f"{level}+", state, code, text, sentence, gap, doubts, more))

    def missing(self, level: str, depth: int, sentence: str, gap: Gap) -> None:
        """One line of what is not there."""
        self._write(Node(level, depth, level, "gap", sentence=sentence, gap=gap))

    def _write(self, node: Node) -> None:
        self._trail[node.depth:] = [node.key]
        self.nodes.append(replace(node, key="/".join(self._trail)))

    def each(self, rows: Sequence[R], broken: Callable[[R], bool], show: Callable[[R], None], level: str, depth: int) -> None:
        """What is broken first, and of many records the first ones only."""
        ordered = sorted(rows, key=lambda row: not broken(row))
        kept = ordered[:self.most] if self.most and len(ordered) > self.most + 1 else ordered
        for row in kept:
            show(row)
        if rest := len(ordered) - len(kept):
            self.add(level, depth, text=_("... and {n} more").format(n=f"{rest:,}"), more=rest)

    # ---- from the goals down ----

    def goal(self, row: CompanyGoal) -> None:
        self.add("goal", 0, row)
        served = self.book.where(CrmGoal, "company_goals", row.code)
        if not served:
            self.no_crm_goal(row)
        self.each(served, lambda goal: bool(self.web.unmeasured(goal)), lambda goal: self.crm_goal(goal, row), "crm_goal", 1)

    def no_crm_goal(self, row: CompanyGoal) -> None:
        self.missing("crm_goal", 1, _("No CRM goal serves this goal yet."),
                     Gap(given=(("company_goals", (row.code,)),), kind=CrmGoal))

    def crm_goal(self, row: CrmGoal, *above: Record) -> None:
        """A CRM goal and everything below it."""
        self.add("crm_goal", 1, row, targets=above)
        self.measure(row)
        found = self.web.requirements("goals", row.code)
        if not found:
            self.no_requirement(row)
            return
        broken = {other.number for other in found if self.web.broken(other, row)}
        groups = dict[str, list[Requirement]]()
        for other in found:
            for code in other.processes or ("",):
                groups.setdefault(code, []).append(other)
        loose = groups.pop("", [])
        if not groups:
            self.no_process(row, loose)
        processes = [process for process in self.book.rows(Process) if process.code in groups]

        def show(process: Process) -> None:
            self.add("process", 2, process)
            self.each(groups[process.code], lambda other: other.number in broken,
                      lambda other: self.requirement(other, 3, row, process), "requirement", 3)
        self.each(processes, lambda process: any(other.number in broken for other in groups[process.code]), show, "process", 2)
        self.each(loose, lambda other: other.number in broken, lambda other: self.requirement(other, 2, row), "requirement", 2)

    def no_requirement(self, row: CrmGoal) -> None:
        self.missing("requirement", 2, _("No requirement serves this goal yet."),
                     Gap(given=(("goals", (row.code,)),), kind=Requirement))

    def no_process(self, row: CrmGoal, found: Sequence[Requirement]) -> None:
        self.missing("process", 2, _("None of its requirements names a process in which it is needed."),
                     Gap(found[0].code, "processes"))

    def measure(self, row: CrmGoal) -> None:
        """How one will see that a CRM goal is reached, and what was measured last."""
        lacking = self.web.unmeasured(row)
        text = row.indicator and f"{row.indicator}: {_number(row.baseline)} → {_number(row.target)} {row.unit}".rstrip()
        if lacking in _MEASURE:
            gap = Gap(row.code, lacking)
            if text:
                self.add("measure", 2, row, text, _(_MEASURE[lacking]), gap)
            else:
                self.missing("measure", 2, _(_MEASURE[lacking]), gap)
            return
        self.add("measure", 2, row, text)
        if values := self.web.values(row):
            self.metric(max(values, key=lambda value: (value.on or date.min, value.number)), row)
        elif lacking:
            self.missing("measure", 3, _("It is in use, but nobody has measured since."),
                         Gap(given=(("metric", "m-goal-progress"), ("goal", row.code)), kind=MetricValue))

    def metric(self, row: MetricValue, goal: CrmGoal) -> None:
        words = _("{value} on {day}") if row.on else "{value}"
        text = words.format(value=f"{_number(row.value)} {goal.unit}".rstrip(), day=row.on)
        self.add("measure", 3, row, text, targets=(goal,))

    def requirement(self, row: Requirement, depth: int, *above: Record, whole: bool = False) -> None:
        """A requirement and what follows from it: all of it (`whole`), or what is broken, and the rest in its own line."""
        if row.state != "accepted":
            gap = None if row.state == "rejected" else Gap(row.code, "state")
            self.add("requirement", depth, row, targets=above, gap=gap,
                     sentence=_("Nobody has decided on it yet.") if gap else _("It was rejected."))
            return
        shown = {"answer", "phase", "measure"} if whole else {*self.web.lacks(row), *self.web.unsure(row)}
        self.add("requirement", depth, row, targets=above, sentence=self._rest(row, shown))
        if "answer" in shown:
            self.answer(row, depth + 1)
        if "phase" in shown:
            self.phase_of(row, depth + 1)
        if "measure" in shown:
            self.tests(row, depth + 1)

    def _rest(self, row: Requirement, shown: Collection[str]) -> str:
        """What is there and gets no line of its own."""
        fit, tests = self.web.marks.get(row.code), self.web.tests(row)
        parts = (("answer", _(FIT_MARKS[fit.mark]) if fit and fit.mark else ""), ("phase", self.web.phase(row)),
                 ("measure", tests[0].code if tests else row.tester))
        return ", ".join(text for level, text in parts if text and level not in shown)

    def answer(self, row: Requirement, depth: int) -> None:
        fit = self.web.marks.get(row.code)
        if fit is not None:
            vendor = self._vendor(fit.vendor)
            text = f"{vendor}: {_(FIT_MARKS[fit.mark])}" if fit.mark else vendor
            mend = None if fit.mark in WORKS else Gap(fit.code, "mark")
            self.add("answer", depth, fit, text, _(_MEND[fit.mark]) if mend else "", mend, targets=(row,))
            return
        if not self.web.vendors:
            self.missing("answer", depth, _("No vendor is written down yet."), Gap(kind=Vendor))
            return
        given = (*((("vendor", self.web.vendors[0]),) if len(self.web.vendors) == 1 else ()), ("requirement", row.code))
        words = _("{vendor} has no mark for it yet. Ask whether it works today.") if self.web.vendor else _(
            "No vendor has a mark for it yet. Ask whether it works today.")
        self.missing("answer", depth, words.format(vendor=self._vendor(self.web.vendor)), Gap(given=given, kind=Fit))

    def phase_of(self, row: Requirement, depth: int) -> None:
        phase = self.book.find(Phase, self.web.phase(row))
        if phase is not None:
            self.add("phase", depth, phase)
        else:
            self.missing("phase", depth, _("It is planned for no phase yet."), Gap(row.code, "phase"))

    def tests(self, row: Requirement, depth: int) -> None:
        tests, tester = self.web.tests(row), self.book.get(row.tester)
        if tests:
            self.each(tests, lambda test: test.passed_on is None, lambda test: self.test(test, depth, row), "measure", depth)
        elif row.accepted_on:
            self.add("measure", depth, row, _("Works and accepted on {day}").format(day=row.accepted_on))
        elif tester is not None:
            self.add("measure", depth, tester, sentence=_("will test it"))
        else:
            self.missing("measure", depth, _("Nobody is named who will test it."), Gap(row.code, "tester"))

    def test(self, row: AcceptanceTest, depth: int, *above: Record, gap: Gap | None = None) -> None:
        said = _("passed on {day}").format(day=row.passed_on) if row.passed_on else _("not passed yet")
        self.add("measure", depth, row, sentence=_("It tests no requirement yet.") if gap else said, gap=gap, targets=above)

    # ---- from a record up, then down ----

    def above(self, codes: Iterable[str]) -> list[CrmGoal]:
        """These CRM goals, each below its company goals; gives them."""
        goals = [goal for code in dict.fromkeys(codes) if (goal := self.book.find(CrmGoal, code)) is not None]
        for goal in goals:
            served = self.over(goal)
            self.add("crm_goal", 1, goal, targets=served)
            self.measure(goal)
        return goals

    def over(self, row: CrmGoal) -> list[CompanyGoal]:
        """The company goals of a CRM goal."""
        served = [goal for code in row.company_goals if (goal := self.book.find(CompanyGoal, code)) is not None]
        for goal in served:
            self.add("goal", 0, goal)
        if not served:
            self.missing("goal", 0, _("{code} serves no company goal yet.").format(code=row.code),
                         Gap(row.code, "company_goals"))
        return served

    def from_crm_goal(self, row: CrmGoal) -> None:
        self.crm_goal(row, *self.over(row))

    def from_process(self, row: Process) -> None:
        found = self.web.requirements("processes", row.code)
        self.above(code for other in found for code in other.goals)
        self.add("process", 2, row)
        if not found:
            self.missing("requirement", 3, _("No requirement names this process yet."),
                         Gap(given=(("processes", (row.code,)),), kind=Requirement))
        self.below(found, 3, row)

    def below(self, found: Sequence[Requirement], depth: int, *above: Record) -> None:
        self.each(found, lambda row: self.web.broken(row, *above), lambda row: self.requirement(row, depth, *above),
                  "requirement", depth)

    def from_requirement(self, row: Requirement) -> None:
        goals = self.above(row.goals)
        if not goals:
            self.missing("crm_goal", 1, _("{code} serves no CRM goal yet.").format(code=row.code), Gap(row.code, "goals"))
        processes = [process for code in row.processes if (process := self.book.find(Process, code)) is not None]
        for process in processes:
            self.add("process", 2, process)
        self.requirement(row, 3, *goals, *processes, whole=True)

    def from_fit(self, row: Fit) -> None:
        requirement = self.book.find(Requirement, row.requirement)
        if requirement is None:
            self.add("answer", 4, row, sentence=_("It names no requirement yet."), gap=Gap(row.code, "requirement"))
        else:
            self.web.marks[requirement.code] = row
            self.from_requirement(requirement)

    def from_vendor(self, row: Vendor) -> None:
        """What a vendor's system does for the requirements that were accepted."""
        self.add("answer", 0, row)

        def show(other: Requirement) -> None:
            self.add("requirement", 1, other)
            self.answer(other, 2)
        self.each(self.book.where(Requirement, "state", "accepted"),
                  lambda other: "answer" in self.web.lacks(other) or "answer" in self.web.unsure(other), show, "requirement", 1)

    def from_phase(self, row: Phase) -> None:
        goals = self.above(row.goals)
        if not goals:
            self.missing("crm_goal", 1, _("{code} serves no CRM goal yet.").format(code=row.code), Gap(row.code, "goals"))
        self.add("phase", 2, row, targets=goals)
        self.each(self.book.where(PhaseFunction, "phase", row.code), lambda other: not self.web.asked(other), self.function,
                  "phase", 3)
        self.below(self.web.requirements("phase", row.code), 3)

    def function(self, row: PhaseFunction) -> None:
        goals = [goal for code in row.goals if (goal := self.book.find(CrmGoal, code)) is not None]
        gap = None if self.web.asked(row) else Gap(row.code, "goals")
        self.add("phase", 3, row, sentence=_("No requirement and no goal asks for it.") if gap else "", gap=gap, targets=goals)

    def from_function(self, row: PhaseFunction) -> None:
        found = self.web.requirements("functions", row.function) if row.function else []
        self.above([*row.goals, *(code for other in found for code in other.goals)])
        phase = self.book.find(Phase, row.phase)
        if phase is not None:
            self.add("phase", 2, phase)
        self.function(row)
        self.below(found, 4)

    def from_test(self, row: AcceptanceTest) -> None:
        requirement = self.book.find(Requirement, row.requirement)
        functions = self.book.where(PhaseFunction, "function", row.function) if row.function else ()
        if requirement is not None:
            self.from_requirement(requirement)
        elif functions:
            self.from_function(functions[0])
            self.test(row, 4)
        else:
            self.test(row, 4, gap=Gap(row.code, "requirement"))

    def from_metric(self, row: MetricValue) -> None:
        goals = self.above([row.goal])
        if not goals:
            self.add("measure", 3, row, sentence=_("It belongs to no CRM goal."))
        elif row.code not in {node.code for node in self.nodes}:
            self.metric(row, goals[0])

    def _vendor(self, code: str) -> str:
        row = self.book.find(Vendor, code)
        return row.name or code if row is not None else code


def _number(value: float | None) -> str:
    return "?" if value is None else f"{value:g}"


_SHOW: Mapping[type[Record], Callable[[Tree, Any], None]] = {
    CompanyGoal: Tree.goal, CrmGoal: Tree.from_crm_goal, Process: Tree.from_process, Requirement: Tree.from_requirement,
    Fit: Tree.from_fit, Vendor: Tree.from_vendor, Phase: Tree.from_phase, PhaseFunction: Tree.from_function,
    AcceptanceTest: Tree.from_test, MetricValue: Tree.from_metric}
