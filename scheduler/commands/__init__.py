"""One file a command (or a pair of them): options in, lines out; the work is done in the rooms."""
