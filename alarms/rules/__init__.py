"""Rules: what each type of alarm asks, and what follows from the answers."""
