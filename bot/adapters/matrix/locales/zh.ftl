### What the bot says on Matrix alone.

help-matrix =
    发一张照片给我，我会用一句话回答。在有其他人的房间里，没人问我就不说话：用 !caption 回复一张照片，或者在你自己的照片下、在对照片的回复里提及我。管理员用 !auto on，可以让我回答每一张照片。

    { $looks ->
        [yes] 用 !attention 回复一张照片，或者用 🔍 回应我的回答，我会显示写每个词时我看的是哪里。
       *[no] { "" }
    }{ $others ->
        [yes] !others 给出其他描述，
       *[no] { "" }
    }!alt 写一段可以复制的替代文本，!voice on 会把每条描述读给你听，!language 更改我和你说话的语言，!privacy 说明会保留什么。如果你移除了照片，我也会移除我的回答。

    我读不了加密的房间。{ captions-in }{ photo-goes }。我会出错：重要的事情请不要依赖我。
encrypted-matrix = 我读不了加密的消息，所以看不到这里发的内容。请邀请我进入没有加密的房间。
auto-on-matrix = 从现在起，这个房间里的每张照片我都会回答。用 !auto off 可以停止。
auto-how-matrix = 管理员可以写 !auto on，让我回答这个房间里的每张照片，或者写 !auto off。
auto-not-allowed-matrix = 只有这个房间的管理员才能决定。
