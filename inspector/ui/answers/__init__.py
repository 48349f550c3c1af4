"""The page of answers: ordered rules that say which push is answered how, and which of them would fire for one."""
