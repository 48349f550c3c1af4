"""The pane that shows one event whole."""
