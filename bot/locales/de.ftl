### What the bot says, in German.


## Getting to know each other

start = Hallo! Schick mir ein Foto, und ich sage dir in einem Satz, was ich darauf sehe. Danach kannst du mich fragen, wohin ich bei jedem Wort geschaut habe. Ich bin ein kleines Programm und irre mich manchmal. Mehr dazu mit /help.
help =
    Schick mir ein Foto, ein Album, ein Bild als Datei, einen Sticker, ein GIF oder ein kurzes Video, und ich antworte mit einem Satz dazu. Die Knöpfe unter meiner Antwort zeigen, wohin ich bei jedem Wort geschaut habe, bringen andere Beschreibungen, lesen sie vor oder löschen sie.

    In einer Gruppe schweige ich, bis jemand fragt: Antworte auf ein Foto mit /caption, oder schreib /caption oder meinen Namen unter dein eigenes Foto. Mit /auto on lässt mich ein Admin auf jedes Foto antworten.

    /alt schreibt einen Alternativtext zum Kopieren, /voice on liest dir jede Beschreibung vor, /language ändert die Sprache, in der ich mit dir spreche, /privacy sagt, was gespeichert wird.

    Die Beschreibungen selbst schreibe ich auf Englisch. Dein Foto geht an den Computer dieses Bots und nirgendwohin sonst, und es wird gelöscht, sobald es beantwortet ist. Ich mache Fehler: Verlass dich nicht auf mich, wo es darauf ankommt.
help-discord =
    Nimm /{ name-caption } mit bis zu fünf Bildern, wähle bei einer Nachricht „Apps“ und dann „{ menu-caption }“, oder erwähne mich in einer Nachricht mit Bildern. GIFs und kurze Videos gehen auch.

    Die Knöpfe unter meiner Antwort zeigen, wohin ich bei jedem Wort geschaut habe, nennen dir andere Beschreibungen, lesen sie vor oder löschen die Antwort. /{ name-alt } schreibt einen Alternativtext zum Kopieren. /{ name-voice } { name-on } liest dir jede Beschreibung vor, und /{ name-language } ändert die Sprache, in der ich mit dir spreche. Wer einen Kanal verwaltet, kann dort mit /{ name-auto } { name-on } jedes Bild beantworten lassen.

    Die Beschreibungen selbst schreibe ich auf Englisch. Dein Foto geht an den Computer dieses Bots und nirgendwohin sonst, und es wird gelöscht, sobald es beantwortet ist; mehr dazu mit /{ name-privacy }. Ich mache Fehler: Verlass dich nicht auf mich, wo es darauf ankommt.

command-start = Was dieser Bot macht
command-help = Wie du fragst und was mit deinem Foto geschieht
command-caption = Sagen, was auf einem Foto ist
command-caption-image = Das Bild, das ich mir ansehen soll
command-alt = Einen Alternativtext für ein Bild schreiben, zum Kopieren
command-voice = Ob dir Beschreibungen vorgelesen werden
command-language = Die Sprache, in der ich mit dir spreche
command-privacy = Was gespeichert wird und wie lange
command-delete = Löschen, was über dich gespeichert ist
command-auto = Ob hier jedes Bild beantwortet wird
command-stats = Wie viel zu tun war, für die Betreiber dieses Bots
menu-caption = Bild beschreiben
menu-attention = Aufmerksamkeit zeigen


## Answers

caption = { $caption }
unsure = Ich bin nicht sicher, aber ich glaube: { $caption }
alternatives = Es könnte auch sein:
alternative = { $caption }
working = Ich sehe mir dein Foto an …
attention-working = Ich zeichne, wohin ich geschaut habe …
waiting = { $ahead ->
    [one] Ein Foto ist vor deinem dran.
   *[other] { $ahead } Fotos sind vor deinem dran.
}

button-attention = Wohin geschaut?
button-sheet = Als stehendes Bild
button-alternatives = Andere Beschreibungen
button-speech = Vorlesen
button-delete = Löschen

