"""The facts of chapter 3: each in a bad case, a good case, and where it is not known."""
from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from crm_workbook.analysis.facts import Figure
from crm_workbook.analysis.facts.processes import item_key
from crm_workbook.analysis.facts.view import Value, View
from crm_workbook.analysis.finders import Gap
from crm_workbook.catalogue import load
from crm_workbook.records import Record
from crm_workbook.records.book import Book
from crm_workbook.records.phases import Phase, PhaseFunction
from crm_workbook.records.processes import DataForm, DataItem, FormField, OldTool, OptionList, Process, ProcessVersion, Stage
from crm_workbook.records.team import Department

TODAY = date(2026, 3, 2)  # a Monday
BEFORE, AFTER = date(2026, 2, 23), date(2026, 4, 2)
Rows = list[Record]


def look(name: str, rows: Rows) -> Figure:
    """The figure of a fact over these records, numbered 1, 2, 3 within each kind."""
    counts: Counter[type[Record]] = Counter()
    numbered = []
    for row in rows:
        counts[type(row)] += 1
        numbered.append(row.make((counts[type(row)], *row[1:])))
    return View(Book.of(numbered), load(), TODAY).figure(name)


def work(**values: object) -> Process:
    """A process in scope, described but for its stages, with these values."""
    return Process(**{"name": "Orders", "in_scope": True, "owner": "M1", "deadline": "a day", "can_go": "copies", **values})


def field(**values: object) -> FormField:
    """A field of the first form that lacks nothing, but for these values."""
    return FormField(**{"form": "FO1", "name": "Address", "purpose": "delivery", "reader": "drivers", **values})


STAGE = Stage(process="P1", name="Ask")
OUTSIDE = Process(name="Payroll")
FORM, MOBILE = DataForm(name="Card", process="P1"), DataForm(name="Visit", process="P2", mobile=True)
SHORT, LONG = OptionList(name="Trade", options="a\n\nb\n"), OptionList(name="Town", options="\n".join("abcdefgh"))
ENDLESS = OptionList(name="Street", options="\n".join(f"street {n}" for n in range(40)))
PHONE = DataItem(name="Phone", places="phone book")
SALES, STORE = Department(name="Sales", kind="sales"), Department(name="Store", kind="logistics")
TAKING = [SALES, STORE, work(departments=("D1", "D2"))]


