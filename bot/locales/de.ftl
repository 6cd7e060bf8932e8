### What the bot says, in German.


## Getting to know each other

start = Hallo! Schick mir ein Foto, und ich sage dir in einem Satz, was ich darauf sehe. { $looks ->
    [yes] Danach kannst du mich fragen, wo ich bei jedem Wort hingeschaut habe. { "" }
   *[no] { "" }
}Ich bin ein kleines Programm und irre mich manchmal. Mehr dazu mit /help.
# Where a photo goes, and what becomes of it: the beginning of a sentence, used in other texts.
# $hosts (String) - “none”, or the servers of others that photos are sent to.
photo-goes = { $hosts ->
    [none] Dein Foto geht an den Computer dieses Bots und nirgendwohin sonst, und es wird gelöscht, sobald du die Antwort hast
    [unknown] Dein Foto geht an den Computer dieses Bots, der es löscht, sobald du die Antwort hast; ob es von dort noch woandershin geht, weiß ich erst, wenn mein Modell gestartet ist
   *[other] Dein Foto geht an den Computer dieses Bots, der es löscht, sobald du die Antwort hast, und von dort an { $hosts }; was dort gespeichert wird, weiß ich nicht
}
help-buttons = Mit den Knöpfen unter meiner Antwort kannst du { $looks ->
    [yes] sehen, wo ich bei jedem Wort hingeschaut habe, { "" }
   *[no] { "" }
}{ $others ->
    [yes] andere Beschreibungen bekommen, { "" }
   *[no] { "" }
}dir die Antwort vorlesen lassen oder sie löschen.
captions-in = { $language ->
    [english] Die Beschreibungen schreibe ich in deiner Sprache, wenn ich sie gelernt habe, sonst auf Englisch.
    [others] Die Beschreibungen schreibe ich in deiner Sprache, wenn ich sie gelernt habe.
   *[fixed] { captions-fixed }
}
help =
    Schick mir ein Foto, ein Album, ein Bild als Datei, einen Sticker, ein GIF oder ein kurzes Video, und ich antworte mit einem Satz dazu. { help-buttons }

    In einer Gruppe schweige ich, bis mich jemand fragt: Antworte auf ein Foto mit /caption, oder schreib /caption oder meinen Namen unter dein eigenes Foto. Mit /auto on lässt mich ein Admin auf jedes Foto antworten.

    /alt schreibt einen Alternativtext zum Kopieren, /voice on liest dir jede Beschreibung vor, /language ändert die Sprache, in der ich mit dir spreche, /privacy sagt, was gespeichert wird.

    { captions-in } { photo-goes }. Ich mache Fehler: Verlass dich nicht auf mich, wenn es darauf ankommt.

command-start = Was dieser Bot macht
command-help = Wie du mich benutzt und was mit deinem Foto passiert
command-caption = Ein Foto beschreiben
command-alt = Einen Alternativtext für ein Bild schreiben, zum Kopieren
command-voice = Einstellen, ob ich dir Beschreibungen vorlese
command-language = Einstellen, in welcher Sprache ich mit dir spreche
command-privacy = Was gespeichert wird und wie lange
command-delete = Deine Einstellungen löschen
command-auto = Einstellen, ob ich hier auf jedes Bild antworte
command-stats = Wie viel zu tun war, für den Betreiber des Bots


## Answers

caption = { $caption }
unsure = Ich bin mir nicht sicher, aber ich glaube: { $caption }
unsure-of = Bei { $numbers } bin ich mir nicht sicher.
alternatives = Es könnte auch sein:
alternative = { $caption }
waiting = { $ahead ->
    [one] Ein Foto ist vor deinem dran.
   *[other] { $ahead } Fotos sind vor deinem dran.
}

button-attention = Wo hast du hingeschaut?
button-sheet = Als Standbild
button-alternatives = Andere Beschreibungen
button-speech = Vorlesen
button-delete = Löschen

