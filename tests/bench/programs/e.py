"""E: the smallest Textual program, one Static; the measure for start and memory."""
from textual.app import App, ComposeResult
from textual.widgets import Static


class Mini(App[None]):
    BINDINGS = [("a", "bump", "Bump")]
    n = 0

    def compose(self) -> ComposeResult:
        yield Static("HELLO", id="s")

    def action_bump(self) -> None:
        self.n += 1
        self.query_one("#s", Static).update(f"HELLO {self.n}")


Mini().run()
