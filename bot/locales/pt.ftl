### What the bot says, in Portuguese.


## Getting to know each other

start = Olá! Envie uma foto e eu digo, em uma frase, o que vejo nela. { $looks ->
    [yes] Depois você pode perguntar para onde olhei em cada palavra. { "" }
   *[no] { "" }
}Sou um programa pequeno, por isso às vezes erro. Para saber mais: /help.
# Where a photo goes, and what becomes of it: the beginning of a sentence, used in other texts.
# $hosts (String) - “none”, or the servers of others that photos are sent to.
photo-goes = { $hosts ->
    [none] Sua foto vai para o computador deste bot e para nenhum outro lugar, e é apagada assim que eu respondo
    [unknown] Sua foto vai para o computador deste bot, que a apaga assim que eu respondo; se de lá ela também vai para outro lugar, só vou saber quando o meu modelo tiver iniciado
   *[other] Sua foto vai para o computador deste bot, que a apaga assim que eu respondo, e de lá para { $hosts }; não sei o que fica guardado lá
}
help-buttons = Com os botões abaixo da minha resposta, você pode { $looks ->
    [yes] ver para onde olhei em cada palavra, { "" }
   *[no] { "" }
}{ $others ->
    [yes] pedir outras descrições, { "" }
   *[no] { "" }
}ouvir a resposta em voz alta ou apagá-la.
captions-in = { $language ->
    [english] Escrevo as descrições no seu idioma se já o aprendi; se não, em inglês.
    [others] Escrevo as descrições no seu idioma se já o aprendi.
   *[fixed] { captions-fixed }
}
help =
    Envie uma foto, um álbum, uma imagem como arquivo, uma figurinha, um GIF ou um vídeo curto, e eu respondo com uma frase. { help-buttons }

    Em um grupo, fico em silêncio até alguém me chamar: responda a uma foto com /caption, ou escreva /caption ou o meu nome na legenda da sua própria foto. Com /auto on, um admin me deixa responder a todas as fotos.

    /alt escreve um texto alternativo para copiar, /voice on lê cada descrição em voz alta para você, /language muda o idioma em que falo e /privacy diz o que é guardado.

    { captions-in } { photo-goes }. Eu erro: não confie em mim quando for importante.

command-start = O que este bot faz
command-help = Como me usar, e o que acontece com a sua foto
command-caption = Descrever uma foto
command-alt = Escrever um texto alternativo para copiar
command-voice = Escolher se leio as descrições em voz alta
command-language = Escolher o idioma em que falo com você
command-privacy = O que é guardado, e por quanto tempo
command-delete = Apagar as suas configurações
command-auto = Escolher se respondo aqui a todas as imagens
command-stats = Quanto trabalho houve, para quem administra o bot


## Answers

caption = { $caption }
unsure = Não tenho certeza, mas eu diria: { $caption }
unsure-of = Não tenho certeza sobre { $numbers }.
alternatives = Também poderia ser:
alternative = { $caption }
waiting = { $ahead ->
    [one] { $ahead } foto está na frente da sua.
    [many] { $ahead } de fotos estão na frente da sua.
   *[other] { $ahead } fotos estão na frente da sua.
}

button-attention = Para onde você olhou?
button-sheet = Como imagem estática
button-alternatives = Outras descrições
button-speech = Ler em voz alta
button-delete = Apagar

no-alternatives = Não tenho outra descrição para esta foto.
album-line = { $number }. { $caption }
timeline-line = { $time } { $caption }
alt-text-ready = Um texto alternativo para copiar. Foi um programa que escreveu, por isso confira:
alt-text-program = (Descrito por um programa.)
alt-text-sure = (Descrito por um programa; com bastante certeza.)
alt-text-guess = (Descrito por um programa; apenas um palpite.)
alt-text-unsure-words = (Descrito por um programa; sem certeza de: { $words }.)

