"""Where the model looked, as an animation or a contact sheet."""
