"""Chapter Minutes on the screen: meetings, copies, unfinished entries, and the whole history."""
from __future__ import annotations

from crm_workbook.screens.boards import Journal
from crm_workbook.screens.chapters import Chapter
from crm_workbook.screens.lists import Shelf, registers_of


def shelf(chapter: Chapter) -> Shelf:
    """The lists of this chapter."""
    return Shelf(chapter, registers_of(chapter.id), after=[Journal()])
