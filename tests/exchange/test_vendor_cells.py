"""Spreadsheets that were made to do harm: refused with a sentence, before they cost time or memory."""
from __future__ import annotations

import lzma
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from crm_workbook.exchange import vendor_cells, vendor_file
from crm_workbook.exchange.files import FileRefused
from crm_workbook.exchange.vendor_cells import JOINED, LONGEST, PAGES, STYLES, UNPACKED
from crm_workbook.exchange.vendor_file import Filled, read_filled
from tests.exchange.vendor_files import Sheet, repacked

QUESTIONS = "xl/worksheets/sheet2.xml"
QUESTION = "dbms-load"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A sheet with one question, filled in."""
    sheet = Sheet(only=QUESTION)
    sheet.put(QUESTION, 120)
    return sheet.save(tmp_path / "reply.xlsx")


def refused(path: Path, said: str) -> None:
    with pytest.raises(FileRefused) as caught:
        read_filled(path)
    assert "reply.xlsx" in str(caught.value) and said in str(caught.value)


def part(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode()


def answer_of(filled: Filled) -> object:
    return filled.rows[0].cells["answer"].value


# ---- unpacking ----

def packed(path: Path, packing: int, stated: int | None = None, size: int = UNPACKED + 1) -> None:
    """A workbook that is all zeros, and says that it has `stated` bytes."""
    with zipfile.ZipFile(path, "w", packing) as archive:
        archive.writestr("[Content_Types].xml", "<a/>")
        archive.writestr("xl/workbook.xml", b"\0" * size)
    if stated is not None:
        data = bytearray(path.read_bytes())
        struct.pack_into("<I", data, data.rfind(b"PK\x01\x02") + 24, stated)
        struct.pack_into("<I", data, data.find(b"PK\x03\x04", 4) + 22, stated)
        path.write_bytes(data)


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_unpacks_all_at_once_is_not_unpacked(tmp_path: Path, packing: int, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "reply.xlsx"
    packed(path, packing, 1000)
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("unpacked"))
    refused(path, "packed in a way that spreadsheets are not")


def test_the_stated_size_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "reply.xlsx"
    packed(path, zipfile.ZIP_DEFLATED, 1000)
    refused(path, "damaged")


def test_what_comes_out_is_counted(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with zipfile.ZipFile(path) as archive:
        sizes = [info.file_size for info in archive.infolist()]
        monkeypatch.setattr(vendor_cells, "UNPACKED", sum(sizes) - 1)
        with pytest.raises(FileRefused, match="far larger"):
            vendor_cells._unpacked(archive, archive.infolist(), "reply.xlsx")
        monkeypatch.setattr(vendor_cells, "UNPACKED", sum(sizes))
        assert len(vendor_cells._unpacked(archive, archive.infolist(), "reply.xlsx")) == len(sizes)


@pytest.mark.parametrize("error", [lzma.LZMAError("x"), RecursionError(), zipfile.BadZipFile(), struct.error(), KeyError("x")])
def test_whatever_unpacking_raises_is_a_sentence(path: Path, error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_args: object) -> None:
        raise error
    monkeypatch.setattr(zipfile.ZipFile, "open", fails)
    refused(path, "damaged")


@pytest.mark.parametrize("step", ["_parts", "_pages"])
def test_too_little_memory_is_a_sentence(path: Path, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_args: object) -> None:
        raise MemoryError
    monkeypatch.setattr(vendor_cells, step, fails)
    refused(path, "needs more memory")


# ---- what it is made of ----

ENTITY = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("name", [
    "[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml",
    "xl/theme/theme1.xml", QUESTIONS, "docProps/core.xml", "docProps/custom.xml"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
def test_definitions_are_found_in_every_part(path: Path, name: str, encoding: str) -> None:
    root = part(path, name).rpartition("?>")[2].strip()
    declared = f'<?xml version="1.0" encoding="{encoding[:6]}"?>'
    refused(repacked(path, {name: f"{declared}{ENTITY}{root}".encode(encoding)}), "damaged")


@pytest.mark.parametrize("encoding", ["utf-7", "cp037", "utf-32", "x-unknown"])
def test_a_part_in_an_unusual_encoding_is_refused(path: Path, encoding: str) -> None:
    page = part(path, QUESTIONS)
    declared = f"<?xml version='1.0' encoding = '{encoding}'?>"
    refused(repacked(path, {QUESTIONS: f"{declared}{page}".encode()}), "damaged")
    assert answer_of(read_filled(repacked(path, {QUESTIONS: f'<?xml version="1.0" encoding="UTF-8"?>{page}'.encode()}))) == 120


@pytest.mark.parametrize("kind", ["sheet.macroEnabled.main", "macrosheet"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_macros_of_either_kind_are_refused(path: Path, kind: str, encoding: str) -> None:
    types = f'<Types><Override ContentType="application/vnd.ms-excel.{kind}+xml"/></Types>'
    refused(repacked(path, {"[Content_Types].xml": types.encode(encoding)}), "macros")


def test_the_old_form_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "reply.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512)
    refused(path, "old Excel form")


# ---- what reading it would cost ----

def joined(count: int) -> Callable[[str], str]:
    cells = "".join(f'<mergeCell ref="X{row}:Y{row}"/>' for row in range(9, 9 + count))
    return lambda page: page.replace("<dataValidations", f"<mergeCells>{cells}</mergeCells><dataValidations", 1)


def test_joined_cells_are_counted(path: Path) -> None:
    page = part(path, QUESTIONS)
    assert answer_of(read_filled(repacked(path, {QUESTIONS: joined(JOINED)(page).encode()}))) == 120
    refused(repacked(path, {QUESTIONS: joined(50_000)(page).encode()}), "joined cells")


def test_joined_cells_of_other_sheets_do_not_count(path: Path) -> None:
    other = "xl/worksheets/sheet1.xml"
    page = part(path, other)
    cells = '<mergeCells>' + '<mergeCell ref="X9:Y9"/>' * (JOINED + 1) + '</mergeCells>'
    changed = page.replace("</sheetData>", f"</sheetData>{cells}", 1)
    assert changed != page
    assert answer_of(read_filled(repacked(path, {other: changed.encode()}))) == 120


def test_one_part_cannot_be_many_sheets(path: Path) -> None:
    book = part(path, "xl/workbook.xml")
    start = book.index("<sheet ")
    first = book[start:book.index("/>", start) + 2]
    for times, said in ((1, "damaged"), (PAGES, f"more than {PAGES} sheets")):
        refused(repacked(path, {"xl/workbook.xml": book.replace("</sheets>", first * times + "</sheets>").encode()}), said)


def test_a_cell_has_no_more_characters_than_in_excel(path: Path) -> None:
    page = part(path, QUESTIONS)
    for length in (LONGEST, LONGEST + 1):
        row = f'<row r="4000"><c r="D4000" t="str"><v>{"x" * length}</v></c></row></sheetData>'
        repacked(path, {QUESTIONS: page.replace("</sheetData>", row).encode()})
        if length == LONGEST:
            assert answer_of(read_filled(path)) == 120
    refused(path, "D4000")


def test_a_sheet_has_no_ten_thousands_of_styles(path: Path) -> None:
    name = "xl/styles.xml"
    styles = part(path, name).replace("</cellXfs>", "<xf/>" * STYLES + "</cellXfs>")
    refused(repacked(path, {name: styles.encode()}), "styles")


def test_the_limits_of_the_papers_are_those_of_the_program() -> None:
    text = (Path(__file__).parents[2] / "docs/vendor-files.md").read_text("utf-8")
    for most in (f"{vendor_file.LARGEST // 1024 ** 2} MB", f"{vendor_file.LARGEST_TEXT // 1024 ** 2} MB of TOML",
                 f"{UNPACKED // 1024 ** 2} MB", f"{PAGES} sheets", f"{JOINED} joined cells"):
        assert most in text
