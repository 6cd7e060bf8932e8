### What the bot says on Telegram alone.

description = 写真を送ってください。何が見えるかを一文でお伝え{ $looks ->
    [yes] し、それぞれの言葉を書くときにどこを見ていたかもお見せします
   *[no] します
}。読み上げたり、代替テキストを書いたりもできます。写真がどこに送られるかは、/privacy でお伝えします。
short-description = 写真を一文で説明{ $looks ->
    [yes] し、どこを見たかを示します
   *[no] します
}。このボットは写真を保存しません。
added-to-group = こんにちは！写真を一文で説明します。ここでは、頼まれるまで黙っています。写真に /caption と返信するか、自分の写真に私の名前を書き添えてください。くわしくは /help へ。何が保存されるかは /privacy で見られます。
auto-needs-sight = そうしたいのですが、このグループの写真が見えません。Telegramは、私あてのメッセージだけを見せてくれます。私をここの管理者にするか、このボットの管理者に頼んでBotFatherのコマンド /setprivacy で私のプライバシーモードをオフにしてもらい、そのあと私を追加し直してもらってください。
delete-not-allowed-telegram = この答えを削除できるのは、それを頼んだ人か管理者だけです。
delete-too-late = Telegramでは、このメッセージを私が削除することはもうできません。ご自分で削除できます。
hidden-from-bots = ストーリーや有料投稿の中身は、Telegramが見せてくれません。画像そのものを送ってください。
cannot-cover = Telegramではこの画像を隠せません。写真がネタバレなので、送りません。
button-album = アルバム全体
privacy-questions-telegram = 写真について質問すると、質問は写真と同じ道を通り、答えは説明文と同じように保存されます。答えへの返信で質問できるように、その写真の Telegram 上の ID が暗号化されて一日だけ保存されます。{ $delete } で削除できます。
