"""A signal's proof holds the facts behind it, the unknowns in its way and what it rests on."""

from __future__ import annotations

import copy
import datetime as dt
import random
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from advisor.case import Case
from advisor.facts.shape import Kind, slots
from advisor.pack import Pack, load
from advisor.problems import InputError
from advisor.proofs import Proof, accepts
from advisor.signals import ChildSignals
from advisor.snapshot import Snapshot
from advisor.truth import FALSE, TRUE, UNKNOWN
from advisor.values import Model
from advisor.vocabulary import GLOBALS
from tests.generated_packs import generated_pack
from tests.generation import SnapshotMaker
from tests.making import proof, signal

DAY = dt.date(2024, 6, 3)
DISABLED, EARLY = {"fact": "child.health.disabled"}, {"fact": "child.health.born_early"}


def paths(readings: Any) -> set[str]:
    return {reading.path for reading in readings}


def test_a_known_fact_is_the_proof_of_itself() -> None:
    found = proof(DISABLED, {"health": {"disabled": {"value": False, "known_on": "2024-05"}}})
    assert found.value is FALSE
    (fact,) = found.facts
    assert (fact.path, fact.value, fact.known_on) == (
        "children.amy.health.disabled",
        False,
        "2024-05",
    )
    assert found.unknown == found.absent == ()


@pytest.mark.parametrize("reason", ["not_asked", "declined", "withheld"])
def test_an_unknown_fact_is_named_with_its_reason(reason: str) -> None:
    found = proof(DISABLED, {"health": {"disabled": {"unknown": reason}}})
    assert found.value is UNKNOWN
    assert [(each.path, each.reason) for each in found.unknown] == [
        ("children.amy.health.disabled", reason)
    ]


def test_one_false_part_proves_a_conjunction_false_and_nothing_else_is_asked() -> None:
    found = proof({"all": [DISABLED, EARLY]}, {"health": {"disabled": False}})
    assert found.value is FALSE and found.unknown == ()
    assert paths(found.facts) == {"children.amy.health.disabled"}


def test_an_open_conjunction_asks_only_for_what_is_unknown() -> None:
    found = proof({"all": [DISABLED, EARLY]}, {"health": {"disabled": True}})
    assert found.value is UNKNOWN
    assert paths(found.unknown) == {"children.amy.health.born_early"}


def test_one_true_part_proves_a_disjunction() -> None:
    found = proof({"any": [DISABLED, EARLY]}, {"health": {"disabled": True}})
    assert found.value is TRUE and found.unknown == ()
    assert paths(found.facts) == {"children.amy.health.disabled"}


def test_that_something_is_unknown_is_a_ground_that_rests_on_absence() -> None:
    found = proof({"unknown": "child.health.disabled"})
    assert found.value is TRUE and found.unknown == ()
    assert paths(found.absent) == {"children.amy.health.disabled"}
    assert proof({"unknown": "child.health.disabled"}, {"health": {"disabled": True}}).absent == ()


def test_only_the_reasons_named_count() -> None:
    tree = {"unknown": "child.health.disabled", "because": ["declined"]}
    assert proof(tree, {"health": {"disabled": {"unknown": "declined"}}}).value is TRUE
    assert proof(tree, {"health": {"disabled": {"unknown": "not_asked"}}}).value is FALSE
    assert proof(tree).value is FALSE


def test_a_disjunction_rests_on_absence_only_if_every_true_part_does() -> None:
    tree = {"any": [{"unknown": "child.health.disabled"}, EARLY]}
    assert proof(tree, {"health": {"born_early": True}}).absent == ()
    assert proof(tree, {"health": {"born_early": False}}).absent != ()


def test_an_open_disjunction_names_every_absence_whose_filling_would_settle_it() -> None:
    found = proof({"any": [{"known": "child.health.disabled"}, EARLY]})
    assert found.value is UNKNOWN
    named = paths((*found.unknown, *found.absent))
    assert named == {"children.amy.health.disabled", "children.amy.health.born_early"}


def test_a_conjunction_rests_on_absence_if_one_part_does() -> None:
    tree = {"all": [{"unknown": "child.health.disabled"}, EARLY]}
    assert proof(tree, {"health": {"born_early": True}}).absent != ()


def test_an_empty_complete_list_proves_that_there_is_none() -> None:
    found = proof({"some": "child.injuries"}, {"injuries": []})
    assert found.value is FALSE and paths(found.facts) == {"children.amy.injuries"}
    assert [fact.value for fact in found.facts] == [0]


