"""A record of which there shall be one only (`unique`), made twice: by two people at once, or by a key that repeats itself."""
from __future__ import annotations

from pathlib import Path

import pytest

from crm_workbook.records.edits import Create, Refused
from crm_workbook.records.minutes import Unfinished
from crm_workbook.records.vendors import Answer, ContractPoint, Vendor
from crm_workbook.store import Workbook
from crm_workbook.store.events import Conflicted, Event
from crm_workbook.store.session import Session


def test_a_second_answer_to_one_question_goes_on_with_the_first(tmp_path: Path) -> None:
    """Two sessions note the answer of one vendor to one question at the same moment: one record, and both texts are seen."""
    path = str(tmp_path / "a.crm")
    with Workbook.new(path, who="x") as made:
        made.apply([Create(Vendor, {"name": "Alpha"})])
        with Workbook.open(path, who="Bob") as other:
            events: list[Event] = []
            session = Session(path, who="Anna", post=events.append)
            session.start()
            assert session.flush()
            token = session.draft(Answer, vendor="V1", question="dbms-which", state="answered")
            other.apply([Create(Answer, {"vendor": "V1", "question": "dbms-which", "value": "open", "state": "answered"})])
            session.typed(token, "value", "own", "")
            session.typed(token, "note", "in her words", "")
            assert session.flush()
            session.close()
            other.poll()
            rows = other.book.rows(Answer)
            assert [(row.value, row.note) for row in rows] == [("open", "in her words")]
            assert [(row.record, row.field, row.text) for row in other.book.rows(Unfinished)] == [("VA1", "value", "own")]
            assert any(isinstance(event, Conflicted) and event.who == "Bob" for event in events)


def test_one_that_is_made_twice_by_one_person_is_changed(tmp_path: Path) -> None:
    """A key that repeats itself makes one record, and its last word holds."""
    with Workbook.new(str(tmp_path / "a.crm"), who="Anna") as here:
        here.apply([Create(Vendor, {"name": "Alpha"})])
        for state in ("agreed", "agreed", "not_needed"):
            here.apply([Create(ContractPoint, {"vendor": "V1", "item": "c-dbms", "state": state})])
        assert [(row.code, row.state) for row in here.book.rows(ContractPoint)] == [("CP1", "not_needed")]


def test_a_second_one_by_somebody_else_is_a_conflict(tmp_path: Path) -> None:
    path = str(tmp_path / "a.crm")
    with Workbook.new(path, who="Anna") as here, Workbook.open(path, who="Bob") as there:
        here.apply([Create(Vendor, {"name": "Alpha"})])
        here.apply([Create(Answer, {"vendor": "V1", "question": "dbms-which", "value": "open"})])
        with pytest.raises(Refused) as refused:
            there.apply([Create(Answer, {"vendor": "V1", "question": "dbms-which", "value": "own"})])
        assert refused.value.conflicts[0].who == "Anna" and refused.value.conflicts[0].theirs == "open"
        there.apply([Create(Answer, {"vendor": "V1", "question": "dbms-which", "note": "said twice"})])
        assert [(row.value, row.note) for row in there.book.rows(Answer)] == [("open", "said twice")]
