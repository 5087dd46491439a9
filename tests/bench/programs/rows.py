"""Our list with N requirements in it. Usage: rows.py N"""
import sys

from textual.app import App, ComposeResult

from crm_workbook.records.requirements import Requirement
from crm_workbook.widgets.columns import Column
from crm_workbook.widgets.lines import LineList


class Rows(App[None]):
    def compose(self) -> ComposeResult:
        yield LineList([Column("Code", 8), Column("Requirement", 20, 2), Column("Priority", 8)])

    def on_mount(self) -> None:
        rows = [Requirement(number=i, title=f"requirement {i} of many", priority="must")
                for i in range(1, int(sys.argv[1]) + 1)]
        lines = self.query_one(LineList)
        lines.set_rows(rows, lambda row: (row.code, row.title, row.priority))
        lines.focus()


Rows().run()