no-alternatives = Eine andere Beschreibung habe ich dafür nicht.
album-line = { $number }. { $caption }
timeline-line = { $time } { $caption }
alt-text-ready = Ein Alternativtext zum Kopieren. Ein Programm hat ihn geschrieben, bitte prüfe ihn:
alt-text-program = (Von einem Programm beschrieben.)
alt-text-sure = (Von einem Programm beschrieben; ziemlich sicher.)
alt-text-guess = (Von einem Programm beschrieben; nur eine Vermutung.)
alt-text-unsure-words = (Von einem Programm beschrieben; nicht sicher bei: { $words }.)

attention = Wo ich bei jedem Wort hingeschaut habe: { $caption }
alt-attention-gif = Animation des Fotos. Sie zeigt Wort für Wort, wo das Modell hingeschaut hat, während es schrieb: { $caption }
alt-attention-sheet = Das Foto einmal für jedes Wort, hell an der Stelle, auf die das Modell geschaut hat, während es schrieb: { $caption }


## A file that is not captioned

empty = Diese Datei ist leer. Bitte schick das Foto noch einmal.
not_an_image = Das ist kein Bild. Bitte schick ein Foto, zum Beispiel als JPEG oder PNG.
unsupported = { $kind ->
    [svg] SVG-Zeichnungen kann ich mir nicht ansehen. Bitte schick sie als PNG oder JPEG.
    [pdf] PDF-Dateien kann ich nicht lesen. Bitte schick die Seite als PNG oder JPEG, zum Beispiel als Screenshot.
    [video] Dieses Video kann ich mir nicht ansehen. Bitte schick ein Standbild daraus.
    [audio] Ton kann ich mir nicht anhören. Bitte schick ein Foto.
    [raw] Rohdateien einer Kamera kann ich nicht entwickeln, und ein Vorschaubild war nicht darin. Bitte schick es als JPEG.
   *[other] Diese Art von Bild kenne ich nicht. Bitte schick es als JPEG oder PNG.
}
damaged = Dieses Bild ist nicht vollständig angekommen, oder es ist beschädigt. Bitte schick es noch einmal.
too_large = Diese Datei ist zu groß. Bitte schick eine mit höchstens { $limit } MB.
too_many_pixels = Dieses Bild hat zu viele Pixel. Bitte verkleinere es auf höchstens { $limit } Megapixel und schick es noch einmal.
too_small = Dieses Bild ist zu klein oder zu schmal, um etwas darauf zu erkennen ({ $width } × { $height } Pixel). Bitte schick eins, das auf jeder Seite mindestens { $smallest } Pixel hat und kein schmaler Streifen ist.
too_slow = Es hat zu lange gedauert, dieses Bild zu öffnen, darum habe ich abgebrochen. Bitte schick es als gewöhnliches JPEG oder PNG.
question-empty = Da steht keine Frage. Bitte schreib, was du über das Foto wissen möchtest.
question-too-long = Diese Frage ist zu lang. Bitte stell sie in höchstens { $limit } Zeichen.


## Not now

