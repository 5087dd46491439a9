"""What an entry of each kind looks like. Reading, checking and overlays all follow from these declarations.

A kind is added by a class and a line in `KINDS`, a key by a field. Fields without a default must be given.
"""

import math
from dataclasses import dataclass
from typing import Annotated, Literal

from crm_workbook.catalogue.shape import Kind, Rule

MANY = 7
"""People choose easily among so many; a longer list earns a warning."""

Id = Annotated[str, Rule(identity=True)]
Text = Annotated[str, Rule(text=True, changeable=True)]
Condition = Annotated[str, Rule(condition=True)]
Points = Annotated[int, Rule(low=1)]
Share = Annotated[float, Rule(low=0, high=1)]
Expression = Annotated[str, Rule(expression=True)]

FunctionId = Annotated[str, Rule(refers="function")]
DepartmentId = Annotated[str, Rule(refers="department")]
FactId = Annotated[str, Rule(refers="fact")]
RoleId = Annotated[str, Rule(refers="role")]
StageId = Annotated[str, Rule(refers="stage")]

ANSWERED = frozenset({"vendor-questions", "vendor-choice", "cost"})
"""Stages whose facts may be counted from the answers to questions."""

Direction = Literal["up", "down"]
Severity = Literal["info", "warn", "serious", "blocker"]  # from mild to grave


@dataclass(frozen=True, slots=True)
class Stage:
    """A stretch of the introduction, from goals to refinement."""

    id: Id
    order: Points
    name: Text
    about: Text


@dataclass(frozen=True, slots=True)
class Department:
    """A usual part of a company."""

    id: Id
    name: Text


@dataclass(frozen=True, slots=True)
class Role:
    """A duty that one to several people hold; `min` and `max` count them."""

    id: Id
    name: Text
    side: Literal["client", "vendor", "outside"]
    mandatory_when: Literal["always", "vendor-decided", "custom-work", "two-programmers", "live", "never"]
    min: Annotated[int, Rule(low=0)]
    max: Points
    hours_per_week: Annotated[int, Rule(low=0, changeable=True)]
    duties: Annotated[tuple[Text, ...], Rule(most=MANY)]
    disqualifiers: Annotated[tuple[Text, ...], Rule(most=MANY)] = ()


@dataclass(frozen=True, slots=True)
class RoleConflict:
    """Two roles that one person should not hold at the same time."""

    id: Id
    a: RoleId
    b: RoleId
    severity: Severity
    reason: Text


@dataclass(frozen=True, slots=True)
class Motive:
    """A reason for buying a CRM, sound or not, and what to answer."""

    id: Id
    text: Text
    sound: bool
    answer: Text


@dataclass(frozen=True, slots=True)
class Promise:
    """What vendors like to promise, and what to ask back."""

    id: Id
    text: Text
    counter_question: Text


@dataclass(frozen=True, slots=True)
class Fear:
    """A worry about the new system, whether there is a real reason behind it, and what helps."""

    id: Id
    text: Text
    rational: Literal["rational", "mixed", "irrational"]
    answer: Text


@dataclass(frozen=True, slots=True)
class FunctionLevel:
    """How demanding a function is, from 1 to 4."""

    level: Annotated[int, Rule(identity=True, low=1)]
    name: Text

    @property
    def id(self) -> str:
        """The level as an id."""
        return str(self.level)


@dataclass(frozen=True, slots=True)
class Function:
    """What a CRM can do. `effort` is in points; the base set belongs to every first phase."""

    id: Id
    name: Text
    plain: Text
    level: Annotated[int, Rule(refers="function_level")]
    suggested_phase: Points
    effort: Annotated[int, Rule(low=1, changeable=True)]
    departments: tuple[DepartmentId, ...]
    prerequisites: tuple[FunctionId, ...] = ()
    base_set: bool = False
    tags: tuple[Literal["gadget", "fashion"], ...] = ()


