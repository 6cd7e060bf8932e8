### What the bot says on Discord alone.

help-discord =
    Usa /{ name-caption } con hasta cinco imágenes, elige «Aplicaciones» y luego «{ menu-caption }» en un mensaje, o mencióname en un mensaje con imágenes. Los GIF y los vídeos cortos también valen.

    { help-buttons } /{ name-alt } escribe un texto alternativo para copiar. /{ name-voice } { name-on } te lee en voz alta cada descripción, y /{ name-language } cambia el idioma en que te hablo. Quien gestiona un canal puede hacer que responda a todas sus imágenes con /{ name-auto } { name-on }.

    { captions-in } { photo-goes }; /{ name-privacy } dice más. Cometo errores: no te fíes de mí cuando sea importante.
command-caption-image = La imagen que debo describir
menu-caption = Describir esta imagen
menu-attention = Mostrar dónde miraste
help-owner-discord =
    Para ti, que administras este bot: /owner access muestra quién puede usarme; /owner allow, /owner block y /owner lift lo cambian. /owner pause y /owner resume detienen y reanudan las descripciones en todas partes. /{ name-stats } muestra cuánto trabajo hubo.
access-how-discord = Elige a una persona o da un identificador: el de una persona o un servidor, «here» para este servidor, o el de otra plataforma, como telegram:12345.
command-owner = Quién puede usarme y cómo pausarme: para quien administra este bot
command-allow = Dejar que una persona o un servidor me use
command-block = Dejar de responder a una persona o un servidor
command-lift = Anular un permiso o un bloqueo
command-access = Mostrar quién puede usarme
command-pause = Dejar de describir fotos en todas las plataformas
command-resume = Volver a describir fotos
command-owner-person = La persona
command-owner-id = Un identificador, o «here» para este servidor
no-picture-discord = No veo ninguna imagen en ese mensaje. Adjunta una, o elige «Aplicaciones» y luego «{ menu-caption }» en el mensaje que la tiene. Con /{ name-help } te cuento más.
mention-me-discord = Discord no me muestra las imágenes de un mensaje que solo menciona mi rol. Menciona mi nombre, o elige «Aplicaciones» y luego «{ menu-caption }» en el mensaje.
alt-photo = La foto que describe este texto
owners-only-discord = Solo quien administra este bot puede ver /{ name-stats }.
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
command-language-captions = El idioma de las descripciones
command-voice-on = Leerme las descripciones
command-voice-off = Dejar de leerme las descripciones
command-auto-on = Responder a todas las imágenes de este canal
command-auto-off = Responder en este canal solo cuando me lo pidan
button-attention-of = ¿Dónde miraste? ({ $which })
alt-photo-number = Foto { $number } de { $count } de las que tratan estas descripciones
auto-on-discord = A partir de ahora respondo a todas las imágenes de este canal. /{ name-auto } { name-off } lo detiene.
auto-off-discord = A partir de ahora solo respondo aquí cuando alguien me lo pide.
auto-not-allowed-discord = Eso solo puede decidirlo quien gestiona este canal.
auto-needs-intent = No veo lo que se escribe en este canal: Discord solo me muestra los mensajes que me mencionan. Quien administra este bot puede cambiarlo si activa para mí el «Message Content Intent» en Discord y el ajuste CAPTIONBOT_DISCORD_MESSAGE_CONTENT.
delete-not-allowed = Esta respuesta solo puede borrarla quien la pidió o quien gestiona los mensajes aquí.
too-large-to-send = La imagen que hice es demasiado grande para publicarla aquí: Discord acepta { $limit } MB como máximo.
missing-permission-discord = No puedo responder en { $channel }, porque allí me faltan estos permisos: { $permissions }. Quien gestiona el canal puede dármelos.
cannot-attach-discord = Aquí no puedo publicar imágenes. Quien gestiona el canal puede darme este permiso: { $permission }.
permission-view-channel = Ver canales
permission-send-messages = Enviar mensajes
permission-send-messages-in-threads = Enviar mensajes en hilos
permission-attach-files = Adjuntar archivos
permission-read-message-history = Leer el historial de mensajes
command-ask-question = Tu pregunta
command-ask-photo = La imagen sobre la que preguntas
command-detail-length = Lo largas que son las descripciones
name-ask = preguntar
name-detail = longitud
menu-ask = Preguntar sobre esta foto
help-ask-discord = Para preguntar sobre una foto, responde a mi respuesta con tu pregunta, usa /{ name-ask } o elige «Aplicaciones» y luego «{ menu-ask }» en un mensaje.
help-detail-discord = /{ name-detail } cambia lo largas que son mis descripciones.
