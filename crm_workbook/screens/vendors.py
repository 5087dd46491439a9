"""The page of chapter 5: its registers; the answer to a question is chosen from what the question allows."""
from __future__ import annotations

from crm_workbook.records.vendors import Answer
from crm_workbook.screens.chapters import Chapter
from crm_workbook.screens.lists import registers_of
from crm_workbook.screens.page import Page
from crm_workbook.screens.registers import RegisterPage


def page(chapter: Chapter) -> Page:
    """The page of this chapter."""
    return RegisterPage(chapter, registers_of(chapter.id))


__all__ = ["Answer", "page"]
