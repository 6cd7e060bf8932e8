### What the bot says, in Italian.


## Getting to know each other

start = Ciao! Mandami una foto e ti dirò in una frase che cosa ci vedo. { $looks ->
    [yes] Poi puoi chiedermi dove ho guardato per ogni parola. { "" }
   *[no] { "" }
}Sono un piccolo programma, quindi a volte sbaglio. /help dice di più.
# Where a photo goes, and what becomes of it: the beginning of a sentence, used in other texts.
# $hosts (String) - “none”, or the servers of others that photos are sent to.
photo-goes = { $hosts ->
    [none] La tua foto va al computer di questo bot e da nessun’altra parte, e viene eliminata appena ti ho risposto
    [unknown] La tua foto va al computer di questo bot, che la elimina appena ti ho risposto; se da lì vada anche altrove, lo saprò solo quando il mio modello sarà avviato
   *[other] La tua foto va al computer di questo bot, che la elimina appena ti ho risposto, e da lì a { $hosts }; non so che cosa venga conservato lì
}
help-buttons = Con i pulsanti sotto la mia risposta puoi { $looks ->
    [yes] vedere dove ho guardato per ogni parola, { "" }
   *[no] { "" }
}{ $others ->
    [yes] avere altre descrizioni, { "" }
   *[no] { "" }
}ascoltare la risposta ad alta voce o eliminarla.
captions-in = { $language ->
    [english] Scrivo le descrizioni nella tua lingua se l’ho imparata, altrimenti in inglese.
    [others] Scrivo le descrizioni nella tua lingua se l’ho imparata.
   *[fixed] { captions-fixed }
}
help =
    Mandami una foto, un album, un’immagine come file, uno sticker, una GIF o un breve video, e rispondo con una frase. { help-buttons }

    In un gruppo sto in silenzio finché qualcuno non mi chiede qualcosa: rispondi a una foto con /caption, oppure scrivi /caption o il mio nome sotto la tua foto. Con /auto on, un admin mi lascia rispondere a ogni foto.

    /alt scrive un testo alternativo da copiare, /voice on ti legge ad alta voce ogni descrizione, /language cambia la lingua in cui ti parlo, /privacy dice che cosa viene conservato.

    { captions-in } { photo-goes }. Faccio errori: non fidarti di me quando è importante.

command-start = Che cosa fa questo bot
command-help = Come usarmi, e che cosa succede alla tua foto
command-caption = Descrivi una foto
command-alt = Scrivi un testo alternativo da copiare
command-voice = Scegli se ti leggo le descrizioni ad alta voce
command-language = Scegli la lingua in cui ti parlo
command-privacy = Che cosa viene conservato, e per quanto tempo
command-delete = Elimina le tue impostazioni
command-auto = Scegli se qui rispondo a ogni immagine
command-stats = Quanto lavoro c’è stato, per chi gestisce il bot


## Answers

caption = { $caption }
unsure = Non ne sono sicuro, ma direi: { $caption }
unsure-of = Non sono sicuro di { $numbers }.
alternatives = Potrebbe anche essere:
alternative = { $caption }
waiting = { $ahead ->
    [one] C’è una foto prima della tua.
    [many] Ci sono { $ahead } di foto prima della tua.
   *[other] Ci sono { $ahead } foto prima della tua.
}

button-attention = Dove hai guardato?
button-sheet = Come immagine fissa
button-alternatives = Altre descrizioni
button-speech = Leggi ad alta voce
button-delete = Elimina

no-alternatives = Non ho altre descrizioni per questa.
album-line = { $number }. { $caption }
timeline-line = { $time } { $caption }
alt-text-ready = Un testo alternativo da copiare. Lo ha scritto un programma, quindi controllalo:
alt-text-program = (Descritto da un programma.)
alt-text-sure = (Descritto da un programma; abbastanza sicuro.)
alt-text-guess = (Descritto da un programma; solo un’ipotesi.)
alt-text-unsure-words = (Descritto da un programma; incerto su: { $words }.)

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
too_large = Questo file è troppo grande. Mandane uno di { $limit } MB al massimo, per favore.
too_many_pixels = Questa immagine ha troppi pixel. Riducila a { $limit } megapixel al massimo e mandala di nuovo, per favore.
too_small = Questa immagine è troppo piccola o troppo stretta per vederci qualcosa ({ $width } × { $height } pixel). Mandane una, per favore, che abbia almeno { $smallest } pixel per lato e che non sia una striscia sottile.
too_slow = Questa immagine ci metteva troppo ad aprirsi, così ho smesso. Mandala come normale JPEG o PNG, per favore.
question-empty = Non vedo nessuna domanda. Scrivi, per favore, che cosa vuoi sapere della foto.
question-too-long = Questa domanda è troppo lunga. Falla, per favore, in non più di { $limit } caratteri.


