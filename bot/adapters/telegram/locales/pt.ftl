### What the bot says on Telegram alone.

description = Envie uma foto e eu digo, em uma frase, o que vejo nela{ $looks ->
    [yes] { " " }e para onde olhei em cada palavra
   *[no] { "" }
}. Também posso ler em voz alta ou escrever um texto alternativo. /privacy diz para onde vai a sua foto.
short-description = Descreve a sua foto em uma frase{ $looks ->
    [yes] { " " }e mostra para onde olhou
   *[no] { "" }
}. Este bot não guarda a sua foto.
added-to-group = Olá! Eu descrevo fotos em uma frase. Aqui fico em silêncio até alguém pedir: responda a uma foto com /caption, ou escreva o meu nome na legenda da sua própria foto. Para saber mais: /help; e /privacy diz o que fica guardado.
auto-needs-sight = Eu gostaria, mas não vejo as fotos neste grupo: o Telegram só me mostra mensagens que são para mim. Torne-me admin aqui, ou peça a quem administra o bot que desative o meu modo de privacidade com o comando /setprivacy do BotFather e depois me adicione outra vez.
delete-not-allowed-telegram = Só quem pediu esta resposta, ou um admin, pode apagá-la.
delete-too-late = O Telegram não me deixa mais apagar essa mensagem. Mas você ainda pode apagá-la.
hidden-from-bots = O Telegram não me mostra o que há em stories e publicações pagas. Envie a própria imagem, por favor.
cannot-cover = O Telegram não consegue cobrir esta imagem e a foto é um spoiler, por isso não vou enviar.
button-album = O álbum inteiro
privacy-questions-telegram = Se você perguntar sobre uma foto, a pergunta faz o mesmo caminho que a foto, e a minha resposta é guardada como uma descrição. Para que você possa perguntar respondendo a uma resposta, o identificador que o Telegram dá à foto fica guardado, cifrado, por um dia. { $delete } o apaga.
