### What the bot says on Discord alone.

help-discord =
    使用 /{ name-caption } 并附上最多五张图片，或在一条消息上选择“应用（Apps）”再选“{ menu-caption }”，或者在带图片的消息里提及我。GIF 和短视频也可以。

    { help-buttons }/{ name-alt } 写一段可以复制的替代文本。/{ name-voice } { name-on } 会把每条描述读给你听，/{ name-language } 更改我和你说话的语言。管理频道的人可以用 /{ name-auto } { name-on }，让我回答频道里的每一张图片。

    { captions-in }{ photo-goes }；/{ name-privacy } 有更多说明。我会出错：重要的事情请不要依赖我。
command-caption-image = 要描述的图片
menu-caption = 描述这张图片
menu-attention = 显示看了哪里
help-owner-discord =
    你是所有者，还可以这样做：/owner access 显示谁可以使用我；/owner allow、/owner block 和 /owner lift 可以更改。/owner pause 和 /owner resume 在所有地方暂停和恢复描述。/{ name-stats } 显示我有多忙。
access-how-discord = 请选择一个人，或者给出 ID：某个人或服务器的 ID，“here”指这个服务器，其他平台的写成 telegram:12345 这样。
command-owner = 谁可以使用我，以及暂停：仅供机器人的所有者
command-allow = 允许一个人或一个服务器使用我
command-block = 不再回答一个人或一个服务器
command-lift = 撤回允许或屏蔽
command-access = 显示谁可以使用我
command-pause = 在所有平台停止描述照片
command-resume = 重新开始描述照片
command-owner-person = 这个人
command-owner-id = ID，或用“here”表示这个服务器
no-picture-discord = 我在这条消息里没看到图片。请附上一张，或者在有图片的消息上选择“应用（Apps）”，再选“{ menu-caption }”。想了解更多，请用 /{ name-help }。
mention-me-discord = 如果消息只提到我的身份组，Discord 就不给我看里面的图片。请直接提到我的名字，或者在那条消息上选择“应用（Apps）”，再选“{ menu-caption }”。
alt-photo = 这条描述所说的照片
owners-only-discord = 只有机器人的所有者才能看 /{ name-stats }。
name-caption = 描述
name-alt = 替代文本
name-help = 帮助
name-privacy = 隐私
name-delete = 删除
name-stats = 统计
name-language = 语言
name-voice = 朗读
name-auto = 自动
name-on = 开启
name-off = 关闭
menu-alt = 写替代文本
command-caption-more = 再加一张图片，一起回答
command-caption-private = 回答只给我自己看
command-language-which = 语言
command-language-captions = 描述的语言
command-voice-on = 把描述读给我听
command-voice-off = 不再把描述读给我听
command-auto-on = 回答这个频道里的每张图片
command-auto-off = 在这个频道里，有人问才回答
button-attention-of = 你看了哪里？（{ $which }）
alt-photo-number = 这些描述所说的照片，共 { $count } 张，这是第 { $number } 张
auto-on-discord = 从现在起，这个频道里的每张图片我都会回答。用 /{ name-auto } { name-off } 可以停止。
auto-off-discord = 从现在起，在这里有人问我才回答。
auto-not-allowed-discord = 只有管理这个频道的人才能决定。
auto-needs-intent = 我看不到这个频道里写了什么：Discord 只让我看到提及我的消息。机器人的所有者可以在 Discord 为我打开“Message Content Intent”，并打开设置 CAPTIONBOT_DISCORD_MESSAGE_CONTENT，这样就可以了。
delete-not-allowed = 只有要求这个回答的人，或者在这里管理消息的人，才能删除它。
too-large-to-send = 我做的图片太大，没法发在这里：Discord 最多接受 { $limit } MB。
missing-permission-discord = 我没法在 { $channel } 里回答，因为在那里我缺少这些权限：{ $permissions }。管理该频道的人可以允许。
cannot-attach-discord = 我在这里不能发图片。管理该频道的人可以允许：{ $permission }。
permission-view-channel = 查看频道
permission-send-messages = 发送消息
permission-send-messages-in-threads = 在子区内发送消息
permission-attach-files = 附加文件
permission-read-message-history = 阅读消息历史记录
command-ask-question = 你的问题
command-ask-photo = 要提问的图片
command-detail-length = 描述的长短
name-ask = 提问
name-detail = 长短
menu-ask = 就这张照片提问
help-ask-discord = 想问一张照片，就用你的问题回复我的回答，或者使用 /{ name-ask }，或者在一条消息上选择“应用（Apps）”，再选“{ menu-ask }”。
help-detail-discord = /{ name-detail } 更改我的描述的长短。
