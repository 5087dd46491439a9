"""The working-day calendar: which days count, and how many working days and hours lie between two moments."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

DAY_HOURS = 8.0
"""Hours in a working day."""
BEGIN = time(9)
"""Hours are counted from here on each working day, in the time of the moments given."""
_LONGEST = 20 * 366


@dataclass(frozen=True)
class Calendar:
    """Saturday, Sunday and the free days do not count.

    `free` are single days, `every_year` (month, day) pairs.
    """

    free: frozenset[date] = frozenset()
    every_year: frozenset[tuple[int, int]] = frozenset()

    @classmethod
    def of(cls, days: Iterable[str]) -> Calendar:
        """From texts: YYYY-MM-DD for one day, MM-DD for the same day of every year. ValueError for anything else."""
        single, yearly = set[date](), set[tuple[int, int]]()
        for text in days:
            if len(text) == 5:
                found = date.fromisoformat(f"2024-{text}")  # a leap year: 02-29 is a day
                yearly.add((found.month, found.day))
            else:
                single.add(date.fromisoformat(text))
        return cls(frozenset(single), frozenset(yearly))

    def works(self, day: date) -> bool:
        """Is it a working day?"""
        return day.weekday() < 5 and day not in self.free and (day.month, day.day) not in self.every_year

    def days(self, since: date, until: date) -> int:
        """Working days after `since` up to and including `until`; 0 when that is no later. From Monday to Tuesday it is one.
        Counted over twenty years at most."""
        length = (until - since).days
        if length <= 0:
            return 0
        weeks, rest = divmod(min(length, _LONGEST), 7)
        count = weeks * 5 + sum((since + timedelta(days=n)).weekday() < 5 for n in range(1, rest + 1))
        last = since + timedelta(days=min(length, _LONGEST))
        gone = {day for day in self.free if since < day <= last and day.weekday() < 5}
        for year in range(since.year, last.year + 1) if self.every_year else ():
            for month, number in self.every_year:
                if (month, number) == (2, 29) and not _leap(year):
                    continue
                day = date(year, month, number)
                if since < day <= last and day.weekday() < 5:
                    gone.add(day)
        return count - len(gone)

    def hours(self, since: datetime, until: datetime) -> float:
        """Working hours between two moments of the same time zone, at most `DAY_HOURS` a day from `BEGIN` on."""
        if until <= since:
            return 0.0
        first, last = since.date(), until.date()
        whole = self.days(first, last) + self.works(first) - self.works(last)  # from `first` on, up to the day before `last`
        return whole * DAY_HOURS + self._worked(until) - self._worked(since)

    def _worked(self, at: datetime) -> float:
        """The working hours of a day up to this moment of it."""
        if not self.works(at.date()):
            return 0.0
        opened = at - datetime.combine(at.date(), BEGIN, at.tzinfo)
        return min(max(opened.total_seconds() / 3600, 0.0), DAY_HOURS)


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
