"""Following what a finding says is to be opened: written there as a person would, the finding goes out."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

import pytest

from crm_workbook.analysis.facts import View
from crm_workbook.analysis.finders import Gap
from crm_workbook.analysis.radar import look
from crm_workbook.records import Value
from crm_workbook.records.adoption import ChangeRequest, TrainingEvent, Workaround
from crm_workbook.records.book import Book
from crm_workbook.records.goals import CrmGoal
from crm_workbook.records.requirements import Interview
from tests.analysis.healthy import MANAGER, TODAY, changed, healthy, with_rows
from tests.analysis.test_patterns import (
    CATALOGUE,
    FIRES,
    FIT_OF_CHOSEN,
    GROUP,
    LONG,
    Change,
    both,
    codes,
    cost,
    drop,
    edit,
    edits,
    seen,
)


class Mending(NamedTuple):
    """A finding, and what a person writes where its first gap leads: one field, or the fields of a new record."""

    rule: str
    change: Change
    written: Mapping[str, Value]


MENDED = [
    Mending("fp-no-goals", drop(CrmGoal), {"title": "One card for each customer"}),
    Mending("fp-unlinked-goals", edit("C1", company_goals=()), {"company_goals": ("G1",)}),
    Mending("fp-vague-goals", edit("C1", indicator=""), {"indicator": "Share answered"}),
    Mending("fp-vague-goals", edits("C1", "C2", too_broad=True), {"too_broad": False}),
    Mending("fp-no-shared-why", edit("PRJ1", idea=""), {"idea": "No customer is forgotten."}),
    Mending("fp-false-motive", drop("DI1"), {"has_interest": False, "on": TODAY}),
    Mending("fp-avoidance", edit("PP1", how=""), {"how": "Ask for a price"}),
    Mending("fp-miracles", edit("E1", title="The funnel fills by itself"), {"title": "Fewer calls"}),
    Mending("fp-weak-sponsor", drop("A1"), {"person": "M25", "since": TODAY, "confirmed": True}),
    Mending("fp-weak-sponsor", edit("ST1", on=TODAY - timedelta(days=31)), {"title": "How it goes", "on": TODAY}),
    Mending("fp-muddled-roles", drop("A2"), {"person": MANAGER}),
    Mending("fp-users-left-out", edit("M23", in_group=False), {"in_group": True}),
    Mending("fp-told-afterwards", edit("D1", announced=None), {"announced": TODAY}),
    Mending("fp-process-drift", edit("PV1", on=date(2026, 3, 2), in_crm_on=None), {"in_crm_on": TODAY}),
    Mending("fp-long-lists", edit("L1", options=LONG), {"options": "mail\ntelephone"}),
    Mending("fp-double-entry", edit("DA1", master=""), {"master": "CRM"}),
    Mending("fp-must-have-gap", edit(FIT_OF_CHOSEN[0], mark="promised"), {"mark": "works"}),
    Mending("fp-slow-line", edit("O1", ping_ms=200.0), {"ping_ms": 30.0}),
    Mending("fp-hidden-costs", edit(cost("tel-price"), likely=None), {"likely": Decimal(200)}),
    Mending("fp-hidden-costs", edit(cost("func-addons"), likely=Decimal(30_000)), {"likely": Decimal(300)}),
    Mending("fp-hidden-costs", edit(cost("func-addons"), units=1e300), {"units": 1.0}),
    Mending("fp-lopsided-payment", edit("PM1", accepted_on=date(2026, 3, 3), paid_on=None), {"paid_on": TODAY}),
    Mending("fp-everything-at-once", edit("FN1", phase="PH2"), {"phase": "PH1"}),
    Mending("fp-patchwork", edit("OT1", ends_on=None), {"ends_on": TODAY}),
    Mending("fp-untested-release", edit("RL1", client_tested_on=None), {"client_tested_on": TODAY}),
    Mending("fp-stalled", both(drop("PH2", "PH3"), edit("PH1", closed_on=TODAY - timedelta(days=91))),
            {"title": "Next", "start": TODAY + timedelta(days=9)}),
    Mending("fp-lonely-expert", edit("NO1", respected=False), {"respected": True}),
    Mending("fp-crutches", edit("WA1", closed_on=None, change=""), {"change": "CR1"}),
    Mending("fp-no-support", edit("IN1", fixed_at=None), {"fixed_at": datetime(2026, 3, 3, 13, tzinfo=UTC)}),
    Mending("fp-no-refinement", edit("CR1", delivered_on=None), {"delivered_on": TODAY}),
]


def filled(book: Book, gap: Gap, written: Mapping[str, Value]) -> Book:
    """The Book after somebody wrote this where the gap leads."""
    if gap.code:
        assert [gap.field] == list(written)
        return changed(book, gap.code, **written)
    assert gap.kind is not None
    return with_rows(book, gap.kind(**dict(gap.given), **written))


@pytest.mark.parametrize("case", MENDED, ids=lambda case: f"{case.rule}-{','.join(case.written)}")
def test_a_finding_goes_out_when_its_gap_is_filled(case: Mending) -> None:
    book = case.change(healthy())
    found = look(View(book, CATALOGUE, TODAY)).find(case.rule)
    assert found is not None and found.fires
    after = look(View(filled(book, found.gaps[0], case.written), CATALOGUE, TODAY)).find(case.rule)
    assert after is None


@pytest.mark.parametrize("change", [edit("FN1", points=30), edits(*codes("FN", 7, 11), phase="PH1"), edits(*GROUP, hours=0.5)],
                         ids=["one large", "many", "little time"])
def test_a_large_first_phase_shrinks_without_breaking_what_stands_on_it(change: Change) -> None:
    """Following the gaps: a function that moves leaves nothing behind that stands on it, and none moves twice."""
    book, moved = change(healthy()), list[str]()
    while (found := look(View(book, CATALOGUE, TODAY)).find("fp-everything-at-once")) is not None and found.fires:
        assert found.figures["prerequisite_violations"].value == 0
        gap = found.gaps[0]
        assert gap.code is not None and gap.code not in moved and gap.field == "phase"
        moved.append(gap.code)
        book = changed(book, gap.code, phase="PH2")
    assert moved


def test_nothing_of_the_past_is_to_be_rewritten() -> None:
    """Fading use leads to practice, own lists to what people lack, slow repairs to a change, who was asked late to a talk."""
    for rule, kind in (("fp-usage-decay", TrainingEvent), ("fp-told-afterwards", Interview), ("fp-no-support", ChangeRequest),
                       ("fp-crutches", Workaround)):
        changes = [case for case in FIRES if case.rule == rule]
        found = {case.fact: look(seen(case.change)).find(rule) for case in changes}
        assert kind in {gap.kind for one in found.values() if one is not None for gap in one.gaps}, rule


def test_what_is_no_record_is_named() -> None:
    from crm_workbook.catalogue import load
    from crm_workbook.exchange.sample import sample_book
    from crm_workbook.records.team import Person
    from crm_workbook.sample import TODAY as DAY

    view = View(sample_book(), load(), DAY)
    assert view.figure("prerequisite_violations").notes == ("Reminders needs Calendar and schedules",)
    empty = View(Book.of([Person(number=1, name="Anna")]), load(), DAY)
    names = empty.figure("mandatory_roles_unfilled").notes
    assert "Sponsor" in names and len(names) == empty.value("mandatory_roles_unfilled")
