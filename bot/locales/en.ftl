### What the bot says, in English. Warm, short, honest; says what to do.
### Plain text without markup: each platform escapes it in its own way.


## Getting to know each other

start = Hello! Send me a photo and I’ll tell you in one sentence what I see. { $looks ->
    [yes] Then you can ask me where I looked for each word. { "" }
   *[no] { "" }
}I’m a small program, so I sometimes get things wrong. /help says more.
# Where a photo goes, and what becomes of it: the beginning of a sentence, used in other texts.
# $hosts (String) - “none”, “unknown” as long as no worker has said so, or the servers of others
# that photos are sent to.
photo-goes = { $hosts ->
    [none] Your photo goes to this bot’s own computer and nowhere else, and it’s deleted once I’ve answered
    [unknown] Your photo goes to this bot’s own computer, where it’s deleted once I’ve answered; whether it also goes elsewhere from there, I’ll know only once my model has started
   *[other] Your photo goes to this bot’s own computer, where it’s deleted once I’ve answered, and from there to { $hosts }; what is kept there, I can’t say
}
# $looks, $others (String) - yes or no: whether the model says where it looked, and gives other captions.
help-buttons = The buttons under my answer { $looks ->
    [yes] show where I looked for each word, { "" }
   *[no] { "" }
}{ $others ->
    [yes] offer other captions, { "" }
   *[no] { "" }
}read it aloud or delete it.
# $language (String) - “english” where that stands in for others, “others” where it does not, or the
# name of the one that the owner has chosen for everybody.
captions-in = { $language ->
    [english] I write captions in your language if I’ve learned it, otherwise in English.
    [others] I write captions in your language if I’ve learned it.
   *[fixed] { captions-fixed }
}
help =
    Send me a photo, an album, a picture as a file, a sticker, a GIF or a short video, and I’ll answer with a sentence about it. { help-buttons }

    In a group I stay silent until somebody asks: reply to a photo with /caption, or write /caption or my name under your own photo. With /auto on, an admin lets me answer every photo.

    /alt writes alt text to copy, /voice on reads every caption aloud to you, /language changes the language I speak, and /privacy says what is kept.

    { captions-in } { photo-goes }. I make mistakes, so don’t rely on me where it matters.

# Descriptions in a platform's list of commands: at most 100 characters.
command-start = What this bot does
command-help = How to use me, and what happens to your photo
command-caption = Describe a photo
command-alt = Write alt text for a picture, ready to copy
command-voice = Choose whether I read captions aloud to you
command-language = Choose the language I speak to you
command-privacy = What is kept, and for how long
command-delete = Delete your settings
command-auto = Choose whether I answer every picture here
command-stats = How busy I have been, for the bot’s owner


## Answers

# $caption (String) - the sentence the model wrote; here and below.
caption = { $caption }
unsure = I’m not sure, but I think: { $caption }
# Below several lines, in place of the above. $numbers (String) - which ones, as in “1, 3”.
unsure-of = I’m not sure about { $numbers }.
alternatives = It could also be:
alternative = { $caption }
# $ahead (Number) - how many photos are in front of this one.
waiting = { $ahead ->
    [one] One photo is in front of yours.
   *[other] { $ahead } photos are in front of yours.
}

button-attention = Where did you look?
button-sheet = As a still image
button-alternatives = Other captions
button-speech = Read aloud
button-delete = Delete

no-alternatives = I have no other caption for this one.
# A line for each of several photos. $number (Number or String) - which one.
album-line = { $number }. { $caption }
# A line of what is to be seen in a video. $time (String) - from when until when.
timeline-line = { $time } { $caption }
alt-text-ready = Alt text to copy. A program wrote it, so please check it:
# At the end of an alt text, in the language of the caption. $words (String) - words of it.
alt-text-program = (Described by a program.)
alt-text-sure = (Described by a program; fairly sure.)
alt-text-guess = (Described by a program; only a guess.)
alt-text-unsure-words = (Described by a program; not sure of: { $words }.)

attention = Where I looked for each word of: { $caption }
# Read aloud by screen readers in place of the picture.
alt-attention-gif = Animation of the photo. It shows word by word where the model looked while it wrote: { $caption }
alt-attention-sheet = One copy of the photo for each word, with the place lit up where the model looked while it wrote: { $caption }


