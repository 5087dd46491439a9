"""Weights of the group: from points and places, the mean, how far the members agree, and the seal."""
from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from fractions import Fraction
from itertools import permutations
from math import log2
from statistics import correlation

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_workbook.analysis import weights
from crm_workbook.analysis.facts.view import View
from crm_workbook.records import Record
from crm_workbook.records.edits import Change
from crm_workbook.records.vendors import Answer, Vendor, WeightRound, WeightVote
from tests.analysis.views import CATALOGUE, TODAY, view_of

SECTIONS = tuple(CATALOGUE.question_sections)
ANNE, BORIS, CLARA = "M1", "M2", "M3"


def weighing(**more: object) -> WeightRound:
    return WeightRound(**{"title": "First", "method": "points", "members": (ANNE, BORIS), "revealed_on": TODAY, **more})


def votes(person: str, points: Mapping[str, float | None], weighing: str = "WE1", rest: float | None = 0.0) -> list[Record]:
    """What a member gave: these points, and `rest` to all other sections (None: nothing)."""
    return [WeightVote(round=weighing, person=person, criterion=name, points=value)
            for name, value in {**dict.fromkeys(SECTIONS, rest), **points}.items() if value is not None]


# ---- one member ----

def test_points_and_swing() -> None:
    """Ratings of 100, 75 and 10 are weights of 20/37, 15/37 and 2/37."""
    for method in ("swing", "points"):
        found = weights.shares_of(method, {"price": 100, "life": 75, "colour": 10}, ("price", "life", "colour"))
        assert found == pytest.approx({"price": 20 / 37, "life": 15 / 37, "colour": 2 / 37})


@pytest.mark.parametrize(("count", "published"), [
    (2, [0.75, 0.25]), (3, [0.6111, 0.2778, 0.1111]), (4, [0.5208, 0.2708, 0.1458, 0.0625]),
    (5, [0.4567, 0.2567, 0.1567, 0.0900, 0.0400])])
def test_rank_order_centroid_as_published(count: int, published: list[float]) -> None:
    """Edwards and Barron, SMARTS and SMARTER, Organizational Behavior and Human Decision Processes 60 (1994), 306-325, table of
    the rank-order centroid weights; the four also in Roszkowska, Optimum. Studia Ekonomiczne 5 (65), 2013."""
    found = weights.centroid({str(place): place for place in range(1, count + 1)})
    assert list(found.values()) == pytest.approx(published, abs=5e-5)


@pytest.mark.parametrize("count", [1, 2, 5, 12])
def test_rank_order_centroid_is_the_centre_of_all_weights_in_that_order(count: int) -> None:
    """The corners of the weights that fall in this order are (1), (1/2, 1/2), (1/3, 1/3, 1/3) ...; the centre is their mean."""
    corners = [[Fraction(1, size) if place < size else Fraction(0) for place in range(count)] for size in range(1, count + 1)]
    centre = [float(sum(column) / count) for column in zip(*corners, strict=True)]
    assert list(weights.centroid({str(place): place for place in range(count)}).values()) == pytest.approx(centre)


@given(st.lists(st.integers(1, 6), min_size=1, max_size=6))
def test_level_places_share_their_weights(places: list[int]) -> None:
    """The mean over all strict orders that fit: whoever is level could stand before or behind."""
    given_places = {str(number): float(place) for number, place in enumerate(places)}
    found = weights.centroid(given_places)
    sums = dict.fromkeys(given_places, 0.0)
    fitting = 0
    for order in permutations(given_places):
        if [given_places[name] for name in order] == sorted(given_places.values()):
            fitting += 1
            for position, name in enumerate(order):
                sums[name] += sum(1 / rank for rank in range(position + 1, len(order) + 1)) / len(order)
    assert found == pytest.approx({name: total / fitting for name, total in sums.items()})
    assert sum(found.values()) == pytest.approx(1)
    assert list(found) == list(given_places)


