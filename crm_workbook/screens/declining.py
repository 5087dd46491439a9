"""Why something was not written, in sentences for people."""
from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crm_workbook.i18n import _
from crm_workbook.records import split_code
from crm_workbook.records.edits import Create

if TYPE_CHECKING:
    from crm_workbook.records.edits import Refused

_GONE = re.compile(r"there is no ([A-Z]+[0-9]+)\.$")
"""How the store says that what a record belongs to does not exist."""


def declined(refused: Refused) -> str:
    """Why edits were not written; each reason once."""
    if refused.problems:
        return " ".join(dict.fromkeys(map(_plain, refused.problems)))
    conflict = refused.conflicts[0]
    who = conflict.who or _("Somebody")
    if conflict.gone:
        return _("{who} has deleted this record meanwhile. Nothing was changed.").format(who=who)
    edit = conflict.edit
    field = split_code(edit.code)[0].declared.fields.get(getattr(edit, "field", "")) if not isinstance(edit, Create) else None
    where = "" if isinstance(edit, Create) else f"{edit.code} {_(field.title)}" if field else edit.code
    return _("{who} has changed the same meanwhile: {where}. Nothing was changed; look at it first.").format(
        who=who, where=where)


def _plain(problem: str) -> str:
    """A problem as it is said on the screen: the codes of records that were to be made say nothing to anybody."""
    if (found := _GONE.search(problem)) is None:
        return problem
    kind = _(split_code(found[1])[0].declared.one)
    return _("{record} has been deleted meanwhile. Nothing was changed.").format(
        record=f"{kind[:1].upper()}{kind[1:]} {found[1]}")