## A file that is not captioned. The ids are the values of bot.chat.refusals.RefusalCode.

empty = That file is empty. Please send the photo again.
not_an_image = That is not a picture. Please send a photo, as JPEG or PNG for example.
# $kind (String) - svg, pdf, video, audio, raw, or anything else for some other kind of image.
unsupported = { $kind ->
    [svg] I can’t look at SVG drawings. Please send it as a PNG or JPEG.
    [pdf] I can’t read PDF files. Please send the page as a PNG or JPEG, a screenshot for example.
    [video] I can’t look at this video. Please send a still picture from it.
    [audio] I can’t listen to sound. Please send a photo.
    [raw] I can’t develop a camera’s raw file, and I found no preview in it. Please send it as a JPEG.
   *[other] I don’t know this kind of picture. Please send it as a JPEG or PNG.
}
damaged = That picture did not arrive completely, or it is damaged. Please send it again.
# $limit (Number) - in megabytes.
too_large = That file is too large. Please send one of at most { $limit } MB.
# $limit (Number) - in megapixels.
too_many_pixels = That picture has too many pixels. Please scale it down to { $limit } megapixels or less and send it again.
# $width, $height (Number) - of the picture, in pixels; $smallest (Number) - pixels a side needs.
too_small = That picture is too small or too narrow to see anything in it ({ $width } × { $height } pixels). Please send one that has at least { $smallest } pixels on each side and is not a thin strip.
too_slow = Opening that picture took too long, so I stopped. Please send it as an ordinary JPEG or PNG.
question-empty = I see no question there. Please write what you’d like to know about the photo.
# $limit (Number) - characters.
question-too-long = That question is too long. Please ask it in at most { $limit } characters.


## Not now. The ids are the values of bot.chat.refusals.RefusalCode.

# $seconds (Number) - when it makes sense to try again.
queue-full = A lot of photos are waiting right now. Please send yours again in { $seconds ->
    [one] a second.
   *[other] { $seconds } seconds.
}
person-busy = I’m still working on what you sent before. Please wait for those answers, then try again.
slow-down = That was a lot in a short time. Please try again in { $seconds ->
    [one] a second.
   *[other] { $seconds } seconds.
}
# $limit (Number) - photos.
too-many-photos = That’s more than I can look at in one go. Please send at most { $limit } photos at a time.
queue-unavailable = I can’t take photos right now; it’s not your fault. Please try again in { $seconds ->
    [one] a second.
   *[other] { $seconds } seconds.
}


## It was accepted and then went wrong. The ids are the values of captioner.queue.messages.Failure.

bad_photo = I couldn’t open that picture after all. Please send it as an ordinary JPEG or PNG.
gave_up = I tried several times and couldn’t describe this photo. Sorry! Another photo should work.
internal = Something went wrong on my side; it’s not your fault. Please try again in a moment.


## Between the platform and us

photo-expired = I no longer have that photo: photos are deleted once I’ve answered. Please send it again.
# $limit (Number) - in megabytes. $kind (String) - video, or anything else.
too-large-to-download = That file is too large: I can download at most { $limit } MB here. { $kind ->
    [video] Please send a shorter or smaller one.
   *[other] Please send it as a photo, or make it smaller.
}
download-failed = I couldn’t download that file. Please send it again.
download-slow = That file took too long to arrive. Please send it again.
photo-removed = That picture was removed before I could download it.
not-a-photo = I can only look at pictures. Please send me a photo. /help says more.
# $command (String) - the command that was used: /caption or /alt.
nothing-to-caption = I see no picture there. Reply with { $command } to a message that has a photo, or write { $command } under your own photo.
no-picture-in-message = There is no picture in that message.
cannot-send-files = I’m not allowed to send pictures here. An admin of this chat can allow it.
not-ready = I’m still waking up. Please try again in { $seconds ->
    [one] a second.
   *[other] { $seconds } seconds.
}
waking = I’m still waking up; yours is the first photo I’ll look at.
photo-waits = I can’t look at photos right now. Yours is in the queue, and I’ll answer as soon as I can.
speech-unavailable = I can’t read aloud here: my owner hasn’t set that up.
spoiler-not-spoken = It’s a spoiler, so I don’t read it aloud where others would hear it.
not-admitted = This bot is private. Ask its owner for access.
blocked = This bot’s owner has blocked you or this chat, so I don’t answer here.
paused = My owner has paused me, so I’m not captioning photos at the moment. Please try again later.


