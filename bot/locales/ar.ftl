### What the bot says, in Arabic.

# A slash that begins a command has a left-to-right mark before it: without one, it is shown at
# the wrong end of the command in a line that runs from right to left.


## Getting to know each other

start = مرحبًا! أرسل لي صورة وسأخبرك في جملة واحدة بما أراه فيها. بعدها يمكنك أن تسألني أين نظرت عند كل كلمة. أنا برنامج صغير، لذلك أخطئ أحيانًا. للمزيد: { "\u200E" }/help
help =
    أرسل لي صورة، أو ألبومًا، أو صورة كملف، أو ملصقًا، أو GIF، أو مقطع فيديو قصيرًا، وسأجيبك بجملة عنه. الأزرار تحت إجابتي تُظهر أين نظرت عند كل كلمة، وتعرض أوصافًا أخرى، وتقرأ الوصف بصوت مسموع، أو تحذفه.

    في المجموعات أبقى صامتًا حتى يسألني أحد: رُدّ على صورة بكتابة { "\u200E" }/caption، أو اكتب { "\u200E" }/caption أو اسمي تحت صورتك. وبكتابة { "\u200E" }/auto on يسمح لي أحد المشرفين بالإجابة عن كل صورة.

    الأمر { "\u200E" }/alt يكتب نصًا بديلًا للنسخ، و { "\u200E" }/voice on يقرأ لك كل وصف بصوت مسموع، و { "\u200E" }/language يغيّر اللغة التي أتحدث بها، و { "\u200E" }/privacy يوضح ما الذي يُحفَظ.

    أكتب الأوصاف نفسها بالإنجليزية. تذهب صورتك إلى حاسوب هذا البوت وحده ولا تذهب إلى أي مكان آخر، وتُحذف فور الإجابة عنها. أنا أخطئ: فلا تعتمد عليّ في الأمور المهمة.
help-discord =
    استخدم { "\u200E" }/{ name-caption } مع خمس صور على الأكثر، أو اختر «Apps» ثم «{ menu-caption }» على رسالة، أو اذكرني في رسالة فيها صور. وتصلح أيضًا صور GIF ومقاطع الفيديو القصيرة.

    الأزرار تحت إجابتي تُظهر أين نظرت عند كل كلمة، وتخبرك بأوصاف أخرى، وتقرأ الوصف بصوت مسموع، أو تحذف الإجابة. الأمر { "\u200E" }/{ name-alt } يكتب نصًا بديلًا للنسخ، و { "\u200E" }/{ name-voice } { name-on } يقرأ لك كل وصف بصوت مسموع، و { "\u200E" }/{ name-language } يغيّر اللغة التي أحدّثك بها. ويمكن لمن يديرون قناة أن يجعلوني أجيب عن كل صورة فيها بكتابة { "\u200E" }/{ name-auto } { name-on }.

    أكتب عن الصور بالإنجليزية. تذهب صورتك إلى حاسوب هذا البوت وحده ولا تذهب إلى أي مكان آخر، وتُحذف فور الإجابة عنها؛ وللمزيد { "\u200E" }/{ name-privacy }. أنا أخطئ: فلا تعتمد عليّ في الأمور المهمة.

command-start = ماذا يفعل هذا البوت
command-help = كيف تسأل، وماذا يحدث لصورتك
command-caption = قول ما في الصورة
command-caption-image = الصورة المطلوب النظر إليها
command-alt = كتابة نص بديل للصورة، للنسخ
command-voice = هل تُقرأ لك الأوصاف بصوت مسموع
command-language = اللغة التي أحدّثك بها
command-privacy = ما الذي يُحفَظ، وإلى متى
command-delete = حذف ما هو محفوظ عنك
command-auto = هل يُجاب هنا عن كل صورة
command-stats = كم كان حجم العمل، لمن يديرون هذا البوت
# Discord itself is not to be had in Arabic and shows these in English, as it does names of commands.
menu-caption = Caption this image
menu-attention = Show attention


## Answers

caption = { $caption }
unsure = لست متأكدًا، لكنني أظن: { $caption }
alternatives = وقد يكون أيضًا:
alternative = { $caption }
working = أنظر إلى صورتك …
attention-working = أرسم أين نظرت …
waiting = { $ahead ->
    [zero] لا توجد صور قبل صورتك.
    [one] قبل صورتك صورة واحدة.
    [two] قبل صورتك صورتان.
    [few] قبل صورتك { $ahead } صور.
    [many] قبل صورتك { $ahead } صورة.
   *[other] قبل صورتك { $ahead } صورة.
}

