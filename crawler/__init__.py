"""Touches portals, understands nothing: visits columns, archives every response, says how complete each look was."""
