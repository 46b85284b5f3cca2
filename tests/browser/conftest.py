"""A real browser on the real server: what the browser tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from advisor.web.app import AdvisorApp, create_app
from advisor.web.settings import Settings
from tests import oidc_provider
from tests.browser.serving import QUIET, listening, program, serving
from tests.browser.visiting import NARROW, WIDE, Kept, Watch

REQUIRED = "ADVISOR_TEST_BROWSER"
"""Set to ``required`` where the browser tests must run, and not be skipped."""


def _program() -> str:
    found = program()
    if found is None:
        message = "no Chromium, Chrome or Edge on this machine"
        if os.environ.get(REQUIRED) == "required":
            pytest.fail(message)
        pytest.skip(message)
    return found


@pytest.fixture(scope="session")
def application(tmp_path_factory: pytest.TempPathFactory) -> AdvisorApp:
    """The application with the shipped rules, and an empty store of its own."""
    folder: Path = tmp_path_factory.mktemp("records")
    return create_app(None, Settings(database_url=f"sqlite:///{folder / 'records.sqlite3'}"))


@pytest.fixture(scope="session")
def site(application: AdvisorApp) -> Iterator[str]:
    """The address of the application, where whoever uses this machine needs no sign-in."""
    port, address = listening()
    with port, serving(application, port):
        yield address


@pytest.fixture(scope="session")
def kept(site: str) -> Kept:
    """A case with answers, and a run of an exercise, which no test changes."""
    return Kept.made(site)


@pytest.fixture(scope="module")
def provider() -> Iterator[oidc_provider.Provider]:
    """A provider that signs in its users for the application of ``guarded``."""
    with oidc_provider.serving() as made:
        yield made


@pytest.fixture(scope="module")
def guarded(
    provider: oidc_provider.Provider, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, AdvisorApp]]:
    """The address of an application that asks for sign-in, and the application itself."""
    port, address = listening()
    database = f"sqlite:///{tmp_path_factory.mktemp('guarded') / 'records.sqlite3'}"
    app = create_app(None, oidc_provider.settings(provider, public=address, database_url=database))
    with port, serving(app, port):
        yield address, app


# Not for the whole session: Playwright keeps an event loop running in this thread.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=_program(), args=list(QUIET))
        yield made
        made.close()


def _context(browser: Browser, site: str, *, scripts: bool, width: int) -> BrowserContext:
    made = browser.new_context(
        base_url=site, java_script_enabled=scripts, viewport={"width": width, "height": 900}
    )
    made.set_default_timeout(10_000)
    return made


def _watched(context: BrowserContext) -> Iterator[Page]:
    """A page of a context. A fault in its console, a foreign request or a dialog is a failure."""
    watch = Watch()
    context.on("page", watch.page)
    yield context.new_page()
    context.close()
    assert watch.faults == []


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def page(request: pytest.FixtureRequest, browser: Browser, site: str) -> Iterator[Page]:
    """A wide page, once with scripts and once without."""
    yield from _watched(_context(browser, site, scripts=request.param, width=WIDE))


@pytest.fixture
def scripted(browser: Browser, site: str) -> Iterator[Page]:
    """A wide page with scripts."""
    yield from _watched(_context(browser, site, scripts=True, width=WIDE))


@pytest.fixture
def narrow(browser: Browser, site: str) -> Iterator[Page]:
    """A page as narrow as a small telephone, with scripts."""
    yield from _watched(_context(browser, site, scripts=True, width=NARROW))


@pytest.fixture(scope="module")
def _one_page(browser: Browser, site: str) -> Iterator[tuple[Page, Watch]]:
    watch = Watch()
    context = _context(browser, site, scripts=True, width=WIDE)
    context.on("page", watch.page)
    yield context.new_page(), watch
    context.close()


@pytest.fixture
def reused(_one_page: tuple[Page, Watch]) -> Iterator[Page]:
    """A wide page with scripts, the same for a whole module: quicker where nothing is entered."""
    page, watch = _one_page
    page.set_viewport_size({"width": WIDE, "height": 900})
    yield page
    faults, watch.faults = watch.faults, []
    assert faults == []


@pytest.fixture
def signing_in(browser: Browser, guarded: tuple[str, AdvisorApp]) -> Iterator[Page]:
    """A wide page with scripts, on the application that asks for sign-in."""
    yield from _watched(_context(browser, guarded[0], scripts=True, width=WIDE))
