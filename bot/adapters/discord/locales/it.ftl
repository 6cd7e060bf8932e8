### What the bot says on Discord alone.

help-discord =
    Usa /{ name-caption } con un massimo di cinque immagini, scegli «App» e poi «{ menu-caption }» su un messaggio, oppure menzionami in un messaggio con immagini. Vanno bene anche le GIF e i video brevi.

    { help-buttons } /{ name-alt } scrive un testo alternativo da copiare. /{ name-voice } { name-on } ti legge ad alta voce ogni descrizione, e /{ name-language } cambia la lingua in cui ti parlo. Chi gestisce un canale può farmi rispondere lì a ogni immagine con /{ name-auto } { name-on }.

    { captions-in } { photo-goes }; /{ name-privacy } dice di più. Faccio errori: non fidarti di me quando è importante.
command-caption-image = L’immagine da descrivere
menu-caption = Descrivi questa immagine
menu-attention = Mostra dove hai guardato
help-owner-discord =
    Per te che gestisci il bot: /owner access mostra chi può usarmi; /owner allow, /owner block e /owner lift lo cambiano. /owner pause e /owner resume fermano e riavviano le descrizioni ovunque. /{ name-stats } mostra quanto lavoro c’è stato.
access-how-discord = Scegli una persona o indica un ID: di una persona o di un server, «here» per questo server, oppure di un’altra piattaforma, come telegram:12345.
command-owner = Chi può usarmi, e la pausa: per chi gestisce il bot
command-allow = Autorizza una persona o un server
command-block = Smetti di rispondere a una persona o a un server
command-lift = Annulla un’autorizzazione o un blocco
command-access = Mostra chi può usarmi
command-pause = Smetti di descrivere foto, su tutte le piattaforme
command-resume = Descrivi di nuovo le foto
command-owner-person = La persona
command-owner-id = Un ID, oppure «here» per questo server
no-picture-discord = Non vedo nessuna immagine in quel messaggio. Allegane una, oppure scegli «App» e poi «{ menu-caption }» sul messaggio che la contiene. /{ name-help } dice di più.
mention-me-discord = Discord non mi mostra le immagini di un messaggio che menziona solo il mio ruolo. Menzionami per nome, oppure scegli «App» e poi «{ menu-caption }» sul messaggio.
alt-photo = La foto che questo testo descrive
owners-only-discord = Solo chi gestisce il bot può vedere /{ name-stats }.
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
command-language-captions = La lingua delle descrizioni
command-voice-on = Leggimi le descrizioni ad alta voce
command-voice-off = Non leggermi più le descrizioni ad alta voce
command-auto-on = Rispondi a ogni immagine in questo canale
command-auto-off = Rispondi in questo canale solo su richiesta
button-attention-of = Dove hai guardato? ({ $which })
alt-photo-number = Foto { $number } di { $count } di cui parlano queste descrizioni
auto-on-discord = D’ora in poi rispondo a ogni immagine in questo canale. /{ name-auto } { name-off } mi fa smettere.
auto-off-discord = D’ora in poi rispondo qui solo quando qualcuno me lo chiede.
auto-not-allowed-discord = Può deciderlo solo chi gestisce questo canale.
auto-needs-intent = Non vedo che cosa si scrive in questo canale: Discord mi mostra solo i messaggi che mi menzionano. Chi gestisce il bot può cambiarlo attivando per me il «Message Content Intent» su Discord e l’impostazione CAPTIONBOT_DISCORD_MESSAGE_CONTENT.
delete-not-allowed = Può eliminare questa risposta solo chi l’ha chiesta, o chi gestisce i messaggi qui.
too-large-to-send = L’immagine che ho fatto è troppo grande da pubblicare qui: Discord accetta al massimo { $limit } MB.
missing-permission-discord = Non posso rispondere in { $channel }, perché lì mi mancano questi permessi: { $permissions }. Chi gestisce il canale può concederli.
cannot-attach-discord = Qui non posso pubblicare immagini. Chi gestisce il canale può darmi questo permesso: { $permission }.
permission-view-channel = Visualizza canali
permission-send-messages = Invia messaggi
permission-send-messages-in-threads = Invia messaggi nei thread
permission-attach-files = Allega file
permission-read-message-history = Leggi la cronologia messaggi
command-ask-question = La tua domanda
command-ask-photo = L’immagine a cui si riferisce la domanda
command-detail-length = Quanto sono lunghe le descrizioni
name-ask = chiedi
name-detail = lunghezza
menu-ask = Fai una domanda sulla foto
help-ask-discord = Per chiedere qualcosa su una foto, rispondi alla mia risposta con la tua domanda, usa /{ name-ask }, oppure scegli «App» e poi «{ menu-ask }» su un messaggio.
help-detail-discord = /{ name-detail } cambia quanto sono lunghe le mie descrizioni.
