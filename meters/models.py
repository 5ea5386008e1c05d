"""The tables of samples: series, snapshots of metadata, the samples, and keys of repeated posts."""

from django.db import models

from telemetry_site.core.clock import EPOCH
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


class Rollup(models.Model):
    """What the samples of one series say in the hour or day that begins at `start`.

    `n` counts the samples with a volume; `total`, `lowest` and `highest` are theirs, NULL where
    there are none; `squares` is the sum of their squared deviations from their own mean.
    `earliest` and `latest` are the times of the first and last sample, `first` and `last` the
    volumes of these.
    """

    pk = models.CompositePrimaryKey("series", "start")
    series = models.ForeignKey(
        Series, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False
    )
    start = MomentField()
    n = models.IntegerField()
    total = models.FloatField(null=True)
    lowest = models.FloatField(null=True)
    highest = models.FloatField(null=True)
    squares = models.FloatField()
    earliest = MomentField()
    latest = MomentField()
    first = models.FloatField(null=True)
    last = models.FloatField(null=True)

    class Meta:
        """Made by hand like the table of samples: split by time, or WITHOUT ROWID."""

        abstract = True

    def __str__(self) -> str:
        return f"{self.n} volumes from {self.start}"


class HourRollup(Rollup):
    """An hour."""

    class Meta(Rollup.Meta):
        """See Rollup."""

        abstract = False
        db_table = "rollup_hour"


class DayRollup(Rollup):
    """A day, made of its hours."""

    class Meta(Rollup.Meta):
        """See Rollup."""

        abstract = False
        db_table = "rollup_day"


class RollupMark(models.Model):
    """Says that rollups are behind what they are made from.

    Those of `step` seconds from `start` to `stop`, within one day of UTC: of one series, or of all
    where `series_id` is NULL. Marks are only ever appended, by the transaction that writes, and
    deleted one by one by the roll-up that saw them: one that was overwritten could be deleted
    before it is true.
    """

    step = models.IntegerField()
    start = MomentField()
    stop = MomentField()
    series_id = models.IntegerField(null=True)

    class Meta:
        """Asked for by time."""

        db_table = "rollup_mark"
        indexes = (models.Index(fields=["step", "start"], name="rollup_mark_start"),)

    def __str__(self) -> str:
        return f"{self.step} s from {self.start} to {self.stop}"


class StoreState(models.Model):
    """What all processes must agree on, in one row of id 1; without it, its defaults hold.

    Samples before `kept_since` may be gone, so rollups before it are not made again. `names`
    grows when series or snapshots are deleted: whoever remembers ids of them forgets them.
    """

    kept_since = MomentField(default=EPOCH)
    names = models.IntegerField(default=0)

    class Meta:
        """A short name: it stands in SQL written by hand."""

        db_table = "store_state"
        verbose_name = verbose_name_plural = "store"

    def __str__(self) -> str:
        return f"samples since {self.kept_since}"


class TransformerMemory(models.Model):
    """What transformers remember under one key, as bytes that they alone understand.

    `newest` is small, read and written with each sample. What nobody touched for a week goes.
    `due_at` is when a transformer wants to look at it although nothing comes.
    """

    key = models.BinaryField(max_length=16, primary_key=True)
    newest = models.BinaryField()
    touched = models.DateField()
    due_at = MomentField(null=True)  # type: ignore[misc]  # it may be NULL

    class Meta:
        """A short name: it stands in SQL written by hand."""

        db_table = "transformer_memory"
        verbose_name_plural = "transformer memory"
        indexes = (
            models.Index(
                fields=["due_at"], name="memory_due", condition=models.Q(due_at__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return bytes(self.key).hex()


class TransformerState(models.Model):
    """What is remembered under a key and only read when it is needed."""

    key = models.BinaryField(max_length=16, primary_key=True)
    content = models.BinaryField()

    class Meta:
        """A short name: it stands in SQL written by hand."""

        db_table = "transformer_state"

    def __str__(self) -> str:
        return bytes(self.key).hex()


class TransformerHistory(models.Model):
    """What became too long to be read and written with each sample; appended under its key.

    Read only where something comes late, and then made one row again.
    """

    id = models.BigAutoField(primary_key=True)
    key = models.BinaryField(max_length=16)
    content = models.BinaryField()

    class Meta:
        """Asked for by key."""

        db_table = "transformer_history"
        verbose_name_plural = "transformer history"
        indexes = (models.Index(fields=["key"], name="history_key"),)

    def __str__(self) -> str:
        return bytes(self.key).hex()


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