@dataclass(frozen=True, slots=True)
class TrainingElement:
    """A way to learn. Days count from the start of a phase and are negative before it."""

    id: Id
    name: Text
    kind: Literal["talk", "course", "material", "self-study", "practice", "group", "qa", "clinic", "time", "review"]
    when: Text
    day_from: int
    day_to: int
    audience: Text
    minimum: Text
    done_when: Text


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure that shows how the introduction goes; `direction` is where it should move."""

    id: Id
    name: Text
    stage: StageId
    formula: Text
    target: Text
    direction: Direction
    cadence: Literal["weekly", "every two weeks", "monthly", "per phase"]
    measured: Text
    watch_out: Text = ""


@dataclass(frozen=True, slots=True)
class GoalExample:
    """A goal of the company beside a goal for the CRM, with the figure that shows progress."""

    id: Id
    department: DepartmentId
    company_goal: Text
    crm_goal: Text
    link: Text
    indicator: Text
    unit: Literal["%", "count", "days", "hours", "minutes", "money"]
    direction: Direction
    baseline_question: Text
    typical_target: Text
    functions: tuple[FunctionId, ...]
    trade: str = ""


@dataclass(frozen=True, slots=True)
class Workshop:
    """A ready agenda for a meeting of `minutes`."""

    id: Id
    name: Text
    minutes: Annotated[int, Rule(low=1, changeable=True)]
    who: Text
    steps: Annotated[tuple[Text, ...], Rule(most=MANY)]
    result: Text


@dataclass(frozen=True, slots=True)
class WorkaroundKind:
    """A detour people take around the system, its usual cause and a first remedy."""

    id: Id
    text: Text
    usual_cause: Text
    first_remedy: Text


@dataclass(frozen=True, slots=True)
class EvidenceLevel:
    """How sure an answer is, from 0 (none) to 4 (measured); a score is multiplied by `factor`."""

    level: Annotated[int, Rule(identity=True, low=0)]
    name: Text
    factor: Annotated[float, Rule(low=0, high=1, changeable=True)]
    about: Text

    @property
    def id(self) -> str:
        """The level as an id, "0" to "4"."""
        return str(self.level)


@dataclass(frozen=True, slots=True)
class QuestionSection:
    """A group of vendor questions."""

    id: Id
    order: Points
    name: Text
    intro: Text


@dataclass(frozen=True, slots=True)
class Option:
    """A possible answer of a single choice; `value` runs from 0 (bad) to 1 (good)."""

    id: Id
    label: Text
    value: Share


@dataclass(frozen=True, slots=True)
class Flag:
    """A warning that an answer raises: `op` compares it with the other fields."""

    op: Literal["eq", "in", "lt", "gt", "missing", "lt_ref", "share_of_ref_gt", "scaled_gt_ref", "age_gt"]
    severity: Severity
    message: Text
    value: str | int | float | None = None
    values: tuple[str, ...] = ()
    unit: str = ""
    factor: float | None = None
    ref: FactId = ""
    times_ref: FactId = ""
    scale: FactId = ""
    param: Annotated[str, Rule(refers="param")] = ""
    when: Condition = ""


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost line that an answer in `opens_when` opens; "always" and "flagged" stand beside the answers."""

    bucket: Annotated[str, Rule(refers="cost_bucket")]
    kind: Literal["one_off", "recurring", "both"]
    basis: Text
    opens_when: tuple[str, ...]
    note: Text = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A question to a vendor (or to ourselves). `best` and `worst` are the ends of a scored number; `open_ended`: the more the
    better, and "no limit" is an answer, too (`scoring.NO_LIMIT`)."""

    id: Id
    section: Annotated[str, Rule(refers="question_section")]
    text: Text
    why: Text
    answer_type: Literal["yes_no", "single_choice", "number", "money", "text", "evidence"]
    importance: Annotated[int, Rule(low=1, high=5, changeable=True)]
    knockout: bool
    core: bool
    scored: bool
    answered_by: Literal["vendor", "us"]
    good: Text
    worrying: Text
    hidden_cost: bool
    help: Text = ""
    unit: Text = ""
    best: float | None = None
    worst: float | None = None
    open_ended: bool = False
    applies_when: Condition = ""
    options: Annotated[tuple[Option, ...], Rule(key="option", most=MANY)] = ()
    flags: Annotated[tuple[Flag, ...], Rule(key="flag")] = ()
    cost: Cost | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A technical word and what it means."""

    id: Id
    name: Text
    text: Text


@dataclass(frozen=True, slots=True)
class SurveyQuestion:
    """A question to future users; `feeds` names the list that the answers go to."""

    id: Id
    text: Text
    kind: Literal["text", "list", "choice", "choice+text", "name"]
    anonymous_ok: bool
    feeds: str


@dataclass(frozen=True, slots=True)
class ContractItem:
    """What should stand in the contract."""

    id: Id
    text: Text


