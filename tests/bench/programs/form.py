"""Our form of a record with N fields, opened when `o` is pressed. Usage: form.py N"""
import sys
from datetime import date
from types import new_class

from textual.app import App, ComposeResult
from textual.widgets import Static

from crm_workbook.paths import styles_dir
from crm_workbook.records import Field, Record, Value
from crm_workbook.records.declare import line
from crm_workbook.widgets.form import RecordForm

FIELDS = {f"field_{i}": line(f"Field {i}", "What belongs here?") for i in range(int(sys.argv[1]))}
ABOUT = {"prefix": "ZZ", "table": "long", "chapter": "goals", "title": "Long forms", "one": "long form"}
Long = new_class("Long", (Record,), ABOUT,
                 lambda space: space.update(FIELDS, __slots__=(), __annotations__=dict.fromkeys(FIELDS, str)))


class Names:
    """Titles of what a field can name: nothing here names anything."""

    def field(self, field: Field, row: Record) -> Field:
        return field

    def title_of(self, id_: str, field: Field) -> str:
        return id_

    def options(self, field: Field, row: Record | None) -> list[tuple[str, str]]:
        return []


class Nowhere:
    """A pen that writes nowhere."""

    def typed(self, field: str, value: Value, seen: Value) -> None: ...
    def unfinished(self, field: str, text: str) -> None: ...
    def left(self, field: str) -> None: ...


class Form(App[None]):
    CSS_PATH = [styles_dir() / "forms.tcss"]
    BINDINGS = [("o", "open", "Open")]

    def compose(self) -> ComposeResult:
        yield Static("READY")

    async def action_open(self) -> None:
        row = Long(**{name: f"value {i}" for i, name in enumerate(FIELDS)})
        form = RecordForm(Long, row, titles=Names(), today=lambda: date(2026, 1, 1), pen=Nowhere())
        await self.mount(form)
        self.call_after_refresh(form.enter)


Form().run()
