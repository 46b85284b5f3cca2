"""The rule language: its documents, how they are read, and how they are put into English."""