button-attention = أين نظر البوت؟
button-sheet = كصورة ثابتة
button-alternatives = أوصاف أخرى
button-speech = قراءة بصوت مسموع
button-delete = حذف

no-alternatives = ليس لديّ وصف آخر لهذه الصورة.
album-line = { $number }. { $caption }
timeline-line = { $time } { $caption }
alt-text-ready = نص بديل للنسخ. كتبه برنامج، فيُرجى مراجعته:

attention = أين نظرت عند كل كلمة من: { $caption }
alt-attention-gif = صورة متحركة تُظهر كلمة بعد كلمة أين نظر النموذج وهو يكتب: { $caption }
alt-attention-sheet = نسخة من الصورة لكل كلمة، والمضاء فيها هو الموضع الذي نظر إليه النموذج وهو يكتب: { $caption }


## A file that is not captioned

empty = هذا الملف فارغ. من فضلك أرسل الصورة مرة أخرى.
not_an_image = هذه ليست صورة. من فضلك أرسل صورة، بصيغة JPEG أو PNG مثلًا.
unsupported = { $kind ->
    [svg] لا أستطيع النظر إلى رسومات SVG. من فضلك أرسلها بصيغة PNG أو JPEG.
    [pdf] لا أستطيع قراءة ملفات PDF. من فضلك أرسل الصفحة بصيغة PNG أو JPEG، لقطة شاشة مثلًا.
    [video] لا أستطيع مشاهدة هذا الفيديو. من فضلك أرسل صورة ثابتة منه.
    [audio] لا أستطيع الاستماع إلى الصوت. من فضلك أرسل صورة.
    [raw] لا أستطيع معالجة ملفات RAW من الكاميرا، ولا توجد في هذا الملف صورة معاينة. من فضلك أرسله بصيغة JPEG.
   *[other] لا أعرف هذا النوع من الصور. من فضلك أرسلها بصيغة JPEG أو PNG.
}
damaged = لم تصل هذه الصورة كاملة، أو أنها تالفة. من فضلك أرسلها مرة أخرى.
too_large = هذا الملف أكبر من قدرتي. من فضلك أرسل ملفًا لا يتجاوز { $limit } ميغابايت.
too_many_pixels = عدد بكسلات هذه الصورة أكبر من قدرتي. من فضلك صغّرها إلى { $limit } ميغابكسل على الأكثر وأرسلها مرة أخرى.
too_small = هذه الصورة أصغر أو أضيق من أن يُرى فيها شيء (بالبكسل: { $width } × { $height }). من فضلك أرسل صورة لا يقل أي ضلع فيها عن { $smallest } بكسل وليست شريطًا ضيقًا.
too_slow = استغرق فتح هذه الصورة وقتًا أطول من اللازم، فتوقفت. من فضلك أرسلها بصيغة JPEG أو PNG عادية.


## Not now

queue-full = صور كثيرة تنتظر الآن. من فضلك أرسل صورتك مرة أخرى بعد { $seconds ->
    [zero] لحظة.
    [one] ثانية واحدة.
    [two] ثانيتين.
    [few] { $seconds } ثوانٍ.
    [many] { $seconds } ثانية.
   *[other] { $seconds } ثانية.
}
person-busy = ما زلت أعمل على صورك السابقة. من فضلك انتظر تلك الإجابات، ثم أرسل هذه مرة أخرى.
slow-down = وصلتني صور كثيرة في وقت قصير. من فضلك أرسل الصورة التالية بعد { $seconds ->
    [zero] لحظة.
    [one] ثانية واحدة.
    [two] ثانيتين.
    [few] { $seconds } ثوانٍ.
    [many] { $seconds } ثانية.
   *[other] { $seconds } ثانية.
}
too-many-photos = هذا أكثر مما أستطيع النظر إليه دفعة واحدة. من فضلك لا تتجاوز هذا العدد من الصور في المرة الواحدة: { $limit }.
queue-unavailable = لا أستطيع استقبال الصور الآن، وليس الخطأ منك. من فضلك حاول مرة أخرى بعد { $seconds ->
    [zero] لحظة.
    [one] ثانية واحدة.
    [two] ثانيتين.
    [few] { $seconds } ثوانٍ.
    [many] { $seconds } ثانية.
   *[other] { $seconds } ثانية.
}


## It was accepted and then went wrong

bad_photo = لم أتمكن من فتح هذه الصورة في النهاية. من فضلك أرسلها بصيغة JPEG أو PNG عادية.
gave_up = حاولت عدة مرات ولم أستطع وصف هذه الصورة. من المفترض أن تنجح صورة أخرى؛ وأعتذر عن هذه.
internal = حدث خطأ من جهتي، وليس الخطأ منك. من فضلك أرسل الصورة مرة أخرى بعد لحظات.


