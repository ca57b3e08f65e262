"""What an operator may set, grouped by room; unsafe values refuse to start."""