no-alternatives = Eine andere Beschreibung dafür habe ich nicht.
album-line = { $number }. { $caption }
timeline-line = { $time } { $caption }
alt-text-ready = Ein Alternativtext zum Kopieren. Ein Programm hat ihn geschrieben, prüfe ihn also bitte:

attention = Wohin ich geschaut habe, bei jedem Wort von: { $caption }
alt-attention-gif = Animation des Fotos. Sie zeigt Wort für Wort, wohin das Modell geschaut hat, während es schrieb: { $caption }
alt-attention-sheet = Das Foto einmal für jedes Wort, hell an der Stelle, auf die das Modell geschaut hat, während es schrieb: { $caption }


## A file that is not captioned

empty = Diese Datei ist leer. Bitte schick das Foto noch einmal.
not_an_image = Das ist kein Bild. Bitte schick mir ein Foto, zum Beispiel als JPEG oder PNG.
unsupported = { $kind ->
    [svg] SVG-Zeichnungen kann ich mir nicht ansehen. Bitte schick sie als PNG oder JPEG.
    [pdf] PDF-Dateien kann ich nicht lesen. Bitte schick die Seite als PNG oder JPEG, zum Beispiel als Screenshot.
    [video] Dieses Video kann ich mir nicht ansehen. Bitte schick ein Standbild daraus.
    [audio] Ton kann ich mir nicht anhören. Bitte schick ein Foto.
    [raw] Rohdateien einer Kamera kann ich nicht entwickeln, und ein Vorschaubild war nicht darin. Bitte schick es als JPEG.
   *[other] Diese Art von Bild kenne ich nicht. Bitte schick es als JPEG oder PNG.
}
damaged = Dieses Bild ist nicht vollständig angekommen, oder es ist beschädigt. Bitte schick es noch einmal.
too_large = Diese Datei ist zu groß für mich. Bitte schick eine mit höchstens { $limit } MB.
too_many_pixels = Dieses Bild hat zu viele Pixel für mich. Bitte mach es kleiner, höchstens { $limit } Megapixel, und schick es noch einmal.
too_small = Dieses Bild ist zu klein oder zu schmal, um etwas darauf zu erkennen ({ $width } × { $height } Pixel). Bitte schick eins, das auf jeder Seite mindestens { $smallest } Pixel hat und kein schmaler Streifen ist.
too_slow = Dieses Bild zu öffnen hat zu lange gedauert, darum habe ich aufgehört. Bitte schick es als gewöhnliches JPEG oder PNG.


## Not now

queue-full = Gerade warten sehr viele Fotos. Bitte schick deins noch einmal in { $seconds ->
    [one] einer Sekunde.
   *[other] { $seconds } Sekunden.
}
person-busy = Ich arbeite noch an deinen früheren Fotos. Bitte warte auf diese Antworten und schick das hier dann noch einmal.
slow-down = Das waren viele Fotos in kurzer Zeit. Bitte schick das nächste in { $seconds ->
    [one] einer Sekunde.
   *[other] { $seconds } Sekunden.
}
too-many-photos = Das sind mehr Fotos, als ich mir auf einmal ansehen kann. Bitte schick höchstens { $limit } auf einmal.
queue-unavailable = Ich kann gerade keine Fotos annehmen; es liegt nicht an dir. Bitte versuch es noch einmal in { $seconds ->
    [one] einer Sekunde.
   *[other] { $seconds } Sekunden.
}


## It was accepted and then went wrong

bad_photo = Ich konnte dieses Bild doch nicht öffnen. Bitte schick es als gewöhnliches JPEG oder PNG.
gave_up = Ich habe es mehrmals versucht und konnte dieses Foto nicht beschreiben. Ein anderes sollte klappen; um dieses tut es mir leid.
internal = Bei mir ist etwas schiefgegangen; es liegt nicht an dir. Bitte schick das Foto gleich noch einmal.


## Between the platform and us

