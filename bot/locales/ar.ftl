### What the bot says, in Arabic.

# A slash that begins a command has a left-to-right mark before it: without one, it is shown at
# the wrong end of the command in a line that runs from right to left.


## Getting to know each other

start = مرحبًا! أرسل لي صورة وسأخبرك في جملة واحدة بما أراه فيها. { $looks ->
    [yes] بعدها يمكنك أن تسألني أين نظرت عند كل كلمة. { "" }
   *[no] { "" }
}أنا برنامج صغير، لذلك أخطئ أحيانًا. للمزيد: { "\u200E" }/help
# Where a photo goes, and what becomes of it: the beginning of a sentence, used in other texts.
# $hosts (String) - “none”, or the servers of others that photos are sent to.
photo-goes = { $hosts ->
    [none] تذهب صورتك إلى حاسوب هذا البوت وحده ولا تذهب إلى أي مكان آخر، وتُحذف فور الإجابة عنها
    [unknown] تذهب صورتك إلى حاسوب هذا البوت، حيث تُحذف فور الإجابة عنها، ولن أعلم هل تذهب منه إلى مكان آخر أيضًا إلا بعد أن يبدأ نموذجي العمل
   *[other] تذهب صورتك إلى حاسوب هذا البوت، حيث تُحذف فور الإجابة عنها، ومنه إلى { $hosts }، ولا أعلم ما الذي يُحفَظ هناك
}
help-buttons = الأزرار تحت إجابتي { $looks ->
    [yes] تُظهر أين نظرت عند كل كلمة، { $others ->
        [yes] وتعرض أوصافًا أخرى، وتقرأ الوصف بصوت مسموع، أو تحذف الإجابة.
       *[no] وتقرأ الوصف بصوت مسموع، أو تحذف الإجابة.
    }
   *[no] { $others ->
        [yes] تعرض أوصافًا أخرى، وتقرأ الوصف بصوت مسموع، أو تحذف الإجابة.
       *[no] تقرأ الوصف بصوت مسموع، أو تحذف الإجابة.
    }
}
captions-in = { $language ->
    [english] أكتب الأوصاف بلغتك إن كنت قد تعلمتها، وإلا فبالإنجليزية.
    [others] أكتب الأوصاف بلغتك إن كنت قد تعلمتها.
   *[fixed] { captions-fixed }
}
help =
    أرسل لي صورة، أو ألبومًا، أو صورة كملف، أو ملصقًا، أو GIF، أو مقطع فيديو قصيرًا، وسأجيبك بجملة عنه. { help-buttons }

    في المجموعات أبقى صامتًا حتى يسألني أحد: رُدّ على صورة بكتابة { "\u200E" }/caption، أو اكتب { "\u200E" }/caption أو اسمي تحت صورتك. وبكتابة { "\u200E" }/auto on يسمح لي أحد المشرفين بالإجابة عن كل صورة.

    الأمر { "\u200E" }/alt يكتب نصًا بديلًا للنسخ، و { "\u200E" }/voice on يقرأ لك كل وصف بصوت مسموع، و { "\u200E" }/language يغيّر اللغة التي أتحدث بها، و { "\u200E" }/privacy يوضح ما الذي يُحفَظ.

    { captions-in } { photo-goes }. أنا أخطئ: فلا تعتمد عليّ في الأمور المهمة.

command-start = ماذا يفعل هذا البوت
command-help = كيف تستخدمني، وماذا يحدث لصورتك
command-caption = وصف صورة
command-alt = كتابة نص بديل للصورة، جاهز للنسخ
command-voice = اختيار قراءة الأوصاف لك بصوت مسموع
command-language = اختيار اللغة التي أحدّثك بها
command-privacy = ما الذي يُحفَظ، وإلى متى
command-delete = حذف إعداداتك
command-auto = اختيار الإجابة هنا عن كل صورة
command-stats = كم كان حجم العمل، لصاحب البوت


## Answers

