### What the bot says, in Japanese.


## Getting to know each other

start = こんにちは！写真を送ってください。何が見えるかを一文でお伝えします。そのあと、それぞれの言葉を書くときにどこを見ていたかも聞けます。小さなプログラムなので、間違えることもあります。くわしくは /help へ。
help =
    写真、アルバム、ファイルとして送った画像、ステッカー、GIF、短い動画のどれかを送ってください。それについて一文でお答えします。答えの下のボタンで、それぞれの言葉を書くときにどこを見ていたかの表示、ほかの説明文、読み上げ、削除ができます。

    グループでは、頼まれるまで黙っています。写真に /caption と返信するか、自分の写真に /caption か私の名前を書き添えてください。管理者が /auto on とすると、すべての写真にお答えします。

    /alt はコピーできる代替テキストを書きます。/voice on ではすべての説明文を読み上げます。/language では私が話す言語を変えられます。/privacy では何が保存されるかをお伝えします。

    写真の説明文は英語で書きます。写真はこのボット自身のコンピューターにだけ送られ、答えたあとに削除されます。私は間違えます。大事なことでは頼りにしないでください。
help-discord =
    /{ name-caption } に画像を5枚まで付けるか、メッセージで「アプリ」から「{ menu-caption }」を選ぶか、画像のあるメッセージで私にメンションしてください。GIFと短い動画も使えます。

    答えの下のボタンで、それぞれの言葉を書くときにどこを見ていたかの表示、ほかの説明文、読み上げ、答えの削除ができます。/{ name-alt } はコピーできる代替テキストを書きます。/{ name-voice } { name-on } ではすべての説明文を読み上げ、/{ name-language } では私が話す言語を変えられます。チャンネルを管理する人が /{ name-auto } { name-on } とすると、そこのすべての画像にお答えします。

    画像の説明文は英語で書きます。写真はこのボット自身のコンピューターにだけ送られ、答えたあとに削除されます。くわしくは /{ name-privacy } へ。私は間違えます。大事なことでは頼りにしないでください。

command-start = このボットにできること
command-help = 使い方と、写真の扱いについて
command-caption = 写真に何が写っているかを説明する
command-caption-image = 見てほしい画像
command-alt = 画像の代替テキストを書く（コピー用）
command-voice = 説明文を読み上げるかどうか
command-language = 私が話す言語
command-privacy = 何がどれくらい保存されるか
command-delete = あなたについて保存されているものを削除する
command-auto = ここのすべての画像に答えるかどうか
command-stats = どれくらい仕事があったか（このボットの運営者用）
menu-caption = この画像を説明
menu-attention = 見ていた場所を表示


## Answers

caption = { $caption }
unsure = 自信はありませんが、たぶん：{ $caption }
alternatives = こうかもしれません：
alternative = { $caption }
working = 写真を見ています…
attention-working = どこを見ていたかを描いています…
waiting = あなたの写真の前に、あと{ $ahead }枚あります。

button-attention = どこを見た？
button-sheet = 静止画で見る
button-alternatives = ほかの説明文
button-speech = 読み上げ
button-delete = 削除

no-alternatives = これについて、ほかの説明文はありません。
album-line = { $number }. { $caption }
timeline-line = { $time } { $caption }
alt-text-ready = コピーできる代替テキストです。プログラムが書いたものなので、確認してください：

attention = それぞれの言葉を書くときに見ていた場所：{ $caption }
alt-attention-gif = 写真のアニメーション。モデルがこの文を書くあいだにどこを見ていたかを、一語ずつ示します：{ $caption }
alt-attention-sheet = 一語につき一枚ずつ並べた写真。モデルがこの文を書くあいだに見ていた場所が明るくなっています：{ $caption }


## A file that is not captioned