## What people choose

# The name of this language, in this language.
language-name = English
language-auto = Same as the app
language-chosen = From now on I’ll speak English to you.
# What I speak, and what captions are in. $bot, $captions (String) - languages by their names.
language-now = I speak: { $bot }. Captions: { $captions }.
captions-ask = Which language should captions be in?
captions-auto = The same language as me
# $languages (String) - the names of several, with commas.
captions-unknown = I can’t write captions in that language, but in these: { $languages }.
# Said once to each person. $wanted, $used (String) - languages by their names.
captions-not-in = I haven’t learned to write captions in { $wanted } yet, so yours are in { $used }. I can write them in: { $languages }.
# $language (String) - a language by its name.
captions-fixed = My owner has decided that all captions are in { $language }.
voice-on = From now on I’ll read every caption aloud to you as well.
voice-off = I’ll no longer read captions aloud to you.
choices-unavailable = I can’t read or save settings right now. Please try again later.
# $delete (String) - the command that deletes, as one types it here.
privacy =
    { photo-goes }. This bot never writes it to a disk.

    The caption is kept for a day under a code that doesn’t say whose it is, so that the same photo can be answered at once.

    Your settings, such as the language, are kept under a code of the same kind, for a year after they were last needed. { $delete } removes them.

    If this bot’s owners allow or block you, your id is kept for that, encrypted, until they take it back, and the log says so.

    Nothing of yours is used for training, and no log holds photos, captions or names.
deleted = Done: your settings are deleted. Photos are never kept in the first place.
owners-only = Only the bot’s owner can see /stats.
stats = The last seven days:


## What owners command while the bot runs

# $who (String) - a person or a chat by its id, like telegram:12345; here and below.
owners-only-command = Only the bot’s owners can do that.
help-owner =
    For you as an owner: /access shows who may use me. /allow, /block and /lift change that: reply with one of them to somebody’s message, or put an id behind it, as in /block { $example }; “here” stands for the whole group. /pause and /resume stop and restart captions everywhere. /stats shows how busy I have been.
# $command (String) - the command as it is typed; $example (String) - an id.
access-how = Reply to somebody’s message with { $command }, or put an id behind it: { $command } { $example }. An id of another platform looks like discord:12345. In a group, { $command } here means the whole group. I can’t tell who wrote an anonymous message.
access-owner = { $who } is one of my owners. Owners may always use me.
access-unchanged = Nothing changed: it’s that way already.
access-open = Everybody may use me, except those who are blocked.
access-private = Only those who are allowed may use me.
access-allowed = Allowed:
access-blocked = Blocked:
access-setting = { $who } (in my settings)
# $count (Number) - names that a list does not show.
access-more = … and { $count } more
access-not-kept = I have no Redis to remember this in, so it’s gone when I’m restarted.
allow-done = Done: { $who } may use me.
block-done = Done: I no longer answer { $who }.
lift-done = Done: for { $who }, my settings alone count again.
# $resume (String) - the command that resumes, as it is typed.
pause-done = I’m paused: I caption nothing on any platform until an owner uses { $resume }.
resume-done = I’m captioning photos again.
block-sure = Block { $who }? I’ll no longer answer that person or chat.
lift-sure = Take { $who } off the list of those who may use me?
pause-sure = Pause me? Nobody will get captions on any platform until an owner resumes me.
confirm-no = All right, nothing was changed.
confirm-not-yours = Only the owner who was asked can answer this, and only within 15 minutes. Please use the command again.
confirm-twice = This has been answered already.
button-yes = Yes
button-no = No


## In groups, and where people type commands