caption = { $caption }
unsure = لست متأكدًا، لكن يبدو لي: { $caption }
unsure-of = لست متأكدًا من { $numbers }.
alternatives = وقد يكون أيضًا:
alternative = { $caption }
waiting = { $ahead ->
    [zero] لا توجد صور قبل صورتك.
    [one] قبل صورتك صورة واحدة.
    [two] قبل صورتك صورتان.
    [few] قبل صورتك { $ahead } صور.
    [many] قبل صورتك { $ahead } صورة.
   *[other] قبل صورتك { $ahead } صورة.
}

button-attention = أين نظرت؟
button-sheet = كصورة ثابتة
button-alternatives = أوصاف أخرى
button-speech = قراءة بصوت مسموع
button-delete = حذف

no-alternatives = ليس لديّ وصف آخر لهذه الصورة.
album-line = { $number }. { $caption }
timeline-line = { $time } { $caption }
alt-text-ready = نص بديل للنسخ. كتبه برنامج، فراجعه من فضلك:
alt-text-program = (وصفها برنامج.)
alt-text-sure = (وصفها برنامج، وهو واثق إلى حد كبير.)
alt-text-guess = (وصفها برنامج، وهذا مجرد تخمين.)
alt-text-unsure-words = (وصفها برنامج، وهو غير واثق من: { $words }.)

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
too_large = هذا الملف كبير جدًا. من فضلك أرسل ملفًا لا يتجاوز { $limit } ميغابايت.
too_many_pixels = عدد بكسلات هذه الصورة كبير جدًا. من فضلك صغّرها إلى { $limit } ميغابكسل على الأكثر وأرسلها مرة أخرى.
too_small = هذه الصورة أصغر أو أضيق من أن يُرى فيها شيء (بالبكسل: { $width } × { $height }). من فضلك أرسل صورة لا يقل أي ضلع فيها عن { $smallest } بكسل وليست شريطًا ضيقًا.
too_slow = استغرق فتح هذه الصورة وقتًا أطول من اللازم، فتوقفت. من فضلك أرسلها بصيغة JPEG أو PNG عادية.
question-empty = لا أرى سؤالًا. من فضلك اكتب ما تريد معرفته عن الصورة.
question-too-long = هذا السؤال طويل جدًا. من فضلك اجعله أقصر: { $limit } حرف على الأكثر.


## Not now

