"""The command line, as a person and as a script meets it: on real files, mostly in processes of its own."""
from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from crm_workbook import __version__, cli, verbs
from crm_workbook.arguments import who_signs
from crm_workbook.exchange.sample import make_copy, sample_book
from crm_workbook.records import CHAPTERS
from crm_workbook.records.book import Book
from crm_workbook.records.vendors import Answer
from crm_workbook.sample import TODAY
from crm_workbook.store import Workbook

ROOT = Path(__file__).resolve().parent.parent


class Done:
    """What a run printed, and its exit code."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CRM_WORKBOOK_USER", "Anna")
    return tmp_path


@pytest.fixture
def crm(here: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> Runner:
    return Runner(capfdbinary)


class Runner:
    """Runs the program in this process, which saves the half second of a new one."""

    def __init__(self, capture: pytest.CaptureFixture[bytes]) -> None:
        self.capture = capture

    def __call__(self, *arguments: str, code: int = 0) -> Done:
        self.capture.readouterr()
        found = cli.main(arguments)
        out, err = self.capture.readouterr()
        assert found == code, err.decode()
        return Done(found, out.decode(), err.decode())


def process(*arguments: str, stdin: str = "", code: int = 0, **environment: str) -> Done:
    """Runs the program in a process of its own."""
    done = subprocess.run([sys.executable, "-m", "crm_workbook", *arguments], input=stdin.encode(), capture_output=True,
                          env=os.environ | {"PYTHONPATH": str(ROOT)} | environment, timeout=60, check=False)
    assert done.returncode == code, done.stderr.decode()
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def modules(*arguments: str) -> set[str]:
    """What a run has imported by its end."""
    code = ("import sys, runpy\nfrom crm_workbook.cli import main\ncode = main(sys.argv[1:])\n"
            "sys.stderr.write(' '.join(sys.modules)); sys.exit(code)")
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=60, check=False,
                          env=os.environ | {"PYTHONPATH": str(ROOT)})
    assert done.returncode == 0, done.stderr
    return {name.partition(".")[0] if not name.startswith("crm_workbook") else name for name in done.stderr.split()}


FULL = """schema_version = 1
[company_goal.G1]
title = "Answer faster"
department = "D1"
[company_goal.G3]
title = "Lose no client"
[department.D1]
name = "Sales"
"""


@pytest.fixture
def filled(crm: Runner, here: Path) -> str:
    """A workbook with a few records."""
    (here / "full.toml").write_text(FULL)
    crm("new", "a.crm", "--company", "Acme")
    crm("import", "a.crm", "full.toml")
    return "a.crm"


def book(path: str) -> Book:
    with Workbook.open(path, who="test", read_only=True) as workbook:
        return workbook.book


# ---- start ----

@pytest.mark.parametrize("arguments", [("--version",), ("--help",)])
def test_help_and_version_import_nothing_they_do_not_need(arguments: tuple[str, ...]) -> None:
    loaded = modules(*arguments)
    assert not loaded & {"click", "textual", "sqlmodel", "sqlalchemy", "pydantic", "sqlite3", "tomllib", "rich"}
    ours = {name for name in loaded if name.startswith("crm_workbook")}
    assert ours == {"crm_workbook", "crm_workbook.cli", "crm_workbook.i18n"}


def test_the_verbs_import_click_only() -> None:
    loaded = modules("paths") | modules("completion", "bash") | modules("export", "--help")
    assert not loaded & {"textual", "sqlmodel", "sqlalchemy", "rich"}
    assert not {name for name in loaded if name.startswith(("crm_workbook.records", "crm_workbook.store"))}


@pytest.mark.timeout(30)
def test_reading_verbs_import_neither_textual_nor_the_orm(filled: str) -> None:
    for arguments in (("export", filled), ("export", filled, "--full"), (filled,), ("history", filled),
                      ("backup", filled, "b.crm"), ("import", filled, "full.toml", "--dry-run")):
        assert not modules(*arguments) & {"textual", "rich", "sqlmodel", "sqlalchemy", "alembic", "pydantic"}, arguments


def test_version(crm: Runner) -> None:
    assert crm("--version").out == crm("-V").out == f"crm-workbook {__version__}\n"
    assert crm("--as", "Anna", "--version").out == f"crm-workbook {__version__}\n"  # by click


def test_help_names_every_verb_and_is_the_same_by_both_ways(crm: Runner) -> None:
    text = crm("--help").out
    assert text == crm("--as", "Anna", "--help").out
    assert set(cli.VERBS) == set(verbs.commands.commands) - {"open"}
    assert all(re.search(rf"^  {name}\b", text, re.MULTILINE) for name in cli.VERBS)
    assert max(map(len, text.splitlines())) <= 100


@pytest.mark.parametrize("verb", [*cli.VERBS])
def test_every_verb_explains_itself(crm: Runner, verb: str) -> None:
    assert crm(verb, "--help").out.startswith(f"Usage: crm-workbook {verb} ")


def test_without_a_word_it_says_how_to_begin(crm: Runner) -> None:
    done = crm(code=2)
    assert "crm-workbook demo" in done.err and not done.out


def test_chapters_are_the_ones_of_the_records() -> None:
    assert verbs.CHAPTERS == CHAPTERS


# ---- what is wrong ----

@pytest.mark.parametrize(("arguments", "words"), [
    (("exprot",), "Did you mean: crm-workbook export"),
    (("Backup", "x"), "Did you mean: crm-workbook backup"),
    (("nope.crm",), "There is no workbook nope.crm. To make it: crm-workbook new nope.crm"),
    (("my file.crm",), "crm-workbook new 'my file.crm'"),
    (("export", "nope.crm"), "To make it: crm-workbook new nope.crm"),
    (("history", "nope.crm"), "To make it"), (("doctor", "nope.crm"), "To make it"),
    (("import", "nope.crm", "x"), "To make it"),
    (("backup", "nope.crm", "x"), "To make it"), (("vendor-sheet", "nope.crm", "V1"), "To make it"),
    (("vendor-reply", "nope.crm", "x"), "To make it"),
    (("--nope",), "No such option"), (("export",), "Missing argument"), (("import", "x"), "Missing argument"),
    (("completion", "tcsh"), "'tcsh' is not one of"), (("export", "x", "--chapter", "nope"), "'nope' is not one of"),
    (("export", "x", "--full", "--chapter", "goals"), "Leave out --chapter"),
    (("no\x1b[31mpe.crm",), "There is no workbook no?[31mpe.crm"),
    (("new", "no/such/folder/a.crm"), "a.crm"),
    (("--as", "", "demo"), "1 to 80 characters"), (("--as", "x" * 81, "demo"), "1 to 80 characters"),
    (("mysql://host/db",), "mysql:// is not known here"), (("new", "mysql://host/db"), "mysql:// is not known here"),
])
def test_wrong_use_ends_in_a_sentence_and_code_2(crm: Runner, arguments: tuple[str, ...], words: str) -> None:
    done = crm(*arguments, code=2)
    assert words in done.err and not done.out and "Traceback" not in done.err


@pytest.mark.parametrize("content", [b"", b"hello", b"SQLite format 3\x00" + b"\x00" * 200, b"schema_version = 1\n"])
def test_a_file_that_is_no_workbook_is_refused_and_not_changed(crm: Runner, here: Path, content: bytes) -> None:
    (here / "odd.crm").write_bytes(content)
    for arguments in (("export", "odd.crm"), ("odd.crm",), ("history", "odd.crm"), ("backup", "odd.crm", "b"),
                      ("new", "odd.crm")):
        assert "odd.crm" in crm(*arguments, code=2).err
    assert (here / "odd.crm").read_bytes() == content
    assert "!" in crm("doctor", "odd.crm", code=2).out


def test_the_password_of_an_address_is_never_printed() -> None:
    assert cli.printable("at postgresql://anna:p:w@rd@host/db\x1b") == "at postgresql://anna:***@host/db?"
    assert cli.printable("postgresql://anna@host/db a@b") == "postgresql://anna@host/db a@b"


# ---- new, import, export ----

def test_new_makes_a_workbook_and_never_overwrites_one(crm: Runner, here: Path) -> None:
    assert "crm-workbook 'my acme.crm'" in crm("--as", "Eva", "new", "my acme.crm", "--company", "Acme").out
    assert book("my acme.crm").get("PRJ1") is not None
    assert json.loads(crm("history", "my acme.crm", "--format", "json").out)[0]["who"] == "Eva"
    before = (here / "my acme.crm").read_bytes()
    assert "exists already" in crm("new", "my acme.crm", code=2).err
    assert (here / "my acme.crm").read_bytes() == before


def test_export_import_export_is_the_same_byte_for_byte(crm: Runner, filled: str, here: Path) -> None:
    first = crm("export", filled, "--full").out
    (here / "first.toml").write_text(first)
    crm("new", "b.crm")
    done = crm("import", "b.crm", "first.toml")
    assert "4 new records, 0 changed fields, 0 deletions." in done.err
    assert crm("export", "b.crm", "--full").out == first
    assert book("b.crm") == book(filled)
    assert "0 new records, 0 changed fields" in crm("import", "b.crm", "first.toml").err
    assert crm("export", "first.toml", "--full").out == first  # an export is read like a workbook


def test_the_example_comes_back_byte_for_byte(crm: Runner, here: Path) -> None:
    path = make_copy(here)
    assert book(str(path)) == sample_book()
    (here / "x.toml").write_text(crm("export", str(path), "--full").out)
    crm("new", "b.crm")
    crm("import", "b.crm", "x.toml")
    assert crm("export", "b.crm", "--full").out == (here / "x.toml").read_text()


def test_export_into_a_file(crm: Runner, filled: str, here: Path) -> None:
    done = crm("export", filled, "-o", "out.toml")
    assert not done.out and "out.toml is written" in done.err
    assert tomllib.loads((here / "out.toml").read_text())["goals"]["company"] == "Acme"
    assert crm("export", filled).out == (here / "out.toml").read_text() == crm(filled).out
    assert list(tomllib.loads(crm("export", filled, "--chapter", "team").out)) == ["summary_version", "team"]
    assert "is a folder" in crm("export", filled, "-o", ".", code=2).err


def test_a_dry_run_says_what_would_change_and_writes_nothing(crm: Runner, filled: str, here: Path) -> None:
    (here / "new.toml").write_text(FULL.replace("Answer faster", "Answer at once").replace("G3", "G4"))
    before = book(filled)
    done = crm("import", filled, "new.toml", "--dry-run", "--delete-missing")
    assert done.out.splitlines() == [
        'G4: new: company goal "Lose no client"', 'G1: Goal: "Answer faster" -> "Answer at once"',
        'PRJ1: the project "Acme" is deleted, with all that belongs to it',
        'G3: company goal "Lose no client" is deleted, with all that belongs to it']
    assert "Nothing was written" in done.err and book(filled) == before


def test_what_is_not_in_the_file_stays_unless_one_says_otherwise(crm: Runner, filled: str, here: Path) -> None:
    (here / "new.toml").write_text("schema_version = 1\n[company_goal.G3]\ndepartment = 'D1'\n[department.D1]\n")
    done = crm("import", filled, "new.toml")
    assert "2 records are not in the file and stay as they are: PRJ1, G1" in done.err
    assert "1 new record" not in done.err and "3 changed fields" in done.err
    crm("import", filled, "new.toml", "--delete-missing")
    assert book(filled).count() == 2


def test_a_bad_file_changes_nothing_and_names_every_line(crm: Runner, filled: str, here: Path) -> None:
    (here / "bad.toml").write_text(FULL + "[goal.G1]\n[company_goal.G4]\nweight = 9\n")
    before = book(filled)
    done = crm("import", filled, "bad.toml", code=2)
    assert "bad.toml:9:1: Unknown section goal" in done.err and "bad.toml:11:1: Weight" in done.err
    assert "Nothing was taken over." in done.err and book(filled) == before
    (here / "bad.toml").write_bytes(b"a = '\xff'")
    assert "no UTF-8" in crm("import", filled, "bad.toml", code=2).err
    assert "There is no file none.toml" in crm("import", filled, "none.toml", code=2).err
    (here / "many.toml").write_text("schema_version = 1\n" + "".join(f"[x{number}]\n" for number in range(99)))
    assert "... and 49 more." in crm("import", filled, "many.toml", code=2).err


def test_lenient_leaves_out_and_tells(crm: Runner, filled: str, here: Path) -> None:
    (here / "future.toml").write_text(FULL + "[future.X1]\n")
    assert "--lenient" in crm("import", filled, "future.toml", code=2).err
    assert "Left out: future.toml:9:1" in crm("import", filled, "future.toml", "--lenient").err


@pytest.mark.timeout(30)
def test_a_pipe_feeds_an_import(crm: Runner, here: Path) -> None:
    crm("new", "a.crm")
    process("--as", "Eva", "import", "a.crm", "-", stdin=FULL)
    assert book("a.crm").count() == 3
    assert "Eva" in process("history", "a.crm").out


# ---- a vendor's file ----

VENDORS = """schema_version = 1
[vendor.V1]
name = "Alpha"
[vendor.V2]
name = "Beta"
[answer.VA1]
vendor = "V1"
question = "host-where"
state = "answered"
value = "Kaunas"
"""


@pytest.fixture
def asking(crm: Runner, here: Path) -> str:
    """A workbook with two vendors."""
    (here / "vendors.toml").write_text(VENDORS)
    crm("new", "v.crm", "--company", "Acme")
    crm("import", "v.crm", "vendors.toml")
    return "v.crm"


def answered(here: Path, **answers: str) -> None:
    """Fills in the file reply.toml."""
    text = (here / "reply.toml").read_text()
    for question, answer in answers.items():
        begin = text.index(f"[answers.{question.replace('_', '-')}]")
        at = text.index('answer = ""', begin)
        text = text[:at] + f"answer = {answer}" + text[at + len('answer = ""'):]
    (here / "reply.toml").write_text(text)


def test_a_vendor_file_goes_out_and_comes_back(crm: Runner, asking: str, here: Path) -> None:
    done = crm("vendor-sheet", asking, "alpha", "-o", "reply.toml")
    assert not done.out and "crm-workbook vendor-reply v.crm reply.toml" in done.err
    assert tomllib.loads(crm("vendor-sheet", asking, "V1").out) == tomllib.loads((here / "reply.toml").read_text())
    answered(here, dbms_load="120", host_where='"Vilnius"')
    before = book(asking)
    done = crm("vendor-reply", asking, "reply.toml")
    assert "New: 1" in done.out and "Differs from our notes: 1" in done.out and "only a look" in done.err
    assert book(asking) == before
    done = crm("--as", "Eva", "vendor-reply", asking, "reply.toml", "--take", "--format", "json")
    assert json.loads(done.out)["vendor"] == "V1" and "1 answer was taken over." in done.err
    assert json.loads(crm("history", asking, "--format", "json").out)[0]["who"] == "Eva"
    assert [row.value for row in book(asking).rows(Answer)] == ["Kaunas", "120"]
    assert "1 answer was taken over." in crm("vendor-reply", asking, "reply.toml", "--take", "--also", "host-where").err
    assert [row.value for row in book(asking).rows(Answer)] == ["Vilnius", "120"]
    assert "0 answers were taken over." in crm("vendor-reply", asking, "reply.toml", "--take").err


@pytest.mark.timeout(30)
def test_a_look_at_a_vendor_file_imports_neither_textual_nor_the_orm(asking: str) -> None:
    heavy = {"textual", "rich", "sqlmodel", "sqlalchemy", "alembic", "pydantic"}
    for arguments in (("-o", "v.toml"), ("-o", "v.xlsx")):
        loaded = modules("vendor-sheet", asking, "V1", *arguments)
        assert not loaded & heavy and ("openpyxl" in loaded) == ("v.xlsx" in arguments)
        assert not modules("vendor-reply", asking, arguments[-1]) & heavy


def test_what_cannot_be_taken_over_ends_in_code_3(crm: Runner, asking: str, here: Path) -> None:
    crm("vendor-sheet", asking, "V1", "-o", "reply.toml", "--with-answers")
    assert 'answer = "Kaunas"' in (here / "reply.toml").read_text()
    answered(here, dbms_load='"approx. 5-10k"', ven_years="12")
    assert "is not one number" in crm("vendor-reply", asking, "reply.toml", code=3).out
    assert "2 answers were taken over." in crm("vendor-reply", asking, "reply.toml", "--take", code=3).err
    assert "1 answer was taken over." in crm("vendor-reply", asking, "reply.toml", "--take", "--also", "dbms-load", code=3).err
    kept = {row.question: row.values() for row in book(asking).rows(Answer)}
    assert kept["dbms-load"]["note"] == "approx. 5-10k" and "value" not in kept["dbms-load"]


def test_a_vendor_file_that_does_not_fit_is_refused(crm: Runner, asking: str, here: Path) -> None:
    for arguments, words in ((("V9",), "The vendors: V1 Alpha, V2 Beta"), (("V1", "-o", "x.pdf"), "ends in .xlsx or .toml"),
                             (("V1", "-o", "no/x.xlsx"), "There is no folder"),
                             (("V1", "-o", "no/x.toml"), "There is no folder")):
        assert words in crm("vendor-sheet", asking, *arguments, code=2).err
    crm("vendor-sheet", asking, "V1", "-o", "reply.xlsx")
    before = (here / "reply.xlsx").read_bytes()
    assert "is there already" in crm("vendor-sheet", asking, "V1", "-o", "reply.xlsx", code=2).err
    assert (here / "reply.xlsx").read_bytes() == before, "somebody may have filled it in"
    crm("vendor-sheet", asking, "V2", "-o", "reply.xlsx", "--force")
    assert (here / "reply.xlsx").read_bytes() != before
    crm("vendor-sheet", asking, "V1", "-o", "reply.xlsx", "--force")
    crm("new", "other.crm", "--company", "Bolt")
    assert "the file of another company" in crm("vendor-reply", "other.crm", "reply.xlsx", code=2).err
    (here / "vendors.toml").write_text(VENDORS)
    crm("import", "other.crm", "vendors.toml")
    assert "--vendor V1" in crm("vendor-reply", "other.crm", "reply.xlsx", "--take", code=2).err
    assert "Left out" in crm("vendor-reply", "other.crm", "reply.xlsx", "--vendor", "beta").out
    done = crm("vendor-reply", asking, "reply.xlsx", "--take", "--also", "x", code=2)
    assert "There is nothing to take over for x" in done.err
    assert "Give both" in crm("vendor-reply", asking, "reply.xlsx", "--also", "x", code=2).err
    assert "no question sheet" in crm("vendor-reply", asking, "vendors.toml", code=2).err


# ---- history, backup, doctor, paths, completion ----

def test_history_as_text_and_as_json(crm: Runner, filled: str) -> None:
    lines = crm("history", filled).out.splitlines()
    assert len(lines) == 4 and lines[-1].endswith('  Anna              PRJ1: new: the project "Acme"')
    assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d  Anna ", lines[0])
    done = crm("history", filled, "--limit", "2")
    assert len(done.out.splitlines()) == 2 and "--limit 0" in done.err
    [entry] = json.loads(crm("history", filled, "--format", "json", "--record", "G1").out)
    assert entry["new"] == {"title": "Answer faster", "department": "D1"} and entry["op"] == "create"
    assert crm("history", filled, "--record", "G9", "--format", "json").out == "[]\n"
    assert "Nothing was changed in G9" in crm("history", filled, "--record", "G9").err
    assert "is not a code" in crm("history", filled, "--record", "zzz", code=2).err
    assert len(json.loads(crm("history", filled, "--format", "json").out)) == 4


def test_backup_copies_and_overwrites_only_workbooks(crm: Runner, filled: str, here: Path) -> None:
    for _ in range(2):
        assert "complete copy" in crm("backup", filled, "b.crm").out
        assert book("b.crm") == book(filled)
    (here / "letter.txt").write_text("dear")
    assert "is no workbook" in crm("backup", filled, "letter.txt", code=2).err
    assert (here / "letter.txt").read_text() == "dear"
    assert "There is no folder" in crm("backup", filled, "no/b.crm", code=2).err
    assert "the workbook itself" in crm("backup", filled, filled, code=2).err


def test_doctor(crm: Runner, filled: str) -> None:
    done = crm("doctor", filled)
    for words in ("SQLite", "textual", "TERM=", "UTF-8", "4 records", "leads to exactly these records", "lock"):
        assert words in done.out
    assert "!" not in done.out
    assert "SQLite" in crm("doctor").out


def test_paths_and_completion(crm: Runner) -> None:
    lines = crm("paths").out.splitlines()
    assert {line.split()[0] for line in lines} >= {"settings", "remembered", "rescued", "logs", "catalogue", "example"}
    for shell in ("bash", "zsh", "fish"):
        assert "_CRM_WORKBOOK_COMPLETE" in crm("completion", shell).out


def test_completion_knows_verbs_and_files() -> None:
    done = process(_CRM_WORKBOOK_COMPLETE="bash_complete", COMP_WORDS="crm-workbook ex", COMP_CWORD="1")
    assert done.out.split() == ["plain,export", "file,ex"]


# ---- how it ends ----

def test_a_reader_that_has_seen_enough_is_no_fault(crm: Runner, here: Path) -> None:
    (here / "big.toml").write_text(FULL + "".join(f"[crm_goal.C{number}]\n" for number in range(1, 9000)))
    code = f"{sys.executable} -m crm_workbook export big.toml --full | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", code], capture_output=True, text=True, timeout=60, check=False,
                          env=os.environ | {"PYTHONPATH": str(ROOT)})
    assert done.stdout.splitlines()[1:] == ["0"] and not done.stderr


def test_a_full_disk_under_standard_output_is_said(crm: Runner, here: Path) -> None:
    (here / "a.toml").write_text(FULL)
    for arguments in ("export a.toml", "--help", "--version"):
        done = subprocess.run(["bash", "-c", f"{sys.executable} -m crm_workbook {arguments} > /dev/full"], capture_output=True,
                              text=True, timeout=60, check=False, env=os.environ | {"PYTHONPATH": str(ROOT)})
        assert done.returncode == 2 and "could not be written" in done.stderr and "Traceback" not in done.stderr


def test_a_fault_of_ours_ends_in_a_log_file(crm: Runner, monkeypatch: pytest.MonkeyPatch, own_home: Path) -> None:
    def fault(arguments: object) -> int:
        raise ZeroDivisionError("secret words")

    monkeypatch.setattr(verbs, "run", fault)
    done = crm("export", "x", code=1)
    assert "Traceback" not in done.err
    [path] = own_home.rglob("crash-*.log")
    told = path.read_text()
    assert str(path) in done.err and "ZeroDivisionError: secret words" in told and "['export', 'x']" in told
    monkeypatch.setenv("XDG_STATE_HOME", "/dev/null/no")
    assert "Traceback" in crm("export", "x", code=1).err


def test_ctrl_c_is_quiet(crm: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(arguments: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(verbs, "run", interrupt)
    assert not crm("export", "x", code=130).err


# ---- with and without a terminal ----

def in_terminal(*arguments: str, stdin: bool = True, stderr: bool = True, **environment: str) -> tuple[int, str]:
    """Runs the program with a pseudo-terminal as standard output; its exit code and what it said on standard error."""
    master, slave = os.openpty()
    try:
        done = subprocess.run([sys.executable, "-m", "crm_workbook", *arguments], stdin=slave if stdin else subprocess.DEVNULL,
                              stdout=slave, stderr=slave if stderr else subprocess.PIPE, timeout=60, check=False,
                              env=os.environ | {"PYTHONPATH": str(ROOT)} | environment)
        os.close(slave)
        slave = -1
        said = b""
        try:
            while part := os.read(master, 65536):
                said += part
        except OSError:  # the other end is closed: that was all
            pass
        return done.returncode, (said + (done.stderr or b"")).decode()
    finally:
        os.close(master)
        if slave >= 0:
            os.close(slave)


@pytest.mark.parametrize(("environment", "stdin", "stderr", "words"), [
    ({"TERM": "dumb"}, True, True, "TERM=dumb"),
    ({}, False, True, "standard input is no terminal"),
    ({}, True, False, "without 2>"),
    ({"PYTHONIOENCODING": "latin-1"}, True, True, "does not speak UTF-8 but"),
])
@pytest.mark.parametrize("target", ["a.crm", "demo"])
def test_a_terminal_that_cannot_show_it_is_refused(
        here: Path, target: str, environment: dict[str, str], stdin: bool, stderr: bool, words: str) -> None:
    (here / "a.crm").write_text("is not even looked at")
    code, said = in_terminal(target, stdin=stdin, stderr=stderr, **environment)
    assert code == 2 and words in said


def test_on_a_terminal_the_application_opens(crm: Runner, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from crm_workbook import app

    (here / "a.crm").write_text("")
    seen: list[tuple[str, str]] = []

    def run(target: str, *, who: str, opener: object, today: Callable[[], date]) -> int:
        assert today() >= date(2026, 1, 1)
        assert opener is None
        seen.append((target, who))
        return 7

    monkeypatch.setattr(app, "run", run)
    monkeypatch.setattr(verbs, "is_terminal", lambda stream: True)
    monkeypatch.setattr(verbs, "terminal_fault", lambda: "")
    crm("a.crm", code=7)
    crm("--as", "Eva\x1b  Lind", "a.crm", code=7)
    crm("a.crm", "--as", "Jan", code=7)
    crm("postgresql://host/db", code=7)
    assert seen == [("a.crm", "Anna"), ("a.crm", "Eva? Lind"), ("a.crm", "Jan"), ("postgresql://host/db", "Anna")]


def test_the_demo_is_a_copy_that_goes_away(crm: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    from crm_workbook import app

    seen: list[Path] = []

    def run(target: str, *, who: str, opener: Callable[[Callable[[Book], None]], Workbook], today: Callable[[], date]) -> int:
        assert today() == TODAY, "the example does not age"

        def show(first: Book) -> None:
            assert first == sample_book() and not Path(target).exists()  # the picture comes before the file

        with opener(show) as workbook:
            assert workbook.book == sample_book() and workbook.who == who == "Anna"
        assert book(target) == sample_book()
        seen.append(Path(target))
        return 0

    monkeypatch.setattr(app, "run", run)
    monkeypatch.setattr(verbs, "is_terminal", lambda stream: True)
    monkeypatch.setattr(verbs, "terminal_fault", lambda: "")
    gone = subprocess.Popen(["true"])  # a process that is not there any more
    gone.wait()
    left, alive = (Path(tempfile.gettempdir()) / f"crm-workbook-demo-{number}-test" for number in (gone.pid, os.getpid()))
    for folder in (left, alive):
        folder.mkdir(exist_ok=True)
    crm("demo")
    assert not seen[0].parent.exists() and not left.exists() and alive.exists()
    alive.rmdir()


def test_without_a_terminal_the_demo_prints_its_summary(crm: Runner) -> None:
    assert tomllib.loads(crm("demo").out)["goals"]["company"]


def test_who_is_the_account_when_nobody_says_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    import pwd

    account = pwd.getpwuid(os.getuid())
    monkeypatch.delenv("CRM_WORKBOOK_USER", raising=False)
    for gecos, name in (("Anna Lind,Room 5,,", "Anna Lind"), (",,", account.pw_name)):
        entry = pwd.struct_passwd((*account[:4], gecos, *account[5:]))
        monkeypatch.setattr(pwd, "getpwuid", lambda uid, entry=entry: entry)
        assert who_signs(None) == name