attention = Para onde olhei em cada palavra de: { $caption }
alt-attention-gif = Animação da foto. Mostra, palavra por palavra, para onde o modelo olhou enquanto escrevia: { $caption }
alt-attention-sheet = Uma cópia da foto para cada palavra, iluminada no lugar para onde o modelo olhou enquanto escrevia: { $caption }


## A file that is not captioned

empty = Esse arquivo está vazio. Envie a foto outra vez, por favor.
not_an_image = Isso não é uma imagem. Envie uma foto, por favor, em JPEG ou PNG, por exemplo.
unsupported = { $kind ->
    [svg] Não consigo ver desenhos SVG. Envie em PNG ou JPEG, por favor.
    [pdf] Não consigo ler arquivos PDF. Envie a página em PNG ou JPEG, por favor, por exemplo como captura de tela.
    [video] Não consigo ver este vídeo. Envie uma imagem estática dele, por favor.
    [audio] Não consigo ouvir sons. Envie uma foto, por favor.
    [raw] Não consigo revelar arquivos RAW de câmera, e este não traz uma prévia. Envie como JPEG, por favor.
   *[other] Não conheço esse tipo de imagem. Envie em JPEG ou PNG, por favor.
}
damaged = Essa imagem não chegou inteira, ou está danificada. Envie outra vez, por favor.
too_large = Esse arquivo é grande demais. Envie um de no máximo { $limit } MB, por favor.
too_many_pixels = Essa imagem tem pixels demais. Reduza para no máximo { $limit } megapixels e envie outra vez, por favor.
too_small = Essa imagem é pequena ou estreita demais para se ver alguma coisa ({ $width } × { $height } pixels). Envie uma que tenha pelo menos { $smallest } pixels de cada lado e que não seja uma tira fina, por favor.
too_slow = Essa imagem demorou demais para abrir, por isso parei. Envie como JPEG ou PNG comum, por favor.
question-empty = Não vejo nenhuma pergunta. Escreva, por favor, o que você quer saber sobre a foto.
question-too-long = Essa pergunta é longa demais. Faça-a, por favor, em no máximo { $limit } caracteres.


## Not now

