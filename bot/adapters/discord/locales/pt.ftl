### What the bot says on Discord alone.

help-discord =
    Use /{ name-caption } com até cinco imagens, escolha “Apps” e depois “{ menu-caption }” em uma mensagem, ou me mencione em uma mensagem com imagens. GIFs e vídeos curtos também servem.

    { help-buttons } /{ name-alt } escreve um texto alternativo para copiar. /{ name-voice } { name-on } lê cada descrição em voz alta para você, e /{ name-language } muda o idioma em que falo com você. Quem gerencia um canal pode me fazer responder ali a todas as imagens com /{ name-auto } { name-on }.

    { captions-in } { photo-goes }; /{ name-privacy } diz mais. Eu erro: não confie em mim quando for importante.
command-caption-image = A imagem que devo descrever
menu-caption = Descrever esta imagem
menu-attention = Mostrar para onde olhou
help-owner-discord =
    Para você, que administra o bot: /owner access mostra quem pode me usar; /owner allow, /owner block e /owner lift mudam isso. /owner pause e /owner resume param e retomam as descrições em toda parte. /{ name-stats } mostra quanto trabalho houve.
access-how-discord = Escolha uma pessoa ou dê um ID: de uma pessoa ou de um servidor, “here” para este servidor, ou de outra plataforma, como telegram:12345.
command-owner = Quem pode me usar, e me pausar: para quem administra o bot
command-allow = Permitir uma pessoa ou um servidor
command-block = Não responder mais a uma pessoa ou a um servidor
command-lift = Voltar atrás em uma permissão ou um bloqueio
command-access = Mostrar quem pode me usar
command-pause = Parar de descrever fotos, em todas as plataformas
command-resume = Voltar a descrever fotos
command-owner-person = A pessoa
command-owner-id = Um ID, ou “here” para este servidor
no-picture-discord = Não vejo nenhuma imagem nessa mensagem. Anexe uma, ou escolha “Apps” e depois “{ menu-caption }” na mensagem que a tem. Para saber mais: /{ name-help }.
mention-me-discord = O Discord não me mostra as imagens de uma mensagem que menciona só o meu cargo. Mencione o meu nome, ou escolha “Apps” e depois “{ menu-caption }” na mensagem.
alt-photo = A foto de que fala esta descrição
owners-only-discord = Só quem administra o bot pode ver /{ name-stats }.
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
command-language-captions = O idioma das descrições
command-voice-on = Ler as descrições em voz alta para mim
command-voice-off = Não ler mais as descrições em voz alta para mim
command-auto-on = Responder a todas as imagens neste canal
command-auto-off = Responder neste canal só quando alguém pedir
button-attention-of = Para onde você olhou? ({ $which })
alt-photo-number = Foto { $number } de { $count } de que falam estas descrições
auto-on-discord = A partir de agora respondo a todas as imagens neste canal. Para parar: /{ name-auto } { name-off }.
auto-off-discord = A partir de agora só respondo aqui quando alguém me pede.
auto-not-allowed-discord = Só quem gerencia este canal pode decidir isso.
auto-needs-intent = Não vejo o que se escreve neste canal: o Discord só me mostra mensagens que me mencionam. Quem administra o bot pode mudar isso ativando para mim o “Message Content Intent” no Discord e a configuração CAPTIONBOT_DISCORD_MESSAGE_CONTENT.
delete-not-allowed = Só quem pediu esta resposta, ou quem gerencia as mensagens aqui, pode apagá-la.
too-large-to-send = A imagem que fiz é grande demais para publicar aqui: o Discord aceita no máximo { $limit } MB.
missing-permission-discord = Não posso responder em { $channel }, porque lá me faltam estas permissões: { $permissions }. Quem gerencia o canal pode concedê-las.
cannot-attach-discord = Não posso publicar imagens aqui. Quem gerencia o canal pode me dar esta permissão: { $permission }.
permission-view-channel = Ver canais
permission-send-messages = Enviar mensagens
permission-send-messages-in-threads = Enviar mensagens em tópicos
permission-attach-files = Anexar arquivos
permission-read-message-history = Ver histórico de mensagens
command-ask-question = A sua pergunta
command-ask-photo = A imagem sobre a qual você pergunta
command-detail-length = O tamanho das descrições
name-ask = perguntar
name-detail = tamanho
menu-ask = Perguntar sobre esta foto
help-ask-discord = Para perguntar sobre uma foto, responda à minha resposta com a sua pergunta, use /{ name-ask } ou escolha “Apps” e depois “{ menu-ask }” em uma mensagem.
help-detail-discord = /{ name-detail } muda o tamanho das minhas descrições.
