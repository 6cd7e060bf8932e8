### What the bot says, in Spanish.


## Getting to know each other

start = ¡Hola! Envíame una foto y te diré en una frase lo que veo en ella. { $looks ->
    [yes] Después puedes preguntarme dónde miré para cada palabra. { "" }
   *[no] { "" }
}Soy un programa pequeño, así que a veces me equivoco. Con /help te cuento más.
# Where a photo goes, and what becomes of it: the beginning of a sentence, used in other texts.
# $hosts (String) - “none”, or the servers of others that photos are sent to.
photo-goes = { $hosts ->
    [none] Tu foto va al ordenador de este bot y a ningún otro sitio, y se borra en cuanto te respondo
    [unknown] Tu foto va al ordenador de este bot, que la borra en cuanto te respondo; si de ahí va también a otro sitio, no lo sabré hasta que arranque mi modelo
   *[other] Tu foto va al ordenador de este bot, que la borra en cuanto te respondo, y de ahí a { $hosts }; no sé qué se guarda allí
}
help-buttons = Con los botones bajo mi respuesta puedes { $looks ->
    [yes] ver dónde miré para cada palabra, { "" }
   *[no] { "" }
}{ $others ->
    [yes] pedir otras descripciones, { "" }
   *[no] { "" }
}escuchar la respuesta en voz alta o borrarla.
captions-in = { $language ->
    [english] Escribo las descripciones en tu idioma si lo he aprendido; si no, en inglés.
    [others] Escribo las descripciones en tu idioma si lo he aprendido.
   *[fixed] { captions-fixed }
}
help =
    Envíame una foto, un álbum, una imagen como archivo, un sticker, un GIF o un vídeo corto, y te respondo con una frase. { help-buttons }

    En un grupo me quedo en silencio hasta que alguien me pregunta: responde a una foto con /caption, o escribe /caption o mi nombre debajo de tu propia foto. Con /auto on, un admin me deja responder a todas las fotos.

    /alt escribe un texto alternativo para copiar, /voice on te lee en voz alta cada descripción, /language cambia el idioma en que te hablo y /privacy dice qué se guarda.

    { captions-in } { photo-goes }. Cometo errores: no te fíes de mí cuando sea importante.

command-start = Qué hace este bot
command-help = Cómo usarme y qué pasa con tu foto
command-caption = Describir una foto
command-alt = Escribir un texto alternativo para copiar
command-voice = Elegir si te leo las descripciones en voz alta
command-language = Elegir el idioma en que te hablo
command-privacy = Qué se guarda y durante cuánto tiempo
command-delete = Borrar tus preferencias
command-auto = Elegir si respondo aquí a todas las imágenes
command-stats = Cuánto trabajo hubo, para quien administra este bot


## Answers

caption = { $caption }
unsure = No estoy seguro, pero diría: { $caption }
unsure-of = No estoy seguro de { $numbers }.
alternatives = También podría ser:
alternative = { $caption }
waiting = { $ahead ->
    [one] Hay una foto delante de la tuya.
    [many] Hay { $ahead } de fotos delante de la tuya.
   *[other] Hay { $ahead } fotos delante de la tuya.
}

button-attention = ¿Dónde miraste?
button-sheet = Como imagen fija
button-alternatives = Otras descripciones
button-speech = Leer en voz alta
button-delete = Borrar

no-alternatives = No tengo otra descripción para esta foto.
album-line = { $number }. { $caption }
timeline-line = { $time } { $caption }
alt-text-ready = Un texto alternativo para copiar. Lo escribió un programa, así que revísalo:
alt-text-program = (Descrito por un programa.)
alt-text-sure = (Descrito por un programa; bastante seguro.)
alt-text-guess = (Descrito por un programa; solo una suposición.)
alt-text-unsure-words = (Descrito por un programa; no está seguro de: { $words }.)

