"""The ten chapters: their digit, their name, and where their page is made. A page is imported when it is first shown."""
from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, cast

from crm_workbook.i18n import _
from crm_workbook.screens.commands import BY_ID

if TYPE_CHECKING:
    from crm_workbook.screens.page import Page


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter: `id` is the name of its room on every floor (`screens.goals`, `records.goals`)."""

    digit: int
    id: str

    @property
    def title(self) -> str:
        """Its name in the language in force."""
        return _(BY_ID[f"chapter_{self.digit}"].label)

    @property
    def about(self) -> str:
        """What the group does there, in one sentence."""
        return _(BY_ID[f"chapter_{self.digit}"].help)

    def page(self) -> Page:
        """A new page of this chapter, from its own module."""
        return cast("Page", import_module(f"crm_workbook.screens.{self.id}").page(self))


CHAPTERS = tuple(Chapter(digit, id_) for digit, id_ in enumerate((
    "overview", "goals", "team", "processes", "requirements", "vendors", "phases", "adoption", "radar", "minutes")))


def chapter(id_: str) -> Chapter:
    """The chapter with this id; KeyError when there is none."""
    return _BY_ID[id_]


_BY_ID = {chapter.id: chapter for chapter in CHAPTERS}
