"""The comparison on the screen: who is out and why, what each figure rests on, and how sure the first place is."""
from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from textual.widgets import Static

from crm_workbook.analysis.comparison import compare
from crm_workbook.analysis.sensitivity import smaa
from crm_workbook.catalogue import load
from crm_workbook.records import Record
from crm_workbook.records.edits import Change, Delete
from crm_workbook.records.requirements import Requirement
from crm_workbook.records.team import Person
from crm_workbook.records.vendors import Answer, CostLine, Fit, Vendor, WeightRound, WeightVote
from crm_workbook.screens.vendors import comparison_lines, tables, weightings
from crm_workbook.screens.vendors.comparison_sheet import ComparisonSheet
from crm_workbook.screens.vendors.explanation import Explanation
from crm_workbook.screens.vendors.question import QuestionSheet
from crm_workbook.screens.vendors.sensitivity_sheet import SensitivitySheet
from crm_workbook.screens.vendors.sheet import Sheet, open_sheet
from crm_workbook.screens.vendors.standing_sheet import StandingSheet
from crm_workbook.screens.vendors.standing_words import in_quotes, listed, percents
from crm_workbook.screens.vendors.weight_sheet import WeightSheet
from crm_workbook.screens.vendors.weightings import DRAWS, SEED, USUAL, Question, Shares, Weighted, question, refine
from crm_workbook.widgets.bars import SPACE
from crm_workbook.widgets.columns import Column
from crm_workbook.widgets.lines import LineList
from tests.screens.desk import Desk, desk, workbook

QUESTIONS = load().questions
SECTIONS = tuple(row.id for row in sorted(load().question_sections.values(), key=lambda row: row.order))
DBMS, MAIL = SECTIONS[0], SECTIONS[1]
VENDORS = (Vendor(number=1, name="Alpha CRM"), Vendor(number=2, name="Borealis"),
           Vendor(number=3, name="Cascade", state="out", out_because="The database is paid apart, and nobody knows the price."))
MUST = Requirement(number=1, title="Find a client in three seconds", priority="must", state="accepted")
FITS = (Fit(number=1, vendor="V1", requirement="R1", mark="works"),
        Fit(number=2, vendor="V2", requirement="R1", mark="promised"))
COSTS = (CostLine(number=1, vendor="V1", bucket="licence", title="Rent", kind="recurring", likely=Decimal(36480)),
         CostLine(number=2, vendor="V1", bucket="support", title="Support", kind="recurring"))


def answers(vendor: str, section: str, good: bool, first: int, evidence: str = "") -> list[Answer]:
    """The best or the worst answer to every scored question of a section that is no knock-out."""
    found = list[Answer]()
    for place, one in enumerate(QUESTIONS.values()):
        options = sorted(one.options, key=lambda option: option.value)
        value = {"yes_no": "yes" if good else "no", "number": str(one.best if good else one.worst), "single_choice":
                 options[-1 if good else 0].id if options else ""}.get(one.answer_type)
        if one.section == section and one.scored and not one.knockout and value:
            found.append(Answer(number=first + place, vendor=vendor, question=one.id, state="answered", value=value,
                                evidence=evidence))
    return found


BEST = sorted(load().evidence_levels.values(), key=lambda level: level.factor)[-1].id
ANSWERS = (*answers("V1", DBMS, False, 1), *answers("V2", DBMS, True, 101, BEST), *answers("V1", MAIL, True, 201),
           *answers("V2", MAIL, False, 301))


def opened(tmp_path: Path, *rows: Iterable[Record], size: tuple[int, int] = (80, 24)) -> AbstractAsyncContextManager[Desk]:
    """A workbook with these records on the screen."""
    return desk(workbook(tmp_path / "a.crm", [row for part in rows for row in part]), size=size)


async def show(here: Desk, sheet: Sheet) -> None:
    """Opens a sheet."""
    open_sheet(sheet)
    await here.until(lambda: here.app.screen is sheet and bool(sheet.query(LineList)), "sheet")
    await here.pilot.pause()


