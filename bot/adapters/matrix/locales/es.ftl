### What the bot says on Matrix alone.

help-matrix =
    Envíame una foto y te respondo con una frase. En una sala con más gente me quedo en silencio hasta que alguien me pregunta: responde a una foto con !caption, o mencióname debajo de tu propia foto o en una respuesta a otra. Con !auto on, un moderador me deja responder a todas las fotos.

    { $looks ->
        [yes] Responde a una foto con !attention, o reacciona a mi respuesta con 🔍, y te muestro dónde miré para cada palabra. { "" }
       *[no] { "" }
    }{ $others ->
        [yes] !others da otras descripciones, { "" }
       *[no] { "" }
    }!alt escribe un texto alternativo para copiar, !voice on te lee en voz alta cada descripción, !language cambia el idioma en que te hablo y !privacy dice qué se guarda. Si eliminas tu foto, elimino mi respuesta.

    No puedo leer salas cifradas. { captions-in } { photo-goes }. Cometo errores: no te fíes de mí cuando sea importante.
encrypted-matrix = No puedo leer mensajes cifrados, así que no veo lo que se envía aquí. Invítame a una sala sin cifrado, por favor.
auto-on-matrix = A partir de ahora respondo a todas las fotos de esta sala. !auto off lo detiene.
auto-how-matrix = Un moderador puede escribir !auto on, para que responda a todas las fotos de esta sala, o !auto off.
auto-not-allowed-matrix = Eso solo pueden decidirlo los moderadores de esta sala.
