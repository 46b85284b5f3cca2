"""The advisor beside other rule engines, in one interleaved run: ``python -m benchmarks``."""

from __future__ import annotations
