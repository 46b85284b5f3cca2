"""How a fact is held: known, or unknown for a reason; and lists that may have missing members."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
    StrictBool,
    StringConstraints,
    WithJsonSchema,
    model_serializer,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from advisor.dates import EARLIEST_YEAR, LATEST_YEAR, PartialDate
from advisor.document import CONTROL
from advisor.schemas import bare_or_held, readable

T = TypeVar("T")


class UnknownReason(StrEnum):
    """Why a fact is not known. An absent key or null is ``not_recorded``."""

    NOT_RECORDED = "not_recorded"
    NOT_ASKED = "not_asked"
    ASKED_NOT_KNOWN = "asked_not_known"
    DECLINED = "declined"
    AWAITING = "awaiting"
    WITHHELD = "withheld"
    CONFLICTING = "conflicting"

    @property
    def words(self) -> str:
        """The reason as a reader of advice is told it."""
        return _REASON_WORDS[self]


_REASON_WORDS = {
    UnknownReason.NOT_RECORDED: "not recorded",
    UnknownReason.NOT_ASKED: "not asked",
    UnknownReason.ASKED_NOT_KNOWN: "asked, but not known",
    UnknownReason.DECLINED: "declined to say",
    UnknownReason.AWAITING: "an answer is awaited",
    UnknownReason.WITHHELD: "withheld",
    UnknownReason.CONFLICTING: "accounts conflict",
}


class Model(BaseModel):
    """A part of a snapshot: nothing extra is accepted and no error repeats what was given."""

    model_config = ConfigDict(
        extra="forbid", hide_input_in_errors=True, populate_by_name=True, strict=False
    )

    @classmethod
    def model_json_schema(cls, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The JSON Schema (2020-12) of what may be written; arguments as pydantic's own."""
        return readable(super().model_json_schema(*args, **kwargs))


# A year alone is a whole number in YAML unless it is quoted.
_DATE_SCHEMA: JsonSchemaValue = {
    "anyOf": [
        {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"},
        {"type": "integer", "minimum": EARLIEST_YEAR, "maximum": LATEST_YEAR},
    ]
}


class _DateAnnotation:
    """Lets pydantic read a :class:`PartialDate` from its text, or a year from a whole number."""

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[PartialDate], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls.read, serialization=core_schema.to_string_ser_schema()
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return _DATE_SCHEMA

    @staticmethod
    def read(value: object) -> PartialDate:
        if isinstance(value, PartialDate):
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            raise PydanticCustomError("date", "write a date as YYYY-MM-DD, YYYY-MM or YYYY")
        try:
            return PartialDate.parse(value)
        except ValueError as error:
            raise PydanticCustomError("date", "{why}", {"why": str(error)}) from None


def _none_or_date(value: object) -> object:
    return value if value == "none" else _DateAnnotation.read(value)


def _readable(text: str) -> str:
    if CONTROL.search(text):
        raise PydanticCustomError("text", "a control character stands here; remove it")
    return text


Date = Annotated[PartialDate, _DateAnnotation]
DateOrNone = Annotated[
    PartialDate | Literal["none"],
    BeforeValidator(_none_or_date),
    PlainSerializer(str, return_type=str),
    WithJsonSchema(
        {
            "description": "a date, or the word none: it has not happened",
            "anyOf": [*_DATE_SCHEMA["anyOf"], {"const": "none"}],
        }
    ),
]
Bool = StrictBool
Count = Annotated[int, Field(strict=True, ge=0, le=100_000)]
Number = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]
Identifier = Annotated[
    str, StringConstraints(strict=True, pattern=r"^[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?$")
]
Text = Annotated[
    str, StringConstraints(strict=True, min_length=1, max_length=2000), AfterValidator(_readable)
]


