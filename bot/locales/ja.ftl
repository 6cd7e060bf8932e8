### What the bot says, in Japanese.


## Getting to know each other

start = こんにちは！写真を送ってください。何が見えるかを一文でお伝えします。{ $looks ->
    [yes] そのあと、それぞれの言葉を書くときにどこを見ていたかも聞けます。
   *[no] { "" }
}小さなプログラムなので、間違えることもあります。くわしくは /help へ。
# Where a photo goes, and what becomes of it: the beginning of a sentence, used in other texts.
# $hosts (String) - “none”, or the servers of others that photos are sent to.
photo-goes = { $hosts ->
    [none] 写真はこのボット自身のコンピューターにだけ送られ、答えたあとに削除されます
    [unknown] 写真はこのボット自身のコンピューターに送られ、答えたあとに削除されます。そこからさらにほかへ送られるかどうかは、モデルが起動するまで私にはわかりません
   *[other] 写真はこのボット自身のコンピューターに送られ（答えたあとに削除されます）、そこから { $hosts } に送られます。そこで何が保存されるかは、私にはわかりません
}
help-buttons = 答えの下のボタンで、{ $looks ->
    [yes] それぞれの言葉を書くときにどこを見ていたかの表示、
   *[no] { "" }
}{ $others ->
    [yes] ほかの説明文、
   *[no] { "" }
}読み上げ、答えの削除ができます。
captions-in = { $language ->
    [english] 写真の説明文は、学んだ言語ならあなたの言語で、そうでなければ英語で書きます。
    [others] 写真の説明文は、学んだ言語ならあなたの言語で書きます。
   *[fixed] { captions-fixed }
}
help =
    写真、アルバム、ファイルとして送った画像、ステッカー、GIF、短い動画のどれかを送ってください。それについて一文でお答えします。{ help-buttons }

    グループでは、頼まれるまで黙っています。写真に /caption と返信するか、自分の写真に /caption か私の名前を書き添えてください。管理者が /auto on とすると、すべての写真にお答えします。

    /alt はコピーできる代替テキストを書きます。/voice on ではすべての説明文を読み上げます。/language では私が話す言語を変えられます。/privacy では何が保存されるかをお伝えします。

    { captions-in }{ photo-goes }。私は間違えます。大事なことでは頼りにしないでください。

command-start = このボットにできること
command-help = 使い方と、写真の扱いについて
command-caption = 写真を説明する
command-alt = 画像の代替テキストを書く（コピー用）
command-voice = 説明文を読み上げるかどうかを選ぶ
command-language = 私が話す言語を選ぶ
command-privacy = 何がどれくらい保存されるか
command-delete = あなたの設定を削除する
command-auto = ここのすべての画像に答えるかどうかを選ぶ
command-stats = どれくらい使われたか（ボットの管理者用）


## Answers

caption = { $caption }
unsure = 自信はありませんが、たぶん：{ $caption }
unsure-of = { $numbers }については自信がありません。
alternatives = こうかもしれません：
alternative = { $caption }
waiting = あなたの写真の前に、あと{ $ahead }枚あります。

button-attention = どこを見た？
button-sheet = 静止画で見る
button-alternatives = ほかの説明文
button-speech = 読み上げ
button-delete = 削除

no-alternatives = これについて、ほかの説明文はありません。
album-line = { $number }. { $caption }
timeline-line = { $time } { $caption }
alt-text-ready = コピーできる代替テキストです。プログラムが書いたので、内容を確認してください：
alt-text-program = （プログラムによる説明。）
alt-text-sure = （プログラムによる説明。ほぼ確かです。）
alt-text-guess = （プログラムによる説明。推測にすぎません。）
alt-text-unsure-words = （プログラムによる説明。確かでない言葉：{ $words }。）

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
    [raw] カメラのRAWファイルは現像できません。プレビュー画像も入っていませんでした。JPEGで送ってください。
   *[other] この種類の画像はわかりません。JPEGかPNGで送ってください。
}
damaged = この画像は最後まで届かなかったか、壊れています。もう一度送ってください。
too_large = このファイルは大きすぎます。{ $limit } MB以下のものを送ってください。
too_many_pixels = この画像はピクセル数が多すぎます。{ $limit }メガピクセル以下に縮小して、もう一度送ってください。
too_small = この画像は小さすぎるか細すぎて、何も見分けられません（{ $width } × { $height }ピクセル）。縦横それぞれ{ $smallest }ピクセル以上で、細長くないものを送ってください。
too_slow = この画像を開くのに時間がかかりすぎたので、中止しました。ふつうのJPEGかPNGで送ってください。
question-empty = 質問が見当たりません。写真について知りたいことを書いてください。
question-too-long = 質問が長すぎます。{ $limit }文字以内で質問してください。