@pytest.mark.parametrize(("name", "rows", "value"), [
    ("processes_in_scope", [], 0),
    ("processes_in_scope", [OUTSIDE], 0),
    ("processes_in_scope", [work(), OUTSIDE, work(name="")], 1),
    ("processes_in_scope", [work(name="")], None),
    ("processes_described", [], 0),
    ("processes_described", [OUTSIDE], None),  # nobody has decided the scope
    ("processes_described", [work()], 0),
    ("processes_described", [work(), Stage(process="P1")], 0),
    ("processes_described", [work(owner=""), STAGE], 0),
    ("processes_described", [work(deadline=""), STAGE, work()], 1),
    ("process_readiness", [], None),
    ("process_readiness", [OUTSIDE], None),
    ("process_readiness", [work(), STAGE], 1.0),
    ("process_readiness", [work(owner="", deadline=""), STAGE, OUTSIDE], 0.5),
    ("process_readiness", [work(can_go=""), STAGE, work(name="Calls", owner="")], 5 / 8),
    ("processes_longer_after", [], 0),
    ("processes_longer_after", [work()], None),
    ("processes_longer_after", [work(steps_before=5, steps_after=5), OUTSIDE], 0),
    ("processes_longer_after", [work(steps_before=5, steps_after=6), work()], 1),
    ("processes_merged_for_software", [work()], None),
    ("processes_merged_for_software", [work(merged=False), OUTSIDE], 0),
    ("processes_merged_for_software", [work(merged=True)], 1),
    ("process_changes_not_in_crm", [], 0),
    ("process_changes_not_in_crm", [ProcessVersion(title="x", on=BEFORE)], 1),
    ("process_changes_not_in_crm", [ProcessVersion(title="x", on=BEFORE, in_crm_on=AFTER)], 1),
    ("process_changes_not_in_crm", [ProcessVersion(title="x", on=BEFORE, in_crm_on=BEFORE)], 0),
    ("process_changes_not_in_crm", [ProcessVersion(title="x", on=AFTER)], 0),
    ("process_changes_not_in_crm", [ProcessVersion(title="x")], None),
    ("oldest_process_drift_days", [], 0.0),
    ("oldest_process_drift_days", [ProcessVersion(title="x", on=AFTER)], 0.0),
    ("oldest_process_drift_days", [ProcessVersion(title="x")], None),
    ("oldest_process_drift_days", [ProcessVersion(title="x", on=TODAY), ProcessVersion(title="y", on=BEFORE)], 5.0),
    ("fields_without_purpose", [], 0),
    ("fields_without_purpose", [field()], 0),
    ("fields_without_purpose", [field(purpose=""), field(reader="")], 2),
    ("fields_without_purpose", [FormField(form="FO1")], None),
    ("max_required_fields_on_form", [], None),
    ("max_required_fields_on_form", [FORM, FormField(form="FO1")], None),
    ("max_required_fields_on_form", [FORM, field()], 0),
    ("max_required_fields_on_form", [FORM, MOBILE, *[field(required=True)] * 3, field(form="FO2", required=True)], 3),
    ("max_mobile_fields_on_form", [], None),
    ("max_mobile_fields_on_form", [FORM, field()], 0),
    ("max_mobile_fields_on_form", [FORM, MOBILE, field()], None),
    ("max_mobile_fields_on_form", [FORM, MOBILE, *[field()] * 3, *[field(form="FO2")] * 2], 2),
    ("dropdowns_over_limit", [], 0),
    ("dropdowns_over_limit", [SHORT], 0),
    ("dropdowns_over_limit", [SHORT, LONG, ENDLESS], 2),
    ("dropdowns_over_limit", [SHORT, OptionList(name="Later", options=" \n")], None),
    ("dropdowns_over_alarm", [LONG, ENDLESS], 1),
    ("dropdowns_over_alarm", [LONG], 0),
    ("dropdowns_over_alarm", [OptionList(name="Later")], None),
    ("duplicate_data_items", [], 0),
    ("duplicate_data_items", [PHONE], 0),
    ("duplicate_data_items", [DataItem(name="Phone")], None),
    ("duplicate_data_items", [DataItem(name="Phone", master="CRM")], 0),
    ("duplicate_data_items", [DataItem(name="Phone", places="book\n\nlist"), DataItem(name="Size")], 1),
    ("duplicate_data_items", [DataItem(name="Phone", places="book\nlist", master="list")], 0),
    ("duplicate_data_items", [DataItem(name="Phone", places="book\n Book ")], 0),
    ("duplicate_data_items", [PHONE, DataItem(name="tel.", places="phone book")], 1),  # twice in the list
    ("duplicate_data_items", [FORM, MOBILE, field(), field(form="FO2", name="address")], 1),
    ("duplicate_data_items", [FORM, DataForm(process="P1"), field(), field(form="FO2")], 0),  # forms of one process
    ("duplicate_data_items", [FORM, MOBILE, field(name="Note"), field(form="FO2", name="note")], 0),
    ("duplicate_data_items", [FORM, MOBILE, PHONE, field(item="DA1"), field(form="FO2", name="Telephone")], 1),
    ("duplicate_data_items", [FORM, MOBILE, DataItem(name="Phone", master="CRM"), field(item="DA1"),
                              field(form="FO2", name="Telephone")], 0),
    ("parallel_tools_without_end_date", [], 0),
    ("parallel_tools_without_end_date", [OldTool(name="Table", same_data=True)], 1),
    ("parallel_tools_without_end_date", [OldTool(name="Table", same_data=True, ends_on=AFTER)], 0),
    ("parallel_tools_without_end_date", [OldTool(name="Till", same_data=False)], 0),
    ("parallel_tools_without_end_date", [OldTool(name="Table")], None),
    ("linked_departments_left_out", [], None),
    ("linked_departments_left_out", [work(), Phase(departments=("D1",))], None),  # nobody has said who takes part
    ("linked_departments_left_out", TAKING, None),
    ("linked_departments_left_out", [*TAKING, Phase(title="One")], None),
    ("linked_departments_left_out", [*TAKING, Phase(departments=("D1",))], 1),
    ("linked_departments_left_out", [*TAKING, Phase(departments=("D1",)), Phase(departments=("D2",))], 0),
    ("linked_departments_left_out", [*TAKING, Phase(), PhaseFunction(phase="PH1", function="f-deal-stages")], 1),
    ("linked_departments_left_out", [*TAKING, Phase(), PhaseFunction(phase="PH1", function="f-contacts")], 0),
    ("linked_departments_left_out", [Department(name="?"), work(departments=("D1",)), Phase(),
                                     PhaseFunction(phase="PH1", function="f-contacts")], None),
    ("linked_departments_left_out", [STORE, Process(name="Payroll", departments=("D1",)), Phase(departments=("D2",))], None),
])
def test_what_a_fact_says(name: str, rows: Rows, value: Value) -> None:
    found = look(name, rows).value
    assert found == (None if value is None else pytest.approx(value)) and (found is None) == (value is None)


