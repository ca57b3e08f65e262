"""Principal to Scope: the only maker of a Scope."""
