"""The embedding model of one machine: its weights, its words, and its arithmetic."""
