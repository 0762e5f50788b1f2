"""How Alembic reaches the database: by the connection, already in a transaction, of ``engine``."""

from alembic import context

from villeactive.store.tables import METADATA, VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=VERSION_TABLE,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
