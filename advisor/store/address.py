"""Where the database is: read from a setting, and, for a file, made ready for us alone."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from advisor.problems import InputError, fault

DATABASE_SETTING = "ADVISOR_DATABASE_URL"
"""The environment variable that says where the database is."""

APPLICATION = "referral-triage-advisor"
"""The name of the folder of this application among those of the user."""

_FILE = "advisor.sqlite3"
_SQLITE = {"sqlite", "sqlite+pysqlite"}
_POSTGRESQL = {"postgres", "postgresql", "postgresql+psycopg"}
_FORMS = (
    "write it as sqlite:////folder/advisor.sqlite3 or as "
    "postgresql://user:password@server/database; leave it out for a file of your own"
)


@dataclass(frozen=True)
class Address:
    """A database: its URL for the driver, its file if it is SQLite, and the setting it is from."""

    url: URL = field(repr=False)
    file: Path | None
    setting: str
    is_default: bool = False

    @property
    def shown(self) -> str:
        """Where it is, for people: never a user name, a password or an option."""
        if self.file is not None:
            return str(self.file)
        port = f":{self.url.port}" if self.url.port else ""
        return f"postgresql://{self.url.host or ''}{port}/{self.url.database or ''}"

    def fault(self, message: str) -> InputError:
        """An InputError that names the setting, and where there is a file, the file."""
        return fault(self.setting, f"{self.file}: {message}" if self.file else message)

    def exists(self) -> bool:
        """Whether there is anything to open. Of a server that is not known before asking it."""
        return self.file is None or self.file.exists()

    def prepare(self) -> None:
        """Make the folder and the file if they are missing, for this user alone.

        Raises InputError if they cannot be made, or if the file cannot be written.
        """
        if self.file is None:
            return
        try:
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self.is_default:  # a folder that someone else named may be shared on purpose
                self.file.parent.chmod(0o700)
            # Never open a file that is there: to close it again would drop SQLite's locks on it.
            with contextlib.suppress(FileExistsError):
                os.close(os.open(self.file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
            if self.file.stat().st_mode & 0o077:
                with contextlib.suppress(PermissionError):  # another user's file, shared with us
                    self.file.chmod(0o600)
        except OSError as error:
            reason = error.strerror or "it cannot be made"
            raise self.fault(f"{reason}; name a file in a folder that you may write to") from None
        if not self.file.is_file():
            raise self.fault("this is not a file; name a file, which will be made if it is missing")
        # Without effective_ids the answer would be about the user who started the process.
        ids = os.access in os.supports_effective_ids
        for path in (self.file, self.file.parent):
            if not os.access(path, os.W_OK, effective_ids=ids):
                raise self.fault("it cannot be written; change who may write to it and its folder")


def address_of(url: str | None, setting: str = DATABASE_SETTING) -> Address:
    """The database that a setting names, or this user's own file; raises InputError."""
    if url is None or not url.strip():
        from platformdirs import user_data_path

        file = user_data_path(APPLICATION, appauthor=False) / _FILE
        return Address(URL.create("sqlite", database=str(file)), file, setting, is_default=True)
    try:
        read = make_url(url.strip())
    except (ArgumentError, ValueError):  # the message of either may show a password
        raise fault(setting, f"this is not the address of a database; {_FORMS}") from None
    if read.drivername in _SQLITE:
        return _file_address(read, setting)
    if read.drivername in _POSTGRESQL:
        return Address(read.set(drivername="postgresql+psycopg"), None, setting)
    raise fault(setting, f"only SQLite and PostgreSQL can be used; {_FORMS}")


def _file_address(url: URL, setting: str) -> Address:
    if url.host or url.query or not url.database or url.database.startswith((":memory:", "file:")):
        raise fault(setting, f"this names no file; {_FORMS}")
    file = Path(url.database).absolute()
    return Address(URL.create("sqlite", database=str(file)), file, setting)
