"""The web application, for `uvicorn api:app`."""

from __future__ import annotations

from advisor.web.app import app

__all__ = ["app"]
