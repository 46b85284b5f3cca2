"""``advise(snapshot, pack)``: the one public function."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from advisor import __version__
from advisor.advice import (
    Advice,
    Because,
    Counts,
    EngineShown,
    NotEvaluated,
    PackShown,
    Prompt,
    SourceShown,
    UnknownShown,
)
from advisor.asking import questions
from advisor.case import Case
from advisor.engine import Engine
from advisor.evaluation import ChildResult, evaluate
from advisor.language.documents import Rule, Verdict
from advisor.logic import Condition
from advisor.pack import Pack
from advisor.proofs import Reading
from advisor.snapshot import Snapshot
from advisor.truth import TRUE
from advisor.wording import fact_shown, fill, says, unknown_shown

# durable-rules serves one thread at a time.
_ONE_AT_A_TIME = threading.Lock()
_STRENGTH = {"needs_information": 1, "raised_on_precaution": 2, "raised": 2}


@lru_cache(maxsize=16)
def _engine_for(pack_hash: str, rules: tuple[tuple[str, str], ...], plain: bool) -> list[Engine]:
    """A place to keep the engine of a pack's rules in force; filled on first use."""
    return []


def engine_for(pack: Pack, snapshot: Snapshot, *, plain: bool = False) -> Engine:
    """The engine of the rules in force on the snapshot's day; built once and kept."""
    rules = pack.in_force(snapshot.as_of.first)
    kept = _engine_for(pack.sha256, tuple((r.id, r.prompt.urgency) for r in rules), plain)
    if not kept:
        kept.append(Engine(pack, rules, plain=plain))
    return kept[0]


def advise(snapshot: Snapshot, pack: Pack, *, plain: bool = False, ask: bool = True) -> Advice:
    """The prompts of a pack for a snapshot, with reasons, sources and questions.

    Deterministic: the same snapshot and pack give the same advice. ``plain`` asks for the
    interpreter where durable-rules would serve; only ``engine.inference`` then differs. Without
    ``ask`` no questions are looked for, which takes the greater part of the time.
    """
    with _ONE_AT_A_TIME:
        return _advise(snapshot, pack, plain=plain, ask=ask)


def _advise(snapshot: Snapshot, pack: Pack, *, plain: bool, ask: bool) -> Advice:
    engine = engine_for(pack, snapshot, plain=plain)
    case = Case(snapshot)
    results = [evaluate(engine, case, child) for child in case.children]
    prompts = tuple(prompts_from(engine, results))
    asked, left_out = questions(engine, results) if ask else ([], 0)
    return Advice(
        snapshot_id=snapshot.snapshot.id,
        snapshot_sha256=snapshot.sha256,
        as_of=str(snapshot.as_of),
        pack=PackShown(name=pack.name, version=pack.version, sha256=pack.sha256),
        engine=EngineShown(advisor=__version__, inference=engine.inference.name),
        prompts=prompts,
        questions=tuple(asked),
        not_evaluated=tuple(_not_evaluated(engine, results)),
        counts=Counts(
            rules=len(engine.rules),
            in_play=sum(
                any(result.outcomes[rule.id].in_play for result in results) for rule in engine.rules
            ),
            raised=sum(prompt.verdict != "needs_information" for prompt in prompts),
            needs_information=sum(prompt.verdict == "needs_information" for prompt in prompts),
        ),
        notes=(*_notes(pack, snapshot), *_left_out(left_out)),
    )


@dataclass(frozen=True)
class _Raised:
    rule: Rule
    verdict: Verdict
    result: ChildResult
    folded: tuple[str, ...]


def prompts_from(engine: Engine, results: Sequence[ChildResult]) -> Iterator[Prompt]:
    """The prompts that follow from what was worked out for each child, in authored order."""
    by_text: dict[tuple[str, str], list[_Raised]] = {}
    for result in results:
        for raised in _raised(engine, result):
            by_text.setdefault((raised.rule.id, raised.verdict), []).append(raised)
    order = {rule.id: number for number, rule in enumerate(engine.rules)}
    for group in sorted(
        by_text.values(),
        key=lambda group: (
            engine.pack.order(group[0].rule)[0],
            -_STRENGTH[group[0].verdict],
            order[group[0].rule.id],
            group[0].verdict,
        ),
    ):
        yield _prompt(engine, group)


def _raised(engine: Engine, result: ChildResult) -> Iterator[_Raised]:
    by_id = {rule.id: rule for rule in engine.rules}
    edges: dict[str, set[str]] = {}
    verdicts = {
        rule.id: result.outcomes[rule.id].verdict
        for rule in engine.rules
        if result.outcomes[rule.id].verdict != "not_raised"
    }
    for rule in engine.rules:
        if rule.id in verdicts:
            folds = {
                weaker
                for weaker in rule.replaces
                if weaker in verdicts
                and _STRENGTH[verdicts[rule.id]] >= _STRENGTH[verdicts[weaker]]
            }
            edges[rule.id] = folds
    for name, folded in _standing(edges).items():
        yield _Raised(by_id[name], verdicts[name], result, tuple(sorted(folded)))


