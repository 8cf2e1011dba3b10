"""What ought to be true and by when. Pure, but for channels.py, which sends messages."""
