-- What is kept of releases only for a time is found by its age.

CREATE INDEX release_counts_by_age ON release_counts (at);
CREATE INDEX release_pairs_by_age ON release_pairs (at);
