"""What several test files share: the shipped atlas, read once, and the day of the exports."""

import gc
import os
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner

from benchmarks.postgres import Server, programs, server
from tests.shipped import read_atlas
from villeactive.atlas import Atlas
from villeactive.store.database import Store, store
from villeactive.store.location import VARIABLE
from villeactive.ui import shared


@pytest.fixture(scope="session", autouse=True)
def own_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what tests bring in a store of their own, never in that of who runs them."""
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = f"sqlite:///{tmp_path_factory.mktemp('store') / 'collections.sqlite'}"
    yield
    if before is None:
        del os.environ[VARIABLE]
    else:
        os.environ[VARIABLE] = before


@pytest.fixture(scope="session", autouse=True)
def packages_read_once() -> Iterator[None]:
    """Have Streamlit look for components of installed packages once, not for each ``AppTest``."""
    with pytest.MonkeyPatch.context() as patch:
        scan = cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", scan)
        yield


@pytest.fixture(scope="session", autouse=True)
def no_rest() -> Iterator[None]:
    """Have no ``AppTest`` begin what a server does at rest: it would last longer than the test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shared, "later", lambda *_: None)
        yield


@pytest.fixture(scope="session")
def atlas() -> Atlas:
    return read_atlas()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """Give a PostgreSQL server of these tests alone, with PostGIS, on loopback."""
    if programs() is None:
        pytest.skip("PostgreSQL n’est pas installé (voir tests/system_packages.sh)")
    with server() as made:
        yield made


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Give a store of this test alone, in which it keeps collections."""
    monkeypatch.setenv(VARIABLE, f"sqlite:///{tmp_path / 'store' / 'c.sqlite'}")
    return store()


@pytest.fixture
def day() -> date:
    return date(2026, 11, 23)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--renew-net", action="store_true", help="make tests/exports_net.json anew")


def pytest_collection_finish() -> None:
    gc.freeze()  # modules and tests stay: Python need not walk them again and again
    gc.set_threshold(100_000, 20, 20)  # nor look so often for what a test leaves
