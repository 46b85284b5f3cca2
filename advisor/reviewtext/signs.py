"""The signs by which a line of a review shows what it begins."""

from __future__ import annotations

import re

SECTION = re.compile(r"(\d{1,2})(?:\.\s*$|\.?\s+(?=[A-Z‘“\"'])(.*))")
LISTED = re.compile(r"(\d{1,2})[.)]\s+\S")
ROMAN = re.compile(r"([ivx]+)\.(?:\s+(.*)|$)")
RECOMMENDATION = re.compile(r"Recommendation\s+(\d{1,2})\b\s*[:.–-]?\s*((?:[A-Z‘“].*)?)")
FINDING = re.compile(r"(FINDING|Finding)\s+(\d{1,2})\s*[:.–-]\s*((?:\S.*)?)")
LEARNING = re.compile(r"(?i)(key\s+)?(learning|learnings|lessons?)\b[^.;?]{0,40}")
QUESTIONS = re.compile(r"(?i)((reflective|key)\s+)?questions?\s+(for|to)\b[^.;?]{0,80}")
BACK = re.compile(r"(?i)(glossary|references|bibliography|abbreviations)( of .*)?")
CONTENTS = re.compile(r"(?i)(table of )?contents( page)?")
CATEGORY = re.compile(r"\(\w+ [^()]*\)$")
ASKED = re.compile(r"(How|What|Why|Introduction|In what way)\b")
# After one of these a number at the start of a line is a reference that happened to wrap; after one
# of the weaker ones it is, unless it is the only place the number stands.
CUE = re.compile(r"(?i)(?:^|[\s(])(?:paragraphs?|paras?\.?|sections?|see)$")
WEAK = re.compile(
    r"(?i)(?:^|\s)(?:at|in|and|or|to|of|from|under|pages?|pp?\.|by|with"
    r"|findings?|recommendations?)$|[,(]$"
)
SKIP = 3  # how far numbering may jump: reviews lose a number now and then
HEADS = 3  # lines a heading may run over


def follows(now: tuple[int, ...], then: tuple[int, ...]) -> bool:
    """Whether `then` can be the next paragraph number after `now`."""
    for i, n in enumerate(then):
        have = now[i] if i < len(now) else 0
        if n != have:
            return have < n <= have + SKIP and all(rest <= 2 for rest in then[i + 1 :])
    return False
