"""The ten chapters: their digit, their name, and where their page is made. A page is imported when it is first shown."""
from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, cast

from crm_workbook.i18n import _
from crm_workbook.screens.commands import BY_ID

if TYPE_CHECKING:
    from crm_workbook.screens.lists import Shelf
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

    def page(self) -> Page | None:
        """A new page of this chapter, from its own module; None when it has no page of its own but a shelf of lists."""
        make = getattr(import_module(f"crm_workbook.screens.{self.id}"), "page", None)
        return cast("Page", make(self)) if make else None

    def shelf(self) -> Shelf:
        """The lists of this chapter, for the page that all chapters of lists share."""
        return cast("Shelf", import_module(f"crm_workbook.screens.{self.id}").shelf(self))


CHAPTERS = tuple(Chapter(digit, id_) for digit, id_ in enumerate((
    "overview", "goals", "team", "processes", "requirements", "vendors", "phases", "adoption", "radar", "minutes")))


def chapter(id_: str) -> Chapter:
    """The chapter with this id; KeyError when there is none."""
    return _BY_ID[id_]


_BY_ID = {chapter.id: chapter for chapter in CHAPTERS}
