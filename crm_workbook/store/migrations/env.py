"""Runs the scripts on the connection that store.upgrade hands over, inside its transaction.

A new script, after the declarations in records/ changed: with a connection to a workbook of the last version,
`alembic.command.revision(upgrade.configuration(connection), message="...", autogenerate=True, rev_id="0002")`, read what
came out (a tick's default must be `sa.false()`: PostgreSQL takes no 0), and raise names.HEAD. There is no way down: before
every upgrade the file is backed up beside itself.
"""
from __future__ import annotations

from alembic import context

from crm_workbook.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata(), render_as_batch=True,
                  compare_type=True, transactional_ddl=True, transaction_per_migration=False)
with context.begin_transaction():
    context.run_migrations()
