"""What the controls of one question say, checked: values, dates, numbers, ages, reasons, notes.

What changed wins: a radio button cannot be let go without JavaScript, so that one which was there
before gives way to a date typed now, and the other way round.
"""

from __future__ import annotations

from dataclasses import replace

from advisor.addresses import AGE, ID
from advisor.answering.asked import AGE_UNITS, REASONS, Field, Shown
from advisor.dates import EARLIEST_YEAR, LATEST_YEAR, PartialDate
from advisor.document import CONTROL
from advisor.parts import NOT_ASKED, NOT_KNOWN, Held

LONGEST_NOTE = 500
LARGEST_NUMBER = 100_000

_DATED = ("day", "month", "year")
_TYPED = ("", "day", "month", "year", "number", "unit")
_OLDEST = {"years": 17, "months": 215, "weeks": 936}


class WrongAnswerError(ValueError):
    """An answer that cannot be taken; its message is for the person at the form."""


def said_by(field: Field, posted: Shown, *, note_sent: bool) -> Held:
    """What the controls say, checked; raises WrongAnswerError."""
    chosen = posted.chosen
    allowed = {value for value, _ in (*field.choices, *field.specials)}
    if not field.required:
        allowed |= {"!not_asked", "!not_known", "!blank"}
    if any(value not in allowed for value in chosen):
        raise WrongAnswerError(_select(field))
    core = _core(field, posted)
    why = posted.text("why") or NOT_KNOWN
    if why not in {value for value, _ in REASONS}:
        raise WrongAnswerError(f"Select why it is not known: “{field.ask}”")
    newly = why not in (NOT_KNOWN, field.shown.text("why"))
    if newly and core.state == "blank" and not chosen:
        core = Held("unknown", reason=why)
    elif newly and core.reason != why:
        raise WrongAnswerError(
            f"Select “Not known” to give a reason, or take the reason away: {_of(field)}"
        )
    if field.required:
        return core
    if not note_sent:
        # A note tells of the answer beside which it was written.
        return field.held if core == field.held.core else core
    return replace(core, note=_note(field, posted))


def _core(field: Field, posted: Shown) -> Held:
    if field.kind == "entries":
        return _entries(field, posted)
    values, special = _parted(field, posted)
    if special == "!not_asked":
        return Held("unknown", reason=NOT_ASKED)
    if special == "!not_known":
        return Held("unknown", reason=posted.text("why") or NOT_KNOWN)
    if special == "!none":
        several = field.kind in ("many", "references")
        return Held("known", (), True) if several else Held("known", ("none",))
    if special == "!blank":
        return Held()
    if field.kind in ("many", "references"):
        return _several(field, posted, values)
    if field.kind == "age":
        return _age(field, posted, values)
    if field.kind in ("date", "number", "text"):
        return _typed(field, posted)
    return Held("known", values) if values else Held()


def _parted(field: Field, posted: Shown) -> tuple[tuple[str, ...], str]:
    """The values and the one special answer that hold; what changed wins over what did not."""
    values = tuple(value for value in posted.chosen if not value.startswith("!"))
    specials = [value for value in posted.chosen if value.startswith("!")]
    if len(specials) > 1 or (len(values) > 1 and field.kind not in ("many", "references")):
        raise WrongAnswerError(f"Select one answer only: {_of(field)}")
    special = specials[0] if specials else ""
    if field.kind in ("many", "references"):
        if special and values:
            words = dict(field.specials).get(special, special)
            raise WrongAnswerError(f"Select answers, or “{words}”, not both: {_of(field)}")
        return values, special
    typed = any(posted.text(name) for name in _TYPED if name != "unit")
    if not (special and typed):
        return values, special
    retyped = any(posted.text(name) != field.shown.text(name) for name in _TYPED)
    picked = posted.chosen != field.shown.chosen
    if picked and retyped:
        raise WrongAnswerError(
            f"Enter an answer or select one of the others, not both: {_of(field)}"
        )
    return (values, special) if picked else (values, "")


def _several(field: Field, posted: Shown, values: tuple[str, ...]) -> Held:
    complete = posted.text("complete")
    if complete not in ("", "yes", "no"):
        raise WrongAnswerError(f"Select whether that is all: {_of(field)}")
    if values:
        return Held("known", tuple(sorted(values)), complete == "yes")
    if complete == "yes":
        raise WrongAnswerError(f"Select at least one answer, or that there is none: {_of(field)}")
    return Held("known", (), False) if complete == "no" else Held()


