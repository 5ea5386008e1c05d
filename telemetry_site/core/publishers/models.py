"""The tables of what external publishers are owed, and how each is doing."""

from django.db import models

from telemetry_site.core.columns import CompactUuidField


class PublisherStanding(models.Model):
    """An external publisher that a pipeline names or named, and how it goes with it.

    `key` is a hash of what it takes and of its URL; `label` is the URL without what is secret in
    it. Whoever holds the lease sends; `generation` tells one holder from the next.
    """

    key = models.BinaryField(max_length=16, unique=True, editable=False)
    kind = models.CharField(max_length=7, help_text="samples or events")
    label = models.TextField()
    lease_until = models.DateTimeField(null=True)
    generation = models.IntegerField(default=0)
    failures = models.IntegerField(default=0, help_text="in a row")
    next_try = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    last_error_at = models.DateTimeField(null=True)
    last_sent_at = models.DateTimeField(null=True)
    sent = models.BigIntegerField(default=0, help_text="samples or events that arrived")
    refused = models.BigIntegerField(default=0, help_text="that the receiver refused for good")
    dropped = models.BigIntegerField(default=0, help_text="the oldest, because too much was owed")
    full = models.BooleanField(default=False, help_text="readers of notifications wait for it")

    class Meta:
        """Belongs to the app of the shared ground."""

        app_label = "core"
        db_table = "publisher_standing"
        verbose_name = "publisher"
        ordering = ("kind", "label")

    def __str__(self) -> str:
        return self.label


class Owed(models.Model):
    """What one transaction owes to one publisher; written with it, deleted when it has arrived.

    The order of ids is the order of sending. `parcel` stays the same however often it is sent.
    """

    id = models.BigAutoField(primary_key=True)
    publisher = models.ForeignKey(PublisherStanding, on_delete=models.CASCADE, related_name="owed")
    parcel = CompactUuidField()
    count = models.IntegerField(help_text="samples or events")
    size = models.IntegerField(help_text="bytes of the body")
    body = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        """Belongs to the app of the shared ground."""

        app_label = "core"
        db_table = "owed"
        verbose_name = verbose_name_plural = "owed to publishers"

    def __str__(self) -> str:
        return f"{self.count} for {self.publisher}"
