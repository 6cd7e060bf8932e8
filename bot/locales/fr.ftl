### What the bot says, in French.


## Getting to know each other

start = Bonjour ! Envoie-moi une photo et je te dirai en une phrase ce que j’y vois. { $looks ->
    [yes] Ensuite, tu pourras me demander où j’ai regardé pour chaque mot. { "" }
   *[no] { "" }
}Je suis un petit programme, alors je me trompe parfois. Pour en savoir plus : /help.
# Where a photo goes, and what becomes of it: the beginning of a sentence, used in other texts.
# $hosts (String) - “none”, or the servers of others that photos are sent to.
photo-goes = { $hosts ->
    [none] Ta photo va sur l’ordinateur de ce bot et nulle part ailleurs, et elle est supprimée dès que je t’ai répondu
    [unknown] Ta photo va sur l’ordinateur de ce bot, qui la supprime dès que je t’ai répondu ; si elle va ensuite ailleurs, je ne le saurai qu’une fois mon modèle démarré
   *[other] Ta photo va sur l’ordinateur de ce bot, qui la supprime dès que je t’ai répondu, et de là à { $hosts } ; j’ignore ce qui y est conservé
}
help-buttons = Avec les boutons sous ma réponse, tu peux { $looks ->
    [yes] voir où j’ai regardé pour chaque mot, { "" }
   *[no] { "" }
}{ $others ->
    [yes] avoir d’autres descriptions, { "" }
   *[no] { "" }
}écouter ma réponse à voix haute ou la supprimer.
captions-in = { $language ->
    [english] J’écris les descriptions dans ta langue si je l’ai apprise, sinon en anglais.
    [others] J’écris les descriptions dans ta langue si je l’ai apprise.
   *[fixed] { captions-fixed }
}
help =
    Envoie-moi une photo, un album, une image en fichier, un sticker, un GIF ou une courte vidéo, et je réponds par une phrase. { help-buttons }

    Dans un groupe, je me tais tant que personne ne me demande rien : réponds à une photo avec /caption, ou écris /caption ou mon nom sous ta propre photo. Avec /auto on, un admin me laisse répondre à chaque photo.

    /alt écrit un texte alternatif à copier, /voice on te lit chaque description à voix haute, /language change la langue dans laquelle je te parle, /privacy dit ce qui est conservé.

    { captions-in } { photo-goes }. Je fais des erreurs : ne te fie pas à moi quand c’est important.

command-start = Ce que fait ce bot
command-help = Comment m’utiliser, et ce que devient ta photo
command-caption = Décrire une photo
command-alt = Écrire un texte alternatif à copier pour une image
command-voice = Choisir si je te lis les descriptions à voix haute
command-language = Choisir la langue dans laquelle je te parle
command-privacy = Ce qui est conservé, et combien de temps
command-delete = Supprimer tes réglages
command-auto = Choisir si je réponds ici à chaque image
command-stats = Mon activité de la semaine, pour qui gère ce bot


## Answers

caption = { $caption }
unsure = Je n’en suis pas sûr, mais il me semble : { $caption }
unsure-of = Je ne suis pas sûr de moi pour { $numbers }.
alternatives = Ça pourrait aussi être :
alternative = { $caption }
waiting = { $ahead ->
    [one] { $ahead } photo passe avant la tienne.
    [many] { $ahead } de photos passent avant la tienne.
   *[other] { $ahead } photos passent avant la tienne.
}

button-attention = Où as-tu regardé ?
button-sheet = En image fixe
button-alternatives = Autres descriptions
button-speech = Lire à voix haute
button-delete = Supprimer

no-alternatives = Je n’ai pas d’autre description pour celle-ci.
album-line = { $number }. { $caption }
timeline-line = { $time } { $caption }
alt-text-ready = Un texte alternatif à copier. Un programme l’a écrit, vérifie-le :
alt-text-program = (Décrit par un programme.)
alt-text-sure = (Décrit par un programme ; assez sûr.)
alt-text-guess = (Décrit par un programme ; simple supposition.)
alt-text-unsure-words = (Décrit par un programme ; pas sûr de : { $words }.)

