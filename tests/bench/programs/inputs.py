"""A form as one would write it first: N Input widgets, mounted when `o` is pressed. Usage: inputs.py N"""
import sys

from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Input, Label, Static


class Inputs(App[None]):
    BINDINGS = [("o", "open", "Open")]

    def compose(self) -> ComposeResult:
        yield Static("READY")

    def action_open(self) -> None:
        form = VerticalScroll()
        self.mount(form)
        for i in range(int(sys.argv[1])):
            form.mount(Label(f"Field {i}"), Input(f"value {i}"))
        form.query(Input).first().focus()


Inputs().run()