@pytest.mark.parametrize(("points", "shares"), [
    ({}, None), ({"a": 3.0}, None), ({"a": 3.0, "b": None}, None), ({"a": 0.0, "b": 0.0}, None),
    ({"a": 0.0, "b": 5.0}, {"a": 0, "b": 1}), ({"a": 1.0, "b": 3.0, "old": 96.0}, {"a": 0.25, "b": 0.75})])
def test_what_is_incomplete_has_no_weights(points: dict[str, float | None], shares: dict[str, float] | None) -> None:
    assert weights.shares_of("points", points, ("a", "b")) == shares


def test_places_need_all_as_well() -> None:
    assert weights.shares_of("ranks", {"a": 1}, ("a", "b")) is None
    assert weights.shares_of("ranks", {"a": 2, "b": 1}, ("a", "b")) == {"a": 0.25, "b": 0.75}
    assert weights.shares_of("ranks", {"a": 1, "b": 1}, ("a", "b")) == {"a": 0.5, "b": 0.5}
    assert weights.shares_of("ranks", {}, ()) is None


# ---- agreement ----

BIRDS = [[10.4, 10.8, 11.1, 10.2, 10.3, 10.2, 10.7, 10.5, 10.8, 11.2, 10.6, 11.4],
         [5, 7, 11, 2.5, 5, 1, 5, 2.5, 9.5, 8, 9.5, 12], [5.5, 5.5, 9.5, 2, 3, 1, 8, 4, 11, 9.5, 7, 12]]
"""Zar, Biostatistical Analysis (2010), example 20.5: wing (cm), and the ranks of tail and bill, of twelve birds."""
RATERS = [[3, 3, 3, 4, 5, 5, 2, 3, 5, 2, 2, 6, 1, 5, 2, 2, 1, 2, 4, 3],
          [3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4],
          [2, 1, 4, 4, 3, 2, 1, 6, 1, 1, 1, 2, 3, 3, 1, 1, 3, 3, 2, 2]]
"""Data `anxiety` of the R packages irr and DescTools (Gamer and others): three raters, twenty people, many ties."""


def test_kendall_w_as_published() -> None:
    assert weights.kendall_w(BIRDS) == pytest.approx(0.9241, abs=5e-5)
    found = weights.kendall_w(RATERS)
    assert found == pytest.approx(0.540, abs=5e-4)
    assert found is not None and 3 * 19 * found == pytest.approx(30.8, abs=0.05)  # chi-square with 19 degrees


def ranks(row: list[float]) -> list[float]:
    """Ranks from 1, level ones with their mean."""
    order = sorted(row)
    return [order.index(value) + (order.count(value) + 1) / 2 for value in row]


@given(st.integers(2, 5).flatmap(lambda size: st.lists(st.lists(st.integers(0, 3).map(float), min_size=size, max_size=size),
                                                      min_size=2, max_size=4)))
def test_kendall_w_against_friedman(rows: list[list[float]]) -> None:
    """W is Friedman's statistic with ties, as Conover writes it, divided by `m (n - 1)`."""
    m, n = len(rows), len(rows[0])
    placed = [ranks(row) for row in rows]
    squares = sum(rank * rank for row in placed for rank in row)
    constant = m * n * (n + 1) ** 2 / 4
    between = sum(sum(column) ** 2 for column in zip(*placed, strict=True)) / m
    found = weights.kendall_w(rows)
    if squares - constant < 1e-9:
        assert found is None
    else:
        friedman = (n - 1) * m * (between - constant) / (squares - constant)
        assert found == pytest.approx(friedman / (m * (n - 1)))
        assert -1e-9 <= (found or 0) <= 1 + 1e-9


