"""The stories: each reads top to bottom."""