attention = Dónde miré para cada palabra de: { $caption }
alt-attention-gif = Animación de la foto. Muestra palabra por palabra dónde miró el modelo mientras escribía: { $caption }
alt-attention-sheet = Una copia de la foto por cada palabra, iluminada donde el modelo miró mientras escribía: { $caption }


## A file that is not captioned

empty = Ese archivo está vacío. Por favor, envía la foto otra vez.
not_an_image = Eso no es una imagen. Por favor, envía una foto, por ejemplo en JPEG o PNG.
unsupported = { $kind ->
    [svg] No puedo ver dibujos SVG. Por favor, envíalo en PNG o JPEG.
    [pdf] No puedo leer archivos PDF. Por favor, envía la página en PNG o JPEG, por ejemplo una captura de pantalla.
    [video] No puedo ver este vídeo. Por favor, envía una imagen fija de él.
    [audio] No puedo escuchar sonido. Por favor, envía una foto.
    [raw] No puedo revelar archivos RAW de cámara, y este no trae una vista previa. Por favor, envíalo como JPEG.
   *[other] No conozco este tipo de imagen. Por favor, envíala en JPEG o PNG.
}
damaged = Esa imagen no llegó completa o está dañada. Por favor, envíala otra vez.
too_large = Ese archivo es demasiado grande. Por favor, envía uno de { $limit } MB como máximo.
too_many_pixels = Esa imagen tiene demasiados píxeles. Por favor, redúcela a { $limit } megapíxeles como máximo y envíala otra vez.
too_small = Esa imagen es demasiado pequeña o estrecha para ver algo en ella ({ $width } × { $height } píxeles). Por favor, envía una que tenga al menos { $smallest } píxeles por lado y no sea una tira fina.
too_slow = Esa imagen tardaba demasiado en abrirse, así que lo dejé. Por favor, envíala como un JPEG o PNG normal.
question-empty = No veo ninguna pregunta. Por favor, escribe qué quieres saber sobre la foto.
question-too-long = Esa pregunta es demasiado larga. Por favor, hazla en { $limit } caracteres como máximo.


## Not now

queue-full = Ahora mismo hay muchas fotos esperando. Por favor, envía la tuya otra vez dentro de { $seconds ->
    [one] un segundo.
    [many] { $seconds } de segundos.
   *[other] { $seconds } segundos.
}
person-busy = Todavía estoy con lo que enviaste antes. Por favor, espera esas respuestas y luego inténtalo otra vez.
slow-down = Ha sido mucho en poco tiempo. Por favor, continúa dentro de { $seconds ->
    [one] un segundo.
    [many] { $seconds } de segundos.
   *[other] { $seconds } segundos.
}
too-many-photos = Son más fotos de las que puedo mirar de una vez. Por favor, envía { $limit } como máximo cada vez.
queue-unavailable = Ahora mismo no puedo recibir fotos; no es culpa tuya. Por favor, inténtalo otra vez dentro de { $seconds ->
    [one] un segundo.
    [many] { $seconds } de segundos.
   *[other] { $seconds } segundos.
}


## It was accepted and then went wrong

bad_photo = Al final no pude abrir esa imagen. Por favor, envíala como un JPEG o PNG normal.
gave_up = Lo intenté varias veces y no pude describir esta foto. ¡Lo siento! Con otra debería funcionar.
internal = Algo salió mal por mi parte; no es culpa tuya. Por favor, inténtalo otra vez dentro de un momento.


## Between the platform and us

