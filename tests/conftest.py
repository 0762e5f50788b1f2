"""What several test files share: the shipped atlas, read once, and the day of the exports."""

from datetime import date

import pytest

from tests.shipped import read_atlas
from villeactive.atlas import Atlas


@pytest.fixture(scope="session")
def atlas() -> Atlas:
    return read_atlas()


@pytest.fixture
def day() -> date:
    return date(2026, 11, 23)
