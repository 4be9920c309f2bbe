"""What Alembic runs to take each step, on the connection that `service.record.schema` gives it."""

from alembic import context

from service.record.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