photo-expired = Dieses Foto habe ich nicht mehr: Fotos werden gelöscht, sobald sie beantwortet sind. Bitte schick es noch einmal.
too-large-to-download = Diese Datei ist zu groß: Ich kann hier höchstens { $limit } MB abholen. Bitte schick sie als Foto, oder mach sie kleiner.
download-failed = Ich konnte diese Datei nicht abholen. Bitte schick sie noch einmal.
download-slow = Ich habe auf diese Datei gewartet, und sie kam nicht. Bitte schick sie noch einmal.
photo-removed = Dieses Bild wurde entfernt, bevor ich es abholen konnte.
not-a-photo = Ich kann mir nur Bilder ansehen. Bitte schick mir ein Foto.
nothing-to-caption = Da ist kein Bild. Antworte mit /caption auf eine Nachricht, die ein Foto hat, oder schreib /caption unter dein eigenes Foto.
no-picture-in-message = In dieser Nachricht ist kein Bild.
one-at-a-time = Ich sehe mir pro Nachricht ein Bild an; hier geht es um das erste.
cannot-send-files = Ich darf hier keine Bilder schicken. Wer diesen Chat verwaltet, kann es erlauben.
not-ready = Ich wache gerade erst auf. Bitte versuch es noch einmal in { $seconds ->
    [one] einer Sekunde.
   *[other] { $seconds } Sekunden.
}
waking = Ich wache gerade erst auf; deins sehe ich mir als Erstes an, sobald ich wach bin.
speech-unavailable = Ich kann hier nicht vorlesen: Wer mich betreibt, hat das nicht eingerichtet.
not-admitted = Wer diesen Bot betreibt, entscheidet, wer ihn benutzen darf, und du gehörst nicht dazu.


## What people choose

language-name = Deutsch
language-auto = Wie in der App eingestellt
language-chosen = Ab jetzt spreche ich Deutsch mit dir. Die Beschreibungen bleiben in jeder Sprache englisch.
voice-on = Ab jetzt lese ich dir jede Beschreibung auch vor.
voice-off = Ab jetzt lese ich dir keine Beschreibungen mehr vor.
choices-unavailable = Ich kann gerade keine Einstellungen nachsehen oder mir merken. Bitte versuch es später noch einmal.
privacy =
    Dein Foto geht an den Computer dieses Bots und nirgendwohin sonst. Es wird nie auf eine Festplatte geschrieben und ist weg, sobald es beantwortet ist.

    Die Beschreibung bleibt einen Tag lang unter einem Code gespeichert, der nicht verrät, wem sie gehört, damit dasselbe Foto sofort beantwortet wird.

    Was du einstellst, etwa eine Sprache, wird ebenfalls unter so einem Code gespeichert, und zwar bis ein Jahr, nachdem es zuletzt gebraucht wurde. { $delete } entfernt es.

    Nichts von dir wird zum Trainieren benutzt, und in keinem Protokoll stehen Fotos, Beschreibungen oder Namen.
deleted = Was über dich gespeichert war, ist gelöscht: deine Einstellungen. Fotos werden gar nicht erst aufbewahrt.
owners-only = Das ist für die Leute, die diesen Bot betreiben.
stats = Die letzten sieben Tage:


## Discord only

no-picture-discord = Ich sehe in dieser Nachricht kein Bild. Häng eins an, oder wähle „Apps“ und dann „{ menu-caption }“ bei der Nachricht, die es hat.
alt-photo = Das Foto, um das es in dieser Beschreibung geht

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
command-voice-on = Mir Beschreibungen vorlesen
command-voice-off = Mir keine Beschreibungen mehr vorlesen
command-auto-on = In diesem Kanal jedes Bild beantworten
command-auto-off = In diesem Kanal nur auf Nachfrage antworten

button-attention-of = Wohin geschaut? ({ $which })

alt-photo-number = Foto { $number } von { $count }, um die es in diesen Beschreibungen geht

