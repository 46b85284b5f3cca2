"""The commands that advise on cases: check and ask."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from typing import TYPE_CHECKING

from advisor.commands.shared import (
    AT_FAULT,
    DONE,
    OUR_FAULT,
    STDIN,
    complain_of,
    our_fault,
    pack_of,
    read_case,
)
from advisor.problems import InputError

if TYPE_CHECKING:
    from advisor.advice import Advice


def check(options: Namespace) -> int:
    """Advise on each file; one that is at fault is reported, and the others still advised."""
    from advisor.advise import advise

    pack = pack_of(options)
    titles = {rule.id: rule.title for rule in pack.rules.values()}
    write = _as_json if options.format == "json" else _as_text(titles, everything=options.all)
    worst = DONE
    for name in options.files:
        try:
            write(advise(read_case(name), pack))
        except InputError as error:
            complain_of(error)
            worst = worst or AT_FAULT
        except BrokenPipeError:
            raise
        except Exception as error:  # the others are still advised
            our_fault(error, STDIN if name == "-" else name)
            worst = OUR_FAULT
    return worst


def _as_json(advice: Advice) -> None:
    print(advice.model_dump_json())


def _as_text(titles: dict[str, str], *, everything: bool) -> Callable[[Advice], None]:
    from advisor.page import Page
    from advisor.report import write_advice

    page = Page()
    written = 0

    def write(advice: Advice) -> None:
        nonlocal written
        if written:
            page.gap()
            page.rule()
        written += 1
        write_advice(page, advice, titles, everything=everything)

    return write


def ask(options: Namespace) -> int:
    """Print the questions worth asking next about one case."""
    from advisor.advise import advise
    from advisor.page import Page
    from advisor.report import write_questions

    pack = pack_of(options)
    advice = advise(read_case(options.file), pack)
    titles = {rule.id: rule.title for rule in pack.rules.values()}
    write_questions(Page(), advice, titles, everything=options.all)
    return DONE
