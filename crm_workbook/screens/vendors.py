"""The page of its chapter: its registers as they are declared. Richer views of the chapter belong here."""
from __future__ import annotations

from crm_workbook.screens.chapters import Chapter
from crm_workbook.screens.lists import registers_of
from crm_workbook.screens.page import Page
from crm_workbook.screens.registers import RegisterPage


def page(chapter: Chapter) -> Page:
    """The page of this chapter."""
    return RegisterPage(chapter, registers_of(chapter.id))
