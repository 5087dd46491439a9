"""A made-up company, halfway through its introduction: for looking round, for trying things out, and for tests.

    FILE     a full export (crm-workbook import NEW-WORKBOOK sample.toml)
    TODAY    the day on which the story stands still: four weeks after the first phase went into daily use
"""
from datetime import date
from pathlib import Path

FILE = Path(__file__).with_name("sample.toml")
TODAY = date(2026, 10, 2)
