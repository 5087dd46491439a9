"""What leaves and enters: the full export, the summary that a group hands round, files written whole or not at all.

    from crm_workbook.exchange.full import changes, read_full, write_full
    from crm_workbook.exchange.summary import write_summary
    from crm_workbook.exchange.files import write_atomic
"""
