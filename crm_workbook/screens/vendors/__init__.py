"""Chapter Vendors on the screen: boards for what is decided together, then the registers as they are declared.

A board is the short view among the lists; Enter on one of its lines opens the sheet in which the group works (`sheet.Sheet`).
"""
from __future__ import annotations

from crm_workbook.records.vendors import WeightVote
from crm_workbook.screens.chapters import Chapter
from crm_workbook.screens.lists import Shelf, registers_of
from crm_workbook.screens.vendors.comparing import ComparisonBoard
from crm_workbook.screens.vendors.costing import CostBoard
from crm_workbook.screens.vendors.fitting import FitBoard
from crm_workbook.screens.vendors.ledger import LedgerBoard
from crm_workbook.screens.vendors.questions import QuestionsBoard
from crm_workbook.screens.vendors.weighing import WeightsBoard


def shelf(chapter: Chapter) -> Shelf:
    """The boards and lists of this chapter. What a single member gave in a weighing is shown with the others only."""
    kinds = [kind for kind in registers_of(chapter.id) if kind is not WeightVote]
    boards = (ComparisonBoard(), QuestionsBoard(), FitBoard(), CostBoard(), WeightsBoard(), LedgerBoard())
    return Shelf(chapter, kinds, before=boards)
