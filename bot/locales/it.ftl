### What the bot says, in Italian.


## Getting to know each other

start = Ciao! Mandami una foto e ti dirò in una frase che cosa ci vedo. Poi puoi chiedermi dove ho guardato per ogni parola. Sono un piccolo programma, quindi a volte sbaglio. /help dice di più.
help =
    Mandami una foto, un album, un’immagine come file, uno sticker, una GIF o un breve video, e rispondo con una frase. I pulsanti sotto la mia risposta mostrano dove ho guardato per ogni parola, propongono altre descrizioni, leggono la descrizione ad alta voce o eliminano la risposta.

    In un gruppo sto in silenzio finché qualcuno non chiede: rispondi a una foto con /caption, oppure scrivi /caption o il mio nome sotto la tua foto. Con /auto on, un admin mi lascia rispondere a ogni foto.

    /alt scrive un testo alternativo da copiare, /voice on ti legge ad alta voce ogni descrizione, /language cambia la lingua in cui ti parlo, /privacy dice che cosa viene conservato.

    Le descrizioni le scrivo in inglese. La tua foto va al computer di questo bot e da nessun’altra parte, e viene eliminata appena ha avuto risposta. Faccio errori: non fidarti di me quando è importante.
help-discord =
    Usa /{ name-caption } con un massimo di cinque immagini, scegli «App» e poi «{ menu-caption }» su un messaggio, oppure menzionami in un messaggio con immagini. Vanno bene anche le GIF e i video brevi.

    I pulsanti sotto la mia risposta mostrano dove ho guardato per ogni parola, ti propongono altre descrizioni, leggono la descrizione ad alta voce o eliminano la risposta. /{ name-alt } scrive un testo alternativo da copiare. /{ name-voice } { name-on } ti legge ad alta voce ogni descrizione, e /{ name-language } cambia la lingua in cui ti parlo. Chi gestisce un canale può farmi rispondere lì a ogni immagine con /{ name-auto } { name-on }.

    Le descrizioni le scrivo in inglese. La tua foto va al computer di questo bot e da nessun’altra parte, e viene eliminata appena ha avuto risposta; /{ name-privacy } dice di più. Faccio errori: non fidarti di me quando è importante.

command-start = Che cosa fa questo bot
command-help = Come chiedere, e che cosa succede alla tua foto
command-caption = Dire che cosa c’è in una foto
command-caption-image = L’immagine da guardare
command-alt = Scrivere un testo alternativo per un’immagine, da copiare
command-voice = Se le descrizioni ti vengono lette ad alta voce
command-language = La lingua in cui ti parlo
command-privacy = Che cosa viene conservato, e per quanto tempo
command-delete = Eliminare ciò che è conservato su di te
command-auto = Se qui ogni immagine riceve una risposta
command-stats = Quanto lavoro c’è stato, per chi gestisce questo bot
menu-caption = Descrivi questa immagine
menu-attention = Mostra l’attenzione


## Answers

caption = { $caption }
unsure = Non ne sono sicuro, ma credo che sia: { $caption }
alternatives = Potrebbe anche essere:
alternative = { $caption }
working = Sto guardando la tua foto …
attention-working = Sto disegnando dove ho guardato …
waiting = { $ahead ->
    [one] C’è una foto prima della tua.
    [many] Ci sono { $ahead } di foto prima della tua.
   *[other] Ci sono { $ahead } foto prima della tua.
}

button-attention = Dove ha guardato?
button-sheet = Come immagine fissa
button-alternatives = Altre descrizioni
button-speech = Leggi ad alta voce
button-delete = Elimina

no-alternatives = Non ho altre descrizioni per questa.
album-line = { $number }. { $caption }
timeline-line = { $time } { $caption }
alt-text-ready = Un testo alternativo da copiare. Lo ha scritto un programma, quindi controllalo, per favore:

attention = Dove ho guardato per ogni parola di: { $caption }
alt-attention-gif = Animazione della foto. Mostra, parola per parola, dove il modello ha guardato mentre scriveva: { $caption }
alt-attention-sheet = Una copia della foto per ogni parola, illuminata nel punto in cui il modello ha guardato mentre scriveva: { $caption }


## A file that is not captioned

