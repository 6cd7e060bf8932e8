### What the bot says on Matrix alone.

help-matrix =
    Envie uma foto, e eu respondo com uma frase. Em uma sala com outras pessoas, fico em silêncio até alguém me chamar: responda a uma foto com !caption, ou me mencione na legenda da sua própria foto ou em uma resposta a outra. Com !auto on, um moderador me deixa responder a todas as fotos.

    { $looks ->
        [yes] Responda a uma foto com !attention, ou reaja à minha resposta com 🔍, e eu mostro para onde olhei em cada palavra. { "" }
       *[no] { "" }
    }{ $others ->
        [yes] !others dá outras descrições, { "" }
       *[no] { "" }
    }!alt escreve um texto alternativo para copiar, !voice on lê cada descrição em voz alta para você, !language muda o idioma em que falo e !privacy diz o que é guardado. Se você remover a sua foto, eu removo a minha resposta.

    Não consigo ler salas criptografadas. { captions-in } { photo-goes }. Eu erro: não confie em mim quando for importante.
encrypted-matrix = Não consigo ler mensagens criptografadas, então não vejo o que é enviado aqui. Por favor, convide-me para uma sala sem criptografia.
auto-on-matrix = A partir de agora respondo a todas as fotos nesta sala. Para parar: !auto off.
auto-how-matrix = Um moderador pode escrever !auto on, para que eu responda a todas as fotos nesta sala, ou !auto off.
auto-not-allowed-matrix = Só os moderadores desta sala podem decidir isso.
