"""How much of the red thread is there: covered needs, what stands alone, and one line for each company goal.

Records without a name are only begun and do not count; rejected requirements neither. See `thread` for what needs what.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from crm_workbook.analysis.doubts import Doubts
from crm_workbook.analysis.finders import Gap
from crm_workbook.analysis.thread import Node, State, Tree, Web
from crm_workbook.i18n import N_
from crm_workbook.records import Record
from crm_workbook.records.book import Book
from crm_workbook.records.goals import CompanyGoal, CrmGoal
from crm_workbook.records.phases import Phase, PhaseFunction
from crm_workbook.records.requirements import Requirement

ORPHANS: Mapping[str, str] = {
    "goals_unserved": N_("Company goals that no CRM goal serves"),
    "crm_goals_unlinked": N_("CRM goals that serve no company goal"),
    "crm_goals_unasked": N_("CRM goals that no requirement serves"),
    "requirements_unlinked": N_("Requirements that serve no CRM goal"),
    "requirements_unplanned": N_("Accepted requirements that are planned for no phase"),
    "functions_unasked": N_("Functions of a phase that no requirement and no goal asks for"),
    "phases_aimless": N_("Phases that serve no CRM goal")}
"""What can stand alone, in both directions, and how that is called."""


@dataclass(frozen=True, slots=True)
class LevelCoverage:
    """One level: `met` of `needs` needs of its `records` are covered (shallow); `deep` of the records are covered down to
    the answers."""

    met: int
    needs: int
    deep: int
    records: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """By level ("goal", "crm_goal", "requirement"); and the codes of what stands alone, by the ids of `ORPHANS`."""

    levels: Mapping[str, LevelCoverage]
    orphans: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Spot:
    """What stands at one level of a goal's line: a code, a number of records, "5/7" when some lack something, "?" when there
    is nothing."""

    level: str
    text: str
    state: State


@dataclass(frozen=True, slots=True)
class Break:
    """The line of a company goal, and where it breaks first: at which `level`, which record lacks it (`about`), what is missing
    in a sentence, what to open to mend it. In a line without a break the texts are "" and `gap` is None."""

    code: str
    line: tuple[Spot, ...]
    level: str = ""
    about: str = ""
    sentence: str = ""
    gap: Gap | None = None


def coverage(book: Book) -> Coverage:
    """How much of all that is needed is there."""
    web = Web(book, {})
    requirements = [row for row in book.rows(Requirement) if row.title and row.state != "rejected"]
    lacks = {row.code: web.lacks(row) for row in requirements}
    accepted = [row for row in requirements if row.state == "accepted"]
    by_goal = dict[str, list[Requirement]]()
    for row in requirements:
        for code in row.goals:
            by_goal.setdefault(code, []).append(row)
    goals = [row for row in book.rows(CompanyGoal) if row.title]
    crm_goals = [row for row in book.rows(CrmGoal) if row.title]
    needs = {row.code: (any(other.processes for other in by_goal.get(row.code, ())), bool(by_goal.get(row.code)),
                        not web.unmeasured(row)) for row in crm_goals}
    deep = {code: all(met) and not any(lacks[row.code] for row in by_goal[code]) for code, met in needs.items()}
    served = {row.code: [other.code for other in book.where(CrmGoal, "company_goals", row.code) if other.title]
              for row in goals}
    levels = {
        "goal": LevelCoverage(sum(map(bool, served.values())), len(goals),
                              sum(bool(codes) and all(deep[code] for code in codes) for codes in served.values()), len(goals)),
        "crm_goal": LevelCoverage(sum(map(sum, needs.values())), 3 * len(needs), sum(deep.values()), len(needs)),
        "requirement": LevelCoverage(sum(_shallow(web, row, lacks[row.code]) for row in accepted), 3 * len(accepted),
                                     sum(not lacks[row.code] for row in accepted), len(accepted))}
    orphans = {
        "goals_unserved": [code for code, codes in served.items() if not codes],
        "crm_goals_unlinked": [row.code for row in crm_goals if not row.company_goals],
        "crm_goals_unasked": [code for code, met in needs.items() if not met[1]],
        "requirements_unlinked": [row.code for row in requirements if not row.goals],
        "requirements_unplanned": [row.code for row in accepted if "phase" in lacks[row.code]],
        "functions_unasked": [row.code for row in book.rows(PhaseFunction) if row.function and not web.asked(row)],
        "phases_aimless": [row.code for row in book.rows(Phase) if row.title and not row.goals]}
    return Coverage(levels, {id_: tuple(codes) for id_, codes in orphans.items()})


def _shallow(web: Web, row: Requirement, lacks: Sequence[str]) -> int:
    """How many of its three needs are there at all: any mark is an answer, though not a good one."""
    fit = web.marks.get(row.code)
    return 3 - len(lacks) + ("answer" in lacks and fit is not None and bool(fit.mark))


# ---- one line a goal ----

def line_of(book: Book, goal_code: str, doubts: Doubts | None = None) -> tuple[Spot, ...]:
    """The line of a company goal, level by level; () when there is no such goal."""
    goal = book.find(CompanyGoal, goal_code)
    return _Line(Web(book, doubts or {}), goal).spots() if goal is not None else ()


def breaks(book: Book, doubts: Doubts | None = None) -> tuple[Break, ...]:
    """The line of every company goal that has a name, and where each breaks first."""
    web = Web(book, doubts or {})
    return tuple(_Line(web, row).break_() for row in book.rows(CompanyGoal) if row.title)


class _Line:
    """A company goal and everything that serves it, each record once."""

    def __init__(self, web: Web, goal: CompanyGoal) -> None:
        self.web, self.goal = web, goal
        self.goals = web.book.where(CrmGoal, "company_goals", goal.code)
        self.of_goal = {row.code: web.requirements("goals", row.code) for row in self.goals}
        self.requirements = list({row.number: row for rows in self.of_goal.values() for row in rows}.values())
        self.accepted = [row for row in self.requirements if row.state == "accepted"]
        self.lacks = {row.number: web.lacks(row) for row in self.requirements}

    def without(self, level: str) -> list[Requirement]:
        """The requirements whose thread breaks at this level."""
        return [row for row in self.requirements if level in self.lacks[row.number]]

    def spots(self) -> tuple[Spot, ...]:
        """The whole line."""
        processes = dict.fromkeys(code for row in self.requirements for code in row.processes)
        phases = dict.fromkeys(filter(None, map(self.web.phase, self.requirements)))
        unasked = [row for row in self.goals if not self.of_goal[row.code]]
        unmeasured, untested = [row for row in self.goals if self.web.unmeasured(row)], self.without("measure")
        answers, planned = self.without("answer"), self.without("phase")
        accepted, measures = len(self.accepted), len(self.goals) + len(self.accepted)
        unmet = len(unmeasured) + len(untested)
        some = accepted - len(answers), accepted - len(planned)
        answer = _share(some[0], accepted) if answers or not self.web.vendor else self.web.vendor
        return (
            Spot("goal", f"{self.goal.code} {self.goal.title}".rstrip(), "ok"),
            self._spot("crm_goal", _codes(list(self.of_goal)), bool(self.goals)),
            self._spot("process", _codes(list(processes)), not any(map(self._bare, self.goals))),
            self._spot("requirement", _codes([row.code for row in self.requirements], 1),
                       not unasked and not self.without("requirement")),
            self._spot("answer", answer, not answers),
            self._spot("phase", _share(some[1], accepted) if planned else _codes(list(phases)), not planned),
            self._spot("measure", _share(measures - unmet, measures), not unmet))

    def _spot(self, level: str, text: str, whole: bool) -> Spot:
        there = bool(text) and (bool(self.accepted) or level not in ("answer", "phase")) and bool(self.goals)
        if not (there and whole):
            return Spot(level, text if there else "?", "gap")
        return Spot(level, text, "suspect" if self.web.doubts and self._doubted(level) else "ok")

    def _doubted(self, level: str) -> bool:
        """Whether a link at this level is suspect."""
        pairs: Mapping[str, Callable[[], bool]] = {
            "crm_goal": lambda: any(self.web.doubted(row, self.goal) for row in self.goals),
            "process": lambda: any((row.code, code) in self.web.doubts for row in self.requirements for code in row.processes),
            "requirement": lambda: any((row.code, code) in self.web.doubts for code, rows in self.of_goal.items()
                                       for row in rows),
            "answer": lambda: any("answer" in self.web.unsure(row) for row in self.accepted),
            "measure": lambda: any("measure" in self.web.unsure(row) for row in self.accepted)}
        return level in pairs and pairs[level]()

    def break_(self) -> Break:
        """The first level that lacks something, and what mends it."""
        line = self.spots()
        level = next((spot.level for spot in line if spot.state == "gap"), "")
        about, nodes = self._mend(level) if level else (self.goal.code, [])
        for node in nodes:
            if node.gap is not None:
                sentence = ". ".join(filter(None, (node.text, node.sentence)))
                return Break(self.goal.code, line, node.level, about, sentence, node.gap)
        return Break(self.goal.code, line)

    def _mend(self, level: str) -> tuple[str, Sequence[Node]]:
        """Which record lacks something there, and the lines of the thread that say what."""
        tree = Tree(self.web)
        about: Record = self.goal
        if level == "crm_goal":
            tree.no_crm_goal(self.goal)
        elif level in ("process", "requirement") and (bare := [row for row in self.goals if not self.of_goal[row.code]]):
            about = bare[0]
            tree.no_requirement(bare[0])
        elif level == "process":
            about = goal = next(row for row in self.goals if self._bare(row))
            tree.no_process(goal, self.of_goal[goal.code])
        elif level == "measure" and (goals := [row for row in self.goals if self.web.unmeasured(row)]):
            about = goals[0]
            tree.measure(goals[0])
        elif rows := self.without(level):
            about = rows[0]
            write = {"answer": tree.answer, "phase": tree.phase_of, "measure": tree.tests}.get(level, tree.requirement)
            write(rows[0], 3)
        return about.code, tree.nodes

    def _bare(self, row: CrmGoal) -> bool:
        """Whether no requirement of a CRM goal names a process."""
        return not any(other.processes for other in self.of_goal[row.code])


def _codes(codes: Sequence[str], most: int = 2) -> str:
    """'C3 C7', or '7 R' when there are more."""
    return " ".join(codes) if len(codes) <= most else f"{len(codes):,} {codes[0].rstrip('0123456789')}"


def _share(have: int, want: int) -> str:
    """'5/7'; nothing when there is nothing yet."""
    return f"{have:,}/{want:,}" if have else ""


__all__ = ["ORPHANS", "Break", "Coverage", "LevelCoverage", "Spot", "breaks", "coverage", "line_of"]
