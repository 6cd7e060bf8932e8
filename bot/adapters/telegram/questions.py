"""Questions on Telegram: /ask and a question, or a reply to an answer of ours."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import Message

from bot.adapters.telegram import keyboard
from bot.adapters.telegram.chats import Command, author_of, is_private
from bot.adapters.telegram.context import TelegramContext
from bot.adapters.telegram.media import Picture
from bot.chat.models import Action
from bot.chat.refusals import Refusal, RefusalCode

ASK = "ask"


async def question_in(context: TelegramContext, message: Message, command: Command) -> str:
    """What a message asks with /ask; "" where that cannot be asked, and its author was told why."""
    try:
        return await context.conversation.question(command.argument)
    except Refusal as refused:
        told = _is_for_us(context, message, command, refused) and await context.admits(message)
        if told and refused.code is RefusalCode.QUESTION_EMPTY:
            await context.say(message, "ask-how", command=f"/{ASK}")
        elif told:
            await context.refuse(message, refused)
        return ""


def _is_for_us(
    context: TelegramContext, message: Message, command: Command, refused: Refusal
) -> bool:
    """Whether somebody is told that no question is answered here.

    In company other bots may have a command of that name, so only where a picture is meant, too.
    """
    if refused.code is not RefusalCode.NOT_OFFERED or is_private(message) or command.names_us:
        return True
    above = message.reply_to_message
    meant = (message, above, message.external_reply)
    pictured = any(one is not None and context.picture_in(one) for one in meant)
    return pictured or (above is not None and is_ours(context, above))


async def ask(
    context: TelegramContext,
    message: Message,
    question: str,
    pictures: Sequence[Picture | None],
    *,
    asking: int = 0,
) -> None:
    """Have a question answered, which a message asks about the first of some pictures.

    `asking` is another message of its album, if the question stands there.
    """
    if not await context.admits(message):
        return
    user, asking = message.from_user, asking or message.message_id
    await context.ask(
        message,
        pictures,
        person=author_of(message),
        shown=asking,
        asking=asking,
        lang=user.language_code if user else None,
        wish=Action.QUESTION,
        question=question,
    )


async def about_answer(context: TelegramContext, message: Message, question: str) -> bool:
    """Answer what is asked in reply to an answer of ours; False where it replies to none."""
    above = message.reply_to_message
    if above is None:
        return False
    if subject := await context.answered(above):
        await ask(context, message, question, subject.pictures)
        return True
    if not is_ours(context, above) or not _offers_more(above):
        return False
    if await context.admits(message):
        await context.say(message, "photo-expired")
    return True


async def reply(context: TelegramContext, message: Message) -> bool:
    """Take a message in plain words as a question, if it replies to an answer of ours.

    False where it is none: nobody says then that no question is answered here.
    """
    above = message.reply_to_message
    if above is None or not is_ours(context, above):
        return False
    if not any(map(str.isalnum, message.text or "")):  # such as a thumb
        return False
    if not (await context.conversation.offers()).questions:
        return False
    try:
        question = await context.conversation.question(message.text or "")
    except Refusal as refused:
        if await context.answered(above) is None:
            return False
        if await context.admits(message):
            await context.refuse(message, refused)
        return True
    return await about_answer(context, message, question)


def is_ours(context: TelegramContext, message: Message) -> bool:
    """Whether the bot wrote a message; in a channel it writes as the channel does."""
    return message.from_user is not None and message.from_user.id == context.bot.id


def _offers_more(message: Message) -> bool:
    """Whether a message of ours is an answer about a photo: its buttons say so."""
    rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
    return any(
        str(button.callback_data or "").startswith((keyboard.SPEECH, keyboard.DELETE))
        for row in rows
        for button in row
    )
