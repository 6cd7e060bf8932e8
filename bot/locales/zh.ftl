### What the bot says, in Chinese (simplified).


## Getting to know each other

start = 你好！发一张照片给我，我用一句话告诉你我看到了什么。{ $looks ->
    [yes] 之后你还可以问我，写每个词时看的是哪里。
   *[no] { "" }
}我只是个小程序，有时会看错。想了解更多，请用 /help。
# Where a photo goes, and what becomes of it: the beginning of a sentence, used in other texts.
# $hosts (String) - “none”, or the servers of others that photos are sent to.
photo-goes = { $hosts ->
    [none] 你的照片只会送到这个机器人自己的电脑，不会去别的地方，回答之后就删除
    [unknown] 你的照片会送到这个机器人自己的电脑（回答之后就删除）；会不会再从那里送到别处，要等我的模型启动之后我才知道
   *[other] 你的照片会送到这个机器人自己的电脑（回答之后就删除），再从那里送到 { $hosts }，那边保留什么我不知道
}
help-buttons = 回答下面的按钮可以{ $looks ->
    [yes] 显示写每个词时我看的是哪里、
   *[no] { "" }
}{ $others ->
    [yes] 给出其他描述、
   *[no] { "" }
}朗读描述，或者删除回答。
captions-in = { $language ->
    [english] 照片的描述，我学过你的语言就用它写，否则用英文写。
    [others] 照片的描述，我学过你的语言就用它写。
   *[fixed] { captions-fixed }
}
help =
    发给我照片、相册、以文件形式发送的图片、贴纸、GIF 或短视频，我会用一句话回答。{ help-buttons }

    在群里，没人问我就不说话：用 /caption 回复一张照片，或者在你自己的照片下写上 /caption 或我的名字。管理员用 /auto on，可以让我回答每一张照片。

    /alt 写一段可以复制的替代文本，/voice on 会把每条描述读给你听，/language 更改我和你说话的语言，/privacy 说明会保留什么。

    { captions-in }{ photo-goes }。我会出错：重要的事情请不要依赖我。

command-start = 这个机器人能做什么
command-help = 怎么使用我，以及你的照片会怎样处理
command-caption = 描述一张照片
command-alt = 为图片写一段替代文本，可以复制
command-voice = 选择是否把描述读给你听
command-language = 选择我和你说话的语言
command-privacy = 会保留什么，保留多久
command-delete = 删除你的设置
command-auto = 选择是否回答这里的每张图片
command-stats = 机器人有多忙，仅供所有者查看


## Answers

caption = { $caption }
unsure = 我不太确定，但看起来是：{ $caption }
unsure-of = { $numbers } 我不太确定。
alternatives = 也可能是：
alternative = { $caption }
waiting = 你的照片前面还有 { $ahead } 张。

button-attention = 你看了哪里？
button-sheet = 静态图片
button-alternatives = 其他描述
button-speech = 朗读
button-delete = 删除

no-alternatives = 这张图我没有别的描述了。
album-line = { $number }. { $caption }
timeline-line = { $time } { $caption }
alt-text-ready = 这是一段可以复制的替代文本。它是程序写的，请检查一下：
alt-text-program = （由程序描述。）
alt-text-sure = （由程序描述；比较确定。）
alt-text-guess = （由程序描述；只是猜测。）
alt-text-unsure-words = （由程序描述；不确定：{ $words }。）

attention = 写下每个词时我看的地方：{ $caption }
alt-attention-gif = 照片的动画，逐词显示模型写这句话时看的是哪里：{ $caption }
alt-attention-sheet = 每个词对应一张照片副本，亮处是模型写这句话时看的地方：{ $caption }


## A file that is not captioned

