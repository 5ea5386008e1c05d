"""Actions: who is told that an alarm has changed its state, and how."""
