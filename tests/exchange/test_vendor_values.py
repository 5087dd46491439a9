"""Whatever stands in the cells of a question: an answer that the workbook takes, or a sentence with the cell, and no fault."""
from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from crm_workbook.analysis import scoring
from crm_workbook.exchange.files import FileRefused
from crm_workbook.exchange.vendor_file import Cell, Filled, Row
from crm_workbook.exchange.vendor_reply import Reply, as_json, as_text, edits_of, preview, read_reply
from crm_workbook.exchange.vendor_sheet import NUMBERS, fingerprint, in_digits, write_toml
from crm_workbook.exchange.vendor_values import written
from crm_workbook.records.edits import Create
from crm_workbook.records.values import check
from crm_workbook.records.vendors import Answer
from tests.exchange.vendor_files import BLANK, answer, catalogue, repacked, sent, view_of

calm = settings(deadline=None, max_examples=60,
                suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
QUESTIONS = ["dbms-which", "func-fields", "dbms-load", "mail-storage", "price-increase", "exit-price", "host-where",
             "sec-evidence"]
PLAIN = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=30), st.dates(), st.datetimes(), st.times(),
    st.timedeltas(), st.lists(st.integers(), max_size=2), st.sampled_from([
        "Yes", "Free database (open source)", "1 200", "5 %", "1200 EUR", "$ 5", "no limit", "1,125",
        "approx. 5-10k", "=1+1", "\ud800",
        "x" * 30_000]))
CELLS = st.builds(Cell, PLAIN, st.just("E17"), st.booleans(), st.just(False),
                  st.sampled_from(["", "General", "0%", '"$"0', "[$€-407] 0", '"']))


@calm
@given(question=st.sampled_from(QUESTIONS), answer_=CELLS, note=PLAIN,
       state=st.sampled_from([None, "", "We do not know", "x", 5]), currency=st.sampled_from(["", "EUR", "CAD", "euro"]))
@example("exit-price", Cell("1e400", "E17"), None, None, "EUR")
@example("dbms-load", Cell(datetime(1, 1, 1, tzinfo=UTC), "E17"), date(1, 1, 1), None, "")
@example("dbms-load", Cell(time(1), "E17"), float("inf"), None, "")
def test_any_cell_becomes_an_answer_or_a_sentence(question: str, answer_: Cell, note: object, state: object,
                                                  currency: str) -> None:
    row = Row(question, "E17", {"answer": answer_, "note": Cell(note, "I17"), "state": Cell(state, "G17")})
    asked = catalogue().questions[question]
    found = written(asked, row, currency)
    assert found.problem or found.state or not found.value
    assert not found.problem or (found.problem.startswith(("E17", "I17", "G17")) and not found.value and not found.state)
    if found.value and asked.answer_type in NUMBERS and not (asked.open_ended and found.value == scoring.NO_LIMIT):
        number = scoring.number(answer(1, question, found.value))
        assert number is not None and in_digits(number) == found.value, "read by the score as it was meant"
    for view in (BLANK, view_of(answer(1, question, "120", note="ours", evidence="3"))):
        filled = Filled("f", {}, {question: fingerprint(asked)}, (row,))
        shown = preview(Reply("V1", filled, ()), view)
        assert len(shown.items) == 1 and as_json(shown) and list(as_text(shown))
        for edit in edits_of(shown, {question}):
            values = edit.values if isinstance(edit, Create) else {edit.field: edit.new}  # type: ignore[union-attr]  # or a Change
            assert all(check(Answer.declared.fields[name], value) == value for name, value in values.items())


@calm
@given(at=st.integers(0, 40_000), bytes_=st.binary(max_size=6), cut=st.integers(0, 20))
def test_a_damaged_text_is_refused_or_read(tmp_path: Path, at: int, bytes_: bytes, cut: int) -> None:
    data = write_toml(BLANK, "V1").encode()
    path = tmp_path / "reply.toml"
    path.write_bytes(data[:at] + bytes_ + data[at + cut:])
    try:
        shown = preview(read_reply(path, BLANK), BLANK)
    except FileRefused as refused:
        assert "reply.toml" in str(refused)
    else:
        assert len(shown.items) >= 84 and not any(isinstance(edit, Create) and edit.values.get("state") == "later"
                                                  for edit in edits_of(shown))


@calm
@given(part=st.sampled_from(["xl/worksheets/sheet2.xml", "xl/workbook.xml", "xl/styles.xml",
                             "docProps/custom.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"]),
       at=st.floats(0, 1), bytes_=st.binary(max_size=6), cut=st.integers(0, 20))
def test_a_damaged_spreadsheet_is_refused_or_read(tmp_path: Path, part: str, at: float, bytes_: bytes, cut: int) -> None:
    import zipfile

    path = tmp_path / "reply.xlsx"
    path.write_bytes(sent(BLANK, "V1", False, "dbms-load"))
    with zipfile.ZipFile(path) as archive:
        data = archive.read(part)
    place = int(at * len(data))
    repacked(path, {part: data[:place] + bytes_ + data[place + cut:]})
    try:
        shown = preview(read_reply(path, BLANK), BLANK)
    except FileRefused as refused:
        assert "reply.xlsx" in str(refused)
    else:
        assert all(item.kind != "same" for item in shown.items)