## Not now

queue-full = In questo momento ci sono molte foto in attesa. Manda di nuovo la tua, per favore, tra { $seconds ->
    [one] un secondo.
    [many] { $seconds } di secondi.
   *[other] { $seconds } secondi.
}
person-busy = Sto ancora lavorando a quello che hai mandato prima. Aspetta quelle risposte, per favore, poi riprova.
slow-down = È molto in poco tempo. Continua, per favore, tra { $seconds ->
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
gave_up = Ho provato più volte e non sono riuscito a descrivere questa foto. Mi dispiace! Con un’altra dovrebbe funzionare.
internal = Qualcosa è andato storto da parte mia; non è colpa tua. Riprova tra un attimo, per favore.


## Between the platform and us

photo-expired = Non ho più quella foto: le foto vengono eliminate appena ho risposto. Mandala di nuovo, per favore.
too-large-to-download = Questo file è troppo grande: qui posso scaricare al massimo { $limit } MB. { $kind ->
    [video] Mandane uno più corto o più leggero, per favore.
   *[other] Mandalo come foto o riducilo, per favore.
}
download-failed = Non sono riuscito a scaricare questo file. Mandalo di nuovo, per favore.
download-slow = Questo file ci ha messo troppo ad arrivare. Mandalo di nuovo, per favore.
photo-removed = Questa immagine è stata rimossa prima che potessi scaricarla.
not-a-photo = Posso guardare solo immagini. Mandami una foto, per favore. /help dice di più.
nothing-to-caption = Lì non vedo nessuna immagine. Rispondi con { $command } a un messaggio che ha una foto, oppure scrivi { $command } sotto la tua foto.
no-picture-in-message = In quel messaggio non c’è nessuna immagine.
cannot-send-files = Qui non ho il permesso di mandare immagini. Un admin di questa chat può darmelo.
not-ready = Mi sto ancora svegliando. Riprova, per favore, tra { $seconds ->
    [one] un secondo.
    [many] { $seconds } di secondi.
   *[other] { $seconds } secondi.
}
waking = Mi sto ancora svegliando; la tua foto sarà la prima che guardo.
photo-waits = In questo momento non posso guardare foto. La tua è in coda e risponderò appena potrò.
speech-unavailable = Qui non posso leggere ad alta voce: chi gestisce il bot non l’ha configurato.
spoiler-not-spoken = È uno spoiler, quindi non lo leggo ad alta voce dove altri lo sentirebbero.
not-admitted = Questo bot è privato. Chiedi l’accesso a chi lo gestisce.
blocked = Chi gestisce questo bot ha bloccato te o questa chat, quindi qui non rispondo.
paused = Chi mi gestisce mi ha messo in pausa, quindi al momento non descrivo foto. Riprova più tardi, per favore.


## What people choose

language-name = Italiano
language-auto = Come nell’app
language-chosen = D’ora in poi ti parlo in italiano.
language-now = Parlo: { $bot }. Descrizioni: { $captions }.
captions-ask = In che lingua vuoi le descrizioni?
captions-auto = La stessa lingua che parlo io
captions-unknown = Non scrivo descrizioni in quella lingua, ma in queste sì: { $languages }.
captions-not-in = Non ho ancora imparato a scrivere descrizioni in { $wanted }, perciò le ricevi in { $used }. So scriverle in: { $languages }.
captions-fixed = Chi mi gestisce ha deciso che tutte le descrizioni sono in { $language }.
voice-on = D’ora in poi ti leggo anche ad alta voce ogni descrizione.
voice-off = D’ora in poi non ti leggo più le descrizioni ad alta voce.
choices-unavailable = Ora non posso né leggere né salvare le impostazioni. Riprova più tardi, per favore.
privacy =
    { photo-goes }. Questo bot non la scrive mai su disco.

    La descrizione viene conservata per un giorno con un codice che non dice di chi è, così posso rispondere subito alla stessa foto.

    Anche le tue impostazioni, come la lingua, vengono conservate con un codice simile, per un anno dall’ultima volta che sono servite. { $delete } le elimina.

    Se chi gestisce questo bot ti autorizza o ti blocca, il tuo ID viene conservato per questo, cifrato, finché la decisione non viene annullata, e il log lo riporta.

    Niente di tuo viene usato per l’addestramento, e nessun log contiene foto, descrizioni o nomi.
deleted = Fatto: le tue impostazioni sono eliminate. Le foto non vengono mai conservate.
owners-only = Solo chi gestisce il bot può vedere /stats.
stats = Gli ultimi sette giorni:


## What owners command

owners-only-command = Può farlo solo chi gestisce il bot.
help-owner =
    Per te che gestisci il bot: /access mostra chi può usarmi. /allow, /block e /lift lo cambiano: rispondi con uno di questi al messaggio di qualcuno, oppure scrivi un ID dopo, per esempio /block { $example }; «here» indica l’intero gruppo. /pause e /resume fermano e riavviano le descrizioni ovunque. /stats mostra quanto lavoro c’è stato.
access-how = Rispondi con { $command } al messaggio di qualcuno, oppure scrivi un ID dopo: { $command } { $example }. L’ID di un’altra piattaforma si scrive come discord:12345. In un gruppo, { $command } here indica l’intero gruppo. Non posso sapere chi ha scritto un messaggio anonimo.
access-owner = { $who } è tra le persone che mi gestiscono: possono sempre usarmi.
access-unchanged = Non è cambiato niente: è già così.
access-open = Tutti possono usarmi, tranne chi è bloccato.
access-private = Può usarmi solo chi è autorizzato.
access-allowed = Autorizzati:
access-blocked = Bloccati:
access-setting = { $who } (nella mia configurazione)
access-more = … e altri { $count }
access-not-kept = Non ho un Redis in cui ricordarlo: quando vengo riavviato è dimenticato.
allow-done = Fatto: { $who } può usarmi.
block-done = Fatto: non rispondo più a { $who }.
lift-done = Fatto: per { $who } vale di nuovo solo la mia configurazione.
pause-done = Sono in pausa: non descrivo niente, su nessuna piattaforma, finché qualcuno che mi gestisce non usa { $resume }.
resume-done = Descrivo di nuovo le foto.
block-sure = Bloccare { $who }? Non risponderò più a quella persona o in quella chat.
lift-sure = Togliere { $who } dall’elenco di chi può usarmi?
pause-sure = Mettermi in pausa? Nessuno riceverà descrizioni, su nessuna piattaforma, finché qualcuno non mi fa riprendere.
confirm-no = Va bene, non è cambiato niente.
confirm-not-yours = Può rispondere solo la persona a cui l’ho chiesto, e solo per 15 minuti. Usa di nuovo il comando.
confirm-twice = Questa domanda ha già avuto una risposta.
button-yes = Sì
button-no = No


## In groups, and where people type commands

auto-on = D’ora in poi rispondo a ogni foto in questo gruppo. /auto off mi fa smettere.
auto-off = D’ora in poi rispondo qui solo quando qualcuno me lo chiede.
auto-how = Un admin può scrivere /auto on, così rispondo a ogni foto in questo gruppo, oppure /auto off.
auto-in-groups = Questo è per i gruppi; qui rispondo comunque a ogni foto.
auto-not-allowed = Possono deciderlo solo gli admin di questo gruppo.
voice-how = Scrivi /voice on, e ti leggo anche ad alta voce ogni descrizione; /voice off mi fa smettere.
voice-not-welcome = Volevo leggerlo ad alta voce, ma qui i messaggi vocali non sono permessi. Scrivi /voice off e non ci proverò più.
language-ask = In che lingua vuoi che ti parli?
language-unknown = Non parlo quella lingua. Parlo queste:
deleted-group = Fatto: le tue impostazioni e quelle di questo gruppo sono eliminate. Le foto non vengono mai conservate.
moving-sticker = Non riesco a guardare questo tipo di sticker, perché è un disegno in movimento. Mandane uno screenshot, per favore.
button-copy = Copia


## The web page

page-description = Manda una foto, leggi che cosa succede e scopri dove il modello ha guardato per ogni parola.
page-description-plain = Manda una foto e leggi che cosa succede.
page-title = Che cosa succede nella tua foto?
page-lead = CaptionBot scrive una frase e mostra dove ha guardato per ogni parola.
page-lead-plain = CaptionBot la descrive in una frase.
page-language = Lingua
page-captions = La lingua delle descrizioni
page-captions-auto = Come questa pagina
page-captions-not-in = CaptionBot non ha ancora imparato a scrivere descrizioni in { $wanted }, perciò sono in { $used }.
page-length = La lunghezza delle descrizioni
page-no-script = Questa pagina ha bisogno di JavaScript.
page-no-script-api = L’API funziona anche senza.
page-aloud = Leggi le descrizioni
page-history = Cronologia
page-close = Chiudi
page-choose = Scegli le foto
page-choose-more = oppure trascinale o incollale, anche più di una
page-camera = Scatta una foto
page-drop = Rilascia qui
page-examples = Nessuna foto a portata di mano? Prova una di queste:
page-example-astronaut = Un’astronauta sorridente
page-example-photographer = Un fotografo al lavoro
page-example-cat = Il muso di un gatto
page-example-coffee = Una tazza di caffè
page-credits = Foto di pubblico dominio, di:
page-address = CaptionBot non apre indirizzi web
page-address-more = Non scarica mai niente da internet, così nessuno può fargli contattare altri server. Salva l’immagine e scegli il file, oppure copia l’immagine stessa e incollala qui.
page-photo = La tua foto
page-result = La tua foto e la sua descrizione
page-sending = Invio della tua foto
page-looking = CaptionBot guarda la tua foto
page-turn = In attesa del suo turno
page-waking = CaptionBot si sta ancora svegliando
page-waking-more = Guarderà la tua foto appena sarà sveglio. Non devi fare niente.
page-cancel = Annulla
page-retry = Riprova
page-said = La descrizione: { $caption }
page-sure = CaptionBot ne è abbastanza sicuro, ma può sbagliare.
page-unsure = CaptionBot non ne è sicuro. Prendila come un’ipotesi.
page-words = Parole della descrizione
page-words-how = Con le frecce si passa da una parola all’altra. Per ognuna, la foto mostra dove il modello ha guardato.
page-words-move = Con le frecce si passa da una parola all’altra.
page-point = Punta una parola per vedere dove ha guardato.
page-touch = Tocca una parola per vedere dove ha guardato.
page-word = «{ $word }»{ $sure ->
    [yes] : sicura
    [likely] : abbastanza sicura
    [no] : incerta
   *[unknown] { "" }
}{ $place ->
    [top-left] , sguardo in alto a sinistra
    [top] , sguardo in alto
    [top-right] , sguardo in alto a destra
    [left] , sguardo a sinistra
    [middle] , sguardo al centro
    [right] , sguardo a destra
    [bottom-left] , sguardo in basso a sinistra
    [bottom] , sguardo in basso
    [bottom-right] , sguardo in basso a destra
    [nowhere] , sguardo su nessun punto in particolare
   *[unknown] { "" }
}
page-play = Mostra dove ha guardato
page-stop = Ferma
page-read-stop = Smetti di leggere
page-copied = Copiato
page-copy-failed = Copia non riuscita
page-copy-alt = Copia testo alternativo
page-share = Condividi
page-share-failed = Condivisione non riuscita.
page-ask = Fai una domanda su questa foto
page-ask-send = Chiedi
page-ask-hint = Ogni risposta si basa solo sulla foto: le domande e le risposte precedenti non vengono ricordate. Le risposte possono essere sbagliate.
page-asked = La tua domanda:
page-answered = La risposta:
page-others = Frasi prese in considerazione
page-likely-chosen = la sua scelta
page-likely-near = quasi altrettanto probabile
page-likely-less = meno probabile
page-likely-little = molto meno probabile
page-download = Scarica
page-download-gif = Animazione (GIF)
page-download-sheet = Provino a contatto (PNG)
page-making = Disegno in corso…
page-saved = Salvato nei tuoi download.
page-save-failed = Salvataggio non riuscito.
page-again = Un’altra foto
page-back = Indietro
page-photos = { $count ->
    [one] Una foto
    [many] { $count } di foto
   *[other] { $count } foto
}
page-album-new = { $count ->
    [one] Una foto da descrivere.
    [many] { $count } di foto da descrivere.
   *[other] { $count } foto da descrivere.
}
page-album-captioned = descritte: { $count }
page-album-failed = non riuscite: { $count }
page-album-left = in attesa: { $count }
page-album-done = Tutto fatto: { $state }
page-album-add = Aggiungi foto
page-album-read = Leggi tutte ad alta voce
page-album-copy = Copia tutto
page-album-over = Ricomincia
page-card = Foto { $number }
page-card-waiting = In attesa di invio
page-card-open = Vedi dove ha guardato
page-card-open-which = Vedi dove ha guardato: foto { $number }
page-card-retry-which = Riprova: foto { $number }
page-open = Apri
page-open-which = Apri: foto { $number }
page-history-about = Le ultime 50 descrizioni e le loro foto ridotte restano in questo browser e da nessun’altra parte. Niente di questo elenco viene inviato altrove. Se anche altri usano questo dispositivo, cancella la cronologia o disattivala.
page-history-keep = Conserva una cronologia
page-history-clear = Cancella la cronologia
page-history-cleared = La cronologia ora è vuota.
page-history-clear-failed = Cancellazione non riuscita. Cancella i dati di questo sito nel tuo browser.
page-history-deleted = Eliminato.
page-history-none = Ancora niente.
page-history-unavailable = Questo browser non conserva la cronologia di questa pagina.
page-unreached = Il server non è raggiungibile
page-unreached-more = Controlla la connessione, poi riprova.
page-refused = Il server non ha accettato la foto
page-refused-large = Prova con una più piccola.
page-refused-more = Riprova tra un po’.
page-wrong = Qualcosa è andato storto in questa pagina
page-wrong-more = Riprova, per favore.
page-how = Come funziona
page-how-text = Una rete neurale guarda di nuovo la foto per ogni parola che scrive. I punti chiari sono quelli che ha guardato. Ha imparato da esempi, quindi a volte sbaglia, e non sa chi sia nessuno.
page-how-text-plain = Una rete neurale guarda la foto e la descrive. Ha imparato da esempi, quindi a volte sbaglia.
page-certainty = Quanto è sicuro
page-certainty-text = CaptionBot stima la probabilità che la sua frase corrisponda alla foto. Sotto la metà, la chiama un’ipotesi. Una parola è detta sicura solo se di per sé è abbastanza probabile da potersene fidare. Le altre sono sicure quanto la frase, o meno se sono meno probabili delle parole intorno. Il punto che ha guardato è un indizio del perché ha scritto una parola, non una prova.
page-certainty-text-plain = CaptionBot stima la probabilità che la sua frase corrisponda alla foto. Sotto la metà, la chiama un’ipotesi. Una parola è detta sicura solo se di per sé è abbastanza probabile da potersene fidare. Le altre sono sicure quanto la frase, o meno se sono meno probabili delle parole intorno.
page-yours = La tua foto resta tua
page-yours-text = Va alla macchina di questo server e da nessun’altra parte, poi viene dimenticata. Una piccola copia resta in memoria dieci minuti, nel caso tu voglia saperne di più; quello che ne è stato detto può essere ricordato per un giorno. Non ci sono cookie, e dalla tua foto non si impara niente. La cronologia è conservata solo nel tuo browser.
# Where a worker sends photos to servers of others. $hosts (String) - their names.
page-yours-text-elsewhere = Va alla macchina di questo server e da lì a { $hosts }, dove altri decidono che cosa conservare. Qui viene poi dimenticata. Una piccola copia resta in memoria dieci minuti, nel caso tu voglia saperne di più; quello che ne è stato detto può essere ricordato per un giorno. Non ci sono cookie, e dalla tua foto non si impara niente. La cronologia è conservata solo nel tuo browser.
page-yours-text-unknown = Va alla macchina di questo server, che non ha ancora detto se manda le foto ad altri. Qui viene poi dimenticata. Una piccola copia resta in memoria dieci minuti, nel caso tu voglia saperne di più; quello che ne è stato detto può essere ricordato per un giorno. Non ci sono cookie, e dalla tua foto non si impara niente. La cronologia è conservata solo nel tuo browser.
page-api = API
page-api-text = I programmi possono fare tutto questo via HTTP, con un solo comando.
page-api-link = Guarda come, e prova
page-embed = La tua foto va alla macchina di questo server e da nessun’altra parte, poi viene dimenticata.
# $hosts (String) - as above.
page-embed-elsewhere = La tua foto va alla macchina di questo server e da lì a { $hosts }, dove altri decidono che cosa conservare.
page-embed-unknown = La tua foto va alla macchina di questo server, che non ha ancora detto se manda le foto ad altri.


## The web page's refusals

problem-bad_request = La richiesta non è valida
problem-empty = Il file è vuoto
problem-missing_photo = Nel modulo non c’è nessuna foto
problem-unknown_language = Lingua sconosciuta
problem-question_empty = Non c’è nessuna domanda
problem-question_too_long = La domanda è troppo lunga
problem-not_a_question = La domanda non è leggibile
problem-unknown_length = Lunghezza sconosciuta
problem-not_an_image = Non è un’immagine
problem-not_multipart = Non è un modulo multipart
problem-unauthorized = Serve una chiave o una password
problem-cross_site = Un altro sito non può mandare nulla qui
problem-forgotten = La foto è stata dimenticata
problem-not_found = Qui non c’è niente
problem-method_not_allowed = Metodo non previsto a questo indirizzo
problem-upload_too_slow = L’invio ha richiesto troppo tempo
problem-too_large = La foto è troppo grande
problem-unsupported = Tipo di file non supportato
problem-bad_photo = La foto non è leggibile
problem-damaged = La foto è danneggiata
problem-too_many_pixels = La foto ha troppi pixel
problem-too_slow = La foto ci ha messo troppo ad aprirsi
problem-too_small = La foto è troppo piccola
problem-person_busy = Troppe richieste insieme
problem-slow_down = Troppe richieste in poco tempo
problem-internal = Qui qualcosa è andato storto
problem-uploads_full = Stanno arrivando troppe foto
problem-gave_up = Non è stato possibile descrivere la foto
problem-not_ready = Non ancora pronto
problem-queue_full = Troppe foto in attesa
problem-queue_unavailable = Non disponibile al momento
problem-paused = In pausa
problem-no_answer = Nessuna risposta in tempo
detail-bad_request = Il server non è riuscito a leggere la richiesta.
detail-missing_photo = Metti la foto in un campo chiamato «{ $field }».
detail-unknown_language = Le descrizioni possono essere in queste lingue: { $languages }.
detail-not_a_question = Manda la domanda come JSON o come modulo, in un campo chiamato «{ $field }».
detail-unknown_length = Le descrizioni possono avere queste lunghezze: { $lengths }.
detail-not_multipart = Manda un modulo multipart/form-data completo, con la foto in un campo chiamato «{ $field }».
detail-unauthorized = Accedi con il tuo nome e la tua chiave o password. Chi gestisce questa pagina può dartene una.
detail-cross_site = Usa la pagina di questo server, oppure un programma.
detail-forgotten = Le foto vengono conservate al massimo { $minutes ->
    [one] un minuto
    [many] { $minutes } di minuti
   *[other] { $minutes } minuti
}. Mandala di nuovo, per favore.
detail-not_found = Questo indirizzo non esiste su questo server.
detail-method_not_allowed = Usa { $methods }.
detail-upload_too_slow = Quello che hai mandato non è arrivato entro { $seconds ->
    [one] un secondo
    [many] { $seconds } di secondi
   *[other] { $seconds } secondi
}. Riprova, per favore.
detail-uploads_full = In questo momento arrivano molte foto. Riprova tra un attimo, per favore.
detail-no_answer = Non c’è stata risposta entro { $seconds ->
    [one] un secondo
    [many] { $seconds } di secondi
   *[other] { $seconds } secondi
}. Riprova tra un po’, per favore.


## What only some models can do

not_offered = Il modello che uso qui non può farlo.
problem-not_offered = Non possibile con questo modello


## Questions about photos, and how long captions are

command-ask = Fai una domanda su una foto
command-detail = Scegli quanto sono lunghe le descrizioni
ask-how = Scrivi la tua domanda dopo { $command }, per esempio: { $command } Di che colore è l’auto? Fallo rispondendo a una foto o sotto la tua.
answer-photo = Sulla foto { $number }: { $caption }
answer-moment = A { $time }: { $caption }
help-ask = Per chiedere qualcosa su una foto, rispondi alla mia risposta con la tua domanda. Oppure scrivi /ask e la domanda: in risposta a una foto o sotto la tua.
help-detail = /detail cambia quanto sono lunghe le mie descrizioni.
privacy-questions = Se chiedi qualcosa su una foto, la tua domanda fa la stessa strada della foto, e la mia risposta viene conservata come una descrizione.
length-now = Lunghezza delle tue descrizioni: { $length }. Per album e video, ognuna è una frase breve.
length-ask = Quanto devono essere lunghe le descrizioni?
length-short = Breve (una frase)
length-alt = Testo alternativo (una o due frasi)
length-long = Lunga (un paragrafo)
length-only-short = Il modello che uso qui scrive solo descrizioni brevi.
