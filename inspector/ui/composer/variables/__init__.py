"""Variables of a body in the composer: put into the text, taken from environments, and shown as they come out."""
