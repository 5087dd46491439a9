"""What stands in an input line is the value again when it is read back."""
from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from crm_workbook.records import Field, FieldType
from crm_workbook.records.values import Invalid, edit_text, parse

WHEN = Field(FieldType.MOMENT, "When")
TODAY = date(2026, 10, 25)


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A place with summer time: at 3 o'clock on 25 October 2026 the clocks go back to 2."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def moment(text: str) -> datetime:
    result = parse(WHEN, text, TODAY)
    assert isinstance(result, datetime)
    return result


@pytest.mark.usefixtures("berlin")
def test_every_moment_comes_back() -> None:
    around = [datetime(2026, month, day, tzinfo=UTC) + timedelta(minutes=minutes, seconds=minutes % 2 * 7)
              for month, day in ((10, 24), (10, 25), (3, 29)) for minutes in range(0, 60 * 24, 5)]
    ends = [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), datetime(850, 5, 5, 5, tzinfo=UTC)]
    for value in around + ends:
        assert moment(edit_text(WHEN, value)) == value, edit_text(WHEN, value)


@pytest.mark.usefixtures("berlin")
def test_a_moment_says_no_more_than_is_needed() -> None:
    assert edit_text(WHEN, datetime(2026, 3, 31, 12, 5, tzinfo=UTC)) == "2026-03-31 14:05"
    assert edit_text(WHEN, datetime(2026, 3, 31, 12, 5, 9, tzinfo=UTC)) == "2026-03-31 14:05:09"
    assert edit_text(WHEN, datetime(2026, 10, 25, 0, 30, tzinfo=UTC)) == "2026-10-25 02:30+02:00"
    assert edit_text(WHEN, datetime(2026, 10, 25, 1, 30, tzinfo=UTC)) == "2026-10-25 02:30+01:00"
    assert edit_text(WHEN, datetime(2026, 10, 25, 1, 30, 1, tzinfo=UTC)) == "2026-10-25 02:30:01+01:00"
    assert edit_text(WHEN, datetime(2026, 10, 25, 2, 0, tzinfo=UTC)) == "2026-10-25 03:00"


@pytest.mark.usefixtures("berlin")
def test_how_moments_can_be_written() -> None:
    noon = datetime(2026, 10, 25, 11, 0, tzinfo=UTC)
    for text in ("12:00", "today 12:00", "+0 12:00", "25.10.2026 12.00", "2026-10-25T12:00", "2026-10-25 12:00:00", "11:00Z",
                 "2026-10-25 12:00+01:00", "25/10/2026 13:00 +0200", "2026-10-25T06:30:00-04:30"):
        assert moment(text) == noon, text
    assert moment("12:00:05") == moment("25.10.2026 12.00.05") == noon + timedelta(seconds=5)
    for text in ("12:00:60", "12:00:5", "12:00+25:00", "12:00+1", "0001-01-01 00:00+14:00", "9999-12-31 23:00-02:00", "12.00",
                 "12:00+01:0000"):
        with pytest.raises(Invalid, match="is not a time"):
            parse(WHEN, text, TODAY)
