### What the bot says on Discord alone.

help-discord =
    /{ name-caption } に画像を5枚まで付けるか、メッセージで「アプリ」から「{ menu-caption }」を選ぶか、画像のあるメッセージで私にメンションしてください。GIFと短い動画も使えます。

    { help-buttons }/{ name-alt } はコピーできる代替テキストを書きます。/{ name-voice } { name-on } ではすべての説明文を読み上げ、/{ name-language } では私が話す言語を変えられます。チャンネルを管理する人が /{ name-auto } { name-on } とすると、そこのすべての画像にお答えします。

    { captions-in }{ photo-goes }。くわしくは /{ name-privacy } へ。私は間違えます。大事なことでは頼りにしないでください。
command-caption-image = 説明してほしい画像
menu-caption = この画像を説明
menu-attention = 見ていた場所を表示
help-owner-discord =
    ボットの管理者の方へ：/owner access では私を使える人を表示します。/owner allow、/owner block、/owner lift で変更できます。/owner pause と /owner resume では、すべての場所で説明を停止、再開できます。/{ name-stats } ではどれくらい使われたかがわかります。
access-how-discord = 人を選ぶか、IDを指定してください。人やサーバーのID、このサーバーなら「here」、ほかのプラットフォームなら telegram:12345 のように書きます。
command-owner = 使える人の管理と一時停止（ボットの管理者用）
command-allow = 人やサーバーに使用を許可する
command-block = 人やサーバーに答えるのをやめる
command-lift = 許可やブロックを取り消す
command-access = 私を使える人を表示する
command-pause = すべてのプラットフォームで写真の説明を停止する
command-resume = 写真の説明を再開する
command-owner-person = 対象の人
command-owner-id = ID。このサーバーなら「here」
no-picture-discord = このメッセージに画像が見当たりません。画像を添付するか、画像のあるメッセージで「アプリ」から「{ menu-caption }」を選んでください。くわしくは /{ name-help } へ。
mention-me-discord = 私のロールだけをメンションしたメッセージの画像は、Discordが見せてくれません。名前でメンションするか、メッセージで「アプリ」から「{ menu-caption }」を選んでください。
alt-photo = この説明文の写真
owners-only-discord = /{ name-stats } を見られるのは、このボットの管理者だけです。
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
command-language-captions = 説明文の言語
command-voice-on = 説明文を読み上げる
command-voice-off = 説明文の読み上げをやめる
command-auto-on = このチャンネルのすべての画像に答える
command-auto-off = このチャンネルでは頼まれたときだけ答える
button-attention-of = どこを見た？（{ $which }）
alt-photo-number = これらの説明文の写真{ $count }枚のうち{ $number }枚目
auto-on-discord = これからは、このチャンネルのすべての画像にお答えします。/{ name-auto } { name-off } でやめます。
auto-off-discord = これからは、ここでは頼まれたときだけお答えします。
auto-not-allowed-discord = それを決められるのは、このチャンネルを管理する人だけです。
auto-needs-intent = このチャンネルに書かれたことが見えません。Discordは、私へのメンションがあるメッセージだけを見せてくれます。このボットの管理者が、Discordで私の「Message Content Intent」を有効にし、設定 CAPTIONBOT_DISCORD_MESSAGE_CONTENT もオンにすれば、見えるようになります。
delete-not-allowed = この答えを削除できるのは、それを頼んだ人か、ここのメッセージを管理する人だけです。
too-large-to-send = 作った画像が大きすぎて、ここに投稿できません。Discordで送れるのは{ $limit } MBまでです。
missing-permission-discord = { $channel } では次の権限がないため、答えられません：{ $permissions }。チャンネルを管理する人が許可できます。
cannot-attach-discord = ここでは画像を投稿できません。チャンネルを管理する人が許可できます：{ $permission }。
permission-view-channel = チャンネルを見る
permission-send-messages = メッセージを送信
permission-send-messages-in-threads = スレッドでメッセージを送信
permission-attach-files = ファイルを添付
permission-read-message-history = メッセージ履歴を読む
command-ask-question = 質問
command-ask-photo = 質問したい画像
command-detail-length = 説明文の長さ
name-ask = 質問
name-detail = 長さ
menu-ask = この写真について質問
help-ask-discord = 写真について質問するには、私の答えに質問を返信するか、/{ name-ask } を使うか、メッセージの「アプリ」から「{ menu-ask }」を選んでください。
help-detail-discord = /{ name-detail } では説明文の長さを変えられます。
