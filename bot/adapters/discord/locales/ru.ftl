### What the bot says on Discord alone.

help-discord =
    Используй /{ name-caption }, до пяти картинок за раз, выбери у сообщения «Приложения», а затем «{ menu-caption }», или упомяни меня в сообщении с картинками. GIF и короткие видео тоже подойдут.

    { help-buttons } /{ name-alt } пишет альтернативный текст, чтобы его скопировать. /{ name-voice } { name-on } читает тебе каждое описание вслух, а /{ name-language } меняет язык, на котором я с тобой говорю. Тот, кто управляет каналом, может командой /{ name-auto } { name-on } включить там ответы на каждую картинку.

    { captions-in } { photo-goes }; подробнее: /{ name-privacy }. Я ошибаюсь: не полагайся на меня там, где это важно.
command-caption-image = Картинка, которую нужно описать
menu-caption = Описать эту картинку
menu-attention = Показать, куда ты смотрел
help-owner-discord =
    Для тебя как для владельца: /owner access показывает, кому можно мной пользоваться; /owner allow, /owner block и /owner lift это меняют. /owner pause и /owner resume останавливают и возобновляют описания везде. /{ name-stats } показывает, сколько было работы.
access-how-discord = Выбери человека или укажи ID: человека или сервера, «here» для этого сервера или ID другой платформы, например telegram:12345.
command-owner = Кому можно мной пользоваться, и пауза: для владельцев бота
command-allow = Разрешить доступ человеку или серверу
command-block = Перестать отвечать человеку или серверу
command-lift = Отменить разрешение или блокировку
command-access = Показать, кому можно мной пользоваться
command-pause = Больше не описывать фото на всех платформах
command-resume = Снова описывать фото
command-owner-person = Человек
command-owner-id = ID или «here» для этого сервера
no-picture-discord = В этом сообщении я не вижу картинки. Прикрепи её или выбери «Приложения», а затем «{ menu-caption }» у сообщения, где она есть. Подробнее: /{ name-help }.
mention-me-discord = Discord не показывает мне картинки в сообщении, где упомянута только моя роль. Упомяни меня по имени или выбери «Приложения», а затем «{ menu-caption }» у сообщения.
alt-photo = Фото, к которому относится это описание
owners-only-discord = /{ name-stats } видит только владелец бота.
name-caption = описать
name-alt = альт-текст
name-help = помощь
name-privacy = конфиденциальность
name-delete = удалить
name-stats = статистика
name-language = язык
name-voice = голос
name-auto = авто
name-on = вкл
name-off = выкл
menu-alt = Написать альтернативный текст
command-caption-more = Ещё одна картинка, для того же ответа
command-caption-private = Показать ответ только мне
command-language-which = Язык
command-language-captions = Язык описаний
command-voice-on = Читать мне описания вслух
command-voice-off = Больше не читать мне описания вслух
command-auto-on = Отвечать в этом канале на каждую картинку
command-auto-off = Отвечать в этом канале, только когда попросят
button-attention-of = Куда ты смотрел? ({ $which })
alt-photo-number = Фото { $number } из { $count }, к которым относятся эти описания
auto-on-discord = Теперь я отвечаю на каждую картинку в этом канале. Отключить: /{ name-auto } { name-off }.
auto-off-discord = Теперь я отвечаю здесь, только когда меня попросят.
auto-not-allowed-discord = Это решают только те, кто управляет этим каналом.
auto-needs-intent = Я не вижу, что пишут в этом канале: Discord показывает мне только сообщения, где меня упомянули. Владелец бота может это изменить: включить для меня в Discord «Message Content Intent» и настройку CAPTIONBOT_DISCORD_MESSAGE_CONTENT.
delete-not-allowed = Удалить этот ответ может только тот, кто его попросил, или тот, кто управляет здесь сообщениями.
too-large-to-send = Моя картинка слишком большая, сюда её не отправить: Discord принимает не больше { $limit } МБ.
missing-permission-discord = Я не могу ответить в { $channel }, там мне не хватает прав: { $permissions }. Дать их может тот, кто управляет каналом.
cannot-attach-discord = Мне нельзя отправлять сюда картинки. Разрешить может тот, кто управляет каналом: { $permission }.
permission-view-channel = Просматривать каналы
permission-send-messages = Отправлять сообщения
permission-send-messages-in-threads = Отправлять сообщения в ветках
permission-attach-files = Прикреплять файлы
permission-read-message-history = Читать историю сообщений
command-ask-question = Твой вопрос
command-ask-photo = Картинка, о которой вопрос
command-detail-length = Длина описаний
name-ask = спросить
name-detail = длина
menu-ask = Спросить об этом фото
help-ask-discord = Чтобы спросить о фото, ответь на мой ответ своим вопросом, используй /{ name-ask } или выбери у сообщения «Приложения», а затем «{ menu-ask }».
help-detail-discord = /{ name-detail } меняет длину моих описаний.
