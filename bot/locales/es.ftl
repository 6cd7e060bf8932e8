### What the bot says, in Spanish.


## Getting to know each other

start = ¡Hola! Envíame una foto y te diré en una frase lo que veo en ella. Después puedes preguntarme dónde miré para cada palabra. Soy un programa pequeño, así que a veces me equivoco. Con /help te cuento más.
help =
    Envíame una foto, un álbum, una imagen como archivo, un sticker, un GIF o un vídeo corto, y te respondo con una frase. Los botones bajo mi respuesta muestran dónde miré para cada palabra, traen otras descripciones, la leen en voz alta o la borran.

    En un grupo me quedo en silencio hasta que alguien pregunta: responde a una foto con /caption, o escribe /caption o mi nombre debajo de tu propia foto. Con /auto on, un admin me deja responder a todas las fotos.

    /alt escribe un texto alternativo para copiar, /voice on te lee en voz alta cada descripción, /language cambia el idioma en que te hablo, /privacy dice qué se guarda.

    Las descripciones las escribo en inglés. Tu foto va al ordenador de este bot y a ningún otro sitio, y se borra en cuanto tiene respuesta. Cometo errores: no te fíes de mí cuando sea importante.
help-discord =
    Usa /{ name-caption } con hasta cinco imágenes, elige «Aplicaciones» y luego «{ menu-caption }» en un mensaje, o mencióname en un mensaje con imágenes. Los GIF y los vídeos cortos también valen.

    Los botones bajo mi respuesta muestran dónde miré para cada palabra, te dicen otras descripciones, la leen en voz alta o borran la respuesta. /{ name-alt } escribe un texto alternativo para copiar. /{ name-voice } { name-on } te lee en voz alta cada descripción, y /{ name-language } cambia el idioma en que te hablo. Quien gestiona un canal puede hacer que responda a todas sus imágenes con /{ name-auto } { name-on }.

    Las descripciones las escribo en inglés. Tu foto va al ordenador de este bot y a ningún otro sitio, y se borra en cuanto tiene respuesta; /{ name-privacy } dice más. Cometo errores: no te fíes de mí cuando sea importante.

command-start = Qué hace este bot
command-help = Cómo preguntar y qué pasa con tu foto
command-caption = Decir qué hay en una foto
command-caption-image = La imagen que debo mirar
command-alt = Escribir un texto alternativo para una imagen, para copiarlo
command-voice = Si se te leen las descripciones en voz alta
command-language = El idioma en que te hablo
command-privacy = Qué se guarda y durante cuánto tiempo
command-delete = Borrar lo que se guarda sobre ti
command-auto = Si aquí se responde a todas las imágenes
command-stats = Cuánto trabajo hubo, para quienes llevan este bot
menu-caption = Describir esta imagen
menu-attention = Mostrar la atención


## Answers

caption = { $caption }
unsure = No estoy seguro, pero creo que es: { $caption }
alternatives = También podría ser:
alternative = { $caption }
working = Mirando tu foto…
attention-working = Dibujando dónde miré…
waiting = { $ahead ->
    [one] Hay una foto delante de la tuya.
    [many] Hay { $ahead } de fotos delante de la tuya.
   *[other] Hay { $ahead } fotos delante de la tuya.
}

button-attention = ¿Dónde miró?
button-sheet = Como imagen fija
button-alternatives = Otras descripciones
button-speech = Leer en voz alta
button-delete = Borrar

no-alternatives = No tengo otra descripción para eso.
album-line = { $number }. { $caption }
timeline-line = { $time } { $caption }
alt-text-ready = Un texto alternativo para copiar. Lo escribió un programa, así que revísalo, por favor:

attention = Dónde miré para cada palabra de: { $caption }
alt-attention-gif = Animación de la foto. Muestra palabra por palabra dónde miró el modelo mientras escribía: { $caption }
alt-attention-sheet = Una copia de la foto por cada palabra, con el lugar donde miró el modelo iluminado, mientras escribía: { $caption }


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
too_large = Ese archivo es demasiado grande para mí. Por favor, envía uno de { $limit } MB como máximo.
too_many_pixels = Esa imagen tiene demasiados píxeles para mí. Por favor, hazla más pequeña, de { $limit } megapíxeles como máximo, y envíala otra vez.
too_small = Esa imagen es demasiado pequeña o estrecha para ver algo en ella ({ $width } × { $height } píxeles). Por favor, envía una que tenga al menos { $smallest } píxeles por lado y no sea una tira fina.
too_slow = Abrir esa imagen tardó demasiado, así que lo dejé. Por favor, envíala como un JPEG o PNG normal.


