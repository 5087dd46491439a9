"""CRM Workbook: the workbook that a working group fills in while its company introduces a CRM."""

__version__ = "0.1.0"
