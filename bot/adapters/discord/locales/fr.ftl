### What the bot says on Discord alone.

help-discord =
    Utilise /{ name-caption } avec jusqu’à cinq images, choisis « Applications » puis « { menu-caption } » sur un message, ou mentionne-moi dans un message avec des images. Les GIF et les courtes vidéos marchent aussi.

    { help-buttons } /{ name-alt } écrit un texte alternatif à copier. /{ name-voice } { name-on } te lit chaque description à voix haute, et /{ name-language } change la langue dans laquelle je te parle. Si tu gères un salon, tu peux m’y faire répondre à chaque image avec /{ name-auto } { name-on }.

    { captions-in } { photo-goes } ; /{ name-privacy } en dit plus. Je fais des erreurs : ne te fie pas à moi quand c’est important.
command-caption-image = L’image à décrire
menu-caption = Décrire cette image
menu-attention = Montrer où tu as regardé
help-owner-discord =
    Pour toi qui gères ce bot : /owner access montre qui peut m’utiliser ; /owner allow, /owner block et /owner lift changent cela. /owner pause et /owner resume arrêtent et relancent les descriptions partout. /{ name-stats } montre mon activité de la semaine.
access-how-discord = Choisis une personne ou donne un identifiant : celui d’une personne ou d’un serveur, « here » pour ce serveur, ou celui d’une autre plateforme, comme telegram:12345.
command-owner = Qui peut m’utiliser, et ma pause : pour qui gère ce bot
command-allow = Autoriser une personne ou un serveur
command-block = Ne plus répondre à une personne ou à un serveur
command-lift = Revenir sur une autorisation ou un blocage
command-access = Montrer qui peut m’utiliser
command-pause = Ne plus décrire de photos, sur toutes les plateformes
command-resume = Décrire de nouveau les photos
command-owner-person = La personne
command-owner-id = Un identifiant, ou « here » pour ce serveur
no-picture-discord = Je ne vois pas d’image dans ce message. Joins-en une, ou choisis « Applications » puis « { menu-caption } » sur le message qui la contient. Pour en savoir plus : /{ name-help }.
mention-me-discord = Discord ne me montre pas les images d’un message qui mentionne seulement mon rôle. Mentionne-moi par mon nom, ou choisis « Applications » puis « { menu-caption } » sur le message.
alt-photo = La photo dont parle cette description
owners-only-discord = Seule la personne qui gère ce bot peut voir /{ name-stats }.
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
command-language-captions = La langue des descriptions
command-voice-on = Me lire les descriptions à voix haute
command-voice-off = Ne plus me lire les descriptions à voix haute
command-auto-on = Répondre à chaque image dans ce salon
command-auto-off = Répondre dans ce salon seulement sur demande
button-attention-of = Où as-tu regardé ? ({ $which })
alt-photo-number = Photo { $number } sur { $count } dont parlent ces descriptions
auto-on-discord = À partir de maintenant, je réponds à chaque image dans ce salon. /{ name-auto } { name-off } y met fin.
auto-off-discord = À partir de maintenant, je ne réponds ici que quand on me le demande.
auto-not-allowed-discord = Seules les personnes qui gèrent ce salon peuvent en décider.
auto-needs-intent = Je ne vois pas ce qui s’écrit dans ce salon : Discord ne me montre que les messages qui me mentionnent. La personne qui me gère peut changer ça en activant pour moi le « Message Content Intent » chez Discord et le réglage CAPTIONBOT_DISCORD_MESSAGE_CONTENT.
delete-not-allowed = Seule la personne qui a demandé cette réponse, ou une personne qui gère les messages ici, peut la supprimer.
too-large-to-send = L’image que j’ai faite est trop lourde pour être postée ici : Discord accepte { $limit } Mo au maximum.
missing-permission-discord = Je ne peux pas répondre dans { $channel }, car il m’y manque ces permissions : { $permissions }. Une personne qui gère le salon peut me les donner.
cannot-attach-discord = Je n’ai pas le droit de poster des images ici. Une personne qui gère le salon peut me donner cette permission : { $permission }.
permission-view-channel = Voir les salons
permission-send-messages = Envoyer des messages
permission-send-messages-in-threads = Envoyer des messages dans les fils
permission-attach-files = Joindre des fichiers
permission-read-message-history = Voir les anciens messages
command-ask-question = Ta question
command-ask-photo = L’image sur laquelle porte la question
command-detail-length = La longueur des descriptions
name-ask = demander
name-detail = longueur
menu-ask = Poser une question
help-ask-discord = Pour poser une question sur une photo, réponds à ma réponse avec ta question, utilise /{ name-ask }, ou choisis « Applications » puis « { menu-ask } » sur un message.
help-detail-discord = /{ name-detail } change la longueur de mes descriptions.