photo-expired = Ya no tengo esa foto: las fotos se borran en cuanto respondo. Por favor, envíala otra vez.
too-large-to-download = Ese archivo es demasiado grande: aquí puedo descargar { $limit } MB como máximo. { $kind ->
    [video] Por favor, envía un vídeo más corto o más pequeño.
   *[other] Por favor, envíalo como foto o hazlo más pequeño.
}
download-failed = No pude descargar ese archivo. Por favor, envíalo otra vez.
download-slow = Ese archivo tardó demasiado en llegar. Por favor, envíalo otra vez.
photo-removed = Esa imagen se eliminó antes de que pudiera descargarla.
not-a-photo = Solo puedo mirar imágenes. Por favor, envíame una foto. Con /help te cuento más.
nothing-to-caption = Ahí no veo ninguna imagen. Responde con { $command } a un mensaje que tenga una foto, o escribe { $command } debajo de tu propia foto.
no-picture-in-message = En ese mensaje no hay ninguna imagen.
cannot-send-files = Aquí no tengo permiso para enviar imágenes. Un admin de este chat puede dármelo.
not-ready = Todavía me estoy despertando. Por favor, inténtalo otra vez dentro de { $seconds ->
    [one] un segundo.
    [many] { $seconds } de segundos.
   *[other] { $seconds } segundos.
}
waking = Todavía me estoy despertando; tu foto será la primera que mire.
photo-waits = Ahora mismo no puedo mirar fotos. La tuya está en la cola y te responderé en cuanto pueda.
speech-unavailable = Aquí no puedo leer en voz alta: quien administra este bot no lo ha configurado.
spoiler-not-spoken = Es un spoiler, así que no lo leo en voz alta donde otros lo oirían.
not-admitted = Este bot es privado. Pide acceso a quien lo administra.
blocked = Quien administra este bot te ha bloqueado a ti o a este chat, así que aquí no respondo.
paused = Quien administra este bot me ha puesto en pausa, así que ahora mismo no describo fotos. Por favor, inténtalo más tarde.


## What people choose

language-name = Español
language-auto = Como en la aplicación
language-chosen = A partir de ahora te hablo en español.
language-now = Hablo: { $bot }. Descripciones: { $captions }.
captions-ask = ¿En qué idioma quieres las descripciones?
captions-auto = El mismo idioma que yo
captions-unknown = No escribo descripciones en ese idioma, pero sí en estos: { $languages }.
captions-not-in = Todavía no sé escribir descripciones en { $wanted }, así que las recibes en { $used }. Sé escribirlas en: { $languages }.
captions-fixed = Quien administra este bot ha decidido que todas las descripciones estén en { $language }.
voice-on = A partir de ahora también te leo en voz alta cada descripción.
voice-off = A partir de ahora ya no te leo las descripciones en voz alta.
choices-unavailable = Ahora mismo no puedo leer ni guardar preferencias. Por favor, inténtalo más tarde.
privacy =
    { photo-goes }. Este bot nunca la escribe en un disco.

    La descripción se guarda un día con un código que no dice de quién es, para poder responder al momento a la misma foto.

    Tus preferencias, como el idioma, se guardan con un código parecido, hasta un año después de la última vez que hicieron falta. { $delete } las elimina.

    Si quienes administran este bot te permiten o te bloquean el acceso, tu identificador se guarda para eso, cifrado, hasta que lo anulen, y consta en el registro.

    Nada tuyo se usa para entrenar, y ningún registro contiene fotos, descripciones ni nombres.
deleted = Listo: tus preferencias están borradas. Las fotos nunca se guardan.
owners-only = Solo quien administra este bot puede ver /stats.
stats = Los últimos siete días:


## What owners command

owners-only-command = Eso solo pueden hacerlo quienes administran este bot.
help-owner =
    Para ti, que administras este bot: /access muestra quién puede usarme. /allow, /block y /lift lo cambian: responde con uno de ellos al mensaje de alguien, o escribe un identificador detrás, como /block { $example }; «here» es el grupo entero. /pause y /resume detienen y reanudan las descripciones en todas partes. /stats muestra cuánto trabajo hubo.
