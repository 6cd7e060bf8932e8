### What the bot says, in French.


## Getting to know each other

start = Bonjour ! Envoie-moi une photo et je te dirai en une phrase ce que j’y vois. Ensuite, tu pourras me demander où j’ai regardé pour chaque mot. Je suis un petit programme, alors je me trompe parfois. /help en dit plus.
help =
    Envoie-moi une photo, un album, une image en fichier, un sticker, un GIF ou une courte vidéo, et je réponds par une phrase. Les boutons sous ma réponse montrent où j’ai regardé pour chaque mot, proposent d’autres descriptions, la lisent à voix haute ou la suppriment.

    Dans un groupe, je me tais tant que personne ne demande rien : réponds à une photo avec /caption, ou écris /caption ou mon nom sous ta propre photo. Avec /auto on, un admin me laisse répondre à chaque photo.

    /alt écrit un texte alternatif à copier, /voice on te lit chaque description à voix haute, /language change la langue dans laquelle je te parle, /privacy dit ce qui est conservé.

    Les descriptions, je les écris en anglais. Ta photo va à l’ordinateur de ce bot et nulle part ailleurs, et elle est supprimée dès qu’elle a sa réponse. Je fais des erreurs : ne te fie pas à moi quand c’est important.
help-discord =
    Utilise /{ name-caption } avec jusqu’à cinq images, choisis « Applications » puis « { menu-caption } » sur un message, ou mentionne-moi dans un message avec des images. Les GIF et les courtes vidéos marchent aussi.

    Les boutons sous ma réponse montrent où j’ai regardé pour chaque mot, te proposent d’autres descriptions, la lisent à voix haute ou suppriment la réponse. /{ name-alt } écrit un texte alternatif à copier. /{ name-voice } { name-on } te lit chaque description à voix haute, et /{ name-language } change la langue dans laquelle je te parle. Les personnes qui gèrent un salon peuvent m’y faire répondre à chaque image avec /{ name-auto } { name-on }.

    Les descriptions, je les écris en anglais. Ta photo va à l’ordinateur de ce bot et nulle part ailleurs, et elle est supprimée dès qu’elle a sa réponse ; /{ name-privacy } en dit plus. Je fais des erreurs : ne te fie pas à moi quand c’est important.

command-start = Ce que fait ce bot
command-help = Comment demander, et ce que devient ta photo
command-caption = Dire ce qu’il y a sur une photo
command-caption-image = L’image à regarder
command-alt = Écrire un texte alternatif pour une image, à copier
command-voice = Si les descriptions te sont lues à voix haute
command-language = La langue dans laquelle je te parle
command-privacy = Ce qui est conservé, et combien de temps
command-delete = Supprimer ce qui est conservé à ton sujet
command-auto = Si chaque image reçoit ici une réponse
command-stats = Le travail qu’il y a eu, pour les personnes qui gèrent ce bot
menu-caption = Décrire cette image
menu-attention = Montrer l’attention


## Answers

caption = { $caption }
unsure = Je n’en suis pas sûr, mais je crois que c’est : { $caption }
alternatives = Ce pourrait aussi être :
alternative = { $caption }
working = Je regarde ta photo…
attention-working = Je dessine où j’ai regardé…
waiting = { $ahead ->
    [one] { $ahead } photo passe avant la tienne.
    [many] { $ahead } de photos passent avant la tienne.
   *[other] { $ahead } photos passent avant la tienne.
}

button-attention = Où a-t-il regardé ?
button-sheet = En image fixe
button-alternatives = Autres descriptions
button-speech = Lire à voix haute
button-delete = Supprimer

no-alternatives = Je n’ai pas d’autre description pour ça.
album-line = { $number }. { $caption }
timeline-line = { $time } { $caption }
alt-text-ready = Un texte alternatif à copier. C’est un programme qui l’a écrit, alors vérifie-le, s’il te plaît :

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
damaged = Cette image n’est pas arrivée en entier, ou elle est abîmée. Renvoie-la, s’il te plaît.
too_large = Ce fichier est trop gros pour moi. Envoies-en un de { $limit } Mo au maximum, s’il te plaît.
too_many_pixels = Cette image a trop de pixels pour moi. Réduis-la à { $limit } mégapixels au maximum et renvoie-la, s’il te plaît.
too_small = Cette image est trop petite ou trop étroite pour qu’on y voie quelque chose ({ $width } × { $height } pixels). Envoies-en une, s’il te plaît, qui fait au moins { $smallest } pixels de chaque côté et qui n’est pas une bande mince.
too_slow = Ouvrir cette image prenait trop de temps, alors j’ai arrêté. Envoie-la en JPEG ou PNG ordinaire, s’il te plaît.


