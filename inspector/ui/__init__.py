"""The window: the only room that imports PySide6. One widget a file, one worker thread, one feed where threads meet."""