async def ready(here: Desk) -> None:
    """The facts are there."""
    await here.until(lambda: here.screen.view is not None, "facts")


def head(here: Desk) -> str:
    """The heading of the open sheet."""
    return str(here.app.screen.query_one(".sheet-head", Static).content)


def detail(here: Desk) -> str:
    """The words below the lines of the open sheet."""
    return str(here.app.screen.query_one(".sheet-detail Static", Static).content)


def flowed(here: Desk) -> str:
    """The screen as one line of text."""
    return " ".join(here.text().split())


async def refined(here: Desk, sheet: Weighted) -> Shares:
    """Waits until all weightings were tried."""
    await here.until(lambda: (found := sheet.kept.known(question(sheet.view))) is not None and found.done, "refined")
    found = sheet.kept.known(question(sheet.view))
    assert found is not None
    return found


async def test_the_board_shows_everybody_with_the_reason_of_who_is_out(tmp_path: Path) -> None:
    async with opened(tmp_path, VENDORS, [MUST], FITS, COSTS, ANSWERS) as here:
        await ready(here)
        await here.open("5", "comparison")
        text = here.text()
        assert text.index("Alpha") < text.index("Borealis") < text.index("OUT: The database is paid apart")
        assert "1.00" in text and "109k +" in text and "V1" not in text
        assert "comes first if only what is proven counts" in flowed(here) and "Two other ways of counting" in text
        found = compare(here.screen.view) if here.screen.view is not None else None
        assert found is not None and found.winner != found.proven_winner
        await here.press("down", "down")
        assert "Cascade is out: The database is paid apart, and nobody knows the price." in flowed(here)
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, ComparisonSheet))
        await here.until(lambda: "Cover" in here.text() and "answers by lot, first: Alpha" in flowed(here))
        assert tables.here(here.app.screen.query_one(LineList)).key == "V3"  # type: ignore[union-attr]  # there are lines


async def test_no_price_and_no_mark_are_not_known_and_never_zero(tmp_path: Path) -> None:
    async with opened(tmp_path, VENDORS, ANSWERS, size=(120, 40)) as here:
        await ready(here)
        await show(here, ComparisonSheet(here.screen))
        row = next(line for line in here.text().splitlines() if "Borealis" in line)
        assert "not known" in row and row.split()[2:5] == ["?", "?", "?"] and " 0.00" not in row


@pytest.mark.parametrize(("rows", "words", "leads"), [
    ([], "No vendor has been written down yet.", Vendor), (VENDORS[:1], "It takes two vendors to compare; 1 is in.", Vendor)])
async def test_with_too_few_vendors_it_says_so_and_leads_there(
        tmp_path: Path, rows: Sequence[Record], words: str, leads: type[Record]) -> None:
    async with opened(tmp_path, rows) as here:
        await ready(here)
        await here.open("5", "comparison")
        assert words in flowed(here)
        await here.press("end", "enter")
        await here.until(lambda: here.page.in_form and here.page.current_kind is leads)


async def test_without_answers_it_leads_to_the_questions(tmp_path: Path) -> None:
    async with opened(tmp_path, VENDORS) as here:
        await ready(here)
        await here.open("5", "comparison")
        assert "No answer is worth anything yet" in flowed(here)
        await here.press("home", "enter")
        await here.until(lambda: isinstance(here.app.screen, ComparisonSheet))
        await here.press("h")
        assert "No answer is worth anything yet" in detail(here)
        await here.press("end", "enter")
        await here.until(lambda: here.page.view == "questions" and here.app.screen is here.screen)


