### What the bot says, in English. Warm, short, honest; says what to do.
### Plain text: no markup, for each platform escapes in its own way.


## Getting to know each other

start = Hello! Send me a photo and I will tell you what I see in it, in one sentence. Then you can ask me where I looked for each word. I am a small program, so I am sometimes wrong. /help says more.
help =
    Send me a photo, or a picture as a file, and I answer with a sentence about it.

    In a group I stay silent until somebody asks: reply to a photo with /caption, or write /caption under your own photo.

    The button under my answer brings an animation of where I looked for each word.

    What I write is English. Your photo goes to this bot’s own computer and nowhere else, and it is deleted once it is answered. I make mistakes: do not rely on me where it matters.
help-discord =
    Use /caption with a picture, choose “Apps” and then “{ menu-caption }” on a message, or mention me in a message with a picture.

    The button under my answer brings an animation of where I looked for each word.

    What I write is English. Your photo goes to this bot’s own computer and nowhere else, and it is deleted once it is answered. I make mistakes: do not rely on me where it matters.

# Descriptions in a platform's list of commands: at most 100 characters.
command-start = What this bot does
command-help = How to ask, and what happens to your photo
command-caption = Say what is in a photo
command-caption-image = The picture to look at
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

attention = Where I looked for each word of: { $caption }
# Read aloud by screen readers in place of the picture.
alt-attention-gif = Animation of the photo. It shows word by word where the model looked while it wrote: { $caption }
alt-attention-sheet = One copy of the photo for each word, with the place lit up where the model looked while it wrote: { $caption }


## A file that is not captioned. The ids are the values of bot.intake.Reason.

empty = That file is empty. Please send the photo again.
not_an_image = That is not a picture. Please send a photo, as JPEG or PNG for example.
# $kind (String) - svg, pdf, video, audio, or anything else for some other kind of image.
unsupported = { $kind ->
    [svg] I cannot look at SVG drawings. Please send it as a PNG or JPEG.
    [pdf] I cannot read PDF files. Please send the page as a PNG or JPEG, a screenshot for example.
    [video] I cannot watch videos. Please send a still picture from it.
    [audio] I cannot listen to sound. Please send a photo.
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


## Not now. The ids are the codes of bot.desk.Sorry.

# $seconds (Number) - when it makes sense to try again.
queue-full = A lot of photos are waiting just now. Please send yours again in { $seconds ->
    [one] a second.
   *[other] { $seconds } seconds.
}
person-busy = I am still working on your earlier photos. Please wait for those answers, then send this one again.
queue-unavailable = I cannot take photos just now; it is not your fault. Please try again in { $seconds ->
    [one] a second.
   *[other] { $seconds } seconds.
}


## It was accepted and then went wrong. The ids are the values of captioner.jobs.Failure.

bad_photo = I could not open that picture after all. Please send it as an ordinary JPEG or PNG.
gave_up = I tried several times and could not describe this photo. Another photo should work; I am sorry about this one.
internal = Something went wrong on my side; it is not your fault. Please send the photo again in a moment.


## Between the platform and us

photo-expired = I no longer have that photo: photos are deleted once they are answered. Please send it again.
# $limit (Number) - in megabytes.
too-large-to-download = That file is too large: I can fetch at most { $limit } MB here. Please send it as a photo, or make it smaller.
download-failed = I could not fetch that file. Please send it again.
not-a-photo = I can only look at pictures. Please send me a photo.
nothing-to-caption = There is no picture there. Reply with /caption to a message that has a photo, or write /caption under your own photo.
no-picture-in-message = There is no picture in that message.
one-at-a-time = I look at one picture for each message; this is about the first.
cannot-send-files = I am not allowed to send pictures here. Somebody who manages this chat can allow it.
not-ready = I am still waking up. Please try again in { $seconds ->
    [one] a second.
   *[other] { $seconds } seconds.
}


## Discord only

no-picture-discord = I see no picture in that message. Attach one, or choose “Apps” and then “{ menu-caption }” on the message that has it.
# Read aloud by screen readers; the caption stands in the message itself.
alt-photo = The photo that this caption is about
