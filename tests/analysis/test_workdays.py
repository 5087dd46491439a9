"""The working-day calendar, against counting day by day."""
from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_workbook.analysis.workdays import Calendar

CALENDAR = Calendar.of(["12-25", "01-01", "2026-05-04", "02-29"])
UTC = UTC


@given(st.dates(date(2023, 1, 1), date(2027, 12, 31)), st.integers(-30, 900))
def test_working_days_are_what_counting_gives(since: date, length: int) -> None:
    until = since + timedelta(days=length)
    slowly = sum(CALENDAR.works(since + timedelta(days=n)) for n in range(1, length + 1))
    assert CALENDAR.days(since, until) == slowly


@pytest.mark.parametrize(("since", "until", "days"), [
    (date(2026, 3, 2), date(2026, 3, 3), 1),  # Monday to Tuesday
    (date(2026, 3, 6), date(2026, 3, 9), 1),  # Friday to Monday
    (date(2026, 3, 7), date(2026, 3, 8), 0),  # a weekend
    (date(2026, 4, 30), date(2026, 5, 5), 2),  # over a free day
    (date(2026, 12, 24), date(2026, 12, 28), 1),  # over Christmas
    (date(2026, 3, 3), date(2026, 3, 2), 0)])
def test_examples(since: date, until: date, days: int) -> None:
    assert CALENDAR.days(since, until) == days


@pytest.mark.parametrize(("since", "until", "hours"), [
    (datetime(2026, 3, 2, 10, tzinfo=UTC), datetime(2026, 3, 2, 12, 30, tzinfo=UTC), 2.5),
    (datetime(2026, 3, 6, 16, tzinfo=UTC), datetime(2026, 3, 9, 10, tzinfo=UTC), 2.0),  # over a weekend
    (datetime(2026, 3, 2, 20, tzinfo=UTC), datetime(2026, 3, 3, 8, tzinfo=UTC), 0.0),  # at night
    (datetime(2026, 3, 3, 8, tzinfo=UTC), datetime(2026, 3, 2, 8, tzinfo=UTC), 0.0)])
def test_working_hours(since: datetime, until: datetime, hours: float) -> None:
    assert CALENDAR.hours(since, until) == hours


@given(st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 31)), st.integers(0, 60 * 24 * 60))
def test_working_hours_are_what_counting_minutes_gives(since: datetime, minutes: int) -> None:
    """Hour by hour, with the part of the last hour."""
    since, until = since.replace(microsecond=0), since.replace(microsecond=0) + timedelta(minutes=minutes)
    slowly, at = timedelta(), since
    while at < until:
        step = min(at.replace(minute=0, second=0) + timedelta(hours=1), until)
        if CALENDAR.works(at.date()) and 9 <= at.hour < 17:
            slowly += step - at
        at = step
    assert CALENDAR.hours(since, until) == pytest.approx(slowly / timedelta(hours=1))


@pytest.mark.parametrize("until", [datetime(2126, 3, 2, 10), datetime.max], ids=str)
def test_a_hundred_years_take_no_time(until: datetime) -> None:
    twenty = CALENDAR.hours(datetime(2026, 3, 2, 10), datetime(2046, 3, 2, 10))
    assert twenty < CALENDAR.hours(datetime(2026, 3, 2, 10), until) < twenty * 1.1  # counted over twenty years at most
    assert CALENDAR.hours(datetime.min, datetime.max) == CALENDAR.days(date.min, date.max) * 8


def test_a_text_that_is_no_day_is_refused() -> None:
    with pytest.raises(ValueError, match="month"):
        Calendar.of(["13-01"])
