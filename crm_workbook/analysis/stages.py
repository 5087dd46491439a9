"""Which stages the group has opened: until then the patterns of a stage are silent, or an empty workbook would shout."""
from __future__ import annotations

from collections.abc import Mapping

from crm_workbook.analysis.facts.view import View, shared
from crm_workbook.records import Record
from crm_workbook.records.adoption import (
    ChangeRequest,
    ControlMeasure,
    Incident,
    Material,
    Measurement,
    MetricValue,
    Pulse,
    Support,
    TestData,
    TrainingEvent,
    Workaround,
    WorkingRule,
)
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
from crm_workbook.records.team import Assignment, Interest, Nomination, OpenDecision, Question, RoleChange, SponsorTalk
from crm_workbook.records.vendors import (
    Answer,
    Choice,
    Commitment,
    ContractPoint,
    CostLine,
    DatabaseTier,
    Fit,
    Payment,
    Trial,
    Vendor,
    VendorPromise,
    WeightRound,
    WeightVote,
)

BEGUN_BY: Mapping[str, tuple[type[Record], ...]] = {
    "goals": (CompanyGoal, CrmGoal, StrategyChange),
    "mindset": (Motive, Reason, Expectation, Fear, Postponed, EarlierAttempt),
    "team": (Assignment, Nomination, Interest, SponsorTalk, Question, OpenDecision, RoleChange),
    "processes": (Process, Stage, OldTool),
    "requirements": (Requirement, SurveyAnswer, Interview, Suggestion, Conflict, SignOff, DataForm, FormField, OptionList,
                     DataItem),
    "vendor-questions": (Vendor, Answer, VendorPromise),
    "vendor-choice": (Choice, Fit, Trial, ContractPoint, WeightRound, WeightVote, Commitment),
    "cost": (CostLine, DatabaseTier, Payment),
    "phases": (Phase, PhaseFunction, AcceptanceTest, Release, Defect),
    "training": (TrainingEvent, Material, WorkingRule, Measurement, MetricValue, Pulse, ControlMeasure),
    "support": (Support, Incident, TestData),
    "refinement": (Workaround, ChangeRequest, ProcessVersion),
}
"""A stage is open as soon as one of these was written down. Departments, people, offices and sizes belong to every stage."""


FIRST_STEPS = ("goals", "mindset", "team")
"""Stages in which a group may be halfway for some days without being told what is missing."""


@shared
def opened(view: View) -> frozenset[str]:
    """The ids of the stages whose patterns may speak: those that were begun, but the first steps only once the group has gone
    on to processes or further, or `p_grace_days` after the project start."""
    found, start = begun(view), view.only(Project).start
    if found <= set(FIRST_STEPS) and (start is None or (view.today - start).days <= view.param("p_grace_days")):
        return frozenset()
    return found


@shared
def begun(view: View) -> frozenset[str]:
    """The ids of the stages in which something was written down, and of those that the project has passed.

    Whoever talks to vendors has passed goals and requirements; whoever has chosen one has passed the questions and the cost;
    with a phase in use everything is begun.
    """
    found = {stage for stage, kinds in BEGUN_BY.items() if any(view.rows(kind) for kind in kinds)}
    order = list(BEGUN_BY)
    passed = 0
    if "vendor-questions" in found or "vendor-choice" in found:
        passed = order.index("requirements")
    if any(row.vendor for row in view.rows(Choice)):
        passed = order.index("cost")
    if any(row.go_live is not None and row.go_live <= view.today for row in view.rows(Phase)):
        passed = len(order) - 1
    return frozenset(found.union(order[:passed + 1] if passed else ()))
