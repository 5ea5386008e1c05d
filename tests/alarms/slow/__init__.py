"""What an alarm says, worked out slowly, as the contract of alarms tells it."""
