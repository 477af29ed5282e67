"""Reference data: what the county sets, and how an installation gets its first rows."""
