### What the bot says on Discord alone.

help-discord =
    Скористайтеся /{ name-caption } і додайте до п’яти зображень, виберіть у повідомленні «Застосунки», а тоді «{ menu-caption }», або згадайте мене в повідомленні із зображеннями. GIF і короткі відео теж підходять.

    { help-buttons } /{ name-alt } пише альтернативний текст для копіювання. /{ name-voice } { name-on } читає вам кожен опис уголос, а /{ name-language } змінює мову, якою я з вами розмовляю. Ті, хто керує каналом, можуть увімкнути в ньому відповіді на кожне зображення: /{ name-auto } { name-on }.

    { captions-in } { photo-goes }; докладніше — /{ name-privacy }. Я помиляюся: не покладайтеся на мене, коли йдеться про щось важливе.
command-caption-image = Зображення, яке треба описати
menu-caption = Описати зображення
menu-attention = Показати, куди дивився
help-owner-discord =
    Для вас як власника: /owner access показує, кому можна мною користуватися; /owner allow, /owner block і /owner lift це змінюють. /owner pause і /owner resume зупиняють і відновлюють описи всюди. /{ name-stats } показує, скільки було роботи.
access-how-discord = Виберіть людину або вкажіть ID: людини чи сервера, «here» для цього сервера або ID іншої платформи, наприклад telegram:12345.
command-owner = Кому можна мною користуватися, і пауза: для власників бота
command-allow = Дозволити доступ людині або серверу
command-block = Більше не відповідати людині або серверу
command-lift = Скасувати дозвіл або блокування
command-access = Показати, кому можна мною користуватися
command-pause = Більше не описувати фото на всіх платформах
command-resume = Знову описувати фото
command-owner-person = Людина
command-owner-id = ID або «here» для цього сервера
no-picture-discord = Я не бачу зображення в цьому повідомленні. Прикріпіть його або виберіть «Застосунки», а тоді «{ menu-caption }» у повідомленні, де воно є. Докладніше — /{ name-help }.
mention-me-discord = Discord не показує мені зображень у повідомленні, де згадано лише мою роль. Згадайте мене на ім’я або виберіть «Застосунки», а тоді «{ menu-caption }» у повідомленні.
alt-photo = Фото, якого стосується цей опис
owners-only-discord = /{ name-stats } бачить лише власник бота.
name-caption = описати
name-alt = альт-текст
name-help = довідка
name-privacy = приватність
name-delete = видалити
name-stats = статистика
name-language = мова
name-voice = озвучення
name-auto = авто
name-on = увімкнути
name-off = вимкнути
menu-alt = Написати альт-текст
command-caption-more = Ще одне зображення, для тієї самої відповіді
command-caption-private = Показати відповідь лише мені
command-language-which = Мова
command-language-captions = Мова описів
command-voice-on = Читати мені описи вголос
command-voice-off = Більше не читати мені описи вголос
command-auto-on = Відповідати на кожне зображення в цьому каналі
command-auto-off = Відповідати в цьому каналі, лише коли попросять
button-attention-of = Куди ти дивився? ({ $which })
alt-photo-number = Фото { $number } з { $count }, яких стосуються ці описи
auto-on-discord = Відтепер я відповідаю на кожне зображення в цьому каналі. Щоб це припинити: /{ name-auto } { name-off }.
auto-off-discord = Відтепер я відповідаю тут, лише коли мене хтось попросить.
auto-not-allowed-discord = Це можуть вирішувати лише ті, хто керує цим каналом.
auto-needs-intent = Я не бачу, що пишуть у цьому каналі: Discord показує мені лише повідомлення, у яких мене згадують. Власник бота може це змінити: увімкнути для мене «Message Content Intent» у Discord і параметр CAPTIONBOT_DISCORD_MESSAGE_CONTENT.
delete-not-allowed = Видалити цю відповідь може лише той, хто про неї попросив, або той, хто керує тут повідомленнями.
too-large-to-send = Зображення, яке я зробив, завелике, щоб опублікувати його тут: Discord приймає щонайбільше { $limit } МБ.
missing-permission-discord = Я не можу відповісти в { $channel }, бо там мені бракує прав: { $permissions }. Надати їх може той, хто керує каналом.
cannot-attach-discord = Мені не можна публікувати тут зображення. Дозволити це може той, хто керує каналом: { $permission }.
permission-view-channel = Переглядати канали
permission-send-messages = Надсилати повідомлення
permission-send-messages-in-threads = Надсилати повідомлення в гілках
permission-attach-files = Прикріплювати файли
permission-read-message-history = Читати історію повідомлень
command-ask-question = Ваше запитання
command-ask-photo = Зображення, про яке ви питаєте
command-detail-length = Довжина описів
name-ask = запитати
name-detail = довжина
menu-ask = Запитати про це фото
help-ask-discord = Щоб запитати про фото, дайте відповідь на мою відповідь зі своїм запитанням, скористайтеся /{ name-ask } або виберіть у повідомленні «Застосунки», а потім «{ menu-ask }».
help-detail-discord = /{ name-detail } змінює довжину моїх описів.
