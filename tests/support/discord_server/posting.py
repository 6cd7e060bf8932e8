"""Messages and the answers to interactions, as the REST interface makes and changes them."""

from __future__ import annotations

from typing import Any

from tests.support.discord_server.calls import Received, Refusal, check_token
from tests.support.discord_server.world import (
    ATTACH_FILES,
    SEND_IN_THREADS,
    SEND_MESSAGES,
    VIEW_CHANNEL,
    Channel,
    Interaction,
    Json,
    Message,
    World,
)

_UNKNOWN_CHANNEL, _UNKNOWN_MESSAGE, _UNKNOWN_WEBHOOK = 10003, 10008, 10015
_UNKNOWN_INTERACTION, _ACKNOWLEDGED, _EMPTY_MESSAGE = 10062, 40060, 50006
_BAD_FORM, _INVALID_TOKEN, _TOO_LARGE = 50035, 50027, 40005
_NO_ACCESS, _NOT_PERMITTED, _NO_DIRECT_MESSAGES = 50001, 50013, 50007
_MESSAGE, _DEFERRED, _DEFERRED_UPDATE, _UPDATE, _MODAL = 4, 5, 6, 7, 9
_LONGEST_ID = 100  # characters of a button's


class Posting:
    """The calls that write, change and delete; each raises Refusal as Discord refuses."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.largest_upload = 10_485_760  # bytes
        self.violations: list[str] = []

    # --- answers to interactions

    async def callback(self, received: Received) -> Any:
        interaction = self._world.interactions.get(received.args["token"])
        if interaction is None or not interaction.usable():
            raise Refusal(404, _UNKNOWN_INTERACTION, "Unknown interaction")
        if interaction.acknowledged:
            raise Refusal(400, _ACKNOWLEDGED, "Interaction has already been acknowledged.")
        interaction.acknowledged = True
        kind, data = received.body["type"], received.body.get("data") or {}
        if kind == _DEFERRED_UPDATE:
            interaction.original = interaction.pressed
            return self._acknowledged(interaction, kind)
        if kind == _UPDATE and interaction.pressed is not None:
            self._fill(interaction.pressed, data, received)
            interaction.pressed.edits += 1
            interaction.original = interaction.pressed
            return self._acknowledged(interaction, kind)
        if kind == _MODAL:
            interaction.form = data
            return {"interaction": {"id": str(interaction.id), "type": 2}}
        message = Message(
            self._world.snowflake(), interaction.channel, self._world.bot,
            flags=data.get("flags", 0), loading=kind == _DEFERRED,
        )  # fmt: skip
        if kind == _MESSAGE:
            self._fill(message, data, received)
        interaction.original = self._world.add(message)
        return self._acknowledged(interaction, kind)

    def _acknowledged(self, interaction: Interaction, kind: int) -> Json:
        message = interaction.original
        assert message is not None
        return {
            "interaction": {
                "id": str(interaction.id), "type": 2, "response_message_id": str(message.id),
                "response_message_loading": message.loading,
                "response_message_ephemeral": message.ephemeral,
            },
            "resource": {"type": kind, "message": self._world.payload(message)},
        }  # fmt: skip

    async def get_answer(self, received: Received) -> Any:
        return self._world.payload(self._answer_in(self._interaction(received), received))

    async def edit_answer(self, received: Received) -> Any:
        interaction = self._interaction(received)
        message = self._answer_in(interaction, received)
        self._check_uploads(interaction.channel, received)
        self._fill(message, received.body, received)
        message.loading = False
        message.edits += 1
        return self._world.payload(message)

    async def delete_answer(self, received: Received) -> Any:
        self._answer_in(self._interaction(received), received).deleted = True

    def _answer_in(self, interaction: Interaction, received: Received) -> Message:
        wanted = received.args["id"].replace("%40", "@")
        message = (
            interaction.original
            if wanted == "@original"
            else self._world.find(interaction.channel.id, int(wanted))
        )
        if message is None or message.deleted or message.author.id != self._world.bot.id:
            raise Refusal(404, _UNKNOWN_MESSAGE, "Unknown Message")
        return message

    async def follow_up(self, received: Received) -> Any:
        interaction = self._interaction(received)
        self._check_uploads(interaction.channel, received)
        flags = received.body.get("flags", 0)
        message = Message(
            self._world.snowflake(), interaction.channel, self._world.bot, flags=flags
        )
        self._fill(message, received.body, received)
        return self._world.payload(self._world.add(message))

    def _interaction(self, received: Received) -> Interaction:
        interaction = self._world.interactions.get(received.args["token"])
        if int(received.args["app"]) != self._world.application or interaction is None:
            raise Refusal(404, _UNKNOWN_WEBHOOK, "Unknown Webhook")
        if not interaction.usable():
            raise Refusal(401, _INVALID_TOKEN, "Invalid Webhook Token")
        if not interaction.acknowledged:
            raise Refusal(404, _UNKNOWN_WEBHOOK, "Unknown Webhook")
        return interaction

    # --- messages

    async def send(self, received: Received) -> Any:
        channel, body = self._writable(received), received.body
        nonce = None if body.get("nonce") is None else str(body["nonce"])
        if nonce and body.get("enforce_nonce"):
            for earlier in self._world.messages.values():
                if earlier.nonce == nonce and earlier.author.id == self._world.bot.id:
                    return self._world.payload(earlier)
        message = Message(self._world.snowflake(), channel, self._world.bot, nonce=nonce)
        reference = body.get("message_reference")
        if reference:
            message.reference = self._world.find(channel.id, int(reference["message_id"]))
            if message.reference is None and reference.get("fail_if_not_exists", True):
                raise Refusal(400, _BAD_FORM, "Invalid Form Body")
        self._fill(message, body, received)
        return self._world.payload(self._world.add(message))

    def _writable(self, received: Received) -> Channel:
        """The channel of a call, if the bot may write there."""
        check_token(received)
        world = self._world
        channel = world.channels.get(int(received.args["channel"]))
        if channel is None:
            raise Refusal(404, _UNKNOWN_CHANNEL, "Unknown Channel")
        if channel.guild is None:
            if channel.person and channel.person.id in world.closed:
                raise Refusal(403, _NO_DIRECT_MESSAGES, "Cannot send messages to this user")
            return channel
        if channel.guild != world.guild or not world.allowed & VIEW_CHANNEL:
            raise Refusal(403, _NO_ACCESS, "Missing Access")
        if not world.allowed & (SEND_IN_THREADS if channel.parent else SEND_MESSAGES):
            raise Refusal(403, _NOT_PERMITTED, "Missing Permissions")
        self._check_uploads(channel, received)
        return channel

    def _check_uploads(self, channel: Channel, received: Received) -> None:
        """Whether the bot may post the files that it sends there, and whether they fit."""
        if received.uploads and channel.guild and not self._world.allowed & ATTACH_FILES:
            raise Refusal(403, _NOT_PERMITTED, "Missing Permissions")
        if any(len(data) > self.largest_upload for _, data in received.uploads.values()):
            raise Refusal(413, _TOO_LARGE, "Request entity too large")

    async def open_direct(self, received: Received) -> Any:
        check_token(received)
        return self._world.dm(self._world.people[int(received.body["recipient_id"])]).payload()

    async def type(self, received: Received) -> Any:
        self._writable(received)

    async def get_messages(self, received: Received) -> Any:
        """The newest first, as far as the bot may see them."""
        check_token(received)
        channel, query = int(received.args["channel"]), received.call.query
        found = [
            message for message in self._world.messages.values()
            if message.channel.id == channel and not message.deleted and not message.ephemeral
            and int(query.get("after", 0)) < message.id < int(query.get("before", 2**63))
        ]  # fmt: skip
        found = found[: int(query["limit"])] if "after" in query else found[-int(query["limit"]) :]
        return [self._world.payload(message) for message in reversed(found)]

    async def get_message(self, received: Received) -> Any:
        check_token(received)
        message = self._world.find(int(received.args["channel"]), int(received.args["id"]))
        if message is None or message.ephemeral:
            raise Refusal(404, _UNKNOWN_MESSAGE, "Unknown Message")
        return self._world.payload(message)

    async def delete_message(self, received: Received) -> Any:
        check_token(received)
        message = self._world.find(int(received.args["channel"]), int(received.args["id"]))
        if message is None:
            raise Refusal(404, _UNKNOWN_MESSAGE, "Unknown Message")
        if message.author.id != self._world.bot.id:
            raise Refusal(403, _NOT_PERMITTED, "Missing Permissions")
        message.deleted = True

    def _fill(self, message: Message, body: Json, received: Received) -> None:
        """Put a call's content into a message; what an edit does not name stays."""
        if "content" in body:
            message.content = body["content"] or ""
        if "components" in body:
            message.components = body["components"] or []
            if any(len(custom_id) > _LONGEST_ID for custom_id in message.custom_ids):
                raise Refusal(400, _BAD_FORM, "Invalid Form Body")
        if "attachments" in body:
            kept = {a["id"]: a for a in message.attachments}
            message.attachments = [
                kept[str(given["id"])]
                if str(given["id"]) in kept
                else self._upload(given, received)
                for given in body["attachments"] or []
            ]
        if not (message.content or message.attachments or body.get("embeds")):
            raise Refusal(400, _EMPTY_MESSAGE, "Cannot send an empty message")

    def _upload(self, given: Json, received: Received) -> Json:
        name, data = received.uploads[f"files[{given['id']}]"]
        if not given.get("description"):
            self.violations.append(f"{name}: a file without a description")
        return self._world.attachment(name, data, description=given.get("description"))