## Not now

queue-full = ただいま、たくさんの写真が順番を待っています。{ $seconds }秒後にもう一度送ってください。
person-busy = 先に送られたものをまだ処理しています。その答えを待ってから、もう一度お試しください。
slow-down = 短い時間にたくさん届きました。続きは{ $seconds }秒後に送ってください。
too-many-photos = 一度に見られる数を超えています。一度に送る写真は{ $limit }枚までにしてください。
queue-unavailable = ただいま写真を受け付けられません。あなたのせいではありません。{ $seconds }秒後にもう一度お試しください。


## It was accepted and then went wrong

bad_photo = この画像を開けませんでした。ふつうのJPEGかPNGで送ってください。
gave_up = 何度か試しましたが、この写真を説明できませんでした。申し訳ありません。別の写真ならできるはずです。
internal = こちらで問題が起きました。あなたのせいではありません。少ししてから、もう一度お試しください。


## Between the platform and us

photo-expired = その写真はもう手元にありません。写真は答えたあとに削除されます。もう一度送ってください。
too-large-to-download = このファイルは大きすぎます。ここでダウンロードできるのは{ $limit } MBまでです。{ $kind ->
    [video] もっと短いか、小さい動画を送ってください。
   *[other] 写真として送るか、小さくしてください。
}
download-failed = このファイルをダウンロードできませんでした。もう一度送ってください。
download-slow = このファイルが届くまでに時間がかかりすぎました。もう一度送ってください。
photo-removed = ダウンロードする前に、その画像は消されていました。
not-a-photo = 私が見られるのは画像だけです。写真を送ってください。くわしくは /help へ。
nothing-to-caption = そこに画像が見当たりません。写真のあるメッセージに { $command } と返信するか、自分の写真に { $command } と書き添えてください。
no-picture-in-message = このメッセージに画像はありません。
cannot-send-files = ここでは画像を送ることが許可されていません。このチャットの管理者が許可できます。
not-ready = まだ起動しているところです。{ $seconds }秒後にもう一度お試しください。
waking = まだ起動しているところです。準備ができたら、まずあなたの写真を見ます。
photo-waits = 今は写真を見られません。あなたの写真は順番を待っています。見られるようになったらお答えします。
speech-unavailable = ここでは読み上げができません。このボットの管理者が設定していないためです。
spoiler-not-spoken = ネタバレなので、ほかの人に聞こえるところでは読み上げません。
not-admitted = このボットは非公開です。使いたいときは管理者に頼んでください。
blocked = このボットの管理者があなたかこのチャットをブロックしているため、ここではお答えできません。
paused = ボットの管理者が私を一時停止しているため、いまは写真を説明していません。あとでもう一度お試しください。


## What people choose

language-name = 日本語
language-auto = アプリの設定どおり
language-chosen = これからは日本語でお話しします。
language-now = 話す言語：{ $bot }。説明文の言語：{ $captions }。
captions-ask = 説明文はどの言語にしましょうか？
captions-auto = 私が話す言語と同じ
captions-unknown = その言語では説明文を書けませんが、次の言語では書けます：{ $languages }。
captions-not-in = { $wanted }の説明文はまだ書けないので、{ $used }で書きます。書ける言語：{ $languages }。
captions-fixed = ボットの管理者の設定により、説明文はすべて{ $language }です。
voice-on = これからは、説明文をすべて読み上げもします。
voice-off = これからは、説明文を読み上げません。
choices-unavailable = ただいま設定を読み込んだり保存したりできません。あとでもう一度お試しください。
privacy =
    { photo-goes }。このボットが写真をディスクに書き込むことはありません。

    説明文は、誰のものかわからない符号のもとに一日だけ保存されます。同じ写真にすぐ答えるためです。

    言語など、あなたが選んだ設定も同じような符号のもとに、最後に必要になったときから一年間保存されます。{ $delete } で削除できます。

    このボットの管理者があなたを許可またはブロックすると、そのためにあなたのIDが、取り消されるまで暗号化して保存され、ログにも残ります。

    あなたのものが何かの学習に使われることはありません。ログにも写真、説明文、名前は残りません。
