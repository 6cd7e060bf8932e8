### What the bot says on Telegram alone.

description = Envíame una foto y te digo en una frase lo que veo en ella{ $looks ->
    [yes] { " " }y dónde miré para cada palabra
   *[no] { "" }
}. También puedo leerla en voz alta o escribir un texto alternativo. /privacy dice adónde va tu foto.
short-description = Describe tu foto en una frase{ $looks ->
    [yes] { " " }y muestra dónde miró
   *[no] { "" }
}. Este bot no guarda tu foto.
added-to-group = ¡Hola! Describo fotos en una frase. Aquí me quedo en silencio hasta que alguien me pregunta: responde a una foto con /caption, o escribe mi nombre debajo de tu propia foto. Con /help te cuento más y con /privacy, qué se guarda.
auto-needs-sight = Me gustaría, pero no puedo ver las fotos de este grupo: Telegram solo me muestra los mensajes dirigidos a mí. Hazme admin aquí, o pide a quien administra este bot que desactive mi modo de privacidad con el comando /setprivacy de BotFather y luego vuelva a añadirme.
delete-not-allowed-telegram = Esta respuesta solo puede borrarla quien la pidió o un admin.
delete-too-late = Telegram ya no me deja borrar ese mensaje. Puedes borrarlo tú.
hidden-from-bots = Telegram no me muestra lo que hay en las historias y en las publicaciones de pago. Por favor, envíame la imagen misma.
cannot-cover = Telegram no puede ocultar esta imagen y la foto es un spoiler, así que no la envío.
button-album = Todo el álbum
privacy-questions-telegram = Si preguntas sobre una foto, tu pregunta sigue el mismo camino que la foto, y mi respuesta se guarda como una descripción. Para que puedas preguntar respondiendo a una respuesta, el identificador que Telegram da a la foto se guarda cifrado un día. { $delete } lo elimina.
