from __future__ import annotations

from pathlib import Path

import pytest

from advisor.problems import InputError
from advisor.web.settings import Settings

SIGN_IN = {
    "ADVISOR_PUBLIC_URL": "https://advisor.example",
    "ADVISOR_OIDC_ISSUER": "https://login.example/council/",
    "ADVISOR_OIDC_CLIENT_ID": "client",
    "ADVISOR_OIDC_CLIENT_SECRET": "zzsecretzz",
    "ADVISOR_ROLE_WORKER": "mash, front-door",
    "ADVISOR_ROLE_AUTHOR": "rules",
}


def told(environ: dict[str, str]) -> str:
    with pytest.raises(InputError) as caught:
        Settings.read(environ)
    return str(caught.value)


def test_with_nothing_set_there_is_no_sign_in_and_cases_go_after_a_week() -> None:
    settings = Settings.read({})
    assert (settings.keep_days, settings.idle_minutes) == (7, 60)
    assert (settings.database_url, settings.sign_in, settings.public_url) == (None, None, None)
    assert not settings.secure


def test_an_empty_variable_counts_as_none() -> None:
    names = [*SIGN_IN, "ADVISOR_DATABASE_URL", "ADVISOR_KEEP_DAYS", "ADVISOR_IDLE_MINUTES"]
    assert Settings.read(dict.fromkeys(names, " ")) == Settings.read({})


def test_sign_in_takes_its_provider_and_the_groups_of_each_role() -> None:
    settings = Settings.read(SIGN_IN)
    sign_in = settings.sign_in
    assert sign_in is not None
    assert settings.secure
    assert (sign_in.issuer, sign_in.client_id) == ("https://login.example/council", "client")
    assert sign_in.claim == "roles"
    assert sign_in.roles_of(frozenset({"front-door", "other"})) == {"worker"}
    assert sign_in.roles_of(frozenset({"mash", "rules"})) == {"worker", "author"}
    assert sign_in.roles_of(frozenset({"worker", "Mash"})) == frozenset()


def test_secrets_do_not_show_when_settings_are_printed() -> None:
    shown = repr(Settings.read({**SIGN_IN, "ADVISOR_DATABASE_URL": "postgresql://u:zzpasszz@h/d"}))
    assert "zzsecretzz" not in shown
    assert "zzpasszz" not in shown


@pytest.mark.parametrize(
    "missing",
    [
        "ADVISOR_PUBLIC_URL",
        "ADVISOR_OIDC_ISSUER",
        "ADVISOR_OIDC_CLIENT_ID",
        "ADVISOR_OIDC_CLIENT_SECRET",
    ],
)
def test_half_a_sign_in_is_refused_and_what_is_missing_is_named(missing: str) -> None:
    given = {name: value for name, value in SIGN_IN.items() if name != missing}
    assert f"sign-in needs these too: {missing}" in told(given)


def test_sign_in_without_a_group_for_any_role_is_refused() -> None:
    given = {name: value for name, value in SIGN_IN.items() if "ROLE" not in name}
    assert "ADVISOR_ROLE_WORKER: nobody could come in" in told(given)


def test_the_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("from-a-file\n", encoding="utf-8")
    given = {name: value for name, value in SIGN_IN.items() if "SECRET" not in name}
    named = {**given, "ADVISOR_OIDC_CLIENT_SECRET_FILE": str(path)}
    sign_in = Settings.read(named).sign_in
    assert sign_in is not None
    assert sign_in.client_secret == "from-a-file"
    path.unlink()
    assert "ADVISOR_OIDC_CLIENT_SECRET_FILE: this file cannot be read" in told(named)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://advisor.example", "begin it with https://"),
        ("advisor.example", "write the address that browsers use"),
        ("ftp://advisor.example", "write the address that browsers use"),
        ("https://", "write the address that browsers use"),
        ("https://advisor.example/app", "write the address that browsers use"),
        ("https://advisor.example?a=b", "write the address that browsers use"),
        ("https://advisor.example/#a", "write the address that browsers use"),
        ("https://somebody@advisor.example", "write the address that browsers use"),
        ("https://advisor.example:port", "write the address that browsers use"),
        ("https://advisor.example:99999", "write the address that browsers use"),
        ("https://[advisor", "write the address that browsers use"),
        ("https://advisor example", "write the address that browsers use"),
    ],
)
def test_a_public_address_that_browsers_could_not_use_is_refused(url: str, reason: str) -> None:
    message = told({**SIGN_IN, "ADVISOR_PUBLIC_URL": url})
    assert message.startswith("ADVISOR_PUBLIC_URL: ")
    assert reason in message


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://Advisor.Example/", "https://advisor.example"),
        ("HTTPS://advisor.example:443", "https://advisor.example"),
        ("https://advisor.example:8443", "https://advisor.example:8443"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://localhost:80", "http://localhost"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_the_public_address_is_kept_as_browsers_name_it(given: str, kept: str) -> None:
    assert Settings.read({**SIGN_IN, "ADVISOR_PUBLIC_URL": given}).public_url == kept


@pytest.mark.parametrize(
    "issuer", ["http://login.example", "login.example", "https://", "https://[x", "file:///etc"]
)
def test_a_provider_that_is_not_reached_over_https_is_refused(issuer: str) -> None:
    message = told({**SIGN_IN, "ADVISOR_OIDC_ISSUER": issuer})
    assert message.startswith("ADVISOR_OIDC_ISSUER: ")
    assert "https://" in message


def test_a_provider_on_this_machine_may_do_without_https() -> None:
    settings = Settings.read({**SIGN_IN, "ADVISOR_OIDC_ISSUER": "http://127.0.0.1:9000"})
    assert settings.sign_in is not None


@pytest.mark.parametrize("given", ["0", "-1", "1.5", "a week", "3651", "٣", "1" * 40])
def test_a_number_of_days_that_is_none_is_refused(given: str) -> None:
    message = told({"ADVISOR_KEEP_DAYS": given})
    assert message == "ADVISOR_KEEP_DAYS: write a whole number of days from 1 to 3650"


def test_a_session_may_be_idle_for_five_minutes_to_twelve_hours() -> None:
    assert Settings.read({"ADVISOR_IDLE_MINUTES": "5"}).idle_minutes == 5
    assert "from 5 to 720" in told({"ADVISOR_IDLE_MINUTES": "721"})
