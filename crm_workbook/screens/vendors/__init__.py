"""Chapter Vendors on the screen: its registers as they are declared.

A richer view of the chapter belongs here: a function `page(chapter)` that makes a Page of its own takes the place of `shelf`.
"""
from __future__ import annotations

from crm_workbook.screens.chapters import Chapter
from crm_workbook.screens.lists import Shelf, registers_of


def shelf(chapter: Chapter) -> Shelf:
    """The lists of this chapter."""
    return Shelf(chapter, registers_of(chapter.id))
