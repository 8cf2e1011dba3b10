"""Pictures of pages read in a process of its own: text by an offline OCR engine, tables by their ruling lines."""
