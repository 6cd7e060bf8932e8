### What the bot says on Discord alone.

help-discord =
    استخدم { "\u200E" }/{ name-caption } مع خمس صور على الأكثر، أو اختر «Apps» ثم «{ menu-caption }» على رسالة، أو اذكرني في رسالة فيها صور. وتصلح أيضًا صور GIF ومقاطع الفيديو القصيرة.

    { help-buttons } الأمر { "\u200E" }/{ name-alt } يكتب نصًا بديلًا للنسخ، و { "\u200E" }/{ name-voice } { name-on } يقرأ لك كل وصف بصوت مسموع، و { "\u200E" }/{ name-language } يغيّر اللغة التي أحدّثك بها. ويمكن لمن يديرون قناة أن يجعلوني أجيب عن كل صورة فيها بكتابة { "\u200E" }/{ name-auto } { name-on }.

    { captions-in } { photo-goes }؛ وللمزيد { "\u200E" }/{ name-privacy }. أنا أخطئ: فلا تعتمد عليّ في الأمور المهمة.
command-caption-image = الصورة المطلوب وصفها
# Discord itself is not to be had in Arabic and shows these in English, as it does names of commands.
menu-caption = Caption this image
menu-attention = Show attention
help-owner-discord =
    لك بصفتك صاحب البوت: يعرض { "\u200E" }/owner access من يُسمح له باستخدامي؛ وتغيّر ذلك { "\u200E" }/owner allow و { "\u200E" }/owner block و { "\u200E" }/owner lift. ويوقف { "\u200E" }/owner pause الأوصاف في كل مكان ويستأنفها { "\u200E" }/owner resume. ويعرض { "\u200E" }/stats كم كان حجم العمل.
access-how-discord = اختر شخصًا أو اكتب معرّفًا: لشخص أو لخادم، أو «here» لهذا الخادم، أو معرّفًا من منصة أخرى مثل { "\u200E" }telegram:12345.
command-owner = من يُسمح له باستخدامي، والإيقاف المؤقت: لأصحاب البوت
command-allow = السماح لشخص أو خادم باستخدامي
command-block = التوقف عن إجابة شخص أو خادم
command-lift = التراجع عن سماح أو حظر
command-access = عرض من يُسمح له باستخدامي
command-pause = التوقف عن وصف الصور على كل المنصات
command-resume = العودة إلى وصف الصور
command-owner-person = الشخص
command-owner-id = معرّف، أو «here» لهذا الخادم
no-picture-discord = لا أرى صورة في هذه الرسالة. أرفق صورة، أو اختر «Apps» ثم «{ menu-caption }» على الرسالة التي فيها الصورة. للمزيد: { "\u200E" }/{ name-help }
mention-me-discord = لا يُظهر لي Discord الصور في رسالة لا تذكر إلا رتبتي. اذكرني باسمي، أو اختر «Apps» ثم «{ menu-caption }» على الرسالة.
alt-photo = الصورة التي يصفها هذا النص
owners-only-discord = لا يرى { "\u200E" }/{ name-stats } إلا صاحب البوت.
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
menu-alt = Write alt text
command-caption-more = صورة أخرى، للإجابة نفسها
command-caption-private = إظهار الإجابة لي وحدي
command-language-which = اللغة
command-language-captions = لغة الأوصاف
command-voice-on = قراءة الأوصاف لي بصوت مسموع
command-voice-off = التوقف عن قراءة الأوصاف لي بصوت مسموع
command-auto-on = الإجابة عن كل صورة في هذه القناة
command-auto-off = الإجابة في هذه القناة عند السؤال فقط
button-attention-of = أين نظرت؟ ({ $which })
alt-photo-number = الصورة { $number } من { $count } مما تصفه هذه الأوصاف
auto-on-discord = من الآن فصاعدًا أجيب عن كل صورة في هذه القناة. لإيقاف ذلك: { "\u200E" }/auto off
auto-off-discord = من الآن فصاعدًا لا أجيب هنا إلا حين يسألني أحد.
auto-not-allowed-discord = لا يقرر ذلك إلا من يديرون هذه القناة.
auto-needs-intent = لا أرى ما يُكتب في هذه القناة: فلا يُظهر لي Discord إلا الرسائل التي تذكرني. ويمكن لصاحب البوت أن يغيّر ذلك بأن يفعّل لي «Message Content Intent» في Discord والإعداد CAPTIONBOT_DISCORD_MESSAGE_CONTENT.
delete-not-allowed = لا يستطيع حذف هذه الإجابة إلا من طلبها أو من يدير الرسائل هنا.
too-large-to-send = الصورة التي صنعتها أكبر من أن تُنشر هنا: أقصى ما يقبله Discord هو { $limit } ميغابايت.
missing-permission-discord = لا أستطيع الإجابة في { $channel }، لأن هذه الأذونات تنقصني هناك: { $permissions }. ويمكن لمن يدير القناة أن يمنحها.
cannot-attach-discord = لا يُسمح لي بنشر الصور هنا. ويمكن لمن يدير القناة أن يمنحني هذا الإذن: { $permission }.
# The English names too, for Discord's settings are not to be had in Arabic.
permission-view-channel = عرض القنوات (View Channels)
permission-send-messages = إرسال الرسائل (Send Messages)
permission-send-messages-in-threads = إرسال الرسائل في المواضيع (Send Messages in Threads)
permission-attach-files = إرفاق الملفات (Attach Files)
permission-read-message-history = قراءة سجل الرسائل (Read Message History)
command-ask-question = سؤالك
command-ask-photo = الصورة التي تسأل عنها
command-detail-length = طول الأوصاف
name-ask = ask
name-detail = detail
menu-ask = Ask about this photo
help-ask-discord = لتسأل عن صورة، رُدّ على جوابي بسؤالك، أو استخدم { "\u200E" }/{ name-ask }، أو اختر «Apps» ثم «{ menu-ask }» على رسالة.
help-detail-discord = الأمر { "\u200E" }/{ name-detail } يغيّر طول أوصافي.