## Not now

queue-full = Ahora mismo hay muchas fotos esperando. Por favor, envía la tuya otra vez dentro de { $seconds ->
    [one] un segundo.
    [many] { $seconds } de segundos.
   *[other] { $seconds } segundos.
}
person-busy = Todavía estoy con tus fotos anteriores. Por favor, espera esas respuestas y luego envía esta otra vez.
slow-down = Han sido muchas fotos en poco tiempo. Por favor, envía la próxima dentro de { $seconds ->
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
gave_up = Lo intenté varias veces y no pude describir esta foto. Con otra debería funcionar; siento lo de esta.
internal = Algo salió mal por mi parte; no es culpa tuya. Por favor, envía la foto otra vez dentro de un momento.


## Between the platform and us

photo-expired = Ya no tengo esa foto: las fotos se borran en cuanto tienen respuesta. Por favor, envíala otra vez.
too-large-to-download = Ese archivo es demasiado grande: aquí puedo recoger { $limit } MB como máximo. Por favor, envíalo como foto o hazlo más pequeño.
download-failed = No pude recoger ese archivo. Por favor, envíalo otra vez.
download-slow = Esperé ese archivo y no llegó. Por favor, envíalo otra vez.
photo-removed = Esa imagen se eliminó antes de que pudiera recogerla.
not-a-photo = Solo puedo mirar imágenes. Por favor, envíame una foto.
nothing-to-caption = Ahí no hay ninguna imagen. Responde con /caption a un mensaje que tenga una foto, o escribe /caption debajo de tu propia foto.
no-picture-in-message = En ese mensaje no hay ninguna imagen.
one-at-a-time = Miro una imagen por mensaje; esto es sobre la primera.
cannot-send-files = Aquí no tengo permiso para enviar imágenes. Quien administra este chat puede dármelo.
not-ready = Todavía me estoy despertando. Por favor, inténtalo otra vez dentro de { $seconds ->
    [one] un segundo.
    [many] { $seconds } de segundos.
   *[other] { $seconds } segundos.
}
waking = Todavía me estoy despertando; la tuya es lo primero que miraré en cuanto termine.
speech-unavailable = Aquí no puedo leer en voz alta: quien me lleva no lo ha configurado.
not-admitted = Quien lleva este bot decide quién puede usarlo, y tú no estás en la lista.


## What people choose

language-name = Español
language-auto = Según la aplicación
language-chosen = A partir de ahora te hablo en español. Las descripciones siguen en inglés en cualquier idioma.
voice-on = A partir de ahora también te leo en voz alta cada descripción.
voice-off = A partir de ahora ya no te leo las descripciones en voz alta.
choices-unavailable = Ahora mismo no puedo consultar ni recordar preferencias. Por favor, inténtalo más tarde.
privacy =
    Tu foto va al ordenador de este bot y a ningún otro sitio. Nunca se escribe en un disco, y desaparece en cuanto tiene respuesta.

    La descripción se guarda un día bajo un código que no dice de quién es, para que la misma foto se responda al momento.

    Lo que eliges, como un idioma, también se guarda bajo un código así, durante un año desde la última vez que hizo falta. { $delete } lo elimina.

    Nada tuyo se usa para entrenar nada, y ningún registro contiene fotos, descripciones ni nombres.
deleted = Se ha borrado lo que se guardaba sobre ti: tus preferencias. Las fotos ni siquiera se guardan.
owners-only = Eso es para quienes llevan este bot.
stats = Los últimos siete días:


## Discord only

no-picture-discord = No veo ninguna imagen en ese mensaje. Adjunta una, o elige «Aplicaciones» y luego «{ menu-caption }» en el mensaje que la tiene.
alt-photo = La foto de la que trata esta descripción

name-caption = describir
name-alt = alternativo
name-help = ayuda
name-privacy = privacidad
name-delete = borrar
name-stats = estadísticas
name-language = idioma
name-voice = voz
name-auto = auto
name-on = activar
name-off = desactivar
menu-alt = Escribir un texto alternativo

command-caption-more = Otra imagen, para la misma respuesta
command-caption-private = Mostrarme la respuesta solo a mí
command-language-which = El idioma
command-voice-on = Leerme las descripciones en voz alta
command-voice-off = Dejar de leerme las descripciones en voz alta
command-auto-on = Responder a todas las imágenes de este canal
command-auto-off = Responder en este canal solo cuando alguien lo pida

button-attention-of = ¿Dónde miró? ({ $which })

alt-photo-number = Foto { $number } de { $count } de las que tratan estas descripciones

auto-on-discord = A partir de ahora respondo a todas las imágenes de este canal. /{ name-auto } { name-off } lo detiene.
auto-off-discord = A partir de ahora solo respondo aquí cuando alguien me lo pide.
auto-not-allowed-discord = Eso solo puede decidirlo quien gestiona este canal.
auto-needs-intent = No veo lo que se escribe en este canal: Discord solo me muestra los mensajes que me mencionan. Quien me lleva puede cambiarlo si activa para mí el «Message Content Intent» en Discord y el ajuste CAPTIONBOT_DISCORD_MESSAGE_CONTENT.

delete-not-allowed = Esta respuesta solo puede borrarla quien la pidió o quien gestiona los mensajes aquí.
too-large-to-send = La imagen que hice es demasiado grande para publicarla aquí: Discord acepta { $limit } MB como máximo.
missing-permission-discord = No puedo responder en { $channel }, porque allí me falta: { $permissions }. Quien gestiona el canal puede permitirlo.
cannot-attach-discord = Aquí no puedo publicar imágenes. Quien gestiona el canal puede permitirlo: { $permission }.
permission-view-channel = Ver canales
permission-send-messages = Enviar mensajes
permission-send-in-threads = Enviar mensajes en hilos
permission-attach-files = Adjuntar archivos
permission-read-history = Leer el historial de mensajes


## Telegram only

description = Envíame una foto y te digo en una frase lo que veo en ella y dónde miré para cada palabra. También puedo leerla en voz alta o escribir un texto alternativo. Las descripciones están en inglés. Tu foto va al ordenador de este bot y a ningún otro sitio.
short-description = Dice qué hay en una foto y dónde miró. Tu foto no se guarda.

auto-on = A partir de ahora respondo a todas las fotos de este grupo. /auto off lo detiene.
auto-off = A partir de ahora solo respondo aquí cuando alguien me lo pide.
auto-how = Un admin puede escribir /auto on, para que responda a todas las fotos de este grupo, o /auto off.
auto-in-groups = Eso es para grupos; aquí respondo a todas las fotos de todos modos.
auto-not-allowed = Eso solo pueden decidirlo los admins de este grupo.
auto-needs-sight = Lo haría, pero no puedo ver las fotos de este grupo: Telegram solo me muestra los mensajes dirigidos a mí. Hazme admin aquí, o pide a quien me lleva que desactive mi modo de privacidad con el comando /setprivacy de BotFather y luego vuelve a añadirme.
voice-how = Escribe /voice on y también te leo en voz alta cada descripción; /voice off lo detiene.
voice-not-welcome = Quería leerte esto en voz alta, pero aquí no se permiten mensajes de voz. Con /voice off dejo de intentarlo.
language-ask = ¿En qué idioma te hablo?
language-unknown = Ese idioma no lo hablo. Hablo estos:
deleted-group = Se ha borrado lo que se guardaba sobre ti y sobre este grupo: tus preferencias y las del grupo. Las fotos ni siquiera se guardan.
delete-not-allowed-telegram = Esta respuesta solo puede borrarla quien la pidió o un admin.
delete-too-late = Telegram ya no me deja borrar ese mensaje. Puedes borrarlo tú.
moving-sticker = No puedo mirar este tipo de sticker, porque es un dibujo que se mueve. Por favor, envía una captura de pantalla.
button-copy = Copiar