attention = Où j’ai regardé pour chaque mot de : { $caption }
alt-attention-gif = Animation de la photo. Elle montre mot à mot où le modèle a regardé pendant qu’il écrivait : { $caption }
alt-attention-sheet = Une copie de la photo pour chaque mot, éclairée à l’endroit où le modèle a regardé pendant qu’il écrivait : { $caption }


## A file that is not captioned

empty = Ce fichier est vide. Renvoie la photo, s’il te plaît.
not_an_image = Ce n’est pas une image. Envoie une photo, s’il te plaît, en JPEG ou PNG par exemple.
unsupported = { $kind ->
    [svg] Je ne peux pas regarder les dessins SVG. Envoie-le en PNG ou JPEG, s’il te plaît.
    [pdf] Je ne peux pas lire les fichiers PDF. Envoie la page en PNG ou JPEG, s’il te plaît, une capture d’écran par exemple.
    [video] Je ne peux pas regarder cette vidéo. Envoie une image fixe de la vidéo, s’il te plaît.
    [audio] Je ne peux pas écouter de son. Envoie une photo, s’il te plaît.
    [raw] Je ne sais pas développer les fichiers bruts (RAW), et celui-ci ne contient pas d’aperçu. Envoie-le en JPEG, s’il te plaît.
   *[other] Je ne connais pas ce type d’image. Envoie-la en JPEG ou PNG, s’il te plaît.
}
damaged = Cette image n’est pas arrivée en entier, ou elle est endommagée. Renvoie-la, s’il te plaît.
too_large = Ce fichier est trop lourd. Envoies-en un de { $limit } Mo au maximum, s’il te plaît.
too_many_pixels = Cette image a trop de pixels. Réduis-la à { $limit } mégapixels au maximum et renvoie-la, s’il te plaît.
too_small = Cette image est trop petite ou trop étroite pour qu’on y voie quelque chose ({ $width } × { $height } pixels). Envoies-en une, s’il te plaît, qui fait au moins { $smallest } pixels de chaque côté et qui n’est pas une bande mince.
too_slow = Cette image mettait trop de temps à s’ouvrir, alors j’ai arrêté. Envoie-la en JPEG ou PNG ordinaire, s’il te plaît.
question-empty = Je ne vois pas de question. Écris, s’il te plaît, ce que tu veux savoir sur la photo.
question-too-long = Cette question est trop longue. Pose-la, s’il te plaît, en { $limit } caractères au plus.


## Not now

queue-full = Beaucoup de photos attendent en ce moment. Renvoie la tienne, s’il te plaît, dans { $seconds ->
    [one] { $seconds } seconde.
    [many] { $seconds } de secondes.
   *[other] { $seconds } secondes.
}
person-busy = Je m’occupe encore de ce que tu as envoyé avant. Attends mes réponses, s’il te plaît, puis réessaie.
slow-down = Ça fait beaucoup en peu de temps. Continue, s’il te plaît, dans { $seconds ->
    [one] { $seconds } seconde.
    [many] { $seconds } de secondes.
   *[other] { $seconds } secondes.
}
too-many-photos = C’est plus de photos que je ne peux en regarder d’un coup. Envoies-en { $limit } au maximum à la fois, s’il te plaît.
queue-unavailable = Je ne peux pas recevoir de photos en ce moment ; ce n’est pas ta faute. Réessaie, s’il te plaît, dans { $seconds ->
    [one] { $seconds } seconde.
    [many] { $seconds } de secondes.
   *[other] { $seconds } secondes.
}


## It was accepted and then went wrong

bad_photo = Finalement, je n’ai pas pu ouvrir cette image. Envoie-la en JPEG ou PNG ordinaire, s’il te plaît.
gave_up = J’ai essayé plusieurs fois sans réussir à décrire cette photo. Désolé ! Une autre devrait marcher.
internal = Quelque chose s’est mal passé de mon côté ; ce n’est pas ta faute. Réessaie dans un instant, s’il te plaît.


## Between the platform and us

