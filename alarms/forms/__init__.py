"""The forms of alarms and silences: what they ask, and how they become what the API takes."""
