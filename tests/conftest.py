"""What several tests share: a small rule pack, a case, and running a command on them."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from advisor import cli
from tests.command_line import CASE, Run

# The same cases on every run: a test that fails somewhere fails everywhere.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")

_PACK = {
    "pack.yaml": """\
name: small
version: 1.0.0
language: 1
""",
    "themes.yaml": """\
injuries:
  non-mobile-injury: any mark on a child who cannot yet move
what-is-not-known:
  absent-information: what was not asked or not recorded
""",
    "reviews/robin.yaml": """\
id: robin
title: A made-up review about Robin
publisher: A made-up board
published: "2019"
text: robin.txt
findings:
  - id: robin.mark-not-examined
    at: ["2.1", "2.2"]
    theme: non-mobile-injury
    finding: A mark on a baby who could not move was not shown to a senior doctor.
    status: encoded
  - id: robin.walking-not-recorded
    at: ["2.3"]
    theme: absent-information
    finding: Nobody had written down what the child was able to do.
    status: partly
    why: Only walking is asked about here, and not the other milestones.
  - id: robin.leaflet
    at: ["rec 1"]
    theme: absent-information
    finding: The board was to print a new leaflet for professionals.
    status: not_promptable
    why: It is a task for the board and bears on no single child.
""",
    "signals/child.yaml": """\
- id: child.has_mark
  about: child
  ask: Has {child} a mark that is not a known birthmark?
  says:
    true: "{child} has a mark that is not a known birthmark"
    false: "{child} has no mark besides known birthmarks"
    unknown: "it is not recorded whether {child} has a mark"
  is:
    some: child.injuries
    where:
      not: {all: [{known: injury.known_birthmark}, {fact: injury.known_birthmark}]}

- id: child.walks
  about: child
  ask: Does {child} walk yet?
  says:
    true: "{child} walks"
    false: "{child} does not walk yet"
    unknown: "it is not recorded whether {child} walks"
  is: {fact: child.movement.walks}
""",
    "non-mobile-injury/opinion.yaml": """\
id: non-mobile-injury.opinion
title: A mark on a child who does not walk needs a senior opinion
theme: non-mobile-injury
status: active
version: 2
about: child
when:
  given: [child.has_mark]
  and:
    - {signal: child.walks, is: false}
when_unknown: ask
prompt:
  kind: action
  urgency: today
  who: social worker, with the duty senior paediatrician
  text: Ask a senior paediatrician to look at {child}'s mark today.
  settled_by: [child.walks]
sources: [robin.mark-not-examined]
limits: It says nothing of a mark that a senior paediatrician has seen.
examples:
  - name: a mark on a baby who does not walk
    case: {child: {movement: {walks: false}, injuries: [{kind: bruise}]}}
    expect: raised
  - name: a child who walks is not this rule
    case: {child: {movement: {walks: true}, injuries: [{kind: bruise}]}}
    expect: not_raised
  - name: nobody recorded whether the child walks
    case: {child: {injuries: [{kind: bruise}]}}
    expect: needs_information
""",
    "absent-information/walking.yaml": """\
id: absent-information.walking
title: Find out whether a child with a mark can walk
theme: absent-information
status: active
version: 1
about: child
when:
  given: [child.has_mark]
  and:
    - {signal: child.walks, is: unknown}
when_unknown: ask
prompt:
  kind: question
  urgency: before_decision
  who: whoever takes the referral
  text: Ask the health visitor whether {child} walks yet, and record it.
  settled_by: [child.walks]
sources: [robin.walking-not-recorded, robin.mark-not-examined]
limits: It does not ask about crawling or any other milestone.
examples:
  - name: nobody recorded whether the child walks
    case: {child: {injuries: [{kind: bruise}]}}
    expect: raised
  - name: it is recorded that the child walks
    case: {child: {movement: {walks: true}, injuries: [{kind: bruise}]}}
    expect: not_raised
  - name: nothing is recorded about marks
    case: {child: {movement: {walks: true}}}
    expect: not_raised
""",
}


@pytest.fixture
def small_pack(tmp_path: Path) -> Path:
    """A folder with a whole pack: one review, two signals and two rules, all made up.

    ``non-mobile-injury.opinion`` is raised for a child with a mark who does not walk and needs
    information where nobody recorded it; ``absent-information.walking`` is then raised, and rests
    on absence. With no injuries recorded, neither is looked at.
    """
    folder = tmp_path / "small-pack"
    for name, text in _PACK.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def run(small_pack: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command on the small pack; gives exit code, standard output and standard error."""

    def run(*arguments: str | Path, pack: bool = True) -> tuple[int, str, str]:
        packed = ["--pack", str(small_pack)] if pack else []
        code = cli.main([*(str(each) for each in arguments), *packed])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def case(tmp_path: Path) -> Path:
    path = tmp_path / "case.yaml"
    path.write_text(CASE, encoding="utf-8")
    return path


@pytest.fixture(scope="session", autouse=True)
def records_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing that a test keeps goes where the user's own cases are kept."""
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ:
            if name.startswith("ADVISOR_") and not name.startswith("ADVISOR_TEST_"):
                patch.delenv(name)
        folder = tmp_path_factory.mktemp("records")
        patch.setenv("ADVISOR_DATABASE_URL", f"sqlite:///{folder / 'records.sqlite3'}")
        yield


@pytest.fixture(autouse=True)
def server_log_as_it_was() -> Iterator[None]:
    """Put back the server's request log, which starting a server without one switches off."""
    log = logging.getLogger("uvicorn.access")
    handlers, propagate, level = list(log.handlers), log.propagate, log.level
    yield
    log.handlers, log.propagate = handlers, propagate
    log.setLevel(level)
