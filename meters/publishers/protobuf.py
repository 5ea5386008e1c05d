"""As much of the wire format of protocol buffers as a remote write needs."""

from struct import pack


def message(*fields: bytes) -> bytes:
    """A message of fields that are written already."""
    return b"".join(fields)


def inner(number: int, content: bytes) -> bytes:
    """A field that is a message, a text or bytes."""
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def text(number: int, value: str) -> bytes:
    """A field that is a text."""
    return inner(number, value.encode())


def double(number: int, value: float) -> bytes:
    """A field that is a number of eight bytes."""
    return _varint(number << 3 | 1) + pack("<d", value)


def integer(number: int, value: int) -> bytes:
    """A field that is a whole number of 64 bits, negative ones in two's complement."""
    return _varint(number << 3) + _varint(value & 0xFFFF_FFFF_FFFF_FFFF)


def _varint(value: int) -> bytes:
    made = bytearray()
    while value > 0x7F:
        made.append(value & 0x7F | 0x80)
        value >>= 7
    made.append(value)
    return bytes(made)
