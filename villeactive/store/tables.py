"""The tables of the store, the same on every database; ``migrations`` makes them.

A server has one more, of points: ``layers``.

JSON is plain ``JSON`` everywhere, never PostgreSQL's JSONB, which forgets the order of the columns.
"""

from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
)

VERSION_TABLE = "store_version"
"""Table where the migration in force is written."""

HEAD = "0002"
"""The last migration."""

METADATA = MetaData()

STORE = Table(
    "store",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("revision", Text, nullable=False),
)
"""One row: ``revision`` is drawn at each change, so that a restored backup has that of its time."""

REVISION = Table(
    "collection_revision",
    METADATA,
    Column("collection_id", Text, primary_key=True),
    Column("revision", Integer, nullable=False),
)
"""How often a collection changed; it stays once the collection is removed."""

COLLECTION = Table(
    "collection",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("head", JSON, nullable=False),
    Column("mapping", JSON, nullable=False),
    Column("decisions", JSON, nullable=False),
)

IMPORT = Table(
    "import",
    METADATA,
    Column(
        "collection_id", Text, ForeignKey("collection.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("digest", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("new_count", Integer, nullable=False),
    Column("changed_count", Integer, nullable=False),
    Column("gone_count", Integer, nullable=False),
    Column("before", JSON(none_as_null=True)),
)
"""``before``: head, mapping, decisions of before (None for the first), and, in ``moved``, key and
position of the projects of which nothing else changed."""

PROJECT = Table(
    "project",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("collection_id", Text, ForeignKey("collection.id", ondelete="CASCADE"), nullable=False),
    Column("key", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("data", JSON, nullable=False),
    Column("row", JSON, nullable=False),
    Index("project_in_order", "collection_id", "position"),
)

PROJECT_VERSION = Table(
    "project_version",
    METADATA,
    Column("collection_id", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("project_id", Text, primary_key=True),
    Column("what", Text, nullable=False),
    Column("before", JSON(none_as_null=True)),
    Column("after", JSON(none_as_null=True)),
    ForeignKeyConstraint(
        ["collection_id", "number"],
        ["import.collection_id", "import.number"],
        ondelete="CASCADE",
    ),
)
"""What each import did to a project: ``new``, ``changed`` or ``gone``; key, position, data and row
before and after."""
