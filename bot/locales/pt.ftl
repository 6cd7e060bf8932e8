### What the bot says, in Portuguese.


## Getting to know each other

start = Olá! Envie uma foto e eu digo, em uma frase, o que vejo nela. Depois você pode perguntar para onde olhei em cada palavra. Sou um programa pequeno, por isso às vezes erro. /help diz mais.
help =
    Envie uma foto, um álbum, uma imagem como arquivo, um sticker, um GIF ou um vídeo curto, e eu respondo com uma frase. Os botões abaixo da minha resposta mostram para onde olhei em cada palavra, trazem outras descrições, leem a descrição em voz alta ou apagam a resposta.

    Em um grupo, fico em silêncio até alguém pedir: responda a uma foto com /caption, ou escreva /caption ou o meu nome na legenda da sua própria foto. Com /auto on, um admin me deixa responder a todas as fotos.

    /alt escreve um texto alternativo para copiar, /voice on lê cada descrição em voz alta para você, /language muda o idioma em que falo, /privacy diz o que é guardado.

    As descrições eu escrevo em inglês. Sua foto vai para o computador deste bot e para nenhum outro lugar, e é apagada assim que tem resposta. Eu erro: não confie em mim quando for importante.
help-discord =
    Use /{ name-caption } com até cinco imagens, escolha “Apps” e depois “{ menu-caption }” em uma mensagem, ou mencione-me em uma mensagem com imagens. GIFs e vídeos curtos também servem.

    Os botões abaixo da minha resposta mostram para onde olhei em cada palavra, trazem outras descrições, leem a descrição em voz alta ou apagam a resposta. /{ name-alt } escreve um texto alternativo para copiar. /{ name-voice } { name-on } lê cada descrição em voz alta para você, e /{ name-language } muda o idioma em que falo com você. Quem gerencia um canal pode me fazer responder ali a todas as imagens com /{ name-auto } { name-on }.

    As descrições eu escrevo em inglês. Sua foto vai para o computador deste bot e para nenhum outro lugar, e é apagada assim que tem resposta; /{ name-privacy } diz mais. Eu erro: não confie em mim quando for importante.

command-start = O que este bot faz
command-help = Como pedir, e o que acontece com a sua foto
command-caption = Dizer o que há em uma foto
command-caption-image = A imagem para olhar
command-alt = Escrever um texto alternativo para uma imagem, para copiar
command-voice = Se as descrições são lidas em voz alta para você
command-language = O idioma em que falo com você
command-privacy = O que é guardado, e por quanto tempo
command-delete = Apagar o que está guardado sobre você
command-auto = Se todas as imagens daqui recebem resposta
command-stats = Quanto trabalho houve, para quem cuida deste bot
menu-caption = Descrever esta imagem
menu-attention = Mostrar a atenção


## Answers

caption = { $caption }
unsure = Não tenho certeza, mas acho que é: { $caption }
alternatives = Também poderia ser:
alternative = { $caption }
working = De olho na sua foto …
attention-working = Um momento, já desenho para onde olhei …
waiting = { $ahead ->
    [one] { $ahead } foto está na frente da sua.
    [many] { $ahead } de fotos estão na frente da sua.
   *[other] { $ahead } fotos estão na frente da sua.
}

button-attention = Para onde olhou?
button-sheet = Como imagem parada
button-alternatives = Outras descrições
button-speech = Ler em voz alta
button-delete = Apagar

no-alternatives = Não tenho outra descrição para isso.
album-line = { $number }. { $caption }
timeline-line = { $time } { $caption }
alt-text-ready = Um texto alternativo para copiar. Foi um programa que escreveu, por isso confira, por favor:

attention = Para onde olhei em cada palavra de: { $caption }
alt-attention-gif = Animação da foto. Mostra, palavra por palavra, para onde o modelo olhou enquanto escrevia: { $caption }
alt-attention-sheet = Uma cópia da foto para cada palavra, iluminada no lugar para onde o modelo olhou enquanto escrevia: { $caption }


## A file that is not captioned

