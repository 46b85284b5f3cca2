"""Writes the parts of the documentation that come from the product itself.

``python -m docs.generate`` rewrites whatever stands between ``<!-- generated: NAME -->`` and
``<!-- end -->`` in README.md and docs/. A test fails where such a part is not as it would be now.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from advisor import cli
from advisor.advise import advise
from advisor.pack import load
from advisor.problems import InputError
from advisor.reading import read_text
from advisor.snapshot import Snapshot
from docs import stories, tables

ROOT = Path(__file__).resolve().parents[1]
CUT = "[...]"
ADVISE_CASE = "scenarios/reviews/jack/2017-05-facial-mark.yaml"

BLOCK = re.compile(r"(<!-- generated: (?P<what>.+?) -->\n)(?P<made>.*?)(<!-- end -->)", re.DOTALL)
FENCE = re.compile(r"^```(?P<kind>[^\n]*)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
_YAML = re.compile(r"^```yaml[^\n]*\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_FENCED = "```{kind}\n{text}\n```\n"


def pages() -> list[Path]:
    """README.md, CHANGELOG.md and every page of docs/."""
    tops = [ROOT / "README.md", ROOT / "CHANGELOG.md"]
    return [*tops, *sorted((ROOT / "docs").rglob("*.md"))]


def regenerated(text: str) -> str:
    """The text of a page with each generated part as it is now."""

    def made(found: re.Match[str]) -> str:
        return f"{found[1]}{part(found['what'], text[: found.start()])}{found[4]}"

    return BLOCK.sub(made, text)


def part(what: str, before: str) -> str:
    """One generated part by its name and argument; ``before`` is the page down to it."""
    name, _, argument = what.partition(": ")
    if name.startswith("console"):
        return console(argument, name.removeprefix("console").strip())
    if name in _OF_YAML:
        return _OF_YAML[name](_YAML.findall(before)[-1])
    if name in stories.PARTS:
        return stories.PARTS[name](*argument.split())
    if name == "make advise":
        return make_advise()
    return tables.TABLES[name]()


def run(command: str) -> str:
    """What a command of ours prints, standard error included, run from the top folder.

    Raises RuntimeError if the command fails: nothing is shown that is not so.
    """
    program, *arguments = shlex.split(command)
    if program != "advisor":
        raise ValueError(f"only commands of advisor are run here, not {program}")
    said = io.StringIO()
    with contextlib.chdir(ROOT), contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = cli.main(arguments)
    if code != 0:
        raise RuntimeError(f"`{command}` ended with {code}: {said.getvalue()}")
    return said.getvalue().rstrip("\n")


def console(command: str, lines: str = "") -> str:
    """A command and what it prints; ``lines``, such as ``1-9``, cuts it."""
    text = run(command)
    if lines:
        first, last = (int(each) for each in lines.split("-"))
        every = text.split("\n")
        kept = every[first - 1 : last]
        text = "\n".join([*([CUT] if first > 1 else []), *kept, *([CUT] * (last < len(every)))])
    return _FENCED.format(kind="console", text=f"$ {command}\n{text}")


def make_advise() -> str:
    """What ``make advise`` prints: the first prompt, the first question, and what was not seen."""
    lines = run(f"advisor check {ADVISE_CASE}").split("\n")
    asked, silent = lines.index("Ask next"), lines.index("Not looked at")
    kept = [
        lines[0],
        CUT,
        "",
        *lines[lines.index("Prompts") : _first(lines, " " * 14 + "Also ")],
        CUT,
        "",
        *lines[asked : _first(lines, "2. ", asked)],
        CUT,
        "",
        *lines[silent : _first(lines, "  - ", silent)],
        CUT,
    ]
    return _FENCED.format(kind="console", text="\n".join(["$ make advise", *kept]))


def _first(lines: list[str], start: str, after: int = 0) -> int:
    return next(n for n, line in enumerate(lines) if n > after and line.startswith(start))


def refusal(text: str) -> str:
    """What the advisor says of a snapshot at fault."""
    try:
        Snapshot.from_document(read_text(text, "case.yaml"))
    except InputError as error:
        said = "\n".join(str(problem) for problem in error.problems)
        return _FENCED.format(kind="console", text=f"$ advisor check case.yaml\n{said}")
    raise ValueError("this snapshot was to be refused, and is not")


def rule_refusal(text: str) -> str:
    """What the advisor says of a rule at fault, on its own: its form, before it meets a pack."""
    from advisor.language.documents import Rule
    from advisor.language.validation import make

    source = "rules/unseen-child/who-sees-the-child.yaml"
    try:
        document = read_text(text, source)
        make(Rule, document, document.data)
    except InputError as error:
        said = "\n".join(str(problem) for problem in error.problems)
        return _FENCED.format(kind="console", text=f"$ advisor rules lint\n{said}")
    raise ValueError("this rule was to be refused, and is not")


def problem_details(text: str) -> str:
    """The answer of the API to a snapshot at fault."""
    from starlette.testclient import TestClient

    from advisor.web.app import create_app

    with TestClient(
        create_app(), base_url="http://127.0.0.1:8000", client=("127.0.0.1", 50000)
    ) as client:
        kind = {"Content-Type": "application/yaml"}
        answer = client.post("/v1/advice", content=text.encode(), headers=kind)
    head = f"HTTP/1.1 {answer.status_code}\nContent-Type: {answer.headers['content-type']}\n"
    body = json.dumps(answer.json(), indent=2, ensure_ascii=False)
    return _FENCED.format(kind="http", text=f"{head}\n{body}")


def advice(text: str) -> str:
    """The advice on a snapshot as JSON: each list cut to its first entry, hashes left out."""
    snapshot = Snapshot.from_document(read_text(text, "case.yaml"))
    found = advise(snapshot, load(), plain=True).model_dump(mode="json", exclude_defaults=False)
    found["snapshot_sha256"] = found["pack"]["sha256"] = CUT
    found["engine"]["inference"] = "durable-rules 2.0.28"
    for name in ("prompts", "questions", "not_evaluated"):
        found[name] = found[name][:1]
    for prompt in found["prompts"]:
        for name in ("because", "unknown", "sources"):
            prompt[name] = prompt[name][:1]
        for because in prompt["because"]:
            because["facts"] = because["facts"][:1]
    for group in found["not_evaluated"]:
        group["unknown"] = group["unknown"][:1]
    return _FENCED.format(kind="json", text=_compact(found))


def _compact(data: Any) -> str:
    """JSON with one line for each list of short values."""
    text = json.dumps(data, indent=2, ensure_ascii=False)
    return re.sub(
        r"\[\s*([^\[\]{}]{1,70}?)\s*\]",
        lambda found: f"[{' '.join(found[1].split())}]" if "\n" in found[0] else found[0],
        text,
    )


_OF_YAML: dict[str, Callable[[str], str]] = {
    "refusal": refusal,
    "rule refusal": rule_refusal,
    "problem details": problem_details,
    "advice": advice,
}
"""Parts that are made from the YAML that stands before them on the page."""


def main() -> int:
    """Rewrite the pages that have changed, and name them."""
    for page in pages():
        text = page.read_text(encoding="utf-8")
        new = regenerated(text)
        if new != text:
            page.write_text(new, encoding="utf-8", newline="\n")
            print(f"{page.relative_to(ROOT)}: brought up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main())
