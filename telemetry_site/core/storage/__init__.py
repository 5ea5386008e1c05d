"""What every store of ours stands on: SQL in pieces, and tables that are split by time."""
