"""Facts of chapter 3: the processes, what the forms ask for, and what is kept twice."""
from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from crm_workbook.analysis.facts import fact
from crm_workbook.analysis.facts.parts import MOST, codes, count, counted, past, phases, pointed
from crm_workbook.analysis.facts.view import Figure, View, shared
from crm_workbook.analysis.finders import Gap
from crm_workbook.records.phases import Phase, PhaseFunction
from crm_workbook.records.processes import DataForm, DataItem, FormField, OldTool, OptionList, Process, ProcessVersion, Stage
from crm_workbook.records.team import Department

_FORM, _FIELD, _REQUIRED, _PURPOSE, _READER, _ITEM = (
    FormField.declared.fields[name].index for name in ("form", "name", "required", "purpose", "reader", "item"))


# ---- how well the processes are described ----

@shared
def scope(view: View) -> tuple[Process, ...]:
    """The processes that belong to the project and have a name."""
    return tuple(row for row in view.rows(Process) if row.in_scope and row.name)


@shared
def _lacking(view: View) -> dict[str, dict[str, Gap]]:
    """For each process in scope the parts that are missing, of stages, deadline, owner and can_go, with what to open."""
    return {row.code: _parts_missing(view, row) for row in scope(view)}


def _parts_missing(view: View, row: Process) -> dict[str, Gap]:
    stages = view.where(Stage, "process", row.code)
    found = {} if any(stage.name for stage in stages) else {
        "stages": Gap(stages[0].code, "name") if stages else Gap(given=(("process", row.code),), kind=Stage)}
    return found | {name: Gap(row.code, name) for name in ("owner", "deadline", "can_go") if not row.get(name)}


def _no_scope(view: View) -> Gap:
    """What to open while no process is in scope."""
    rows = view.rows(Process)
    begun = next((row for row in rows if row.in_scope), None)
    if begun is not None:
        return Gap(begun.code, "name")
    return Gap(rows[0].code, "in_scope") if rows else Gap(kind=Process)


@fact
def processes_in_scope(view: View) -> Figure:
    """Processes with a name that are ticked as part of the project. Not known while those ticked have no name."""
    if rows := scope(view):
        return Figure(len(rows), codes(rows))
    begun = [row for row in view.rows(Process) if row.in_scope]
    return Figure(None if begun else 0, codes(begun), _no_scope(view))


@fact
def processes_described(view: View) -> Figure:
    """Processes in scope with at least one stage and an owner. Not known while there are processes and none is in scope."""
    rows = scope(view)
    if not rows:
        return Figure(None if view.rows(Process) else 0, codes(view.rows(Process)), _no_scope(view))
    open_ = [parts for parts in _lacking(view).values() if "stages" in parts or "owner" in parts]
    gap = open_[0].get("stages") or open_[0]["owner"] if open_ else None
    return Figure(len(rows) - len(open_), codes(rows), gap)


@fact
def process_readiness(view: View) -> Figure:
    """Mean over the processes in scope of filled parts / 4: stages, owner, deadline, what can go (rules.md, params)."""
    lacking = _lacking(view)
    if not lacking:
        return Figure(None, codes(view.rows(Process)), _no_scope(view))
    missing = [gap for parts in lacking.values() for gap in parts.values()]
    return Figure(1 - len(missing) / (4 * len(lacking)), tuple(code for code, parts in lacking.items() if parts)[:MOST],
                  missing[0] if missing else None)


@fact
def processes_longer_after(view: View) -> Figure:
    """Processes with more steps after than before. A process in scope whose steps are not counted does not say."""
    def longer(row: Process) -> bool | None:
        if row.steps_before is None or row.steps_after is None:
            return None if row.in_scope else False
        return row.steps_after > row.steps_before
    return pointed(view, count(view, Process, longer, field="steps_after"), "steps_before", "steps_after")


@fact
def processes_merged_for_software(view: View) -> Figure:
    """Processes joined with another only because of the system. A process in scope without yes or no does not say."""
    return count(view, Process, lambda row: row.merged if row.in_scope else bool(row.merged), field="merged")


# ---- changes of the work that the CRM has not followed ----

