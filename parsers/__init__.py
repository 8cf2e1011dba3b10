"""Bytes in, typed report out. No network, no database, no clock, no settings."""
