"""How much is left: what the next gate needs, what answers already given have opened, and about how many minutes that takes."""
from __future__ import annotations

from dataclasses import dataclass

from crm_workbook.analysis.facts.view import View
from crm_workbook.analysis.gates import current, gates
from crm_workbook.analysis.progress import CHAPTERS, Progress
from crm_workbook.catalogue.conditions import parse_condition
from crm_workbook.records.vendors import Answer, CostLine, Vendor

_UNTIL = {"gate-prepare": "requirements", "gate-contract": "vendors", "gate-go-live": "phases"}
"""The last chapter that a gate needs; all chapters for the others."""
_GIVEN = frozenset({"answered", "unsure"})


@dataclass(frozen=True, slots=True)
class Remaining:
    """`required`: things that are missing up to the next gate. `behind`: questions and cost lines that answers already given
    have opened. `minutes`: about how long both take (param p_minutes_per_item for each)."""

    required: int
    behind: int
    minutes: int


def remaining(view: View, progress: dict[str, Progress]) -> Remaining:
    """The three numbers of this View; `progress` is that of the same Book."""
    gate = current(gates(view))
    until = CHAPTERS.index(_UNTIL.get(gate.gate.id, CHAPTERS[-1])) if gate is not None else len(CHAPTERS) - 1
    required = sum(state.want - state.have for chapter in CHAPTERS[:until + 1] for state in progress[chapter].steps)
    behind = view.once(_behind)
    return Remaining(required, behind, round((required + behind) * view.param("p_minutes_per_item")))


def _behind(view: View) -> int:
    """Follow-up questions that are open now, and cost lines that an answer has opened and nobody has priced."""
    running = {row.code for row in view.rows(Vendor) if row.state != "out"}
    given = {(row.vendor, row.question): row for row in view.rows(Answer) if row.vendor in running}
    opened = 0
    for question in view.catalogue.questions.values():
        if not question.applies_when.startswith("answer:"):
            continue
        condition = parse_condition(question.applies_when)
        for vendor in running:
            first, then = given.get((vendor, condition.subject)), given.get((vendor, question.id))
            if first is not None and first.state in _GIVEN and first.value in condition.values and (
                    then is None or then.state in ("", "later")):
                opened += 1
    return opened + sum(row.likely is None and bool(row.question) for row in view.rows(CostLine) if row.vendor in running)
