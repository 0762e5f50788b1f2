"""Readers and editors, signed in by a real OpenID Connect provider on loopback; two editors."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest
import requests
from itsdangerous import TimestampSigner, URLSafeTimedSerializer
from playwright.sync_api import Page, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from benchmarks.ports import free_port
from tests.browser.conftest import at, fits, launch, settled, violations
from tests.browser.test_keeping import click, drop, follow
from tests.browser.test_server import answer
from villeactive.store.database import Store, store

pytestmark = pytest.mark.browser
TABLE = "Identifiant;Titre;Code INSEE;Année\nA;Halle;62498;2020\nB;Musée;62041;2021\n"
PEOPLE = [
    {"sub": "lea", "email": "Lea@mairie.example", "email_verified": True},
    {"sub": "tom", "email": "tom@ailleurs.example", "email_verified": True},
    {"sub": "faux", "email": "lea@mairie.example", "email_verified": False},
    {"sub": "muet", "email": "lea@mairie.example"},
]
SECRET = "un-secret-de-plus-de-trente-deux-octets"
USER = "_streamlit_user"
"""Of the cookie that says who is signed in, also what salts its signature."""


@pytest.fixture(scope="module")
def provider() -> Iterator[tuple[str, subprocess.Popen]]:
    """Give the address of a provider that knows some people, and its process."""
    port = free_port()
    people = [word for one in PEOPLE for word in ("--user-claims", json.dumps(one))]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "-p", f"{port}"]
    with subprocess.Popen(
        [*command, *people], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        next(line for line in process.stderr if "running" in line.lower())
        yield f"http://127.0.0.1:{port}", process
        process.terminate()
        process.stderr.read()


@pytest.fixture(scope="module")
def public(provider, tmp_path_factory) -> Iterator[tuple[str, Path, Store]]:
    """Give a server said to be public, the file of its editors, and its store."""
    folder, port = tmp_path_factory.mktemp("serveur"), free_port()
    secrets, editors = folder / "secrets.toml", folder / "editeurs"
    secrets.write_text(
        f"""[auth]
redirect_uri = "http://127.0.0.1:{port}/oauth2callback"
cookie_secret = "{SECRET}"
client_id = "atlas"
client_secret = "secret"
server_metadata_url = "{provider[0]}/.well-known/openid-configuration"
"""
    )
    at_store = f"sqlite:///{folder / 'c.sqlite'}"
    address, process = launch(
        "app.py", port, VILLEACTIVE_PUBLIC="1", VILLEACTIVE_EDITORS=str(editors),
        VILLEACTIVE_STORE=at_store, STREAMLIT_SECRETS_FILES=str(secrets),
    )  # fmt: skip
    yield address, editors, Store(at_store)
    process.terminate()
    process.wait(timeout=20)


def sign_in(page: Page, address: str, who: str) -> None:
    """Sign in as a person would, on the provider's own page, whose style sheet is elsewhere."""
    page.route("https://cdn.jsdelivr.net/**", lambda route: route.fulfill(body=""))
    page.context.clear_cookies()
    at(page, f"{address}/collections")
    page.locator(".st-key-c-sign-in button").click()
    page.get_by_role("button", name=who, exact=True).click()
    page.wait_for_url(f"{address}/**", wait_until="commit")  # signed in; the map is not looked at
    at(page, f"{address}/collections")


