"""On PostgreSQL, what a desktop GIS opens: points of projects, the schema of the views.

A file has neither: ``villeactive.store.layers`` is of servers alone.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table of points and the schema where each collection has its view."""
    if op.get_bind().dialect.name != "postgresql":
        return
    from geoalchemy2 import Geometry

    op.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    op.execute("CREATE SCHEMA IF NOT EXISTS collections")
    op.create_table(
        "project_point",
        sa.Column(
            "project_id",
            sa.Text,
            sa.ForeignKey("project.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("point", Geometry("POINT", srid=4326), nullable=False),
    )