empty = Esse arquivo está vazio. Envie a foto outra vez, por favor.
not_an_image = Isso não é uma imagem. Envie uma foto, por favor, em JPEG ou PNG, por exemplo.
unsupported = { $kind ->
    [svg] Não consigo ver desenhos SVG. Envie em PNG ou JPEG, por favor.
    [pdf] Não consigo ler arquivos PDF. Envie a página em PNG ou JPEG, por favor, por exemplo como captura de tela.
    [video] Não consigo ver este vídeo. Envie uma imagem parada dele, por favor.
    [audio] Não consigo ouvir sons. Envie uma foto, por favor.
    [raw] Não consigo revelar arquivos RAW de câmera, e este não traz uma prévia. Envie como JPEG, por favor.
   *[other] Não conheço esse tipo de imagem. Envie em JPEG ou PNG, por favor.
}
damaged = Essa imagem não chegou inteira, ou está danificada. Envie outra vez, por favor.
too_large = Esse arquivo é grande demais para mim. Envie um de no máximo { $limit } MB, por favor.
too_many_pixels = Essa imagem tem pixels demais para mim. Reduza para no máximo { $limit } megapixels e envie outra vez, por favor.
too_small = Essa imagem é pequena ou estreita demais para se ver alguma coisa ({ $width } × { $height } pixels). Envie uma que tenha pelo menos { $smallest } pixels de cada lado e que não seja uma tira fina, por favor.
too_slow = Abrir essa imagem demorou demais, por isso parei. Envie como JPEG ou PNG comum, por favor.


## Not now

queue-full = Há muitas fotos esperando agora. Envie a sua outra vez, por favor, em { $seconds ->
    [one] { $seconds } segundo.
    [many] { $seconds } de segundos.
   *[other] { $seconds } segundos.
}
person-busy = Ainda não terminei as suas fotos anteriores. Espere essas respostas, por favor, e depois envie esta outra vez.
slow-down = Foram muitas fotos em pouco tempo. Envie a próxima, por favor, em { $seconds ->
    [one] { $seconds } segundo.
    [many] { $seconds } de segundos.
   *[other] { $seconds } segundos.
}
too-many-photos = São mais fotos do que consigo ver de uma vez. Envie no máximo { $limit } por vez, por favor.
queue-unavailable = Não posso receber fotos agora; a culpa não é sua. Tente outra vez, por favor, em { $seconds ->
    [one] { $seconds } segundo.
    [many] { $seconds } de segundos.
   *[other] { $seconds } segundos.
}


## It was accepted and then went wrong

bad_photo = No fim, não consegui abrir essa imagem. Envie como JPEG ou PNG comum, por favor.
gave_up = Tentei várias vezes e não consegui descrever esta foto. Outra deve dar certo; desculpe por esta.
internal = Algo deu errado do meu lado; a culpa não é sua. Envie a foto outra vez daqui a pouco, por favor.


## Between the platform and us

photo-expired = Já não tenho essa foto: as fotos são apagadas assim que têm resposta. Envie outra vez, por favor.
too-large-to-download = Esse arquivo é grande demais: aqui consigo buscar no máximo { $limit } MB. Envie como foto ou reduza o tamanho, por favor.
download-failed = Não consegui buscar esse arquivo. Envie outra vez, por favor.
download-slow = Esperei por esse arquivo e ele não chegou. Envie outra vez, por favor.
photo-removed = Essa imagem foi removida antes que eu pudesse buscá-la.
not-a-photo = Só consigo ver imagens. Envie uma foto, por favor.
nothing-to-caption = Não há nenhuma imagem aí. Responda com /caption a uma mensagem que tenha uma foto, ou escreva /caption na legenda da sua própria foto.
no-picture-in-message = Não há nenhuma imagem nessa mensagem.
one-at-a-time = Vejo uma imagem por mensagem; isto é sobre a primeira.
cannot-send-files = Não tenho permissão para enviar imagens aqui. Alguém que gerencie este chat pode permitir.
not-ready = Ainda não acordei por completo. Tente outra vez, por favor, em { $seconds ->
    [one] { $seconds } segundo.
    [many] { $seconds } de segundos.
   *[other] { $seconds } segundos.
}
waking = Ainda não acordei por completo; a sua é a primeira coisa que vou ver quando acordar.
speech-unavailable = Não posso ler em voz alta aqui: quem cuida de mim não preparou isso.
not-admitted = Quem cuida deste bot decide quem pode usá-lo, e você não está na lista.


## What people choose

language-name = Português
language-auto = Como no aplicativo
language-chosen = A partir de agora falo português com você. As descrições continuam em inglês em qualquer idioma.
voice-on = A partir de agora também leio cada descrição em voz alta para você.
voice-off = A partir de agora não leio mais as descrições em voz alta para você.
choices-unavailable = Não posso consultar nem lembrar escolhas agora. Tente outra vez mais tarde, por favor.
privacy =
    Sua foto vai para o computador deste bot e para nenhum outro lugar. Ela nunca é gravada em disco e desaparece assim que tem resposta.

    A descrição fica guardada por um dia sob um código que não diz de quem ela é, para que a mesma foto tenha resposta na hora.

    O que você escolhe, como um idioma, também fica guardado sob um código assim, por um ano desde a última vez que foi preciso. { $delete } apaga isso.

    Nada do que é seu é usado para treinar coisa alguma, e nenhum log guarda fotos, descrições ou nomes.
