### What the bot says on Discord alone.

help-discord =
    Nimm /{ name-caption } mit bis zu fünf Bildern, wähle bei einer Nachricht „Apps“ und dann „{ menu-caption }“, oder erwähne mich in einer Nachricht mit Bildern. GIFs und kurze Videos gehen auch.

    { help-buttons } /{ name-alt } schreibt einen Alternativtext zum Kopieren. /{ name-voice } { name-on } liest dir jede Beschreibung vor, und /{ name-language } ändert die Sprache, in der ich mit dir spreche. Wer einen Kanal verwaltet, kann dort mit /{ name-auto } { name-on } jedes Bild beantworten lassen.

    { captions-in } { photo-goes }; mehr dazu mit /{ name-privacy }. Ich mache Fehler: Verlass dich nicht auf mich, wenn es darauf ankommt.
command-caption-image = Das Bild, das ich beschreiben soll
menu-caption = Bild beschreiben
menu-attention = Wo hast du hingeschaut?
help-owner-discord =
    Für dich als Betreiber: /owner access zeigt, wer mich benutzen darf; /owner allow, /owner block und /owner lift ändern das. Mit /owner pause und /owner resume hältst du mich überall an und lässt mich weitermachen. /{ name-stats } zeigt, wie viel zu tun war.
access-how-discord = Wähle eine Person, oder gib eine ID an: die einer Person oder eines Servers, „here“ für diesen Server oder die einer anderen Plattform, etwa telegram:12345.
command-owner = Wer mich benutzen darf und ob ich pausiere: für die Betreiber des Bots
command-allow = Eine Person oder einen Server zulassen
command-block = Einer Person oder einem Server nicht mehr antworten
command-lift = Zulassen oder Sperren zurücknehmen
command-access = Zeigen, wer mich benutzen darf
command-pause = Auf allen Plattformen keine Fotos mehr beschreiben
command-resume = Wieder Fotos beschreiben
command-owner-person = Die Person
command-owner-id = Eine ID, oder „here“ für diesen Server
no-picture-discord = In dieser Nachricht sehe ich kein Bild. Häng eins an, oder wähle „Apps“ und dann „{ menu-caption }“ bei der Nachricht mit dem Bild. Mehr dazu mit /{ name-help }.
mention-me-discord = Discord zeigt mir die Bilder in einer Nachricht nicht, die nur meine Rolle erwähnt. Erwähne mich mit meinem Namen, oder wähle „Apps“ und dann „{ menu-caption }“ bei der Nachricht.
alt-photo = Das Foto, um das es in dieser Beschreibung geht
owners-only-discord = Nur der Betreiber des Bots kann /{ name-stats } sehen.
name-caption = beschreiben
name-alt = alternativtext
name-help = hilfe
name-privacy = datenschutz
name-delete = löschen
name-stats = statistik
name-language = sprache
name-voice = vorlesen
name-auto = auto
name-on = an
name-off = aus
menu-alt = Alternativtext schreiben
command-caption-more = Noch ein Bild, für dieselbe Antwort
command-caption-private = Die Antwort nur mir zeigen
command-language-which = Die Sprache
command-language-captions = Die Sprache der Beschreibungen
command-voice-on = Mir Beschreibungen vorlesen
command-voice-off = Mir keine Beschreibungen mehr vorlesen
command-auto-on = In diesem Kanal jedes Bild beantworten
command-auto-off = In diesem Kanal nur auf Nachfrage antworten
button-attention-of = Wo hast du hingeschaut? ({ $which })
alt-photo-number = Foto { $number } von { $count }, um die es in diesen Beschreibungen geht
auto-on-discord = Ab jetzt antworte ich auf jedes Bild in diesem Kanal. /{ name-auto } { name-off } beendet das.
auto-off-discord = Ab jetzt antworte ich hier nur, wenn mich jemand fragt.
auto-not-allowed-discord = Das kann nur entscheiden, wer diesen Kanal verwaltet.
auto-needs-intent = Ich sehe nicht, was in diesem Kanal geschrieben wird: Discord zeigt mir nur Nachrichten, die mich erwähnen. Mein Betreiber kann das ändern: mit dem „Message Content Intent“ für mich bei Discord und der Einstellung CAPTIONBOT_DISCORD_MESSAGE_CONTENT.
delete-not-allowed = Diese Antwort kann nur löschen, wer sie angefordert hat oder wer hier Nachrichten verwaltet.
too-large-to-send = Das Bild, das ich gemacht habe, ist zu groß, um es hier zu posten: Discord nimmt höchstens { $limit } MB.
missing-permission-discord = Ich kann in { $channel } nicht antworten, weil mir dort diese Berechtigungen fehlen: { $permissions }. Wer den Kanal verwaltet, kann sie erteilen.
cannot-attach-discord = Ich darf hier keine Bilder posten. Wer den Kanal verwaltet, kann mir diese Berechtigung erteilen: { $permission }.
permission-view-channel = Kanäle ansehen
permission-send-messages = Nachrichten senden
permission-send-messages-in-threads = Nachrichten in Threads senden
permission-attach-files = Dateien anhängen
permission-read-message-history = Nachrichtenverlauf anzeigen
command-ask-question = Deine Frage
command-ask-photo = Das Bild, um das es geht
command-detail-length = Wie lang Beschreibungen sind
name-ask = fragen
name-detail = länge
menu-ask = Nach diesem Foto fragen
help-ask-discord = Wenn du etwas über ein Foto wissen willst, antworte mit deiner Frage auf meine Antwort, benutze /{ name-ask }, oder wähle bei einer Nachricht „Apps“ und dann „{ menu-ask }“.
help-detail-discord = /{ name-detail } ändert, wie lang meine Beschreibungen sind.
