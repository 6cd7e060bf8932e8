### What the bot says on Matrix alone.

help-matrix =
    Send me a photo and I’ll answer with a sentence about it. In a room with others I stay silent until somebody asks: reply to a photo with !caption, or mention me below your own photo or in a reply to one. With !auto on, a moderator lets me answer every photo.

    { $looks ->
        [yes] Reply to a photo with !attention, or react to my answer with 🔍, and I’ll show where I looked for each word. { "" }
       *[no] { "" }
    }{ $others ->
        [yes] !others gives other captions, { "" }
       *[no] { "" }
    }!alt writes alt text to copy, !voice on reads every caption aloud to you, !language changes the language I speak, and !privacy says what is kept. If you remove your photo, I remove my answer.

    I can’t read encrypted rooms. { captions-in } { photo-goes }. I make mistakes, so don’t rely on me where it matters.
encrypted-matrix = I can’t read encrypted messages, so I can’t see what you send here. Please invite me to a room without encryption.
auto-on-matrix = From now on I’ll answer every photo in this room. !auto off stops that.
auto-how-matrix = A moderator can write !auto on, so that I answer every photo in this room, or !auto off.
auto-not-allowed-matrix = Only the moderators of this room can decide that.