photo-expired = Je n’ai plus cette photo : les photos sont supprimées dès que j’ai répondu. Renvoie-la, s’il te plaît.
too-large-to-download = Ce fichier est trop lourd : ici, je peux télécharger { $limit } Mo au maximum. { $kind ->
    [video] Envoie une vidéo plus courte ou plus légère, s’il te plaît.
   *[other] Envoie-le comme photo ou réduis-le, s’il te plaît.
}
download-failed = Je n’ai pas pu télécharger ce fichier. Renvoie-le, s’il te plaît.
download-slow = Ce fichier a mis trop de temps à arriver. Renvoie-le, s’il te plaît.
photo-removed = Cette image a été supprimée avant que je puisse la télécharger.
not-a-photo = Je ne peux regarder que des images. Envoie-moi une photo, s’il te plaît. Pour en savoir plus : /help.
nothing-to-caption = Je ne vois pas d’image là. Réponds avec { $command } à un message qui contient une photo, ou écris { $command } sous ta propre photo.
no-picture-in-message = Il n’y a pas d’image dans ce message.
cannot-send-files = Je n’ai pas le droit d’envoyer des images ici. Un admin de cette discussion peut l’autoriser.
not-ready = Je suis encore en train de me réveiller. Réessaie, s’il te plaît, dans { $seconds ->
    [one] { $seconds } seconde.
    [many] { $seconds } de secondes.
   *[other] { $seconds } secondes.
}
waking = Je suis encore en train de me réveiller ; ta photo passera en premier.
photo-waits = Je ne peux pas regarder de photos pour le moment. La tienne est dans la file et je répondrai dès que je pourrai.
speech-unavailable = Je ne peux pas lire à voix haute ici : la personne qui me gère n’a pas configuré cela.
spoiler-not-spoken = C’est un spoiler, alors je ne le lis pas à voix haute là où d’autres l’entendraient.
not-admitted = Ce bot est privé. Demande l’accès à la personne qui le gère.
blocked = La personne qui gère ce bot a bloqué ton accès ou celui de cette discussion : je ne réponds donc pas ici.
paused = La personne qui me gère m’a mis en pause : je ne décris pas de photos en ce moment. Réessaie plus tard, s’il te plaît.


## What people choose

language-name = Français
language-auto = Comme dans l’application
language-chosen = À partir de maintenant, je te parle en français.
language-now = Je parle : { $bot }. Descriptions : { $captions }.
captions-ask = Dans quelle langue veux-tu les descriptions ?
captions-auto = La même langue que moi
captions-unknown = Je n’écris pas de descriptions dans cette langue, mais dans celles-ci : { $languages }.
captions-not-in = Je ne sais pas encore écrire de descriptions en { $wanted }, tu les reçois donc en { $used }. Je sais en écrire en : { $languages }.
captions-fixed = La personne qui me gère a décidé que toutes les descriptions sont en { $language }.
voice-on = À partir de maintenant, je te lis aussi chaque description à voix haute.
voice-off = À partir de maintenant, je ne te lis plus les descriptions à voix haute.
choices-unavailable = Je ne peux ni lire ni enregistrer de réglages en ce moment. Réessaie plus tard, s’il te plaît.
privacy =
    { photo-goes }. Ce bot ne l’écrit jamais sur un disque.

    La description est conservée un jour sous un code qui ne dit pas à qui elle appartient, pour que la même photo reçoive aussitôt une réponse.

    Tes réglages, comme la langue, sont conservés sous un code du même genre, pendant un an après leur dernière utilisation. { $delete } les efface.

    Si les personnes qui gèrent ce bot t’autorisent ou te bloquent, ton identifiant est conservé pour cela, chiffré, jusqu’à ce qu’elles reviennent là-dessus, et le journal l’indique.

    Rien de ce qui vient de toi ne sert à un entraînement, et aucun journal ne contient de photos, de descriptions ou de noms.
deleted = C’est fait : tes réglages sont supprimés. Les photos, elles, ne sont jamais conservées.
owners-only = Seule la personne qui gère ce bot peut voir /stats.
stats = Les sept derniers jours :


## What owners command

owners-only-command = Seules les personnes qui gèrent ce bot peuvent faire ça.
help-owner =
    Pour toi qui gères ce bot : /access montre qui peut m’utiliser. /allow, /block et /lift changent cela : réponds avec l’une de ces commandes au message de quelqu’un, ou écris un identifiant derrière, par exemple /block { $example } ; « here » désigne tout le groupe. /pause et /resume arrêtent et relancent les descriptions partout. /stats montre mon activité de la semaine.