access-how = Responde con { $command } al mensaje de alguien, o escribe un identificador detrás: { $command } { $example }. El de otra plataforma se escribe como discord:12345. En un grupo, { $command } here es el grupo entero. No puedo saber quién escribió un mensaje anónimo.
access-owner = { $who } es una de las personas que me administran: siempre pueden usarme.
access-unchanged = No ha cambiado nada: ya es así.
access-open = Todo el mundo puede usarme, menos quien esté bloqueado.
access-private = Solo puede usarme quien tenga permiso.
access-allowed = Con permiso:
access-blocked = Bloqueados:
access-setting = { $who } (en mi configuración)
access-more = … y { $count } más
access-not-kept = No tengo un Redis donde recordarlo: se olvidará cuando me reinicien.
allow-done = Listo: { $who } puede usarme.
block-done = Listo: ya no respondo a { $who }.
lift-done = Listo: para { $who } vuelve a contar solo mi configuración.
pause-done = Estoy en pausa: no describo nada, en ninguna plataforma, hasta que alguien que me administre use { $resume }.
resume-done = Vuelvo a describir fotos.
block-sure = ¿Bloquear a { $who }? Dejaré de responder a esa persona o en ese chat.
lift-sure = ¿Quitar a { $who } de la lista de quienes pueden usarme?
pause-sure = ¿Ponerme en pausa? Nadie recibirá descripciones, en ninguna plataforma, hasta que alguien me reactive.
confirm-no = De acuerdo, no ha cambiado nada.
confirm-not-yours = Solo puede responder la persona a la que se lo pregunté, y solo durante 15 minutos. Usa el comando otra vez.
confirm-twice = Esta pregunta ya tiene respuesta.
button-yes = Sí
button-no = No


## In groups, and where people type commands

auto-on = A partir de ahora respondo a todas las fotos de este grupo. /auto off lo detiene.
auto-off = A partir de ahora solo respondo aquí cuando alguien me lo pide.
auto-how = Un admin puede escribir /auto on, para que responda a todas las fotos de este grupo, o /auto off.
auto-in-groups = Eso es para grupos; aquí respondo a todas las fotos de todos modos.
auto-not-allowed = Eso solo pueden decidirlo los admins de este grupo.
voice-how = Escribe /voice on y también te leo en voz alta cada descripción; /voice off lo detiene.
voice-not-welcome = Quería leerte esto en voz alta, pero aquí no se permiten mensajes de voz. Escribe /voice off y dejaré de intentarlo.
language-ask = ¿En qué idioma quieres que te hable?
language-unknown = No hablo ese idioma. Hablo estos:
deleted-group = Listo: tus preferencias y las de este grupo están borradas. Las fotos nunca se guardan.
moving-sticker = No puedo mirar este tipo de sticker, porque es un dibujo en movimiento. Por favor, envía una captura de pantalla.
button-copy = Copiar


## The web page

