"""The commands about reviews: what each teaches, and whether the citations of it hold."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from pathlib import Path

from advisor.commands.shared import AT_FAULT, DONE, complain, counted, pack_of
from advisor.language.documents import Finding, Review
from advisor.pack import Pack
from advisor.page import Page
from advisor.problems import fault, suggestion
from advisor.rendering import places

_STATUS = {
    "encoded": "encoded",
    "partly": "partly encoded",
    "not_promptable": "not promptable",
    "pending": "pending",
}


def list_reviews(options: Namespace) -> int:
    """Print each review with how many of its findings are encoded."""
    pack, page = pack_of(options), Page()
    for number, review in enumerate(pack.reviews.values()):
        if number:
            page.gap()
        page.text(review.title, label=f"{review.id}: ", hang=2)
        page.text(f"{review.publisher}, {review.published}.", indent=2)
        page.text(_tally(review), indent=2)
    return DONE


def _tally(review: Review) -> str:
    counts = Counter[str](finding.status for finding in review.findings)
    told = [f"{counts[status]} {name}" for status, name in _STATUS.items() if counts[status]]
    return f"{len(review.findings)} findings: {', '.join(told)}."


def show(options: Namespace) -> int:
    """Print each finding of a review, its status, and the rules that carry it."""
    pack = pack_of(options)
    review = pack.reviews.get(options.review)
    if review is None:
        near = suggestion(options.review, pack.reviews)
        raise fault("review", f"there is no review {options.review}.{near}")
    page = Page()
    page.text(review.title)
    page.text(f"{review.publisher}, {review.published}.")
    if review.scope is not None:
        page.text(review.scope)
    page.text(_tally(review))
    for finding in review.findings:
        page.gap()
        _write_finding(page, finding, pack)
    if review.contradictions:
        page.heading("Where the review disagrees with itself")
        for each in review.contradictions:
            page.item(f"{places(each.at)}: {each.says}", indent=2)
    return DONE


def _write_finding(page: Page, finding: Finding, pack: Pack) -> None:
    notes = [
        _STATUS[finding.status],
        "implied by the review" if finding.basis == "implied" else "",
        "praised by the review" if finding.praise else "",
    ]
    page.text(
        f"{places(finding.at)} ({', '.join(note for note in notes if note)})",
        label=f"{finding.id}: ",
        hang=2,
    )
    page.text(finding.finding, indent=2)
    if finding.why is not None:
        page.text(finding.why, indent=2, label="Why: ", hang=2)
    carrying = [rule for rule in pack.rules.values() if finding.id in rule.sources]
    for rule in carrying:
        note = "" if rule.status == "active" else f" ({rule.status})"
        page.text(f"{rule.title}{note}", indent=2, label=f"Rule {rule.id}: ", hang=2)
    if not carrying and finding.status in ("encoded", "partly"):
        page.text("No rule carries it yet.", indent=2)


def verify(options: Namespace) -> int:
    """Check the citations, and that no rule or scenario has words in a row from a review."""
    from advisor.citations import WORDS_SHARED, copied, problems

    pack = pack_of(options)
    written = _written(pack, options)
    found = sorted([*problems(pack, options.texts), *copied(pack, written, options.texts)])
    for problem in found:
        complain(str(problem))
    if found:
        return AT_FAULT
    findings = counted(sum(len(review.findings) for review in pack.reviews.values()), "finding")
    reviews = counted(len(pack.reviews), "review")
    print(f"{findings} of {reviews}: every cited place is there.")
    print(f"{counted(len(written), 'file')}: none has {WORDS_SHARED} words in a row from a review.")
    return DONE


def _written(pack: Pack, options: Namespace) -> list[str]:
    """Every file of the pack, of what stands beside it, and of the scenarios."""
    from advisor.data import rules_folder, scenarios_folder

    documents = {origin.document.source for origin in pack.origins.values()}
    folders = (options.pack or rules_folder(), options.scenarios or scenarios_folder())
    kinds = ("*.yaml", "*.md")
    files = {str(path) for folder in folders for kind in kinds for path in folder.rglob(kind)}
    return sorted(documents | files)


def fill_in(options: Namespace) -> int:
    """Write missing fingerprints into the review files; stale ones too if asked to renew."""
    from advisor.citations import cited_findings, filled_in, misplaced

    pack = pack_of(options)
    found = [
        problem
        for review in pack.reviews.values()
        for problem in misplaced(pack, review, options.texts)
    ]
    written = 0
    for review in pack.reviews.values():
        origin = pack.origins[review.id]
        missing = []
        for cited in cited_findings(pack, review, options.texts):
            was = cited.finding.fingerprint
            if was is None or (options.renew and was != cited.fingerprint):
                missing.append(cited)
            elif was != cited.fingerprint:
                message = "the text is not as it was: read it again, then use --renew"
                found.append(origin.problem((*cited.path, "fingerprint"), message))
        if missing:
            path = Path(origin.document.source)
            path.write_text(filled_in(origin, missing), encoding="utf-8", newline="")
            written += len(missing)
    print(f"{counted(written, 'fingerprint')} written.")
    for problem in sorted(found):
        complain(str(problem))
    return AT_FAULT if found else DONE