access-how = Réponds avec { $command } au message de quelqu’un, ou écris un identifiant derrière : { $command } { $example }. Celui d’une autre plateforme s’écrit comme discord:12345. Dans un groupe, { $command } here désigne tout le groupe. Je ne peux pas savoir qui a écrit un message anonyme.
access-owner = { $who } fait partie des personnes qui me gèrent : elles peuvent toujours m’utiliser.
access-unchanged = Rien n’a changé : c’est déjà ainsi.
access-open = Tout le monde peut m’utiliser, sauf les personnes bloquées.
access-private = Seules les personnes autorisées peuvent m’utiliser.
access-allowed = Autorisés :
access-blocked = Bloqués :
access-setting = { $who } (dans ma configuration)
access-more = … et { $count } de plus
access-not-kept = Je n’ai pas de Redis pour m’en souvenir : ce sera oublié à mon redémarrage.
allow-done = C’est fait : { $who } peut m’utiliser.
block-done = C’est fait : je ne réponds plus à { $who }.
lift-done = C’est fait : pour { $who }, seule ma configuration compte de nouveau.
pause-done = Je suis en pause : je ne décris rien, sur aucune plateforme, jusqu’à ce que quelqu’un qui me gère utilise { $resume }.
resume-done = Je décris de nouveau les photos.
block-sure = Bloquer { $who } ? Je ne répondrai plus à cette personne ou dans cette discussion.
lift-sure = Retirer { $who } de la liste des personnes qui peuvent m’utiliser ?
pause-sure = Me mettre en pause ? Plus personne n’aura de descriptions, sur aucune plateforme, jusqu’à ma reprise.
confirm-no = D’accord, rien n’a changé.
confirm-not-yours = Seule la personne à qui j’ai posé la question peut y répondre, et seulement pendant 15 minutes. Utilise la commande à nouveau.
confirm-twice = Cette question a déjà reçu une réponse.
button-yes = Oui
button-no = Non


## In groups, and where people type commands

auto-on = À partir de maintenant, je réponds à chaque photo dans ce groupe. /auto off y met fin.
auto-off = À partir de maintenant, je ne réponds ici que quand on me le demande.
auto-how = Un admin peut écrire /auto on, pour que je réponde à chaque photo dans ce groupe, ou /auto off.
auto-in-groups = C’est pour les groupes ; ici, je réponds de toute façon à chaque photo.
auto-not-allowed = Seuls les admins de ce groupe peuvent en décider.
voice-how = Écris /voice on, et je te lis aussi chaque description à voix haute ; /voice off y met fin.
voice-not-welcome = Je voulais lire ceci à voix haute, mais les messages vocaux ne sont pas autorisés ici. Écris /voice off et je n’essaierai plus.
language-ask = Dans quelle langue veux-tu que je te parle ?
language-unknown = Je ne parle pas cette langue. Voici celles que je parle :
deleted-group = C’est fait : tes réglages et ceux de ce groupe sont supprimés. Les photos, elles, ne sont jamais conservées.
moving-sticker = Je ne peux pas regarder ce genre de sticker, car c’est un dessin en mouvement. Envoies-en une capture d’écran, s’il te plaît.
button-copy = Copier


## The web page

