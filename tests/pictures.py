"""The pictures of README, made by the program itself from the example:

    python -m tests.pictures
"""
from __future__ import annotations

import asyncio
import re
from pathlib import Path
from tempfile import TemporaryDirectory

from crm_workbook.exchange.sample import make_copy
from crm_workbook.sample import TODAY
from tests.screens.desk import desk

DOCS = Path(__file__).resolve().parent.parent / "docs"
PICTURES = {"overview": ("0", ""), "goals": ("1", "crm_goal"), "comparison": ("5", "comparison"),
            "radar": ("8", "warnings")}
"""Name of the picture: the chapter's digit, and the list or board that is open."""


async def draw(path: Path) -> None:
    """Writes every picture."""
    async with desk(path, size=(110, 30), today=lambda: TODAY) as here:
        here.app.theme = "workbook-dark"
        for name, (digit, table) in PICTURES.items():
            if table:
                await here.open(digit, table)
            else:
                await here.press(digit)
            await here.pilot.pause(0.8)
            drawn = re.sub(r"terminal-\d+", "terminal", here.app.export_screenshot(title="CRM Workbook"))
            (DOCS / f"{name}.svg").write_text("\n".join(line.rstrip() for line in drawn.splitlines()) + "\n", "utf-8")


def main() -> None:
    """Draws from a throw-away copy of the example."""
    with TemporaryDirectory() as folder:
        asyncio.run(draw(make_copy(Path(folder))))


if __name__ == "__main__":
    main()