async def test_who_was_not_asked_stands_in_the_table_and_in_nothing_else(tmp_path: Path) -> None:
    silent = Vendor(number=4, name="Delta")
    async with opened(tmp_path, VENDORS, [silent], ANSWERS) as here:
        await ready(here)
        sheet = ComparisonSheet(here.screen)
        await show(here, sheet)
        await refined(here, sheet)
        row = next(line for line in here.text().splitlines() if "Delta" in line)
        assert "(0)" not in row and row.split()[1:6] == ["4", "?", "?", "?", "?"]
        assert "Not asked yet, so not part of what follows: Delta." in flowed(here)
        assert "As far as it is answered" in flowed(here)
        known = sheet.kept.known(question(sheet.view))
        words = dict(comparison_lines.said(sheet.view, sheet.titles, compare(sheet.view), known))
        assert "Alpha" in words[comparison_lines.SHARE] and "Delta" not in words[comparison_lines.SHARE]
        sheet.lines.go_to(comparison_lines.UNASKED)
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, QuestionSheet))
        assert "Delta" in here.text()


async def test_with_one_vendor_asked_it_leads_to_the_other(tmp_path: Path) -> None:
    async with opened(tmp_path, VENDORS[:2], [row for row in ANSWERS if row.vendor == "V1"]) as here:
        await ready(here)
        await here.open("5", "comparison")
        assert "Only Alpha has answered so far" in flowed(here) and "highest score" not in flowed(here)
        await here.press("end", "enter")
        await here.until(lambda: isinstance(here.app.screen, QuestionSheet))
        assert "Borealis" in here.text()


async def test_no_id_and_no_name_of_a_method_is_shown(tmp_path: Path) -> None:
    async with opened(tmp_path, VENDORS, [MUST], FITS, ANSWERS, size=(120, 40)) as here:
        await ready(here)
        sheet = ComparisonSheet(here.screen, comparison_lines.PROOF)
        await show(here, sheet)
        await refined(here, sheet)
        said = flowed(here) + detail(here)
        assert "first to prove: “" in said and not any(id_ in said for id_ in QUESTIONS)
        assert not any(word in said for word in ("TOPSIS", "ELECTRE", "tau", "seed"))
        sheet.lines.go_to(comparison_lines.SECOND)
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, Explanation))
        assert "TOPSIS" in here.text() and "ELECTRE" in here.text()


async def test_a_vendor_shows_what_it_is_made_of(tmp_path: Path) -> None:
    async with opened(tmp_path, VENDORS, [MUST], FITS, COSTS, ANSWERS, size=(120, 40)) as here:
        await ready(here)
        sheet = StandingSheet(here.screen, "V1")
        await show(here, sheet)
        found = compare(sheet.view)
        one, other = found.of("V1"), found.of("V2")
        assert one is not None and other is not None and one.claimed is not None and other.claimed is not None
        lead = abs(one.claimed - other.claimed) * 100
        assert f"{lead:.1f} points" in head(here) and "proven" in head(here) and "Beside Borealis" in here.text()
        first = tables.here(sheet.lines)
        assert first is not None and first.key == MAIL and first.cells[-1].strip().startswith("+")
        await here.press("=")
        await here.until(lambda: isinstance(here.app.screen, Explanation))
        assert "How the figures of Alpha CRM came about" in here.text()
        await here.press("escape", "right")
        assert "Borealis" in head(here) and "✗ R1 Find a client" in here.text()
        await here.press("right")
        assert "OUT: The database is paid apart" in here.text()


async def test_from_the_comparison_to_the_questions_of_a_vendor(tmp_path: Path) -> None:
    async with opened(tmp_path, VENDORS, [MUST], FITS, ANSWERS) as here:
        await ready(here)
        await show(here, ComparisonSheet(here.screen))
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, StandingSheet))
        await here.pilot.pause()
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, QuestionSheet))
        assert not any(isinstance(one, ComparisonSheet) for one in here.app.screen_stack)  # nothing covers the page below


