"""T: header, footer and a DataTable of 1,000 rows; the measure for a screen with data and for keys."""
from textual.app import App, ComposeResult
from textual.widgets import DataTable, Footer, Header


class Mini(App[None]):
    TITLE = "TABLEAPP"
    BINDINGS = [("q", "quit", "Quit"), ("e", "noop", "Edit")]

    def compose(self) -> ComposeResult:
        yield Header()
        yield DataTable(cursor_type="row")
        yield Footer()

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        table.add_columns("id", "vendor", "requirement", "score", "note")
        table.add_rows((i, f"vendor {i % 50}", f"requirement {i}", i % 11, "some note text") for i in range(1000))

    def action_noop(self) -> None:
        pass


Mini().run()