deleted = O que estava guardado sobre você foi apagado: as suas escolhas. As fotos nem chegam a ser guardadas.
owners-only = Isso é para quem cuida deste bot.
stats = Os últimos sete dias:


## Discord only

no-picture-discord = Não vejo nenhuma imagem nessa mensagem. Anexe uma, ou escolha “Apps” e depois “{ menu-caption }” na mensagem que a tem.
alt-photo = A foto de que fala esta descrição

name-caption = descrever
name-alt = alternativo
name-help = ajuda
name-privacy = privacidade
name-delete = apagar
name-stats = estatísticas
name-language = idioma
name-voice = voz
name-auto = auto
name-on = ativar
name-off = desativar
menu-alt = Escrever um texto alternativo

command-caption-more = Mais uma imagem, para a mesma resposta
command-caption-private = Mostrar a resposta só para mim
command-language-which = O idioma
command-voice-on = Ler as descrições em voz alta para mim
command-voice-off = Não ler mais as descrições em voz alta para mim
command-auto-on = Responder a todas as imagens neste canal
command-auto-off = Responder neste canal só quando alguém pedir

button-attention-of = Para onde olhou? ({ $which })

alt-photo-number = Foto { $number } de { $count } de que falam estas descrições

auto-on-discord = A partir de agora respondo a todas as imagens neste canal. /{ name-auto } { name-off } acaba com isso.
auto-off-discord = A partir de agora só respondo aqui quando alguém me pede.
auto-not-allowed-discord = Só quem gerencia este canal pode decidir isso.
auto-needs-intent = Não vejo o que se escreve neste canal: o Discord só me mostra mensagens que me mencionam. Quem cuida de mim pode mudar isso ativando para mim o “Message Content Intent” no Discord e a configuração CAPTIONBOT_DISCORD_MESSAGE_CONTENT.

delete-not-allowed = Só quem pediu esta resposta, ou quem gerencia as mensagens aqui, pode apagá-la.
too-large-to-send = A imagem que fiz é grande demais para publicar aqui: o Discord aceita no máximo { $limit } MB.
missing-permission-discord = Não posso responder em { $channel }, porque lá me falta: { $permissions }. Alguém que gerencie o canal pode permitir.
cannot-attach-discord = Não posso publicar imagens aqui. Alguém que gerencie o canal pode permitir: { $permission }.
permission-view-channel = Ver canais
permission-send-messages = Enviar mensagens
permission-send-in-threads = Enviar mensagens em tópicos
permission-attach-files = Anexar arquivos
permission-read-history = Ver histórico de mensagens


## Telegram only

description = Envie uma foto e eu digo, em uma frase, o que vejo nela e para onde olhei em cada palavra. Também posso ler em voz alta ou escrever um texto alternativo. As descrições são em inglês. Sua foto vai para o computador deste bot e para nenhum outro lugar.
short-description = Diz o que há em uma foto e para onde olhou. Sua foto não é guardada.

auto-on = A partir de agora respondo a todas as fotos neste grupo. /auto off acaba com isso.
auto-off = A partir de agora só respondo aqui quando alguém me pede.
auto-how = Um admin pode escrever /auto on, para que eu responda a todas as fotos neste grupo, ou /auto off.
auto-in-groups = Isso é para grupos; aqui eu respondo a todas as fotos de qualquer forma.
auto-not-allowed = Só os admins deste grupo podem decidir isso.
auto-needs-sight = Eu faria isso, mas não vejo as fotos neste grupo: o Telegram só me mostra mensagens que são para mim. Torne-me admin aqui, ou peça a quem cuida de mim que desative o meu modo de privacidade com o comando /setprivacy do BotFather e depois me adicione outra vez.
voice-how = Escreva /voice on, e eu também leio cada descrição em voz alta para você; /voice off acaba com isso.
voice-not-welcome = Eu queria ler isto em voz alta, mas mensagens de voz não são permitidas aqui. Com /voice off, não tento mais.
language-ask = Em que idioma devo falar com você?
language-unknown = Não falo esse idioma. Falo estes:
deleted-group = O que estava guardado sobre você e sobre este grupo foi apagado: as suas escolhas e as do grupo. As fotos nem chegam a ser guardadas.
delete-not-allowed-telegram = Só quem pediu esta resposta, ou um admin, pode apagá-la.
delete-too-late = O Telegram não me deixa mais apagar essa mensagem. Mas você ainda pode apagá-la.
moving-sticker = Não consigo ver esse tipo de sticker, porque é um desenho que se mexe. Envie uma captura de tela dele, por favor.
button-copy = Copiar
