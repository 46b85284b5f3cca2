"""The commands that print JSON Schemas."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from advisor.commands.shared import DONE, print_json


def print_schema(options: Namespace) -> int:
    """Print the schema of snapshots, advice, records or rules."""
    made = {"snapshot": _snapshot, "advice": _advice, "record": _record, "rule": _rule}
    print_json(made[options.of]())
    return DONE


def rule_documents(options: Namespace) -> int:
    """Print the schemas of all documents of a rule pack, by the kind of document."""
    from pydantic import TypeAdapter

    from advisor.language.documents import LocalPack, Review, Signal
    from advisor.schemas import readable

    signals = readable(TypeAdapter(list[Signal]).json_schema())
    print_json(
        {
            "rule": _rule(),
            "signals": signals,
            "review": readable(Review.model_json_schema()),
            "local": readable(LocalPack.model_json_schema()),
        }
    )
    return DONE


def _snapshot() -> dict[str, Any]:
    from advisor.schemas import readable
    from advisor.snapshot import Snapshot

    return readable(Snapshot.model_json_schema())


def _advice() -> dict[str, Any]:
    from advisor.advice import Advice
    from advisor.schemas import readable

    return readable(Advice.model_json_schema(mode="serialization"))


def _record() -> dict[str, Any]:
    from advisor.record import RecordDocument
    from advisor.schemas import readable

    return readable(RecordDocument.model_json_schema(mode="serialization"))


def _rule() -> dict[str, Any]:
    from advisor.language.documents import Rule
    from advisor.schemas import readable

    return readable(Rule.model_json_schema())
