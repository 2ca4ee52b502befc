"""A table of a TOML file, read key by key; what is wrong is told by file, table and key, all at once."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any


class MappingError(Exception):
    """A mapping file that cannot be used: a sentence for each fault."""

    def __init__(self, sentences: Iterable[str]) -> None:
        self.sentences = list(sentences)
        super().__init__("\n".join(self.sentences))


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a question with the known name that is most like this one, or nothing."""
    found = get_close_matches(name, list(known), n=1)
    return f" Did you mean {found[0]!r}?" if found else ""


class Node:
    """One table: each method takes a key and returns its value, or a blank one after noting what is wrong."""

    def __init__(self, data: Mapping[str, Any], *, path: str, file: str, faults: list[str]) -> None:
        self.data, self.path, self.file, self.faults = data, path, file, faults
        self._asked: set[str] = set()

    def has(self, key: str) -> bool:
        """Return whether the table has this key."""
        return key in self.data

    def fault(self, key: str, sentence: str) -> None:
        """Note a fault at a key."""
        place = ".".join(part for part in (self.path, key) if part)
        self.faults.append(f"{self.file}: {place}: {sentence}")

    def text(self, key: str, *, default: str = "", needed: bool = False) -> str:
        """Return a text."""
        value = self._value(key, str, "a text in quotation marks", default, needed=needed)
        if needed and value == "" and key in self.data:
            self.fault(key, "This may not be empty.")
        return value

    def number(self, key: str, *, default: int = 0, least: int = 0) -> int:
        """Return a whole number of at least `least`."""
        value = self._value(key, int, "a whole number", default)
        if value < least:
            self.fault(key, f"At least {least}; this is {value}.")
            return default
        return value

    def flag(self, key: str) -> bool:
        """Return true or false, false when absent."""
        return self._value(key, bool, "true or false", False)

    def choice(self, key: str, options: Iterable[str], *, default: str) -> str:
        """Return one of a few words."""
        value, known = self.text(key, default=default), list(options)
        if value not in known:
            self.fault(key, f"{value!r} is not one of {', '.join(known)}.{nearest(value, known)}")
            return default
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; a single text counts as a list of one."""
        self._asked.add(key)
        value = self.data.get(key, [])
        found = [value] if isinstance(value, str) else value
        if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
            self.fault(key, f'Expected a list of texts like ["a", "b"]; this is {_said(value)}.')
            return ()
        return tuple(found)

    def texts_by_name(self, key: str) -> dict[str, str]:
        """Return a table of texts."""
        value = self._value(key, dict, 'a table like { "a" = "b" }', {})
        for name in (name for name, item in value.items() if not isinstance(item, str)):
            self.fault(f"{key}.{name}", f"Expected a text in quotation marks; this is {_said(value[name])}.")
        return {name: item for name, item in value.items() if isinstance(item, str)}

    def lists_by_name(self, key: str) -> dict[str, tuple[str, ...]]:
        """Return a table of texts or lists of texts, all as lists."""
        value = self._value(key, dict, 'a table like { "Column" = ["value"] }', {})
        inner = Node(value, path=f"{self.path}.{key}".strip("."), file=self.file, faults=self.faults)
        return {name: inner.texts(name) for name in value}

    def table(self, key: str, *, needed: bool = False) -> "Node":
        """Return a table below this one, empty when absent."""
        return self._below(key, self._value(key, dict, f"a table [{key}]", {}, needed=needed))

    def tables(self, key: str) -> list["Node"]:
        """Return a list of tables below this one."""
        value = self._value(key, list, f"tables [[{key}]]", [])
        if not all(isinstance(item, dict) for item in value):
            self.fault(key, f"Expected tables [[{key}]].")
            return []
        return [self._below(f"{key}.{number}", item) for number, item in enumerate(value, start=1)]

    def done(self) -> None:
        """Note every key that nobody asked for."""
        for key in self.data:
            if key not in self._asked:
                self.fault(key, f"There is no such key here.{nearest(key, self._asked)}")

    def _below(self, key: str, data: Mapping[str, Any]) -> "Node":
        return Node(data, path=f"{self.path}.{key}".strip("."), file=self.file, faults=self.faults)

    def _value(self, key: str, kind: type, expected: str, default: Any, *, needed: bool = False) -> Any:
        self._asked.add(key)
        if key not in self.data:
            if needed:
                self.fault(key, f"This key is missing; expected {expected}.")
            return default
        value = self.data[key]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.fault(key, f"Expected {expected}; this is {_said(value)}.")
            return default
        return value


def _said(value: Any) -> str:
    return repr(value)[:60]
