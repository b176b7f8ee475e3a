"""The wire format of protobuf."""

from __future__ import annotations

import pytest
from anki import import_export_pb2, notetypes_pb2
from hypothesis import given
from hypothesis import strategies as st

from ankigen.apkg.protobuf import Message, WireError
from packages import delimited, varint

INT64 = st.integers(-(2**63), 2**63 - 1)


@given(st.text(st.characters(codec="utf-8")), INT64, st.binary())
def test_reads_what_protobuf_writes(name: str, number: int, other: bytes) -> None:
    """Texts, numbers of either sign and bytes come back as the real library wrote them."""
    config = notetypes_pb2.Notetype.Config(css=name, original_id=number, other=other)
    message = Message(config.SerializeToString())
    assert message.text(3) == name
    assert message.integer(10) == number
    assert message.has(10)
    assert message.bytes(255) == other


def test_repeated_messages() -> None:
    """A repeated field gives its messages in order."""
    entry = import_export_pb2.MediaEntries.MediaEntry
    entries = [entry(name="a", size=1), entry(name="b", size=300)]
    data = import_export_pb2.MediaEntries(entries=entries).SerializeToString()
    read = [(m.text(1), m.integer(2)) for m in Message(data).messages(1)]
    assert read == [("a", 1), ("b", 300)]


def test_defaults() -> None:
    """A field that was not written has proto3's default."""
    message = Message(b"")
    assert (message.integer(1), message.text(2), message.bytes(3)) == (0, "", b"")
    assert not message.has(1)
    assert list(message.messages(1)) == []


def test_last_value_wins() -> None:
    """Of a field that was written twice the last value counts."""
    assert Message(delimited(1, b"a") + delimited(1, b"b")).text(1) == "b"


def test_fixed_sizes_are_numbers() -> None:
    """Values of four and eight bytes are read, little end first."""
    message = Message(varint(1 << 3 | 5) + b"\x01\0\0\0" + varint(2 << 3 | 1) + b"\x02" + b"\0" * 7)
    assert (message.integer(1), message.integer(2)) == (1, 2)


@pytest.mark.parametrize(
    "data",
    [
        b"\x80",  # a key without an end
        b"\xff" * 11,  # a number too long
        b"\x08",  # a key without a value
        b"\x0a\x05abc",  # bytes behind the end
        b"\x0b",  # a group
        b"\x0f",  # no kind at all
        b"\x02\x00",  # field 0
        b"\x0d\x01",  # four bytes of which one is there
    ],
)
def test_broken_messages(data: bytes) -> None:
    """What is no message raises a WireError."""
    with pytest.raises(WireError):
        Message(data)


def test_wrong_kinds() -> None:
    """A number is no text, a text no number, and bytes are no text unless they are UTF-8."""
    with pytest.raises(WireError):
        Message(varint(8) + varint(1)).text(1)
    with pytest.raises(WireError):
        Message(delimited(1, b"a")).integer(1)
    with pytest.raises(WireError):
        Message(delimited(1, b"\xff")).text(1)


@given(st.binary())
def test_arbitrary_bytes(data: bytes) -> None:
    """Any bytes are a message or a WireError."""
    try:
        message = Message(data)
        for number in range(1, 4):
            message.bytes(number)
            list(message.messages(number))
    except WireError:
        pass