## Between the platform and us

photo-expired = لم تعد هذه الصورة لديّ: فالصور تُحذف فور الإجابة عنها. من فضلك أرسلها مرة أخرى.
too-large-to-download = هذا الملف كبير جدًا: أقصى ما أستطيع تنزيله هنا { $limit } ميغابايت. من فضلك أرسله كصورة، أو صغّره.
download-failed = لم أتمكن من تنزيل هذا الملف. من فضلك أرسله مرة أخرى.
download-slow = انتظرت هذا الملف ولم يصل. من فضلك أرسله مرة أخرى.
photo-removed = أُزيلت هذه الصورة قبل أن أتمكن من تنزيلها.
not-a-photo = لا أستطيع النظر إلا إلى الصور. من فضلك أرسل لي صورة.
nothing-to-caption = لا توجد صورة هناك. رُدّ بكتابة { "\u200E" }/caption على رسالة فيها صورة، أو اكتب { "\u200E" }/caption تحت صورتك.
no-picture-in-message = لا توجد صورة في هذه الرسالة.
one-at-a-time = أنظر إلى صورة واحدة من كل رسالة؛ وهذا عن الأولى.
cannot-send-files = لا يُسمح لي بإرسال الصور هنا. يمكن لمن يدير هذه المحادثة أن يسمح بذلك.
not-ready = ما زلت أستيقظ. من فضلك حاول مرة أخرى بعد { $seconds ->
    [zero] لحظة.
    [one] ثانية واحدة.
    [two] ثانيتين.
    [few] { $seconds } ثوانٍ.
    [many] { $seconds } ثانية.
   *[other] { $seconds } ثانية.
}
waking = ما زلت أستيقظ؛ وحين أصحو ستكون صورتك أول ما أنظر إليه.
speech-unavailable = لا أستطيع القراءة بصوت مسموع هنا: فمن يشغّلني لم يُعِدّ ذلك.
not-admitted = من يشغّل هذا البوت هو من يقرر من يستخدمه، ولست ضمن المسموح لهم.


## What people choose

language-name = العربية
language-auto = كما في التطبيق
language-chosen = سأحدّثك بالعربية من الآن فصاعدًا. أما الأوصاف فتبقى بالإنجليزية أيًا كانت اللغة.
voice-on = من الآن فصاعدًا سأقرأ لك كل وصف بصوت مسموع أيضًا.
voice-off = من الآن فصاعدًا لن أقرأ لك الأوصاف بصوت مسموع.
choices-unavailable = لا أستطيع الآن الاطلاع على اختياراتك أو تذكّرها. من فضلك حاول لاحقًا.
privacy =
    تذهب صورتك إلى حاسوب هذا البوت وحده ولا تذهب إلى أي مكان آخر. لا تُكتب على قرص أبدًا، وتختفي فور الإجابة عنها.

    يُحفَظ الوصف يومًا واحدًا تحت رمز لا يدل على صاحبه، لكي يُجاب عن الصورة نفسها فورًا.

    وما تختاره، كاللغة مثلًا، يُحفَظ أيضًا تحت رمز كهذا، لمدة سنة بعد آخر مرة احتيج إليه فيها. الأمر { "\u200E" }{ $delete } يحذفه.

    لا يُستخدم أي شيء يخصّك لتدريب أي شيء، ولا يحتوي أي سجل على صور أو أوصاف أو أسماء.
deleted = حُذف ما كان محفوظًا عنك: اختياراتك. أما الصور فلا تُحفَظ أصلًا.
owners-only = هذا لمن يديرون هذا البوت.
stats = الأيام السبعة الماضية:


## Discord only

no-picture-discord = لا أرى صورة في هذه الرسالة. أرفق صورة، أو اختر «Apps» ثم «{ menu-caption }» على الرسالة التي فيها الصورة.
alt-photo = الصورة التي يدور حولها هذا الوصف

# Discord itself is not to be had in Arabic: it shows the English names.
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
menu-alt = Write an alt text

command-caption-more = صورة أخرى، للإجابة نفسها
command-caption-private = إظهار الإجابة لي وحدي
command-language-which = اللغة
command-voice-on = قراءة الأوصاف لي بصوت مسموع
command-voice-off = التوقف عن قراءة الأوصاف لي بصوت مسموع
command-auto-on = الإجابة عن كل صورة في هذه القناة
command-auto-off = الإجابة في هذه القناة عند السؤال فقط

