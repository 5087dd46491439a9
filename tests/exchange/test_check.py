"""`check`: the same from the database and from an export, in three formats, with its exit codes."""
from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crm_workbook import cli
from crm_workbook.analysis.facts import FACTS, View
from crm_workbook.catalogue import load
from crm_workbook.exchange.check import as_json, as_text, as_toml, checked, reaches, worst
from crm_workbook.exchange.full import write_full
from crm_workbook.exchange.sample import make_copy, sample_book
from crm_workbook.records.book import Book
from crm_workbook.sample import FILE, TODAY
from crm_workbook.store import Workbook

CATALOGUE = load()
DAY = TODAY.isoformat()


def run(capfd: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    capfd.readouterr()
    found = cli.main(["check", *arguments])
    out, err = capfd.readouterr()
    assert found == code, err
    return out


def test_the_database_and_its_export_give_the_same(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = make_copy(tmp_path)
    with Workbook.open(str(path), who="x", read_only=True) as workbook:
        export = tmp_path / "export.toml"
        export.write_text(write_full(workbook.book, CATALOGUE), "utf-8")
    for form in ("json", "toml", "text"):
        from_file = run(capfd, str(path), "--date", DAY, "--format", form)
        assert from_file == run(capfd, str(export), "--date", DAY, "--format", form)
        assert len(from_file) > 1000


def test_the_three_formats_hold_the_same() -> None:
    view = View(sample_book(), CATALOGUE, TODAY)
    plain = json.loads(as_json(view))
    assert plain == json.loads(json.dumps(checked(view)))

    def without_none(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: without_none(inner) for key, inner in value.items() if inner is not None}
        return [without_none(inner) for inner in value] if isinstance(value, list) else value
    assert tomllib.loads(as_toml(view)) == without_none(plain)
    text = "\n".join(as_text(view, sample_book()))
    assert all(found["name"] in text and found["code"] in text for found in plain["findings"])
    assert max(map(len, text.splitlines())) <= 110


def test_the_shape_of_the_json() -> None:
    plain = checked(View(sample_book(), CATALOGUE, TODAY))
    assert plain["facts"].keys() == FACTS.keys() and plain["date"] == DAY
    assert all(found.keys() - {"notes"} == {"value", "records"} for found in plain["facts"].values())
    wanted = {"code", "severity", "message", "advice", "facts", "records", "trend", "response"}
    assert plain["findings"] and all(wanted <= found.keys() for found in plain["findings"])
    assert all(wanted <= {*found} for found in plain["findings"])
    assert [gate["code"] for gate in plain["gates"]][:2] == ["gate-prepare", "gate-contract"]
    assert all({"code", "readiness", "stops", "items"} <= gate.keys() for gate in plain["gates"])
    assert all(entry["missing"] for entry in plain["unknown"])


def test_exit_codes(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    sample = str(FILE)
    for severity in ("info", "warn", "serious", "blocker"):
        run(capfd, sample, "--date", DAY, "--fail-on", severity, code=3)
    run(capfd, sample, "--date", DAY)
    empty = tmp_path / "empty.toml"
    empty.write_text(write_full(Book()), "utf-8")
    assert "Warnings on 2026-10-02: 0" in run(capfd, str(empty), "--date", DAY, "--fail-on", "info")
    run(capfd, sample, "--date", "yesterday", code=2)
    run(capfd, sample, "--fail-on", "grave", code=2)
    run(capfd, str(tmp_path / "none.toml"), code=2)


def test_the_last_entry_travels_in_the_export(tmp_path: Path) -> None:
    path = make_copy(tmp_path)
    with Workbook.open(str(path), who="x", read_only=True) as workbook:
        book = workbook.book
    assert book.changed is not None
    assert f"last_entry = {book.changed}" in write_full(book, CATALOGUE)


def test_the_companys_own_file_beside_the_workbook(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = make_copy(tmp_path)
    before = json.loads(run(capfd, str(path), "--date", DAY, "--format", "json"))
    assert "fp-weak-sponsor" in [found["code"] for found in before["findings"]]
    own = path.with_suffix(".catalogue.toml")
    own.write_text(f"""
[overlay]
of = "crm.core"
needs = ">=1.0,<{int(CATALOGUE.version.split('.')[0]) + 1}"

[[silence]]
pattern = "fp-weak-sponsor"
reason = "The owner of the company leads the group herself."

[[pattern]]
id = "acme.many-goals"
name = "Too many goals"
stage = "goals"
severity = "warn"
active_from = "goals"
fires_when = "company_goals > 3"
message = "Nobody can keep so many goals in mind."
advice = "Keep the three that matter."
minutes = 15
""", "utf-8")
    plain = json.loads(run(capfd, str(path), "--date", DAY, "--format", "json"))
    codes = [found["code"] for found in plain["findings"]]
    assert "acme.many-goals" in codes and "fp-weak-sponsor" not in codes
    assert [entry["code"] for entry in plain["silenced"]] == ["fp-weak-sponsor"]
    own.write_text("[overlay]\n", "utf-8")
    run(capfd, str(path), code=2)


def test_how_grave() -> None:
    assert worst(View(Book(), CATALOGUE, date(2026, 1, 1))) == ""
    assert worst(View(sample_book(), CATALOGUE, TODAY)) == "blocker"
    assert reaches("serious", "warn") and not reaches("warn", "serious") and not reaches("", "info")


def test_the_example_can_be_checked_by_its_name(capfd: pytest.CaptureFixture[str], tmp_path: Path,
                                                monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(capfd, "demo") == run(capfd, str(FILE), "--date", DAY)


def test_days_are_written_as_in_a_form(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(capfd, str(FILE), "--date", "2.10.2026") == run(capfd, str(FILE), "--date", DAY)
    for day in ("0001-01-01", "9999-12-31", "31.02.2026"):
        run(capfd, str(FILE), "--date", day, code=2)


def test_what_is_no_workbook_is_said_in_words_of_this_command(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    summary = tmp_path / "summary.toml"
    summary.write_text("summary_version = 1\n", "utf-8")
    capfd.readouterr()
    assert cli.main(["check", str(summary)]) == 2
    said = capfd.readouterr().err
    assert "Only a workbook or its full export can be read here." in said and "taken over" not in said
    assert cli.main(["check", str(tmp_path / "none.toml")]) == 2
    said = capfd.readouterr().err
    assert "There is no file" in said and "new" not in said


def test_the_text_says_what_the_group_does_and_what_is_signed() -> None:
    text = "\n".join(as_text(View(sample_book(), CATALOGUE, TODAY), sample_book()))
    assert "Until 2026-10-09: M8" in text and "Accepted until 2026-10-30 by M3" in text and "signed 2026-05-27" in text
