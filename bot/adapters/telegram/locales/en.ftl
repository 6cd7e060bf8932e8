### What the bot says on Telegram alone.

# What people read before they start: at most 512 characters, and at most 120.
description = Send me a photo and I’ll tell you in one sentence what I see{ $looks ->
    [yes] , and where I looked for each word
   *[no] { "" }
}. I can also read it aloud or write alt text. /privacy says where your photo goes.
short-description = Describes your photo in one sentence{ $looks ->
    [yes] { " " }and shows where it looked
   *[no] { "" }
}. This bot doesn’t keep your photo.
# Said once when somebody adds the bot to a group.
added-to-group = Hello! I describe photos in one sentence. Here I stay silent until somebody asks: reply to a photo with /caption, or write my name under your own photo. /help says more, and /privacy says what is kept.
auto-needs-sight = I’d like to, but I can’t see the photos in this group: Telegram shows me only messages meant for me. Make me an admin here, or ask my owner to turn off my privacy mode with BotFather’s command /setprivacy and then add me again.
delete-not-allowed-telegram = Only the person who asked for this answer, or an admin, can delete it.
delete-too-late = Telegram doesn’t let me delete that message any more. You can delete it yourself.
hidden-from-bots = Telegram doesn’t show me what is in stories and paid posts. Please send me the picture itself.
cannot-cover = Telegram can’t cover this picture, and the photo is a spoiler, so I’m not sending it.
button-album = The whole album
privacy-questions-telegram = If you ask about a photo, your question goes the same way as the photo, and my answer is kept like a caption. So that you can ask by replying to an answer, Telegram’s id of its photo is kept encrypted for a day. { $delete } removes it.
