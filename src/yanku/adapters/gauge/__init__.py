"""Measures a model in several precisions: memory, speed, finance questions, perplexity."""
