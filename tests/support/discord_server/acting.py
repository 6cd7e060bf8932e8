"""What people do on the loopback Discord: write, use commands, choose from menus, press buttons."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from tests.support.discord_server.gateway import Gateway
from tests.support.discord_server.world import (
    Channel,
    Interaction,
    Json,
    Message,
    Person,
    World,
    member,
)

_COMMAND, _COMPONENT, _FORM = 2, 3, 5
_CHAT_INPUT, _MESSAGE_COMMAND = 1, 3
_SUBCOMMAND, _STRING, _BOOLEAN, _USER, _ATTACHMENT = 1, 3, 5, 6, 11
_UPLOAD_LIMIT = 10_485_760


class Acting:
    """The people. What they do reaches the bot through the gateway."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self.world = world
        self.gateway = gateway
        self.locale = "en-GB"  # of everybody who uses a command or a button
        self.upload_limit = _UPLOAD_LIMIT  # what interactions say

    async def post(
        self,
        person: Person,
        channel: Channel,
        content: str = "",
        *,
        attachments: list[Json] | None = None,
        reply_to: Message | None = None,
        times: int = 1,
        age: float = 0.0,
        **extra: Any,
    ) -> Message:
        """Somebody writes a message, with embeds and the like in `extra`.

        The event is delivered `times` times.
        """
        world = self.world
        message = world.add(
            Message(
                world.snowflake(age=age), channel, person, content, attachments or [],
                reference=reply_to, extra=extra,
            )
        )  # fmt: skip
        await self._tell("MESSAGE_CREATE", message, times)
        return message

    async def edit(self, message: Message, content: str, *, times: int = 1) -> None:
        """Somebody changes what they wrote."""
        message.content, message.edited = content, datetime.now(UTC).isoformat()
        await self._tell("MESSAGE_UPDATE", message, times)

    async def preview(self, message: Message, *embeds: Json, tell: bool = True) -> None:
        """Discord has looked up what a message's links lead to."""
        message.extra["embeds"] = list(embeds)
        if tell:
            await self._tell("MESSAGE_UPDATE", message)

    async def _tell(self, name: str, message: Message, times: int = 1) -> None:
        channel, event = message.channel, self.world.payload(message)
        if channel.guild is not None:
            event["guild_id"] = str(channel.guild)
            event["member"] = member()
        for _ in range(times):
            await self.gateway.dispatch(name, event)

    async def caption(
        self,
        person: Person,
        *attachments: Json,
        private: bool | None = None,
        channel: Channel | None = None,
        age: float = 0.0,
        command: str = "caption",
    ) -> Interaction:
        """Somebody uses /caption, or a command like it, with pictures, `age` seconds ago."""
        options: list[Json] = [
            {"name": f"image{n}" if n > 1 else "image", "type": _ATTACHMENT, "value": given["id"]}
            for n, given in enumerate(attachments, 1)
        ]
        if private is not None:
            options.append({"name": "private", "type": _BOOLEAN, "value": private})
        return await self._command(
            person, channel, command, _CHAT_INPUT, age=age, options=options,
            resolved={"attachments": {given["id"]: given for given in attachments}},
        )  # fmt: skip

    async def ask(self, person: Person, given: Json, question: str) -> Interaction:
        """Somebody uses /ask with a picture."""
        options: list[Json] = [
            {"name": "question", "type": _STRING, "value": question},
            {"name": "image", "type": _ATTACHMENT, "value": given["id"]},
        ]
        return await self._command(
            person, None, "ask", _CHAT_INPUT, options=options,
            resolved={"attachments": {given["id"]: given}},
        )  # fmt: skip

    async def command(
        self,
        person: Person,
        name: str,
        /,
        *,
        channel: Channel | None = None,
        permissions: int = 0,
        **options: str | Person,
    ) -> Interaction:
        """Somebody uses a command without pictures: "help", "voice on", "language"."""
        name, _, below = name.partition(" ")
        given: list[Json] = [
            {"name": option, "type": _STRING, "value": value}
            if isinstance(value, str)
            else {"name": option, "type": _USER, "value": str(value.id)}
            for option, value in options.items()
        ]
        people = {str(one.id): one.payload() for one in options.values() if isinstance(one, Person)}
        if below:
            given = [{"name": below, "type": _SUBCOMMAND, "options": given}]
        return await self._command(
            person, channel, name, _CHAT_INPUT, permissions=permissions, options=given,
            resolved={"users": people, "members": {ident: member() for ident in people}},
        )  # fmt: skip

    async def choose(
        self, person: Person, message: Message, name: str, *, channel: Channel | None = None
    ) -> Interaction:
        """Somebody chooses an entry of a message's menu."""
        target = self.world.payload(message, interaction=True)
        return await self._command(
            person, channel or message.channel, name, _MESSAGE_COMMAND,
            target_id=str(message.id), resolved={"messages": {str(message.id): target}},
        )  # fmt: skip

    async def press(
        self,
        person: Person,
        message: Message,
        custom_id: str,
        *,
        permissions: int = 0,
        forged: bool = False,
    ) -> Interaction:
        """Somebody presses a button under a message, or says that there is one."""
        assert forged or custom_id in message.custom_ids, f"no button {custom_id!r}"
        return await self._interaction(
            person,
            message.channel,
            _COMPONENT,
            {"custom_id": custom_id, "component_type": 2},
            permissions=permissions,
            pressed=message,
        )

    async def submit(
        self, person: Person, opened: Interaction, text: str, *, times: int = 1
    ) -> Interaction:
        """Somebody writes something into the form that an interaction opened."""
        assert opened.form is not None, "there is no form"
        (label,) = opened.form["components"]
        field = label["component"]
        assert len(text) <= field["max_length"], "Discord's programs let nobody write so much"
        value = {"type": field["type"], "id": 2, "custom_id": field["custom_id"], "value": text}
        data = {
            "custom_id": opened.form["custom_id"],
            "components": [{"type": label["type"], "id": 1, "component": value}],
        }
        for _ in range(times):
            interaction = await self._interaction(person, opened.channel, _FORM, data)
        return interaction

    async def grant(self, permissions: int) -> None:
        """Change what the bot may do in its guild."""
        self.world.allowed = permissions
        change = {"guild_id": str(self.world.guild), "role": self.world.role()}
        await self.gateway.dispatch("GUILD_ROLE_UPDATE", change)

    async def _command(
        self,
        person: Person,
        channel: Channel | None,
        name: str,
        kind: int,
        *,
        age: float = 0.0,
        permissions: int = 0,
        **data: Any,
    ) -> Interaction:
        known = [c for c in self.world.commands if c["name"] == name and c["type"] == kind]
        assert known, f"the bot registered no command {name!r}"
        _check_options(known[0], data.get("options", ()))
        where = channel or self.world.text_channel
        _check_allowed(known[0], where, self.world)
        described = {"id": known[0]["id"], "name": name, "type": kind, **data}
        return await self._interaction(
            person, where, _COMMAND, described, age=age, permissions=permissions
        )

    async def _interaction(
        self,
        person: Person,
        channel: Channel,
        kind: int,
        data: Json,
        *,
        age: float = 0.0,
        permissions: int = 0,
        pressed: Message | None = None,
    ) -> Interaction:
        world = self.world
        number = world.snowflake(age=age)
        interaction = Interaction(
            number, f"aW50ZXJhY3Rpb24{number}", channel, person, pressed=pressed
        )
        interaction.started -= age
        world.interactions[interaction.token] = interaction
        ours = channel.guild in {None, world.guild}
        event = {
            "id": str(number), "application_id": str(world.application), "type": kind,
            "token": interaction.token, "version": 1, "data": data, "locale": self.locale,
            "channel": channel.payload(), "channel_id": str(channel.id), "entitlements": [],
            "app_permissions": str(world.allowed), "attachment_size_limit": self.upload_limit,
            "authorizing_integration_owners": {"0": str(channel.guild or 0)} if ours
            else {"1": str(person.id)},
        }  # fmt: skip
        if pressed is not None:
            event["message"] = world.payload(pressed, interaction=True)
        if channel.guild is None:
            event |= {"user": person.payload(), "context": 1}
        else:
            who = {**member(), "user": person.payload(), "permissions": str(permissions)}
            event |= {"guild_id": str(channel.guild), "member": who, "context": 0}
        await self.gateway.dispatch("INTERACTION_CREATE", event)
        return interaction


def _check_options(known: Json, given: Sequence[Json]) -> None:
    """Discord's programs offer nothing that was not registered."""
    offered = {option["name"]: option for option in known.get("options") or ()}
    for option in given:
        assert option["name"] in offered, f"{known['name']} has no option {option['name']!r}"
        registered = offered[option["name"]]
        assert registered["type"] == option["type"]
        _check_options(registered, option.get("options", ()))
    missing = {o["name"] for o in offered.values() if o.get("required")}
    assert missing <= {option["name"] for option in given}


def _check_allowed(known: Json, channel: Channel, world: World) -> None:
    """Nor do they offer a command where it was not registered for."""
    context = 1 if channel.guild is None else 0
    assert context in (known["contexts"] or (0, 1)), f"no {known['name']} in such a channel"
    if channel.guild not in {None, world.guild}:
        assert 1 in known["integration_types"], f"{known['name']} cannot be taken along"