def test_kendall_w_is_the_mean_of_spearman() -> None:
    """Without ties the mean of Spearman's rho over the pairs of members is `(m W - 1) / (m - 1)` (Kendall, 1948)."""
    rows: list[list[float]] = [[1, 2, 3, 4, 5], [2, 1, 3, 5, 4], [1, 3, 2, 4, 5], [5, 1, 2, 3, 4]]
    pairs = [correlation(rows[a], rows[b]) for a in range(4) for b in range(a)]
    assert weights.kendall_w(rows) == pytest.approx((sum(pairs) / 6 * 3 + 1) / 4)


def test_consensus() -> None:
    def bits(row: list[float]) -> float:
        return sum(share * log2(1 / share) for share in row if share)

    rows = [[0.5, 0.3, 0.2], [0.4, 0.4, 0.2], [0.2, 0.3, 0.5], [0.6, 0.2, 0.2]]
    mean = [sum(column) / 4 for column in zip(*rows, strict=True)]
    beta = 2.0 ** (bits(mean) - sum(map(bits, rows)) / 4)  # as many groups as would explain it, 1 to 3
    assert weights.consensus(rows) == pytest.approx((1 / beta - 1 / 3) / (1 - 1 / 3))
    assert weights.consensus([[0.2, 0.8], [0.2, 0.8]]) == pytest.approx(1)
    assert weights.consensus([[1, 0, 0], [0, 1, 0], [0, 0, 1]]) == pytest.approx(0)
    assert weights.consensus([[1, 0, 0], [0, 1, 0]]) == pytest.approx(0)


@pytest.mark.parametrize("rows", [[], [[]], [[0.5, 0.5]], [[1.0], [1.0]], [[], []]])
def test_nobody_agrees_alone(rows: list[list[float]]) -> None:
    assert weights.kendall_w(rows) is None and weights.consensus(rows) is None


@pytest.mark.parametrize(("found", "word"), [(0.0, "very low"), (0.499, "very low"), (0.5, "low"), (0.625, "moderate"),
                                             (0.75, "high"), (0.875, "very high"), (1.0, "very high")])
def test_words_for_consensus(found: float, word: str) -> None:
    assert weights.word_of(found) == word


# ---- the group ----

def test_a_weighing() -> None:
    view = view_of(weighing(), *votes(ANNE, {"dbms": 60, "mail": 40}), *votes(BORIS, {"dbms": 10, "mail": 30}))
    found = weights.group(view, "WE1")
    assert found is not None and found.complete and found.revealed and found.criteria == SECTIONS
    assert [(one.person, one.given, one.wanted) for one in found.opinions] == [(ANNE, 12, 12), (BORIS, 12, 12)]
    assert found.mean["dbms"] == pytest.approx((0.6 + 0.25) / 2) and sum(found.mean.values()) == pytest.approx(1)
    assert (found.low["dbms"], found.high["dbms"]) == (0.25, 0.6)
    assert found.spread["dbms"] == pytest.approx(0.175) and found.spread["price"] == 0
    assert found.members[1][:2] == (0.25, 0.75) and found.box[0] == (0.25, 0.6)
    assert found.agreement is not None and found.consensus is not None
    assert weights.group(view, "WE2") is None


def test_members_that_are_not_ready() -> None:
    view = view_of(weighing(members=(ANNE, BORIS, CLARA), revealed_on=None), *votes(ANNE, {"dbms": 7}),
                   *votes(BORIS, {"mail": 3}, rest=None), *votes("M9", {"price": 9}))
    found = weights.group(view, "WE1")
    assert found is not None and not found.complete and not found.revealed
    assert [(one.given, one.shares is None) for one in found.opinions] == [(12, False), (1, True), (0, True)]
    assert found.mean["dbms"] == 1 and found.mean["price"] == 0  # who does not take part does not count
    assert (found.agreement, found.consensus) == (None, None)
    empty = weights.group(view_of(weighing(members=())), "WE1")
    assert empty is not None and not empty.complete and empty.mean == {} and empty.box == () and empty.members == ()