def _entries(field: Field, posted: Shown) -> Held:
    held = field.held
    if len(posted.chosen) > 1:
        raise WrongAnswerError(f"Select one answer only: {_of(field)}")
    special = posted.chosen[0] if posted.chosen else ""
    if special in ("", "!add"):
        return held.core
    if special == "!blank" and not held.values:
        return Held()
    if special in ("!none", "!not_asked", "!not_known") and held.values:
        raise WrongAnswerError(
            f"Remove the entries first, or select one of the answers here: {_of(field)}"
        )
    if special == "!none":
        return Held("known", (), True)
    if special == "!not_asked":
        return Held("unknown", reason=NOT_ASKED)
    if special == "!not_known":
        return Held("unknown", reason=posted.text("why") or NOT_KNOWN)
    if not held.values:
        raise WrongAnswerError(_select(field))
    return Held("known", held.values, special == "!all")


def _typed(field: Field, posted: Shown) -> Held:
    if field.kind == "date":
        text = _date(field, posted)
        if field.required and len(text) != len("2024-03-27"):
            raise WrongAnswerError(f"Enter the whole date, with day, month and year: {_of(field)}")
    elif field.kind == "number":
        text = _number(field, posted.text(""), LARGEST_NUMBER)
    else:
        text = posted.text("").lower()
        if text and ID.fullmatch(text) is None:
            raise WrongAnswerError(
                "Enter a made-up id of small letters, digits and hyphens, such as authority-2, "
                f"never a name: {_of(field)}"
            )
    return Held("known", (text,)) if text else Held()


def _age(field: Field, posted: Shown, values: tuple[str, ...]) -> Held:
    dated = any(posted.text(name) for name in _DATED)
    number, unit = posted.text("number"), posted.text("unit")
    how = values[0] if values else ""
    if posted.chosen == field.shown.chosen and bool(number) is not dated:
        # One was emptied and the other filled in; the button still stands as it did.
        how = AGE if number else how if how != AGE else ""
    redated = any(_changed(field, posted, name) for name in _DATED)
    if (not how and dated) or (how == AGE and redated):
        raise WrongAnswerError(f"Select date of birth, date due or age: {_of(field)}")
    if how not in ("", AGE) and _changed(field, posted, "number"):
        raise WrongAnswerError(f"Select “Age”, or take the number away: {_of(field)}")
    if not how:
        return Held()
    if how != AGE:
        text = _date(field, posted)
        if not text:
            raise WrongAnswerError(f"Enter the date: {_of(field)}")
        return Held("known", (how, text))
    if not number:
        raise WrongAnswerError(f"Enter the age as a number: {_of(field)}")
    if unit not in dict(AGE_UNITS):
        raise WrongAnswerError(f"Select whether the age is in years, months or weeks: {_of(field)}")
    return Held("known", (AGE, _number(field, number, _OLDEST[unit]), unit))


def _changed(field: Field, posted: Shown, name: str) -> bool:
    return posted.text(name) not in ("", field.shown.text(name))


def _number(field: Field, text: str, most: int) -> str:
    if not text:
        return ""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise WrongAnswerError(f"Enter a number: {_of(field)}")
    if int(text) > most:
        raise WrongAnswerError(f"Enter a number of {most} or less: {_of(field)}")
    return str(int(text))


def _date(field: Field, posted: Shown) -> str:
    """The date that was typed, as far as it is known; "" if nothing was."""
    day, month, year = (posted.text(name) for name in ("day", "month", "year"))
    if not (day or month or year):
        return ""
    if not year or (day and not month):
        missing = "a year" if not year else "a month"
        raise WrongAnswerError(f"The date must include {missing}: {_of(field)}")
    for part in (day, month, year):
        if part and not (part.isascii() and part.isdigit() and len(part) <= 4):
            raise WrongAnswerError(f"Enter a real date: {_of(field)}")
    text = "-".join([f"{int(year):04}", *(f"{int(part):02}" for part in (month, day) if part)])
    if not EARLIEST_YEAR <= int(year) <= LATEST_YEAR:
        raise WrongAnswerError(f"Enter a year with four digits, such as 2024: {_of(field)}")
    try:
        return str(PartialDate.parse(text))
    except ValueError:
        raise WrongAnswerError(f"Enter a real date: {_of(field)}") from None


def _note(field: Field, posted: Shown) -> str:
    text = posted.text("note")
    if text == field.shown.text("note"):
        return "" if "!blank" in posted.chosen else field.held.note
    if CONTROL.search(text):
        raise WrongAnswerError(
            f"Remove the characters that cannot be seen from the note: {_of(field)}"
        )
    if len(text) > LONGEST_NOTE:
        raise WrongAnswerError(f"The note must be {LONGEST_NOTE} characters or fewer: {_of(field)}")
    return text


def _of(field: Field) -> str:
    return f"“{field.ask}”"


def _select(field: Field) -> str:
    return f"Select one of the answers: {_of(field)}"
