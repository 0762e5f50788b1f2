"""What keeps the service from starting: one French sentence, exit code 2; what systemd is told."""

import configparser
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from benchmarks.ports import free_port
from deploy.service import nginx, site
from villeactive.cli import main
from villeactive.store.location import VARIABLE
from villeactive.ui.watch import READY as PATH

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
PATIENCE = 30
"""Seconds to wait for what the system does: less than nginx gives a visitor to read."""


def started(folder: Path, *options: str, **environment: str) -> subprocess.CompletedProcess:
    """Run ``deploy/start``, which is expected to refuse."""
    asked = {"--port": free_port(), "--first": free_port(), "--processes": 1, "--folder": folder}
    words = [f"{word}" for pair in asked.items() for word in pair]
    return subprocess.run(
        [DEPLOY / "start", *words, *options],
        env={**os.environ, **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def sentence(refused: subprocess.CompletedProcess) -> str:
    assert refused.returncode == 2, refused.stdout
    assert refused.stdout == ""
    [said] = refused.stderr.splitlines()
    assert said.startswith("villeactive : ")
    assert said.endswith(".")
    return said


def test_a_port_that_is_taken(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = str(holder.getsockname()[1])
        assert f"port {port} : déjà pris" in sentence(started(tmp_path, "--port", port))


def test_a_secret_that_is_short(tmp_path):
    said = sentence(started(tmp_path, STREAMLIT_SERVER_COOKIE_SECRET="court"))
    assert "moins de 32 caractères" in said
    assert "court " not in said


@pytest.mark.parametrize(
    ("store", "words"),
    [
        ("postgresql://127.0.0.1:1/absente", "le serveur ne répond pas"),
        ("mysql://hote/base", "ce n’est pas l’adresse d’une base"),
        ("sqlite:////proc/version", "fichier"),
    ],
)
def test_a_store_that_cannot_be_used(tmp_path, store, words):
    assert words in sentence(started(tmp_path, **{VARIABLE: store}))


def test_too_few_open_files(tmp_path):
    command = f"ulimit -n 1024; exec {DEPLOY / 'start'} --folder {tmp_path}"
    refused = subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, check=False, timeout=120
    )
    assert "1024 fichiers ouverts au plus, il en faut 4096" in sentence(refused)


def test_a_store_of_a_later_version(tmp_path, postgres):
    url = postgres.base()
    assert main(["store", "check"]) == 0
    postgres.ask(
        "CREATE TABLE store_version (version_num text); INSERT INTO store_version VALUES ('9999'); "
        "GRANT ALL ON store_version TO atlas", url.rpartition("/")[2],
    )  # fmt: skip
    assert "plus récente" in sentence(started(tmp_path, **{VARIABLE: url}))


def test_a_file_of_data_that_changed(tmp_path, monkeypatch, capsys):
    from villeactive.geography import checksums

    (tmp_path / "geodata").mkdir()
    (tmp_path / "geodata" / checksums.NAME).write_text(f"{'0' * 64}  communes.parquet\n")
    monkeypatch.setattr(checksums.sum_faults, "__defaults__", (tmp_path / "geodata",))
    assert main(["ready"]) == 2
    assert "geodata/communes.parquet manque" in capsys.readouterr().err


def test_what_systemd_is_told_leads_somewhere():
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read(DEPLOY / "villeactive@.service", encoding="utf-8")
    service = unit["Service"]
    folder = service["WorkingDirectory"]
    for name in ("ExecStartPre", "ExecStart"):
        assert service[name].startswith(f"{folder}/.venv/bin/")
    assert int(service["LimitNOFILE"]) >= 4096
    told = subprocess.run(
        ["systemd-analyze", "--version"], capture_output=True, check=False
    ) if shutil.which("systemd-analyze") else None  # fmt: skip
    if told is None:
        pytest.skip("systemd n’est pas installé")
    verified = subprocess.run(
        ["systemd-analyze", "verify", DEPLOY / "villeactive.target"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "villeactive.target:" not in verified.stderr


def test_the_paths_of_nginx_are_those_of_the_atlas():
    site = (DEPLOY / "site.conf").read_text(encoding="utf-8")
    assert f"location = {PATH} " in site
    assert "location = /_stcore/metrics" in site


@pytest.fixture
def hasty(tmp_path) -> Iterator[tuple[int, socket.socket]]:
    """nginx as it is told to serve, but for its 60 s, made 1 s: its port, the socket behind it."""
    port = free_port()
    with socket.create_server(("127.0.0.1", 0)) as behind:
        behind.settimeout(PATIENCE)
        told = site(
            [behind.getsockname()[1]],
            listen=f"127.0.0.1:{port}", name="_", log=f"{tmp_path}/access.log", root=f"{DEPLOY}",
        )  # fmt: skip
        assert told.count("    send_timeout 60s;") == 1
        hurried = told.replace("send_timeout 60s;", "send_timeout 1s;")
        (tmp_path / "site.conf").write_text(hurried, encoding="utf-8")
        whole = (DEPLOY / "nginx.conf").read_text(encoding="utf-8").replace("@user@", "")
        (tmp_path / "nginx.conf").write_text(whole, encoding="utf-8")
        command = [nginx(), "-p", tmp_path, "-c", "nginx.conf", "-e", "errors.log"]
        subprocess.run(command, check=True)  # listens once it has gone to the background
        yield port, behind
        subprocess.run([*command, "-s", "stop"], check=True)


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("", "200 OK\r\n"),
        ("Upgrade: websocket\r\n", "101 Switching Protocols\r\nUpgrade: websocket\r\n"),
    ],
    ids=["answer", "websocket"],
)
def test_who_reads_nothing_of_a_long_answer_is_let_go(hasty, asked, answer):
    port, behind = hasty

    def answer_without_end() -> None:
        with behind.accept()[0] as given:
            given.settimeout(PATIENCE)
            given.recv(1 << 16)
            given.sendall(f"HTTP/1.1 {answer}\r\n".encode())
            while True:
                given.sendall(bytes(1 << 16))

    with (
        ThreadPoolExecutor(1) as pool,
        socket.create_connection(("127.0.0.1", port), PATIENCE) as visitor,
    ):
        answering = pool.submit(answer_without_end)
        visitor.sendall(f"GET / HTTP/1.1\r\nHost: x\r\n{asked}\r\n".encode())
        assert visitor.recv(12) == f"HTTP/1.1 {answer[:3]}".encode()
        with pytest.raises(ConnectionError):
            answering.result()