button-attention-of = أين نظر البوت؟ ({ $which })

alt-photo-number = الصورة { $number } من { $count } مما تدور حوله هذه الأوصاف

auto-on-discord = من الآن فصاعدًا أجيب عن كل صورة في هذه القناة. لإيقاف ذلك: { "\u200E" }/auto off
auto-off-discord = من الآن فصاعدًا لا أجيب هنا إلا حين يسألني أحد.
auto-not-allowed-discord = لا يقرر ذلك إلا من يديرون هذه القناة.
auto-needs-intent = لا أرى ما يُكتب في هذه القناة: فلا يُظهر لي Discord إلا الرسائل التي تذكرني. ويمكن لمن يشغّلني أن يغيّر ذلك بأن يفعّل لي «Message Content Intent» في Discord والإعداد CAPTIONBOT_DISCORD_MESSAGE_CONTENT.

delete-not-allowed = لا يستطيع حذف هذه الإجابة إلا من طلبها أو من يدير الرسائل هنا.
too-large-to-send = الصورة التي صنعتها أكبر من أن تُنشر هنا: أقصى ما يقبله Discord هو { $limit } ميغابايت.
missing-permission-discord = لا أستطيع الإجابة في { $channel }، فهناك تنقصني: { $permissions }. ويمكن لمن يدير القناة أن يسمح بذلك.
cannot-attach-discord = لا يُسمح لي بنشر الصور هنا. ويمكن لمن يدير القناة أن يسمح بذلك: { $permission }.
# The English names too, for Discord's settings are not to be had in Arabic.
permission-view-channel = عرض القنوات (View Channels)
permission-send-messages = إرسال الرسائل (Send Messages)
permission-send-in-threads = إرسال الرسائل في المواضيع (Send Messages in Threads)
permission-attach-files = إرفاق الملفات (Attach Files)
permission-read-history = قراءة سجل الرسائل (Read Message History)


## Telegram only

description = أرسل لي صورة وسأخبرك في جملة واحدة بما أراه فيها، وأين نظرت عند كل كلمة. وأستطيع أيضًا قراءتها بصوت مسموع أو كتابة نص بديل. الأوصاف بالإنجليزية. تذهب صورتك إلى حاسوب هذا البوت وحده ولا تذهب إلى أي مكان آخر.
short-description = يقول ما في الصورة، وأين نظر. صورتك لا تُحفَظ.

auto-on = من الآن فصاعدًا أجيب عن كل صورة في هذه المجموعة. لإيقاف ذلك: { "\u200E" }/auto off
auto-off = من الآن فصاعدًا لا أجيب هنا إلا حين يسألني أحد.
auto-how = يمكن لأحد المشرفين أن يكتب { "\u200E" }/auto on لأجيب عن كل صورة في هذه المجموعة، أو { "\u200E" }/auto off لإيقاف ذلك.
auto-in-groups = هذا للمجموعات؛ أما هنا فأجيب عن كل صورة على أي حال.
auto-not-allowed = لا يقرر ذلك إلا مشرفو هذه المجموعة.
auto-needs-sight = كنت سأفعل، لكنني لا أرى الصور في هذه المجموعة: فلا يُظهر لي Telegram إلا الرسائل الموجّهة إليّ. اجعلني مشرفًا هنا، أو اطلب ممن يشغّلني إيقاف وضع الخصوصية لديّ بأمر BotFather وهو { "\u200E" }/setprivacy ثم أضفني من جديد.
voice-how = اكتب { "\u200E" }/voice on وسأقرأ لك كل وصف بصوت مسموع أيضًا؛ ولإيقاف ذلك: { "\u200E" }/voice off
voice-not-welcome = أردت قراءة هذا بصوت مسموع، لكن الرسائل الصوتية غير مسموح بها هنا. اكتب { "\u200E" }/voice off كي لا أحاول ذلك مرة أخرى.
language-ask = بأي لغة أحدّثك؟
language-unknown = لا أتحدث هذه اللغة. هذه لغاتي:
deleted-group = حُذف ما كان محفوظًا عنك وعن هذه المجموعة: اختياراتك واختيارات المجموعة. أما الصور فلا تُحفَظ أصلًا.
delete-not-allowed-telegram = لا يستطيع حذف هذه الإجابة إلا من طلبها أو أحد المشرفين.
delete-too-late = لم يعد Telegram يسمح لي بحذف هذه الرسالة. يمكنك حذفها بنفسك.
moving-sticker = لا أستطيع النظر إلى هذا النوع من الملصقات، لأنه رسم متحرك. من فضلك أرسل لقطة شاشة منه.
button-copy = نسخ