def test_an_open_list_leaves_open_whether_there_is_another() -> None:
    tree = {"some": "child.injuries", "where": {"fact": "injury.kind", "is": "bite"}}
    found = proof(tree, {"injuries": {"complete": False, "items": [{"kind": "bruise"}]}})
    assert found.value is UNKNOWN and paths(found.unknown) == {"children.amy.injuries"}
    assert found.unknown[0].reason == "the list may be incomplete"


def test_the_member_that_decides_is_the_proof() -> None:
    tree = {"some": "child.injuries", "where": {"fact": "injury.kind", "is": "bite"}}
    injuries = [{"id": "a", "kind": "bruise"}, {"id": "b", "kind": "bite"}]
    found = proof(tree, {"injuries": injuries})
    assert found.value is TRUE and paths(found.facts) == {"children.amy.injuries.b.kind"}


def test_a_count_that_is_not_reached_names_what_could_reach_it() -> None:
    tree = {
        "count": "child.injuries",
        "at_least": 2,
        "where": {"fact": "injury.kind", "is": "bite"},
    }
    injuries = [{"id": "a", "kind": "bite"}, {"id": "b"}, {"id": "c", "kind": "cut"}]
    found = proof(tree, {"injuries": injuries})
    assert found.value is UNKNOWN and paths(found.unknown) == {"children.amy.injuries.b.kind"}


def test_whose_event_it_was_may_be_what_is_unknown() -> None:
    data: dict[str, Any] = {
        "snapshot": {"id": "two", "as_of": "2024-06-03"},
        "children": [{"id": "amy"}, {"id": "ben"}],
        "events": [{"id": "row", "kind": "domestic_incident"}],
    }
    tree = {"some": "child.events", "where": {"fact": "event.kind", "is": "domestic_incident"}}
    case = Case(Snapshot.from_data(data))
    found = ChildSignals(case, "ben", {"child.it": signal("child.it", tree)}).proof("child.it")
    assert found.value is UNKNOWN and paths(found.unknown) == {"events.row.children"}


def test_an_adult_is_seen_from_the_child_that_the_rule_is_about() -> None:
    tree = {"some": "child.adults", "where": {"fact": "adult.link.lives_with_child"}}
    adults = [{"id": "dee", "links": [{"child": "amy", "lives_with_child": True}]}]
    found = proof(tree, {}, adults=adults)
    assert found.value is TRUE
    assert paths(found.facts) == {"adults.dee.links.amy.lives_with_child"}


def test_an_adult_known_to_be_tied_to_no_child_here_is_not_one_of_the_childs_adults() -> None:
    tree = {"some": "child.adults", "where": {"fact": "adult.link.lives_with_child"}}
    assert proof(tree, {}, adults=[{"id": "dee", "links": []}]).value is FALSE
    for links in (
        {},
        {"links": {"unknown": "not_asked"}},
        {"links": {"complete": False, "items": []}},
    ):
        assert proof(tree, {}, adults=[{"id": "dee", **links}]).value is UNKNOWN, links


def test_a_date_that_is_too_coarse_asks_for_a_finer_one() -> None:
    tree = {
        "fact": "child.seen.last_seen_on",
        "within": "10 days",
        "before": "snapshot.as_of",
    }
    assert proof(tree, {"seen": {"last_seen_on": "2024-06-01"}}).value is TRUE
    assert proof(tree, {"seen": {"last_seen_on": "2024-05-23"}}).value is FALSE
    found = proof(tree, {"seen": {"last_seen_on": "2024-05"}})
    assert found.value is UNKNOWN and paths(found.unknown) == {"children.amy.seen.last_seen_on"}


def test_an_age_that_is_too_coarse_asks_when_the_child_was_born() -> None:
    found = proof({"fact": "child.age_months", "at_most": 6}, {"born": "2023"})
    assert found.value is UNKNOWN and paths(found.unknown) == {"children.amy.born"}


@pytest.mark.parametrize(
    ("words", "false", "unknown", "true"),
    [
        ({"true"}, FALSE, UNKNOWN, TRUE),
        ({"false"}, TRUE, UNKNOWN, FALSE),
        ({"unknown"}, FALSE, TRUE, FALSE),
        ({"false", "unknown"}, TRUE, TRUE, FALSE),
        ({"true", "false"}, TRUE, UNKNOWN, TRUE),
    ],
)
def test_an_unknown_is_accepted_only_by_name(
    words: set[str], false: Any, unknown: Any, true: Any
) -> None:
    found = [accepts(frozenset(words), value) for value in (FALSE, UNKNOWN, TRUE)]
    assert found == [false, unknown, true]


@cache
def packs() -> list[Pack]:
    return [load(), *(generated_pack(seed, signals=60, rules=1) for seed in range(6))]