# Commands have the same names in all languages: leave /auto on and the like as they are.
auto-on = From now on I’ll answer every photo in this group. /auto off stops that.
auto-off = From now on I’ll answer here only when somebody asks me.
auto-how = An admin can write /auto on, so that I answer every photo in this group, or /auto off.
auto-in-groups = That’s for groups; here I answer every photo anyway.
auto-not-allowed = Only the admins of this group can decide that.
voice-how = Write /voice on and I’ll read every caption aloud to you as well; /voice off stops that.
voice-not-welcome = I wanted to read this aloud, but voice messages aren’t allowed here. Write /voice off and I’ll stop trying.
language-ask = Which language should I speak to you?
language-unknown = I don’t speak that language. I speak these:
deleted-group = Done: your settings and this group’s settings are deleted. Photos are never kept in the first place.
moving-sticker = I can’t look at this kind of sticker because it’s a moving drawing. Please send a screenshot of it.
button-copy = Copy


## The web page. It speaks of CaptionBot as “it”. Texts that begin with "page-" are served to the browser.

page-description = Send a photo, read what is happening in it, and see where the model looked for each word.
# Instead, where the model does not say where it looked; as with other ids that end so.
page-description-plain = Send a photo and read what is happening in it.
page-title = What is happening in your photo?
page-lead = CaptionBot writes one sentence about it and shows where it looked for each word.
page-lead-plain = CaptionBot writes one sentence about it.
page-language = Language
page-captions = The language of captions
page-captions-auto = The same as this page
# $wanted, $used (String) - languages by their names.
page-captions-not-in = CaptionBot hasn’t learned to write captions in { $wanted } yet, so they are in { $used }.
page-length = The length of captions
page-no-script = This page needs JavaScript.
page-no-script-api = The API works without it.
page-aloud = Read captions aloud
page-history = History
page-close = Close

page-choose = Choose photos
page-choose-more = or drop or paste them, several at once
page-camera = Take a photo
page-drop = Drop here
page-examples = No photo at hand? Try one of these:
page-example-astronaut = A smiling astronaut
page-example-photographer = A photographer at work
page-example-cat = A cat’s face
page-example-coffee = A cup of coffee
page-credits = Photos in the public domain, by:
page-address = CaptionBot doesn’t open web addresses
page-address-more = It never fetches anything from the internet, so that nobody can make it call other servers. Save the picture and choose the file, or copy the picture itself and paste that.

page-photo = Your photo
page-result = Your photo and its caption
page-sending = Sending your photo
page-looking = Looking at your photo
page-turn = Waiting for its turn
page-waking = CaptionBot is still waking up
page-waking-more = It will look at your photo as soon as it is awake. You don’t have to do anything.
page-cancel = Cancel
page-retry = Try again
# $caption (String) - the sentence.
page-said = The caption: { $caption }
page-sure = CaptionBot is fairly sure of this, but it can be wrong.
page-unsure = CaptionBot is not sure of this. Take it as a guess.
page-words = Words of the caption
page-words-how = Arrow keys move from word to word. For each word, the photo shows where the model looked.
page-words-move = Arrow keys move from word to word.
page-point = Point at a word to see where it looked.
page-touch = Touch a word to see where it looked.
# $word (String) - a word of the caption, in its language. $sure (String) - yes, likely or no;
# unknown, if the model does not say, as of “the”. $place (String) - where on the photo the model
# looked; nowhere, if all over it; unknown, if that is not known.
page-word = “{ $word }”{ $sure ->
    [yes] : sure
    [likely] : fairly sure
    [no] : not sure
   *[unknown] { "" }
}{ $place ->
    [top-left] , looking at the upper left
    [top] , looking at the top
    [top-right] , looking at the upper right
    [left] , looking at the left
    [middle] , looking at the middle
    [right] , looking at the right
    [bottom-left] , looking at the lower left
    [bottom] , looking at the bottom
    [bottom-right] , looking at the lower right
    [nowhere] , looking at no particular place
   *[unknown] { "" }
}
page-play = Show where it looked
page-stop = Stop
page-read-stop = Stop reading
page-copied = Copied
page-copy-failed = Could not copy
page-copy-alt = Copy alt text
page-share = Share
page-share-failed = It could not be shared.
page-ask = Ask about this photo
page-ask-send = Ask
page-ask-hint = Each question is answered from the photo alone: earlier questions and answers aren’t remembered. Answers can be wrong.
# Read by screen readers before what somebody asked, and before the answer.
page-asked = Your question:
page-answered = The answer:
page-others = Sentences it considered
page-likely-chosen = its choice
page-likely-near = about as likely
page-likely-less = less likely
page-likely-little = much less likely
page-download = Download
page-download-gif = Animation (GIF)
page-download-sheet = Contact sheet (PNG)
page-making = Drawing it …
page-saved = Saved to your downloads.
page-save-failed = It could not be saved.
page-again = Another photo
page-back = Back

