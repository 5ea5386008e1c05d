"""The tables of alarms: what is watched, what became of it, and what is still to be told."""

from django.db import models

from alarms.columns import TargetField
from alarms.states import UNKNOWN


class Alarm(models.Model):
    """An alarm: a rule, the state that follows from it, and what is called when that changes.

    `rule` is the rule as its type reads it, as JSON; `meter` the meter that a threshold rule names.
    The samples that are asked for are those of the project `confined_to`, or of all where it is
    NULL. `generation` grows when somebody changes the alarm: who evaluates it writes only to the
    generation that was read. A state that must hold for `hold_rounds` waits as `coming_state`,
    which `coming_rounds` rounds have found so far.
    """

    alarm_id = models.CharField(max_length=36, primary_key=True)
    name = models.TextField()
    description = models.TextField(blank=True)
    enabled = models.BooleanField(default=True)
    type = models.CharField(max_length=60)
    severity = models.CharField(max_length=8, default="low")
    rule = models.TextField()
    meter = models.TextField(null=True, blank=True)  # noqa: DJ001 - a rule may name none
    user_id = models.TextField(null=True, blank=True)  # noqa: DJ001 - NULL: whoever had none
    project_id = models.TextField(null=True, blank=True)  # noqa: DJ001
    confined_to = models.TextField(null=True, blank=True)  # noqa: DJ001
    timestamp = models.DateTimeField(help_text="when it was last defined")
    ok_actions = models.JSONField(null=True, default=list, blank=True)
    alarm_actions = models.JSONField(null=True, default=list, blank=True)
    insufficient_data_actions = models.JSONField(null=True, default=list, blank=True)
    repeat_actions = models.BooleanField(default=False)
    time_constraints = models.JSONField(default=list, blank=True)
    no_data = models.CharField(max_length=17, default=UNKNOWN)
    hold_rounds = models.IntegerField(default=1)

    state = models.CharField(max_length=17, default=UNKNOWN)
    state_timestamp = models.DateTimeField()
    state_reason = models.TextField(default="Not evaluated yet")
    evaluate_timestamp = models.DateTimeField(help_text="when it was made; rounds count after that")
    coming_state = models.CharField(max_length=17, blank=True)
    coming_rounds = models.IntegerField(default=0)
    generation = models.IntegerField(default=0)

    class Meta:
        """Listed by owner, evaluated by type."""

        db_table = "alarm"
        indexes = (
            models.Index(fields=["project_id", "timestamp"], name="alarm_project"),
            models.Index(fields=["user_id"], name="alarm_user"),
            models.Index(fields=["enabled", "type", "alarm_id"], name="alarm_evaluated"),
        )

    def __str__(self) -> str:
        return self.name


class AlarmChange(models.Model):
    """A line of the history of an alarm, which outlives it.

    `detail` is JSON as the API shows it; `state` what a transition led to, and `reason_data` the
    values that caused it. `on_behalf_of` is the project that the alarm belongs to.
    """

    id = models.BigAutoField(primary_key=True)
    event_id = models.CharField(max_length=36, unique=True)
    alarm_id = models.CharField(max_length=36)
    type = models.CharField(max_length=20)
    detail = models.TextField()
    user_id = models.TextField(null=True)  # noqa: DJ001
    project_id = models.TextField(null=True)  # noqa: DJ001
    on_behalf_of = models.TextField(null=True)  # noqa: DJ001
    timestamp = models.DateTimeField()
    severity = models.CharField(max_length=8)
    state = models.CharField(max_length=17, blank=True)
    reason_data = models.TextField(blank=True)

    class Meta:
        """Read by alarm or by owner, the newest first."""

        db_table = "alarm_change"
        indexes = (
            models.Index(fields=["alarm_id", "timestamp"], name="alarm_change_alarm"),
            models.Index(fields=["on_behalf_of", "timestamp"], name="alarm_change_owner"),
            models.Index(fields=["timestamp"], name="alarm_change_time"),
        )

    def __str__(self) -> str:
        return f"{self.type} of {self.alarm_id}"


