### What the bot says, in English. Warm, short, honest; says what to do.
### Plain text: no markup, for each platform escapes in its own way.


## Getting to know each other

start = Hello! Send me a photo and I will tell you what I see in it, in one sentence. Then you can ask me where I looked for each word. I am a small program, so I am sometimes wrong. /help says more.
help =
    Send me a photo, an album, a picture as a file, a sticker, a GIF or a short video, and I answer with a sentence about it. The buttons under my answer show where I looked for each word, bring other captions, read it aloud, or delete it.

    In a group I stay silent until somebody asks: reply to a photo with /caption, or write /caption or my name under your own photo. With /auto on, an admin lets me answer every photo.

    /alt writes an alt text to copy, /voice on reads every caption aloud to you, /language changes the language I speak, /privacy says what is kept.

    What I write is English. Your photo goes to this bot’s own computer and nowhere else, and it is deleted once it is answered. I make mistakes: do not rely on me where it matters.
help-discord =
    Use /caption with up to five pictures, choose “Apps” and then “{ menu-caption }” on a message, or mention me in a message with pictures. GIFs and short videos work as well.

    The buttons under my answer show where I looked for each word, tell you other captions, read it aloud, or delete the answer. /alt writes an alt text to copy. /voice on reads every caption aloud to you, and /language changes what I speak to you. Those who manage a channel can have every picture in it answered with /auto on.

    What I write about a picture is English. Your photo goes to this bot’s own computer and nowhere else, and it is deleted once it is answered; /privacy says more. I make mistakes: do not rely on me where it matters.

# Descriptions in a platform's list of commands: at most 100 characters.
command-start = What this bot does
command-help = How to ask, and what happens to your photo
command-caption = Say what is in a photo
command-caption-image = The picture to look at
command-alt = Write an alt text for a picture, to copy
command-voice = Whether captions are read aloud to you
command-language = The language I speak to you
command-privacy = What is kept, and for how long
command-delete = Delete what is kept about you
command-auto = Whether every picture here is answered
command-stats = How much there was to do, for those who run this bot
menu-caption = Caption this image
menu-attention = Show attention


## Answers

# $caption (String) - the sentence the model wrote; here and below.
caption = { $caption }
unsure = I am not sure, but I think: { $caption }
alternatives = It could also be:
alternative = { $caption }
working = Looking at your photo …
attention-working = Drawing where I looked …
# $ahead (Number) - how many photos are in front of this one.
waiting = { $ahead ->
    [one] One photo is in front of yours.
   *[other] { $ahead } photos are in front of yours.
}

button-attention = Where did it look?
button-sheet = As a still picture
button-alternatives = Other captions
button-speech = Read aloud
button-delete = Delete

no-alternatives = I have no other caption for that.
# A line for each of several photos. $number (Number or String) - which one.
album-line = { $number }. { $caption }
# A line of what is to be seen in a video. $time (String) - from when until when.
timeline-line = { $time } { $caption }
alt-text-ready = An alt text to copy. A program wrote it, so please check it:

attention = Where I looked for each word of: { $caption }
# Read aloud by screen readers in place of the picture.
alt-attention-gif = Animation of the photo. It shows word by word where the model looked while it wrote: { $caption }
alt-attention-sheet = One copy of the photo for each word, with the place lit up where the model looked while it wrote: { $caption }


## A file that is not captioned. The ids are the values of bot.media.sanitizer.Reason.