def _behind(view: View, row: ProcessVersion) -> bool | None:
    return False if past(view, row.in_crm_on) else None if row.on is None else past(view, row.on)


@fact
def process_changes_not_in_crm(view: View) -> Figure:
    """Process changes valid today for which the CRM was not adjusted; one without a day does not say."""
    return pointed(view, count(view, ProcessVersion, lambda row: _behind(view, row), field="in_crm_on"), "on", "in_crm_on")


@fact
def oldest_process_drift_days(view: View) -> Figure:
    """Working days since the oldest process change that is not in the CRM; 0 when the CRM has followed all of them."""
    rows = [(row.on, row) for row in view.rows(ProcessVersion) if _behind(view, row) is not False]
    days = [(on, row.number, row.code) for on, row in rows if on is not None]
    if not days:
        return Figure(None if rows else 0.0, codes([row for _, row in rows]), Gap(rows[0][1].code, "on") if rows else None)
    on, _, code = min(days)
    return Figure(float(view.calendar.days(on, view.today)), (code,), Gap(code, "in_crm_on"))


# ---- forms and lists ----

@fact
def fields_without_purpose(view: View) -> Figure:
    """Fields without a purpose or without anybody who reads them; a field that has not even a name does not say."""
    def idle(row: FormField) -> bool | None:
        if row[_PURPOSE] and row[_READER]:
            return False
        return True if row[_FIELD] else None
    return pointed(view, count(view, FormField, idle), "name", "purpose", "reader")


def _fullest(view: View, forms: Sequence[DataForm], *, required: bool, limit: float) -> Figure:
    """Named fields on the fullest of these forms. Not known while none of them has a field."""
    sizes = dict[str, int]()
    for row in view.rows(FormField):
        if row[_FIELD]:
            form: str = row[_FORM]
            sizes[form] = sizes.get(form, 0) + (not required or row[_REQUIRED])
    here = [(sizes[row.code], row.code) for row in forms if row.code in sizes]
    if not here:
        gap = Gap(given=(("form", forms[0].code),), kind=FormField) if forms else Gap(kind=DataForm)
        return Figure(None, codes(forms), gap)
    most, code = max(here, key=lambda pair: pair[0])
    if most <= limit:
        return Figure(most, (code,))
    last = [row for row in view.where(FormField, "form", code) if row.name and (row.required or not required)][-1]
    return Figure(most, (code,), Gap(last.code, "required" if required else None))


@fact
def max_required_fields_on_form(view: View) -> Figure:
    """Required fields on the fullest form; not known while no form has a field."""
    return _fullest(view, view.rows(DataForm), required=True, limit=view.param("p_required_fields_max"))


@fact
def max_mobile_fields_on_form(view: View) -> Figure:
    """Fields on the fullest form that is filled in on a phone; 0 when there are forms and none of them is."""
    mobile = [row for row in view.rows(DataForm) if row.mobile]
    if view.rows(DataForm) and not mobile:
        return Figure(0)
    return _fullest(view, mobile, required=False, limit=view.param("p_mobile_fields_max"))


@shared
def _sizes(view: View) -> dict[int, int]:
    """Number of a list -> its options, one on each line."""
    return {row.number: sum(not line.isspace() for line in row.options.splitlines() if line) for row in view.rows(OptionList)}


@fact
def dropdowns_over_limit(view: View) -> Figure:
    """Lists with more than p_dropdown_max options, one on each line; a list without options does not say."""
    limit, sizes = view.param("p_dropdown_max"), _sizes(view)
    return count(view, OptionList, lambda row: size > limit if (size := sizes[row[0]]) else None, field="options")


@fact
def dropdowns_over_alarm(view: View) -> Figure:
    """Lists with p_dropdown_alarm options or more; a list without options does not say."""
    alarm, sizes = view.param("p_dropdown_alarm"), _sizes(view)
    return count(view, OptionList, lambda row: size >= alarm if (size := sizes[row[0]]) else None, field="options")


# ---- what is kept twice ----

_SAME = dict.fromkeys(("telephone", "tel", "telephonenumber", "phonenumber", "phoneno", "telno"), "phone") | dict.fromkeys(
    ("mail", "mailaddress", "emailaddress"), "email")