class Delivery(models.Model):
    """An action that is to be run, and how that went; written with the change that asks for it.

    `delivery_id` stays the same however often it is tried, so that a receiver can drop repeats.
    Those of one alarm and action run in the order of ids. `change` is the event_id of the change
    that it tells of; a repetition tells of none. `attempts` counts the tries that have begun.
    """

    WAITING, ARRIVED, FAILED, SILENCED = "waiting", "arrived", "failed", "silenced"

    id = models.BigAutoField(primary_key=True)
    delivery_id = models.CharField(max_length=36, unique=True)
    alarm_id = models.CharField(max_length=36)
    alarm_name = models.TextField()
    project_id = models.TextField(null=True)  # noqa: DJ001
    change = models.CharField(max_length=36, blank=True)
    action = models.TextField()
    target = TargetField(editable=False)
    body = models.TextField()
    status = models.CharField(max_length=8, default=WAITING)
    attempts = models.IntegerField(default=0)
    made_at = models.DateTimeField()
    next_try = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    lease_until = models.DateTimeField(null=True)
    generation = models.IntegerField(default=0)

    class Meta:
        """Found by alarm and change; those that wait, by when they are due and by alarm."""

        db_table = "alarm_delivery"
        verbose_name_plural = "deliveries"
        indexes = (
            models.Index(fields=["alarm_id", "id"], name="alarm_delivery_alarm"),
            models.Index(fields=["made_at"], name="alarm_delivery_made"),
            models.Index(
                fields=["next_try", "id"],
                name="alarm_delivery_due",
                condition=models.Q(status="waiting"),
            ),
            models.Index(
                fields=["alarm_id", "id"],
                name="alarm_delivery_order",
                condition=models.Q(status="waiting"),
            ),
            models.Index(
                fields=["made_at"],
                name="alarm_delivery_failed",
                condition=models.Q(status="failed"),
            ),
            models.Index(fields=["change"], name="alarm_delivery_change"),
        )

    def __str__(self) -> str:
        return f"{self.status}: {self.alarm_name}"


class Silence(models.Model):
    """Keeps actions from being run until an end: of an alarm, a project, or names by a pattern.

    What is set must all fit; `name_pattern` has *, ? and [] as in file names. `owner` is the
    project that it may silence, NULL for all of them.
    """

    silence_id = models.CharField(max_length=36, primary_key=True)
    alarm_id = models.CharField(max_length=36, blank=True)
    project_id = models.TextField(blank=True)
    name_pattern = models.TextField(blank=True)
    ends_at = models.DateTimeField(db_index=True)
    reason = models.TextField()
    owner = models.TextField(null=True)  # noqa: DJ001
    made_by = models.TextField(null=True)  # noqa: DJ001
    made_at = models.DateTimeField()

    class Meta:
        """The one that ends last first."""

        db_table = "alarm_silence"
        ordering = ("-ends_at",)

    def __str__(self) -> str:
        return self.reason


class Quota(models.Model):
    """How many of a resource a project may have; -1 for any number."""

    project_id = models.TextField()
    resource = models.CharField(max_length=20, default="alarms")
    limit = models.IntegerField()

    class Meta:
        """One for each resource of a project."""

        db_table = "alarm_quota"
        constraints = (
            models.UniqueConstraint(fields=["project_id", "resource"], name="alarm_quota_once"),
        )

    def __str__(self) -> str:
        return f"{self.limit} {self.resource} for {self.project_id}"


class EvaluationCount(models.Model):
    """How often the evaluation of an alarm has found each state; kept where the settings ask."""

    alarm = models.OneToOneField(
        Alarm, primary_key=True, on_delete=models.CASCADE, db_constraint=False
    )
    ok = models.BigIntegerField(default=0)
    in_alarm = models.BigIntegerField(default=0)
    insufficient_data = models.BigIntegerField(default=0)

    class Meta:
        """Belongs to the alarm."""

        db_table = "alarm_evaluation_count"

    def __str__(self) -> str:
        return f"{self.ok}, {self.in_alarm}, {self.insufficient_data}"


class EvaluationRound(models.Model):
    """The rounds of evaluation, in one row of id 1: which is due, who holds it, and how far it is.

    `slot` is the moment that the current or last round evaluates for; `done` says how far it is.
    Only the holder of the `generation` may write.
    """

    next_due = models.DateTimeField()
    slot = models.DateTimeField(null=True)
    done = models.CharField(max_length=40, blank=True)
    lease_until = models.DateTimeField(null=True)
    generation = models.BigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    seconds = models.FloatField(default=0, help_text="what the last round took")
    evaluated = models.IntegerField(default=0, help_text="alarms of the current or last round")
    changed = models.IntegerField(default=0, help_text="of them, into another state")
    missed = models.BigIntegerField(default=0, help_text="slots that went by without a round")
    last_error = models.TextField(blank=True)

    class Meta:
        """One row."""

        db_table = "alarm_round"

    def __str__(self) -> str:
        return f"due at {self.next_due}"


class EventAlarms(models.Model):
    """One row of id 1 whose `generation` grows with every change of an event alarm."""

    generation = models.BigIntegerField(default=0)

    class Meta:
        """One row."""

        db_table = "alarm_event_alarms"

    def __str__(self) -> str:
        return str(self.generation)


class Hit(models.Model):
    """That an event is one an alarm waits for; written with the event, deleted with what follows.

    `event` is the event as JSON.
    """

    id = models.BigAutoField(primary_key=True)
    alarm_id = models.CharField(max_length=36)
    event = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        """Taken in the order of ids."""

        db_table = "alarm_hit"

    def __str__(self) -> str:
        return f"for {self.alarm_id}"