empty = That file is empty. Please send the photo again.
not_an_image = That is not a picture. Please send a photo, as JPEG or PNG for example.
# $kind (String) - svg, pdf, video, audio, raw, or anything else for some other kind of image.
unsupported = { $kind ->
    [svg] I cannot look at SVG drawings. Please send it as a PNG or JPEG.
    [pdf] I cannot read PDF files. Please send the page as a PNG or JPEG, a screenshot for example.
    [video] I cannot look at this video. Please send a still picture from it.
    [audio] I cannot listen to sound. Please send a photo.
    [raw] I cannot develop a camera’s raw file, and I found no preview in it. Please send it as a JPEG.
   *[other] I do not know this kind of picture. Please send it as a JPEG or PNG.
}
damaged = That picture did not arrive completely, or it is damaged. Please send it again.
# $limit (Number) - in megabytes.
too_large = That file is too large for me. Please send one of at most { $limit } MB.
# $limit (Number) - in megapixels.
too_many_pixels = That picture has too many pixels for me. Please make it smaller, at most { $limit } megapixels, and send it again.
# $width, $height (Number) - of the picture, in pixels; $smallest (Number) - pixels a side needs.
too_small = That picture is too small or too narrow to see anything in it ({ $width } × { $height } pixels). Please send one that has at least { $smallest } pixels on each side and is not a thin strip.
too_slow = Opening that picture took too long, so I stopped. Please send it as an ordinary JPEG or PNG.


## Not now. The ids are the codes of bot.chat.service.Sorry.

# $seconds (Number) - when it makes sense to try again.
queue-full = A lot of photos are waiting just now. Please send yours again in { $seconds ->
    [one] a second.
   *[other] { $seconds } seconds.
}
person-busy = I am still working on your earlier photos. Please wait for those answers, then send this one again.
slow-down = That was a lot of photos in a short time. Please send the next one in { $seconds ->
    [one] a second.
   *[other] { $seconds } seconds.
}
# $limit (Number) - photos.
too-many-photos = That is more than I can look at in one go. Please send at most { $limit } photos at a time.
queue-unavailable = I cannot take photos just now; it is not your fault. Please try again in { $seconds ->
    [one] a second.
   *[other] { $seconds } seconds.
}


## It was accepted and then went wrong. The ids are the values of captioner.queue.messages.Failure.

bad_photo = I could not open that picture after all. Please send it as an ordinary JPEG or PNG.
gave_up = I tried several times and could not describe this photo. Another photo should work; I am sorry about this one.
internal = Something went wrong on my side; it is not your fault. Please send the photo again in a moment.


## Between the platform and us

photo-expired = I no longer have that photo: photos are deleted once they are answered. Please send it again.
# $limit (Number) - in megabytes.
too-large-to-download = That file is too large: I can fetch at most { $limit } MB here. Please send it as a photo, or make it smaller.
download-failed = I could not fetch that file. Please send it again.
download-slow = I waited for that file and it did not come. Please send it again.
photo-removed = That picture was removed before I could fetch it.
not-a-photo = I can only look at pictures. Please send me a photo.
nothing-to-caption = There is no picture there. Reply with /caption to a message that has a photo, or write /caption under your own photo.
no-picture-in-message = There is no picture in that message.
one-at-a-time = I look at one picture for each message; this is about the first.
cannot-send-files = I am not allowed to send pictures here. Somebody who manages this chat can allow it.
not-ready = I am still waking up. Please try again in { $seconds ->
    [one] a second.
   *[other] { $seconds } seconds.
}
waking = I am still waking up; yours is the first thing I will look at when I am.
speech-unavailable = I cannot read aloud here: whoever runs me has not set that up.
not-admitted = Whoever runs this bot decides who may use it, and you are not among them.


## What people choose

# The name of this language, in this language.
language-name = English
language-auto = As the app says
language-chosen = I speak English to you from now on. Captions stay English in any language.
voice-on = From now on I read each caption aloud to you as well.
voice-off = From now on I no longer read captions aloud to you.
choices-unavailable = I cannot look up or remember choices just now. Please try again later.
# $delete (String) - the command that deletes, as one types it here.
privacy =
    Your photo goes to this bot’s own computer and nowhere else. It is never written to a disk, and it is gone once it is answered.

    The caption is kept for a day under a code that does not say whose it is, so that the same photo is answered at once.

    What you choose, such as a language, is kept under such a code as well, for a year after the last time it was needed. { $delete } removes it.

    Nothing of yours is used to train anything, and no log holds photos, captions or names.
deleted = What was kept about you is deleted: your choices. Photos are not kept in the first place.
owners-only = That is for those who run this bot.
stats = The last seven days:


## Discord only

