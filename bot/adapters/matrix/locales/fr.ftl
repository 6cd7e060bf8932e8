### What the bot says on Matrix alone.

help-matrix =
    Envoie-moi une photo, et je réponds par une phrase. Dans un salon avec d’autres personnes, je me tais tant que personne ne me demande rien : réponds à une photo avec !caption, ou mentionne-moi sous ta propre photo ou dans une réponse à une autre. Avec !auto on, un modérateur me laisse répondre à chaque photo.

    { $looks ->
        [yes] Réponds à une photo avec !attention, ou réagis à ma réponse avec 🔍, et je montre où j’ai regardé pour chaque mot. 
       *[no] { "" }
    }{ $others ->
        [yes] !others donne d’autres descriptions, 
       *[no] { "" }
    }!alt écrit un texte alternatif à copier, !voice on te lit chaque description à voix haute, !language change la langue dans laquelle je te parle, et !privacy dit ce qui est conservé. Si tu supprimes ta photo, je supprime ma réponse.

    Je ne peux pas lire les salons chiffrés. { captions-in } { photo-goes }. Je fais des erreurs : ne te fie pas à moi quand c’est important.
encrypted-matrix = Je ne peux pas lire les messages chiffrés : je ne vois donc pas ce qui est envoyé ici. Invite-moi dans un salon sans chiffrement, s’il te plaît.
auto-on-matrix = À partir de maintenant, je réponds à chaque photo dans ce salon. !auto off y met fin.
auto-how-matrix = Un modérateur peut écrire !auto on, pour que je réponde à chaque photo dans ce salon, ou !auto off.
auto-not-allowed-matrix = Seuls les modérateurs de ce salon peuvent en décider.