def test_of_two_weights_the_later_one_counts() -> None:
    view = view_of(weighing(members=(ANNE,)), *votes(ANNE, {"dbms": 1, "mail": 1}),
                   WeightVote(round="WE1", person=ANNE, criterion="dbms", points=3.0))
    found = weights.group(view, "WE1")
    assert found is not None and found.mean["dbms"] == pytest.approx(0.75)


def test_a_late_vote_drops_nobody_who_was_complete() -> None:
    """Exit came to the catalogue later; Anne then gave it a weight, as the last thing that was written down."""
    late = WeightVote(round="WE1", person=ANNE, criterion="exit", points=90.0)
    rows = [*votes(ANNE, {"dbms": 1, "exit": None}), *votes(BORIS, {"mail": 1, "exit": None})]
    before, after = weights.weights(view_of(weighing(), *rows)), weights.weights(view_of(weighing(), *rows, late))
    assert before.round is not None and before.shares["dbms"] == before.shares["mail"] == 0.5
    assert after.shares == before.shares
    other = WeightVote(round="WE1", person=BORIS, criterion="exit", points=10.0)
    both = weights.group(view_of(weighing(), *rows, late, other), "WE1")
    assert both is not None and both.complete and both.mean["exit"] == pytest.approx((90 / 91 + 10 / 11) / 2)


def test_two_late_votes_of_three_members_neither() -> None:
    rows = [row for person in (ANNE, BORIS, CLARA) for row in votes(person, {"dbms": 1, "exit": None, "vendor": None})]
    late = [WeightVote(round="WE1", person=person, criterion=name, points=5.0)
            for name in ("exit", "vendor") for person in (ANNE, BORIS)]
    found = weights.group(view_of(weighing(members=(ANNE, BORIS, CLARA)), *rows, *late), "WE1")
    assert found is not None and found.complete and found.mean["dbms"] == 1 and "exit" not in found.mean


@pytest.mark.parametrize("first", [ANNE, BORIS])
def test_who_was_not_ready_does_not_narrow_what_the_others_gave(first: str) -> None:
    """Shown to all while Boris had given seven of twelve: he is not counted, and no section of Anne's is lost."""
    half = dict.fromkeys(SECTIONS[7:], None)
    given_by = {ANNE: votes(ANNE, {"exit": 3, "dbms": 1}), BORIS: votes(BORIS, {"dbms": 4, **half})}
    order = (ANNE, BORIS) if first == ANNE else (BORIS, ANNE)
    found = weights.group(view_of(weighing(), *(row for person in order for row in given_by[person])), "WE1")
    assert found is not None and found.criteria == SECTIONS and found.mean["exit"] == 0.75
    assert [one.shares is None for one in found.opinions] == [False, True]


def test_a_section_that_somebody_left_out_did_not_come_later() -> None:
    """Anne gave all weights before Boris began; he was not asked for the last two, he had not come to them."""
    rows = [*votes(ANNE, {"exit": 3, "dbms": 1}), *votes(BORIS, {"dbms": 4, "exit": None, "vendor": None})]
    found = weights.group(view_of(weighing(), *rows), "WE1")
    assert found is not None and found.criteria == SECTIONS and found.mean["exit"] == 0.75


def test_a_weighing_in_which_nobody_is_complete_is_not_in_force() -> None:
    """Shown to all by way of the list: one of two members had given one weight."""
    view = view_of(weighing(), *votes(ANNE, {"mail": 3.0}, rest=None))
    found = weights.group(view, "WE1")
    assert found is not None and not found.mean and found.criteria == SECTIONS
    assert weights.weights(view).round is None and weights.seal_edits(view, "WE1", by=(ANNE,), on=TODAY) == []


