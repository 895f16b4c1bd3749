"""The chat view: list of chats, transcript, composer, parameters."""
