### What the bot says on Telegram alone.

description = Schick mir ein Foto, und ich sage dir in einem Satz, was ich darauf sehe{ $looks ->
    [yes] { " " }und wo ich bei jedem Wort hingeschaut habe
   *[no] { "" }
}. Ich kann es auch vorlesen oder einen Alternativtext schreiben. Wohin dein Foto geht, sagt /privacy.
short-description = Beschreibt dein Foto in einem Satz{ $looks ->
    [yes] { " " }und zeigt, wo er hingeschaut hat
   *[no] { "" }
}. Dieser Bot bewahrt dein Foto nicht auf.
added-to-group = Hallo! Ich beschreibe Fotos in einem Satz. Hier schweige ich, bis mich jemand fragt: Antworte auf ein Foto mit /caption, oder schreib meinen Namen unter dein eigenes Foto. Mehr dazu mit /help; was gespeichert wird, sagt /privacy.
auto-needs-sight = Das würde ich gern, aber ich sehe die Fotos in dieser Gruppe nicht: Telegram zeigt mir nur Nachrichten, die für mich bestimmt sind. Mach mich hier zum Admin, oder bitte meinen Betreiber, meinen Privatsphäre-Modus mit dem Befehl /setprivacy von BotFather auszuschalten und mich dann neu hinzuzufügen.
delete-not-allowed-telegram = Diese Antwort kann nur löschen, wer sie angefordert hat, oder ein Admin.
delete-too-late = Telegram lässt mich diese Nachricht nicht mehr löschen. Du kannst sie selbst löschen.
hidden-from-bots = Was in Storys und bezahlten Beiträgen ist, zeigt mir Telegram nicht. Bitte schick mir das Bild selbst.
cannot-cover = Telegram kann dieses Bild nicht verdecken, und das Foto ist ein Spoiler. Deshalb schicke ich es nicht.
button-album = Das ganze Album
privacy-questions-telegram = Wenn du nach einem Foto fragst, geht deine Frage denselben Weg wie das Foto, und meine Antwort wird wie eine Beschreibung gespeichert. Damit du auf eine Antwort hin fragen kannst, bleibt Telegrams Kennung des Fotos einen Tag lang verschlüsselt gespeichert. { $delete } entfernt sie.