@dataclass(frozen=True, slots=True)
class CostBucket:
    """A group of cost lines."""

    id: Id
    name: Text
    about: Text


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure or a yes/no that the workbook works out from the records; rules speak of nothing else.

    `title` is a short noun phrase that stands in front of the value ("CRM goals without a company goal"). `missing` says what
    to write down when the value is not known. `healthy` is the value in a project where all is well.
    """

    id: Id
    title: Text
    type: Literal["int", "float", "bool"]
    unit: Literal["", "share", "days", "working days", "weeks", "months", "hours", "working hours", "hours per user and week",
                  "money", "GB", "Mbit/s", "kbit/s", "of 5", "points", "people"]
    stage: StageId
    source: Literal["entered", "counted", "measured"]
    meaning: Text
    missing: Text
    healthy: bool | int | float

    @property
    def from_answers(self) -> bool:
        """Whether it may be worked out from questions and answers, so that no question can wait for it.

        That is so for what is counted about vendors and costs; only the counts of offices come from measured lines.
        """
        return self.source == "counted" and self.stage in ANSWERED and "office" not in self.id


@dataclass(frozen=True, slots=True)
class Pattern:
    """A way in which introductions fail, as a rule over facts and params.

    It is silent until the stage `active_from` was opened. `escalate_when` raises the severity to `escalate_to`. `minutes` is
    about how long the first step of the advice takes. `silenced` holds a company's reason to do without the pattern, given
    by a [[silence]] of its overlay.
    `triggers` are examples: with these facts changed, and all others healthy, it fires.
    """

    id: Id
    name: Text
    stage: StageId
    severity: Annotated[Severity, Rule(changeable=True)]
    active_from: StageId
    fires_when: Expression
    message: Text
    advice: Text
    minutes: Annotated[int, Rule(low=1, changeable=True)]
    escalate_when: Expression = ""
    escalate_to: Literal["", "warn", "serious", "blocker"] = ""
    silenced: str = ""
    triggers: tuple[dict[str, bool | int | float], ...] = ()


@dataclass(frozen=True, slots=True)
class Gate:
    """A point at which the group checks whether it is ready to go on. `per_phase`: each phase passes it again."""

    id: Id
    order: Points
    name: Text
    stage: StageId
    about: Text
    per_phase: bool = False


@dataclass(frozen=True, slots=True)
class GateItem:
    """One line of a gate's list. `auto` follows from facts, `manual` is ticked by a person; a `hard` one cannot be waived."""

    id: Id
    gate: Annotated[str, Rule(refers="gate")]
    text: Text
    kind: Literal["auto", "manual"]
    hard: bool
    ok_when: Expression = ""


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """A sentence that a group may find true of itself; then the pattern is likely, whatever the records say."""

    id: Id
    text: Text
    pattern: Annotated[str, Rule(refers="pattern")]


@dataclass(frozen=True, slots=True)
class FreeDay:
    """A day on which nobody works: `on` is YYYY-MM-DD, or MM-DD for every year."""

    id: Id
    name: Text
    on: Annotated[str, Rule(day=True)]


@dataclass(frozen=True, slots=True)
class Param:
    """A threshold that checks compare with. A company chooses its value from `low` to `high`, and a `whole` one if need be."""

    id: Id
    value: Annotated[int | float, Rule(low=0, changeable=True)]
    unit: str
    note: Text
    low: Annotated[float, Rule(low=0)] = 0.0
    high: Annotated[float, Rule(low=0)] = math.inf
    whole: bool = False

    @property
    def fits(self) -> bool:
        """Whether the value is one of those that a company may choose."""
        return self.low <= self.value <= self.high and not (self.whole and self.value % 1)


@dataclass(frozen=True, slots=True)
class WordList:
    """Phrases to look for in what people write."""

    id: Id
    about: Text
    words: Annotated[tuple[str, ...], Rule(changeable=True)]


KINDS = {
    kind.name: kind
    for kind in (
        Kind("stage", Stage, "stages", "name"),
        Kind("department", Department, "departments", "name"),
        Kind("role", Role, "roles", "name"),
        Kind("role_conflict", RoleConflict, "roles", "reason"),
        Kind("motive", Motive, "motives", "text"),
        Kind("promise", Promise, "promises", "text"),
        Kind("fear", Fear, "fears", "text"),
        Kind("function_level", FunctionLevel, "functions", "name"),
        Kind("function", Function, "functions", "name"),
        Kind("training_element", TrainingElement, "training", "name"),
        Kind("metric", Metric, "metrics", "name"),
        Kind("goal_example", GoalExample, "goals", "company_goal"),
        Kind("workshop", Workshop, "workshops", "name"),
        Kind("workaround_kind", WorkaroundKind, "workarounds", "text"),
        Kind("evidence_level", EvidenceLevel, "questions", "name"),
        Kind("question_section", QuestionSection, "questions", "name"),
        Kind("question", Question, "questions", "text"),
        Kind("term", Term, "glossary", "name"),
        Kind("survey_question", SurveyQuestion, "survey", "text"),
        Kind("contract_item", ContractItem, "contract", "text"),
        Kind("cost_bucket", CostBucket, "costs", "name"),
        Kind("fact", Fact, "facts", "title"),
        Kind("pattern", Pattern, "patterns", "name"),
        Kind("self_check", SelfCheck, "patterns", "text"),
        Kind("gate", Gate, "gates", "name"),
        Kind("gate_item", GateItem, "gates", "text"),
        Kind("free_day", FreeDay, "calendar", "name"),
        Kind("param", Param, "params", "note", table="params"),
        Kind("word_list", WordList, "words", "about", table="word_lists"),
    )
}
"""Every kind of entry by its name."""
