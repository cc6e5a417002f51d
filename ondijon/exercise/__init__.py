"""The exercise world inside one process: what its pages look like, and where it cannot reach."""