deleted = 完了しました。あなたの設定を削除しました。写真はもともと保存していません。
owners-only = /stats を見られるのは、このボットの管理者だけです。
stats = この七日間：


## What owners command

owners-only-command = それができるのは、このボットの管理者だけです。
help-owner =
    ボットの管理者の方へ：/access では私を使える人を表示します。/allow、/block、/lift で変更できます。誰かのメッセージに返信するか、/block { $example } のようにIDを付けてください。「here」はそのグループ全体です。/pause と /resume では、すべての場所で説明を停止、再開できます。/stats ではどれくらい使われたかがわかります。
access-how = 誰かのメッセージに { $command } と返信するか、IDを付けてください：{ $command } { $example }。ほかのプラットフォームのIDは discord:12345 のように書きます。グループで { $command } here とすると、グループ全体のことになります。匿名のメッセージは、誰が書いたかわかりません。
access-owner = { $who } はボットの管理者です。管理者はいつでも私を使えます。
access-unchanged = 変更はありません。すでにそうなっています。
access-open = ブロックされた人を除いて、誰でも私を使えます。
access-private = 許可された人だけが私を使えます。
access-allowed = 許可：
access-blocked = ブロック：
access-setting = { $who }（設定ファイルによる）
access-more = … ほか{ $count }件
access-not-kept = これを覚えておくRedisがないため、再起動すると忘れます。
allow-done = 完了しました。{ $who } は私を使えます。
block-done = 完了しました。{ $who } にはもうお答えしません。
lift-done = 完了しました。{ $who } には設定ファイルの内容だけが適用されます。
pause-done = 一時停止中です。管理者が { $resume } を使うまで、どのプラットフォームでも何も説明しません。
resume-done = 写真の説明を再開しました。
block-sure = { $who } をブロックしますか？その人やチャットには、もうお答えしなくなります。
lift-sure = { $who } を、私を使える人の一覧から外しますか？
pause-sure = 一時停止しますか？管理者が再開するまで、どのプラットフォームでも説明文が届かなくなります。
confirm-no = わかりました。何も変更していません。
confirm-not-yours = これに答えられるのは質問された管理者だけで、15分以内に限ります。もう一度コマンドを使ってください。
confirm-twice = この質問にはもう回答がありました。
button-yes = はい
button-no = いいえ


## In groups, and where people type commands

auto-on = これからは、このグループのすべての写真にお答えします。/auto off でやめます。
auto-off = これからは、ここでは頼まれたときだけお答えします。
auto-how = 管理者が /auto on と書くと、このグループのすべての写真にお答えします。/auto off でやめます。
auto-in-groups = それはグループ用です。ここではもともと、すべての写真にお答えします。
auto-not-allowed = それを決められるのは、このグループの管理者だけです。
voice-how = /voice on と書くと、説明文をすべて読み上げもします。/voice off でやめます。
voice-not-welcome = 読み上げようとしましたが、ここではボイスメッセージが許可されていません。/voice off とすると、もう試しません。
language-ask = どの言語でお話ししましょうか？
language-unknown = その言語は話せません。話せるのはこちらです：
deleted-group = 完了しました。あなたの設定とこのグループの設定を削除しました。写真はもともと保存していません。
moving-sticker = この種類のステッカーは動くイラストなので、見られません。スクリーンショットを送ってください。
button-copy = コピー


## The web page