empty = このファイルは空です。写真をもう一度送ってください。
not_an_image = これは画像ではありません。JPEGやPNGなどの写真を送ってください。
unsupported = { $kind ->
    [svg] SVGの図は見られません。PNGかJPEGで送ってください。
    [pdf] PDFファイルは読めません。そのページをPNGかJPEGで、たとえばスクリーンショットで送ってください。
    [video] この動画は見られません。その中の一場面を静止画で送ってください。
    [audio] 音声は聞けません。写真を送ってください。
    [raw] カメラの RAW ファイルは現像できません。プレビュー画像も入っていませんでした。JPEG で送ってください。
   *[other] この種類の画像はわかりません。JPEGかPNGで送ってください。
}
damaged = この画像は最後まで届かなかったか、壊れています。もう一度送ってください。
too_large = このファイルは私には大きすぎます。{ $limit } MB以下のものを送ってください。
too_many_pixels = この画像は私にはピクセル数が多すぎます。{ $limit }メガピクセル以下に小さくして、もう一度送ってください。
too_small = この画像は小さすぎるか細すぎて、何も見分けられません（{ $width } × { $height }ピクセル）。縦横それぞれ{ $smallest }ピクセル以上で、細長くないものを送ってください。
too_slow = この画像を開くのに時間がかかりすぎたので、中止しました。ふつうのJPEGかPNGで送ってください。


## Not now

queue-full = ただいま、たくさんの写真が順番を待っています。{ $seconds }秒後にもう一度送ってください。
person-busy = 先に送られた写真をまだ見ています。その答えを待ってから、もう一度これを送ってください。
slow-down = 短い時間にたくさんの写真が届きました。次の写真は{ $seconds }秒後に送ってください。
too-many-photos = 一度に見られる数を超えています。一度に送る写真は{ $limit }枚までにしてください。
queue-unavailable = ただいま写真を受け付けられません。あなたのせいではありません。{ $seconds }秒後にもう一度お試しください。


## It was accepted and then went wrong

bad_photo = やはりこの画像を開けませんでした。ふつうのJPEGかPNGで送ってください。
gave_up = 何度か試しましたが、この写真を説明できませんでした。別の写真ならできるはずです。この写真については、ごめんなさい。
internal = こちらで問題が起きました。あなたのせいではありません。少ししてから、もう一度写真を送ってください。


## Between the platform and us

photo-expired = その写真はもう手元にありません。写真は答えたあとに削除されます。もう一度送ってください。
too-large-to-download = このファイルは大きすぎます。ここで受け取れるのは{ $limit } MBまでです。写真として送るか、小さくしてください。
download-failed = このファイルを受け取れませんでした。もう一度送ってください。
download-slow = このファイルを待っていましたが、届きませんでした。もう一度送ってください。
photo-removed = 受け取る前に、その画像は消されていました。
not-a-photo = 私が見られるのは画像だけです。写真を送ってください。
nothing-to-caption = そこに画像はありません。写真のあるメッセージに /caption と返信するか、自分の写真に /caption と書き添えてください。
no-picture-in-message = このメッセージに画像はありません。
one-at-a-time = 一つのメッセージで見るのは画像一枚です。これは最初の一枚についてです。
cannot-send-files = ここでは画像を送ることが許可されていません。このチャットを管理する人が許可できます。
not-ready = まだ目を覚ましているところです。{ $seconds }秒後にもう一度お試しください。
waking = まだ目を覚ましているところです。起きたら、まずあなたの写真を見ます。
speech-unavailable = ここでは読み上げができません。このボットの運営者が設定していないためです。
not-admitted = 誰がこのボットを使えるかは運営者が決めていて、あなたはその中に入っていません。


## What people choose

language-name = 日本語
language-auto = アプリの設定どおり
language-chosen = これからは日本語でお話しします。写真の説明文は、どの言語でも英語のままです。
voice-on = これからは、説明文をすべて読み上げもします。
voice-off = これからは、説明文を読み上げません。
choices-unavailable = ただいま設定を確認したり覚えたりできません。あとでもう一度お試しください。
privacy =
    写真はこのボット自身のコンピューターにだけ送られます。ディスクに書き込まれることはなく、答えたあとに消えます。

    説明文は、誰のものかわからない符号のもとに一日だけ保存されます。同じ写真にすぐ答えるためです。

    言語など、あなたが選んだ設定も同じような符号のもとに、最後に必要になったときから一年間保存されます。{ $delete } で削除できます。

    あなたのものが何かの学習に使われることはありません。ログにも写真、説明文、名前は残りません。
deleted = あなたについて保存されていたもの、つまりあなたの設定を削除しました。写真はもともと保存していません。
owners-only = これはこのボットの運営者のためのものです。
stats = この七日間：


## Discord only