queue-full = صور كثيرة تنتظر الآن. من فضلك أرسل صورتك مرة أخرى بعد { $seconds ->
    [zero] لحظة.
    [one] ثانية واحدة.
    [two] ثانيتين.
    [few] { $seconds } ثوانٍ.
    [many] { $seconds } ثانية.
   *[other] { $seconds } ثانية.
}
person-busy = ما زلت أعمل على ما أرسلته من قبل. من فضلك انتظر تلك الإجابات، ثم حاول مرة أخرى.
slow-down = وصلني منك الكثير في وقت قصير. من فضلك تابع بعد { $seconds ->
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
gave_up = حاولت عدة مرات ولم أستطع وصف هذه الصورة. عذرًا! من المفترض أن تنجح صورة أخرى.
internal = حدث خطأ من جهتي، وليس الخطأ منك. من فضلك حاول مرة أخرى بعد لحظات.


## Between the platform and us

photo-expired = لم تعد هذه الصورة لديّ: فالصور تُحذف فور الإجابة عنها. من فضلك أرسلها مرة أخرى.
too-large-to-download = هذا الملف كبير جدًا: أقصى ما أستطيع تنزيله هنا { $limit } ميغابايت. { $kind ->
    [video] من فضلك أرسل مقطعًا أقصر أو أصغر.
   *[other] من فضلك أرسله كصورة، أو صغّره.
}
download-failed = لم أتمكن من تنزيل هذا الملف. من فضلك أرسله مرة أخرى.
download-slow = تأخر وصول هذا الملف كثيرًا. من فضلك أرسله مرة أخرى.
photo-removed = أُزيلت هذه الصورة قبل أن أتمكن من تنزيلها.
not-a-photo = لا أستطيع النظر إلا إلى الصور. من فضلك أرسل لي صورة. للمزيد: { "\u200E" }/help
nothing-to-caption = لا أرى صورة هناك. رُدّ بكتابة { "\u200E" }{ $command } على رسالة فيها صورة، أو اكتب { "\u200E" }{ $command } تحت صورتك.
no-picture-in-message = لا توجد صورة في هذه الرسالة.
cannot-send-files = لا يُسمح لي بإرسال الصور هنا. يمكن لأحد مشرفي هذه المحادثة أن يسمح بذلك.
not-ready = ما زلت أستيقظ. من فضلك حاول مرة أخرى بعد { $seconds ->
    [zero] لحظة.
    [one] ثانية واحدة.
    [two] ثانيتين.
    [few] { $seconds } ثوانٍ.
    [many] { $seconds } ثانية.
   *[other] { $seconds } ثانية.
}
waking = ما زلت أستيقظ؛ وستكون صورتك أول ما أنظر إليه.
photo-waits = لا أستطيع النظر إلى الصور الآن. صورتك في قائمة الانتظار، وسأجيب حالما أستطيع.
speech-unavailable = لا أستطيع القراءة بصوت مسموع هنا: فصاحب البوت لم يُعِدّ ذلك.
spoiler-not-spoken = هذا محتوى مخفي، لذلك لا أقرؤه بصوت مسموع حيث يسمعه آخرون.
not-admitted = هذا البوت خاص. اطلب الإذن من صاحبه.
blocked = حظرك صاحب البوت أو حظر هذه المحادثة، لذلك لا أجيب هنا.
paused = أوقفني صاحب البوت مؤقتًا، لذلك لا أصف الصور الآن. من فضلك حاول لاحقًا.


## What people choose

language-name = العربية
language-auto = كما في التطبيق
language-chosen = سأحدّثك بالعربية من الآن فصاعدًا.
language-now = لغتي: { $bot }. لغة الأوصاف: { $captions }.
captions-ask = بأي لغة تريد الأوصاف؟
captions-auto = اللغة التي أتحدث بها
captions-unknown = لا أكتب الأوصاف بتلك اللغة، بل بهذه اللغات: { $languages }.
captions-not-in = لم أتعلم بعدُ كتابة الأوصاف بهذه اللغة: { $wanted }. لذلك تصلك بهذه اللغة: { $used }. اللغات التي أكتب بها: { $languages }.
captions-fixed = قرّر صاحب البوت أن تكون لغة الأوصاف كلها: { $language }.
voice-on = من الآن فصاعدًا سأقرأ لك كل وصف بصوت مسموع أيضًا.
voice-off = من الآن فصاعدًا لن أقرأ لك الأوصاف بصوت مسموع.
choices-unavailable = لا أستطيع الآن قراءة الإعدادات أو حفظها. من فضلك حاول لاحقًا.
privacy =
    { photo-goes }. لا يكتبها هذا البوت على قرص أبدًا.

    يُحفَظ الوصف يومًا واحدًا برمز لا يدل على صاحبه، لكي أجيب عن الصورة نفسها فورًا.

    وتُحفَظ إعداداتك، كاللغة مثلًا، برمز كهذا أيضًا، لمدة سنة بعد آخر مرة احتيج إليها فيها. الأمر { "\u200E" }{ $delete } يحذفها.

    إذا سمح لك أصحاب هذا البوت باستخدامه أو حظروك، يُحفَظ معرّفك لهذا الغرض مشفّرًا إلى أن يتراجعوا عن ذلك، ويُذكر ذلك في السجل.

    لا يُستخدم أي شيء يخصّك للتدريب، ولا يحتوي أي سجل على صور أو أوصاف أو أسماء.
deleted = تم: حُذفت إعداداتك. أما الصور فلا تُحفَظ أصلًا.
owners-only = لا يرى { "\u200E" }/stats إلا صاحب البوت.
stats = الأيام السبعة الماضية:


## What owners command

owners-only-command = لا يستطيع فعل ذلك إلا أصحاب البوت.
help-owner =
    لك بصفتك صاحب البوت: يعرض { "\u200E" }/access من يُسمح له باستخدامي. وتغيّر ذلك { "\u200E" }/allow و { "\u200E" }/block و { "\u200E" }/lift: رُدّ بأحدها على رسالة شخص ما، أو اكتب بعده معرّفًا، مثل { "\u200E" }/block { $example }؛ وتعني «here» المجموعة كلها. ويوقف { "\u200E" }/pause الأوصاف في كل مكان ويستأنفها { "\u200E" }/resume. ويعرض { "\u200E" }/stats كم كان حجم العمل.
access-how = رُدّ بكتابة { "\u200E" }{ $command } على رسالة شخص ما، أو اكتب بعده معرّفًا: { "\u200E" }{ $command } { $example }. ويُكتب معرّف منصة أخرى هكذا: { "\u200E" }discord:12345. وفي المجموعات يعني { "\u200E" }{ $command } here المجموعة كلها. ولا أستطيع أن أعرف من كتب رسالة مجهولة.
access-owner = إن { "\u200E" }{ $who } من أصحاب البوت. يُسمح لهم باستخدامي دائمًا.
access-unchanged = لم يتغير شيء: الأمر هكذا بالفعل.
access-open = يُسمح للجميع باستخدامي، إلا المحظورين.
access-private = لا يُسمح باستخدامي إلا لمن أُذن له.
access-allowed = المأذون لهم:
access-blocked = المحظورون:
access-setting = { "\u200E" }{ $who } (في إعداداتي)
access-more = … و { $count } غيرها
access-not-kept = ليس لديّ Redis أحفظ فيه ذلك: سيُنسى عند إعادة تشغيلي.
allow-done = تم: يُسمح باستخدامي لـ { "\u200E" }{ $who }
block-done = تم: لن أجيب بعد الآن { "\u200E" }{ $who }
lift-done = تم: لا تسري بعد الآن إلا إعداداتي على { "\u200E" }{ $who }
pause-done = أنا متوقف مؤقتًا: لا أصف شيئًا على أي منصة حتى يستخدم أحد أصحاب البوت { "\u200E" }{ $resume }
resume-done = عدت إلى وصف الصور.
block-sure = هل تريد حظر { "\u200E" }{ $who }؟ لن أجيب هذا الشخص أو هذه المحادثة بعد ذلك.
lift-sure = هل تريد إزالة { "\u200E" }{ $who } من قائمة المأذون لهم باستخدامي؟
pause-sure = هل تريد إيقافي مؤقتًا؟ لن يحصل أحد على أوصاف على أي منصة حتى يستأنف ذلك أحد أصحاب البوت.
confirm-no = حسنًا، لم يتغير شيء.
confirm-not-yours = لا يستطيع الإجابة إلا من سُئل، وخلال 15 دقيقة فقط. استخدم الأمر مرة أخرى من فضلك.
confirm-twice = سبقت الإجابة عن هذا السؤال.
button-yes = نعم
button-no = لا


## In groups, and where people type commands

auto-on = من الآن فصاعدًا أجيب عن كل صورة في هذه المجموعة. لإيقاف ذلك: { "\u200E" }/auto off
auto-off = من الآن فصاعدًا لا أجيب هنا إلا حين يسألني أحد.
auto-how = يمكن لأحد المشرفين أن يكتب { "\u200E" }/auto on لأجيب عن كل صورة في هذه المجموعة، أو { "\u200E" }/auto off لإيقاف ذلك.
auto-in-groups = هذا للمجموعات؛ أما هنا فأجيب عن كل صورة على أي حال.
auto-not-allowed = لا يقرر ذلك إلا مشرفو هذه المجموعة.
voice-how = اكتب { "\u200E" }/voice on وسأقرأ لك كل وصف بصوت مسموع أيضًا؛ ولإيقاف ذلك: { "\u200E" }/voice off
voice-not-welcome = أردت قراءة هذا بصوت مسموع، لكن الرسائل الصوتية غير مسموح بها هنا. اكتب { "\u200E" }/voice off كي لا أحاول ذلك مرة أخرى.
language-ask = بأي لغة أحدّثك؟
language-unknown = لا أتحدث هذه اللغة. هذه لغاتي:
deleted-group = تم: حُذفت إعداداتك وإعدادات هذه المجموعة. أما الصور فلا تُحفَظ أصلًا.
moving-sticker = لا أستطيع النظر إلى هذا النوع من الملصقات، لأنه رسم متحرك. من فضلك أرسل لقطة شاشة منه.
button-copy = نسخ


## The web page

page-description = أرسل صورة، واقرأ ما يحدث فيها، وشاهد أين نظر النموذج عند كل كلمة.
page-description-plain = أرسل صورة واقرأ ما يحدث فيها.
page-title = ماذا يحدث في صورتك؟
page-lead = يكتب CaptionBot جملة واحدة عنها، ويُظهر أين نظر عند كل كلمة.
page-lead-plain = يكتب CaptionBot جملة واحدة عنها.
page-language = اللغة
page-captions = لغة الأوصاف
page-captions-auto = لغة هذه الصفحة نفسها
page-captions-not-in = لم يتعلم CaptionBot بعدُ كتابة الأوصاف بهذه اللغة: { $wanted }. لذلك هي بهذه اللغة: { $used }.
page-length = طول الأوصاف
page-no-script = تحتاج هذه الصفحة إلى JavaScript.
page-no-script-api = وتعمل واجهة البرمجة من دونه.
page-aloud = قراءة الأوصاف
page-history = السجل
page-close = إغلاق
page-choose = اختيار صور
page-choose-more = أو اسحبها أو الصقها هنا، وأكثر من صورة معًا
page-camera = التقاط صورة
page-drop = أفلت هنا
page-examples = ليس لديك صورة؟ جرّب إحدى هذه:
page-example-astronaut = رائدة فضاء مبتسمة
page-example-photographer = مصوّر يعمل
page-example-cat = وجه قطة
page-example-coffee = فنجان قهوة
page-credits = صور في الملك العام، من تصوير:
page-address = لا يفتح CaptionBot عناوين الويب
page-address-more = لا يجلب أي شيء من الإنترنت أبدًا، حتى لا يستطيع أحد أن يجعله يتصل بخوادم أخرى. احفظ الصورة ثم اختر الملف، أو انسخ الصورة نفسها والصقها هنا.
page-photo = صورتك
page-result = صورتك ووصفها
page-sending = يجري إرسال صورتك
page-looking = يجري النظر إلى صورتك
page-turn = في انتظار الدور
page-waking = ما زال CaptionBot يستيقظ
page-waking-more = سينظر إلى صورتك حالما يستيقظ. لا يلزمك فعل شيء.
page-cancel = إلغاء
page-retry = إعادة المحاولة
page-said = الوصف: { $caption }
page-sure = CaptionBot واثق إلى حد كبير، لكنه قد يخطئ.
page-unsure = CaptionBot ليس متأكدًا. اعتبره تخمينًا.
page-words = كلمات الوصف
page-words-how = تنتقل مفاتيح الأسهم من كلمة إلى كلمة. وعند كل كلمة تُظهر الصورة أين نظر النموذج.
page-words-move = تنتقل مفاتيح الأسهم من كلمة إلى كلمة.
page-point = أشر إلى كلمة لترى أين نظر.
page-touch = المس كلمة لترى أين نظر.
page-word = «{ $word }»{ $sure ->
    [yes] : واثق
    [likely] : واثق إلى حد كبير
    [no] : غير واثق
   *[unknown] { "" }
}{ $place ->
    [top-left] ، ونظر إلى أعلى اليسار
    [top] ، ونظر إلى الأعلى
    [top-right] ، ونظر إلى أعلى اليمين
    [left] ، ونظر إلى اليسار
    [middle] ، ونظر إلى الوسط
    [right] ، ونظر إلى اليمين
    [bottom-left] ، ونظر إلى أسفل اليسار
    [bottom] ، ونظر إلى الأسفل
    [bottom-right] ، ونظر إلى أسفل اليمين
    [nowhere] ، ولم ينظر إلى موضع معيّن
   *[unknown] { "" }
}
page-play = إظهار أين نظر
page-stop = إيقاف
page-read-stop = إيقاف القراءة
page-copied = تم النسخ
page-copy-failed = تعذّر النسخ
page-copy-alt = نسخ النص البديل
page-share = مشاركة
page-share-failed = تعذّرت المشاركة.
page-ask = اسأل عن هذه الصورة
page-ask-send = اسأل
page-ask-hint = يُجاب عن كل سؤال من الصورة وحدها، ولا تُحفظ الأسئلة والأجوبة السابقة. قد تكون الأجوبة خاطئة.
page-asked = سؤالك:
page-answered = الجواب:
page-others = الجمل التي فكّر فيها
page-likely-chosen = اختياره
page-likely-near = محتملة بالقدر نفسه تقريبًا
page-likely-less = أقل احتمالًا
page-likely-little = أقل احتمالًا بكثير
page-download = تنزيل
page-download-gif = صورة متحركة (GIF)
page-download-sheet = لوحة الصور (PNG)
page-making = يجري الرسم…
page-saved = حُفظ في تنزيلاتك.
page-save-failed = تعذّر الحفظ.
page-again = صورة أخرى
page-back = رجوع
page-photos = { $count ->
    [zero] لا صور
    [one] صورة واحدة
    [two] صورتان
    [few] { $count } صور
    [many] { $count } صورة
   *[other] { $count } صورة
}
page-album-new = عدد الصور المطلوب وصفها: { $count }.
page-album-captioned = وُصفت: { $count }
page-album-failed = تعذّرت: { $count }
page-album-left = بقيت: { $count }
page-album-done = اكتمل كل شيء: { $state }
page-album-add = إضافة صور
page-album-read = قراءة الكل
page-album-copy = نسخ الكل
page-album-over = البدء من جديد
page-card = الصورة { $number }
page-card-waiting = في انتظار الإرسال
page-card-open = أين نظر
page-card-open-which = أين نظر: الصورة { $number }
page-card-retry-which = إعادة المحاولة: الصورة { $number }
page-open = فتح
page-open-which = فتح: الصورة { $number }
page-history-about = تُحفَظ آخر 50 جملة مع صورها مصغّرةً في هذا المتصفح وحده. لا يُرسَل أي شيء من هذه القائمة إلى أي مكان. إن كان آخرون يستخدمون هذا الجهاز أيضًا فامحُ السجل أو أوقفه.
page-history-keep = حفظ السجل
page-history-clear = محو السجل
page-history-cleared = السجل فارغ الآن.
page-history-clear-failed = تعذّر الحذف. امحُ بيانات هذا الموقع في متصفحك.
page-history-deleted = حُذف.
page-history-none = لا شيء بعد.
page-history-unavailable = لا يحفظ هذا المتصفح سجلًا لهذه الصفحة.
page-unreached = تعذّر الوصول إلى الخادم
page-unreached-more = تحقق من اتصالك، ثم حاول مرة أخرى.
page-refused = لم يقبل الخادم الصورة
page-refused-large = جرّب صورة أصغر.
page-refused-more = حاول مرة أخرى بعد قليل.
page-wrong = حدث خطأ في هذه الصفحة
page-wrong-more = من فضلك حاول مرة أخرى.
page-how = كيف يعمل
page-how-text = تنظر شبكة عصبية إلى الصورة من جديد عند كل كلمة تكتبها. والمواضع المضيئة هي التي نظرت إليها. تعلّمت من أمثلة، لذلك تخطئ أحيانًا، ولا تعرف من هو أي شخص.
page-how-text-plain = تنظر شبكة عصبية إلى الصورة وتكتب عنها. تعلّمت من أمثلة، لذلك تخطئ أحيانًا.
page-certainty = مدى ثقته
page-certainty-text = يقدّر CaptionBot مدى احتمال أن تطابق جملته الصورة. فإن كان أقل من النصف سمّاها تخمينًا. ولا يُعدّ واثقًا من كلمة إلا إذا كان احتمالها وحدها كافيًا للاعتماد عليها. أما الكلمات الأخرى فثقته بها كثقته بالجملة، أو أقل إن كان احتمالها أقل من احتمال الكلمات التي حولها. وموضع نظره يلمّح إلى سبب كتابته الكلمة، ولا يثبته.
page-certainty-text-plain = يقدّر CaptionBot مدى احتمال أن تطابق جملته الصورة. فإن كان أقل من النصف سمّاها تخمينًا. ولا يُعدّ واثقًا من كلمة إلا إذا كان احتمالها وحدها كافيًا للاعتماد عليها. أما الكلمات الأخرى فثقته بها كثقته بالجملة، أو أقل إن كان احتمالها أقل من احتمال الكلمات التي حولها.
page-yours = صورتك تبقى لك
page-yours-text = تذهب إلى حاسوب هذا الخادم وحده ولا تذهب إلى أي مكان آخر، ثم تُنسى. وتبقى نسخة صغيرة في الذاكرة عشر دقائق إن أردت معرفة المزيد عنها؛ وقد يُحفَظ ما قيل عنها يومًا واحدًا. لا توجد ملفات تعريف ارتباط، ولا يُتعلَّم شيء من صورتك. أما السجل فيُحفَظ في متصفحك وحده.
# Where a worker sends photos to servers of others. $hosts (String) - their names.
page-yours-text-elsewhere = تذهب إلى حاسوب هذا الخادم ومنه إلى { $hosts }، حيث يقرّر آخرون ما يُحفَظ. أما هنا فتُنسى بعد ذلك. وتبقى نسخة صغيرة في الذاكرة عشر دقائق إن أردت معرفة المزيد عنها؛ وقد يُحفَظ ما قيل عنها يومًا واحدًا. لا توجد ملفات تعريف ارتباط، ولا يُتعلَّم شيء من صورتك. أما السجل فيُحفَظ في متصفحك وحده.
page-yours-text-unknown = تذهب إلى حاسوب هذا الخادم، وهو لم يذكر بعدُ هل يرسل الصور إلى آخرين. أما هنا فتُنسى بعد ذلك. وتبقى نسخة صغيرة في الذاكرة عشر دقائق إن أردت معرفة المزيد عنها؛ وقد يُحفَظ ما قيل عنها يومًا واحدًا. لا توجد ملفات تعريف ارتباط، ولا يُتعلَّم شيء من صورتك. أما السجل فيُحفَظ في متصفحك وحده.
page-api = واجهة البرمجة (API)
page-api-text = تستطيع البرامج فعل كل هذا عبر HTTP، بأمر واحد.
page-api-link = شاهد كيف، وجرّب
page-embed = تذهب صورتك إلى حاسوب هذا الخادم وحده ولا تذهب إلى أي مكان آخر، ثم تُنسى.
# $hosts (String) - as above.
page-embed-elsewhere = تذهب صورتك إلى حاسوب هذا الخادم ومنه إلى { $hosts }، حيث يقرّر آخرون ما يُحفَظ.
page-embed-unknown = تذهب صورتك إلى حاسوب هذا الخادم، وهو لم يذكر بعدُ هل يرسل الصور إلى آخرين.


## The web page's refusals

problem-bad_request = الطلب غير سليم
problem-empty = الملف فارغ
problem-missing_photo = لا توجد صورة في النموذج
problem-unknown_language = لغة غير معروفة
problem-question_empty = لا يوجد سؤال
problem-question_too_long = السؤال طويل جدًا
problem-not_a_question = تعذّرت قراءة السؤال
problem-unknown_length = طول غير معروف
problem-not_an_image = ليس صورة
problem-not_multipart = ليس نموذج multipart
problem-unauthorized = يلزم مفتاح أو كلمة مرور
problem-cross_site = لا يُسمح لموقع آخر بإرسال أي شيء إلى هنا
problem-forgotten = نُسيت الصورة
problem-not_found = لا يوجد شيء هنا
problem-method_not_allowed = هذا العنوان لا يقبل هذه الطريقة
problem-upload_too_slow = استغرق الإرسال وقتًا طويلًا
problem-too_large = الصورة كبيرة جدًا
problem-unsupported = نوع الملف غير مدعوم
problem-bad_photo = تعذّرت قراءة الصورة
problem-damaged = الصورة تالفة
problem-too_many_pixels = عدد بكسلات الصورة كبير جدًا
problem-too_slow = استغرق فتح الصورة وقتًا طويلًا
problem-too_small = الصورة صغيرة جدًا
problem-person_busy = طلبات كثيرة في وقت واحد
problem-slow_down = طلبات كثيرة في وقت قصير
problem-internal = حدث خطأ هنا
problem-uploads_full = تصل صور كثيرة الآن
problem-gave_up = تعذّر وصف الصورة
problem-not_ready = ليس جاهزًا بعد
problem-queue_full = صور كثيرة تنتظر
problem-queue_unavailable = غير متاح الآن
problem-paused = متوقف مؤقتًا
problem-no_answer = لم يصل جواب في الوقت المناسب
detail-bad_request = لم يتمكن الخادم من قراءة الطلب.
detail-missing_photo = ضع الصورة في حقل اسمه «{ $field }».
detail-unknown_language = يمكن أن تكون الأوصاف بهذه اللغات: { $languages }.
detail-not_a_question = أرسل السؤال بصيغة JSON أو كنموذج، في حقل اسمه «{ $field }».
detail-unknown_length = يمكن أن تكون الأوصاف بهذه الأطوال: { $lengths }.
detail-not_multipart = أرسل نموذج multipart/form-data كاملًا، والصورة في حقل اسمه «{ $field }».
detail-unauthorized = سجّل الدخول باسمك ومفتاحك أو كلمة مرورك. يعطيك إياها من يدير هذه الصفحة.
detail-cross_site = استخدم صفحة هذا الخادم نفسه، أو برنامجًا.
detail-forgotten = لا تُحفَظ الصور أكثر من { $minutes ->
    [zero] لحظات
    [one] دقيقة واحدة
    [two] دقيقتين
    [few] { $minutes } دقائق
    [many] { $minutes } دقيقة
   *[other] { $minutes } دقيقة
}. من فضلك أرسلها مرة أخرى.
detail-not_found = لا يوجد عنوان كهذا على هذا الخادم.
detail-method_not_allowed = استخدم { $methods }.
detail-upload_too_slow = لم يصل ما أرسلته خلال { $seconds ->
    [zero] لحظات
    [one] ثانية واحدة
    [two] ثانيتين
    [few] { $seconds } ثوانٍ
    [many] { $seconds } ثانية
   *[other] { $seconds } ثانية
}. من فضلك حاول مرة أخرى.
detail-uploads_full = تصل صور كثيرة الآن. من فضلك حاول بعد لحظات.
detail-no_answer = لم يصل جواب خلال { $seconds ->
    [zero] لحظات
    [one] ثانية واحدة
    [two] ثانيتين
    [few] { $seconds } ثوانٍ
    [many] { $seconds } ثانية
   *[other] { $seconds } ثانية
}. من فضلك حاول بعد قليل.


## What only some models can do

not_offered = النموذج الذي أستخدمه هنا لا يستطيع ذلك.
problem-not_offered = غير ممكن بهذا النموذج


## Questions about photos, and how long captions are

command-ask = طرح سؤال عن صورة
command-detail = اختيار طول الأوصاف
ask-how = اكتب سؤالك بعد { "\u200E" }{ $command }، مثلًا: { "\u200E" }{ $command } ما لون السيارة؟ افعل ذلك ردًّا على صورة أو تحت صورتك.
answer-photo = عن الصورة { $number }: { $caption }
answer-moment = عند { $time }: { $caption }
help-ask = لتسأل عن صورة، رُدّ على جوابي بسؤالك. أو اكتب { "\u200E" }/ask ثم السؤال: ردًّا على صورة أو تحت صورتك.
help-detail = الأمر { "\u200E" }/detail يغيّر طول أوصافي.
privacy-questions = إذا سألت عن صورة، يسلك سؤالك طريق الصورة نفسه، ويُحفَظ جوابي كما يُحفَظ الوصف.
length-now = طول أوصافك: { $length }. أما الألبومات ومقاطع الفيديو فكل وصف فيها جملة قصيرة.
length-ask = كم تريد أن يكون طول الأوصاف؟
length-short = قصير (جملة واحدة)
length-alt = نص بديل (جملة أو جملتان)
length-long = طويل (فقرة)
length-only-short = النموذج الذي أستخدمه هنا يكتب أوصافًا قصيرة فقط.