@pytest.mark.parametrize(("name", "rows", "records", "gap"), [
    ("processes_in_scope", [], (), Gap(kind=Process)),
    ("processes_in_scope", [OUTSIDE], (), Gap("P1", "in_scope")),
    ("processes_in_scope", [work(), OUTSIDE], ("P1",), None),
    ("processes_described", [work()], ("P1",), Gap(given=(("process", "P1"),), kind=Stage)),
    ("processes_described", [work(), Stage(process="P1")], ("P1",), Gap("PS1", "name")),
    ("processes_described", [OUTSIDE], ("P1",), Gap("P1", "in_scope")),
    ("process_readiness", [work(), STAGE, work(deadline="")], ("P2",), Gap(given=(("process", "P2"),), kind=Stage)),
    ("process_readiness", [work(deadline=""), STAGE], ("P1",), Gap("P1", "deadline")),
    ("processes_longer_after", [work(steps_before=5)], ("P1",), Gap("P1", "steps_after")),
    ("processes_longer_after", [work(steps_before=5, steps_after=5), work()], ("P2",), Gap("P2", "steps_before")),
    ("process_changes_not_in_crm", [ProcessVersion(title="x", on=BEFORE)], ("PV1",), Gap("PV1", "in_crm_on")),
    ("process_changes_not_in_crm", [ProcessVersion(title="x")], ("PV1",), Gap("PV1", "on")),
    ("oldest_process_drift_days", [ProcessVersion(on=TODAY), ProcessVersion(on=BEFORE)], ("PV2",), Gap("PV2", "in_crm_on")),
    ("fields_without_purpose", [field(), field(reader="")], ("F2",), Gap("F2", "reader")),
    ("fields_without_purpose", [FormField(form="FO1")], ("F1",), Gap("F1", "name")),
    ("max_required_fields_on_form", [FORM, *[field(required=True)] * 13], ("FO1",), Gap("F13", "required")),
    ("max_mobile_fields_on_form", [FORM, MOBILE, *[field(form="FO2")] * 8], ("FO2",), Gap("F8")),
    ("max_mobile_fields_on_form", [FORM, MOBILE], ("FO2",), Gap(given=(("form", "FO2"),), kind=FormField)),
    ("dropdowns_over_limit", [SHORT, LONG], ("L2",), Gap("L2", "options")),
    ("duplicate_data_items", [PHONE, DataItem(name="tel.")], ("DA1", "DA2"), Gap("DA1", "master")),
    ("duplicate_data_items", [FORM, MOBILE, field(), field(form="FO2")], ("F1", "F2"),
     Gap(given=(("name", "Address"),), kind=DataItem)),
    ("duplicate_data_items", [DataItem(name="Size")], ("DA1",), Gap("DA1", "places")),
    ("parallel_tools_without_end_date", [OldTool(same_data=True)], ("OT1",), Gap("OT1", "ends_on")),
    ("parallel_tools_without_end_date", [OldTool()], ("OT1",), Gap("OT1", "same_data")),
    ("linked_departments_left_out", [*TAKING, Phase(departments=("D1",))], ("D2",), Gap("PH1", "departments")),
    ("linked_departments_left_out", [work(), Phase(departments=("D1",))], ("P1",), Gap("P1", "departments")),
])
def test_what_it_was_counted_from_and_what_to_open(name: str, rows: Rows, records: tuple[str, ...], gap: Gap | None) -> None:
    figure = look(name, rows)
    assert (figure.records, figure.gap) == (records, gap)


@pytest.mark.parametrize(("one", "other"), [("Phone", "tel."), ("Telephone number", "PHONE"), ("E-Mail", "mail address"),
                                            ("Delivery address", "delivery-address")])
def test_names_of_the_same_data_item(one: str, other: str) -> None:
    assert item_key(one) == item_key(other)


def test_at_most_fifty_records_are_named() -> None:
    assert len(look("processes_in_scope", [work()] * 60).records) == 50
