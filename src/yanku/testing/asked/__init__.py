"""Questions as people type them, with the plan each should become."""
