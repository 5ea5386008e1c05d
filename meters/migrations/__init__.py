"""How the meters tables came to be."""
