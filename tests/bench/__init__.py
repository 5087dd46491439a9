"""Measures the program against its budgets. Not part of the normal test run: python -m tests.bench --help"""
