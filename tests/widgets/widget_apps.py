"""A small app around one widget, and doubles for whom a form talks to."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from textual.app import App, ComposeResult
from textual.filter import LineFilter
from textual.message import Message
from textual.widget import Widget

from crm_workbook.paths import styles_dir
from crm_workbook.records import Field, Record, Value
from crm_workbook.records.declare import choice, day, integer, known, knowns, line, link, links, money, text, tick, yes_no
from crm_workbook.widgets.form import RecordForm
from crm_workbook.widgets.lines import LineList
from crm_workbook.widgets.plain import PlainFilter

TODAY = date(2026, 3, 30)
SIZES = ((80, 24), (120, 40), (60, 20))
NASTY = ("close [/b] here", "[@click=app.bell]x[/]", "\x1b[2J", "a\x00b", "\ud800", "\u202eRLO", "e\u0301e\u0301", "👩‍🔧 ok",
         "Привет, мир", "Zażółć gęślą", "tab\tand\nline", "日本語")


class Sample(Record, prefix="ZS", table="zz_sample", chapter="goals", title="Samples", one="sample"):
    """Every type of field."""

    name: str = line("Name", "What is it called?", needed=True)
    note: str = text("Notes", "Anything else.")
    people: int | None = integer("How many", unit="people", low=1, high=50)
    price: Decimal | None = money("Price")
    due: date | None = day("Due", needed=True, heading="When")
    done: bool = tick("Done")
    agreed: bool | None = yes_no("Agreed")
    way: str = choice("Way", options={"up": "should rise", "down": "should fall"})
    motive: str = known("Motive", of="motive")
    goal: str = link("Goal", to="company_goal")
    goals: tuple[str, ...] = links("Serves", to="company_goal")
    tags: tuple[str, ...] = knowns("Tags", of="tag")


class FakeTitles:
    """Forty goals, three motives, ten tags."""

    def title_of(self, id_: str, field: Field, /) -> str:
        if field.options:
            return field.options.get(id_, id_)
        return f"{id_} Title of {id_}" if field.of == "company_goal" else f"title of {id_}"

    def field(self, field: Field, row: Record, /) -> Field:
        return field

    def options(self, field: Field, row: Record | None, /) -> Sequence[tuple[str, str]]:
        if field.options:
            return list(field.options.items())
        if field.of == "company_goal":
            return [(f"G{n}", f"Answer within {n} hours" if n % 2 else f"Продажи {n}") for n in range(1, 41)]
        return [(f"{field.of}-{n}", f"title of {field.of}-{n}") for n in range(1, 4 if field.of == "motive" else 11)]


class FakePen:
    """Remembers what it was told, in order."""

    def __init__(self) -> None:
        self.calls: list[Any] = []

    def typed(self, field: str, value: Value, seen: Value, /) -> None:
        self.calls.append(("typed", field, value, seen))

    def unfinished(self, field: str, text: str, /) -> None:
        self.calls.append(("unfinished", field, text))

    def left(self, field: str, /) -> None:
        self.calls.append(("left", field))

    @property
    def written(self) -> list[Any]:
        """Without the calls of left."""
        return [call for call in self.calls if call[0] != "left"]


class OneWidget(App[None]):
    """Shows widgets with the styles of the house and remembers the messages that reach it."""

    ENABLE_COMMAND_PALETTE = False
    AUTO_FOCUS = None
    CSS_PATH: ClassVar = [styles_dir() / name for name in ("base.tcss", "lists.tcss", "forms.tcss")]

    def __init__(self, *widgets: Widget) -> None:
        super().__init__()
        self.widgets = widgets
        self.told: list[Message] = []
        self.animation_level = "none"

    def compose(self) -> ComposeResult:
        yield from self.widgets

    def get_line_filters(self) -> Sequence[LineFilter]:
        return [PlainFilter(), *super().get_line_filters()]

    def on_line_list_highlighted(self, event: LineList.Highlighted) -> None:
        self.told.append(event)

    def on_line_list_selected(self, event: LineList.Selected) -> None:
        self.told.append(event)

    def on_line_list_header_clicked(self, event: LineList.HeaderClicked) -> None:
        self.told.append(event)

    def on_record_form_left(self, event: RecordForm.Left) -> None:
        self.told.append(event)

    @property
    def shown(self) -> str:
        """The text on the screen."""
        return "\n".join(strip.text.rstrip() for strip in self.screen._compositor.render_strips())


def new_form(row: Record | None = None, *, unfinished: dict[str, str] | None = None,
             kind: type[Record] = Sample) -> tuple[RecordForm, FakePen]:
    """A form of a Sample and its pen."""
    pen = FakePen()
    return RecordForm(kind, row, titles=FakeTitles(), today=lambda: TODAY, pen=pen, unfinished=unfinished), pen
