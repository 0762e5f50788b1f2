"""Who is an editor: an e-mail that the provider has verified, on a list read each time."""

import pytest

from villeactive.ui import accounts

LEA = {"is_logged_in": True, "email": "Lea@Mairie.example", "email_verified": True}


@pytest.mark.parametrize(
    ("said", "who"),
    [
        (LEA, "Lea@Mairie.example"),
        (LEA | {"email_verified": False}, ""),
        (LEA | {"email_verified": "true"}, ""),
        (LEA | {"email_verified": 1}, ""),
        ({k: v for k, v in LEA.items() if k != "email_verified"}, ""),
        (LEA | {"is_logged_in": False}, ""),
        (LEA | {"email": None}, ""),
        (LEA | {"email": "lea"}, ""),
        (LEA | {"email": "x@ailleurs.example@mairie.example"}, ""),
        (LEA | {"email": "x@mairie.example\n@ailleurs.example"}, ""),
        ({}, ""),
    ],
)
def test_an_email_counts_where_the_provider_verified_it(said, who):
    assert accounts.verified(said) == who


@pytest.mark.parametrize(
    ("who", "roles", "may"),
    [
        ("lea@mairie.example", ["LEA@mairie.example"], True),
        ("Lea@Mairie.example", ["@mairie.example"], True),
        ("lea@sous.mairie.example", ["@mairie.example"], False),
        ("lea@xmairie.example", ["@mairie.example"], False),
        ("lea@mairie.example.autre", ["@mairie.example"], False),
        ("lea@mairie.example", ["tom@mairie.example"], False),
        ("lea@mairie.example", [], False),
        ("lea@mairie.example", ["@"], False),
    ],
)
def test_a_role_is_of_an_email_or_of_a_domain(who, roles, may):
    assert accounts.may_edit(who, roles) is may


def test_the_list_is_read_each_time(tmp_path, monkeypatch):
    monkeypatch.delenv(accounts.EDITORS, raising=False)
    assert accounts.listed() == []
    monkeypatch.setenv(accounts.EDITORS, "lea@mairie.example, @anct.example;tom@x.example x y@z@t")
    assert accounts.listed() == ["lea@mairie.example", "@anct.example", "tom@x.example"]
    file = tmp_path / "editeurs"
    monkeypatch.setenv(accounts.EDITORS, str(file))
    assert accounts.listed() == []
    file.write_text("# tous\nlea@mairie.example # Léa\n", encoding="utf-8")
    assert accounts.listed() == ["lea@mairie.example"]
    file.write_bytes(b"\xff\xfe@x.example")
    assert accounts.listed() == []
    file.write_text("", encoding="utf-8")
    assert accounts.listed() == []
