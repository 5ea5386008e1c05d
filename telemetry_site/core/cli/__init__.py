"""What every command of ours has in common: how it asks, ends and prints."""
