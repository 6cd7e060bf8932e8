### What the bot says on Telegram alone.

description = Envoie-moi une photo et je te dis en une phrase ce que j’y vois{ $looks ->
    [yes] , et où j’ai regardé pour chaque mot
   *[no] { "" }
}. Je peux aussi la lire à voix haute ou écrire un texte alternatif. /privacy dit où va ta photo.
short-description = Décrit ta photo en une phrase{ $looks ->
    [yes] { " " }et montre où il a regardé
   *[no] { "" }
}. Ce bot ne conserve pas ta photo.
added-to-group = Bonjour ! Je décris les photos en une phrase. Ici, je me tais tant que personne ne me demande rien : réponds à une photo avec /caption, ou écris mon nom sous ta propre photo. Pour en savoir plus : /help ; et /privacy dit ce qui est conservé.
auto-needs-sight = J’aimerais bien, mais je ne vois pas les photos de ce groupe : Telegram ne me montre que les messages qui me sont destinés. Nomme-moi admin ici, ou demande à la personne qui me gère de désactiver mon mode de confidentialité avec la commande /setprivacy de BotFather, puis de m’ajouter de nouveau.
delete-not-allowed-telegram = Seule la personne qui a demandé cette réponse, ou un admin, peut la supprimer.
delete-too-late = Telegram ne me laisse plus supprimer ce message. Tu peux le supprimer toi-même.
hidden-from-bots = Telegram ne me montre pas ce que contiennent les stories et les publications payantes. Envoie-moi l’image elle-même, s’il te plaît.
cannot-cover = Telegram ne peut pas masquer cette image et la photo est un spoiler, alors je ne l’envoie pas.
button-album = Tout l’album
privacy-questions-telegram = Si tu poses une question sur une photo, elle suit le même chemin que la photo, et ma réponse est conservée comme une description. Pour que tu puisses en poser en répondant à une réponse, l’identifiant que Telegram donne à la photo est conservé chiffré un jour. { $delete } l’efface.
