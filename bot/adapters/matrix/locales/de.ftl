### What the bot says on Matrix alone.

help-matrix =
    Schick mir ein Foto, und ich antworte mit einem Satz dazu. In einem Raum mit anderen schweige ich, bis mich jemand fragt: Antworte auf ein Foto mit !caption, oder erwähne mich unter deinem eigenen Foto oder in einer Antwort auf eines. Mit !auto on lässt mich ein Moderator auf jedes Foto antworten.

    { $looks ->
        [yes] Antworte auf ein Foto mit !attention, oder reagiere auf meine Antwort mit 🔍, und ich zeige, wo ich bei jedem Wort hingeschaut habe. { "" }
       *[no] { "" }
    }{ $others ->
        [yes] !others nennt andere Beschreibungen, { "" }
       *[no] { "" }
    }!alt schreibt einen Alternativtext zum Kopieren, !voice on liest dir jede Beschreibung vor, !language ändert die Sprache, in der ich mit dir spreche, und !privacy sagt, was gespeichert wird. Entfernst du dein Foto, entferne ich meine Antwort.

    Verschlüsselte Räume kann ich nicht lesen. { captions-in } { photo-goes }. Ich mache Fehler: Verlass dich nicht auf mich, wenn es darauf ankommt.
encrypted-matrix = Verschlüsselte Nachrichten kann ich nicht lesen, deshalb sehe ich nicht, was ihr hier schickt. Bitte lad mich in einen Raum ohne Verschlüsselung ein.
auto-on-matrix = Ab jetzt antworte ich auf jedes Foto in diesem Raum. !auto off beendet das.
auto-how-matrix = Ein Moderator kann !auto on schreiben, damit ich auf jedes Foto in diesem Raum antworte, oder !auto off.
auto-not-allowed-matrix = Das können nur die Moderatoren dieses Raums entscheiden.
