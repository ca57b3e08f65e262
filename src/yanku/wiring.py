"""Settings to adapters to flows: the one place that chooses."""
