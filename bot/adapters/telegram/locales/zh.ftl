### What the bot says on Telegram alone.

description = 发一张照片给我，我用一句话告诉你我看到了什么{ $looks ->
    [yes] ，还有写每个词时看的是哪里
   *[no] { "" }
}。我也可以朗读，或者写一段替代文本。你的照片会送到哪里，/privacy 会告诉你。
short-description = 用一句话描述你的照片{ $looks ->
    [yes] ，并显示看了哪里
   *[no] { "" }
}。这个机器人不保留你的照片。
added-to-group = 你好！我用一句话描述照片。在这里，没人问我就不说话：用 /caption 回复一张照片，或者在你自己的照片下写上我的名字。想了解更多，请用 /help；用 /privacy 可以看到会保留什么。
auto-needs-sight = 我很愿意，但我看不到这个群里的照片：Telegram 只让我看到发给我的消息。请把我设为这里的管理员，或者请机器人的所有者用 BotFather 的命令 /setprivacy 关闭我的隐私模式，然后重新把我加进来。
delete-not-allowed-telegram = 只有要求这个回答的人，或者管理员，才能删除它。
delete-too-late = Telegram 已经不让我删除这条消息了。你可以自己删除。
hidden-from-bots = 快拍和付费内容里有什么，Telegram 不给我看。请把图片本身发给我。
cannot-cover = Telegram 没法遮住这张图片，而照片是剧透内容，所以我不发送。
button-album = 整个相册
privacy-questions-telegram = 如果你就一张照片提问，问题走的路和照片一样，我的回答会像描述一样保留。为了让你可以通过回复我的回答来提问，那张照片在 Telegram 上的编号会加密保留一天。用 { $delete } 可以删除。