empty = 这个文件是空的。请再发一次照片。
not_an_image = 这不是图片。请发一张照片，比如 JPEG 或 PNG。
unsupported = { $kind ->
    [svg] 我看不了 SVG 图形。请用 PNG 或 JPEG 格式发送。
    [pdf] 我读不了 PDF 文件。请把那一页存成 PNG 或 JPEG 再发，比如截图。
    [video] 我看不了这个视频。请发一张其中的画面截图。
    [audio] 我听不了声音。请发一张照片。
    [raw] 我无法处理相机的 RAW 文件，里面也没有预览图。请以 JPEG 格式发送。
   *[other] 我不认识这种图片。请用 JPEG 或 PNG 格式发送。
}
damaged = 这张图片没有完整送达，或者已经损坏。请再发一次。
too_large = 这个文件太大了。请发一个不超过 { $limit } MB 的。
too_many_pixels = 这张图片的像素太多了。请缩小到 { $limit } 百万像素以内，再发一次。
too_small = 这张图片太小或太窄，看不出什么（{ $width } × { $height } 像素）。请发一张每边至少 { $smallest } 像素、而且不是细长条的图片。
too_slow = 打开这张图片花的时间太长，所以我停下了。请用普通的 JPEG 或 PNG 格式发送。
question-empty = 我没有看到问题。请写下你想知道的关于照片的事。
question-too-long = 这个问题太长了。请用最多 { $limit } 个字符来提问。


## Not now

queue-full = 现在有很多照片在排队。请在 { $seconds } 秒后再发一次。
person-busy = 我还在处理你之前发来的内容。请等那些回答出来，然后再试一次。
slow-down = 你在短时间内发了很多内容。请在 { $seconds } 秒后再继续。
too-many-photos = 一次这么多，我看不过来。请每次最多发 { $limit } 张照片。
queue-unavailable = 我现在没法接收照片，这不是你的问题。请在 { $seconds } 秒后再试。


## It was accepted and then went wrong

bad_photo = 我还是没能打开这张图片。请用普通的 JPEG 或 PNG 格式发送。
gave_up = 我试了好几次，还是没能描述这张照片。很抱歉！换一张应该可以。
internal = 我这边出了问题，这不是你的错。请过一会儿再试一次。


## Between the platform and us

photo-expired = 这张照片我已经没有了：照片回答之后就会删除。请再发一次。
too-large-to-download = 这个文件太大了：在这里我最多能下载 { $limit } MB。{ $kind ->
    [video] 请发一段更短或更小的视频。
   *[other] 请以照片形式发送，或者把它缩小。
}
download-failed = 我没能下载这个文件。请再发一次。
download-slow = 这个文件等了太久也没有送到。请再发一次。
photo-removed = 我还没下载，这张图片就被移除了。
not-a-photo = 我只能看图片。请发一张照片给我。想了解更多，请用 /help。
nothing-to-caption = 我在那里没看到图片。请用 { $command } 回复一条带照片的消息，或者在你自己的照片下写 { $command }。
no-picture-in-message = 这条消息里没有图片。
cannot-send-files = 我在这里不能发图片。这个聊天的管理员可以允许我发。
not-ready = 我还没完全醒来。请在 { $seconds } 秒后再试。
waking = 我还没完全醒来；等我醒了，第一个就看你的照片。
photo-waits = 我现在没法看照片。你的照片已经在排队，我能看的时候就马上回答。
speech-unavailable = 我在这里没法朗读：机器人的所有者还没有设置这个功能。
spoiler-not-spoken = 这是剧透内容，别人会听到的地方我就不朗读了。
not-admitted = 这是私人机器人。想使用请联系它的所有者。
blocked = 这个机器人的所有者屏蔽了你或这个聊天，所以我在这里不回答。
paused = 机器人的所有者让我暂停了，所以我现在不描述照片。请稍后再试。


## What people choose