class _Held(Model):
    """What any fact or list may carry beside its value: why unknown, and where it came from."""

    unknown: UnknownReason | None = None
    note: Text | None = None
    known_on: Date | None = None
    known_to: tuple[Identifier, ...] | None = None
    source: Identifier | None = Field(default=None, alias="from")

    @property
    def is_known(self) -> bool:
        """Whether a value is held."""
        return self.unknown is None

    @property
    def provenance(self) -> dict[str, Any]:
        held = {
            "note": self.note,
            "known_on": None if self.known_on is None else str(self.known_on),
            "known_to": None if self.known_to is None else sorted(self.known_to),
            "from": self.source,
        }
        return {key: value for key, value in held.items() if value is not None}


class Fact(_Held, Generic[T]):
    """A fact: its value, or the reason why it is unknown, and optionally its provenance.

    Written as the bare value, ``null``, ``{unknown: reason}`` or ``{value: ..., known_on: date,
    known_to: [agency], from: agency}``.
    """

    value: T | None = None

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, data: object) -> object:
        if isinstance(data, Mapping):
            if "value" not in data and "unknown" not in data:
                raise PydanticCustomError(
                    "fact", "write the value itself, or {unknown: reason}, or {value: ...}"
                )
            if data.get("value") is not None and data.get("unknown") is not None:
                raise PydanticCustomError("fact", "a fact is known or unknown: give one of the two")
            known = data.get("value") is not None or data.get("unknown") is not None
            return data if known else {**data, "unknown": UnknownReason.NOT_RECORDED}
        if isinstance(data, Fact):
            return data
        if data is None:
            return {"unknown": UnknownReason.NOT_RECORDED}
        return {"value": data}

    @model_serializer(mode="wrap")
    def _plain(self, handler: Any) -> Any:
        held = self.provenance
        if self.unknown is not None:
            return {"unknown": self.unknown.value, **held}
        value = handler(self)["value"]
        return {"value": value, **held} if held else value

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return bare_or_held(handler.resolve_ref_schema(handler(schema)), "value")


class Listing(_Held, Generic[T]):
    """A list that says whether it is complete.

    ``[...]`` is complete; ``{complete: false, items: [...]}`` may have missing members; null or
    an absent key is unknown and open, as is ``{unknown: reason}``.
    """

    items: tuple[T, ...] = ()
    complete: StrictBool = False

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, data: object) -> object:
        if isinstance(data, list | tuple):
            return {"items": data, "complete": True}
        if isinstance(data, Listing):
            return data
        if data is None:
            return {"unknown": UnknownReason.NOT_RECORDED}
        if isinstance(data, Mapping):
            if data.get("unknown") is not None:
                if data.get("items") or data.get("complete"):
                    raise PydanticCustomError(
                        "list", "an unknown list has no items: write {complete: false, items: ...}"
                    )
                return data
            if "items" in data and isinstance(data["items"], list | tuple):
                return {"complete": True, **data}
        raise PydanticCustomError(
            "list", "write a list, or {complete: false, items: [...]}, or {unknown: reason}"
        )

    @model_serializer(mode="wrap")
    def _plain(self, handler: Any) -> Any:
        held = self.provenance
        if self.unknown is not None:
            return {"unknown": self.unknown.value, **held}
        items = handler(self)["items"]
        if self.complete and not held:
            return items
        return {"complete": self.complete, "items": items, **held}

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return bare_or_held(handler.resolve_ref_schema(handler(schema)), "items")


def not_recorded_fact() -> Fact[Any]:
    """A fact about which nothing is recorded."""
    return _NO_FACT


def not_recorded_list() -> Listing[Any]:
    """A list about which nothing is recorded: unknown, and open."""
    return _NO_LIST


_NO_FACT: Fact[Any] = Fact[Any].model_construct(
    value=None, unknown=UnknownReason.NOT_RECORDED, note=None, known_on=None, known_to=None
)
_NO_LIST: Listing[Any] = Listing[Any].model_construct(
    items=(), complete=False, unknown=UnknownReason.NOT_RECORDED, note=None, known_on=None
)
