"""What a value in a file may be, and how a wrong one is refused."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, GetJsonSchemaHandler
from pydantic_core import CoreSchema

from sim.settings.hints import did_you_mean
from sim.settings.validate import refuse
from sim.specification.levels import known_levels, level_hint
from sim.specification.services import known_services

_ID = re.compile(r"[a-z][a-z0-9_]*")
_MONTH = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])")


def _id(text: str) -> str:
    if not _ID.fullmatch(text):
        fixed = re.sub(r"\W+", "_", text.strip().lower())
        raise refuse(f'wants lower-case letters, digits and underscores, got "{text}"', f"write `{fixed}`")
    return text


def _april(text: str) -> str:
    if not _MONTH.fullmatch(text):
        raise refuse(f'wants a month such as 2013-04, got "{text}"', "write year and month: `2013-04`")
    if not text.endswith("-04"):
        raise refuse(f"wants an April, got {text}", f"plans are set each April; write `{text[:4]}-04`")
    return text


def _level(text: str) -> str:
    if text not in known_levels():
        raise refuse(f'wants a level, got "{text}"', level_hint(text))
    return text


def _service(text: str) -> str:
    if text not in known_services():
        hint = did_you_mean(text, known_services(), listing="see `sim explain services`; they are")
        raise refuse(f'wants the id of a modelled service, got "{text}"', hint)
    return text


def _unlike(items: list[str]) -> list[str]:
    twice = sorted({item for item in items if items.count(item) > 1})
    if twice:
        raise refuse(f"names {', '.join(twice)} more than once", "keep one")
    return items


def _every(value: Any) -> Any:
    return list(known_services()) if value == "all" else value


@dataclass(frozen=True)
class Words:
    """Tell editors which words the data tables allow; the tables are read when a schema is asked for."""

    known: Callable[[], Iterable[str]]

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(core), "enum": list(self.known())}


@dataclass(frozen=True)
class Shorthand:
    """Tell editors that another form is accepted beside the full one."""

    schema: tuple[tuple[str, Any], ...]

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [dict(self.schema), handler(core)]}


Id = Annotated[str, AfterValidator(_id)]
April = Annotated[str, AfterValidator(_april)]
Level = Annotated[str, AfterValidator(_level), Words(known_levels)]
Service = Annotated[str, AfterValidator(_service), Words(known_services)]
Unlike = AfterValidator(_unlike)
Services = Annotated[list[Service], Unlike, BeforeValidator(_every), Shorthand((("const", "all"),))]


class FileModel(BaseModel):
    """A part of a file: unknown keys are refused and nothing is converted silently."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)
