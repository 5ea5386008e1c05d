"""Names of meters and resources as one part of a path, whatever characters they hold."""

import re
from urllib.parse import quote, unquote_to_bytes

# A proxy may decode %2F early and a browser resolves "..": these travel as ~XX instead.
RISKY = "/~\\?#%"


def quoted(name: str) -> str:
    """A name as part of a path; what stands here is percent-encoded once more by Django.

    >>> quoted("disk.read"), quoted("a/b~c"), quoted(".."), quoted("")
    ('disk.read', 'a~2Fb~7Ec', '~2E~2E', '~')
    """
    if set(name) <= {"."}:
        return name.replace(".", "~2E") or "~"
    return "".join(map(_quoted, name))


def _quoted(character: str) -> str:
    if character.isprintable() and character not in RISKY:
        return character
    return quote(character, safe="").replace("~", "%7E").replace("%", "~")


def unquoted(text: str) -> str:
    """The name again. Raises ValueError for what `quoted` does not make."""
    if text == "~":
        return ""
    if re.search("~(?![0-9A-F]{2})", text):
        raise ValueError(text)
    return unquote_to_bytes(text.replace("%", "%25").replace("~", "%")).decode()


class NameConverter:
    """Django's path converter for such a part."""

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        """The name."""
        return unquoted(value)

    def to_url(self, value: str) -> str:
        """The part of the path."""
        return quoted(value)