def _standing(edges: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """The rules that stand when each folds others away, with all that is folded into each.

    What is folded into a rule that is itself folded goes on to the one that stands. Of rules that
    fold one another, the first stands, so that nothing is ever folded away by nobody.
    """
    weaker = set().union(*edges.values()) if edges else set()
    standing: dict[str, set[str]] = {}
    gone: set[str] = set()
    for name in (*(each for each in edges if each not in weaker), *edges):
        if name in standing or name in gone:
            continue
        found: set[str] = set()
        pending = list(edges[name])
        while pending:
            each = pending.pop()
            if each not in found and each != name:
                found.add(each)
                pending.extend(edges[each])
        standing[name] = found
        gone |= found
    return {name: standing[name] for name in edges if name in standing}


def _prompt(engine: Engine, group: Sequence[_Raised]) -> Prompt:
    rule, verdict = group[0].rule, group[0].verdict
    assert verdict != "not_raised"
    children = tuple(raised.result.child for raised in group)
    pack = engine.pack
    settled = [fill(pack.signals[name].says.true, children) for name in rule.prompt.settled_by]
    return Prompt(
        id=f"{rule.id}@{rule.version}:{'+'.join(children)}",
        rule=rule.id,
        rule_version=rule.version,
        theme=rule.theme,
        title=rule.title,
        child=children[0],
        children=children,
        verdict=verdict,
        rests_on_absence=any(raised.result.absences(rule.id) for raised in group),
        urgency=rule.prompt.urgency,
        kind=rule.prompt.kind,
        who=_role(pack, rule.prompt.who),
        text=fill(rule.prompt.text, children),
        settled_by=tuple(settled),
        because=tuple(because for raised in group for because in _because(engine, raised)),
        unknown=_unique(
            unknown_shown(reading, raised.result.child)
            for raised in group
            for reading in raised.result.unknowns(rule.id)
        ),
        sources=tuple(_source(pack, name) for name in rule.sources),
        limits=rule.limits,
        replaces=tuple(sorted({name for raised in group for name in raised.folded})),
    )


def _unique(shown: Iterable[UnknownShown]) -> tuple[UnknownShown, ...]:
    return tuple({each.path: each for each in shown}.values())


def _because(engine: Engine, raised: _Raised) -> Iterator[Because]:
    result = raised.result
    for condition in engine.logics[raised.rule.id].singles:
        if result.status(condition) is not TRUE:
            continue
        if condition.is_concern:
            yield _concern(engine, result, condition)
            continue
        proof = result.signals.proof(condition.name)
        yield Because(
            signal=condition.name,
            says=says(engine.pack.signals[condition.name], proof.value, result.child),
            value=_word(proof.value.word),
            child=result.child,
            facts=tuple(fact_shown(reading) for reading in proof.facts),
        )


def _word(word: str) -> str:
    return word


def _concern(engine: Engine, result: ChildResult, condition: Condition) -> Because:
    titles = [
        rule.title
        for rule in engine.rules
        if rule.concludes == condition.name and result.concludes(rule.id)
    ]
    return Because(signal=condition.name, says="; ".join(titles), value="true", child=result.child)


def _source(pack: Pack, name: str) -> SourceShown:
    review, finding = pack.findings[name]
    return SourceShown(
        review=review.id,
        title=review.title,
        published=review.published,
        at=finding.at,
        finding=finding.finding,
    )


def _role(pack: Pack, who: str) -> str:
    if not pack.roles:
        return who
    # The longest first, each place once, and whole words only.
    roles = "|".join(re.escape(role) for role in sorted(pack.roles, key=lambda r: (-len(r), r)))
    return re.sub(rf"\b(?:{roles})\b", lambda found: pack.roles[found[0]], who)


def _not_evaluated(engine: Engine, results: Sequence[ChildResult]) -> Iterator[NotEvaluated]:
    for result in results:
        groups: dict[tuple[str, ...], tuple[list[str], dict[str, Reading]]] = {}
        for rule in engine.rules:
            stopped = result.stopped_by(rule.id)
            if not stopped:
                continue
            rules, readings = groups.setdefault(stopped, ([], {}))
            rules.append(rule.id)
            for name in stopped:
                for path, reading in result.signals.part(name).unknown.items():
                    readings.setdefault(path, reading)
        words = _Words(result.child)
        for stopped, (rules, readings) in groups.items():
            told = [
                says(engine.pack.signals[name], result.values[name], result.child)
                for name in stopped
            ]
            yield NotEvaluated(
                child=result.child,
                rules=tuple(rules),
                why="; ".join(told),
                unknown=tuple(words[each] for each in readings.values()),
            )


class _Words:
    """Unknown facts in words, each put into them once: the same one stops many rules."""

    def __init__(self, child: str) -> None:
        self._child = child
        self._kept: dict[tuple[str, str, str | None], UnknownShown] = {}

    def __getitem__(self, reading: Reading) -> UnknownShown:
        # By its fact too: a child's age in months and in weeks stand at one path.
        key = (reading.path, reading.fact, reading.reason)
        if key not in self._kept:
            self._kept[key] = unknown_shown(reading, self._child)
        return self._kept[key]


def _left_out(number: int) -> Iterator[str]:
    if number:
        yield (
            f"{number} more facts are not known. This case has so many entries that it was not "
            "worked out what each answer would change."
        )


def _notes(pack: Pack, snapshot: Snapshot) -> tuple[str, ...]:
    day = snapshot.as_of.first
    notes = []
    for change in pack.changes:
        applies = change.expires is None or change.expires >= day
        what = "switched off" if change.status == "off" else f"made {change.urgency}"
        said = f"{change.rule}: {what} locally"
        if change.reason is not None:
            said += f", because: {change.reason}"
        notes.append(said if applies else f"{change.rule}: a local change has expired")
    return tuple(notes)
