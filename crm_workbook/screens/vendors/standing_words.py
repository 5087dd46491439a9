"""How a vendor stands, in words and figures: short for a list, in full for a sentence. What is not known is a "?"."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from crm_workbook.i18n import _, ngettext
from crm_workbook.records.vendors import Vendor
from crm_workbook.screens.frame import SIGNS
from crm_workbook.widgets.bars import SPACE, money

if TYPE_CHECKING:
    from crm_workbook.analysis.comparison import SealStrip, Standing
    from crm_workbook.analysis.facts import View
    from crm_workbook.analysis.weights import Weights
    from crm_workbook.screens.titles import Titles

UNKNOWN = "?"


def points(share: float | None) -> str:
    """A score from 0 to 1 as points of 100: '74'."""
    return UNKNOWN if share is None else f"{share * 100:.0f}"


def percent(share: float | None) -> str:
    """A share from 0 to 1: '18 %'; a small one is not rounded to nothing."""
    if share is None:
        return UNKNOWN
    return _("under 1 %") if 0 < share < 0.005 else f"{share * 100:.0f}{SPACE}%"


def signed(share: float) -> str:
    """A difference of scores, in points of 100: '+4.2', '-0.3', '0'."""
    return "0" if abs(share) < 0.0005 else f"{share * 100:+.1f}"


def score(one: Standing) -> str:
    """The score, and in brackets what of it is proven: '74 (51)'."""
    return UNKNOWN if one.claimed is None else f"{points(one.claimed)} ({points(one.proven)})"


def flags(counts: Mapping[str, int], severities: Sequence[str] = tuple(SIGNS)) -> str:
    """How many open flags of each severity: '1!! 2!'; '-' when there is none."""
    return " ".join(f"{counts[severity]}{SIGNS[severity]}" for severity in severities if counts.get(severity)) or "-"


def gaps(one: Standing) -> str:
    """The musts that are not met: '0', '2 R4 R9'; with those without a mark: '0 5?'. '?' while no requirement is marked."""
    fit = one.fit
    if fit.value is None:
        return UNKNOWN
    open_ = f" {len(fit.must_open)}?" if fit.must_open else ""
    return " ".join((f"{len(fit.must_gaps)}{open_}", *fit.must_gaps))


def cost(one: Standing) -> str:
    """'at least 182 400, 3 open'."""
    if not one.priced:
        return _("not known")
    count, amount = one.costs.open_amounts, money(one.costs.total)
    if not count and not one.costs.unasked:
        return amount
    return _("at least {amount}, {n} open").format(amount=amount, n=count) if count else _("at least {amount}").format(
        amount=amount)


def cost_short(one: Standing, width: int) -> str:
    """The same where a heading says "from": '182 400 +3?'; in thousands where that is too long."""
    if not one.priced:
        return UNKNOWN
    count = one.costs.open_amounts
    tail = f" +{count}?" if count else ""
    text = money(one.costs.total) + tail
    return text if len(text) <= width else _("{amount}k").format(amount=money(one.costs.total / 1000)) + tail


def section_name(view: View, criterion: str) -> str:
    """A group of questions."""
    found = view.catalogue.question_sections.get(criterion)
    return found.name if found is not None else criterion


def short(titles: Titles, code: str) -> str:
    """What a person or vendor is called, without the code."""
    row = titles.book.get(code)
    return titles.label(row) if row is not None else code


def brief(titles: Titles, code: str) -> str:
    """The first word of a vendor's name, where no other vendor's begins with it."""
    name, rest = short(titles, code), [titles.label(row) for row in titles.book.rows(Vendor) if row.code != code]
    word = name.partition(" ")[0]
    return word if len(word) > 2 and not any(other.partition(" ")[0] == word for other in rest) else name


def source(weights: Weights) -> str:
    """Where the weights in force come from."""
    if weights.round is None:
        return _("Weights from the importance of the questions; not weighed yet")
    day, count, title = weights.round.sealed_on, len(weights.round.sealed_by), weights.round.title or weights.round.code
    if day is not None:
        return ngettext("Weights sealed on {day} by {n} member: “{title}”", "Weights sealed on {day} by {n} members: “{title}”",
                        count).format(title=title, day=day, n=count)
    return _("Weights shown on {day}, not sealed: “{title}”").format(title=title, day=weights.round.revealed_on)


def strip(found: SealStrip | None, titles: Titles) -> str:
    """What the seal has to say: that it is broken, or that the weights are others now and who wins by which. "" while all is as
    it was sealed."""
    if found is None:
        return ""
    parts = []
    if not found.intact:
        parts.append(_("The seal of {code} is broken: its weights, day or members were changed after it was sealed.").format(
            code=found.round.code))
    if found.changed:
        old, new = (short(titles, code) if code else _("nobody") for code in (found.old, found.new))
        words = (_("Weights sealed on {day}: {old} would win. Weights of today: {new}.") if found.turned else
                 _("The weights are others than those sealed on {day}. {new} wins by both."))
        parts.append(words.format(day=found.round.sealed_on, old=old, new=new))
    return " ".join(parts)
