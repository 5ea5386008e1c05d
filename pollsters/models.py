"""The polling ledger: one row for each source, with what is due and how it went."""

from django.db import models


class PollJob(models.Model):
    """A source of the polling plan.

    A row is claimed by setting a lease and raising the generation; only the run that carries
    the generation may end it. `next_due` stays at the slot being polled until then.
    """

    source = models.CharField(max_length=200, unique=True)
    interval = models.PositiveIntegerField(help_text="Seconds from one poll to the next.")
    enabled = models.BooleanField(default=True, help_text="Off: it is left alone.")
    listed = models.BooleanField(default=True, help_text="Whether the polling plan has it.")

    next_due = models.DateTimeField(db_index=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_owner = models.CharField(max_length=36, blank=True)
    generation = models.PositiveBigIntegerField(default=0)

    last_ok = models.DateTimeField(null=True, blank=True, help_text="When samples last came.")
    last_error = models.TextField(blank=True, help_text="What went wrong in the last poll.")
    unavailable = models.TextField(blank=True, help_text="What the targets do not offer.")
    failures = models.PositiveIntegerField(
        default=0, help_text="Polls in a row that brought nothing."
    )
    lost = models.PositiveIntegerField(default=0, help_text="Runs in a row that never ended.")
    missed = models.PositiveBigIntegerField(
        default=0, help_text="Slots that went by without a poll, switched off or not."
    )

    class Meta:
        """In the order of their names."""

        ordering = ("source",)

    def __str__(self) -> str:
        return self.source