empty = Questo file è vuoto. Manda di nuovo la foto, per favore.
not_an_image = Questa non è un’immagine. Manda una foto, per favore, per esempio in JPEG o PNG.
unsupported = { $kind ->
    [svg] Non riesco a guardare i disegni SVG. Mandalo in PNG o JPEG, per favore.
    [pdf] Non riesco a leggere i file PDF. Manda la pagina in PNG o JPEG, per favore, per esempio uno screenshot.
    [video] Non riesco a guardare questo video. Manda un suo fotogramma, per favore.
    [audio] Non riesco ad ascoltare i suoni. Manda una foto, per favore.
    [raw] Non so sviluppare i file RAW delle fotocamere, e questo non contiene un’anteprima. Mandalo come JPEG, per favore.
   *[other] Non conosco questo tipo di immagine. Mandala in JPEG o PNG, per favore.
}
damaged = Questa immagine non è arrivata intera, oppure è danneggiata. Mandala di nuovo, per favore.
too_large = Questo file è troppo grande per me. Mandane uno di { $limit } MB al massimo, per favore.
too_many_pixels = Questa immagine ha troppi pixel per me. Riducila a { $limit } megapixel al massimo e mandala di nuovo, per favore.
too_small = Questa immagine è troppo piccola o troppo stretta per vederci qualcosa ({ $width } × { $height } pixel). Mandane una, per favore, che abbia almeno { $smallest } pixel per lato e che non sia una striscia sottile.
too_slow = Aprire questa immagine richiedeva troppo tempo, così ho smesso. Mandala come normale JPEG o PNG, per favore.


## Not now

queue-full = In questo momento ci sono molte foto in attesa. Manda di nuovo la tua, per favore, tra { $seconds ->
    [one] un secondo.
    [many] { $seconds } di secondi.
   *[other] { $seconds } secondi.
}
person-busy = Sto ancora lavorando alle tue foto precedenti. Aspetta quelle risposte, per favore, poi manda di nuovo questa.
slow-down = Sono tante foto in poco tempo. Manda la prossima, per favore, tra { $seconds ->
    [one] un secondo.
    [many] { $seconds } di secondi.
   *[other] { $seconds } secondi.
}
too-many-photos = Sono più foto di quante ne possa guardare in una volta. Mandane al massimo { $limit } alla volta, per favore.
queue-unavailable = Ora non posso ricevere foto; non è colpa tua. Riprova, per favore, tra { $seconds ->
    [one] un secondo.
    [many] { $seconds } di secondi.
   *[other] { $seconds } secondi.
}


## It was accepted and then went wrong

bad_photo = Alla fine non sono riuscito ad aprire questa immagine. Mandala come normale JPEG o PNG, per favore.
gave_up = Ho provato più volte e non sono riuscito a descrivere questa foto. Un’altra dovrebbe andare bene; mi dispiace per questa.
internal = Qualcosa è andato storto da parte mia; non è colpa tua. Manda di nuovo la foto tra un attimo, per favore.


## Between the platform and us

photo-expired = Non ho più quella foto: le foto vengono eliminate appena hanno avuto risposta. Mandala di nuovo, per favore.
too-large-to-download = Questo file è troppo grande: qui posso prendere al massimo { $limit } MB. Mandalo come foto o riducilo, per favore.
download-failed = Non sono riuscito a prendere questo file. Mandalo di nuovo, per favore.
download-slow = Ho aspettato questo file e non è arrivato. Mandalo di nuovo, per favore.
photo-removed = Questa immagine è stata rimossa prima che potessi prenderla.
not-a-photo = Posso guardare solo immagini. Mandami una foto, per favore.
nothing-to-caption = Lì non c’è nessuna immagine. Rispondi con /caption a un messaggio che ha una foto, oppure scrivi /caption sotto la tua foto.
no-picture-in-message = In quel messaggio non c’è nessuna immagine.
one-at-a-time = Guardo un’immagine per messaggio; qui si parla della prima.
cannot-send-files = Qui non ho il permesso di mandare immagini. Chi gestisce questa chat può darmelo.
not-ready = Mi sto ancora svegliando. Riprova, per favore, tra { $seconds ->
    [one] un secondo.
    [many] { $seconds } di secondi.
   *[other] { $seconds } secondi.
}
waking = Mi sto ancora svegliando; la tua è la prima cosa che guarderò quando sarò sveglio.
speech-unavailable = Qui non posso leggere ad alta voce: chi mi gestisce non l’ha previsto.
not-admitted = Chi gestisce questo bot decide chi può usarlo, e tu non sei nell’elenco.


## What people choose

language-name = Italiano
language-auto = Come nell’app
language-chosen = D’ora in poi ti parlo in italiano. Le descrizioni restano in inglese in qualsiasi lingua.
voice-on = D’ora in poi ti leggo anche ad alta voce ogni descrizione.
voice-off = D’ora in poi non ti leggo più le descrizioni ad alta voce.
choices-unavailable = Ora non posso né consultare né ricordare le scelte. Riprova più tardi, per favore.
privacy =
    La tua foto va al computer di questo bot e da nessun’altra parte. Non viene mai scritta su disco, e sparisce appena ha avuto risposta.

    La descrizione viene conservata per un giorno sotto un codice che non dice di chi è, così la stessa foto riceve subito una risposta.

    Anche ciò che scegli, come una lingua, viene conservato sotto un codice simile, per un anno dall’ultima volta che è servito. { $delete } lo elimina.

    Niente di tuo viene usato per addestrare alcunché, e nessun log contiene foto, descrizioni o nomi.