def test_a_section_that_came_later_does_not_undo_a_weighing() -> None:
    rows = votes(ANNE, {"dbms": 1, "mail": 3, "exit": None})
    view = view_of(weighing(members=(ANNE,)), *rows)
    assert weights.weights(view).shares["mail"] == pytest.approx(0.75)
    assert weights.weights(view).shares["exit"] == 0
    open_ = weights.group(view_of(weighing(members=(ANNE,), revealed_on=None), *rows), "WE1")
    assert open_ is not None and not open_.complete  # before it was shown to all, it is asked for


# ---- the weights in force ----

def test_without_a_weighing_the_importance_counts() -> None:
    found = weights.weights(view_of())
    sums: Counter[str] = Counter()
    for question in CATALOGUE.questions.values():
        sums[question.section] += question.importance if question.scored else 0
    assert found.round is None and tuple(found.shares) == SECTIONS
    assert found.shares == pytest.approx({name: sums[name] / sum(sums.values()) for name in SECTIONS})


def test_only_what_concerns_a_vendor_has_importance() -> None:
    """The question about the data processing contract is asked of rented systems only."""
    def share(*models: str) -> float:
        rows = [row for number, model in enumerate(models, 1) for row in (
            Vendor(name=model), Answer(vendor=f"V{number}", question="host-model", state="answered", value=model))]
        return weights.default_weights(view_of(*rows))["security"]

    assert share("own-server") < share("cloud") == share("own-server", "cloud")


def test_which_weighing_is_in_force() -> None:
    early, late = TODAY - timedelta(days=9), TODAY - timedelta(days=1)
    rows = [weighing(revealed_on=late, members=(ANNE,)), weighing(revealed_on=early, members=(ANNE,)),
            weighing(revealed_on=None, members=(ANNE,)), weighing(revealed_on=TODAY + timedelta(days=1), members=(ANNE,)),
            weighing(revealed_on=TODAY, members=(ANNE,))]  # in the last one nobody gave anything
    all_votes = [vote for number in range(1, 5) for vote in votes(ANNE, {SECTIONS[number]: 1.0}, weighing=f"WE{number}")]
    view = view_of(*rows, *all_votes)
    assert [row.code for row in weights.rounds(view)] == ["WE3", "WE4", "WE5", "WE1", "WE2"]
    latest, youngest = weights.latest(view), weights.latest(view, revealed=False)
    assert latest is not None and latest.code == "WE5" and youngest is not None and youngest.code == "WE3"
    found = weights.weights(view)
    assert found.round is not None and found.round.code == "WE1" and found.shares[SECTIONS[1]] == 1
    assert weights.latest(view_of()) is None


# ---- the seal ----

def sealed_view(**more: object) -> View:
    """A weighing that was sealed, with something changed afterwards."""
    view = view_of(weighing(), *votes(ANNE, {"dbms": 1, "mail": 2}), *votes(BORIS, {"dbms": 5, "exit": 2}))
    edits = weights.seal_edits(view, "WE1", by=(BORIS, ANNE), on=TODAY)
    assert all(isinstance(edit, Change) and edit.code == "WE1" for edit in edits)
    values = {edit.field: edit.new for edit in edits if isinstance(edit, Change)}
    assert set(values) == {"weights", "seal", "sealed_on", "sealed_by"} and values["sealed_by"] == (ANNE, BORIS)
    return view_of(weighing(**{**values, **more}), *votes(ANNE, {"dbms": 9}), *votes(BORIS, {"dbms": 9}))


def test_a_seal_keeps_the_weights() -> None:
    view = sealed_view()
    found = weights.sealed(view)
    assert found is not None and found.intact and found.round.code == "WE1"
    assert found.shares["dbms"] == (1 / 3 + 5 / 7) / 2 and sum(found.shares.values()) == pytest.approx(1)
    assert weights.weights(view).shares["dbms"] == 1  # those in force were changed since
    assert weights.seal_edits(view, "WE1", by=(ANNE,), on=TODAY) == []


