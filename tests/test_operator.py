"""docs/operator.md: its commands are run one after the other, as on a machine of one's own."""

import contextlib
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import make_url

from benchmarks.ports import free_port
from benchmarks.postgres import programs

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "operator.md"


def blocks() -> list[list[str]]:
    text = PAGE.read_text(encoding="utf-8")
    return [block.splitlines() for block in re.findall(r"^```sh\n(.*?)^```$", text, re.S | re.M)]


def test_each_command_runs_as_written(postgres, tmp_path):
    """The server, the folder and the port are the test's own; the words are the page's."""
    admin = make_url(postgres.url("postgres", role="postgres"))
    name, port, first = f"atlas{free_port()}", free_port(), free_port(2)
    environment = {
        **os.environ,
        "PATH": f"{ROOT / '.venv' / 'bin'}:{programs()}:{os.environ['PATH']}",
        "PGHOST": admin.host, "PGPORT": f"{admin.port}", "PGUSER": admin.username,
        "PGPASSWORD": admin.password,
    }  # fmt: skip
    environment.pop("VILLEACTIVE_STORE", None)
    out = tmp_path / "sauvegarde.sqlite"

    def own(line: str) -> str:
        """Give a command of the page, on what is the test's own."""
        for before, after in {
            "atlas:motdepasse@127.0.0.1/atlas": f"{name}:motdepasse@127.0.0.1:{admin.port}/{name}",
            "sqlite:///sauvegarde.sqlite": f"sqlite:///{out}",
            "atlas.dump": f"{tmp_path / 'atlas.dump'}",
            "127.0.0.1:8080": f"127.0.0.1:{port}",
            "127.0.0.1:8501": f"127.0.0.1:{first}",
        }.items():
            line = line.replace(before, after)
        return re.sub(r"(?<![\w/.:])atlas(?=_essai|\b)(?!\.\w)", name, line)

    said: list[str] = []
    with contextlib.ExitStack() as running:
        for block in blocks():
            for line in block:
                words = shlex.split(line)
                if words[0] == "apt-get":
                    continue  # tests/system_packages.sh has installed them
                if words[0] == "export":
                    key, _, value = own(words[1]).partition("=")
                    environment[key] = value
                    continue
                if words[0] == "deploy/start":
                    command = [
                        ROOT / "deploy" / "start", "--port", f"{port}", "--processes", "2",
                        "--first", f"{first}", "--folder", tmp_path / "run",
                    ]  # fmt: skip
                    assert words == ["deploy/start", "--port", "8080", "--processes", "2"]
                    service = running.enter_context(
                        subprocess.Popen(
                            command, env=environment, stdout=subprocess.PIPE, text=True
                        )
                    )
                    running.callback(service.stdout.read)
                    running.callback(service.terminate)
                    assert any('"ready"' in told for told in service.stdout)
                    continue
                done = subprocess.run(
                    ["sh", "-c", own(line)], cwd=ROOT, env=environment,
                    capture_output=True, text=True, check=False,
                )  # fmt: skip
                assert done.returncode == 0, (line, done.stderr)
                said.append(done.stdout)
    assert "6\n" in said  # the rows of the layer, in what was restored
    told = "".join(said)
    for words in (
        "fichiers de données entiers, base", "lisible et inscriptible", "ok",
        '"ready":true', "villeactive_memory_bytes", "comptés dans les deux bases",
    ):  # fmt: skip
        assert words in told


def test_what_the_page_installs_is_what_the_tests_install():
    page = PAGE.read_text(encoding="utf-8")
    wanted = (ROOT / "tests" / "system_packages.sh").read_text(encoding="utf-8")
    for name in ("nginx-light", "postgresql-15", "postgresql-15-postgis-3"):
        assert name in page
        assert name in wanted


def test_what_the_page_names_is_there():
    page = PAGE.read_text(encoding="utf-8")
    for name in re.findall(r"(?:deploy|tests|docs)/[\w.@-]+", page):
        assert (ROOT / name).exists(), name


@pytest.mark.skipif(shutil.which("nginx", path="/usr/sbin:/usr/bin") is None, reason="sans nginx")
def test_the_site_for_nginx_is_one_that_nginx_takes(tmp_path):
    command = [
        ROOT / "deploy" / "start", "--site", "--processes", "3", "--host", "atlas.mairie.example",
    ]  # fmt: skip
    site = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert len(set(re.findall(r"^upstream villeactive_(\d+) {", site, re.MULTILINE))) == 3
    assert not re.search(r"@\w+@", site)
    site = site.replace("/var/log/nginx/villeactive.log", f"{tmp_path}/journal.log")
    (tmp_path / "site.conf").write_text(site, encoding="utf-8")
    own = f"pid {tmp_path}/nginx.pid;\nerror_log {tmp_path}/errors.log;\nevents {{}}\n"
    (tmp_path / "nginx.conf").write_text(f"{own}http {{ include site.conf; }}\n", encoding="utf-8")
    tried = subprocess.run(
        ["/usr/sbin/nginx", "-t", "-p", tmp_path, "-c", "nginx.conf"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert tried.returncode == 0, tried.stderr