async def test_how_sure_it_is(tmp_path: Path) -> None:
    async with opened(tmp_path, VENDORS, [MUST], FITS, ANSWERS) as here:
        await ready(here)
        sheet = SensitivitySheet(here.screen)
        await show(here, sheet)
        shares = await refined(here, sheet)
        await here.until(lambda: "10 000 weightings tried" in head(here).replace(SPACE, " "))
        found = compare(sheet.view)
        *_rest, exact = smaa(found.matrix, draws=DRAWS, seed=SEED, open=found.open_matrix)
        assert shares.everywhere.first == exact.first and shares.members is None and sum(exact.first) == pytest.approx(1)
        assert f"{exact.first[0] * 100:.0f}" in here.text() and "Those who would choose it weigh most" in detail(here)
        before = here.text()
        await here.press("p")
        assert "with what is proven" in head(here) and here.text() != before
        await here.press("=")
        await here.until(lambda: isinstance(here.app.screen, Explanation))
        assert "How often each vendor comes first" in here.text()
        await here.press("escape", "end")
        assert "comes first" in flowed(here)


async def test_the_members_weights_are_a_question_of_their_own(tmp_path: Path) -> None:
    round_ = WeightRound(number=1, title="T", method="points", members=("M1", "M2"), revealed_on=date(2026, 3, 1))
    given = [WeightVote(number=20 * person + place + 1, round="WE1", person=f"M{person + 1}", criterion=id_,
                        points=60.0 if place == person else 1.0) for person in (0, 1) for place, id_ in enumerate(SECTIONS)]
    people = (Person(number=1, name="Anna"), Person(number=2, name="Boris"))
    async with opened(tmp_path, people, VENDORS, [round_], given, ANSWERS) as here:
        await ready(here)
        sheet = ComparisonSheet(here.screen)
        await show(here, sheet)
        shares = await refined(here, sheet)
        asked = question(sheet.view)
        assert asked is not None and asked.box is not None and asked.box[0] == pytest.approx((1 / 71, 60 / 71))
        assert shares.members is not None and shares.members.first != shares.everywhere.first
        assert "shown 2026-03-01, not sealed" in head(here)
        await here.press("w")
        await here.until(lambda: isinstance(here.app.screen, WeightSheet))
        await here.press("escape", "h")
        await here.until(lambda: isinstance(here.app.screen, SensitivitySheet))


async def test_the_sheet_follows_a_change_and_keeps_its_line(tmp_path: Path) -> None:
    async with opened(tmp_path, VENDORS, [MUST], FITS, ANSWERS) as here:
        await ready(here)
        sheet = ComparisonSheet(here.screen, comparison_lines.SECOND)
        await show(here, sheet)
        await refined(here, sheet)
        assert sheet.lines.key == comparison_lines.SECOND
        asked = question(sheet.view)
        assert here.screen.session is not None
        changed = next(row for row in ANSWERS if row.vendor == "V1" and row.value == "yes")
        here.screen.session.submit([Change(changed.code, "value", "yes", "no")])
        await here.until(lambda: question(sheet.view) != asked)
        await refined(here, sheet)
        assert sheet.lines.key == comparison_lines.SECOND
        here.screen.session.submit([Delete("V2")])
        await here.until(lambda: "It takes two vendors to compare" in flowed(here))


async def test_a_vendor_is_deleted_below_an_explanation(tmp_path: Path) -> None:
    async with opened(tmp_path, VENDORS, ANSWERS) as here:
        await ready(here)
        await show(here, StandingSheet(here.screen, "V2"))
        await here.press("=")
        await here.until(lambda: isinstance(here.app.screen, Explanation))
        assert here.screen.session is not None
        here.screen.session.submit([Delete("V2")])
        await here.until(lambda: len(here.book.rows(Vendor)) == 2)
        await here.press("escape")
        await here.until(lambda: here.app.screen is here.screen)


async def test_hostile_names_in_a_small_window(tmp_path: Path) -> None:
    nasty = "[/b] [@click=app.quit]x[/] \x1b[2J " + "long " * 30
    vendors = [Vendor(number=number, name=f"{nasty}{number}") for number in (1, 2)]
    async with opened(tmp_path, vendors, ANSWERS, size=(60, 20)) as here:
        await ready(here)
        await here.open("5", "comparison")
        assert "[/b]" in here.text() and "\x1b" not in here.text()
        for sheet in (ComparisonSheet(here.screen), StandingSheet(here.screen, "V1"), SensitivitySheet(here.screen)):
            await show(here, sheet)
            assert "[/b]" in here.text() and "\x1b" not in here.text()
            await here.press("escape")
            await here.until(lambda: here.app.screen is here.screen)


