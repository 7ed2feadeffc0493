"""How Alembic reaches the store: over the connection that opened it, inside its transaction."""

from alembic import context

from narrcheck.audit.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=False)
context.run_migrations()