no-picture-discord = このメッセージに画像が見当たりません。画像を添付するか、画像のあるメッセージで「アプリ」から「{ menu-caption }」を選んでください。
alt-photo = この説明文の写真

name-caption = 説明
name-alt = 代替テキスト
name-help = ヘルプ
name-privacy = プライバシー
name-delete = 削除
name-stats = 統計
name-language = 言語
name-voice = 読み上げ
name-auto = 自動
name-on = オン
name-off = オフ
menu-alt = 代替テキストを書く

command-caption-more = 同じ答えに加えるもう一枚の画像
command-caption-private = 答えを自分だけに表示する
command-language-which = 言語
command-voice-on = 説明文を読み上げる
command-voice-off = 説明文の読み上げをやめる
command-auto-on = このチャンネルのすべての画像に答える
command-auto-off = このチャンネルでは頼まれたときだけ答える

button-attention-of = どこを見た？（{ $which }）

alt-photo-number = これらの説明文の写真{ $count }枚のうち{ $number }枚目

auto-on-discord = これからは、このチャンネルのすべての画像にお答えします。/{ name-auto } { name-off } でやめます。
auto-off-discord = これからは、ここでは頼まれたときだけお答えします。
auto-not-allowed-discord = それを決められるのは、このチャンネルを管理する人だけです。
auto-needs-intent = このチャンネルに書かれたことが見えません。Discordは、私へのメンションがあるメッセージだけを見せてくれます。このボットの運営者が、Discordで私の「Message Content Intent」を有効にし、設定 CAPTIONBOT_DISCORD_MESSAGE_CONTENT もオンにすれば、見えるようになります。

delete-not-allowed = この答えを削除できるのは、それを頼んだ人か、ここのメッセージを管理する人だけです。
too-large-to-send = 作った画像が大きすぎて、ここに投稿できません。Discordで送れるのは{ $limit } MBまでです。
missing-permission-discord = { $channel } では次の権限がないため、答えられません：{ $permissions }。チャンネルを管理する人が許可できます。
cannot-attach-discord = ここでは画像を投稿できません。チャンネルを管理する人が許可できます：{ $permission }。
permission-view-channel = チャンネルを見る
permission-send-messages = メッセージを送信
permission-send-in-threads = スレッドでメッセージを送信
permission-attach-files = ファイルを添付
permission-read-history = メッセージ履歴を読む


## Telegram only

description = 写真を送ってください。何が見えるかを一文でお伝えし、それぞれの言葉を書くときにどこを見ていたかもお見せします。読み上げたり、代替テキストを書いたりもできます。説明文は英語です。写真はこのボット自身のコンピューターにだけ送られます。
short-description = 写真に何が写っているか、どこを見たかをお伝えします。写真は保存しません。

auto-on = これからは、このグループのすべての写真にお答えします。/auto off でやめます。
auto-off = これからは、ここでは頼まれたときだけお答えします。
auto-how = 管理者が /auto on と書くと、このグループのすべての写真にお答えします。/auto off でやめます。
auto-in-groups = それはグループ用です。ここではもともと、すべての写真にお答えします。
auto-not-allowed = それを決められるのは、このグループの管理者だけです。
auto-needs-sight = そうしたいのですが、このグループの写真が見えません。Telegramは、私あてのメッセージだけを見せてくれます。私をここの管理者にするか、このボットの運営者に頼んでBotFatherのコマンド /setprivacy で私のプライバシーモードをオフにしてもらい、そのあと私を追加し直してください。
voice-how = /voice on と書くと、説明文をすべて読み上げもします。/voice off でやめます。
voice-not-welcome = 読み上げようとしましたが、ここではボイスメッセージが許可されていません。/voice off とすると、もう試しません。
language-ask = どの言語でお話ししましょうか？
language-unknown = その言語は話せません。話せるのはこちらです：
deleted-group = あなたとこのグループについて保存されていたもの、つまりあなたとグループの設定を削除しました。写真はもともと保存していません。
delete-not-allowed-telegram = この答えを削除できるのは、それを頼んだ人か管理者だけです。
delete-too-late = Telegramでは、このメッセージを私が削除することはもうできません。ご自分で削除できます。
moving-sticker = この種類のステッカーは動く絵なので、見られません。スクリーンショットを送ってください。
button-copy = コピー