auto-on-discord = Ab jetzt antworte ich auf jedes Bild in diesem Kanal. /{ name-auto } { name-off } beendet das.
auto-off-discord = Ab jetzt antworte ich hier nur, wenn mich jemand fragt.
auto-not-allowed-discord = Das kann nur entscheiden, wer diesen Kanal verwaltet.
auto-needs-intent = Ich sehe nicht, was in diesem Kanal geschrieben wird: Discord zeigt mir nur Nachrichten, die mich erwähnen. Wer mich betreibt, kann das ändern und dafür bei Discord den „Message Content Intent“ für mich einschalten und dazu die Einstellung CAPTIONBOT_DISCORD_MESSAGE_CONTENT.

delete-not-allowed = Diese Antwort kann nur löschen, wer nach ihr gefragt hat oder wer hier Nachrichten verwaltet.
too-large-to-send = Das Bild, das ich gemacht habe, ist zu groß für hier: Discord nimmt höchstens { $limit } MB.
missing-permission-discord = Ich kann in { $channel } nicht antworten, denn dort fehlt mir: { $permissions }. Wer den Kanal verwaltet, kann es erlauben.
cannot-attach-discord = Ich darf hier keine Bilder posten. Wer den Kanal verwaltet, kann es erlauben: { $permission }.
permission-view-channel = Kanäle ansehen
permission-send-messages = Nachrichten senden
permission-send-in-threads = Nachrichten in Threads senden
permission-attach-files = Dateien anhängen
permission-read-history = Nachrichtenverlauf anzeigen


## Telegram only

description = Schick mir ein Foto, und ich sage dir in einem Satz, was ich darauf sehe und wohin ich bei jedem Wort geschaut habe. Ich kann es auch vorlesen oder einen Alternativtext schreiben. Die Beschreibungen sind englisch. Dein Foto geht an den Computer dieses Bots und nirgendwohin sonst.
short-description = Sagt, was auf einem Foto ist und wohin geschaut wurde. Dein Foto wird nicht aufbewahrt.

auto-on = Ab jetzt antworte ich auf jedes Foto in dieser Gruppe. /auto off beendet das.
auto-off = Ab jetzt antworte ich hier nur, wenn mich jemand fragt.
auto-how = Ein Admin kann /auto on schreiben, damit ich auf jedes Foto in dieser Gruppe antworte, oder /auto off.
auto-in-groups = Das ist für Gruppen; hier antworte ich ohnehin auf jedes Foto.
auto-not-allowed = Das können nur die Admins dieser Gruppe entscheiden.
auto-needs-sight = Das würde ich gern, aber ich sehe die Fotos in dieser Gruppe nicht: Telegram zeigt mir nur Nachrichten, die für mich bestimmt sind. Mach mich hier zum Admin, oder bitte die Person, die mich betreibt, meinen Privatsphäre-Modus mit dem Befehl /setprivacy von BotFather auszuschalten, und füge mich dann neu hinzu.
voice-how = Schreib /voice on, und ich lese dir jede Beschreibung auch vor; /voice off beendet das.
voice-not-welcome = Ich wollte das vorlesen, aber Sprachnachrichten sind hier nicht erlaubt. Mit /voice off versuche ich es nicht mehr.
language-ask = Welche Sprache soll ich mit dir sprechen?
language-unknown = Diese Sprache spreche ich nicht. Diese hier schon:
deleted-group = Was über dich und diese Gruppe gespeichert war, ist gelöscht: deine Einstellungen und die der Gruppe. Fotos werden gar nicht erst aufbewahrt.
delete-not-allowed-telegram = Diese Antwort kann nur löschen, wer nach ihr gefragt hat, oder ein Admin.
delete-too-late = Telegram lässt mich diese Nachricht nicht mehr löschen. Du kannst sie selbst löschen.
moving-sticker = Diese Art von Sticker kann ich mir nicht ansehen, denn sie ist eine bewegte Zeichnung. Bitte schick einen Screenshot davon.
button-copy = Kopieren