@pytest.mark.parametrize("more", [{"weights": "dbms=1.0"}, {"sealed_on": TODAY - timedelta(days=1)}, {"members": (ANNE,)},
                                  {"sealed_by": (ANNE,)}, {"seal": ""}, {"weights": ""}, {"sealed_on": None},
                                  {"sealed_on": TODAY + timedelta(days=9)}, {"method": "swing"},
                                  {"sealed_on": None, "seal": ""}, {"sealed_on": None, "weights": "", "sealed_by": ()},
                                  {"seal": "", "weights": ""}])
def test_a_seal_shows_what_was_changed(more: dict[str, object]) -> None:
    found = weights.sealed(sealed_view(**more))
    assert found is not None and not found.intact and found.round.code == "WE1"
    assert weights.seal_edits(sealed_view(**more), "WE1", by=(ANNE,), on=TODAY) == []  # and nobody seals over it
    assert weights.seal_of(sealed_view(**more), "WE1") == found and weights.seal_of(sealed_view(**more), "WE2") is None


def test_a_seal_belongs_to_its_weighing() -> None:
    row = sealed_view().rows(WeightRound)[0]
    copied = weights.sealings(view_of(weighing(), row))
    assert [(one.round.code, one.intact) for one in copied] == [("WE2", False)]


def test_the_first_seal_is_the_one_of_the_earliest_day() -> None:
    """Not the one of the lowest number, and not the last."""
    yesterday = TODAY - timedelta(days=1)
    rounds = [weighing(sealed_on=TODAY, weights="mail=1.0"), weighing(sealed_on=yesterday, weights="dbms=1.0"),
              weighing(weights="exit=1.0", revealed_on=yesterday)]
    rows = [row.make((number, *row[1:])) for number, row in enumerate(rounds, 1)]
    seals = weights.sealings(view_of(*(row.with_value("seal", weights.fingerprint(row, row.weights, row.sealed_on, ()))
                                       for row in rows)))
    assert [(one.round.code, one.intact) for one in seals] == [("WE2", True), ("WE3", True), ("WE1", True)]
    first = weights.sealed(view_of(*rows))
    assert first is not None and first.round.code == "WE2" and not first.intact


def test_sealed_sections_that_are_gone() -> None:
    found = weights.sealed(sealed_view(weights="dbms=0.5 fax=0.3 telex=0.2"))
    assert found is not None and found.gone == ("fax", "telex") and not found.intact


def test_what_cannot_be_sealed() -> None:
    for row in (weighing(revealed_on=None), weighing(members=())):
        assert weights.seal_edits(view_of(row, *votes(ANNE, {"dbms": 1})), "WE1", by=(ANNE,), on=TODAY) == []
    assert weights.seal_edits(view_of(), "WE1", by=(ANNE,), on=TODAY) == []
    ready = view_of(weighing(), *votes(ANNE, {"dbms": 1}))
    assert weights.seal_edits(ready, "WE1", by=(ANNE,), on=TODAY)
    for by in ((), (CLARA,), (ANNE, CLARA)):  # nobody, and who takes no part
        assert weights.seal_edits(ready, "WE1", by=by, on=TODAY) == []
    assert weights.sealed(view_of(weighing())) is None


@given(st.dictionaries(st.sampled_from(SECTIONS), st.floats(0, 1)))
def test_weights_as_text_lose_nothing(shares: dict[str, float]) -> None:
    text = weights.weights_text(shares, SECTIONS)
    assert weights.read_weights(text) == shares
    assert list(weights.read_weights(text)) == [name for name in SECTIONS if name in shares]


@pytest.mark.parametrize(("text", "found"), [
    ("", {}), ("dbms=0.5  mail=0.5\n", {"dbms": 0.5, "mail": 0.5}), ("dbms=half mail=nan exit=-1 =2 price", {}),
    ("dbms=inf mail=1e-3", {"mail": 0.001})])
def test_weights_that_somebody_typed(text: str, found: dict[str, float]) -> None:
    assert weights.read_weights(text) == found
