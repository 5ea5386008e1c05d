"""What others are told of events, inside the transaction that takes them in."""

from django.dispatch import Signal

# Sent with `events`, each with its event_type and a read() that gives the Event, and `now`.
events_recorded = Signal()