page-description = Envía una foto, lee qué pasa en ella y mira dónde se fijó el modelo para cada palabra.
page-description-plain = Envía una foto y lee qué pasa en ella.
page-title = ¿Qué pasa en tu foto?
page-lead = CaptionBot escribe una frase sobre ella y muestra dónde miró para cada palabra.
page-lead-plain = CaptionBot escribe una frase sobre ella.
page-language = Idioma
page-captions = El idioma de las descripciones
page-captions-auto = Como esta página
page-captions-not-in = CaptionBot todavía no sabe escribir descripciones en { $wanted }, así que están en { $used }.
page-length = La longitud de las descripciones
page-no-script = Esta página necesita JavaScript.
page-no-script-api = La API funciona sin él.
page-aloud = Leerme las descripciones
page-history = Historial
page-close = Cerrar
page-choose = Elegir fotos
page-choose-more = o arrástralas o pégalas aquí, varias a la vez
page-camera = Hacer una foto
page-drop = Suelta aquí
page-examples = ¿No tienes una foto a mano? Prueba con una de estas:
page-example-astronaut = Una astronauta sonriente
page-example-photographer = Un fotógrafo trabajando
page-example-cat = La cara de un gato
page-example-coffee = Una taza de café
page-credits = Fotos de dominio público, de:
page-address = CaptionBot no abre direcciones web
page-address-more = Nunca descarga nada de internet, para que nadie pueda hacerle llamar a otros servidores. Guarda la imagen y elige el archivo, o copia la imagen misma y pégala aquí.
page-photo = Tu foto
page-result = Tu foto y su descripción
page-sending = Enviando tu foto
page-looking = Mirando tu foto
page-turn = Esperando su turno
page-waking = CaptionBot todavía se está despertando
page-waking-more = Mirará tu foto en cuanto esté despierto. No tienes que hacer nada.
page-cancel = Cancelar
page-retry = Intentar otra vez
page-said = La descripción: { $caption }
page-sure = CaptionBot está bastante seguro, pero puede equivocarse.
page-unsure = CaptionBot no está seguro. Tómalo como una suposición.
page-words = Palabras de la descripción
page-words-how = Con las flechas se pasa de palabra en palabra. Para cada una, la foto muestra dónde miró el modelo.
page-words-move = Con las flechas se pasa de palabra en palabra.
page-point = Señala una palabra para ver dónde miró.
page-touch = Toca una palabra para ver dónde miró.
page-word = «{ $word }»{ $sure ->
    [yes] : segura
    [likely] : bastante segura
    [no] : dudosa
   *[unknown] { "" }
}{ $place ->
    [top-left] , mirando arriba a la izquierda
    [top] , mirando arriba
    [top-right] , mirando arriba a la derecha
    [left] , mirando a la izquierda
    [middle] , mirando al centro
    [right] , mirando a la derecha
    [bottom-left] , mirando abajo a la izquierda
    [bottom] , mirando abajo
    [bottom-right] , mirando abajo a la derecha
    [nowhere] , sin mirar a ningún sitio en particular
   *[unknown] { "" }
}
page-play = Mostrar dónde miró
page-stop = Parar
page-read-stop = Dejar de leer
page-copied = Copiado
page-copy-failed = No se pudo copiar
page-copy-alt = Copiar texto alt.
page-share = Compartir
page-share-failed = No se pudo compartir.
page-ask = Pregunta sobre esta foto
page-ask-send = Preguntar
page-ask-hint = Cada pregunta se responde solo a partir de la foto: las preguntas y respuestas anteriores no se recuerdan. Las respuestas pueden ser erróneas.
page-asked = Tu pregunta:
page-answered = La respuesta:
page-others = Frases que consideró
page-likely-chosen = su elección
page-likely-near = casi igual de probable
page-likely-less = menos probable
page-likely-little = mucho menos probable
page-download = Descargar
page-download-gif = Animación (GIF)
page-download-sheet = Hoja de contacto (PNG)
page-making = Dibujando…
page-saved = Guardado en tus descargas.
page-save-failed = No se pudo guardar.
page-again = Otra foto
page-back = Volver
page-photos = { $count ->
    [one] Una foto
    [many] { $count } de fotos
   *[other] { $count } fotos
}
page-album-new = { $count ->
    [one] Una foto por describir.
    [many] { $count } de fotos por describir.
   *[other] { $count } fotos por describir.
}
page-album-captioned = descritas: { $count }
page-album-failed = fallidas: { $count }
page-album-left = pendientes: { $count }
page-album-done = Todo listo: { $state }
page-album-add = Añadir fotos
page-album-read = Leer todas en voz alta
page-album-copy = Copiar todo
page-album-over = Empezar de nuevo
page-card = Foto { $number }
page-card-waiting = Pendiente de envío
page-card-open = Ver dónde miró
page-card-open-which = Ver dónde miró: foto { $number }
page-card-retry-which = Intentar otra vez: foto { $number }
page-open = Abrir
page-open-which = Abrir: foto { $number }
page-history-about = Las últimas 50 descripciones y sus fotos reducidas se guardan en este navegador y en ningún otro sitio. Nada de esta lista se envía a ninguna parte. Si otras personas usan también este dispositivo, borra el historial o desactívalo.
page-history-keep = Guardar un historial
page-history-clear = Borrar el historial
page-history-cleared = El historial está vacío.
page-history-clear-failed = No se pudo borrar. Borra los datos de este sitio en tu navegador.
page-history-deleted = Borrado.
page-history-none = Todavía nada.
page-history-unavailable = Este navegador no guarda historial para esta página.
page-unreached = No se puede conectar con el servidor
page-unreached-more = Comprueba tu conexión e inténtalo otra vez.
page-refused = El servidor no aceptó la foto
page-refused-large = Prueba con una más pequeña.
page-refused-more = Inténtalo otra vez dentro de un rato.
page-wrong = Algo salió mal en esta página
page-wrong-more = Inténtalo otra vez, por favor.
page-how = Cómo funciona
page-how-text = Una red neuronal vuelve a mirar la foto para cada palabra que escribe. Las zonas claras son las que miró. Aprendió de ejemplos, así que a veces se equivoca, y no sabe quién es nadie.
page-how-text-plain = Una red neuronal mira la foto y escribe sobre ella. Aprendió de ejemplos, así que a veces se equivoca.
page-certainty = Hasta qué punto está seguro
page-certainty-text = CaptionBot estima la probabilidad de que su frase corresponda a la foto. Si es menos de la mitad, dice que es una suposición. Una palabra se da por segura solo si por sí misma es lo bastante probable como para fiarse de ella. Las demás son tan seguras como la frase, o menos si son menos probables que las palabras que las rodean. Dónde miró es una pista de por qué escribió una palabra, no una prueba.
page-certainty-text-plain = CaptionBot estima la probabilidad de que su frase corresponda a la foto. Si es menos de la mitad, dice que es una suposición. Una palabra se da por segura solo si por sí misma es lo bastante probable como para fiarse de ella. Las demás son tan seguras como la frase, o menos si son menos probables que las palabras que las rodean.
page-yours = Tu foto sigue siendo tuya
page-yours-text = Va a la máquina de este servidor y a ningún otro sitio, y luego se olvida. Una copia pequeña queda diez minutos en memoria por si quieres saber más de ella; lo que se dijo de ella puede guardarse un día. No hay cookies, y de tu foto no se aprende nada. El historial se guarda solo en tu navegador.
# Where a worker sends photos to servers of others. $hosts (String) - their names.
page-yours-text-elsewhere = Va a la máquina de este servidor y de ahí a { $hosts }, donde otros deciden qué se guarda. Aquí se olvida después. Una copia pequeña queda diez minutos en memoria por si quieres saber más de ella; lo que se dijo de ella puede guardarse un día. No hay cookies, y de tu foto no se aprende nada. El historial se guarda solo en tu navegador.
page-yours-text-unknown = Va a la máquina de este servidor, que aún no ha dicho si envía las fotos a otros. Aquí se olvida después. Una copia pequeña queda diez minutos en memoria por si quieres saber más de ella; lo que se dijo de ella puede guardarse un día. No hay cookies, y de tu foto no se aprende nada. El historial se guarda solo en tu navegador.
page-api = API
page-api-text = Los programas pueden hacer todo esto por HTTP, con un solo comando.
page-api-link = Ver cómo y probarlo
page-embed = Tu foto va a la máquina de este servidor y a ningún otro sitio, y luego se olvida.
# $hosts (String) - as above.
page-embed-elsewhere = Tu foto va a la máquina de este servidor y de ahí a { $hosts }, donde otros deciden qué se guarda.
page-embed-unknown = Tu foto va a la máquina de este servidor, que aún no ha dicho si envía las fotos a otros.