language-name = 简体中文
language-auto = 跟随应用
language-chosen = 从现在起我用中文和你说话。
language-now = 我的语言：{ $bot }。描述的语言：{ $captions }。
captions-ask = 你想要哪种语言的描述？
captions-auto = 和我说的语言一样
captions-unknown = 我不会用那种语言写描述，但会用这些：{ $languages }。
captions-not-in = 我还没学会用{ $wanted }写描述，所以用{ $used }写。我会写的语言：{ $languages }。
captions-fixed = 机器人的所有者决定，所有描述都用{ $language }。
voice-on = 从现在起，每条描述我也会读给你听。
voice-off = 从现在起，我不再把描述读给你听。
choices-unavailable = 我现在没法读取或保存设置。请稍后再试。
privacy =
    { photo-goes }。这个机器人从不把它写入磁盘。

    描述会用一个看不出属于谁的代码保存一天，这样同一张照片可以马上得到回答。

    你的设置，比如语言，也用这样的代码保存，最后一次用到之后保留一年。用 { $delete } 可以删除。

    如果这个机器人的所有者允许或屏蔽了你，你的 ID 会为此加密保存，直到他们撤回为止，日志里也会有记录。

    你的任何内容都不会用来训练，日志里也没有照片、描述或名字。
deleted = 好了：你的设置已经删除。照片本来就不保留。
owners-only = 只有机器人的所有者才能看 /stats。
stats = 最近七天：


## What owners command

owners-only-command = 只有机器人的所有者才能这样做。
help-owner =
    你是所有者，还可以这样做：/access 显示谁可以使用我。/allow、/block 和 /lift 可以更改：用其中一个命令回复某人的消息，或者在后面写上 ID，例如 /block { $example }；“here”指整个群。/pause 和 /resume 在所有地方暂停和恢复描述。/stats 显示我有多忙。
access-how = 请用 { $command } 回复某人的消息，或者在后面写上 ID：{ $command } { $example }。其他平台的 ID 写成 discord:12345 这样。在群里，{ $command } here 指整个群。匿名消息是谁写的，我看不出来。
access-owner = { $who } 是我的所有者之一。所有者随时可以使用我。
access-unchanged = 没有变化：已经是这样了。
access-open = 除了被屏蔽的，谁都可以使用我。
access-private = 只有得到允许的人才能使用我。
access-allowed = 已允许：
access-blocked = 已屏蔽：
access-setting = { $who }（来自我的设置）
access-more = ……还有 { $count } 个
access-not-kept = 我没有可以用来记住这些的 Redis：重启之后就会忘掉。
allow-done = 好了：{ $who } 可以使用我。
block-done = 好了：我不再回答 { $who }。
lift-done = 好了：对 { $who } 又只按我的设置处理。
pause-done = 我已暂停：在所有者使用 { $resume } 之前，我在任何平台都不描述照片。
resume-done = 我又开始描述照片了。
block-sure = 要屏蔽 { $who } 吗？之后我不再回答这个人或这个聊天。
lift-sure = 要把 { $who } 从可以使用我的名单里去掉吗？
pause-sure = 要让我暂停吗？在所有者恢复之前，任何平台上都不会有人得到描述。
confirm-no = 好的，什么都没有改。
confirm-not-yours = 只有被问到的所有者才能回答，而且只在 15 分钟内有效。请再用一次命令。
confirm-twice = 这个问题已经回答过了。
button-yes = 是
button-no = 否


## In groups, and where people type commands

auto-on = 从现在起，这个群里的每张照片我都会回答。用 /auto off 可以停止。
auto-off = 从现在起，在这里有人问我才回答。
auto-how = 管理员可以写 /auto on，让我回答这个群里的每张照片，或者写 /auto off。
auto-in-groups = 这是给群用的；在这里，每张照片我本来就会回答。
auto-not-allowed = 只有这个群的管理员才能决定。
voice-how = 写 /voice on，每条描述我也会读给你听；写 /voice off 就停止。
voice-not-welcome = 我本想朗读，但这里不允许语音消息。用 /voice off，我就不再尝试。
language-ask = 你想让我用哪种语言和你说话？
language-unknown = 这种语言我不会说。我会说这些：
deleted-group = 好了：你的设置和这个群的设置已经删除。照片本来就不保留。
moving-sticker = 这种贴纸我看不了，因为它是会动的图画。请发一张它的截图。
button-copy = 复制


