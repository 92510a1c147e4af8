"""The matrix of a regime file: who holds what, key by key."""

from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, TypeAdapter, ValidatorFunctionWrapHandler, WrapValidator, model_validator

from sim.governance.matrix import Lead
from sim.settings.validate import quoted, refuse
from sim.specification.kinds import FileModel, Level, Service, Shorthand, Unlike


def _holder(value: Any) -> Any:
    return {"holder": value} if isinstance(value, str) else value


class HolderFile(FileModel):
    """Who holds a function, with whom it is shared, and where."""

    holder: Level = Field(description="The level whose units hold the function")
    partner: Level | None = Field(default=None, description="The level whose units share the function with the holder")
    lead: Lead | None = Field(
        default=None, description="Who leads where a function is shared: the holder unless said; none is no clear lead"
    )
    where: dict[Level, Annotated[list[str], Unlike, Field(min_length=1)]] | None = Field(
        default=None,
        min_length=1,
        description="The units, by level, by code or name, in whose places alone this holds: {icb_2022: [QHG, QM7]}",
    )
    elsewhere: "Holder | None" = Field(default=None, description="Who holds the function in all other places")
    as_one: bool = Field(
        default=False, description="Whether all who hold the function in the places of `where` act as one body"
    )

    @property
    def held_at(self) -> str:
        """Return the level on the holder's side: where the money is pooled, otherwise the holder's."""
        return getattr(self, "pooled_at", None) or self.holder

    def _plain(self) -> "HolderFile":
        """Return the same cell without its places."""
        return self.model_copy(update={"where": None, "elsewhere": None})

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.lead is not None and self.partner is None:
            raise refuse("names a lead but no partner", "add `partner: LEVEL`, or leave `lead` out")
        if self.partner == self.held_at:
            raise refuse(f"is shared by {self.partner} with itself", "name another level as `partner`, or none")
        if self.where is not None and self.elsewhere is None:
            raise refuse("holds in some places and says nothing of the others", "add `elsewhere: LEVEL`")
        if self.elsewhere is not None and self.where is None:
            raise refuse("says who holds elsewhere but not where", "add `where: {LEVEL: [units]}`")
        if self.where is not None and self.as_one is False and self.elsewhere == self._plain():
            raise refuse("holds alike in and outside `where`", "add `as_one: true`, or name another level")
        if self.as_one and self.where is None:
            raise refuse("acts as one but does not say where", "add `where: {LEVEL: [units]}` and `elsewhere: LEVEL`")
        return self


class MoneyFile(HolderFile):
    """Whose money it is, with whom it is shared, where, and where it is pooled when that is another level."""

    pooled_at: Level | None = Field(
        default=None, description="The level at which the money is pooled and spent, if not the holder's"
    )
    elsewhere: "Money | None" = Field(default=None, description="Whose money pays in all other places")


_LEVEL_ALONE = Shorthand((("type", "string"), ("description", "The level that holds the function")))
Holder = Annotated[HolderFile, BeforeValidator(_holder), _LEVEL_ALONE]
Money = Annotated[MoneyFile, BeforeValidator(_holder), _LEVEL_ALONE]
HolderFile.model_rebuild()
MoneyFile.model_rebuild()


class RowFile(FileModel):
    """The four functions of one group of services."""

    policy: Holder = Field(description="Who decides which treatments are routinely funded, to what threshold")
    budget: Money = Field(description="Whose money pays, and where it is pooled")
    contracting: Holder = Field(description="Who plans, contracts and pays providers")
    cases: Holder = Field(description="Who decides individual funding requests")


class ListedFile(RowFile):
    """A row for services by name, whatever their group."""

    services: Annotated[list[Service], Unlike] = Field(min_length=1, description="Ids of the services")


_SEVERAL = TypeAdapter(Annotated[list[ListedFile], Field(min_length=1)])


def _row_or_rows(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    """Validate by the form that was written, so that a problem stands where its author wrote it."""
    if isinstance(value, dict):
        return ListedFile.model_validate(value)
    if isinstance(value, list):
        return _SEVERAL.validate_python(value)
    if value is None:
        return None
    raise refuse(
        f"wants a row, or a list of rows, got {quoted(value)}", "write `{services: [...], policy: LEVEL, ...}`"
    )


class MatrixFile(FileModel):
    """Who holds each function, for each group of services."""

    highly_specialised: RowFile = Field(description="The rarest services, planned nationally in 2022")
    specialised_retained: RowFile = Field(description="Specialised services that the 2022 plan retains")
    specialised_delegable: RowFile = Field(description="Specialised services that the 2022 plan delegates")
    listed: Annotated[ListedFile | list[ListedFile] | None, WrapValidator(_row_or_rows)] = Field(
        default=None, description="Services that depart from their group's row: one row, or a list of rows"
    )

    @property
    def listed_rows(self) -> dict[str, ListedFile]:
        """Return the rows of listed services by where they stand in the file: matrix.listed, or matrix.listed[0]."""
        if isinstance(self.listed, list):
            return {f"matrix.listed[{index}]": row for index, row in enumerate(self.listed)}
        return {"matrix.listed": self.listed} if self.listed is not None else {}
