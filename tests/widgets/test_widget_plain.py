from __future__ import annotations

import subprocess
import sys

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.widgets import Static

from crm_workbook.records.text import visible
from crm_workbook.widgets.plain import PlainFilter, fit, flat, plain, safe, wrap
from tests.widgets.widget_apps import NASTY, OneWidget


@pytest.mark.parametrize("text", NASTY)
def test_fit_gives_exactly_the_width(text: str) -> None:
    for width in range(0, 30):
        for align in ("left", "right", "center"):
            assert cell_len(fit(flat(text), width, align)) == width


@pytest.mark.parametrize("text", [*NASTY, "", "one two  three", "x" * 100, "日" * 50, "word " * 60, "a\n\nb", " lead"])
def test_wrap_loses_nothing_and_stays_in_the_width(text: str) -> None:
    for width in (2, 7, 20, 200):
        lines = wrap(text, width)
        assert lines and all(cell_len(line) <= width for line in lines)
        assert "".join("".join(lines).split()) == "".join(visible(text).split())


def test_wrap_breaks_between_words() -> None:
    assert wrap("Answer every request within four hours", 14) == ["Answer every", "request within", "four hours"]
    assert wrap("", 5) == [""]
    assert wrap("x" * 12, 5) == ["xxxxx", "xxxxx", "xx"]


def test_the_filter_takes_out_what_a_terminal_would_obey() -> None:
    filtered = PlainFilter().apply([Segment("a\x1b]0;x\x07\x9bB\u202ec\x00\ud800"), Segment("ok")], Color(0, 0, 0))
    assert [segment.text for segment in filtered] == ["a]0;xBc\ufffd", "ok"]
    clean = [Segment("Привет żółw 👩‍🔧 e\u0301")]
    assert PlainFilter().apply(clean, Color(0, 0, 0)) is clean
    assert PlainFilter() == PlainFilter() and hash(PlainFilter()) == hash(PlainFilter())


@pytest.mark.parametrize("code", [*range(32), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF,
                                  0x061C])
def test_every_control_and_direction_character_is_harmless(code: int) -> None:
    assert safe(f"a{chr(code)}b") == "ab"
    assert chr(code) not in flat(f"a{chr(code)}b")


@pytest.mark.parametrize("text", NASTY)
async def test_widgets_that_are_not_ours_are_safe_too(text: str) -> None:
    app = OneWidget(Static(text, markup=False), Static(plain(text)))
    async with app.run_test(size=(60, 20)):
        raw = "".join(segment.text for strip in app.screen._compositor.render_strips() for segment in strip)
        assert safe(raw) == raw
        assert " ".join(visible(text).split()) in " ".join(raw.split())


def test_widgets_import_nothing_dear_and_no_store() -> None:
    code = ("import sys, crm_workbook.widgets.form, crm_workbook.widgets.lines; import textual.widgets; "
            "bad = [m for m in sys.modules if m.split('.')[0] in ('tree_sitter', 'sqlmodel', 'sqlalchemy', 'sqlite3') or "
            "m in ('textual.widgets._text_area', 'crm_workbook.widgets.pick') or m.startswith('crm_workbook.store')]; "
            "assert not bad, bad")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
