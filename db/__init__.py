"""All SQL, all migrations, the archive on disk. Takes and returns dataclasses and plain rows."""