# $count (Number) - photos.
page-photos = { $count ->
    [one] One photo
   *[other] { $count } photos
}
page-album-new = { $count ->
    [one] One photo to caption.
   *[other] { $count } photos to caption.
}
# Parts of a list: “2 captioned, 1 failed, 3 to come”. $count (Number) - photos.
page-album-captioned = { $count } captioned
page-album-failed = { $count } failed
page-album-left = { $count } to come
# $state (String) - the list that the three above make.
page-album-done = All done: { $state }
page-album-add = Add photos
page-album-read = Read all aloud
page-album-copy = Copy all
page-album-over = Start over
# $number (Number) - which photo of several.
page-card = Photo { $number }
page-card-waiting = Waiting to be sent
page-card-open = See where it looked
page-card-open-which = See where it looked: photo { $number }
page-card-retry-which = Try again: photo { $number }

page-open = Open
page-open-which = Open: photo { $number }
page-history-about = The last 50 captions are kept with their photos, made smaller, in this browser and nowhere else. Nothing in this list is sent anywhere. If others use this device too, clear the history or switch it off.
page-history-keep = Keep a history
page-history-clear = Clear history
page-history-cleared = The history is empty now.
page-history-clear-failed = It could not be deleted. Clear this site’s data in your browser.
page-history-deleted = Deleted.
page-history-none = Nothing yet.
page-history-unavailable = This browser keeps no history for this page.

page-unreached = The server cannot be reached
page-unreached-more = Check your connection, then try again.
page-refused = The server did not take the photo
page-refused-large = Try a smaller one.
page-refused-more = Try again in a while.
page-wrong = Something went wrong on this page
page-wrong-more = Please try again.

page-how = How it works
page-how-text = A neural network looks at the photo again for each word it writes. The bright places are where it looked. It learned from examples, so it is sometimes wrong, and it doesn’t know who anybody is.
page-how-text-plain = A neural network looks at the photo and writes about it. It learned from examples, so it is sometimes wrong.
page-certainty = How sure it is
page-certainty-text = CaptionBot estimates how likely its sentence is to fit the photo. Below one half, it calls the sentence a guess. A word is called sure only if it is likely enough to rely on by itself. Other words are as sure as the sentence, or less if they are less likely than the words around them. Where it looked hints at why it wrote a word; it doesn’t prove it.
page-certainty-text-plain = CaptionBot estimates how likely its sentence is to fit the photo. Below one half, it calls the sentence a guess. A word is called sure only if it is likely enough to rely on by itself. Other words are as sure as the sentence, or less if they are less likely than the words around them.
page-yours = Your photo stays yours
page-yours-text = It goes to this server’s own worker and nowhere else, and then it is forgotten. A small copy stays in memory for ten minutes in case you want to know more about it; what was said about it may be remembered for a day. There are no cookies, and nothing is learned from your photo. The history is kept in your browser alone.
# Where a worker sends photos to servers of others. $hosts (String) - their names.
page-yours-text-elsewhere = It goes to this server’s own worker and from there to { $hosts }, where others decide what is kept. Here it is forgotten afterwards. A small copy stays in memory for ten minutes in case you want to know more about it; what was said about it may be remembered for a day. There are no cookies, and nothing is learned from your photo. The history is kept in your browser alone.
# As long as no worker has said where it sends photos.
page-yours-text-unknown = It goes to this server’s own worker, which hasn’t said yet whether it sends photos on to others. Here it is forgotten afterwards. A small copy stays in memory for ten minutes in case you want to know more about it; what was said about it may be remembered for a day. There are no cookies, and nothing is learned from your photo. The history is kept in your browser alone.
page-api = API
page-api-text = Programs can do all this over HTTP, with a single command.
page-api-link = See how, and try it
page-embed = Your photo goes to this server’s own worker and nowhere else, and then it is forgotten.
# $hosts (String) - as above.
page-embed-elsewhere = Your photo goes to this server’s own worker and from there to { $hosts }, where others decide what is kept.
page-embed-unknown = Your photo goes to this server’s own worker, which hasn’t said yet whether it sends photos on to others.