deleted = Ciò che era conservato su di te è stato eliminato: le tue scelte. Le foto non vengono proprio conservate.
owners-only = Questo è riservato a chi gestisce questo bot.
stats = Gli ultimi sette giorni:


## Discord only

no-picture-discord = Non vedo nessuna immagine in quel messaggio. Allegane una, oppure scegli «App» e poi «{ menu-caption }» sul messaggio che la contiene.
alt-photo = La foto di cui parla questa descrizione

name-caption = descrivi
name-alt = alternativo
name-help = aiuto
name-privacy = privacy
name-delete = elimina
name-stats = statistiche
name-language = lingua
name-voice = voce
name-auto = automatico
name-on = attiva
name-off = disattiva
menu-alt = Scrivi un testo alternativo

command-caption-more = Un’altra immagine, per la stessa risposta
command-caption-private = Mostra la risposta solo a me
command-language-which = La lingua
command-voice-on = Leggimi le descrizioni ad alta voce
command-voice-off = Non leggermi più le descrizioni ad alta voce
command-auto-on = Rispondi a ogni immagine in questo canale
command-auto-off = Rispondi in questo canale solo su richiesta

button-attention-of = Dove ha guardato? ({ $which })

alt-photo-number = Foto { $number } di { $count } di cui parlano queste descrizioni

auto-on-discord = D’ora in poi rispondo a ogni immagine in questo canale. /{ name-auto } { name-off } mi fa smettere.
auto-off-discord = D’ora in poi rispondo qui solo quando qualcuno me lo chiede.
auto-not-allowed-discord = Può deciderlo solo chi gestisce questo canale.
auto-needs-intent = Non vedo che cosa si scrive in questo canale: Discord mi mostra solo i messaggi che mi menzionano. Chi mi gestisce può cambiarlo attivando per me il «Message Content Intent» su Discord e l’impostazione CAPTIONBOT_DISCORD_MESSAGE_CONTENT.

delete-not-allowed = Può eliminare questa risposta solo chi l’ha chiesta, o chi gestisce i messaggi qui.
too-large-to-send = L’immagine che ho fatto è troppo grande da pubblicare qui: Discord accetta al massimo { $limit } MB.
missing-permission-discord = Non posso rispondere in { $channel }, perché lì mi manca: { $permissions }. Chi gestisce il canale può concederlo.
cannot-attach-discord = Qui non posso pubblicare immagini. Chi gestisce il canale può permetterlo: { $permission }.
permission-view-channel = Visualizza canali
permission-send-messages = Invia messaggi
permission-send-in-threads = Invia messaggi nei thread
permission-attach-files = Allega file
permission-read-history = Leggi la cronologia messaggi


## Telegram only

description = Mandami una foto e ti dico in una frase che cosa ci vedo, e dove ho guardato per ogni parola. Posso anche leggerla ad alta voce o scrivere un testo alternativo. Le descrizioni sono in inglese. La tua foto va al computer di questo bot e da nessun’altra parte.
short-description = Dice che cosa c’è in una foto e dove ha guardato. La tua foto non viene conservata.

auto-on = D’ora in poi rispondo a ogni foto in questo gruppo. /auto off mi fa smettere.
auto-off = D’ora in poi rispondo qui solo quando qualcuno me lo chiede.
auto-how = Un admin può scrivere /auto on, così rispondo a ogni foto in questo gruppo, oppure /auto off.
auto-in-groups = Questo è per i gruppi; qui rispondo comunque a ogni foto.
auto-not-allowed = Possono deciderlo solo gli admin di questo gruppo.
auto-needs-sight = Lo farei, ma non vedo le foto in questo gruppo: Telegram mi mostra solo i messaggi destinati a me. Rendimi admin qui, oppure chiedi a chi mi gestisce di disattivare la mia modalità privacy con il comando /setprivacy di BotFather e poi aggiungimi di nuovo.
voice-how = Scrivi /voice on, e ti leggo anche ad alta voce ogni descrizione; /voice off mi fa smettere.
voice-not-welcome = Volevo leggerlo ad alta voce, ma qui i messaggi vocali non sono permessi. Con /voice off non ci provo più.
language-ask = In che lingua vuoi che ti parli?
language-unknown = Non parlo quella lingua. Parlo queste:
deleted-group = Ciò che era conservato su di te e su questo gruppo è stato eliminato: le tue scelte e quelle del gruppo. Le foto non vengono proprio conservate.
delete-not-allowed-telegram = Può eliminare questa risposta solo chi l’ha chiesta, o un admin.
delete-too-late = Telegram non mi lascia più eliminare quel messaggio. Puoi eliminarlo tu.
moving-sticker = Non riesco a guardare questo tipo di sticker, perché è un disegno che si muove. Mandane uno screenshot, per favore.
button-copy = Copia