## The web page

page-description = 发一张照片，看看里面在发生什么，以及写每个词时模型看的是哪里。
page-description-plain = 发一张照片，看看里面在发生什么。
page-title = 你的照片里在发生什么？
page-lead = CaptionBot 用一句话描述它，并显示写每个词时看的是哪里。
page-lead-plain = CaptionBot 用一句话描述它。
page-language = 语言
page-captions = 描述的语言
page-captions-auto = 和本页一样
page-captions-not-in = CaptionBot 还没学会用{ $wanted }写描述，所以用{ $used }写。
page-length = 描述的长度
page-no-script = 这个页面需要 JavaScript。
page-no-script-api = API 不需要它也能用。
page-aloud = 朗读描述
page-history = 历史记录
page-close = 关闭
page-choose = 选择照片
page-choose-more = 也可以拖放或粘贴，一次多张
page-camera = 拍照
page-drop = 放到这里
page-examples = 手边没有照片？试试这几张：
page-example-astronaut = 微笑的宇航员
page-example-photographer = 正在拍摄的摄影师
page-example-cat = 一张猫脸
page-example-coffee = 一杯咖啡
page-credits = 公有领域照片，来自：
page-address = CaptionBot 不打开网址
page-address-more = 它从不从互联网获取任何内容，这样谁也不能让它去访问别的服务器。请把图片保存下来再选择文件，或者复制图片本身，粘贴到这里。
page-photo = 你的照片
page-result = 你的照片和描述
page-sending = 正在发送你的照片
page-looking = 正在看你的照片
page-turn = 正在排队
page-waking = CaptionBot 还没完全醒来
page-waking-more = 它一醒来就会看你的照片。你什么都不用做。
page-cancel = 取消
page-retry = 再试一次
page-said = 描述：{ $caption }
page-sure = CaptionBot 比较确定，但也可能出错。
page-unsure = CaptionBot 不确定。请把它当作猜测。
page-words = 描述里的词
page-words-how = 用方向键逐词移动。照片会显示写每个词时模型看的是哪里。
page-words-move = 用方向键逐词移动。
page-point = 指向一个词，看看它看的是哪里。
page-touch = 点一个词，看看它看的是哪里。
page-word = “{ $word }”{ $sure ->
    [yes] ：确定
    [likely] ：比较确定
    [no] ：不确定
   *[unknown] { "" }
}{ $place ->
    [top-left] ，看的是左上方
    [top] ，看的是上方
    [top-right] ，看的是右上方
    [left] ，看的是左边
    [middle] ，看的是中间
    [right] ，看的是右边
    [bottom-left] ，看的是左下方
    [bottom] ，看的是下方
    [bottom-right] ，看的是右下方
    [nowhere] ，没有特别看哪里
   *[unknown] { "" }
}
page-play = 显示看了哪里
page-stop = 停止
page-read-stop = 停止朗读
page-copied = 已复制
page-copy-failed = 复制失败
page-copy-alt = 复制替代文本
page-share = 分享
page-share-failed = 分享失败。
page-ask = 就这张照片提问
page-ask-send = 提问
page-ask-hint = 每个问题都只根据照片回答，不会记住之前的问答。回答可能有误。
page-asked = 你的问题：
page-answered = 回答：
page-others = 它考虑过的句子
page-likely-chosen = 它的选择
page-likely-near = 可能性差不多
page-likely-less = 可能性较小
page-likely-little = 可能性小得多
page-download = 下载
page-download-gif = 动画（GIF）
page-download-sheet = 逐词图（PNG）
page-making = 正在绘制……
page-saved = 已保存到下载文件夹。
page-save-failed = 保存失败。
page-again = 换一张照片
page-back = 返回
page-photos = { $count } 张照片
page-album-new = 有 { $count } 张照片要描述。
page-album-captioned = 已描述 { $count } 张
page-album-failed = 失败 { $count } 张
page-album-left = 还有 { $count } 张
page-album-done = 全部完成：{ $state }
page-album-add = 添加照片
page-album-read = 全部朗读
page-album-copy = 全部复制
page-album-over = 重新开始
page-card = 照片 { $number }
page-card-waiting = 等待发送
page-card-open = 看它看了哪里
page-card-open-which = 看它看了哪里：照片 { $number }
page-card-retry-which = 再试一次：照片 { $number }
page-open = 打开
page-open-which = 打开：照片 { $number }
page-history-about = 最近 50 条描述和缩小后的照片只保存在这个浏览器里。这个列表里的任何内容都不会发送到别处。如果别人也使用这台设备，请清除历史记录或把它关闭。
page-history-keep = 保留历史记录
page-history-clear = 清除历史记录
page-history-cleared = 历史记录已经清空。
page-history-clear-failed = 删除失败。请在浏览器里清除这个网站的数据。
page-history-deleted = 已删除。
page-history-none = 还没有内容。
page-history-unavailable = 这个浏览器不为此页面保存历史记录。
page-unreached = 无法连接服务器
page-unreached-more = 请检查网络连接，然后再试。
page-refused = 服务器没有接收这张照片
page-refused-large = 请试试小一点的照片。
page-refused-more = 请过一会儿再试。
page-wrong = 这个页面出了问题
page-wrong-more = 请再试一次。
page-how = 它是怎么工作的
page-how-text = 神经网络每写一个词，都会重新看一遍照片。亮的地方就是它看的地方。它是从例子中学会的，所以有时会出错，也不知道照片里的人是谁。
page-how-text-plain = 神经网络看照片，并写出描述。它是从例子中学会的，所以有时会出错。
page-certainty = 它有多确定
page-certainty-text = CaptionBot 会估计它的句子与照片相符的可能性。低于一半时，它会说这是猜测。只有当一个词本身的可能性大到足以信赖时，才称它为确定。其他词与句子同样确定；如果可能性比周围的词小，则不如句子确定。它看的地方能提示它为什么写这个词，但不能证明。
page-certainty-text-plain = CaptionBot 会估计它的句子与照片相符的可能性。低于一半时，它会说这是猜测。只有当一个词本身的可能性大到足以信赖时，才称它为确定。其他词与句子同样确定；如果可能性比周围的词小，则不如句子确定。
page-yours = 你的照片仍然是你的
page-yours-text = 照片只会送到这台服务器自己的电脑，不会去别的地方，之后就被忘掉。一份小的副本会在内存里保留十分钟，以便你进一步了解；关于它说过的话可能会保留一天。没有 cookie，也不会从你的照片里学习任何东西。历史记录只保存在你的浏览器里。
# Where a worker sends photos to servers of others. $hosts (String) - their names.
page-yours-text-elsewhere = 照片会送到这台服务器自己的电脑，再从那里送到 { $hosts }，那边保留什么由别人决定。在这里，之后就被忘掉。一份小的副本会在内存里保留十分钟，以便你进一步了解；关于它说过的话可能会保留一天。没有 cookie，也不会从你的照片里学习任何东西。历史记录只保存在你的浏览器里。
page-yours-text-unknown = 照片会送到这台服务器自己的电脑，它还没有说明会不会把照片再送给别人。在这里，之后就被忘掉。一份小的副本会在内存里保留十分钟，以便你进一步了解；关于它说过的话可能会保留一天。没有 cookie，也不会从你的照片里学习任何东西。历史记录只保存在你的浏览器里。
page-api = API
page-api-text = 程序也可以通过 HTTP 做到这一切，只要一条命令。
page-api-link = 查看用法并试一试
page-embed = 你的照片只会送到这台服务器自己的电脑，不会去别的地方，之后就被忘掉。
# $hosts (String) - as above.
page-embed-elsewhere = 你的照片会送到这台服务器自己的电脑，再从那里送到 { $hosts }，那边保留什么由别人决定。
page-embed-unknown = 你的照片会送到这台服务器自己的电脑，它还没有说明会不会把照片再送给别人。