page-description = Envoie une photo, lis ce qui s’y passe et vois où le modèle a regardé pour chaque mot.
page-description-plain = Envoie une photo et lis ce qui s’y passe.
page-title = Que se passe‑t‑il sur ta photo ?
page-lead = CaptionBot la décrit en une phrase et montre où il a regardé pour chaque mot.
page-lead-plain = CaptionBot la décrit en une phrase.
page-language = Langue
page-captions = La langue des descriptions
page-captions-auto = Comme cette page
page-captions-not-in = CaptionBot ne sait pas encore écrire de descriptions en { $wanted }, elles sont donc en { $used }.
page-length = La longueur des descriptions
page-no-script = Cette page a besoin de JavaScript.
page-no-script-api = L’API fonctionne sans.
page-aloud = Lire les descriptions à voix haute
page-history = Historique
page-close = Fermer
page-choose = Choisir des photos
page-choose-more = ou les déposer ou les coller, plusieurs à la fois
page-camera = Prendre une photo
page-drop = Dépose ici
page-examples = Pas de photo sous la main ? Essaie avec :
page-example-astronaut = Une astronaute souriante
page-example-photographer = Un photographe au travail
page-example-cat = Une tête de chat
page-example-coffee = Une tasse de café
page-credits = Photos du domaine public, par :
page-address = CaptionBot n’ouvre pas les adresses web
page-address-more = Il ne va jamais rien chercher sur Internet, pour que personne ne puisse l’envoyer vers d’autres serveurs. Enregistre l’image et choisis le fichier, ou copie l’image elle-même et colle-la ici.
page-photo = Ta photo
page-result = Ta photo et sa description
page-sending = Envoi de ta photo
page-looking = CaptionBot regarde ta photo
page-turn = En attente de son tour
page-waking = CaptionBot est en train de se réveiller
page-waking-more = Il regardera ta photo dès qu’il sera réveillé. Tu n’as rien à faire.
page-cancel = Annuler
page-retry = Réessayer
page-said = La description : { $caption }
page-sure = CaptionBot en est assez sûr, mais il peut se tromper.
page-unsure = CaptionBot n’en est pas sûr. Ce n’est qu’une supposition.
page-words = Mots de la description
page-words-how = Les flèches passent d’un mot à l’autre. Pour chaque mot, la photo montre où le modèle a regardé.
page-words-move = Les flèches passent d’un mot à l’autre.
page-point = Survole un mot pour voir où il a regardé.
page-touch = Touche un mot pour voir où il a regardé.
page-word = « { $word } »{ $sure ->
    [yes]  : sûr
    [likely]  : assez sûr
    [no]  : pas sûr
   *[unknown] { "" }
}{ $place ->
    [top-left] , regard en haut à gauche
    [top] , regard en haut
    [top-right] , regard en haut à droite
    [left] , regard à gauche
    [middle] , regard au milieu
    [right] , regard à droite
    [bottom-left] , regard en bas à gauche
    [bottom] , regard en bas
    [bottom-right] , regard en bas à droite
    [nowhere] , regard nulle part en particulier
   *[unknown] { "" }
}
page-play = Montrer où il a regardé
page-stop = Arrêter
page-read-stop = Arrêter la lecture
page-copied = Copié
page-copy-failed = La copie a échoué
page-copy-alt = Copier le texte alt.
page-share = Partager
page-share-failed = Le partage a échoué.
page-ask = Pose une question sur cette photo
page-ask-send = Demander
page-ask-hint = Chaque réponse vient de la photo seule : les questions et réponses précédentes ne sont pas retenues. Une réponse peut être fausse.
page-asked = Ta question :
page-answered = La réponse :
page-others = Phrases envisagées
page-likely-chosen = son choix
page-likely-near = presque aussi probable
page-likely-less = moins probable
page-likely-little = bien moins probable
page-download = Télécharger
page-download-gif = Animation (GIF)
page-download-sheet = Planche-contact (PNG)
page-making = Dessin en cours…
page-saved = Enregistré dans tes téléchargements.
page-save-failed = L’enregistrement a échoué.
page-again = Une autre photo
page-back = Retour
page-photos = { $count ->
    [one] { $count } photo
    [many] { $count } de photos
   *[other] { $count } photos
}
page-album-new = { $count ->
    [one] { $count } photo à décrire.
    [many] { $count } de photos à décrire.
   *[other] { $count } photos à décrire.
}
page-album-captioned = Décrites : { $count }
page-album-failed = échecs : { $count }
page-album-left = à venir : { $count }
page-album-done = Terminé. { $state }
page-album-add = Ajouter des photos
page-album-read = Tout lire à voix haute
page-album-copy = Tout copier
page-album-over = Recommencer
page-card = Photo { $number }
page-card-waiting = En attente d’envoi
page-card-open = Voir où il a regardé
page-card-open-which = Voir où il a regardé : photo { $number }
page-card-retry-which = Réessayer : photo { $number }
page-open = Ouvrir
page-open-which = Ouvrir : photo { $number }
page-history-about = Les 50 dernières descriptions et leurs photos réduites restent dans ce navigateur et nulle part ailleurs. Rien de cette liste n’est envoyé où que ce soit. Si d’autres utilisent aussi cet appareil, efface l’historique ou désactive-le.
page-history-keep = Garder un historique
page-history-clear = Effacer l’historique
page-history-cleared = L’historique est vide maintenant.
page-history-clear-failed = L’effacement a échoué. Efface les données de ce site dans ton navigateur.
page-history-deleted = Supprimé.
page-history-none = Rien pour l’instant.
page-history-unavailable = Ce navigateur ne garde pas d’historique pour cette page.
page-unreached = Le serveur est injoignable
page-unreached-more = Vérifie ta connexion, puis réessaie.
page-refused = Le serveur n’a pas accepté la photo
page-refused-large = Essaie avec une plus petite.
page-refused-more = Réessaie dans un moment.
page-wrong = Quelque chose s’est mal passé sur cette page
page-wrong-more = Réessaie, s’il te plaît.
page-how = Comment ça marche
page-how-text = Un réseau de neurones regarde de nouveau la photo pour chaque mot qu’il écrit. Les endroits clairs sont ceux qu’il a regardés. Il a appris à partir d’exemples : il se trompe donc parfois, et il ne reconnaît personne.
page-how-text-plain = Un réseau de neurones regarde la photo et la décrit. Il a appris à partir d’exemples : il se trompe donc parfois.
page-certainty = Son degré de certitude
page-certainty-text = CaptionBot estime la probabilité que sa phrase corresponde à la photo. En dessous d’une chance sur deux, il la présente comme une supposition. Un mot n’est présenté comme sûr que s’il est assez probable en lui-même pour qu’on s’y fie. Les autres sont aussi sûrs que la phrase, ou moins s’ils sont moins probables que les mots qui les entourent. L’endroit qu’il a regardé est un indice de ce qui lui a fait écrire un mot, pas une preuve.
page-certainty-text-plain = CaptionBot estime la probabilité que sa phrase corresponde à la photo. En dessous d’une chance sur deux, il la présente comme une supposition. Un mot n’est présenté comme sûr que s’il est assez probable en lui-même pour qu’on s’y fie. Les autres sont aussi sûrs que la phrase, ou moins s’ils sont moins probables que les mots qui les entourent.
page-yours = Ta photo reste à toi
page-yours-text = Elle va sur la machine de ce serveur et nulle part ailleurs, puis elle est oubliée. Une petite copie reste dix minutes en mémoire au cas où tu voudrais en savoir plus ; ce qui en a été dit peut être gardé un jour. Il n’y a pas de cookies, et rien n’est appris de ta photo. L’historique n’est gardé que dans ton navigateur.
# Where a worker sends photos to servers of others. $hosts (String) - their names.
page-yours-text-elsewhere = Elle va sur la machine de ce serveur et de là à { $hosts }, où d’autres décident de ce qui est conservé. Ici, elle est ensuite oubliée. Une petite copie reste dix minutes en mémoire au cas où tu voudrais en savoir plus ; ce qui en a été dit peut être gardé un jour. Il n’y a pas de cookies, et rien n’est appris de ta photo. L’historique n’est gardé que dans ton navigateur.
page-yours-text-unknown = Elle va sur la machine de ce serveur, qui n’a pas encore dit si elle transmet les photos à d’autres. Ici, elle est ensuite oubliée. Une petite copie reste dix minutes en mémoire au cas où tu voudrais en savoir plus ; ce qui en a été dit peut être gardé un jour. Il n’y a pas de cookies, et rien n’est appris de ta photo. L’historique n’est gardé que dans ton navigateur.
page-api = API
page-api-text = Les programmes peuvent faire tout cela par HTTP, avec une seule commande.
page-api-link = Voir comment, et essayer
page-embed = Ta photo va sur la machine de ce serveur et nulle part ailleurs, puis elle est oubliée.
# $hosts (String) - as above.
page-embed-elsewhere = Ta photo va sur la machine de ce serveur et de là à { $hosts }, où d’autres décident de ce qui est conservé.
page-embed-unknown = Ta photo va sur la machine de ce serveur, qui n’a pas encore dit si elle transmet les photos à d’autres.