## Not now

queue-full = Beaucoup de photos attendent en ce moment. Renvoie la tienne, s’il te plaît, dans { $seconds ->
    [one] { $seconds } seconde.
    [many] { $seconds } de secondes.
   *[other] { $seconds } secondes.
}
person-busy = Je travaille encore sur tes photos précédentes. Attends ces réponses, s’il te plaît, puis renvoie celle-ci.
slow-down = Ça fait beaucoup de photos en peu de temps. Envoie la prochaine, s’il te plaît, dans { $seconds ->
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
gave_up = J’ai essayé plusieurs fois et je n’ai pas réussi à décrire cette photo. Une autre devrait marcher ; désolé pour celle-ci.
internal = Quelque chose s’est mal passé de mon côté ; ce n’est pas ta faute. Renvoie la photo dans un instant, s’il te plaît.


## Between the platform and us

photo-expired = Je n’ai plus cette photo : les photos sont supprimées dès qu’elles ont leur réponse. Renvoie-la, s’il te plaît.
too-large-to-download = Ce fichier est trop gros : ici, je peux récupérer { $limit } Mo au maximum. Envoie-le comme photo ou réduis-le, s’il te plaît.
download-failed = Je n’ai pas pu récupérer ce fichier. Renvoie-le, s’il te plaît.
download-slow = J’ai attendu ce fichier et il n’est pas arrivé. Renvoie-le, s’il te plaît.
photo-removed = Cette image a été retirée avant que je puisse la récupérer.
not-a-photo = Je ne peux regarder que des images. Envoie-moi une photo, s’il te plaît.
nothing-to-caption = Il n’y a pas d’image là. Réponds avec /caption à un message qui contient une photo, ou écris /caption sous ta propre photo.
no-picture-in-message = Il n’y a pas d’image dans ce message.
one-at-a-time = Je regarde une image par message ; ceci parle de la première.
cannot-send-files = Je n’ai pas le droit d’envoyer des images ici. Une personne qui gère cette discussion peut l’autoriser.
not-ready = Je suis encore en train de me réveiller. Réessaie, s’il te plaît, dans { $seconds ->
    [one] { $seconds } seconde.
    [many] { $seconds } de secondes.
   *[other] { $seconds } secondes.
}
waking = Je suis encore en train de me réveiller ; la tienne est la première chose que je regarderai ensuite.
speech-unavailable = Je ne peux pas lire à voix haute ici : la personne qui me gère n’a pas prévu ça.
not-admitted = La personne qui gère ce bot décide qui peut l’utiliser, et tu n’es pas sur la liste.


## What people choose

language-name = Français
language-auto = Comme l’application
language-chosen = À partir de maintenant, je te parle en français. Les descriptions restent en anglais dans toutes les langues.
voice-on = À partir de maintenant, je te lis aussi chaque description à voix haute.
voice-off = À partir de maintenant, je ne te lis plus les descriptions à voix haute.
choices-unavailable = Je ne peux ni consulter ni retenir de choix en ce moment. Réessaie plus tard, s’il te plaît.
privacy =
    Ta photo va à l’ordinateur de ce bot et nulle part ailleurs. Elle n’est jamais écrite sur un disque, et elle disparaît dès qu’elle a sa réponse.

    La description est conservée un jour sous un code qui ne dit pas à qui elle est, pour que la même photo reçoive aussitôt sa réponse.

    Ce que tu choisis, comme une langue, est aussi conservé sous un tel code, pendant un an après la dernière fois où on en a eu besoin. { $delete } l’efface.

    Rien de ce qui est à toi ne sert à entraîner quoi que ce soit, et aucun journal ne contient de photos, de descriptions ou de noms.
deleted = Ce qui était conservé à ton sujet est supprimé : tes choix. Les photos, elles, ne sont pas conservées du tout.
owners-only = C’est réservé aux personnes qui gèrent ce bot.
stats = Les sept derniers jours :


## Discord only

no-picture-discord = Je ne vois pas d’image dans ce message. Joins-en une, ou choisis « Applications » puis « { menu-caption } » sur le message qui la contient.
alt-photo = La photo dont parle cette description

name-caption = décrire
name-alt = alternatif
name-help = aide
name-privacy = confidentialité
name-delete = supprimer
name-stats = statistiques
name-language = langue
name-voice = voix
name-auto = auto
name-on = activer
name-off = désactiver
menu-alt = Écrire un texte alternatif

command-caption-more = Une autre image, pour la même réponse
command-caption-private = Ne montrer la réponse qu’à moi
command-language-which = La langue
command-voice-on = Me lire les descriptions à voix haute
command-voice-off = Ne plus me lire les descriptions à voix haute
command-auto-on = Répondre à chaque image dans ce salon
command-auto-off = Ne répondre dans ce salon que sur demande

button-attention-of = Où a-t-il regardé ? ({ $which })

alt-photo-number = Photo { $number } sur { $count } dont parlent ces descriptions

auto-on-discord = À partir de maintenant, je réponds à chaque image dans ce salon. /{ name-auto } { name-off } y met fin.
auto-off-discord = À partir de maintenant, je ne réponds ici que quand on me le demande.
auto-not-allowed-discord = Seules les personnes qui gèrent ce salon peuvent en décider.
auto-needs-intent = Je ne vois pas ce qui s’écrit dans ce salon : Discord ne me montre que les messages qui me mentionnent. La personne qui me gère peut changer ça en activant pour moi le « Message Content Intent » chez Discord et le réglage CAPTIONBOT_DISCORD_MESSAGE_CONTENT.

delete-not-allowed = Seule la personne qui a demandé cette réponse, ou une personne qui gère les messages ici, peut la supprimer.
too-large-to-send = L’image que j’ai faite est trop lourde pour être postée ici : Discord accepte { $limit } Mo au maximum.
missing-permission-discord = Je ne peux pas répondre dans { $channel }, car il m’y manque : { $permissions }. Une personne qui gère le salon peut l’autoriser.
cannot-attach-discord = Je n’ai pas le droit de poster des images ici. Une personne qui gère le salon peut l’autoriser : { $permission }.
permission-view-channel = Voir les salons
permission-send-messages = Envoyer des messages
permission-send-in-threads = Envoyer des messages dans les fils
permission-attach-files = Joindre des fichiers
permission-read-history = Voir les anciens messages


## Telegram only

description = Envoie-moi une photo et je te dis en une phrase ce que j’y vois, et où j’ai regardé pour chaque mot. Je peux aussi la lire à voix haute ou écrire un texte alternatif. Les descriptions sont en anglais. Ta photo va à l’ordinateur de ce bot et nulle part ailleurs.
short-description = Dit ce qu’il y a sur une photo, et où il a regardé. Ta photo n’est pas conservée.

auto-on = À partir de maintenant, je réponds à chaque photo dans ce groupe. /auto off y met fin.
auto-off = À partir de maintenant, je ne réponds ici que quand on me le demande.
auto-how = Un admin peut écrire /auto on, pour que je réponde à chaque photo dans ce groupe, ou /auto off.
auto-in-groups = C’est pour les groupes ; ici, je réponds de toute façon à chaque photo.
auto-not-allowed = Seuls les admins de ce groupe peuvent en décider.
auto-needs-sight = Je le ferais bien, mais je ne vois pas les photos dans ce groupe : Telegram ne me montre que les messages qui me sont destinés. Fais de moi un admin ici, ou demande à la personne qui me gère de désactiver mon mode de confidentialité avec la commande /setprivacy de BotFather, puis ajoute-moi de nouveau.
voice-how = Écris /voice on, et je te lis aussi chaque description à voix haute ; /voice off y met fin.
voice-not-welcome = Je voulais lire ceci à voix haute, mais les messages vocaux ne sont pas autorisés ici. Avec /voice off, je n’essaierai plus.
language-ask = Dans quelle langue veux-tu que je te parle ?
language-unknown = Je ne parle pas cette langue. Voici celles que je parle :
deleted-group = Ce qui était conservé à ton sujet et au sujet de ce groupe est supprimé : tes choix et ceux du groupe. Les photos, elles, ne sont pas conservées du tout.
delete-not-allowed-telegram = Seule la personne qui a demandé cette réponse, ou un admin, peut la supprimer.
delete-too-late = Telegram ne me laisse plus supprimer ce message. Tu peux le supprimer toi-même.
moving-sticker = Je ne peux pas regarder ce genre de sticker, car c’est un dessin qui bouge. Envoie-en une capture d’écran, s’il te plaît.
button-copy = Copier
