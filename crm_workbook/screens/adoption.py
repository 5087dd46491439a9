"""Chapter Adoption on the screen: its registers, and the process changes that belong to chapter 3 but happen here."""
from __future__ import annotations

from crm_workbook.records.processes import ProcessVersion
from crm_workbook.screens.chapters import Chapter
from crm_workbook.screens.lists import Shelf, registers_of


def shelf(chapter: Chapter) -> Shelf:
    """The lists of this chapter."""
    return Shelf(chapter, (*registers_of(chapter.id), ProcessVersion))
