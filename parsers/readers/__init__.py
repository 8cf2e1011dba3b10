"""One file a format: bytes or text in, Document out."""
