"""Protobuf's wire format, read as far as Anki's packages need it.

A message is a run of fields, each a key (number and kind) and a value; what the numbers mean only
the reader knows (https://protobuf.dev/programming-guides/encoding). Unknown fields are kept and
cost nothing; groups, which nobody has written since 2008, are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_FIXED = {_FIXED64: 8, _FIXED32: 4}
_GREATEST_NUMBER = (1 << 29) - 1
_LONGEST_VARINT = 10

Value: TypeAlias = "int | bytes"


class WireError(ValueError):
    """Bytes that are no protobuf message, or a field of another kind than the one asked for."""


class Message:
    """A decoded message: its values by field number, the defaults of proto3 where there is none.

    Args:
        data: The message's bytes.

    Raises:
        WireError: They are no message.
    """

    __slots__ = ("_values",)

    def __init__(self, data: bytes) -> None:
        self._values: dict[int, list[Value]] = {}
        for number, value in _fields(data):
            self._values.setdefault(number, []).append(value)

    def has(self, number: int) -> bool:
        """Whether the field was written at all, which tells 0 from nothing."""
        return number in self._values

    def integer(self, number: int) -> int:
        """An ``int64`` (an ``enum`` or ``bool`` too); the last one where there are several."""
        value = self._last(number, 0)
        if not isinstance(value, int):
            raise WireError(f"field {number} is no number")
        return value - (1 << 64) if value >> 63 else value

    def bytes(self, number: int) -> bytes:
        """A ``bytes`` field; the last one where there are several."""
        return _as_bytes(number, self._last(number, b""))

    def text(self, number: int) -> str:
        """A ``string``; the last one where there are several."""
        try:
            return self.bytes(number).decode()
        except UnicodeDecodeError:
            raise WireError(f"field {number} is no text") from None

    def messages(self, number: int) -> Iterator[Message]:
        """The messages of a ``repeated`` field, in order."""
        for value in self._values.get(number, ()):
            yield Message(_as_bytes(number, value))

    def _last(self, number: int, default: Value) -> Value:
        return self._values.get(number, (default,))[-1]


def _as_bytes(number: int, value: Value) -> bytes:
    if isinstance(value, int):
        raise WireError(f"field {number} is a number")
    return value


def _fields(data: bytes) -> Iterator[tuple[int, Value]]:
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        number, kind = key >> 3, key & 7
        if not 0 < number <= _GREATEST_NUMBER:
            raise WireError(f"there is no field {number}")
        if kind == _VARINT:
            value, at = _varint(data, at)
            yield number, value
            continue
        if kind == _BYTES:
            length, at = _varint(data, at)
        elif kind in _FIXED:
            length = _FIXED[kind]
        else:
            raise WireError(f"field {number} is of the unknown kind {kind}")
        if length > len(data) - at:
            raise WireError(f"field {number} goes on behind the end")
        piece = data[at : at + length]
        yield number, piece if kind == _BYTES else int.from_bytes(piece, "little")
        at += length


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """The number that begins at an offset, and the offset behind it."""
    value = 0
    for place, byte in enumerate(data[at : at + _LONGEST_VARINT]):
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:  # noqa: PLR2004 - the highest bit says that more follows
            return value & ((1 << 64) - 1), at + place + 1
    raise WireError("a number does not end")