## The web page's refusals

problem-bad_request = La petición está mal formada
problem-empty = El archivo está vacío
problem-missing_photo = No hay ninguna foto en el formulario
problem-unknown_language = Idioma desconocido
problem-question_empty = No hay ninguna pregunta
problem-question_too_long = La pregunta es demasiado larga
problem-not_a_question = No se puede leer la pregunta
problem-unknown_length = Longitud desconocida
problem-not_an_image = No es una imagen
problem-not_multipart = No es un formulario multipart
problem-unauthorized = Hace falta una clave o una contraseña
problem-cross_site = Otro sitio no puede enviar nada aquí
problem-forgotten = La foto ya se ha olvidado
problem-not_found = Aquí no hay nada
problem-method_not_allowed = Esta dirección no admite ese método
problem-upload_too_slow = El envío tardó demasiado
problem-too_large = La foto es demasiado grande
problem-unsupported = Tipo de archivo no admitido
problem-bad_photo = La foto no se puede leer
problem-damaged = La foto está dañada
problem-too_many_pixels = La foto tiene demasiados píxeles
problem-too_slow = La foto tardó demasiado en abrirse
problem-too_small = La foto es demasiado pequeña
problem-person_busy = Demasiadas peticiones a la vez
problem-slow_down = Demasiadas peticiones en poco tiempo
problem-internal = Algo salió mal aquí
problem-uploads_full = Llegan demasiadas fotos
problem-gave_up = No se pudo describir la foto
problem-not_ready = Todavía no está listo
problem-queue_full = Hay demasiadas fotos esperando
problem-queue_unavailable = No disponible ahora mismo
problem-paused = En pausa
problem-no_answer = No hubo respuesta a tiempo
detail-bad_request = El servidor no pudo leer la petición.
detail-missing_photo = Pon la foto en un campo llamado «{ $field }».
detail-unknown_language = Las descripciones pueden estar en estos idiomas: { $languages }.
detail-not_a_question = Envía la pregunta como JSON o como formulario, en un campo llamado «{ $field }».
detail-unknown_length = Las descripciones pueden tener estas longitudes: { $lengths }.
detail-not_multipart = Envía un formulario multipart/form-data completo, con la foto en un campo llamado «{ $field }».
detail-unauthorized = Identifícate con tu nombre y tu clave o contraseña. Quien administra esta página puede darte una.
detail-cross_site = Usa la página de este servidor o un programa.
detail-forgotten = Las fotos se guardan { $minutes ->
    [one] un minuto
    [many] { $minutes } de minutos
   *[other] { $minutes } minutos
} como máximo. Por favor, envíala otra vez.
detail-not_found = Esa dirección no existe en este servidor.
detail-method_not_allowed = Usa { $methods }.
detail-upload_too_slow = Lo que enviaste no llegó en { $seconds ->
    [one] un segundo
    [many] { $seconds } de segundos
   *[other] { $seconds } segundos
}. Por favor, inténtalo otra vez.
detail-uploads_full = Ahora mismo llegan muchas fotos. Por favor, inténtalo dentro de un momento.
detail-no_answer = No hubo respuesta en { $seconds ->
    [one] un segundo
    [many] { $seconds } de segundos
   *[other] { $seconds } segundos
}. Por favor, inténtalo dentro de un rato.