no-picture-discord = I see no picture in that message. Attach one, or choose “Apps” and then “{ menu-caption }” on the message that has it.
# Read aloud by screen readers; the caption stands in the message itself.
alt-photo = The photo that this caption is about

# The names of commands: small letters, digits, hyphens; no spaces; at most 32 characters. No two
# commands of a language may have the same name.
name-caption = caption
name-alt = alt
name-help = help
name-privacy = privacy
name-delete = delete
name-stats = stats
name-language = language
name-voice = voice
name-auto = auto
name-on = on
name-off = off
# In the menu of a message: at most 32 characters.
menu-alt = Write an alt text

# Descriptions in Discord's list of commands: at most 100 characters.
command-caption-more = Another picture, for the same answer
command-caption-private = Show the answer to me alone
command-language-which = The language
command-voice-on = Read captions aloud to me
command-voice-off = No longer read captions aloud to me
command-auto-on = Answer every picture in this channel
command-auto-off = Answer only when asked in this channel

# $which (String) - a number or a time: which of several pictures.
button-attention-of = Where did it look? ({ $which })

# $number, $count (Number) - one of several photos. Read aloud by screen readers.
alt-photo-number = Photo { $number } of { $count } that these captions are about

auto-on-discord = From now on I answer every picture in this channel. /auto off ends that.
auto-off-discord = From now on I answer here only when somebody asks me.
auto-not-allowed-discord = Only those who manage this channel can decide that.
auto-needs-intent = I cannot see what is written in this channel: Discord shows me only messages that mention me. Whoever runs me can change that by switching on the “Message Content Intent” for me at Discord and the setting CAPTIONBOT_DISCORD_MESSAGE_CONTENT.

delete-not-allowed = Only who asked for this answer, or somebody who manages messages here, can delete it.
# $limit (Number) - in megabytes.
too-large-to-send = The picture I made is too large to post here: Discord takes at most { $limit } MB.
# $channel (String) - the channel, as a link; $permissions (String) - Discord's names of them.
missing-permission-discord = I cannot answer in { $channel }, for there I lack: { $permissions }. Somebody who manages the channel can allow it.
# $permission (String) - Discord's name of it.
cannot-attach-discord = I may not post pictures here. Somebody who manages the channel can allow it: { $permission }.
# The names of permissions, as Discord's own settings say them in this language.
permission-view-channel = View Channels
permission-send-messages = Send Messages
permission-send-in-threads = Send Messages in Threads
permission-attach-files = Attach Files
permission-read-history = Read Message History


## Telegram only

# What people read before they start: at most 512 characters, and at most 120.
description = Send me a photo and I tell you in one sentence what I see in it, and where I looked for each word. I can read it aloud, too, or write an alt text. Your photo goes to this bot’s own computer and nowhere else.
short-description = Says what is in a photo, and where it looked. Your photo is not kept.

# Commands have the same names in all languages: leave /auto on and the like as they are.
auto-on = From now on I answer every photo in this group. /auto off ends that.
auto-off = From now on I answer here only when somebody asks me.
auto-how = An admin can write /auto on, so that I answer every photo in this group, or /auto off.
auto-in-groups = That is for groups; here I answer every photo anyway.
auto-not-allowed = Only the admins of this group can decide that.
auto-needs-sight = I would do so, but I cannot see the photos in this group: Telegram shows me only messages that are meant for me. Make me an admin here, or ask whoever runs me to turn off my privacy mode with BotFather’s command /setprivacy and then add me again.
voice-how = Write /voice on, and I read each caption aloud to you as well; /voice off ends that.
voice-not-welcome = I wanted to read this aloud, but voice messages are not allowed here. /voice off keeps me from trying.
language-ask = Which language shall I speak to you?
language-unknown = I do not speak that language. These I speak:
deleted-group = What was kept about you and about this group is deleted: your choices and the group’s. Photos are not kept in the first place.
delete-not-allowed-telegram = Only who asked for this answer, or an admin, can delete it.
delete-too-late = Telegram does not let me delete that message any more. You can delete it yourself.
moving-sticker = I cannot look at this kind of sticker, for it is a drawing that moves. Please send a screenshot of it.
button-copy = Copy