page-description = 写真を送ると、何が起きているかを一文で説明し、それぞれの言葉を書くときにモデルがどこを見たかを示します。
page-description-plain = 写真を送ると、何が起きているかを一文で説明します。
page-title = あなたの写真では何が起きていますか？
page-lead = CaptionBotが写真について一文を書き、それぞれの言葉を書くときにどこを見たかを示します。
page-lead-plain = CaptionBotが写真について一文を書きます。
page-language = 言語
page-captions = 説明文の言語
page-captions-auto = このページと同じ
page-captions-not-in = CaptionBotは{ $wanted }の説明文をまだ書けないので、{ $used }で書きます。
page-length = 説明文の長さ
page-no-script = このページにはJavaScriptが必要です。
page-no-script-api = APIはなくても使えます。
page-aloud = 読み上げる
page-history = 履歴
page-close = 閉じる
page-choose = 写真を選ぶ
page-choose-more = または、ここにドロップか貼り付け（複数可）
page-camera = 写真を撮る
page-drop = ここにドロップ
page-examples = 手元に写真がなければ、この中から試せます：
page-example-astronaut = ほほえむ宇宙飛行士
page-example-photographer = 撮影中のカメラマン
page-example-cat = 猫の顔
page-example-coffee = コーヒーカップ
page-credits = パブリックドメインの写真、提供：
page-address = CaptionBotはウェブのアドレスを開きません
page-address-more = 誰かがほかのサーバーにアクセスさせることのないように、インターネットからは何も取得しません。画像を保存してファイルを選ぶか、画像そのものをコピーしてここに貼り付けてください。
page-photo = あなたの写真
page-result = あなたの写真と説明文
page-sending = 写真を送っています
page-looking = 写真を見ています
page-turn = 順番を待っています
page-waking = CaptionBotはまだ起動中です
page-waking-more = 準備ができしだい、写真を見ます。そのままお待ちください。
page-cancel = キャンセル
page-retry = もう一度試す
page-said = 説明文：{ $caption }
page-sure = CaptionBotはかなり自信がありますが、間違うこともあります。
page-unsure = CaptionBotは自信がありません。推測として読んでください。
page-words = 説明文の言葉
page-words-how = 矢印キーで言葉から言葉へ移ります。それぞれの言葉について、モデルが見た場所を写真に示します。
page-words-move = 矢印キーで言葉から言葉へ移ります。
page-point = 言葉を指すと、どこを見たかがわかります。
page-touch = 言葉に触れると、どこを見たかがわかります。
page-word = 「{ $word }」{ $sure ->
    [yes] ：自信あり
    [likely] ：かなり自信あり
    [no] ：自信なし
   *[unknown] { "" }
}{ $place ->
    [top-left] 、左上を見た
    [top] 、上を見た
    [top-right] 、右上を見た
    [left] 、左を見た
    [middle] 、真ん中を見た
    [right] 、右を見た
    [bottom-left] 、左下を見た
    [bottom] 、下を見た
    [bottom-right] 、右下を見た
    [nowhere] 、特にどこも見ていない
   *[unknown] { "" }
}
page-play = 見た場所を表示
page-stop = 停止
page-read-stop = 読み上げをやめる
page-copied = コピーしました
page-copy-failed = コピーできません
page-copy-alt = 代替テキストをコピー
page-share = 共有
page-share-failed = 共有できませんでした。
page-ask = この写真について質問する
page-ask-send = 質問する
page-ask-hint = どの質問にも写真だけを見て答えます。前の質問と答えは覚えていません。答えが間違っていることもあります。
page-asked = あなたの質問：
page-answered = 答え：
page-others = 候補になった文
page-likely-chosen = 選んだ文
page-likely-near = ほぼ同じくらい
page-likely-less = 可能性は低め
page-likely-little = 可能性はずっと低い
page-download = ダウンロード
page-download-gif = アニメーション（GIF）
page-download-sheet = 一覧画像（PNG）
page-making = 描いています…
page-saved = ダウンロードに保存しました。
page-save-failed = 保存できませんでした。
page-again = 別の写真
page-back = 戻る
page-photos = 写真{ $count }枚
page-album-new = 写真{ $count }枚を説明します。
page-album-captioned = 完了{ $count }枚
page-album-failed = 失敗{ $count }枚
page-album-left = 残り{ $count }枚
page-album-done = すべて終わりました：{ $state }
page-album-add = 写真を追加
page-album-read = すべて読み上げ
page-album-copy = すべてコピー
page-album-over = 最初からやり直す
page-card = 写真{ $number }
page-card-waiting = 送信待ち
page-card-open = 見た場所を見る
page-card-open-which = 見た場所を見る：写真{ $number }
page-card-retry-which = もう一度試す：写真{ $number }
page-open = 開く
page-open-which = 開く：写真{ $number }
page-history-about = 最近の説明文50件と縮小した写真を、このブラウザーの中だけに残します。この一覧の内容はどこにも送られません。この端末をほかの人も使う場合は、履歴を消すか、オフにしてください。
page-history-keep = 履歴を残す
page-history-clear = 履歴を消す
page-history-cleared = 履歴は空になりました。
page-history-clear-failed = 削除できませんでした。ブラウザーでこのサイトのデータを消してください。
page-history-deleted = 削除しました。
page-history-none = まだ何もありません。
page-history-unavailable = このブラウザーでは、このページの履歴を残せません。
page-unreached = サーバーに接続できません
page-unreached-more = 接続を確認して、もう一度お試しください。
page-refused = サーバーが写真を受け付けませんでした
page-refused-large = もっと小さい写真でお試しください。
page-refused-more = しばらくしてからもう一度お試しください。
page-wrong = このページで問題が起きました
page-wrong-more = もう一度お試しください。
page-how = しくみ
page-how-text = ニューラルネットワークが、言葉を一つ書くたびに写真を見直します。明るいところが、見ていた場所です。例から学んだので間違うこともあり、写っている人が誰かはわかりません。
page-how-text-plain = ニューラルネットワークが写真を見て、文を書きます。例から学んだので、間違うこともあります。
page-certainty = どれくらい確かか
page-certainty-text = CaptionBotは、書いた文が写真に合っている確率を見積もります。半分より低ければ、推測だと伝えます。それだけで頼りにできるほど可能性が高い言葉だけを「自信あり」とします。ほかの言葉の確かさは文と同じで、まわりの言葉より可能性が低ければ文より下がります。見ていた場所は、その言葉を書いた理由の手がかりですが、証拠ではありません。
page-certainty-text-plain = CaptionBotは、書いた文が写真に合っている確率を見積もります。半分より低ければ、推測だと伝えます。それだけで頼りにできるほど可能性が高い言葉だけを「自信あり」とします。ほかの言葉の確かさは文と同じで、まわりの言葉より可能性が低ければ文より下がります。
page-yours = 写真はあなたのもの
page-yours-text = 写真はこのサーバー自身のコンピューターにだけ送られ、そのあと忘れられます。さらに知りたくなったときのために、小さなコピーが10分間メモリーに残ります。写真について書かれたことは一日記憶されることがあります。クッキーは使わず、写真から何かを学習することもありません。履歴はあなたのブラウザーにだけ残ります。
# Where a worker sends photos to servers of others. $hosts (String) - their names.
page-yours-text-elsewhere = 写真はこのサーバー自身のコンピューターに送られ、そこから { $hosts } に送られます。そこで何が保存されるかは、ほかの人が決めます。このサーバーでは、そのあと忘れられます。さらに知りたくなったときのために、小さなコピーが10分間メモリーに残ります。写真について書かれたことは一日記憶されることがあります。クッキーは使わず、写真から何かを学習することもありません。履歴はあなたのブラウザーにだけ残ります。
page-yours-text-unknown = 写真はこのサーバー自身のコンピューターに送られます。そこからほかへ送られるかどうかは、まだわかりません。このサーバーでは、そのあと忘れられます。さらに知りたくなったときのために、小さなコピーが10分間メモリーに残ります。写真について書かれたことは一日記憶されることがあります。クッキーは使わず、写真から何かを学習することもありません。履歴はあなたのブラウザーにだけ残ります。
page-api = API
page-api-text = プログラムからは、HTTPで、コマンド一つで同じことができます。
page-api-link = 使い方を見て試す
page-embed = 写真はこのサーバー自身のコンピューターにだけ送られ、そのあと忘れられます。
# $hosts (String) - as above.
page-embed-elsewhere = 写真はこのサーバー自身のコンピューターに送られ、そこから { $hosts } に送られます。そこで何が保存されるかは、ほかの人が決めます。
page-embed-unknown = 写真はこのサーバー自身のコンピューターに送られます。そこからほかへ送られるかどうかは、まだわかりません。


