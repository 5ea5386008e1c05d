"""The tables of samples: series, snapshots of metadata, the samples, and keys of repeated posts."""

from django.db import models

from telemetry_site.core.columns import CompactUuidField, MomentField


class Series(models.Model):
    """One stream of numbers: a meter of a resource with its owner; what /v2/meters lists.

    `key` is a 16-byte hash of the seven fields that keeps NULL apart from the empty text: a
    plain unique constraint does not hold with NULLs.
    """

    id = models.AutoField(primary_key=True)
    key = models.BinaryField(max_length=16, unique=True, editable=False)
    meter = models.TextField()
    type = models.TextField()
    unit = models.TextField(null=True)  # noqa: DJ001 - NULL and "" are different units here
    resource = models.TextField()
    project = models.TextField(null=True)  # noqa: DJ001
    user = models.TextField(null=True)  # noqa: DJ001
    source = models.TextField(null=True)  # noqa: DJ001

    class Meta:
        """Found by meter, by resource and by owner."""

        verbose_name_plural = "series"
        indexes = (
            models.Index(fields=["meter", "project"], name="series_meter_project"),
            models.Index(fields=["resource", "meter"], name="series_resource_meter"),
            models.Index(fields=["project"], name="series_project"),
        )

    def __str__(self) -> str:
        return f"{self.meter} of {self.resource}"


class MetadataSnapshot(models.Model):
    """Each distinct metadata once; `hash` is the 16-byte blake2b of its canonical JSON."""

    id = models.AutoField(primary_key=True)
    hash = models.BinaryField(max_length=16, unique=True, editable=False)
    body = models.JSONField()

    def __str__(self) -> str:
        return f"metadata {self.pk}"


class StoredSample(models.Model):
    """A sample as it is kept: narrow, one row for each (series, timestamp, message id).

    The table is made by hand in the first migration, partitioned by day on PostgreSQL and
    WITHOUT ROWID on SQLite, and so is every later change to it: Django's rebuild of a SQLite
    table would silently drop that.
    """

    pk = models.CompositePrimaryKey("series", "timestamp", "message_id")
    series = models.ForeignKey(
        Series, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False
    )
    timestamp = MomentField()
    message_id = CompactUuidField()
    volume = models.FloatField(null=True)
    metadata = models.ForeignKey(
        MetadataSnapshot, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False
    )
    recorded_at = MomentField()

    class Meta:
        """A short name: it stands in much SQL written by hand."""

        db_table = "sample"

    def __str__(self) -> str:
        return f"{self.volume} at {self.timestamp}"


class IdempotencyKey(models.Model):
    """What was answered to a POST that carried an Idempotency-Key, kept for a day.

    `digest` is a hash of caller, path and key; `body_digest` one of the body.
    """

    digest = models.BinaryField(max_length=32, primary_key=True)
    body_digest = models.BinaryField(max_length=32)
    answer = models.BinaryField()
    created_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"posted at {self.created_at}"
