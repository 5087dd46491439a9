"""Our list with N requirements in it. Usage: rows.py N"""
import sys

from textual.app import App, ComposeResult

from crm_workbook.paths import styles_dir
from crm_workbook.records.book import row_of
from crm_workbook.records.requirements import Requirement
from crm_workbook.widgets.columns import Column
from crm_workbook.widgets.lines import LineList


class Rows(App[None]):
    CSS_PATH = [styles_dir() / "lists.tcss"]

    def compose(self) -> ComposeResult:
        yield LineList([Column("Code", 8), Column("Requirement", 20, 2), Column("Priority", 8)])

    def on_mount(self) -> None:
        rest = tuple(row_of(Requirement, 0, {"priority": "must"}))[2:]
        rows = [Requirement.make((i, f"requirement {i} of many", *rest)) for i in range(1, int(sys.argv[1]) + 1)]
        lines = self.query_one(LineList)
        lines.set_rows(rows, lambda row: (row.code, row.title, row.priority))
        lines.focus()


Rows().run()