queue-full = Há muitas fotos esperando agora. Envie a sua outra vez, por favor, em { $seconds ->
    [one] { $seconds } segundo.
    [many] { $seconds } de segundos.
   *[other] { $seconds } segundos.
}
person-busy = Ainda não terminei o que você enviou antes. Espere essas respostas, por favor, e depois tente outra vez.
slow-down = Foi muita coisa em pouco tempo. Continue, por favor, em { $seconds ->
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
gave_up = Tentei várias vezes e não consegui descrever esta foto. Desculpe! Com outra deve dar certo.
internal = Algo deu errado do meu lado; a culpa não é sua. Tente outra vez daqui a pouco, por favor.


## Between the platform and us

photo-expired = Não tenho mais essa foto: as fotos são apagadas assim que eu respondo. Envie outra vez, por favor.
too-large-to-download = Esse arquivo é grande demais: aqui consigo baixar no máximo { $limit } MB. { $kind ->
    [video] Envie um vídeo mais curto ou menor, por favor.
   *[other] Envie como foto ou reduza o tamanho, por favor.
}
download-failed = Não consegui baixar esse arquivo. Envie outra vez, por favor.
download-slow = Esse arquivo demorou demais para chegar. Envie outra vez, por favor.
photo-removed = Essa imagem foi removida antes que eu pudesse baixá-la.
not-a-photo = Só consigo ver imagens. Envie uma foto, por favor. Para saber mais: /help.
nothing-to-caption = Não vejo nenhuma imagem aí. Responda com { $command } a uma mensagem que tenha uma foto, ou escreva { $command } na legenda da sua própria foto.
no-picture-in-message = Não há nenhuma imagem nessa mensagem.
cannot-send-files = Não tenho permissão para enviar imagens aqui. Um admin deste chat pode permitir.
not-ready = Ainda estou acordando. Tente outra vez, por favor, em { $seconds ->
    [one] { $seconds } segundo.
    [many] { $seconds } de segundos.
   *[other] { $seconds } segundos.
}
waking = Ainda estou acordando; a sua foto será a primeira que vou ver.
photo-waits = Não consigo ver fotos agora. A sua está na fila, e respondo assim que puder.
speech-unavailable = Não posso ler em voz alta aqui: quem administra o bot não configurou isso.
spoiler-not-spoken = É um spoiler, por isso não leio em voz alta onde outras pessoas ouviriam.
not-admitted = Este bot é privado. Peça acesso a quem o administra.
blocked = Quem administra este bot bloqueou você ou este chat, por isso não respondo aqui.
paused = Quem administra o bot me colocou em pausa, por isso não descrevo fotos no momento. Tente outra vez mais tarde, por favor.


## What people choose

language-name = Português
language-auto = Como no aplicativo
language-chosen = A partir de agora falo português com você.
language-now = Falo: { $bot }. Descrições: { $captions }.
captions-ask = Em que idioma você quer as descrições?
captions-auto = O mesmo idioma que eu
captions-unknown = Não escrevo descrições nesse idioma, mas nestes sim: { $languages }.
captions-not-in = Ainda não sei escrever descrições em { $wanted }, por isso você as recebe em { $used }. Sei escrevê-las em: { $languages }.
captions-fixed = Quem administra o bot decidiu que todas as descrições são em { $language }.
voice-on = A partir de agora também leio cada descrição em voz alta para você.
voice-off = A partir de agora não leio mais as descrições em voz alta para você.
choices-unavailable = Não posso ler nem salvar configurações agora. Tente outra vez mais tarde, por favor.
privacy =
    { photo-goes }. Este bot nunca a grava em disco.

    A descrição fica guardada por um dia com um código que não diz de quem ela é, para que a mesma foto tenha resposta na hora.

    Suas configurações, como o idioma, ficam guardadas com um código parecido, por um ano desde a última vez que foram usadas. { $delete } as apaga.

    Se quem administra este bot permitir ou bloquear você, o seu ID fica guardado para isso, criptografado, até que a decisão seja desfeita, e isso fica registrado no log.

    Nada do que é seu é usado para treinamento, e nenhum log guarda fotos, descrições ou nomes.
deleted = Pronto: as suas configurações foram apagadas. As fotos nunca são guardadas.
owners-only = Só quem administra o bot pode ver /stats.
stats = Os últimos sete dias:


## What owners command

owners-only-command = Só quem administra o bot pode fazer isso.
help-owner =
    Para você, que administra o bot: /access mostra quem pode me usar. /allow, /block e /lift mudam isso: responda com um deles à mensagem de alguém, ou escreva um ID depois, como em /block { $example }; “here” é o grupo inteiro. /pause e /resume param e retomam as descrições em toda parte. /stats mostra quanto trabalho houve.
access-how = Responda com { $command } à mensagem de alguém, ou escreva um ID depois: { $command } { $example }. O ID de outra plataforma se escreve assim: discord:12345. Em um grupo, { $command } here é o grupo inteiro. Não consigo saber quem escreveu uma mensagem anônima.
access-owner = { $who } é uma das pessoas que me administram: elas sempre podem me usar.
access-unchanged = Nada mudou: já é assim.
access-open = Todo mundo pode me usar, menos quem está bloqueado.
access-private = Só quem tem permissão pode me usar.
access-allowed = Com permissão:
access-blocked = Bloqueados:
access-setting = { $who } (na minha configuração)
access-more = … e mais { $count }
access-not-kept = Não tenho um Redis para lembrar disso: será esquecido quando eu for reiniciado.
allow-done = Pronto: { $who } pode me usar.
block-done = Pronto: não respondo mais a { $who }.
lift-done = Pronto: para { $who }, só a minha configuração vale de novo.
pause-done = Estou em pausa: não descrevo nada, em nenhuma plataforma, até alguém que me administra usar { $resume }.
resume-done = Voltei a descrever fotos.
block-sure = Bloquear { $who }? Não vou mais responder a essa pessoa ou nesse chat.
lift-sure = Tirar { $who } da lista de quem pode me usar?
pause-sure = Me colocar em pausa? Ninguém vai receber descrições, em nenhuma plataforma, até alguém me reativar.
confirm-no = Tudo bem, nada mudou.
confirm-not-yours = Só a pessoa a quem perguntei pode responder, e só durante 15 minutos. Use o comando outra vez.
confirm-twice = Esta pergunta já foi respondida.
button-yes = Sim
button-no = Não


## In groups, and where people type commands

auto-on = A partir de agora respondo a todas as fotos neste grupo. Para parar: /auto off.
auto-off = A partir de agora só respondo aqui quando alguém me pede.
auto-how = Um admin pode escrever /auto on, para que eu responda a todas as fotos neste grupo, ou /auto off.
auto-in-groups = Isso é para grupos; aqui eu respondo a todas as fotos de qualquer forma.
auto-not-allowed = Só os admins deste grupo podem decidir isso.
voice-how = Escreva /voice on, e eu também leio cada descrição em voz alta para você; para parar: /voice off.
voice-not-welcome = Eu queria ler isto em voz alta, mas mensagens de voz não são permitidas aqui. Escreva /voice off e não tento mais.
language-ask = Em que idioma devo falar com você?
language-unknown = Não falo esse idioma. Falo estes:
deleted-group = Pronto: as suas configurações e as deste grupo foram apagadas. As fotos nunca são guardadas.
moving-sticker = Não consigo ver esse tipo de figurinha, porque é um desenho em movimento. Envie uma captura de tela dela, por favor.
button-copy = Copiar


## The web page

page-description = Envie uma foto, leia o que acontece nela e veja para onde o modelo olhou em cada palavra.
page-description-plain = Envie uma foto e leia o que acontece nela.
page-title = O que acontece na sua foto?
page-lead = O CaptionBot escreve uma frase sobre ela e mostra para onde olhou em cada palavra.
page-lead-plain = O CaptionBot escreve uma frase sobre ela.
page-language = Idioma
page-captions = O idioma das descrições
page-captions-auto = Como esta página
page-captions-not-in = O CaptionBot ainda não sabe escrever descrições em { $wanted }, por isso elas estão em { $used }.
page-length = O comprimento das descrições
page-no-script = Esta página precisa de JavaScript.
page-no-script-api = A API funciona sem ele.
page-aloud = Ler as descrições
page-history = Histórico
page-close = Fechar
page-choose = Escolher fotos
page-choose-more = ou arraste ou cole aqui, várias de uma vez
page-camera = Tirar uma foto
page-drop = Solte aqui
page-examples = Sem foto à mão? Experimente uma destas:
page-example-astronaut = Uma astronauta sorridente
page-example-photographer = Um fotógrafo trabalhando
page-example-cat = A cara de um gato
page-example-coffee = Uma xícara de café
page-credits = Fotos em domínio público, de:
page-address = O CaptionBot não abre endereços da web
page-address-more = Ele nunca busca nada na internet, para que ninguém possa fazê-lo acessar outros servidores. Salve a imagem e escolha o arquivo, ou copie a própria imagem e cole aqui.
page-photo = Sua foto
page-result = Sua foto e a descrição dela
page-sending = Enviando a sua foto
page-looking = Olhando a sua foto
page-turn = Esperando a vez
page-waking = O CaptionBot ainda está acordando
page-waking-more = Ele vai olhar a sua foto assim que acordar. Você não precisa fazer nada.
page-cancel = Cancelar
page-retry = Tentar outra vez
page-said = A descrição: { $caption }
page-sure = O CaptionBot tem bastante certeza, mas pode errar.
page-unsure = O CaptionBot não tem certeza. Considere isto um palpite.
page-words = Palavras da descrição
page-words-how = As setas passam de palavra em palavra. Para cada uma, a foto mostra para onde o modelo olhou.
page-words-move = As setas passam de palavra em palavra.
page-point = Aponte para uma palavra para ver para onde ele olhou.
page-touch = Toque em uma palavra para ver para onde ele olhou.
page-word = “{ $word }”{ $sure ->
    [yes] : com certeza
    [likely] : com bastante certeza
    [no] : sem certeza
   *[unknown] { "" }
}{ $place ->
    [top-left] , olhando para cima, à esquerda
    [top] , olhando para cima
    [top-right] , olhando para cima, à direita
    [left] , olhando para a esquerda
    [middle] , olhando para o meio
    [right] , olhando para a direita
    [bottom-left] , olhando para baixo, à esquerda
    [bottom] , olhando para baixo
    [bottom-right] , olhando para baixo, à direita
    [nowhere] , sem olhar para nenhum lugar em especial
   *[unknown] { "" }
}
page-play = Mostrar onde ele olhou
page-stop = Parar
page-read-stop = Parar de ler
page-copied = Copiado
page-copy-failed = Não foi possível copiar
page-copy-alt = Copiar texto alt.
page-share = Compartilhar
page-share-failed = Não foi possível compartilhar.
page-ask = Pergunte sobre esta foto
page-ask-send = Perguntar
page-ask-hint = Cada pergunta é respondida só a partir da foto: as perguntas e respostas anteriores não são lembradas. As respostas podem estar erradas.
page-asked = Sua pergunta:
page-answered = A resposta:
page-others = Frases que considerou
page-likely-chosen = a escolhida
page-likely-near = quase tão provável
page-likely-less = menos provável
page-likely-little = muito menos provável
page-download = Baixar
page-download-gif = Animação (GIF)
page-download-sheet = Folha de contato (PNG)
page-making = Desenhando…
page-saved = Salvo nos seus downloads.
page-save-failed = Não foi possível salvar.
page-again = Outra foto
page-back = Voltar
page-photos = { $count ->
    [one] { $count } foto
    [many] { $count } de fotos
   *[other] { $count } fotos
}
page-album-new = { $count ->
    [one] { $count } foto para descrever.
    [many] { $count } de fotos para descrever.
   *[other] { $count } fotos para descrever.
}
page-album-captioned = descritas: { $count }
page-album-failed = com erro: { $count }
page-album-left = na fila: { $count }
page-album-done = Tudo pronto: { $state }
page-album-add = Adicionar fotos
page-album-read = Ler todas em voz alta
page-album-copy = Copiar tudo
page-album-over = Começar de novo
page-card = Foto { $number }
page-card-waiting = Esperando envio
page-card-open = Ver para onde ele olhou
page-card-open-which = Ver para onde ele olhou: foto { $number }
page-card-retry-which = Tentar outra vez: foto { $number }
page-open = Abrir
page-open-which = Abrir: foto { $number }
page-history-about = As últimas 50 descrições e as fotos delas, reduzidas, ficam neste navegador e em nenhum outro lugar. Nada desta lista é enviado a lugar algum. Se outras pessoas também usam este aparelho, limpe o histórico ou desative-o.
page-history-keep = Guardar um histórico
page-history-clear = Limpar o histórico
page-history-cleared = O histórico agora está vazio.
page-history-clear-failed = Não foi possível apagar. Limpe os dados deste site no seu navegador.
page-history-deleted = Apagado.
page-history-none = Nada ainda.
page-history-unavailable = Este navegador não guarda histórico para esta página.
page-unreached = Não foi possível acessar o servidor
page-unreached-more = Verifique a sua conexão e tente outra vez.
page-refused = O servidor não aceitou a foto
page-refused-large = Tente com uma menor.
page-refused-more = Tente outra vez daqui a pouco.
page-wrong = Algo deu errado nesta página
page-wrong-more = Tente outra vez, por favor.
page-how = Como funciona
page-how-text = Uma rede neural olha a foto de novo para cada palavra que escreve. As áreas claras são aquelas para onde ela olhou. Ela aprendeu com exemplos, por isso às vezes erra, e não sabe quem é ninguém.
page-how-text-plain = Uma rede neural olha a foto e escreve sobre ela. Ela aprendeu com exemplos, por isso às vezes erra.
page-certainty = Quanta certeza ele tem
page-certainty-text = O CaptionBot estima a probabilidade de a frase combinar com a foto. Abaixo da metade, diz que é um palpite. Uma palavra só é dada como certa se for, por si só, provável o bastante para se confiar nela. As outras são tão certas quanto a frase, ou menos, se forem menos prováveis que as palavras ao redor. O lugar para onde olhou é uma pista de por que escreveu uma palavra, não uma prova.
page-certainty-text-plain = O CaptionBot estima a probabilidade de a frase combinar com a foto. Abaixo da metade, diz que é um palpite. Uma palavra só é dada como certa se for, por si só, provável o bastante para se confiar nela. As outras são tão certas quanto a frase, ou menos, se forem menos prováveis que as palavras ao redor.
page-yours = Sua foto continua sua
page-yours-text = Ela vai para a máquina deste servidor e para nenhum outro lugar, e depois é esquecida. Uma cópia pequena fica dez minutos na memória, caso você queira saber mais sobre ela; o que se disse dela pode ser lembrado por um dia. Não há cookies, e nada se aprende com a sua foto. O histórico fica só no seu navegador.
# Where a worker sends photos to servers of others. $hosts (String) - their names.
page-yours-text-elsewhere = Ela vai para a máquina deste servidor e de lá para { $hosts }, onde outros decidem o que fica guardado. Aqui ela é esquecida em seguida. Uma cópia pequena fica dez minutos na memória, caso você queira saber mais sobre ela; o que se disse dela pode ser lembrado por um dia. Não há cookies, e nada se aprende com a sua foto. O histórico fica só no seu navegador.
page-yours-text-unknown = Ela vai para a máquina deste servidor, que ainda não disse se envia as fotos a outros. Aqui ela é esquecida em seguida. Uma cópia pequena fica dez minutos na memória, caso você queira saber mais sobre ela; o que se disse dela pode ser lembrado por um dia. Não há cookies, e nada se aprende com a sua foto. O histórico fica só no seu navegador.
page-api = API
page-api-text = Programas podem fazer tudo isso por HTTP, com um único comando.
page-api-link = Ver como, e experimentar
page-embed = Sua foto vai para a máquina deste servidor e para nenhum outro lugar, e depois é esquecida.
# $hosts (String) - as above.
page-embed-elsewhere = Sua foto vai para a máquina deste servidor e de lá para { $hosts }, onde outros decidem o que fica guardado.
page-embed-unknown = Sua foto vai para a máquina deste servidor, que ainda não disse se envia as fotos a outros.


## The web page's refusals

problem-bad_request = A requisição está malformada
problem-empty = O arquivo está vazio
problem-missing_photo = Não há foto no formulário
problem-unknown_language = Idioma desconhecido
problem-question_empty = Não há nenhuma pergunta
problem-question_too_long = A pergunta é longa demais
problem-not_a_question = Não é possível ler a pergunta
problem-unknown_length = Comprimento desconhecido
problem-not_an_image = Não é uma imagem
problem-not_multipart = Não é um formulário multipart
problem-unauthorized = É preciso uma chave ou uma senha
problem-cross_site = Outro site não pode enviar nada para cá
problem-forgotten = A foto já foi esquecida
problem-not_found = Não há nada aqui
problem-method_not_allowed = Método não aceito neste endereço
problem-upload_too_slow = O envio demorou demais
problem-too_large = A foto é grande demais
problem-unsupported = Tipo de arquivo não suportado
problem-bad_photo = Não foi possível ler a foto
problem-damaged = A foto está danificada
problem-too_many_pixels = A foto tem pixels demais
problem-too_slow = A foto demorou demais para abrir
problem-too_small = A foto é pequena demais
problem-person_busy = Pedidos demais ao mesmo tempo
problem-slow_down = Pedidos demais em pouco tempo
problem-internal = Algo deu errado aqui
problem-uploads_full = Estão chegando fotos demais
problem-gave_up = Não foi possível descrever a foto
problem-not_ready = Ainda não está pronto
problem-queue_full = Há fotos demais esperando
problem-queue_unavailable = Indisponível agora
problem-paused = Em pausa
problem-no_answer = Sem resposta a tempo
detail-bad_request = O servidor não conseguiu ler a requisição.
detail-missing_photo = Coloque a foto em um campo chamado “{ $field }”.
detail-unknown_language = As descrições podem ser nestes idiomas: { $languages }.
detail-not_a_question = Envie a pergunta como JSON ou como formulário, em um campo chamado “{ $field }”.
detail-unknown_length = As descrições podem ter estes comprimentos: { $lengths }.
detail-not_multipart = Envie um formulário multipart/form-data completo, com a foto em um campo chamado “{ $field }”.
detail-unauthorized = Entre com seu nome e sua chave ou senha. Quem administra esta página pode dar uma a você.
detail-cross_site = Use a página deste servidor ou um programa.
detail-forgotten = As fotos ficam guardadas por no máximo { $minutes ->
    [one] { $minutes } minuto
    [many] { $minutes } de minutos
   *[other] { $minutes } minutos
}. Envie outra vez, por favor.
detail-not_found = Esse endereço não existe neste servidor.
detail-method_not_allowed = Use um destes: { $methods }.
detail-upload_too_slow = O que você enviou não chegou em { $seconds ->
    [one] { $seconds } segundo
    [many] { $seconds } de segundos
   *[other] { $seconds } segundos
}. Tente outra vez, por favor.
detail-uploads_full = Muitas fotos estão chegando agora. Tente outra vez em um instante, por favor.
detail-no_answer = Não houve resposta em { $seconds ->
    [one] { $seconds } segundo
    [many] { $seconds } de segundos
   *[other] { $seconds } segundos
}. Tente outra vez daqui a pouco, por favor.


## What only some models can do

not_offered = O modelo que uso aqui não consegue fazer isso.
problem-not_offered = Não é possível com este modelo


## Questions about photos, and how long captions are

command-ask = Fazer uma pergunta sobre uma foto
command-detail = Escolher o tamanho das descrições
ask-how = Escreva a sua pergunta depois de { $command }, por exemplo: { $command } De que cor é o carro? Faça isso em resposta a uma foto ou na legenda da sua.
answer-photo = Sobre a foto { $number }: { $caption }
answer-moment = Em { $time }: { $caption }
help-ask = Para perguntar sobre uma foto, responda à minha resposta com a sua pergunta. Ou escreva /ask e a pergunta: em resposta a uma foto ou na legenda da sua.
help-detail = /detail muda o tamanho das minhas descrições.
privacy-questions = Se você perguntar sobre uma foto, a pergunta faz o mesmo caminho que a foto, e a minha resposta é guardada como uma descrição.
length-now = Tamanho das suas descrições: { $length }. Em álbuns e vídeos, cada uma é uma frase curta.
length-ask = De que tamanho devem ser as descrições?
length-short = Curta (uma frase)
length-alt = Texto alternativo (uma ou duas frases)
length-long = Longa (um parágrafo)
length-only-short = O modelo que uso aqui só escreve descrições curtas.
