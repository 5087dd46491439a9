"""Texts that were made to do harm, and what is no file: a sentence each time."""
from __future__ import annotations

import os
from pathlib import Path

import pytest

from crm_workbook.exchange.files import FileRefused, read_bytes, write_atomic
from crm_workbook.exchange.parsing import DEEPEST, TooDeep, parsed
from crm_workbook.exchange.reading import ImportErrors, read_full
from crm_workbook.exchange.vendor_file import LARGEST_TEXT, read_filled
from crm_workbook.exchange.vendor_sheet import write_toml
from tests.exchange.vendor_files import BLANK

LONG = ".".join(["a"] * 200_000)
"""Four hundred thousand bytes; tomllib would need terabytes for it."""


def refused(path: Path, *said: str) -> None:
    with pytest.raises(FileRefused) as caught:
        read_filled(path)
    assert all(words in str(caught.value) for words in (path.name, *said)), caught.value


# ---- keys of many parts ----

@pytest.mark.parametrize("text", [
    f"{LONG} = 1", f"[{LONG}]", f"[[{LONG}]]", f"x = {{ {LONG} = 1 }}", f"x = [\n{{ {LONG} = 1 }}]",
    " . ".join(["'a'"] * 50_000) + "=1", '"a.b\\"".' * 50_000 + "x = 1", f'x = """a"" \\""" """\n{LONG} = 1',
    f"x = '''a'' '''\n{LONG} = 1", f'x = """a"""""\n{LONG} = 1', f'x = "#" # "\n{LONG} = 1', f"x = '\\' # '\n{LONG} = 1"])
def test_a_key_of_many_parts_is_refused_before_it_is_parsed(text: str) -> None:
    with pytest.raises(TooDeep) as caught:
        parsed(text)
    at = next(number for number, line in enumerate(text.split("\n"), 1) if line.count(".") > DEEPEST)
    assert caught.value.line == at


@pytest.mark.parametrize("text", [
    f'x = """\n{LONG} = 1\n"""', f"x = '''\n{LONG} = 1\n'''", f'x = "{LONG}"', f"x = '{LONG}'", f"# {LONG} = 1",
    f"x = 1 # {LONG}", f'x = """\\"""{LONG}"""', f"x = [ # {LONG}\n'{LONG}']",
    ".".join(["a"] * (DEEPEST + 1)) + " = 1", f'"{LONG}" = 1'])
def test_dots_in_texts_and_comments_are_no_parts(text: str) -> None:
    assert len(parsed(text)) == (not text.startswith("#"))


def test_the_line_is_named_in_either_file(tmp_path: Path) -> None:
    path = tmp_path / "reply.toml"
    path.write_text(f"[sheet]\nformat = '1'\n[answers]\n{LONG} = 1\n")
    refused(path, "line 4", "too many parts")
    with pytest.raises(ImportErrors) as caught:
        read_full(f"schema_version = 1\n{LONG} = 1\n")
    [problem] = caught.value.problems
    assert (problem.line, problem.column) == (2, 1) and "too many parts" in problem.sentence


@pytest.mark.parametrize("text", ["a = " + "[" * 5000 + "]" * 5000, "a = " + "{a=" * 5000 + "1" + "}" * 5000])
def test_lists_and_tables_in_each_other_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "reply.toml"
    path.write_text(text)
    refused(path, "nested far too deeply")
    with pytest.raises(ImportErrors, match="nested far too deeply"):
        read_full(text)


def test_a_number_of_thousands_of_digits_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / "reply.toml"
    path.write_text(f"[sheet]\nformat = 1\nvendor = 0x{'f' * 9000}\n[answers]\n")
    assert read_filled(path).identity == {"format": "1"}


def test_a_text_that_is_too_large_is_called_so(tmp_path: Path) -> None:
    path = tmp_path / "reply.toml"
    path.write_text(write_toml(BLANK, "V1") + "#" * LARGEST_TEXT)
    refused(path, "too large", "1 MB")


# ---- what is no file ----

def test_a_folder_is_called_one(tmp_path: Path) -> None:
    for read in (read_filled, read_bytes):
        with pytest.raises(FileRefused, match=r"is a folder\. Name a file in it\."):
            read(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_one_may_not_read(tmp_path: Path) -> None:
    path = tmp_path / "reply.toml"
    path.touch(0o000)
    for read in (read_filled, read_bytes):
        with pytest.raises(FileRefused, match="You may not read"):
            read(path)


def test_a_file_that_one_may_not_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_args: object, **_named: object) -> None:
        raise PermissionError(13, "Permission denied")
    monkeypatch.setattr("builtins.open", forbidden)
    for read in (read_filled, read_bytes):
        with pytest.raises(FileRefused, match=r"You may not read .*reply\.toml"):
            read(tmp_path / "reply.toml")


@pytest.mark.parametrize(("folder", "example"), [("out.xlsx", "crm.xlsx"), ("out.md", "crm.md"), ("out", "crm.toml"),
                                                 ("out.d", "crm.toml")])
def test_the_example_in_a_folder_ends_like_what_was_asked_for(tmp_path: Path, folder: str, example: str) -> None:
    path = tmp_path / folder
    path.mkdir()
    with pytest.raises(FileRefused) as caught:
        write_atomic(path, "x")
    assert str(caught.value).endswith(f"such as {path / example}.")