# ---- without a screen ----

def test_refining_ends_where_one_run_ends() -> None:
    none = ((0.0, 0.0), (0.0, 0.0))
    asked = Question(((0.2, 0.9), (0.8, 0.3)), ((0.1, 0.4), (0.7, 0.2)), none, box=((0.2, 0.4), (0.6, 0.8)))
    results = list(refine(asked, draws=600, step=250))
    assert [found.draws for found in results] == [250, 500, 600]
    *_rest, alone = smaa(asked.claimed, draws=600, seed=SEED)
    assert results[-1].everywhere == alone and results[-1].members is not None
    assert list(refine(asked._replace(box=None), draws=10))[-1].members is None


def test_shares_that_are_listed_add_up() -> None:
    assert percents([1 / 3, 1 / 3, 1 / 3]) == (f"34{SPACE}%", f"33{SPACE}%", f"33{SPACE}%")
    odd = [0.085, 0.085, 0.085, 0.745]  # 9 + 9 + 9 + 75 = 102 when each is rounded alone
    assert sum(int(text.partition(SPACE)[0]) for text in percents(odd)) == 100
    assert percents([0.998, 0.002, 0.0]) == (f"100{SPACE}%", "under 1 %", f"0{SPACE}%")
    assert percents([0.575, 0.2]) == (f"57{SPACE}%", f"20{SPACE}%")  # no parts of one whole
    assert list(listed({"a": 0.005, "b": 0.995}).values()) == [f"1{SPACE}%", f"99{SPACE}%"]


def test_a_question_is_quoted_in_short() -> None:
    assert in_quotes("Is it  fast?") == "“Is it fast?”"
    assert in_quotes("Is the database, with all its licences, part of the price?", 24) == "“Is the database, with …”"
    assert in_quotes("x" * 50, 10) == f"“{'x' * 10} …”"


def test_other_threads_wait_no_longer_than_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of them that work at the same time may end in any order: what is usual comes back."""
    before, seen = sys.getswitchinterval(), list[float]()
    one = Shares(*[next(smaa(((1.0,), (0.0,)), draws=1, seed=1))] * 3)

    def two(asked: Question) -> Iterator[Shares]:
        yield one
        sys.setswitchinterval(USUAL)  # the other one has ended
        yield one
        seen.append(sys.getswitchinterval())
    monkeypatch.setattr(weightings, "refine", two)
    monkeypatch.setattr(weightings, "get_current_worker", lambda: SimpleNamespace(is_cancelled=False))
    monkeypatch.setattr(Weighted, "post_message", lambda self, message: True)
    try:
        Weighted._refine(object.__new__(Weighted), Question((), (), ()))
        assert sys.getswitchinterval() == pytest.approx(USUAL) and seen == [pytest.approx(weightings.SWITCH)]
    finally:
        sys.setswitchinterval(before)


def test_a_line_is_drawn_as_wide_as_there_is_room() -> None:
    columns = (Column("Name", min=6, weight=1), Column("N", min=3, align="right"))
    line = tables.Line("a", ("Alpha CRM", "7"), columns)
    assert line.drawn(11) == "Alpha…    7" and line.drawn(20) == "Alpha CRM          7"
    wide = (Column("Name", min=6), Column("Fit", min=4), Column("Cost", min=8))
    assert tables.Line("a", ("Alpha",), wide, "OUT: too dear").drawn(22) == "Alpha   OUT: too dear "
    assert tables.fitting((wide, columns), 22) is wide and tables.fitting((wide, columns), 21) is columns
    assert [one.key for one in tables.sentence("#x", "one two three", 10)] == ["#x", "#x 1"]
