"""The tables of events: each with its traits in one document, and which traits there are."""

from django.db import models

from telemetry_site.core.columns import CompactUuidField, MomentField


class EventType(models.Model):
    """A type that events have; `last_day` is the last day of UTC of which there are any."""

    name = models.CharField(max_length=255, unique=True)
    last_day = models.DateField()

    def __str__(self) -> str:
        return self.name


class TraitKey(models.Model):
    """A trait that events of a type have, until `last_day`."""

    event_type = models.ForeignKey(EventType, on_delete=models.CASCADE)
    name = models.CharField(max_length=255)
    type = models.CharField(max_length=8)
    last_day = models.DateField()

    class Meta:
        """Each is there once."""

        constraints = (
            models.UniqueConstraint(fields=["event_type", "name", "type"], name="trait_key"),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.type})"


class StoredEvent(models.Model):
    """An event; `traits` is what `events.storage.document` makes of them.

    The table is made by hand: on PostgreSQL it is partitioned by day of `generated`.
    """

    message_id = CompactUuidField(primary_key=True)
    generated = MomentField()
    event_type = models.ForeignKey(
        EventType, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False
    )
    traits = models.JSONField()
    raw = models.JSONField(null=True)

    class Meta:
        """A short name: it stands in SQL written by hand."""

        db_table = "event"

    def __str__(self) -> str:
        return str(self.message_id)