## The web page's refusals

problem-bad_request = La requête est mal formée
problem-empty = Le fichier est vide
problem-missing_photo = Il n’y a pas de photo dans le formulaire
problem-unknown_language = Langue inconnue
problem-question_empty = Il n’y a pas de question
problem-question_too_long = La question est trop longue
problem-not_a_question = La question est illisible
problem-unknown_length = Longueur inconnue
problem-not_an_image = Ce n’est pas une image
problem-not_multipart = Ce n’est pas un formulaire multipart
problem-unauthorized = Il faut une clé ou un mot de passe
problem-cross_site = Un autre site ne peut rien envoyer ici
problem-forgotten = La photo a été oubliée
problem-not_found = Il n’y a rien ici
problem-method_not_allowed = Méthode refusée à cette adresse
problem-upload_too_slow = L’envoi a pris trop de temps
problem-too_large = La photo est trop lourde
problem-unsupported = Type de fichier non pris en charge
problem-bad_photo = La photo est illisible
problem-damaged = La photo est endommagée
problem-too_many_pixels = La photo a trop de pixels
problem-too_slow = La photo a mis trop de temps à s’ouvrir
problem-too_small = La photo est trop petite
problem-person_busy = Trop de demandes à la fois
problem-slow_down = Trop de demandes en peu de temps
problem-internal = Quelque chose s’est mal passé ici
problem-uploads_full = Trop de photos arrivent
problem-gave_up = La photo n’a pas pu être décrite
problem-not_ready = Pas encore prêt
problem-queue_full = Trop de photos attendent
problem-queue_unavailable = Indisponible en ce moment
problem-paused = En pause
problem-no_answer = Pas de réponse à temps
detail-bad_request = Le serveur n’a pas pu lire la requête.
detail-missing_photo = Mets la photo dans un champ nommé « { $field } ».
detail-unknown_language = Les descriptions peuvent être dans ces langues : { $languages }.
detail-not_a_question = Envoie la question en JSON ou dans un formulaire, dans un champ nommé « { $field } ».
detail-unknown_length = Les descriptions peuvent avoir ces longueurs : { $lengths }.
detail-not_multipart = Envoie un formulaire multipart/form-data complet, avec la photo dans un champ nommé « { $field } ».
detail-unauthorized = Connecte-toi avec ton nom et ta clé ou ton mot de passe. La personne qui gère cette page peut t’en donner.
detail-cross_site = Utilise la page de ce serveur, ou un programme.
detail-forgotten = Les photos sont gardées { $minutes ->
    [one] { $minutes } minute
    [many] { $minutes } de minutes
   *[other] { $minutes } minutes
} au maximum. Renvoie-la, s’il te plaît.
detail-not_found = Cette adresse n’existe pas sur ce serveur.
detail-method_not_allowed = Utilise { $methods }.
detail-upload_too_slow = Ce que tu as envoyé n’est pas arrivé en { $seconds ->
    [one] { $seconds } seconde
    [many] { $seconds } de secondes
   *[other] { $seconds } secondes
}. Réessaie, s’il te plaît.
detail-uploads_full = Beaucoup de photos arrivent en ce moment. Réessaie dans un instant, s’il te plaît.
detail-no_answer = Il n’y a pas eu de réponse en { $seconds ->
    [one] { $seconds } seconde
    [many] { $seconds } de secondes
   *[other] { $seconds } secondes
}. Réessaie dans un moment, s’il te plaît.


## What only some models can do

not_offered = Le modèle que j’utilise ici ne sait pas faire cela.
problem-not_offered = Impossible avec ce modèle


## Questions about photos, and how long captions are

command-ask = Poser une question sur une photo
command-detail = Choisir la longueur des descriptions
ask-how = Écris ta question après { $command }, par exemple : { $command } De quelle couleur est la voiture ? Fais-le en réponse à une photo ou sous la tienne.
answer-photo = Sur la photo { $number } : { $caption }
answer-moment = À { $time } : { $caption }
help-ask = Pour poser une question sur une photo, réponds à ma réponse avec ta question. Ou écris /ask et la question : en réponse à une photo ou sous la tienne.
help-detail = /detail change la longueur de mes descriptions.
privacy-questions = Si tu poses une question sur une photo, elle suit le même chemin que la photo, et ma réponse est conservée comme une description.
length-now = Longueur de tes descriptions : { $length }. Pour les albums et les vidéos, chacune est une phrase courte.
length-ask = Quelle longueur doivent avoir les descriptions ?
length-short = Courte (une phrase)
length-alt = Texte alternatif (une ou deux phrases)
length-long = Longue (un paragraphe)
length-only-short = Le modèle que j’utilise ici n’écrit que des descriptions courtes.
