"""The listener's settings: a sheet at the window's right, in sections; what is changed there holds at once."""