def held_of(data: dict[str, Any]) -> Iterator[tuple[dict[str, Any], type[Model], str]]:
    """Every group of facts in plain data, with its model and the path of advice to it."""
    for name, model in GLOBALS.items():
        if name != "snapshot":
            yield from groups(data.setdefault(name, {}), model, name)
    for name, model in slots_of_entities(Snapshot):
        yield from listed(data.get(name), model, name)


def slots_of_entities(model: type[Model]) -> list[tuple[str, type[Model]]]:
    return [
        (name, slot.model)
        for name, slot in slots(model).items()
        if slot.kind is Kind.LIST and slot.model is not None
    ]


def listed(
    held: Any, model: type[Model], path: str
) -> Iterator[tuple[dict[str, Any], type[Model], str]]:
    items = held.get("items", []) if isinstance(held, dict) else held or []
    for item in items:
        yield from groups(item, model, f"{path}.{item.get('id', item.get('child'))}")


def groups(
    held: dict[str, Any], model: type[Model], path: str
) -> Iterator[tuple[dict[str, Any], type[Model], str]]:
    yield held, model, path
    for name, slot in slots(model).items():
        if slot.kind is Kind.GROUP and slot.model is not None:
            yield from groups(held.setdefault(name, {}), slot.model, f"{path}.{name}")
    for name, inner in slots_of_entities(model):
        yield from listed(held.get(name), inner, f"{path}.{name}")


def filled(data: dict[str, Any], maker: SnapshotMaker, keep: set[str], share: float) -> Any:
    """The same case with some of what is unknown filled in, but for the paths to keep."""
    made = copy.deepcopy(data)
    for held, model, path in list(held_of(made)):
        for name, slot in slots(model).items():
            unknown = held.get(name) is None or "unknown" in (
                held[name] if isinstance(held[name], dict) else ()
            )
            if slot.kind not in (Kind.FACT, Kind.LIST) or name in ("links", "due") or not unknown:
                continue
            if f"{path}.{name}" not in keep and maker.random.random() < share:
                held[name] = maker.value(slot)
        maker.in_order({})
    return made


def cases(seed: int, number: int) -> Iterator[tuple[dict[str, Any], SnapshotMaker]]:
    maker = SnapshotMaker(seed, 0.6)
    for _ in range(number):
        yield Snapshot.from_data(maker.snapshot()).plain, maker


def proofs(data: dict[str, Any], pack: Pack) -> dict[tuple[str, str], Proof]:
    case = Case(Snapshot.from_data(data))
    found = {}
    for child in case.children:
        signals = ChildSignals(case, child, pack.signals)
        for name, each in pack.signals.items():
            if each.about in ("child", "referral", "household"):
                found[child, name] = signals.proof(name)
    return found


def compared(share: float, seed: int) -> Iterator[tuple[str, Proof, Proof]]:
    """Proofs before and after some unknowns were filled in."""
    for pack in packs():
        for data, maker in cases(seed, 12):
            before = proofs(data, pack)
            for _ in range(3):
                try:
                    after = proofs(filled(data, maker, set(), share), pack)
                except InputError:
                    continue
                for key, proved in before.items():
                    yield key[1], proved, after[key]


def test_filling_in_an_unknown_never_turns_a_decided_signal_unless_it_rests_on_absence() -> None:
    decided = moved = 0
    for name, before, after in compared(0.1, 21):
        if before.value is UNKNOWN:
            moved += after.value is not UNKNOWN
        elif not before.absent:
            decided += 1
            assert after.value is before.value, name
    assert decided > 3_000 and moved > 100


def test_an_unknown_signal_names_something_to_ask() -> None:
    for pack in packs():
        for data, _ in cases(22, 12):
            for (_, name), found in proofs(data, pack).items():
                assert bool(found.unknown) == (found.value is UNKNOWN), name


def test_a_decided_signal_shows_what_decided_it() -> None:
    for (_, name), found in (
        item for data, _ in cases(23, 25) for item in proofs(data, load()).items()
    ):
        if found.value is not UNKNOWN:
            assert found.facts or found.absent, name


def test_facts_that_a_proof_does_not_name_cannot_settle_an_unknown_signal() -> None:
    checked = 0
    for pack in packs():
        names = [n for n, s in pack.signals.items() if s.about in ("child", "referral")]
        for data, maker in cases(24, 6):
            before = proofs(data, pack)
            chance = random.Random(len(before))
            waiting = [key for key, found in before.items() if found.value is UNKNOWN]
            for key in chance.sample(waiting, min(6, len(waiting))):
                named = paths((*before[key].unknown, *before[key].absent))
                try:
                    after = proofs(filled(data, maker, named, 0.2), pack)
                except InputError:
                    continue
                checked += 1
                assert after[key].value is UNKNOWN, key[1]
        assert names
    assert checked > 50
