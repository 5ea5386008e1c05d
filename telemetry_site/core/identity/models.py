"""The table of API tokens; only their hashes are kept."""

import hashlib
import secrets

from django.conf import settings
from django.db import models


class Token(models.Model):
    """An API token of an account; the text itself is shown once, when it is made."""

    digest = models.BinaryField(max_length=32, unique=True, editable=False)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens"
    )
    name = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Belongs to the app of the shared ground."""

        app_label = "core"

    def __str__(self) -> str:
        return self.name or f"token {self.pk}"


def token_digest(text: str) -> bytes:
    """What is kept of a token; tokens are long and random, so a plain hash is enough."""
    return hashlib.sha256(text.encode()).digest()


def new_token_text() -> str:
    """A fresh token of 256 random bits, in hex: a "-" in front would read as an option."""
    return secrets.token_hex(32)