class Visit(requests.Session):
    """A visitor without a browser on the page of collections: its cookies, Streamlit's protocol."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.get(f"{address}/_stcore/health").raise_for_status()  # the mark of its pages

    def run(self, *, press: str = "") -> list[ForwardMsg]:
        """Open the page as the cookies say; give what it is sent, as a button is pressed."""
        with connect(
            f"{self.address.replace('http', 'ws', 1)}/_stcore/stream",
            origin=self.address,
            subprotocols=["streamlit", unquote(self.cookies["_streamlit_xsrf"])],
            additional_headers={"Cookie": "; ".join(map("=".join, self.cookies.items()))},
            max_size=None,
        ) as socket:
            asked = BackMsg()
            asked.rerun_script.page_name = "collections"
            found = _answer(socket, asked)
            if press:
                (button,) = (
                    one.delta.new_element.button.id
                    for one in found
                    if one.delta.new_element.button.id.endswith(f"-{press}")
                )
                asked.rerun_script.widget_states.widgets.add(id=button, trigger_value=True)
                found = _answer(socket, asked)
        return found

    def words(self) -> str:
        """Open the page; give what it says in texts and on buttons."""
        drawn = [one.delta.new_element for one in self.run()]
        return "\n".join([one.text.body or one.button.label for one in drawn])

    def sign_in(self, who: str) -> "Visit":
        """Sign in by the page's button and the provider's own form, which no browser draws."""
        (to,) = (
            one.auth_redirect.url for one in self.run(press="c-sign-in") if one.auth_redirect.url
        )
        form = self.get(f"{self.address}{to}")
        self.post(form.url, data={"sub": who}).raise_for_status()
        return self


def _answer(socket: ClientConnection, asked: BackMsg) -> list[ForwardMsg]:
    """Ask for a run; give what it sends, to its end."""
    socket.send(asked.SerializeToString())
    found = []
    for data in socket:
        found.append(ForwardMsg.FromString(data))
        if found[-1].WhichOneof("type") == "script_finished":
            assert found[-1].script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
            return found
    raise AssertionError("la page n’a pas fini")


def bring(page: Page, path: Path) -> None:
    drop(page, path)
    follow(page, 1, 2, 3)


def test_an_editor_keeps_and_loses_it_at_the_next_click(new_page, public, tmp_path):
    address, editors, kept_in = public
    editors.write_text("# l’équipe\n@mairie.example\n", encoding="utf-8")
    page = new_page()
    table = tmp_path / "appel.csv"
    table.write_text(TABLE, encoding="utf-8")
    sign_in(page, address, "lea")
    expect(page.get_by_text("Connecté en éditeur\u00a0: Lea@mairie.example")).to_be_visible()
    assert violations(page) == []
    fits(page)
    bring(page, table)
    roles = editors.read_text(encoding="utf-8")
    editors.write_text("@autre.example", encoding="utf-8")  # between the page and its click
    click(page, "c-keep")
    expect(page.get_by_text("à l’essai").first).to_be_visible()
    assert kept_in.listed() == []
    editors.write_text(roles, encoding="utf-8")
    at(page, f"{address}/collections")
    bring(page, table)
    click(page, "c-keep")
    expect(page.get_by_text("est gardée\u00a0: 2 projets.")).to_be_visible()
    assert [one.who for one in kept_in.history("appel")] == ["Lea@mairie.example"]

    click(page, "kept-remove-appel")
    editors.write_text("tom@autre.example\n", encoding="utf-8")
    page.get_by_role("dialog").get_by_role("button", name="Retirer").click()
    settled(page)
    assert len(kept_in.read("appel").records) == 2
    at(page, f"{address}/collections")
    expect(page.get_by_text("qui n’est pas sur la liste des éditeurs")).to_be_visible()
    expect(page.locator(".st-key-kept-remove-appel")).to_have_count(0)
    page.locator(".st-key-c-sign-out button").click()
    page.wait_for_url(lambda url: "/collections" not in url)
    kept_in.remove("appel")


def test_others_read_and_try_and_a_domain_that_looks_like_theirs_gives_no_role(
    new_page, public, tmp_path
):
    address, editors, kept_in = public
    alike = ["lleurs.example", "ailleurs.example.org", "sous.ailleurs.example", "example", ""]
    listed = ["lea@mairie.example", *(f"@{one}" for one in alike)]
    editors.write_text(" ".join(listed), encoding="utf-8")
    page = new_page()
    sign_in(page, address, "tom")
    expect(page.get_by_text("Connecté en lecteur")).to_be_visible()
    expect(page.get_by_text("qui n’est pas sur la liste des éditeurs")).to_be_visible()
    table = tmp_path / "appel.csv"
    table.write_text(TABLE, encoding="utf-8")
    bring(page, table)
    expect(page.get_by_text("Les éditeurs de ce serveur y gardent")).to_be_visible()
    expect(page.locator(".st-key-c-keep")).to_contain_text("Essayer")
    click(page, "c-keep")
    expect(page.get_by_text("à l’essai").first).to_be_visible()
    assert kept_in.listed() == []
    editors.write_text("@Ailleurs.example", encoding="utf-8")
    at(page, f"{address}/collections")
    expect(page.get_by_text("Connecté en éditeur")).to_be_visible()


@pytest.mark.parametrize("who", ["faux", "muet"])
def test_an_address_that_is_not_verified_gives_no_role(public, who):
    address, editors, _ = public
    editors.write_text("lea@mairie.example", encoding="utf-8")
    assert "Connecté en lecteur" in Visit(address).sign_in(who).words()


class Old(TimestampSigner):
    """Signs as it was done 32 days ago, a day more than a sign-in is taken for."""

    def get_timestamp(self) -> int:
        return super().get_timestamp() - 32 * 86_400


def test_a_cookie_of_another_secret_or_too_old_signs_nobody_in(public):
    address, editors, _ = public
    editors.write_text("lea@mairie.example", encoding="utf-8")
    visit = Visit(address).sign_in("lea")
    assert "Connecté en éditeur" in visit.words()
    now = URLSafeTimedSerializer(SECRET, salt=USER)
    said = json.loads(now.loads(visit.cookies[USER].strip('"')))
    for signer, claims, shown in (
        (URLSafeTimedSerializer(SECRET[::-1], salt=USER), {}, "Se connecter"),
        (URLSafeTimedSerializer(SECRET, salt=USER, signer=Old), {}, "Se connecter"),
        (now, {"email_verified": "true"}, "Connecté en lecteur"),
        (now, {}, "Connecté en éditeur"),
    ):
        requests.utils.add_dict_to_cookiejar(
            visit.cookies, {USER: signer.dumps(json.dumps(said | claims))}
        )
        assert shown in visit.words()


def test_an_answer_that_nobody_asked_of_the_provider_signs_nobody_in(public):
    given = answer(public[0], "/oauth2callback?code=vole&state=devine")
    assert (given.status, given.headers["Location"]) == (302, "/")
    assert USER not in "".join(given.headers.get_all("Set-Cookie", []))


def test_a_provider_that_is_gone_is_told_with_a_way_back(new_page, public, provider):
    """The last that asks it."""
    address, process = public[0], provider[1]
    process.terminate()
    process.wait()
    page = new_page()
    page.context.clear_cookies()
    at(page, f"{address}/collections")
    page.locator(".st-key-c-sign-in button").click()
    expect(page.get_by_role("alert")).to_contain_text("le service qui vous identifie ne répond pas")
    page.get_by_role("link", name="Revenir aux collections").click()
    expect(page.locator(".st-key-c-sign-in")).to_be_visible()


def test_two_editors_the_second_sees_both_versions_and_chooses(new_page, app, tmp_path):
    table = tmp_path / "appel.csv"
    table.write_text(TABLE, encoding="utf-8")
    page = at(new_page(), f"{app}/collections")
    bring(page, table)
    click(page, "c-keep")
    mine = TABLE.replace("2020", "2030")
    table.write_text(mine, encoding="utf-8")
    for choice in ("c-theirs", "c-mine"):
        bring(page, table)
        expect(page.get_by_text("1 changé")).to_be_visible()
        other(choice)
        page.locator(".st-key-c-keep button").click()
        expect(page.get_by_text("a changé depuis que vous l’avez ouverte")).to_be_visible()
        settled(page)
        expect(page.get_by_text("par Tom *x*")).to_be_visible()
        expect(page.locator(".va-versions tbody tr")).to_have_count(1)
        expect(page.locator(".va-versions tbody tr")).to_contain_text("Année\u00a0: 2030")
        expect(page.locator(".st-key-c-keep")).to_have_count(0)
        if choice == "c-theirs":  # the page is the same the other time
            assert violations(page) == []
            fits(page)
        assert store().read("appel").records["appel-a"].row["Année"] == choice
        click(page, choice)
        if choice == "c-mine":
            expect(page.get_by_text("1 changé")).to_be_visible()
            click(page, "c-keep")
            expect(page.get_by_text("est à jour")).to_be_visible()
    assert store().read("appel").records["appel-a"].row["Année"] == "2030"
    assert [one.who for one in store().history("appel")] == ["", "Tom *x*", "Tom *x*", ""]
    store().remove("appel")


def other(value: str) -> None:
    """Keep another version, as somebody else does meanwhile."""
    now = store().read("appel")
    first = now.records["appel-a"]
    changed = replace(first, row={**first.row, "Année": value})
    store().write(
        replace(now, records={**now.records, "appel-a": changed}),
        digest=value, file="appel.csv", who="Tom *x*",
    )  # fmt: skip
