"""Publishers that both samples and events have, and what is owed to each."""