## What only some models can do

not_offered = El modelo que uso aquí no puede hacer eso.
problem-not_offered = No es posible con este modelo


## Questions about photos, and how long captions are

command-ask = Hacer una pregunta sobre una foto
command-detail = Elegir lo largas que son las descripciones
ask-how = Escribe tu pregunta detrás de { $command }, por ejemplo: { $command } ¿De qué color es el coche? Hazlo respondiendo a una foto o debajo de la tuya.
answer-photo = Sobre la foto { $number }: { $caption }
answer-moment = En { $time }: { $caption }
help-ask = Para preguntar sobre una foto, responde a mi respuesta con tu pregunta. O escribe /ask y la pregunta: respondiendo a una foto o debajo de la tuya.
help-detail = /detail cambia lo largas que son mis descripciones.
privacy-questions = Si preguntas sobre una foto, tu pregunta sigue el mismo camino que la foto, y mi respuesta se guarda como una descripción.
length-now = Longitud de tus descripciones: { $length }. Para álbumes y vídeos, cada una es una frase corta.
length-ask = ¿Cómo de largas quieres las descripciones?
length-short = Corta (una frase)
length-alt = Texto alternativo (una o dos frases)
length-long = Larga (un párrafo)
length-only-short = El modelo que uso aquí solo escribe descripciones cortas.
