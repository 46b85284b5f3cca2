"""Answers of a form, and the case that they change.

``fields`` and ``field_at`` give the questions with what is held; ``answers_of`` reads a posted
form; ``apply`` and ``merge`` make the changed document, ``add_entry`` and ``remove_entry`` one
with another list; ``progress`` tells how much of it has been answered.
"""

from __future__ import annotations

from advisor.addresses import AddressError
from advisor.answering.asked import Field, Shown, field_at, fields
from advisor.answering.entries import Removal, add_entry, next_id, remove_entry
from advisor.answering.given import Answer, Answers, FormError, answers_of, as_posted
from advisor.answering.merging import Clash, Merge, apply, merge
from advisor.answering.people import entry_words, owner_words
from advisor.answering.tally import Progress, progress
from advisor.parts import Held

__all__ = [
    "AddressError",
    "Answer",
    "Answers",
    "Clash",
    "Field",
    "FormError",
    "Held",
    "Merge",
    "Progress",
    "Removal",
    "Shown",
    "add_entry",
    "answers_of",
    "apply",
    "as_posted",
    "entry_words",
    "field_at",
    "fields",
    "merge",
    "next_id",
    "owner_words",
    "progress",
    "remove_entry",
]
