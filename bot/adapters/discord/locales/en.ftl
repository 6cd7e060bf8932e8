### What the bot says on Discord alone.

help-discord =
    Use /caption with up to five pictures, choose “Apps” and then “{ menu-caption }” on a message, or mention me in a message with pictures. GIFs and short videos work as well.

    { help-buttons } /alt writes alt text to copy. /voice on reads every caption aloud to you, and /language changes the language I speak to you. If you manage a channel, you can have every picture in it answered with /auto on.

    { captions-in } { photo-goes }; /privacy says more. I make mistakes, so don’t rely on me where it matters.
command-caption-image = The picture to describe
menu-caption = Caption this image
menu-attention = Show attention
help-owner-discord =
    For you as an owner: /owner access shows who may use me; /owner allow, /owner block and /owner lift change that. /owner pause and /owner resume stop and restart captions everywhere. /stats shows how busy I have been.
access-how-discord = Choose a person or give an id: a person’s, a server’s, “here” for this server, or one of another platform, like telegram:12345.
command-owner = Who may use me, and pausing me: for the bot’s owners
command-allow = Let a person or a server use me
command-block = Stop answering a person or a server
command-lift = Take back what was allowed or blocked
command-access = Show who may use me
command-pause = Stop captioning photos, on all platforms
command-resume = Caption photos again
command-owner-person = The person
command-owner-id = An id, or “here” for this server
no-picture-discord = I see no picture in that message. Attach one, or choose “Apps” and then “{ menu-caption }” on the message that has it. /{ name-help } says more.
mention-me-discord = Discord doesn’t show me the pictures in a message that mentions only my role. Mention me by my name, or choose “Apps” and then “{ menu-caption }” on the message.
# Read aloud by screen readers; the caption stands in the message itself.
alt-photo = The photo this caption describes
owners-only-discord = Only the bot’s owner can see /{ name-stats }.
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
menu-alt = Write alt text
# Descriptions in Discord's list of commands: at most 100 characters.
command-caption-more = Another picture, for the same answer
command-caption-private = Show the answer only to me
command-language-which = The language
command-language-captions = The language of captions
command-voice-on = Read captions aloud to me
command-voice-off = Stop reading captions aloud to me
command-auto-on = Answer every picture in this channel
command-auto-off = Answer in this channel only when asked
# $which (String) - a number or a time: which of several pictures.
button-attention-of = Where did you look? ({ $which })
# $number, $count (Number) - one of several photos. Read aloud by screen readers.
alt-photo-number = Photo { $number } of { $count } that these captions describe
auto-on-discord = From now on I’ll answer every picture in this channel. /auto off stops that.
auto-off-discord = From now on I’ll answer here only when somebody asks me.
auto-not-allowed-discord = Only people who can manage this channel can decide that.
auto-needs-intent = I can’t see what is written in this channel: Discord shows me only messages that mention me. My owner can change that by turning on the “Message Content Intent” for me at Discord and the setting CAPTIONBOT_DISCORD_MESSAGE_CONTENT.
delete-not-allowed = Only the person who asked for this answer, or somebody who manages messages here, can delete it.
# $limit (Number) - in megabytes.
too-large-to-send = The picture I made is too large to post here: Discord takes at most { $limit } MB.
# $channel (String) - the channel, as a link; $permissions (String) - Discord's names of them.
missing-permission-discord = I can’t answer in { $channel } because I’m missing these permissions there: { $permissions }. Somebody who manages the channel can grant them.
# $permission (String) - Discord's name of it.
cannot-attach-discord = I’m not allowed to post pictures here. Somebody who manages the channel can grant me this permission: { $permission }.
# The names of permissions, as Discord's own settings say them in this language.
permission-view-channel = View Channels
permission-send-messages = Send Messages
permission-send-messages-in-threads = Send Messages in Threads
permission-attach-files = Attach Files
permission-read-message-history = Read Message History
command-ask-question = Your question
command-ask-photo = The picture to ask about
command-detail-length = How long captions are
name-ask = ask
name-detail = detail
menu-ask = Ask about this photo
help-ask-discord = To ask about a photo, reply to my answer with your question, use /{ name-ask }, or choose “Apps” and then “{ menu-ask }” on a message.
help-detail-discord = /{ name-detail } changes how long my captions are.
