"""How a vendor stands, in words and figures: short for a list, in full for a sentence. What is not known is a "?"."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from crm_workbook.i18n import _, ngettext
from crm_workbook.records.goals import Project
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


def percents(shares: Sequence[float]) -> tuple[str, ...]:
    """Shares of one whole as whole percents that add up to 100: what rounding leaves over goes to the largest remainders
    (Hamilton). Shares that are no parts of one whole are rounded one by one."""
    if abs(sum(shares) - 1) > 1e-6:
        return tuple(map(percent, shares))
    whole = [int(share * 100 + 1e-9) for share in shares]
    order = sorted(range(len(shares)), key=lambda place: whole[place] - shares[place] * 100)
    for place in order[:100 - sum(whole)]:
        whole[place] += 1
    return tuple(percent(count / 100 if count else min(share, 0.004)) for count, share in zip(whole, shares, strict=True))


def listed(shares: Mapping[str, float]) -> Mapping[str, str]:
    """Weights by their criteria as `percents`."""
    return dict(zip(shares, percents(list(shares.values())), strict=True))


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


def currency_of(view: View) -> str:
    """The currency of all amounts; "" while nobody has said it."""
    return view.only(Project).currency


def cost(one: Standing, currency: str = "") -> str:
    """'at least 182 400 EUR, 3 open'."""
    if not one.priced:
        return _("not known")
    count, amount = one.costs.open_amounts, money(one.costs.total) + (SPACE + currency if currency else "")
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


def in_quotes(text: str, most: int = 46) -> str:
    """A question in quotes, shortened to so many cells: '“Is the database part of the price …”'."""
    text = " ".join(text.split())
    if len(text) <= most:
        return f"“{text}”"
    return f"“{text[:most].rpartition(' ')[0].rstrip(',;:–- ') or text[:most]} …”"


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
    from crm_workbook.analysis.weights import marked

    row = weights.round
    if row is None:
        return _("Weights: by importance, not weighed yet")
    if not marked(row):
        return _("Weights: shown {day}, not sealed").format(day=row.revealed_on)
    return ngettext("Weights: sealed {day} by {n} member", "Weights: sealed {day} by {n} members", len(row.sealed_by)).format(
        day=row.sealed_on or _("without a day"), n=len(row.sealed_by))


def strip(found: SealStrip | None, titles: Titles) -> str:
    """What the seals have to say: which are broken, and whether the weights are others now than those sealed first, and who
    wins by which. "" while all is as it was sealed."""
    if found is None:
        return ""
    parts, day = [], found.round.sealed_on or _("without a day")
    for row in found.broken:
        parts.append(_("The seal of “{title}” is broken: its weights, day or members were changed after it was sealed.").format(
            title=row.title or row.code))
    if found.changed and (found.old or found.intact):  # with the weights gone, nothing can be said about them
        old, new = (brief(titles, code) if code else _("nobody") for code in (found.old, found.new))
        words = (_("By the weights first sealed ({day}) {old} wins, by those of today {new}.") if found.turned else
                 _("The weights are others than those first sealed ({day}); {new} wins by both."))
        parts.append(words.format(day=day, old=old, new=new))
    if found.gone:
        parts.append(ngettext("{n} of the sealed groups of questions no longer exists; its weight went to the others.",
                              "{n} of the sealed groups of questions no longer exist; their weight went to the others.",
                              len(found.gone)).format(n=len(found.gone)))
    return " ".join(parts)