## The web page's refusals

problem-bad_request = 请求格式不正确
problem-empty = 文件是空的
problem-missing_photo = 表单里没有照片
problem-unknown_language = 未知的语言
problem-question_empty = 没有问题内容
problem-question_too_long = 问题太长
problem-not_a_question = 无法读取问题
problem-unknown_length = 未知的长度
problem-not_an_image = 不是图片
problem-not_multipart = 不是 multipart 表单
problem-unauthorized = 需要密钥或密码
problem-cross_site = 其他网站不能向这里发送任何内容
problem-forgotten = 照片已经被忘掉
problem-not_found = 这里什么也没有
problem-method_not_allowed = 这个地址不支持该方法
problem-upload_too_slow = 发送太慢
problem-too_large = 照片太大
problem-unsupported = 不支持的文件类型
problem-bad_photo = 无法读取照片
problem-damaged = 照片已损坏
problem-too_many_pixels = 照片的像素太多
problem-too_slow = 打开照片花的时间太长
problem-too_small = 照片太小
problem-person_busy = 同时发送的请求太多
problem-slow_down = 短时间内请求太多
problem-internal = 这里出了问题
problem-uploads_full = 正在传来的照片太多
problem-gave_up = 无法描述这张照片
problem-not_ready = 还没准备好
problem-queue_full = 排队的照片太多
problem-queue_unavailable = 暂时不可用
problem-paused = 已暂停
problem-no_answer = 没有及时得到回答
detail-bad_request = 服务器无法读取这个请求。
detail-missing_photo = 请把照片放在名为“{ $field }”的字段里。
detail-unknown_language = 描述可以用这些语言：{ $languages }。
detail-not_a_question = 请以 JSON 或表单发送问题，放在名为“{ $field }”的字段里。
detail-unknown_length = 描述可以是这些长度：{ $lengths }。
detail-not_multipart = 请发送完整的 multipart/form-data 表单，把照片放在名为“{ $field }”的字段里。
detail-unauthorized = 请用你的名称和密钥或密码登录。此页面的管理者可以提供。
detail-cross_site = 请使用这台服务器自己的页面，或者用程序发送。
detail-forgotten = 照片最多保留 { $minutes } 分钟。请再发一次。
detail-not_found = 这台服务器上没有这个地址。
detail-method_not_allowed = 请使用 { $methods }。
detail-upload_too_slow = 你发送的内容没有在 { $seconds } 秒内送到。请再试一次。
detail-uploads_full = 现在有很多照片传来。请稍等片刻再试。
detail-no_answer = { $seconds } 秒内没有得到回答。请过一会儿再试。


## What only some models can do

not_offered = 我在这里使用的模型做不到这一点。
problem-not_offered = 这个模型做不到


## Questions about photos, and how long captions are

command-ask = 就一张照片提问
command-detail = 选择描述的长短
ask-how = 请把问题写在 { $command } 后面，例如：{ $command } 车是什么颜色的？可以用它回复一张照片，也可以写在你自己的照片下面。
answer-photo = 关于第 { $number } 张照片：{ $caption }
answer-moment = 在 { $time }：{ $caption }
help-ask = 想问一张照片，就用你的问题回复我的回答。也可以写 /ask 和问题：用来回复一张照片，或者写在你自己的照片下面。
help-detail = /detail 更改我的描述的长短。
privacy-questions = 如果你就一张照片提问，问题走的路和照片一样，我的回答会像描述一样保留。
length-now = 你的描述的长短：{ $length }。相册和视频里每条都是一句短句。
length-ask = 描述要多长？
length-short = 短（一句话）
length-alt = 替代文本（一两句话）
length-long = 长（一段话）
length-only-short = 我在这里使用的模型只会写短的描述。
