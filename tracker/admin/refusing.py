"""A form that says at its fields why what was typed was refused further in."""

from collections.abc import Mapping
from typing import Any, ClassVar


class RefusedFields:
    """Mixed into a form: adds the messages of `refusal.fields` (name -> sentences, "" = the whole form)."""

    refusal: ClassVar[Any] = None

    def full_clean(self) -> None:
        super().full_clean()  # type: ignore[misc]
        form: Any = self
        found: Mapping[str, list[str]] = self.refusal.fields if self.refusal and form.is_bound else {}
        for name, messages in found.items():
            known = name in form.fields
            form.add_error(name if known else None, messages if known or not name else _named(name, messages))


def _named(name: str, messages: list[str]) -> list[str]:
    """Return messages about something that has no field here, with its name in front."""
    return [f"{name.replace('_', ' ').capitalize()}: {message}" for message in messages]
