"""Yanku: a private knowledge base whose every number leads to its source."""

__version__ = "0.1.0"
