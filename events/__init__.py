"""Events: what happened, as typed traits."""
