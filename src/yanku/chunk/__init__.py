"""Document to Chunks, each with the heading, caption and unit it needs to stand alone."""
