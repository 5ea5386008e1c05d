"""The tables of what came over the bus: taken in, attempted, or not to be processed."""

from django.db import models

from telemetry_site.core.columns import CompactUuidField, MomentField


class Receipt(models.Model):
    """A notification that was taken in: what comes again under its id is not taken again."""

    message_id = CompactUuidField(primary_key=True)
    received_at = MomentField(db_index=True)

    class Meta:
        """Belongs to the app of the shared ground."""

        app_label = "core"
        db_table = "receipt"

    def __str__(self) -> str:
        return str(self.message_id)


class RejectedMessage(models.Model):
    """A message that could not be processed, or one half of it: kept until it is replayed.

    `part` says what failed; of a body of more than `LARGEST_KEPT` bytes only the head is kept.
    """

    DECODING, SAMPLES, EVENT, STORE = "decoding", "samples", "event", "store"
    PARTS = ((DECODING, "decoding"), (SAMPLES, "samples"), (EVENT, "event"), (STORE, "store"))

    received_at = MomentField(db_index=True)
    queue = models.CharField(max_length=255)
    part = models.CharField(max_length=8, choices=PARTS)
    reason = models.TextField()
    event_type = models.CharField(max_length=255, blank=True)
    message_id = models.CharField(max_length=255, blank=True)
    size = models.IntegerField(help_text="bytes of the whole body")
    body = models.BinaryField()

    class Meta:
        """Belongs to the app of the shared ground."""

        app_label = "core"
        db_table = "rejected_message"
        verbose_name = "rejected message"

    def __str__(self) -> str:
        return f"{self.event_type or 'message'} from {self.queue}"

    @property
    def whole(self) -> bool:
        """Whether all of the body was kept, so that it can be replayed."""
        return len(self.body) == self.size


class Attempt(models.Model):
    """How often processes began with a message that had come back to its queue, and died of it."""

    digest = models.BinaryField(max_length=16, primary_key=True)
    count = models.IntegerField()
    begun_at = MomentField(db_index=True)

    class Meta:
        """Belongs to the app of the shared ground."""

        app_label = "core"
        db_table = "message_attempt"

    def __str__(self) -> str:
        return f"{self.count} attempts"


class QueueStanding(models.Model):
    """How it goes with a queue of a bus, as a consumer saw it last.

    Written by every consumer of the queue; counts are of all of them since the row began.
    """

    CONSUMING, WAITING, MISMATCH, AWAY = "consuming", "waiting", "mismatch", "away"
    STATES = (
        (CONSUMING, "it is read"),
        (WAITING, "it is not there"),
        (AWAY, "it cannot be read, or its bus is away"),
        (MISMATCH, "it is read, and made otherwise than the settings say"),
    )

    READ = (CONSUMING, MISMATCH)

    bus = models.CharField(max_length=255, help_text="hosts and virtual host")
    queue = models.CharField(max_length=255)
    state = models.CharField(max_length=9, choices=STATES)
    problem = models.TextField(blank=True, help_text="what stands in the way, as a sentence")
    durable = models.BooleanField(null=True, help_text="none of the three is known for sure")
    auto_delete = models.BooleanField(null=True)
    quorum = models.BooleanField(null=True)
    waiting = models.BigIntegerField(default=0, help_text="messages that were not taken in yet")
    consumers = models.IntegerField(default=0)
    received = models.BigIntegerField(default=0)
    repeated = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    last_message_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField()
    began_at = models.DateTimeField()

    class Meta:
        """Belongs to the app of the shared ground."""

        app_label = "core"
        db_table = "queue_standing"
        ordering = ("bus", "queue")
        constraints = (
            models.UniqueConstraint(fields=("bus", "queue"), name="one_standing_a_queue"),
        )

    def __str__(self) -> str:
        return f"{self.queue} of {self.bus}"
