"""A made-up story in three days, with its decision points and an exercise on it."""

from __future__ import annotations

from pathlib import Path

CHRONOLOGY = """\
story:
  id: wren
  title: Wren, in the spring of 2024
  holders:
    council: {agency: childrens_social_care, name: The council, authority: here, front_door: true}
    nursery: {agency: nursery_or_childminder, name: The nursery, authority: here}
entries:
  - id: family
    what: The council knew of one child, a baby.
    known: {council: 2024-01-10, nursery: 2024-01-10}
    sets: {children: {complete: true, items: [{id: wren, born: 2023-11}]}}
  - id: crawling
    happened_on: 2024-04-20
    what: The nursery noted that the baby did not walk yet.
    known: {nursery: 2024-04-20, council: 2024-06-03}
    sets: {children.wren.movement.walks: false}
  - id: mark
    happened_on: 2024-05-02
    what: The nursery saw a mark on the cheek, and rang eight days later.
    known: {nursery: 2024-05-02, council: 2024-05-10}
    source: nursery_or_childminder
    reports: [injury_or_mark]
    sets:
      children.wren.injuries.cheek: {kind: mark, sites: [cheek], known_birthmark: false}
  - id: walking
    happened_on: 2024-07-01
    what: The baby walked.
    known: {council: 2024-07-02}
    sets: {children.wren.movement.walks: true}
"""

DECISIONS = {
    "2024-05-10-call": """\
scenario:
  title: The nursery rings about a mark
  decided: Advice was given, and no more.
  known_to: [council]
  must_raise: [absent-information.walking]
  ceiling: 2
case:
  snapshot: {id: wren-2024-05-10, as_of: 2024-05-10, authority: here}
  referral: {received_on: 2024-05-10, decision: information_and_advice}
""",
    "2024-06-03-visit": """\
scenario:
  title: The nursery adds that the baby does not walk
  decided: A doctor was asked.
  known_to: [council]
  must_raise: [non-mobile-injury.opinion]
  ceiling: 2
case:
  snapshot: {id: wren-2024-06-03, as_of: 2024-06-03, authority: here}
  referral: {received_on: 2024-06-03, decision: child_protection_medical}
""",
}

EXERCISE = """\
exercise:
  id: a-mark
  title: A mark on a cheek
  story: stories/wren
  minutes: 30
  about: A call from a nursery, and what it left out.
  aims: [To ask what a child can do before weighing a mark.]
  care: Anybody may step out at any time, and nobody has to say why.
  hands:
    - {name: Duty worker, holds: [council]}
    - {name: Nursery, holds: [nursery]}
  stages:
    - decision: 2024-05-10-call
      told: The nursery rings.
      options: [{id: advice, text: Give advice}, {id: medical, text: Ask a doctor}]
      discuss: [What has nobody asked yet?]
      after: Three weeks went by.
    - decision: 2024-06-03-visit
      told: The nursery rings again.
      options: [{id: wait, text: Wait}, {id: medical, text: Ask a doctor}]
      discuss: [What is different now?]
"""

ORDINARY = """\
scenario:
  title: A bump in the playground
  ceiling: 0
case:
  snapshot: {id: bump, as_of: 2024-06-03, authority: here}
  children: [{id: ivy, movement: {walks: true}}]
"""


def write_story(data: Path) -> Path:
    """Write the story, its exercise and an ordinary referral below a folder of data."""
    scenarios = data / "scenarios"
    story = scenarios / "stories" / "wren"
    for folder in (story, scenarios / "training", scenarios / "ordinary"):
        folder.mkdir(parents=True)
    (story / "chronology.yaml").write_text(CHRONOLOGY, encoding="utf-8")
    for name, text in DECISIONS.items():
        (story / f"{name}.yaml").write_text(text, encoding="utf-8")
    (scenarios / "training" / "a-mark.yaml").write_text(EXERCISE, encoding="utf-8")
    (scenarios / "ordinary" / "bump.yaml").write_text(ORDINARY, encoding="utf-8")
    return story
