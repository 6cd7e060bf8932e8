"""People who use the bot in a test: what they send, say and press."""

from __future__ import annotations

from collections.abc import Sequence

from tests.support.telegram_server.world import Json, World, mark_entities


class Person:
    """Somebody in a chat (and, in a forum, in a topic of it), or who posts in a channel."""

    def __init__(self, world: World, chat: Json, *, thread: int | None = None) -> None:
        self._world = world
        self.chat = chat
        self.thread = thread
        ident = chat["id"] if chat["type"] == "private" else world.next_id()
        self.user: Json = {
            "id": ident,
            "is_bot": False,
            "first_name": f"Firstname{ident}",
            "username": f"username{ident}",
        }
        self.topic: Json | None = None  # of a channel's direct messages
        if chat.get("is_direct_messages"):
            self.topic = {"topic_id": world.next_id(), "user": self.user}
            world.topics.setdefault(chat["id"], set()).add(self.topic["topic_id"])

    @property
    def chat_id(self) -> int:
        return int(self.chat["id"])

    def sends(self, content: Json, *, reply_to: Json | None = None) -> Json:
        """Send a message with any content; the message."""
        message = self._world.add_message(
            self.chat,
            None if self._posts else self.user,
            content,
            reply_to=reply_to,
            thread=self.thread,
            topic=self.topic,
        )
        if self._posts:
            self._world.push(channel_post=message)
        else:
            self._world.push(message=message)
        return message

    @property
    def _posts(self) -> bool:
        return bool(self.chat["type"] == "channel")

    def quotes(self, text: str, **original: object) -> Json:
        """Say something in reply to a message of another chat, which holds `original`."""
        origin = {"type": "hidden_user", "date": 0, "sender_user_name": "Somebody"}
        return self.sends({"text": text, "external_reply": {"origin": origin, **original}})

    def says(self, text: str, *, reply_to: Json | None = None) -> Json:
        return self.sends({"text": text}, reply_to=reply_to)

    def sends_photo(
        self,
        data: bytes,
        *,
        caption: str | None = None,
        reply_to: Json | None = None,
        spoiler: bool = False,
    ) -> Json:
        """Send a photo; it comes in four sizes, here all the same bytes."""
        content: Json = {"photo": self._sizes(data)}
        if spoiler:
            content["has_media_spoiler"] = True
        if caption is not None:
            content["caption"] = caption
        return self.sends(content, reply_to=reply_to)

    def sends_album(
        self,
        photos: Sequence[bytes],
        *,
        caption: str | None = None,
        group: str | None = None,
        spoilers: Sequence[int] = (),
    ) -> list[Json]:
        """Send photos as an album, some covered; the caption is the first's. The messages."""
        group = group or str(self._world.next_id())
        messages = []
        for number, data in enumerate(photos):
            content: Json = {"photo": self._sizes(data), "media_group_id": group}
            if caption is not None and number == 0:
                content["caption"] = caption
            if number in spoilers:
                content["has_media_spoiler"] = True
            messages.append(self.sends(content))
        return messages

    def sends_sticker(self, data: bytes, *, animated: bool = False, video: bool = False) -> Json:
        """Send a sticker: a still one is WebP, one that is a video WebM, an animated one TGS."""
        sticker = self._world.store(data, "stickers/file") | {
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": animated,
            "is_video": video,
        }
        return self.sends({"sticker": sticker})

    def sends_video(self, data: bytes, *, size: int | None = None) -> Json:
        """Send a video."""
        video = self._world.store(data, "videos/file.mp4", size=size)
        video |= {"width": 160, "height": 120, "duration": 3, "mime_type": "video/mp4"}
        return self.sends({"video": video})

    def sends_round_video(self, data: bytes) -> Json:
        """Send a video message."""
        note = self._world.store(data, "video_notes/file.mp4") | {"length": 240, "duration": 3}
        return self.sends({"video_note": note})

    def sends_gif(self, data: bytes) -> Json:
        """Send a GIF, which Telegram makes a video without sound."""
        file = self._world.store(data, "animations/file.mp4")
        shape = {"width": 160, "height": 120, "duration": 3}
        return self.sends({"animation": file | shape, "document": file})

    def adds_bot(self) -> None:
        """Add the bot to the group."""
        self._changes_bot("left", "member")

    def removes_bot(self) -> None:
        """Send the bot away from the group."""
        self._changes_bot("member", "left")

    def _changes_bot(self, before: str, after: str) -> None:
        member = {"user": self._world.bot}
        self._world.push(
            my_chat_member={
                "chat": self.chat,
                "from": self.user,
                "date": 0,
                "old_chat_member": member | {"status": before},
                "new_chat_member": member | {"status": after},
            }
        )

    def sends_file(
        self,
        data: bytes,
        *,
        name: str | None = "picture.png",
        mime: str | None = "image/png",
        size: int | None = None,
        tell_size: bool = True,
    ) -> Json:
        """Send a file as a document; `size` is what Telegram says of it, by default the truth."""
        document = self._world.store(data, f"documents/{name or 'file_1'}", size=size)
        if name is not None:
            document["file_name"] = name
        if mime is not None:
            document["mime_type"] = mime
        if not tell_size:
            del document["file_size"]
        return self.sends({"document": document})

    def edits(self, message: Json, **content: object) -> None:
        """Edit a message of one's own."""
        message.update(content)
        mark_entities(message)
        message["edit_date"] = message["date"] + 1
        if self._posts:
            self._world.push(edited_channel_post=message)
        else:
            self._world.push(edited_message=message)

    def deletes(self, message: Json) -> None:
        self._world.delete_message(message)

    def presses(self, message: Json, label: str) -> Json:
        """Press the button of a message that has a label; the callback query."""
        rows = message["reply_markup"]["inline_keyboard"]
        (button,) = [button for row in rows for button in row if button["text"] == label]
        return self.sends_callback(message, button["callback_data"])

    def sends_callback(self, message: Json, data: str) -> Json:
        """Send callback data, whether or not a button has it; the callback query."""
        ident = str(self._world.next_id())
        query: Json = {
            "id": ident,
            "from": self.user,
            "chat_instance": "1",
            "message": message,
            "data": data,
        }
        self._world.callbacks.add(ident)
        self._world.push(callback_query=query)
        return query

    def _sizes(self, data: bytes) -> list[Json]:
        return [
            self._world.store(data, f"photos/file_{side}.jpg") | {"width": side, "height": side}
            for side in (90, 320, 800, 1280)
        ]
