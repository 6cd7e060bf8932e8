### What the bot says on Telegram alone.

description = Mandami una foto e ti dico in una frase che cosa ci vedo{ $looks ->
    [yes] , e dove ho guardato per ogni parola
   *[no] { "" }
}. Posso anche leggerla ad alta voce o scrivere un testo alternativo. /privacy dice dove va la tua foto.
short-description = Descrive la tua foto in una frase{ $looks ->
    [yes] { " " }e mostra dove ha guardato
   *[no] { "" }
}. Questo bot non conserva la tua foto.
added-to-group = Ciao! Descrivo le foto in una frase. Qui resto in silenzio finché qualcuno non me lo chiede: rispondi a una foto con /caption, oppure scrivi il mio nome sotto la tua foto. /help dice di più e /privacy dice che cosa viene conservato.
auto-needs-sight = Lo farei volentieri, ma non vedo le foto in questo gruppo: Telegram mi mostra solo i messaggi destinati a me. Rendimi admin qui, oppure chiedi a chi gestisce il bot di disattivare la mia modalità privacy con il comando /setprivacy di BotFather e poi di aggiungermi di nuovo.
delete-not-allowed-telegram = Può eliminare questa risposta solo chi l’ha chiesta, o un admin.
delete-too-late = Telegram non mi lascia più eliminare quel messaggio. Puoi eliminarlo tu.
hidden-from-bots = Telegram non mi mostra che cosa c’è nelle storie e nei post a pagamento. Mandami l’immagine stessa, per favore.
cannot-cover = Telegram non può coprire questa immagine e la foto è uno spoiler, quindi non la mando.
button-album = Tutto l’album
privacy-questions-telegram = Se chiedi qualcosa su una foto, la tua domanda fa la stessa strada della foto, e la mia risposta viene conservata come una descrizione. Perché tu possa chiedere rispondendo a una risposta, l’identificativo che Telegram dà alla foto viene conservato cifrato per un giorno. { $delete } lo elimina.