_EVERYWHERE = frozenset(("name", "date", "day", "time", "number", "type", "note", "notes", "comment", "comments", "remark",
                         "remarks", "state", "status", "description", "result"))
"""Names of fields that are on every other form and mean something else on each."""


@lru_cache(maxsize=4096)
def item_key(name: str) -> str:
    """What is the same data item has the same key: lower case, letters and digits only, telephone = phone, mail = email."""
    key = "".join(filter(str.isalnum, name.lower()))
    return _SAME.get(key, key)


@fact
def duplicate_data_items(view: View) -> Figure:
    """Data items without a master that stand in two places, twice in the list, or as fields in forms of two processes.

    Items and fields are the same when the field names the item or their names have one key (`item_key`; rules.md, "duplicate
    item"). Names that stand on every form (date, note ...) are not compared. An item without places does not say.
    """
    items, keys = dict[str, list[DataItem]](), dict[str, str]()
    for item in view.rows(DataItem):
        key = keys[item.code] = item_key(item.name) or item.code
        items.setdefault(key, []).append(item)
    process = {form.code: form.process for form in view.rows(DataForm) if form.process}
    fields, used_in = dict[str, list[FormField]](), dict[str, set[str]]()
    for field in view.rows(FormField):
        if (place := process.get(field[_FORM])) is not None:
            key = keys.get(field[_ITEM]) or item_key(field[_FIELD])
            if key and (field[_ITEM] or key not in _EVERYWHERE):
                fields.setdefault(key, []).append(field)
                used_in.setdefault(key, set()).add(place)
    twice, open_ = list[str](), list[DataItem]()
    for key in items | fields:
        rows = items.get(key, [])
        if any(row.master for row in rows):
            continue
        places = {line.strip().lower() for row in rows for line in row.places.splitlines() if line.strip()}
        if len(rows) > 1 or len(places) > 1 or len(used_in.get(key, ())) > 1:
            twice.append(key)
        elif rows and not places:
            open_ += rows
    if twice:
        rows, found = items.get(twice[0], []), [row for key in twice for row in (*items.get(key, ()), *fields.get(key, ()))]
        gap = Gap(rows[0].code, "master") if rows else Gap(given=(("name", fields[twice[0]][0].name),), kind=DataItem)
        return Figure(len(twice), codes(found), gap)
    return Figure(None, codes(open_), Gap(open_[0].code, "places")) if open_ else Figure(0)


@fact
def parallel_tools_without_end_date(view: View) -> Figure:
    """Old tools with the same data as the CRM and without a last day; one without a day and a word on its data does not say."""
    figure = count(view, OldTool, lambda row: row.same_data if row.ends_on is None else False)
    return pointed(view, figure, "same_data", "ends_on")


@fact
def linked_departments_left_out(view: View) -> Figure:
    """Departments that take part in a process in scope, are in no phase and have no function in one (by their kind).

    Not known while no process in scope names departments, or no phase names departments or functions. A department without
    a kind does not say, as long as a function could be for it.
    """
    taking = {code: None for row in scope(view) for code in row.departments}
    rows = [row for code in taking if (row := view.find(Department, code)) is not None]
    if not rows:
        return Figure(None, codes(scope(view)), Gap(scope(view)[0].code, "departments") if scope(view) else _no_scope(view))
    planned, functions = phases(view), view.catalogue.functions
    here = {code for row in planned for code in row.departments}
    chosen = {row.function for row in view.rows(PhaseFunction) if row.phase and row.function}
    if not here and not chosen:
        return Figure(None, codes(planned), Gap(planned[0].code, "departments") if planned else Gap(kind=Phase))
    served = {kind for name in chosen if name in functions for kind in functions[name].departments}

    def left_out(row: Department) -> bool | None:
        if row.code in here:
            return False
        return row.kind not in served if row.kind else None if served else True
    figure = counted(rows, left_out, field="kind")
    if figure.value and planned:
        current = next((row for row in planned if not past(view, row.closed_on)), planned[-1])
        return Figure(figure.value, figure.records, Gap(current.code, "departments"))
    return figure