## The web page's refusals

problem-bad_request = リクエストの形が正しくありません
problem-empty = ファイルが空です
problem-missing_photo = フォームに写真がありません
problem-unknown_language = 不明な言語
problem-question_empty = 質問がありません
problem-question_too_long = 質問が長すぎます
problem-not_a_question = 質問を読み取れません
problem-unknown_length = 不明な長さ
problem-not_an_image = 画像ではありません
problem-not_multipart = マルチパートのフォームではありません
problem-unauthorized = キーまたはパスワードが必要です
problem-cross_site = ほかのサイトからは何も送れません
problem-forgotten = 写真はもう忘れられました
problem-not_found = ここには何もありません
problem-method_not_allowed = このアドレスでは使えないメソッドです
problem-upload_too_slow = 送信に時間がかかりすぎました
problem-too_large = 写真が大きすぎます
problem-unsupported = 対応していないファイル形式です
problem-bad_photo = 写真を読み取れません
problem-damaged = 写真が壊れています
problem-too_many_pixels = 写真のピクセル数が多すぎます
problem-too_slow = 写真を開くのに時間がかかりすぎました
problem-too_small = 写真が小さすぎます
problem-person_busy = 一度に送られたリクエストが多すぎます
problem-slow_down = 短い時間にリクエストが多すぎます
problem-internal = ここで問題が起きました
problem-uploads_full = 届いている写真が多すぎます
problem-gave_up = 写真を説明できませんでした
problem-not_ready = まだ準備ができていません
problem-queue_full = 待っている写真が多すぎます
problem-queue_unavailable = ただいま利用できません
problem-paused = 一時停止中です
problem-no_answer = 時間内に答えがありませんでした
detail-bad_request = サーバーがリクエストを読み取れませんでした。
detail-missing_photo = 写真を「{ $field }」という名前のフィールドに入れてください。
detail-unknown_language = 説明文は次の言語で書けます：{ $languages }。
detail-not_a_question = 質問はJSONかフォームで、「{ $field }」という名前のフィールドに入れて送ってください。
detail-unknown_length = 説明文の長さは次の中から選べます：{ $lengths }。
detail-not_multipart = 「{ $field }」という名前のフィールドに写真を入れて、multipart/form-data のフォーム全体を送ってください。
detail-unauthorized = 名前とキーまたはパスワードでサインインしてください。このページの運営者から受け取れます。
detail-cross_site = このサーバーのページか、プログラムをお使いください。
detail-forgotten = 写真が残るのは最長{ $minutes }分です。もう一度送ってください。
detail-not_found = このサーバーにそのアドレスはありません。
detail-method_not_allowed = { $methods } を使ってください。
detail-upload_too_slow = { $seconds }秒以内に届きませんでした。もう一度お試しください。
detail-uploads_full = ただいま多くの写真が届いています。少ししてからもう一度お試しください。
detail-no_answer = { $seconds }秒以内に答えが出ませんでした。しばらくしてからもう一度お試しください。


## What only some models can do

not_offered = ここで使っているモデルには、それができません。
problem-not_offered = このモデルではできません


## Questions about photos, and how long captions are

command-ask = 写真について質問する
command-detail = 説明文の長さを選ぶ
ask-how = 質問は { $command } のあとに書いてください。例：{ $command } 車は何色ですか？ 写真への返信として書くか、自分の写真に書き添えてください。
answer-photo = 写真 { $number } について：{ $caption }
answer-moment = { $time } の時点：{ $caption }
help-ask = 写真について質問するには、私の答えに質問を返信してください。または、写真への返信か自分の写真に /ask と質問を書いてください。
help-detail = /detail では説明文の長さを変えられます。
privacy-questions = 写真について質問すると、質問は写真と同じ道を通り、答えは説明文と同じように保存されます。
length-now = あなたへの説明文の長さ：{ $length }。アルバムと動画では、それぞれ短い一文です。
length-ask = 説明文はどのくらいの長さにしましょうか？
length-short = 短い（一文）
length-alt = 代替テキスト（一、二文）
length-long = 長い（一段落）
length-only-short = ここで使っているモデルは、短い説明文しか書けません。
