"""Prompts for whoever decides on a child safeguarding referral: never scores, never decisions."""

from __future__ import annotations

__version__ = "0.1.0"
