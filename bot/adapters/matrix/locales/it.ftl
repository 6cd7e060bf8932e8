### What the bot says on Matrix alone.

help-matrix =
    Mandami una foto, e rispondo con una frase. In una stanza con altre persone sto in silenzio finché qualcuno non mi chiede qualcosa: rispondi a una foto con !caption, oppure menzionami sotto la tua foto o in una risposta a un’altra. Con !auto on, un moderatore mi lascia rispondere a ogni foto.

    { $looks ->
        [yes] Rispondi a una foto con !attention, o reagisci alla mia risposta con 🔍, e ti mostro dove ho guardato per ogni parola. { "" }
       *[no] { "" }
    }{ $others ->
        [yes] !others dà altre descrizioni, { "" }
       *[no] { "" }
    }!alt scrive un testo alternativo da copiare, !voice on ti legge ad alta voce ogni descrizione, !language cambia la lingua in cui ti parlo e !privacy dice che cosa viene conservato. Se rimuovi la tua foto, rimuovo la mia risposta.

    Non posso leggere le stanze cifrate. { captions-in } { photo-goes }. Faccio errori: non fidarti di me quando è importante.
encrypted-matrix = Non posso leggere i messaggi cifrati, quindi non vedo che cosa viene mandato qui. Invitami in una stanza senza crittografia, per favore.
auto-on-matrix = D’ora in poi rispondo a ogni foto in questa stanza. !auto off mi fa smettere.
auto-how-matrix = Un moderatore può scrivere !auto on, così rispondo a ogni foto in questa stanza, oppure !auto off.
auto-not-allowed-matrix = Possono deciderlo solo i moderatori di questa stanza.