queue-full = Gerade warten sehr viele Fotos. Bitte schick deins noch einmal in { $seconds ->
    [one] einer Sekunde.
   *[other] { $seconds } Sekunden.
}
person-busy = Ich bin noch mit dem beschäftigt, was du vorher geschickt hast. Bitte warte diese Antworten ab und versuch es dann noch einmal.
slow-down = Das war viel in kurzer Zeit. Weiter geht es in { $seconds ->
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
gave_up = Ich habe es mehrmals versucht und konnte dieses Foto nicht beschreiben. Tut mir leid! Mit einem anderen sollte es klappen.
internal = Bei mir ist etwas schiefgegangen; es liegt nicht an dir. Bitte versuch es gleich noch einmal.


## Between the platform and us

photo-expired = Dieses Foto habe ich nicht mehr: Fotos werden gelöscht, sobald ich geantwortet habe. Bitte schick es noch einmal.
too-large-to-download = Diese Datei ist zu groß: Ich kann hier höchstens { $limit } MB herunterladen. { $kind ->
    [video] Bitte schick ein kürzeres oder kleineres Video.
   *[other] Bitte schick sie als Foto, oder verkleinere sie.
}
download-failed = Ich konnte diese Datei nicht herunterladen. Bitte schick sie noch einmal.
download-slow = Diese Datei kam nicht rechtzeitig an. Bitte schick sie noch einmal.
photo-removed = Dieses Bild wurde entfernt, bevor ich es herunterladen konnte.
not-a-photo = Ich kann mir nur Bilder ansehen. Bitte schick mir ein Foto. Mehr dazu mit /help.
nothing-to-caption = Da sehe ich kein Bild. Antworte mit { $command } auf eine Nachricht mit einem Foto, oder schreib { $command } unter dein eigenes Foto.
no-picture-in-message = In dieser Nachricht ist kein Bild.
cannot-send-files = Ich darf hier keine Bilder schicken. Ein Admin dieses Chats kann es erlauben.
not-ready = Ich wache gerade erst auf. Bitte versuch es noch einmal in { $seconds ->
    [one] einer Sekunde.
   *[other] { $seconds } Sekunden.
}
waking = Ich wache gerade erst auf; dein Foto sehe ich mir als Erstes an.
photo-waits = Ich kann mir gerade keine Fotos ansehen. Deins steht in der Warteschlange, und ich antworte, sobald ich kann.
speech-unavailable = Ich kann hier nicht vorlesen: Mein Betreiber hat das nicht eingerichtet.
spoiler-not-spoken = Das ist ein Spoiler, deshalb lese ich es nicht vor, wo andere es hören würden.
not-admitted = Dieser Bot ist privat. Bitte den Betreiber um Zugang.
blocked = Der Betreiber dieses Bots hat dich oder diesen Chat gesperrt, darum antworte ich hier nicht.
paused = Mein Betreiber hat mich angehalten, darum beschreibe ich gerade keine Fotos. Bitte versuch es später noch einmal.


## What people choose

language-name = Deutsch
language-auto = Wie in der App
language-chosen = Ab jetzt spreche ich Deutsch mit dir.
language-now = Ich spreche: { $bot }. Beschreibungen: { $captions }.
captions-ask = In welcher Sprache sollen die Beschreibungen sein?
captions-auto = Dieselbe Sprache wie ich
captions-unknown = In dieser Sprache schreibe ich keine Beschreibungen, aber in diesen: { $languages }.
captions-not-in = Auf { $wanted } kann ich noch keine Beschreibungen schreiben, du bekommst sie auf { $used }. Gelernt habe ich: { $languages }.
captions-fixed = Mein Betreiber hat festgelegt, dass alle Beschreibungen auf { $language } sind.
voice-on = Ab jetzt lese ich dir jede Beschreibung auch vor.
voice-off = Ab jetzt lese ich dir keine Beschreibungen mehr vor.
choices-unavailable = Ich kann gerade keine Einstellungen lesen oder speichern. Bitte versuch es später noch einmal.
privacy =
    { photo-goes }. Dieser Bot schreibt es nie auf eine Festplatte.

    Die Beschreibung bleibt einen Tag lang unter einem Code gespeichert, der nicht verrät, wem sie gehört, damit dasselbe Foto sofort beantwortet werden kann.

    Deine Einstellungen, etwa die Sprache, werden ebenfalls unter so einem Code gespeichert, bis sie ein Jahr lang nicht mehr gebraucht wurden. { $delete } löscht sie sofort.

    Wenn die Betreiber dieses Bots dich zulassen oder sperren, wird deine ID dafür verschlüsselt gespeichert, bis sie das zurücknehmen, und es steht im Protokoll.

    Nichts von dir wird zum Trainieren benutzt, und in keinem Protokoll stehen Fotos, Beschreibungen oder Namen.
deleted = Erledigt: Deine Einstellungen sind gelöscht. Fotos werden gar nicht erst aufbewahrt.
owners-only = Nur der Betreiber des Bots kann /stats sehen.
stats = Die letzten sieben Tage:


## What owners command

owners-only-command = Das können nur die Betreiber des Bots.
help-owner =
    Für dich als Betreiber: /access zeigt, wer mich benutzen darf. /allow, /block und /lift ändern das: Antworte damit auf eine Nachricht oder schreib eine ID dahinter, etwa /block { $example }; „here“ steht für die ganze Gruppe. Mit /pause und /resume hältst du mich überall an und lässt mich weitermachen. /stats zeigt, wie viel zu tun war.
access-how = Antworte mit { $command } auf eine Nachricht, oder schreib eine ID dahinter: { $command } { $example }. Die ID einer anderen Plattform sieht so aus: discord:12345. In einer Gruppe steht { $command } here für die ganze Gruppe. Wer eine anonyme Nachricht geschrieben hat, sehe ich nicht.
access-owner = { $who } gehört zu meinen Betreibern. Die dürfen mich immer benutzen.
access-unchanged = Nichts geändert: Es ist schon so.
access-open = Alle dürfen mich benutzen, außer wer gesperrt ist.
access-private = Nur wer zugelassen ist, darf mich benutzen.
access-allowed = Zugelassen:
access-blocked = Gesperrt:
access-setting = { $who } (in meinen Einstellungen)
access-more = … und { $count } weitere
access-not-kept = Ich habe kein Redis, um mir das zu merken: Nach einem Neustart ist es vergessen.
allow-done = Erledigt: { $who } darf mich benutzen.
block-done = Erledigt: Auf { $who } antworte ich nicht mehr.
lift-done = Erledigt: Für { $who } gelten wieder nur meine Einstellungen.
pause-done = Ich bin angehalten: Ich beschreibe auf keiner Plattform etwas, bis ein Betreiber { $resume } benutzt.
resume-done = Ich beschreibe wieder Fotos.
block-sure = { $who } sperren? Dieser Person oder diesem Chat antworte ich dann nicht mehr.
lift-sure = { $who } von der Liste der Zugelassenen nehmen?
pause-sure = Mich anhalten? Dann bekommt auf keiner Plattform jemand Beschreibungen, bis mich ein Betreiber weitermachen lässt.
confirm-no = Gut, es bleibt alles, wie es war.
confirm-not-yours = Darauf kann nur antworten, wer gefragt wurde, und nur 15 Minuten lang. Bitte benutz den Befehl noch einmal.
confirm-twice = Diese Frage ist schon beantwortet.
button-yes = Ja
button-no = Nein


## In groups, and where people type commands

auto-on = Ab jetzt antworte ich auf jedes Foto in dieser Gruppe. /auto off beendet das.
auto-off = Ab jetzt antworte ich hier nur, wenn mich jemand fragt.
auto-how = Ein Admin kann /auto on schreiben, damit ich auf jedes Foto in dieser Gruppe antworte, oder /auto off.
auto-in-groups = Das ist für Gruppen; hier antworte ich ohnehin auf jedes Foto.
auto-not-allowed = Das können nur die Admins dieser Gruppe entscheiden.
voice-how = Schreib /voice on, und ich lese dir jede Beschreibung auch vor; /voice off beendet das.
voice-not-welcome = Ich wollte das vorlesen, aber Sprachnachrichten sind hier nicht erlaubt. Schreib /voice off, dann versuche ich es nicht mehr.
language-ask = In welcher Sprache soll ich mit dir sprechen?
language-unknown = Diese Sprache spreche ich nicht. Diese hier schon:
deleted-group = Erledigt: Deine Einstellungen und die dieser Gruppe sind gelöscht. Fotos werden gar nicht erst aufbewahrt.
moving-sticker = Diese Art von Sticker kann ich mir nicht ansehen, weil es eine bewegte Zeichnung ist. Bitte schick einen Screenshot davon.
button-copy = Kopieren


## The web page

page-description = Schick ein Foto, lies, was darauf passiert, und sieh, wo das Modell bei jedem Wort hingeschaut hat.
page-description-plain = Schick ein Foto und lies, was darauf passiert.
page-title = Was passiert auf deinem Foto?
page-lead = CaptionBot schreibt einen Satz dazu und zeigt, wo er bei jedem Wort hingeschaut hat.
page-lead-plain = CaptionBot schreibt einen Satz dazu.
page-language = Sprache
page-captions = Die Sprache der Beschreibungen
page-captions-auto = Wie diese Seite
page-captions-not-in = Auf { $wanted } kann CaptionBot noch keine Beschreibungen schreiben, darum sind sie auf { $used }.
page-length = Die Länge der Beschreibungen
page-no-script = Diese Seite braucht JavaScript.
page-no-script-api = Die API geht auch ohne.
page-aloud = Sätze vorlesen
page-history = Verlauf
page-close = Schließen
page-choose = Fotos auswählen
page-choose-more = oder hierher ziehen oder einfügen, auch mehrere auf einmal
page-camera = Foto aufnehmen
page-drop = Hier ablegen
page-examples = Kein Foto zur Hand? Probier eins von diesen:
page-example-astronaut = Eine lächelnde Astronautin
page-example-photographer = Ein Fotograf bei der Arbeit
page-example-cat = Das Gesicht einer Katze
page-example-coffee = Eine Tasse Kaffee
page-credits = Gemeinfreie Fotos von:
page-address = CaptionBot öffnet keine Webadressen
page-address-more = Er ruft nie etwas aus dem Internet ab, damit ihn niemand auf fremde Server ansetzen kann. Speichere das Bild und wähle die Datei aus, oder kopiere das Bild selbst und füge es hier ein.
page-photo = Dein Foto
page-result = Dein Foto und seine Beschreibung
page-sending = Dein Foto wird gesendet
page-looking = Dein Foto wird angesehen
page-turn = Wartet, bis es dran ist
page-waking = CaptionBot wacht gerade erst auf
page-waking-more = Sobald er wach ist, sieht er sich dein Foto an. Du musst nichts tun.
page-cancel = Abbrechen
page-retry = Noch einmal versuchen
page-said = Die Beschreibung: { $caption }
page-sure = CaptionBot ist sich ziemlich sicher, kann sich aber irren.
page-unsure = CaptionBot ist sich nicht sicher. Nimm es als Vermutung.
page-words = Wörter der Beschreibung
page-words-how = Mit den Pfeiltasten geht es von Wort zu Wort. Das Foto zeigt bei jedem, wo das Modell hingeschaut hat.
page-words-move = Mit den Pfeiltasten geht es von Wort zu Wort.
page-point = Zeig auf ein Wort, um zu sehen, wo er hingeschaut hat.
page-touch = Tippe auf ein Wort, um zu sehen, wo er hingeschaut hat.
page-word = „{ $word }“{ $sure ->
    [yes] : sicher
    [likely] : ziemlich sicher
    [no] : nicht sicher
   *[unknown] { "" }
}{ $place ->
    [top-left] , Blick nach oben links
    [top] , Blick nach oben
    [top-right] , Blick nach oben rechts
    [left] , Blick nach links
    [middle] , Blick auf die Mitte
    [right] , Blick nach rechts
    [bottom-left] , Blick nach unten links
    [bottom] , Blick nach unten
    [bottom-right] , Blick nach unten rechts
    [nowhere] , Blick auf keine bestimmte Stelle
   *[unknown] { "" }
}
page-play = Blick abspielen
page-stop = Anhalten
page-read-stop = Vorlesen beenden
page-copied = Kopiert
page-copy-failed = Kopieren nicht möglich
page-copy-alt = Alternativtext kopieren
page-share = Teilen
page-share-failed = Das Teilen hat nicht geklappt.
page-ask = Frag etwas zu diesem Foto
page-ask-send = Fragen
page-ask-hint = Jede Frage wird allein anhand des Fotos beantwortet, ohne Erinnerung an frühere Fragen und Antworten. Antworten können falsch sein.
page-asked = Deine Frage:
page-answered = Die Antwort:
page-others = Sätze, die in Frage kamen
page-likely-chosen = ausgewählt
page-likely-near = etwa gleich wahrscheinlich
page-likely-less = weniger wahrscheinlich
page-likely-little = viel unwahrscheinlicher
page-download = Herunterladen
page-download-gif = Animation (GIF)
page-download-sheet = Einzelbilder (PNG)
page-making = Wird gezeichnet …
page-saved = In deinen Downloads gespeichert.
page-save-failed = Das Speichern hat nicht geklappt.
page-again = Anderes Foto
page-back = Zurück
page-photos = { $count ->
    [one] Ein Foto
   *[other] { $count } Fotos
}
page-album-new = { $count ->
    [one] Ein Foto zu beschreiben.
   *[other] { $count } Fotos zu beschreiben.
}
page-album-captioned = { $count } beschrieben
page-album-failed = { $count } fehlgeschlagen
page-album-left = { $count } ausstehend
page-album-done = Alles fertig: { $state }
page-album-add = Fotos hinzufügen
page-album-read = Alle vorlesen
page-album-copy = Alle kopieren
page-album-over = Von vorn beginnen
page-card = Foto { $number }
page-card-waiting = Noch nicht gesendet
page-card-open = Wo er hingeschaut hat
page-card-open-which = Wo er hingeschaut hat: Foto { $number }
page-card-retry-which = Noch einmal versuchen: Foto { $number }
page-open = Öffnen
page-open-which = Öffnen: Foto { $number }
page-history-about = Die letzten 50 Sätze bleiben mit verkleinerten Fotos in diesem Browser gespeichert und nirgends sonst. Nichts aus dieser Liste wird irgendwohin gesendet. Falls andere dieses Gerät mitbenutzen, lösche den Verlauf oder schalte ihn aus.
page-history-keep = Verlauf speichern
page-history-clear = Verlauf löschen
page-history-cleared = Der Verlauf ist jetzt leer.
page-history-clear-failed = Das Löschen hat nicht geklappt. Lösche die Daten dieser Website in deinem Browser.
page-history-deleted = Gelöscht.
page-history-none = Noch nichts.
page-history-unavailable = Dieser Browser speichert für diese Seite keinen Verlauf.
page-unreached = Der Server ist nicht erreichbar
page-unreached-more = Prüfe deine Verbindung und versuch es dann noch einmal.
page-refused = Der Server hat das Foto nicht angenommen
page-refused-large = Versuch es mit einem kleineren.
page-refused-more = Versuch es später noch einmal.
page-wrong = Auf dieser Seite ist etwas schiefgegangen
page-wrong-more = Bitte versuch es noch einmal.
page-how = So funktioniert es
page-how-text = Ein neuronales Netz sieht sich das Foto für jedes Wort, das es schreibt, erneut an. Hell ist, wo es hingeschaut hat. Es hat aus Beispielen gelernt, irrt sich also manchmal, und es weiß von niemandem, wer das ist.
page-how-text-plain = Ein neuronales Netz sieht sich das Foto an und schreibt etwas dazu. Es hat aus Beispielen gelernt, irrt sich also manchmal.
page-certainty = Wie sicher er sich ist
page-certainty-text = CaptionBot schätzt, wie wahrscheinlich es ist, dass sein Satz zum Foto passt. Liegt das unter der Hälfte, nennt er den Satz eine Vermutung. Ein Wort gilt nur dann als sicher, wenn es für sich wahrscheinlich genug ist, um sich darauf zu verlassen. Andere Wörter sind so sicher wie der Satz, oder weniger, wenn sie unwahrscheinlicher sind als die Wörter um sie herum. Wo er hingeschaut hat, ist ein Hinweis darauf, warum er ein Wort geschrieben hat, aber kein Beweis.
page-certainty-text-plain = CaptionBot schätzt, wie wahrscheinlich es ist, dass sein Satz zum Foto passt. Liegt das unter der Hälfte, nennt er den Satz eine Vermutung. Ein Wort gilt nur dann als sicher, wenn es für sich wahrscheinlich genug ist, um sich darauf zu verlassen. Andere Wörter sind so sicher wie der Satz, oder weniger, wenn sie unwahrscheinlicher sind als die Wörter um sie herum.
page-yours = Dein Foto bleibt deins
page-yours-text = Es geht an den Rechner hinter diesem Server und nirgendwohin sonst, danach wird es vergessen. Eine kleine Kopie bleibt zehn Minuten im Arbeitsspeicher, falls du mehr darüber wissen willst; was darüber gesagt wurde, bleibt vielleicht einen Tag gespeichert. Es gibt keine Cookies, und aus deinem Foto wird nichts gelernt. Den Verlauf speichert nur dein Browser.
# Where a worker sends photos to servers of others. $hosts (String) - their names.
page-yours-text-elsewhere = Es geht an den Rechner hinter diesem Server und von dort an { $hosts }, wo andere entscheiden, was gespeichert wird. Hier wird es danach vergessen. Eine kleine Kopie bleibt zehn Minuten im Arbeitsspeicher, falls du mehr darüber wissen willst; was darüber gesagt wurde, bleibt vielleicht einen Tag gespeichert. Es gibt keine Cookies, und aus deinem Foto wird nichts gelernt. Den Verlauf speichert nur dein Browser.
page-yours-text-unknown = Es geht an den Rechner hinter diesem Server; der hat noch nicht gesagt, ob er Fotos an andere weitergibt. Hier wird es danach vergessen. Eine kleine Kopie bleibt zehn Minuten im Arbeitsspeicher, falls du mehr darüber wissen willst; was darüber gesagt wurde, bleibt vielleicht einen Tag gespeichert. Es gibt keine Cookies, und aus deinem Foto wird nichts gelernt. Den Verlauf speichert nur dein Browser.
page-api = API
page-api-text = Programme können all das über HTTP, mit einem einzigen Befehl.
page-api-link = Ansehen und ausprobieren
page-embed = Dein Foto geht an den Rechner hinter diesem Server und nirgendwohin sonst, danach wird es vergessen.
# $hosts (String) - as above.
page-embed-elsewhere = Dein Foto geht an den Rechner hinter diesem Server und von dort an { $hosts }, wo andere entscheiden, was gespeichert wird.
page-embed-unknown = Dein Foto geht an den Rechner hinter diesem Server; der hat noch nicht gesagt, ob er Fotos an andere weitergibt.


## The web page's refusals

problem-bad_request = Die Anfrage ist fehlerhaft
problem-empty = Die Datei ist leer
problem-missing_photo = Im Formular ist kein Foto
problem-unknown_language = Unbekannte Sprache
problem-question_empty = Keine Frage
problem-question_too_long = Die Frage ist zu lang
problem-not_a_question = Die Frage ist nicht lesbar
problem-unknown_length = Unbekannte Länge
problem-not_an_image = Kein Bild
problem-not_multipart = Kein Multipart-Formular
problem-unauthorized = Ein Schlüssel oder Passwort ist nötig
problem-cross_site = Eine andere Website darf nichts hierher senden
problem-forgotten = Das Foto ist schon vergessen
problem-not_found = Hier ist nichts
problem-method_not_allowed = Diese Adresse kennt die Methode nicht
problem-upload_too_slow = Die Übertragung war zu langsam
problem-too_large = Das Foto ist zu groß
problem-unsupported = Dateityp wird nicht unterstützt
problem-bad_photo = Das Foto ist nicht lesbar
problem-damaged = Das Foto ist beschädigt
problem-too_many_pixels = Das Foto hat zu viele Pixel
problem-too_slow = Das Öffnen des Fotos hat zu lange gedauert
problem-too_small = Das Foto ist zu klein
problem-person_busy = Zu viele Anfragen gleichzeitig
problem-slow_down = Zu viele Anfragen in kurzer Zeit
problem-internal = Hier ist etwas schiefgegangen
problem-uploads_full = Zu viele Fotos kommen gerade an
problem-gave_up = Das Foto ließ sich nicht beschreiben
problem-not_ready = Noch nicht bereit
problem-queue_full = Zu viele Fotos warten
problem-queue_unavailable = Gerade nicht verfügbar
problem-paused = Angehalten
problem-no_answer = Keine rechtzeitige Antwort
detail-bad_request = Der Server konnte die Anfrage nicht lesen.
detail-missing_photo = Das Foto gehört in ein Feld namens „{ $field }“.
detail-unknown_language = Beschreibungen gibt es in diesen Sprachen: { $languages }.
detail-not_a_question = Sende die Frage als JSON oder als Formular, in einem Feld namens „{ $field }“.
detail-unknown_length = Beschreibungen gibt es in diesen Längen: { $lengths }.
detail-not_multipart = Sende ein vollständiges Formular (multipart/form-data) mit dem Foto in einem Feld namens „{ $field }“.
detail-unauthorized = Melde dich mit deinem Namen und deinem Schlüssel oder Passwort an. Wer diese Seite betreibt, kann dir einen Zugang geben.
detail-cross_site = Nutze die Seite dieses Servers oder ein Programm.
detail-forgotten = Fotos bleiben höchstens { $minutes ->
    [one] eine Minute
   *[other] { $minutes } Minuten
} gespeichert. Bitte sende es noch einmal.
detail-not_found = Diese Adresse gibt es auf diesem Server nicht.
detail-method_not_allowed = Möglich ist { $methods }.
detail-upload_too_slow = Was du gesendet hast, ist nach { $seconds ->
    [one] einer Sekunde
   *[other] { $seconds } Sekunden
} noch nicht angekommen. Bitte versuch es noch einmal.
detail-uploads_full = Gerade kommen viele Fotos an. Bitte versuch es gleich noch einmal.
detail-no_answer = Nach { $seconds ->
    [one] einer Sekunde
   *[other] { $seconds } Sekunden
} gab es noch keine Antwort. Bitte versuch es später noch einmal.


## What only some models can do

not_offered = Das Modell, das ich hier benutze, kann das nicht.
problem-not_offered = Mit diesem Modell nicht möglich


## Questions about photos, and how long captions are

command-ask = Eine Frage zu einem Foto stellen
command-detail = Einstellen, wie lang Beschreibungen sind
ask-how = Schreib deine Frage hinter { $command }, zum Beispiel: { $command } Welche Farbe hat das Auto? Antworte damit auf ein Foto, oder schreib es unter dein eigenes.
answer-photo = Zu Foto { $number }: { $caption }
answer-moment = Bei { $time }: { $caption }
help-ask = Wenn du etwas über ein Foto wissen willst, antworte mit deiner Frage auf meine Antwort. Oder schreib /ask und die Frage: als Antwort auf ein Foto oder unter dein eigenes.
help-detail = /detail ändert, wie lang meine Beschreibungen sind.
privacy-questions = Wenn du nach einem Foto fragst, geht deine Frage denselben Weg wie das Foto, und meine Antwort wird wie eine Beschreibung gespeichert.
length-now = Länge deiner Beschreibungen: { $length }. Bei Alben und Videos ist es jeweils ein kurzer Satz.
length-ask = Wie lang sollen Beschreibungen sein?
length-short = Kurz (ein Satz)
length-alt = Alternativtext (ein bis zwei Sätze)
length-long = Lang (ein Absatz)
length-only-short = Das Modell, das ich hier benutze, schreibt nur kurze Beschreibungen.