## The web page's refusals: titles, then what is wrong and what to do. The ids end in the code.

problem-bad_request = The request is malformed
problem-empty = The file is empty
problem-missing_photo = There is no photo in the form
problem-unknown_language = Unknown language
problem-question_empty = There is no question
problem-question_too_long = The question is too long
problem-not_a_question = The question cannot be read
problem-unknown_length = Unknown length
problem-not_an_image = Not an image
problem-not_multipart = Not a multipart form
problem-unauthorized = A key or password is needed
problem-cross_site = Another site may not send anything here
problem-forgotten = The photo has been forgotten
problem-not_found = There is nothing here
problem-method_not_allowed = Not a method of this address
problem-upload_too_slow = Sending took too long
problem-too_large = The photo is too large
problem-unsupported = File type not supported
problem-bad_photo = The photo cannot be read
problem-damaged = The photo is damaged
problem-too_many_pixels = The photo has too many pixels
problem-too_slow = The photo took too long to open
problem-too_small = The photo is too small
problem-person_busy = Too many requests at once
problem-slow_down = Too many requests in a short time
problem-internal = Something went wrong here
problem-uploads_full = Too many photos are arriving
problem-gave_up = The photo could not be captioned
problem-not_ready = Not ready yet
problem-queue_full = Too many photos are waiting
problem-queue_unavailable = Not available right now
problem-paused = Paused
problem-no_answer = No answer in time

detail-bad_request = The server could not read the request.
# $field (String) - the name of a form's field.
detail-missing_photo = Put the photo into a field named “{ $field }”.
# $languages (String) - the names of several, with commas.
detail-unknown_language = Captions can be in these languages: { $languages }.
# $field (String) - the name of a field.
detail-not_a_question = Send the question as JSON or as a form, in a field named “{ $field }”.
# $lengths (String) - the names of several, with commas.
detail-unknown_length = Captions can have these lengths: { $lengths }.
detail-not_multipart = Send a complete multipart/form-data form with the photo in a field named “{ $field }”.
detail-unauthorized = Sign in with your name and your key or password. Whoever runs this page can give you one.
detail-cross_site = Use this server’s own page, or a program.
# $minutes (Number) - for how long photos are kept at most.
detail-forgotten = Photos are kept for { $minutes ->
    [one] one minute
   *[other] { $minutes } minutes
} at most. Please send it again.
detail-not_found = There is no such address on this server.
# $methods (String) - HTTP methods.
detail-method_not_allowed = Use { $methods }.
# $seconds (Number) - for how long the server waited.
detail-upload_too_slow = What you sent did not arrive within { $seconds ->
    [one] one second
   *[other] { $seconds } seconds
}. Please try again.
detail-uploads_full = Many photos are arriving right now. Please try again in a moment.
detail-no_answer = There was no answer within { $seconds ->
    [one] one second
   *[other] { $seconds } seconds
}. Please try again in a while.


## What only some models can do

not_offered = The model that I use here can’t do that.
problem-not_offered = Not possible with this model


## Questions about photos, and how long captions are

command-ask = Ask a question about a photo
command-detail = Choose how long captions are
# $command (String) - the command, as it is typed.
ask-how = Write your question after { $command }, as in: { $command } What colour is the car? Reply to a photo with it, or write it under your own photo.
# $number (Number) - which of several photos. $caption (String) - the answer to a question.
answer-photo = About photo { $number }: { $caption }
# $time (String) - when in a video.
answer-moment = At { $time }: { $caption }
help-ask = To ask about a photo, reply to my answer with your question. Or write /ask and the question: in a reply to a photo, or under your own.
help-detail = /detail changes how long my captions are.
# Below the text on privacy. $delete (String) - the command that deletes.
privacy-questions = If you ask about a photo, your question goes the same way as the photo, and my answer is kept like a caption.
# $length (String) - one of the lengths below.
length-now = The length of your captions: { $length }. For albums and videos, each one is a short sentence.
length-ask = How long should captions be?
length-short = Short (one sentence)
length-alt = Alt text (one or two sentences)
length-long = Long (a paragraph)
length-only-short = The model that I use here writes short captions only.
