"""What holds around the pages: a server that ends, or comes back."""

import subprocess
from collections.abc import Callable, Iterator

import pytest

from tests.browser.conftest import free_port, launch, opened


@pytest.fixture
def own_server() -> Iterator[Callable[..., tuple[str, subprocess.Popen]]]:
    """Give ``start(port=, **environment)``: a server that the test may end."""
    running = []

    def start(*, port: int | None = None, **environment: str) -> tuple[str, subprocess.Popen]:
        started = launch("app.py", port or free_port(), **environment)
        running.append(started[1])
        return started

    yield start
    for process in running:
        process.terminate()
        process.wait(timeout=20)


def test_a_server_told_to_end_leaves_no_folder(own_server, browser_page, tmp_path):
    address, process = own_server(TMPDIR=str(tmp_path))
    opened(browser_page, address)
    assert [path.name for path in tmp_path.glob("ville-active-*")]
    process.terminate()
    process.wait(timeout=20)
    assert not [path.name for path in tmp_path.iterdir()]
