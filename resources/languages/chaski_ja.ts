<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ja" sourcelanguage="en">
    <context>
        <name>chaski</name>
        <message>
            <location filename="../../gui/activity/activity_view.py" />
            <source>Downloads, conversions and measurements stand here while they go on, and what came of them.</source>
            <translation>ダウンロード、変換、測定の進み具合と結果がここに表示されます。</translation>
        </message>
        <message>
            <location filename="../../gui/activity/activity_view.py" />
            <source>Activity</source>
            <translation>進行状況</translation>
        </message>
        <message>
            <location filename="../../gui/activity/activity_view.py" />
            <source>Clear finished</source>
            <translation>終了した項目を消去</translation>
        </message>
        <message>
            <location filename="../../gui/activity/activity_view.py" />
            <source>Take them off the list</source>
            <translation>一覧から消します</translation>
        </message>
        <message>
            <location filename="../../gui/activity/activity_view.py" />
            <source>Nothing goes on</source>
            <translation>進行中の作業はありません</translation>
        </message>
        <message>
            <location filename="../../gui/app.py" />
            <source>The language changes as soon as what goes on here has ended</source>
            <translation>進行中の作業が終わり次第、言語を切り替えます</translation>
        </message>
        <message>
            <location filename="../../gui/chat/actions.py" />
            <location filename="../../gui/chat/compare_column.py" />
            <location filename="../../gui/shortcuts.py" />
            <source>Copy the answer</source>
            <translation>回答をコピー</translation>
        </message>
        <message>
            <location filename="../../gui/chat/actions.py" />
            <location filename="../../gui/shortcuts.py" />
            <source>Answer again</source>
            <translation>もう一度回答</translation>
        </message>
        <message>
            <location filename="../../gui/chat/actions.py" />
            <source>Edit the answer</source>
            <translation>回答を編集</translation>
        </message>
        <message>
            <location filename="../../gui/chat/actions.py" />
            <source>Go on in a new chat from here</source>
            <translation>ここから新しいチャットで続ける</translation>
        </message>
        <message>
            <location filename="../../gui/chat/actions.py" />
            <source>More to do with this answer</source>
            <translation>この回答のその他の操作</translation>
        </message>
        <message>
            <location filename="../../gui/chat/actions.py" />
            <source>Earlier answer</source>
            <translation>前の回答</translation>
        </message>
        <message>
            <location filename="../../gui/chat/actions.py" />
            <source>Later answer</source>
            <translation>次の回答</translation>
        </message>
        <message>
            <location filename="../../gui/chat/actions.py" />
            <location filename="../../gui/chat/question.py" />
            <source>{i} of {n}</source>
            <translation>{i} / {n}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/actions.py" />
            <source>Answer again once this answer has ended</source>
            <translation>この回答が終わったら、もう一度回答します</translation>
        </message>
        <message>
            <location filename="../../gui/chat/answer.py" />
            <source>Answer</source>
            <translation>回答</translation>
        </message>
        <message>
            <location filename="../../gui/chat/answer.py" />
            <source>Waiting for the model</source>
            <translation>モデルを待っています</translation>
        </message>
        <message>
            <location filename="../../gui/chat/answer.py" />
            <location filename="../../gui/chat/microscope.py" />
            <source>Reading {n:,} tokens</source>
            <translation>{n:,} トークンを読んでいます</translation>
        </message>
        <message>
            <location filename="../../gui/chat/answer.py" />
            <source>Reading {n:,} tokens again, as this model cannot go back there</source>
            <translation>{n:,} トークンを読み直しています（このモデルはその位置まで戻れません）</translation>
        </message>
        <message>
            <location filename="../../gui/chat/answer.py" />
            <location filename="../../gui/chat/thought.py" />
            <source>Thinking…</source>
            <translation>考えています…</translation>
        </message>
        <message>
            <location filename="../../gui/chat/asking.py" />
            <source>Asked as soon as this answer has ended</source>
            <translation>この回答が終わり次第、質問します</translation>
        </message>
        <message>
            <location filename="../../gui/chat/asking.py" />
            <source>Asked as soon as the model is ready</source>
            <translation>モデルの準備ができ次第、質問します</translation>
        </message>
        <message>
            <location filename="../../gui/chat/asking.py" />
            <source>Sent as soon as {model} is ready</source>
            <translation>{model} の準備ができ次第、送信します</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attached_row.py" />
            <location filename="../../gui/widgets/bars.py" />
            <source>Attachments</source>
            <translation>添付ファイル</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attaching.py" />
            <source>Pasted text</source>
            <translation>貼り付けたテキスト</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attaching.py" />
            <source>Attach files: text, code, PDF, DOCX, EPUB, spreadsheets</source>
            <translation>ファイルを添付: テキスト、コード、PDF、DOCX、EPUB、表計算</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attaching.py" />
            <source>Attach</source>
            <translation>添付</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attaching.py" />
            <location filename="../../gui/chat/edited_files.py" />
            <location filename="../../gui/chat/inline_edit.py" />
            <location filename="../../gui/commands.py" />
            <source>Attach files</source>
            <translation>ファイルの添付</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attaching.py" />
            <source>A message can have {n} attachments; the others were left out.</source>
            <translation>1 件のメッセージの添付は {n} 個までのため、残りは添付しませんでした。</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attaching.py" />
            <location filename="../../gui/chat/edited_files.py" />
            <source>A message can have {n} attachments.</source>
            <translation>1 件のメッセージの添付は {n} 個までです。</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attaching.py" />
            <source>“{file}” was taken away</source>
            <translation>「{file}」を外しました</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attaching.py" />
            <source>Put into the message</source>
            <translation>メッセージに入れる</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attaching.py" />
            <location filename="../../gui/chat/edited_files.py" />
            <source>reading…</source>
            <translation>読み込み中…</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attaching.py" />
            <source>{file} is being read</source>
            <translation>{file} を読み込んでいます</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attaching.py" />
            <source>Reading {file}</source>
            <translation>{file} を読み込み中</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attaching.py" />
            <location filename="../../gui/chat/words.py" />
            <location filename="../../gui/library/defaults_form.py" />
            <location filename="../../gui/library/detail.py" />
            <location filename="../../gui/settings/settings_view.py" />
            <source>{n:,} tokens</source>
            <translation>{n:,} トークン</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attaching.py" />
            <source>About {n:,} tokens</source>
            <translation>約 {n:,} トークン</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attaching.py" />
            <source>{tokens}: more than the {size:,} that this model can look back on</source>
            <translation>{tokens}。このモデルがさかのぼれる {size:,} トークンを超えています</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attaching.py" />
            <source>{tokens}, but only {n:,} of {size:,} are free</source>
            <translation>{tokens}。空きは {size:,} トークン中 {n:,} トークンです</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attaching.py" />
            <source>{tokens}, about {time:duration} to read</source>
            <translation>{tokens}、読むのに約 {time:duration}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attaching.py" />
            <source>Documents and text ({patterns});;All files (*)</source>
            <translation>文書とテキスト ({patterns});;すべてのファイル (*)</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attaching.py" />
            <source>{n} tokens</source>
            <translation>{n} トークン</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attaching.py" />
            <source>≈ {n} tokens</source>
            <translation>約 {n} トークン</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attaching.py" />
            <source>about {n:,} tokens</source>
            <translation>約 {n:,} トークン</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attachment_sheet.py" />
            <location filename="../../gui/prose/prose.py" />
            <location filename="../../gui/workshop/loss_words.py" />
            <source>Text</source>
            <translation>テキスト</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attachment_sheet.py" />
            <location filename="../../gui/prose/table.py" />
            <location filename="../../gui/workshop/loss_panel.py" />
            <source>Table</source>
            <translation>表</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attachment_sheet.py" />
            <source>Web page</source>
            <translation>ウェブページ</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attachment_sheet.py" />
            <source>Word document</source>
            <translation>Word 文書</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attachment_sheet.py" />
            <source>E-book</source>
            <translation>電子書籍</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attachment_sheet.py" />
            <source>Spreadsheet</source>
            <translation>表計算</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attachment_sheet.py" />
            <location filename="../../gui/prose/code.py" />
            <source>Code</source>
            <translation>コード</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attachment_sheet.py" />
            <source>{n:,} {n:page|pages}</source>
            <translation>{n:,} ページ</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attachment_sheet.py" />
            <source>{n:,} {n:chapter|chapters}</source>
            <translation>{n:,} 章</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attachment_sheet.py" />
            <source>{n:,} {n:sheet|sheets}</source>
            <translation>{n:,} シート</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attachment_sheet.py" />
            <source>{n:,} {n:letter|letters}</source>
            <translation>{n:,} 文字</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attachment_sheet.py" />
            <source>What the model reads of {file}</source>
            <translation>{file} のうちモデルが読む内容</translation>
        </message>
        <message>
            <location filename="../../gui/chat/book.py" />
            <location filename="../../gui/chat/chat_list.py" />
            <location filename="../../gui/chat/end_note.py" />
            <location filename="../../gui/chat/words.py" />
            <location filename="../../gui/commands.py" />
            <location filename="../../gui/shortcuts.py" />
            <source>New chat</source>
            <translation>新しいチャット</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <source>New folder</source>
            <translation>新しいフォルダ</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <source>Temporary chat</source>
            <translation>一時的なチャット</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <location filename="../../gui/library/menus.py" />
            <source>Rename</source>
            <translation>名前の変更</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <source>Duplicate</source>
            <translation>複製</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <location filename="../../gui/chat/prompt_library.py" />
            <source>Delete</source>
            <translation>削除</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <source>Unpin</source>
            <translation>ピン留めを解除</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <source>Pin</source>
            <translation>ピン留め</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <source>No folder</source>
            <translation>フォルダなし</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <source>New folder…</source>
            <translation>新しいフォルダ…</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <source>Move to folder</source>
            <translation>フォルダに移動</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <source>The folder “{name}” was made</source>
            <translation>フォルダ「{name}」を作成しました</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <source>Remove folder, keep its chats</source>
            <translation>フォルダを削除（チャットは残す）</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <source>Remove folder</source>
            <translation>フォルダを削除</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <source>Open</source>
            <translation>開く</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <location filename="../../gui/chat/prompt_library.py" />
            <location filename="../../gui/chat/trash_sheet.py" />
            <location filename="../../gui/widgets/dialogs.py" />
            <source>Close</source>
            <translation>閉じる</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <source>The folder “{name}” was removed</source>
            <translation>フォルダ「{name}」を削除しました</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <source>Import chats…</source>
            <translation>チャットの読み込み…</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <source>Deleted chats…</source>
            <translation>削除したチャット…</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <source>Compare two answers…</source>
            <translation>2 つの回答を比較…</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <source>New temporary chat</source>
            <translation>新しい一時的なチャット</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <source>New window</source>
            <translation>新しいウィンドウ</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <source>List of chats</source>
            <translation>チャットの一覧</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <source>Keep this chat</source>
            <translation>このチャットを保存</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <location filename="../../gui/chat/find_bar.py" />
            <source>Find in this chat</source>
            <translation>このチャットを検索</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_files.py" />
            <source>Markdown…</source>
            <translation>Markdown…</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_files.py" />
            <source>Markdown (*.md)</source>
            <translation>Markdown (*.md)</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_files.py" />
            <source>Web page…</source>
            <translation>ウェブページ…</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_files.py" />
            <source>Web page (*.html)</source>
            <translation>ウェブページ (*.html)</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_files.py" />
            <source>PDF…</source>
            <translation>PDF…</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_files.py" />
            <source>PDF (*.pdf)</source>
            <translation>PDF (*.pdf)</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_files.py" />
            <source>Word document…</source>
            <translation>Word 文書…</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_files.py" />
            <source>Word document (*.docx)</source>
            <translation>Word 文書 (*.docx)</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_files.py" />
            <source>JSON, with all branches…</source>
            <translation>JSON（すべての分岐）…</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_files.py" />
            <source>JSON (*.json)</source>
            <translation>JSON (*.json)</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_files.py" />
            <source>Chats (*.json *.jsonl *.zip *.chat);;All files (*)</source>
            <translation>チャット (*.json *.jsonl *.zip *.chat);;すべてのファイル (*)</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_files.py" />
            <source>Export</source>
            <translation>書き出し</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_files.py" />
            <source>Print…</source>
            <translation>印刷…</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_files.py" />
            <source>Export the chat</source>
            <translation>チャットの書き出し</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_files.py" />
            <source>“{title}” was written to {file}</source>
            <translation>「{title}」を {file} に書き出しました</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_files.py" />
            <source>Import chats</source>
            <translation>チャットの読み込み</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_files.py" />
            <source>Importing chats from {file}</source>
            <translation>{file} からチャットを読み込み中</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_files.py" />
            <source>{n:,} {n:chat was|chats were} imported</source>
            <translation>チャット {n:,} 件を読み込みました</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_files.py" />
            <source>{imported}; {n:,} {n:file|files} could not be read, among them {file}</source>
            <translation>{imported}。{file} など {n:,} 個のファイルを読み込めませんでした</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_files.py" />
            <location filename="../../gui/discover/offer_row.py" />
            <location filename="../../gui/discover/offer_table.py" />
            <location filename="../../gui/library/detail.py" />
            <location filename="../../gui/library/menus.py" />
            <location filename="../../gui/shortcuts.py" />
            <location filename="../../gui/widgets/work_card.py" />
            <source>Chat</source>
            <translation>チャット</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_header.py" />
            <source>opens with your message</source>
            <translation>メッセージで開きます</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_header.py" />
            <location filename="../../gui/chat/starts.py" />
            <source>Stop opening the model</source>
            <translation>モデルを開くのを中止</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_header.py" />
            <source>Parameters: how the model chooses its words</source>
            <translation>パラメータ: モデルが言葉を選ぶ方法</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_header.py" />
            <location filename="../../gui/library/detail.py" />
            <source>More</source>
            <translation>その他</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_header.py" />
            <source>Show the list of chats</source>
            <translation>チャットの一覧を表示</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_header.py" />
            <source>Title of the chat</source>
            <translation>チャットのタイトル</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_header.py" />
            <location filename="../../gui/chat/compare_column.py" />
            <location filename="../../gui/chat/model_pill.py" />
            <source>Choose a model</source>
            <translation>モデルを選択</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_header.py" />
            <location filename="../../gui/library/library_view.py" />
            <location filename="../../gui/library/model_list.py" />
            <location filename="../../gui/library/parts.py" />
            <location filename="../../gui/settings/settings_view.py" />
            <source>Models</source>
            <translation>モデル</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_header.py" />
            <location filename="../../gui/library/parts.py" />
            <source>Search models</source>
            <translation>モデルを検索</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_header.py" />
            <source>{model}, {type}, {size:file}
This chat can look back on {n:,} tokens; the model was trained on {most:,}</source>
            <translation>{model}、{type}、{size:file}
このチャットでは {n:,} トークンまでさかのぼれます。モデルの学習時は {most:,} トークンです</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_header.py" />
            <location filename="../../gui/chat/chat_pages.py" />
            <source>opening</source>
            <translation>読み込み中</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_header.py" />
            <source>opening, {fraction:.0%}</source>
            <translation>読み込み中、{fraction:.0%}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_lines.py" />
            <source>being answered</source>
            <translation>回答中</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_lines.py" />
            <location filename="../../gui/chat/daily_cards.py" />
            <source>answered, not seen yet</source>
            <translation>回答済み、未読</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_lines.py" />
            <source>Pinned</source>
            <translation>ピン留め</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_lines.py" />
            <source>{folder}, empty folder</source>
            <translation>{folder}、空のフォルダ</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_lines.py" />
            <source>{folder}, folder with {n:,} {n:chat|chats}, open</source>
            <translation>{folder}、チャット {n:,} 件のフォルダ、開いた状態</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_lines.py" />
            <source>{folder}, folder with {n:,} {n:chat|chats}, closed</source>
            <translation>{folder}、チャット {n:,} 件のフォルダ、閉じた状態</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_lines.py" />
            <location filename="../../gui/chat/trash_sheet.py" />
            <source>{n:,} {n:message|messages}</source>
            <translation>メッセージ {n:,} 件</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_list.py" />
            <source>Search titles and messages (Ctrl+Shift+F); Return goes from place to place in the open chat</source>
            <translation>タイトルとメッセージを検索（Ctrl+Shift+F）。Enter で、開いているチャットの中を順に移動します</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_list.py" />
            <source>Hide the list of chats</source>
            <translation>チャットの一覧を隠す</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_list.py" />
            <location filename="../../gui/commands.py" />
            <source>Search chats</source>
            <translation>チャットを検索</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_list.py" />
            <location filename="../../gui/chat/chat_view.py" />
            <source>Chats</source>
            <translation>チャット</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_list.py" />
            <source>No chat has these words</source>
            <translation>この語を含むチャットはありません</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_list.py" />
            <source>Your chats will stand here</source>
            <translation>チャットがここに表示されます</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_list_paint.py" />
            <source>Title</source>
            <translation>タイトル</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_list_paint.py" />
            <source>empty</source>
            <comment>a folder</comment>
            <translation>空</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_pages.py" />
            <source>Ask now; the guide answers as soon as it is ready</source>
            <translation>今すぐ質問できます。準備ができ次第、ガイドが回答します</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_pages.py" />
            <source>Ask now; {model} answers as soon as it is ready</source>
            <translation>今すぐ質問できます。準備ができ次第、{model} が回答します</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_pages.py" />
            <source>Message {model} – a temporary chat, nothing of it is written</source>
            <translation>{model} へのメッセージ（一時的なチャット。何も保存されません）</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_pages.py" />
            <source>Message {model}</source>
            <translation>{model} へのメッセージ</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_pages.py" />
            <source>Choose a model to go on</source>
            <translation>続けるには、モデルを選んでください</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_pages.py" />
            <source>Opening {model} again: {step}</source>
            <translation>{model} を開き直しています: {step}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_panels.py" />
            <source>“{name}” was deleted</source>
            <translation>「{name}」を削除しました</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_panels.py" />
            <source>The guide keeps its values; save yours as a preset instead.</source>
            <translation>ガイドの値は変えられません。代わりにプリセットとして保存してください。</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_panels.py" />
            <source>New chats with {model} begin with these values</source>
            <translation>{model} との新しいチャットは、この値で始まります</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_panels.py" />
            <source>New chats begin with “{preset}”</source>
            <translation>新しいチャットは「{preset}」で始まります</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_panels.py" />
            <source>New chats begin with the model’s own values</source>
            <translation>新しいチャットは、モデル固有の値で始まります</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_view.py" />
            <source>Drop a model to open it, or a document to attach it</source>
            <translation>モデルをドロップすると開き、文書をドロップすると添付します</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_view.py" />
            <source>{name} could not be opened</source>
            <translation>{name} を開けませんでした</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_view.py" />
            <source>The temporary chat was left; nothing of it is kept</source>
            <translation>一時的なチャットを終了しました。内容は残っていません</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_view.py" />
            <source>The chat</source>
            <translation>チャット</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_view.py" />
            <source>“{title}” was deleted</source>
            <translation>「{title}」を削除しました</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_view.py" />
            <source>The prompt can be shown as soon as the model is open and free.</source>
            <translation>モデルが開いて手が空き次第、プロンプトを表示できます。</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_view.py" />
            <source>The guide always opens as it comes with the program.</source>
            <translation>ガイドは、いつもプログラムに付属する設定で開きます。</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chats.py" />
            <source>answering now, {n:,} {n:word|words}</source>
            <translation>回答中、{n:,} 語</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chats.py" />
            <source>reading, {fraction:.0%}</source>
            <translation>読んでいます、{fraction:.0%}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chats.py" />
            <source>{title} (copy)</source>
            <translation>{title}（コピー）</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chats.py" />
            <source>{title} (branch)</source>
            <translation>{title}（分岐）</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare.py" />
            <source>Choose another model above, or another temperature; then let both sides answer.</source>
            <translation>上で別のモデルか別の温度を選び、両側に回答させてください。</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare.py" />
            <source>Both models do not fit into memory at once. This one answers when the other has, in its room.</source>
            <translation>両方のモデルは同時にメモリに収まりません。もう一方が回答したあと、入れ替えて回答します。</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare.py" />
            <source>Compare</source>
            <translation>比較</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare.py" />
            <source>Answer on both sides</source>
            <translation>両側で回答</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare.py" />
            <source>Keep one</source>
            <translation>片方を残す</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare.py" />
            <source>Put one of the answers into the chat</source>
            <translation>どちらかの回答をチャットに入れます</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare.py" />
            <source>Leave the comparison: Esc</source>
            <translation>比較を終了: Esc</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare.py" />
            <source>A new question</source>
            <translation>新しい質問</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare.py" />
            <source>The model's own values</source>
            <translation>モデル固有の値</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare.py" />
            <location filename="../../gui/chat/preset_row.py" />
            <location filename="../../gui/settings/settings_view.py" />
            <source>Preset</source>
            <translation>プリセット</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare.py" />
            <location filename="../../gui/chat/composer.py" />
            <location filename="../../gui/chat/system_prompt.py" />
            <location filename="../../gui/commands.py" />
            <location filename="../../gui/library/defaults_form.py" />
            <location filename="../../gui/widgets/bars.py" />
            <source>System prompt</source>
            <translation>システムプロンプト</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare.py" />
            <source>As in the chat</source>
            <translation>チャットと同じ</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare.py" />
            <location filename="../../gui/settings/folders_card.py" />
            <location filename="../../gui/settings/settings_view.py" />
            <source>None</source>
            <translation>なし</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare.py" />
            <source>System prompt: {name}</source>
            <translation>システムプロンプト: {name}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare.py" />
            <source>Opening {model}…</source>
            <translation>{model} を開いています…</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare.py" />
            <source>Left</source>
            <translation>左</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare.py" />
            <source>Right</source>
            <translation>右</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare_column.py" />
            <source>the model's own values</source>
            <translation>モデル固有の値</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare_column.py" />
            <source>Choose the model of this side</source>
            <translation>こちら側のモデルを選択</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare_column.py" />
            <source>Answer again on this side</source>
            <translation>こちら側でもう一度回答</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare_column.py" />
            <source>Keep this answer</source>
            <translation>この回答を残す</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare_column.py" />
            <source>Stop this answer</source>
            <translation>この回答を停止</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare_column.py" />
            <source>How this side chooses its words: {how}</source>
            <translation>こちら側の言葉の選び方: {how}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare_column.py" />
            <source>{name}: choose the model of this side</source>
            <translation>{name}: こちら側のモデルを選択</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare_column.py" />
            <source>temperature {temperature:g}</source>
            <translation>温度 {temperature:g}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/comparing.py" />
            <source>Write a question first, or open a chat that has one</source>
            <translation>先に質問を書くか、質問のあるチャットを開いてください</translation>
        </message>
        <message>
            <location filename="../../gui/chat/comparing.py" />
            <source>This answer is still being written</source>
            <translation>この回答はまだ書いている途中です</translation>
        </message>
        <message>
            <location filename="../../gui/chat/comparing.py" />
            <source>{file} is still being read</source>
            <translation>{file} をまだ読み込んでいます</translation>
        </message>
        <message>
            <location filename="../../gui/chat/comparing.py" />
            <source>The comparison was left</source>
            <translation>比較を終了しました</translation>
        </message>
        <message>
            <location filename="../../gui/chat/composer.py" />
            <source>What the model is told before the conversation begins</source>
            <translation>会話が始まる前にモデルに伝える内容</translation>
        </message>
        <message>
            <location filename="../../gui/chat/composer.py" />
            <source>Whether the model thinks before it answers, and how long</source>
            <translation>回答の前にモデルが考えるかどうかと、その長さ</translation>
        </message>
        <message>
            <location filename="../../gui/chat/composer.py" />
            <source>Send; write something first</source>
            <translation>送信（先に何か書いてください）</translation>
        </message>
        <message>
            <location filename="../../gui/chat/composer.py" />
            <location filename="../../gui/chat/message_menu.py" />
            <source>Message</source>
            <translation>メッセージ</translation>
        </message>
        <message>
            <location filename="../../gui/chat/composer.py" />
            <location filename="../../gui/chat/parameters.py" />
            <source>Thinking</source>
            <translation>思考</translation>
        </message>
        <message>
            <location filename="../../gui/chat/composer.py" />
            <location filename="../../gui/shortcuts.py" />
            <source>Send</source>
            <translation>送信</translation>
        </message>
        <message>
            <location filename="../../gui/chat/composer.py" />
            <source>Choose a model first</source>
            <translation>先にモデルを選んでください</translation>
        </message>
        <message>
            <location filename="../../gui/chat/composer.py" />
            <source>System prompt is set</source>
            <translation>システムプロンプトを設定済み</translation>
        </message>
        <message>
            <location filename="../../gui/chat/composer.py" />
            <source>Thinking: {how}</source>
            <translation>思考: {how}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/composer.py" />
            <source>{tip}; now: {how}</source>
            <translation>{tip}。現在: {how}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/composer.py" />
            <location filename="../../gui/settings/updates_card.py" />
            <source>Stop</source>
            <translation>停止</translation>
        </message>
        <message>
            <location filename="../../gui/chat/conversation.py" />
            <source>The model wanted to call a tool; this version runs none.</source>
            <translation>モデルがツールを呼び出そうとしましたが、このバージョンはツールを実行しません。</translation>
        </message>
        <message>
            <location filename="../../gui/chat/conversation.py" />
            <source>This exchange alone fills the context of {size:,} tokens.</source>
            <translation>このやりとりだけで、{size:,} トークンのコンテキストがいっぱいです。</translation>
        </message>
        <message>
            <location filename="../../gui/chat/daily.py" />
            <source>Nothing you write leaves this computer.</source>
            <translation>あなたが書いたことが、このコンピュータの外に出ることはありません。</translation>
        </message>
        <message>
            <location filename="../../gui/chat/daily.py" />
            <source>Good morning</source>
            <translation>おはようございます</translation>
        </message>
        <message>
            <location filename="../../gui/chat/daily.py" />
            <source>Good afternoon</source>
            <translation>こんにちは</translation>
        </message>
        <message>
            <location filename="../../gui/chat/daily.py" />
            <source>Good evening</source>
            <translation>こんばんは</translation>
        </message>
        <message>
            <location filename="../../gui/chat/daily.py" />
            <source>Answers:</source>
            <translation>回答するモデル:</translation>
        </message>
        <message>
            <location filename="../../gui/chat/daily.py" />
            <source>Get another</source>
            <translation>別のモデルを入手</translation>
        </message>
        <message>
            <location filename="../../gui/chat/daily.py" />
            <source>Find a model that runs well here</source>
            <translation>ここで快適に動作するモデルを探します</translation>
        </message>
        <message>
            <location filename="../../gui/chat/daily.py" />
            <source>Go on with</source>
            <translation>続きから</translation>
        </message>
        <message>
            <location filename="../../gui/chat/daily_cards.py" />
            <source>answering now</source>
            <translation>回答中</translation>
        </message>
        <message>
            <location filename="../../gui/chat/daily_cards.py" />
            <source>Go on with {title}</source>
            <translation>{title} を続ける</translation>
        </message>
        <message>
            <location filename="../../gui/chat/daily_cards.py" />
            <source>“{text}”</source>
            <translation>「{text}」</translation>
        </message>
        <message>
            <location filename="../../gui/chat/edited_files.py" />
            <source>{name} is being read</source>
            <translation>{name} を読み込んでいます</translation>
        </message>
        <message>
            <location filename="../../gui/chat/end_note.py" />
            <source>Ended at the longest reply that is set in Parameters.</source>
            <translation>「パラメータ」で設定した回答の最大長で終わりました。</translation>
        </message>
        <message>
            <location filename="../../gui/chat/end_note.py" />
            <source>Stopped before its end.</source>
            <translation>途中で停止しました。</translation>
        </message>
        <message>
            <location filename="../../gui/chat/end_note.py" />
            <source>Broken off before its end.</source>
            <translation>途中で切れました。</translation>
        </message>
        <message>
            <location filename="../../gui/chat/end_note.py" />
            <source>Stopped before its first word.</source>
            <translation>最初の語の前に停止しました。</translation>
        </message>
        <message>
            <location filename="../../gui/chat/end_note.py" />
            <source>Open the model with a larger context</source>
            <translation>コンテキストを長くしてモデルを開きます</translation>
        </message>
        <message>
            <location filename="../../gui/chat/end_note.py" />
            <location filename="../../gui/workshop/place_card.py" />
            <source>Continue</source>
            <translation>続行</translation>
        </message>
        <message>
            <location filename="../../gui/chat/end_note.py" />
            <source>Go on with this answer where it was cut</source>
            <translation>回答を、切れたところから続けます</translation>
        </message>
        <message>
            <location filename="../../gui/chat/end_note.py" />
            <source>Go on without the oldest messages</source>
            <translation>最も古いメッセージを除いて続ける</translation>
        </message>
        <message>
            <location filename="../../gui/chat/end_note.py" />
            <source>They stay in this chat; the model does not read them any more</source>
            <translation>チャットには残りますが、モデルはもう読みません</translation>
        </message>
        <message>
            <location filename="../../gui/chat/end_note.py" />
            <location filename="../../gui/parameter_list.py" />
            <source>Keep the beginning and the end</source>
            <translation>最初と最後を残す</translation>
        </message>
        <message>
            <location filename="../../gui/chat/end_note.py" />
            <source>The model goes on reading the first exchange and the last ones; all stay in this chat</source>
            <translation>モデルは最初のやりとりと最近のやりとりを読み続けます。チャットにはすべて残ります</translation>
        </message>
        <message>
            <location filename="../../gui/chat/end_note.py" />
            <source>Begin a new chat with this model</source>
            <translation>このモデルで新しいチャットを始めます</translation>
        </message>
        <message>
            <location filename="../../gui/chat/end_note.py" />
            <source>Why a chat becomes full</source>
            <translation>チャットがいっぱいになる理由</translation>
        </message>
        <message>
            <location filename="../../gui/chat/error_card.py" />
            <source>Open another file</source>
            <translation>別のファイルを開く</translation>
        </message>
        <message>
            <location filename="../../gui/chat/error_card.py" />
            <source>Dismiss</source>
            <translation>閉じる</translation>
        </message>
        <message>
            <location filename="../../gui/chat/find_bar.py" />
            <source>Return goes to the next place, Shift+Return back; Ctrl+F again: in all chats; Esc ends it</source>
            <translation>Enter で次の箇所、Shift+Enter で前の箇所に移動します。もう一度 Ctrl+F を押すとすべてのチャットを検索し、Esc で終了します</translation>
        </message>
        <message>
            <location filename="../../gui/chat/find_bar.py" />
            <source>Places</source>
            <translation>箇所</translation>
        </message>
        <message>
            <location filename="../../gui/chat/find_bar.py" />
            <source>The place before: Shift+Return</source>
            <translation>前の箇所: Shift+Enter</translation>
        </message>
        <message>
            <location filename="../../gui/chat/find_bar.py" />
            <source>The next place: Return</source>
            <translation>次の箇所: Enter</translation>
        </message>
        <message>
            <location filename="../../gui/chat/find_bar.py" />
            <location filename="../../gui/chat/token_card.py" />
            <source>Close: Esc</source>
            <translation>閉じる: Esc</translation>
        </message>
        <message>
            <location filename="../../gui/chat/find_bar.py" />
            <location filename="../../gui/workshop/tensor_errors.py" />
            <source>none</source>
            <translation>なし</translation>
        </message>
        <message>
            <location filename="../../gui/chat/find_bar.py" />
            <source>{i:,} of {n:,}</source>
            <translation>{i:,} / {n:,}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/gauge.py" />
            <source>The model opens again and needs {size:memory} then</source>
            <translation>モデルを開き直します。その際 {size:memory} 必要です</translation>
        </message>
        <message>
            <location filename="../../gui/chat/gauge.py" />
            <source>Reopen with {n} context</source>
            <translation>コンテキスト {n} で開き直す</translation>
        </message>
        <message>
            <location filename="../../gui/chat/gauge.py" />
            <source>Free	{n:,} of {size:,}</source>
            <translation>空き	{n:,} / {size:,}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/gauge.py" />
            <source>When it is full:</source>
            <translation>いっぱいのとき:</translation>
        </message>
        <message>
            <location filename="../../gui/chat/gauge.py" />
            <source>Reopen with {n} context	{size:memory}</source>
            <translation>コンテキスト {n} で開き直す	{size:memory}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/gauge.py" />
            <location filename="../../gui/chat/model_picker.py" />
            <source>Context, threads, cache…</source>
            <translation>コンテキスト、スレッド、キャッシュ…</translation>
        </message>
        <message>
            <location filename="../../gui/chat/gauge.py" />
            <source>Show the prompt…</source>
            <translation>プロンプトを表示…</translation>
        </message>
        <message>
            <location filename="../../gui/chat/guide.py" />
            <source>Questions to begin with</source>
            <translation>最初の質問の例</translation>
        </message>
        <message>
            <location filename="../../gui/chat/guide.py" />
            <source>Ask the guide this</source>
            <translation>これをガイドに質問します</translation>
        </message>
        <message>
            <location filename="../../gui/chat/guide.py" />
            <location filename="../../gui/chat/starts.py" />
            <source>Reading the file</source>
            <translation>ファイルを読み込み中</translation>
        </message>
        <message>
            <location filename="../../gui/chat/guide.py" />
            <source>The guide is getting ready{percent}; only this first time, for your processor</source>
            <translation>ガイドを準備しています{percent}。このプロセッサ用の準備で、初回だけです</translation>
        </message>
        <message>
            <location filename="../../gui/chat/guide.py" />
            <source>The guide is getting ready{percent}</source>
            <translation>ガイドを準備しています{percent}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/inline_edit.py" />
            <source>Edit the message</source>
            <translation>メッセージを編集</translation>
        </message>
        <message>
            <location filename="../../gui/chat/inline_edit.py" />
            <location filename="../../gui/chat/opening_sheet.py" />
            <location filename="../../gui/chat/starts.py" />
            <location filename="../../gui/widgets/confirm.py" />
            <location filename="../../gui/workshop/job_card.py" />
            <location filename="../../gui/workshop/loss_card.py" />
            <source>Cancel</source>
            <translation>キャンセル</translation>
        </message>
        <message>
            <location filename="../../gui/chat/inline_edit.py" />
            <source>Reading {name}</source>
            <translation>{name} を読み込み中</translation>
        </message>
        <message>
            <location filename="../../gui/chat/inline_edit.py" />
            <source>Save and ask again</source>
            <translation>保存してもう一度質問</translation>
        </message>
        <message>
            <location filename="../../gui/chat/inline_edit.py" />
            <source>Save</source>
            <translation>保存</translation>
        </message>
        <message>
            <location filename="../../gui/chat/message_deeds.py" />
            <source>The question and its answer were deleted</source>
            <translation>質問とその回答を削除しました</translation>
        </message>
        <message>
            <location filename="../../gui/chat/message_deeds.py" />
            <source>The answer was deleted</source>
            <translation>回答を削除しました</translation>
        </message>
        <message>
            <location filename="../../gui/chat/message_menu.py" />
            <source>Copy what is selected</source>
            <translation>選択部分をコピー</translation>
        </message>
        <message>
            <location filename="../../gui/chat/message_menu.py" />
            <source>Quote it in the next message</source>
            <translation>次のメッセージに引用</translation>
        </message>
        <message>
            <location filename="../../gui/chat/message_menu.py" />
            <source>Select all of it</source>
            <translation>すべて選択</translation>
        </message>
        <message>
            <location filename="../../gui/chat/message_menu.py" />
            <source>Copy as Markdown</source>
            <translation>Markdown としてコピー</translation>
        </message>
        <message>
            <location filename="../../gui/chat/message_menu.py" />
            <source>Copy as plain text</source>
            <translation>テキストとしてコピー</translation>
        </message>
        <message>
            <location filename="../../gui/chat/message_menu.py" />
            <source>Look at its words	Alt+Click</source>
            <translation>語を調べる	Alt+クリック</translation>
        </message>
        <message>
            <location filename="../../gui/chat/message_menu.py" />
            <source>Delete this message</source>
            <translation>このメッセージを削除</translation>
        </message>
        <message>
            <location filename="../../gui/chat/message_menu.py" />
            <source>Links</source>
            <translation>リンク</translation>
        </message>
        <message>
            <location filename="../../gui/chat/model_chip.py" />
            <source>Answer with {model}</source>
            <translation>{model} で回答</translation>
        </message>
        <message>
            <location filename="../../gui/chat/model_chip.py" />
            <source>{model} answers your next message</source>
            <translation>次のメッセージには {model} が回答します</translation>
        </message>
        <message>
            <location filename="../../gui/chat/model_picker.py" />
            <source>rests</source>
            <comment>a model</comment>
            <translation>休止中</translation>
        </message>
        <message>
            <location filename="../../gui/chat/model_picker.py" />
            <source>open</source>
            <comment>a model</comment>
            <translation>読み込み済み</translation>
        </message>
        <message>
            <location filename="../../gui/chat/model_picker.py" />
            <source>cannot be read</source>
            <translation>読み込めません</translation>
        </message>
        <message>
            <location filename="../../gui/chat/model_picker.py" />
            <source>built in</source>
            <translation>内蔵</translation>
        </message>
        <message>
            <location filename="../../gui/chat/model_picker.py" />
            <source>Open a file…</source>
            <translation>ファイルを開く…</translation>
        </message>
        <message>
            <location filename="../../gui/chat/model_picker.py" />
            <source>Find another model</source>
            <translation>別のモデルを探す</translation>
        </message>
        <message>
            <location filename="../../gui/chat/model_picker.py" />
            <source>Close {model}</source>
            <translation>{model} を閉じる</translation>
        </message>
        <message>
            <location filename="../../gui/chat/model_picker.py" />
            <source>Close {model} and free its memory</source>
            <translation>{model} を閉じてメモリを空けます</translation>
        </message>
        <message>
            <location filename="../../gui/chat/model_picker.py" />
            <source>Forget what is kept: {what}</source>
            <translation>保持している内容を消去: {what}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/model_pill.py" />
            <source>Model: {model} {detail}</source>
            <translation>モデル: {model} {detail}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/model_pill.py" />
            <source>Change the model ({keys})</source>
            <translation>モデルを変更（{keys}）</translation>
        </message>
        <message>
            <location filename="../../gui/chat/opening_sheet.py" />
            <location filename="../../gui/library/defaults_form.py" />
            <source>F16: the usual precision</source>
            <translation>F16: 標準の精度</translation>
        </message>
        <message>
            <location filename="../../gui/chat/opening_sheet.py" />
            <location filename="../../gui/library/defaults_form.py" />
            <source>F32: twice as large</source>
            <translation>F32: 2 倍の大きさ</translation>
        </message>
        <message>
            <location filename="../../gui/chat/opening_sheet.py" />
            <location filename="../../gui/library/defaults_form.py" />
            <source>Q8_0: half as large</source>
            <translation>Q8_0: 半分の大きさ</translation>
        </message>
        <message>
            <location filename="../../gui/chat/opening_sheet.py" />
            <source>Open {model} otherwise</source>
            <translation>{model} を別の設定で開く</translation>
        </message>
        <message>
            <location filename="../../gui/chat/opening_sheet.py" />
            <location filename="../../gui/chat/parameters.py" />
            <source> tokens</source>
            <translation> トークン</translation>
        </message>
        <message>
            <location filename="../../gui/chat/opening_sheet.py" />
            <location filename="../../gui/discover/model_page.py" />
            <location filename="../../gui/library/defaults_form.py" />
            <location filename="../../gui/settings/settings_view.py" />
            <source>Context</source>
            <translation>コンテキスト</translation>
        </message>
        <message>
            <location filename="../../gui/chat/opening_sheet.py" />
            <location filename="../../gui/library/defaults_form.py" />
            <location filename="../../gui/settings/settings_view.py" />
            <source>Threads</source>
            <translation>スレッド</translation>
        </message>
        <message>
            <location filename="../../gui/chat/opening_sheet.py" />
            <location filename="../../gui/library/defaults_form.py" />
            <source>As in Settings</source>
            <translation>設定に従う</translation>
        </message>
        <message>
            <location filename="../../gui/chat/opening_sheet.py" />
            <location filename="../../gui/library/defaults_form.py" />
            <source>Cache</source>
            <translation>キャッシュ</translation>
        </message>
        <message>
            <location filename="../../gui/chat/opening_sheet.py" />
            <source>Open again</source>
            <translation>開き直す</translation>
        </message>
        <message>
            <location filename="../../gui/chat/opening_sheet.py" />
            <source>Trained on {n:,} tokens. It is opened like this from now on.</source>
            <translation>学習時は {n:,} トークン。今後はこの設定で開きます。</translation>
        </message>
        <message>
            <location filename="../../gui/chat/opening_sheet.py" />
            <source>Cache of the conversation</source>
            <translation>会話のキャッシュ</translation>
        </message>
        <message>
            <location filename="../../gui/chat/opening_sheet.py" />
            <source>Memory not known</source>
            <translation>メモリは不明</translation>
        </message>
        <message>
            <location filename="../../gui/chat/opening_sheet.py" />
            <source>Needs {size:memory} of {free:memory} that are free for it.</source>
            <translation>{size:memory} 必要（使える空き {free:memory}）。</translation>
        </message>
        <message>
            <location filename="../../gui/chat/parameters.py" />
            <location filename="../../gui/parameter_list.py" />
            <source>Stop and ask</source>
            <translation>停止して確認</translation>
        </message>
        <message>
            <location filename="../../gui/chat/parameters.py" />
            <source>Leave oldest out</source>
            <translation>古い順に除く</translation>
        </message>
        <message>
            <location filename="../../gui/chat/parameters.py" />
            <source>Keep both ends</source>
            <translation>最初と最後を残す</translation>
        </message>
        <message>
            <location filename="../../gui/chat/parameters.py" />
            <source>Show or hide {name}</source>
            <translation>{name}の表示を切り替え</translation>
        </message>
        <message>
            <location filename="../../gui/chat/parameters.py" />
            <source>Reset</source>
            <translation>リセット</translation>
        </message>
        <message>
            <location filename="../../gui/chat/parameters.py" />
            <source>Back to the model's own values</source>
            <translation>モデル固有の値に戻します</translation>
        </message>
        <message>
            <location filename="../../gui/chat/parameters.py" />
            <source>Close the parameters</source>
            <translation>パラメータを閉じる</translation>
        </message>
        <message>
            <location filename="../../gui/chat/parameters.py" />
            <location filename="../../gui/commands.py" />
            <source>Parameters</source>
            <comment>of a chat</comment>
            <translation>パラメータ</translation>
        </message>
        <message>
            <location filename="../../gui/chat/parameters.py" />
            <source>Reply</source>
            <translation>回答</translation>
        </message>
        <message>
            <location filename="../../gui/chat/parameters.py" />
            <source>Longest reply</source>
            <translation>回答の最大長</translation>
        </message>
        <message>
            <location filename="../../gui/chat/parameters.py" />
            <location filename="../../gui/chat/thinking_menu.py" />
            <source>No limit</source>
            <translation>制限なし</translation>
        </message>
        <message>
            <location filename="../../gui/chat/parameters.py" />
            <source>Seed</source>
            <translation>シード</translation>
        </message>
        <message>
            <location filename="../../gui/chat/parameters.py" />
            <source>New each time</source>
            <translation>毎回変える</translation>
        </message>
        <message>
            <location filename="../../gui/chat/parameters.py" />
            <source>The same seed gives the same text again</source>
            <translation>同じシードなら、同じテキストになります</translation>
        </message>
        <message>
            <location filename="../../gui/chat/parameters.py" />
            <source>Whether a model that can think does so first; auto: it decides</source>
            <translation>考えることのできるモデルが、先に考えるかどうか。自動ではモデルが決めます</translation>
        </message>
        <message>
            <location filename="../../gui/chat/parameters.py" />
            <source>Longest thinking</source>
            <translation>思考の最大長</translation>
        </message>
        <message>
            <location filename="../../gui/chat/parameters.py" />
            <source>After so many tokens of thinking the answer begins; with 0 there is none</source>
            <translation>このトークン数だけ考えると、回答を始めます。0 では考えません</translation>
        </message>
        <message>
            <location filename="../../gui/chat/parameters.py" />
            <location filename="../../gui/settings/settings_view.py" />
            <source>Full context</source>
            <translation>満杯時の動作</translation>
        </message>
        <message>
            <location filename="../../gui/chat/parameters.py" />
            <source>What happens when the conversation no longer fits: it stops and asks, or the model no longer reads the oldest messages, or those between the beginning and the end. All stay in the chat</source>
            <translation>会話が収まらなくなったときの動作です。停止して確認するか、最も古いメッセージを読まなくなるか、最初と最後の間を読まなくなります。チャットにはすべて残ります</translation>
        </message>
        <message>
            <location filename="../../gui/chat/parameters.py" />
            <source>Stop at</source>
            <translation>停止する語</translation>
        </message>
        <message>
            <location filename="../../gui/chat/parameters.py" />
            <source>stop | more stops</source>
            <translation>停止 | 別の停止語</translation>
        </message>
        <message>
            <location filename="../../gui/chat/parameters.py" />
            <source>The reply ends where one of these would appear</source>
            <translation>このどれかが現れるところで、回答が終わります</translation>
        </message>
        <message>
            <location filename="../../gui/chat/preset_row.py" />
            <source>Values that were kept under a name</source>
            <translation>名前を付けて保存した値</translation>
        </message>
        <message>
            <location filename="../../gui/chat/preset_row.py" />
            <source>Save these values, or delete the preset</source>
            <translation>この値を保存するか、プリセットを削除します</translation>
        </message>
        <message>
            <location filename="../../gui/chat/preset_row.py" />
            <source>Name of the preset</source>
            <translation>プリセットの名前</translation>
        </message>
        <message>
            <location filename="../../gui/chat/preset_row.py" />
            <source>The model’s own</source>
            <translation>モデル固有</translation>
        </message>
        <message>
            <location filename="../../gui/chat/preset_row.py" />
            <source>Changed by hand</source>
            <translation>手動で変更</translation>
        </message>
        <message>
            <location filename="../../gui/chat/preset_row.py" />
            <source>Save as a preset…</source>
            <translation>プリセットとして保存…</translation>
        </message>
        <message>
            <location filename="../../gui/chat/preset_row.py" />
            <source>Make these {model}’s own values</source>
            <translation>{model} 固有の値にする</translation>
        </message>
        <message>
            <location filename="../../gui/chat/preset_row.py" />
            <source>Begin new chats with “{preset}”</source>
            <translation>新しいチャットを「{preset}」で始める</translation>
        </message>
        <message>
            <location filename="../../gui/chat/preset_row.py" />
            <source>Begin new chats with the model’s own values</source>
            <translation>新しいチャットをモデル固有の値で始める</translation>
        </message>
        <message>
            <location filename="../../gui/chat/preset_row.py" />
            <source>Delete “{preset}”</source>
            <translation>「{preset}」を削除</translation>
        </message>
        <message>
            <location filename="../../gui/chat/preset_row.py" />
            <source>“{name}” comes with the program; choose another name</source>
            <translation>「{name}」はプログラムに付属しています。別の名前を選んでください</translation>
        </message>
        <message>
            <location filename="../../gui/chat/prompt_library.py" />
            <source>New prompt</source>
            <translation>新しいプロンプト</translation>
        </message>
        <message>
            <location filename="../../gui/chat/prompt_library.py" />
            <source>System prompts</source>
            <translation>システムプロンプト</translation>
        </message>
        <message>
            <location filename="../../gui/chat/prompt_library.py" />
            <source>Search prompts</source>
            <translation>プロンプトを検索</translation>
        </message>
        <message>
            <location filename="../../gui/chat/prompt_library.py" />
            <source>Name</source>
            <translation>名前</translation>
        </message>
        <message>
            <location filename="../../gui/chat/prompt_library.py" />
            <source>Text of the prompt</source>
            <translation>プロンプトのテキスト</translation>
        </message>
        <message>
            <location filename="../../gui/chat/prompt_library.py" />
            <source>What the model reads before the conversation</source>
            <translation>会話の前にモデルが読む内容</translation>
        </message>
        <message>
            <location filename="../../gui/chat/prompt_library.py" />
            <source>Nothing here yet. Add one: it starts with this chat's prompt.</source>
            <translation>まだ何もありません。追加すると、このチャットのプロンプトが最初に入ります。</translation>
        </message>
        <message>
            <location filename="../../gui/chat/prompt_library.py" />
            <source>New</source>
            <translation>新規</translation>
        </message>
        <message>
            <location filename="../../gui/chat/prompt_library.py" />
            <source>Add a prompt</source>
            <translation>プロンプトを追加</translation>
        </message>
        <message>
            <location filename="../../gui/chat/prompt_library.py" />
            <source>Use in this chat</source>
            <translation>このチャットで使う</translation>
        </message>
        <message>
            <location filename="../../gui/chat/prompt_sheet.py" />
            <source>What the model reads</source>
            <translation>モデルが読む内容</translation>
        </message>
        <message>
            <location filename="../../gui/chat/prompt_sheet.py" />
            <source>{n:,} of {size:,} tokens. Shades show where tokens begin; point at one for its number. Coloured words are tokens with a meaning of their own.</source>
            <translation>{size:,} トークン中 {n:,} トークン。濃淡はトークンの区切りで、ポイントすると番号が表示されます。色の付いた語は、特別な意味を持つトークンです。</translation>
        </message>
        <message>
            <location filename="../../gui/chat/prompt_sheet.py" />
            <source>The context is full: some messages are left out.</source>
            <translation>コンテキストがいっぱいのため、一部のメッセージを除いています。</translation>
        </message>
        <message>
            <location filename="../../gui/chat/prompt_sheet.py" />
            <source>The prompt with its tokens</source>
            <translation>プロンプトとそのトークン</translation>
        </message>
        <message>
            <location filename="../../gui/chat/prompt_sheet.py" />
            <source>“{text}”
{n:token|tokens} {numbers} · {place:,} from the beginning</source>
            <translation>「{text}」
トークン {numbers} · 最初から {place:,} 番</translation>
        </message>
        <message>
            <location filename="../../gui/chat/question.py" />
            <source>Question</source>
            <translation>質問</translation>
        </message>
        <message>
            <location filename="../../gui/chat/question.py" />
            <source>More to do with this question</source>
            <translation>この質問のその他の操作</translation>
        </message>
        <message>
            <location filename="../../gui/chat/question.py" />
            <source>Copy the question</source>
            <translation>質問をコピー</translation>
        </message>
        <message>
            <location filename="../../gui/chat/question.py" />
            <source>Edit the question and ask again</source>
            <translation>質問を編集してもう一度質問</translation>
        </message>
        <message>
            <location filename="../../gui/chat/question.py" />
            <source>Earlier version</source>
            <translation>前の版</translation>
        </message>
        <message>
            <location filename="../../gui/chat/question.py" />
            <source>Later version</source>
            <translation>次の版</translation>
        </message>
        <message>
            <location filename="../../gui/chat/queued_row.py" />
            <source>Back to the box, to change it</source>
            <translation>入力欄に戻して変更</translation>
        </message>
        <message>
            <location filename="../../gui/chat/queued_row.py" />
            <source>Do not ask this</source>
            <translation>質問しない</translation>
        </message>
        <message>
            <location filename="../../gui/chat/queued_row.py" />
            <source>Ask this now</source>
            <translation>今すぐ質問</translation>
        </message>
        <message>
            <location filename="../../gui/chat/queued_row.py" />
            <source>Waiting</source>
            <translation>待機中</translation>
        </message>
        <message>
            <location filename="../../gui/chat/queued_row.py" />
            <source>Waiting to be asked: {text}</source>
            <translation>質問を待機中: {text}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/queued_row.py" />
            <source>Asked after this answer</source>
            <translation>この回答のあとに質問</translation>
        </message>
        <message>
            <location filename="../../gui/chat/starts.py" />
            <source>Opening {name}</source>
            <translation>{name} を開いています</translation>
        </message>
        <message>
            <location filename="../../gui/chat/starts.py" />
            <source>Only the first time: Chaski makes its code fit your processor.</source>
            <translation>初回だけ、Chaski のコードをこのプロセッサに合わせます。</translation>
        </message>
        <message>
            <location filename="../../gui/chat/system_prompt.py" />
            <source>Close the system prompt</source>
            <translation>システムプロンプトを閉じる</translation>
        </message>
        <message>
            <location filename="../../gui/chat/system_prompt.py" />
            <source>Prompts that are kept under a name</source>
            <translation>名前を付けて保存したプロンプト</translation>
        </message>
        <message>
            <location filename="../../gui/chat/system_prompt.py" />
            <source>Library</source>
            <translation>ライブラリ</translation>
        </message>
        <message>
            <location filename="../../gui/chat/system_prompt.py" />
            <source>For example: Answer briefly, in French.</source>
            <translation>例: 日本語で短く回答してください。</translation>
        </message>
        <message>
            <location filename="../../gui/chat/system_prompt.py" />
            <source>The model reads this before the conversation. Only for this chat.</source>
            <translation>会話の前にモデルが読みます。このチャットだけに使われます。</translation>
        </message>
        <message>
            <location filename="../../gui/chat/thinking_menu.py" />
            <source>up to {n:,}</source>
            <translation>{n:,} まで</translation>
        </message>
        <message>
            <location filename="../../gui/chat/thinking_menu.py" />
            <source>no limit</source>
            <translation>制限なし</translation>
        </message>
        <message>
            <location filename="../../gui/chat/thinking_menu.py" />
            <source>off</source>
            <translation>オフ</translation>
        </message>
        <message>
            <location filename="../../gui/chat/thinking_menu.py" />
            <source>Up to {n:,} tokens</source>
            <translation>{n:,} トークンまで</translation>
        </message>
        <message>
            <location filename="../../gui/chat/thinking_menu.py" />
            <source>Up to {n:,} tokens; change…</source>
            <translation>{n:,} トークンまで。変更…</translation>
        </message>
        <message>
            <location filename="../../gui/chat/thinking_menu.py" />
            <source>Another limit…</source>
            <translation>別の制限…</translation>
        </message>
        <message>
            <location filename="../../gui/chat/thought.py" />
            <source>Show the thinking</source>
            <translation>思考を表示</translation>
        </message>
        <message>
            <location filename="../../gui/chat/thought.py" />
            <source>Thought for {seconds:.1f} s</source>
            <translation>{seconds:.1f} 秒間考えました</translation>
        </message>
        <message>
            <location filename="../../gui/chat/thought.py" />
            <source>Thought first</source>
            <translation>先に考えました</translation>
        </message>
        <message>
            <location filename="../../gui/chat/thought.py" />
            <source>Hide the thinking</source>
            <translation>思考を隠す</translation>
        </message>
        <message>
            <location filename="../../gui/chat/token_card.py" />
            <source>the penalties</source>
            <translation>ペナルティ</translation>
        </message>
        <message>
            <location filename="../../gui/chat/token_card.py" />
            <source>temperature 0</source>
            <translation>温度 0</translation>
        </message>
        <message>
            <location filename="../../gui/chat/token_card.py" />
            <source>a ban</source>
            <translation>禁止の指定</translation>
        </message>
        <message>
            <location filename="../../gui/chat/token_card.py" />
            <source>the end</source>
            <translation>終わり</translation>
        </message>
        <message>
            <location filename="../../gui/chat/token_card.py" />
            <source>a mark</source>
            <translation>記号</translation>
        </message>
        <message>
            <location filename="../../gui/chat/token_card.py" />
            <source>a new line</source>
            <translation>改行</translation>
        </message>
        <message>
            <location filename="../../gui/chat/token_card.py" />
            <source>a space</source>
            <translation>空白</translation>
        </message>
        <message>
            <location filename="../../gui/chat/token_card.py" />
            <source>cut by {what}</source>
            <translation>除外: {what}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/token_card.py" />
            <source>The model gives “{word}” {percent}; {what} took it out.</source>
            <translation>モデルの確率では「{word}」が {percent} ですが、除外されました（{what}）。</translation>
        </message>
        <message>
            <location filename="../../gui/chat/token_card.py" />
            <source>The model gives “{word}” {percent}; with your parameters it is drawn with {chance}.</source>
            <translation>モデルの確率では「{word}」が {percent} で、現在のパラメータで選ばれる確率は {chance} です。</translation>
        </message>
        <message>
            <location filename="../../gui/chat/token_card.py" />
            <source>What else could have stood here</source>
            <translation>ここに入りえたほかの語</translation>
        </message>
        <message>
            <location filename="../../gui/chat/token_card.py" />
            <source>Take</source>
            <translation>採用</translation>
        </message>
        <message>
            <location filename="../../gui/chat/token_card.py" />
            <source>The word before (Left)</source>
            <translation>前の語（←）</translation>
        </message>
        <message>
            <location filename="../../gui/chat/token_card.py" />
            <source>Next word</source>
            <translation>次の語</translation>
        </message>
        <message>
            <location filename="../../gui/chat/token_card.py" />
            <source>Next word (Right)</source>
            <translation>次の語（→）</translation>
        </message>
        <message>
            <location filename="../../gui/chat/token_card.py" />
            <source>Looking…</source>
            <translation>調べています…</translation>
        </message>
        <message>
            <location filename="../../gui/chat/token_card.py" />
            <source>This word cannot be looked at</source>
            <translation>この語は調べられません</translation>
        </message>
        <message>
            <location filename="../../gui/chat/token_card.py" />
            <source>Instead of “{word}”</source>
            <translation>「{word}」の代わり</translation>
        </message>
        <message>
            <location filename="../../gui/chat/token_card.py" />
            <source>As the model would choose now, with today's parameters.</source>
            <translation>モデルが今、現在のパラメータで選ぶ場合。</translation>
        </message>
        <message>
            <location filename="../../gui/chat/token_card.py" />
            <source>End the answer here</source>
            <translation>ここで回答を終える</translation>
        </message>
        <message>
            <location filename="../../gui/chat/token_card.py" />
            <source>Take “{word}” and go on</source>
            <translation>「{word}」を採用して続ける</translation>
        </message>
        <message>
            <location filename="../../gui/chat/token_card.py" />
            <source>{deed} (Enter)</source>
            <translation>{deed}（Enter）</translation>
        </message>
        <message>
            <location filename="../../gui/chat/transcript.py" />
            <source>The model no longer reads what stands above this line</source>
            <translation>モデルは、この線より上をもう読みません</translation>
        </message>
        <message>
            <location filename="../../gui/chat/transcript.py" />
            <source>The model no longer reads what stands between the first exchange and this line</source>
            <translation>モデルは、最初のやりとりとこの線の間をもう読みません</translation>
        </message>
        <message>
            <location filename="../../gui/chat/transcript.py" />
            <location filename="../../gui/widgets/bars.py" />
            <source>Conversation</source>
            <translation>会話</translation>
        </message>
        <message>
            <location filename="../../gui/chat/transcript.py" />
            <location filename="../../gui/shortcuts.py" />
            <source>To the latest message</source>
            <translation>最新のメッセージへ</translation>
        </message>
        <message>
            <location filename="../../gui/chat/trash_sheet.py" />
            <source>Nothing here. Chats that you delete stay here for 30 days.</source>
            <translation>何もありません。削除したチャットは 30 日間ここに残ります。</translation>
        </message>
        <message>
            <location filename="../../gui/chat/trash_sheet.py" />
            <source>Deleted chats stay here for 30 days; then nothing of them is left on this computer.</source>
            <translation>削除したチャットは 30 日間ここに残り、その後はこのコンピュータから完全に消えます。</translation>
        </message>
        <message>
            <location filename="../../gui/chat/trash_sheet.py" />
            <source>Deleted chats</source>
            <translation>削除したチャット</translation>
        </message>
        <message>
            <location filename="../../gui/chat/trash_sheet.py" />
            <source>Forget all…</source>
            <translation>すべて完全に削除…</translation>
        </message>
        <message>
            <location filename="../../gui/chat/trash_sheet.py" />
            <source>{n:,} {n:day|days} left</source>
            <translation>残り {n:,} 日</translation>
        </message>
        <message>
            <location filename="../../gui/chat/trash_sheet.py" />
            <source>Restore</source>
            <translation>復元</translation>
        </message>
        <message>
            <location filename="../../gui/chat/trash_sheet.py" />
            <source>Restore {title}</source>
            <translation>{title} を復元</translation>
        </message>
        <message>
            <location filename="../../gui/chat/trash_sheet.py" />
            <source>Really forget {n:,} {n:chat|chats} for good</source>
            <translation>チャット {n:,} 件を本当に完全に削除</translation>
        </message>
        <message>
            <location filename="../../gui/chat/welcome.py" />
            <source>Language models on your own computer. Nothing you write leaves it.</source>
            <translation>自分のコンピュータで動く言語モデル。あなたが書いたことが外に出ることはありません。</translation>
        </message>
        <message>
            <location filename="../../gui/chat/welcome.py" />
            <source>A small guide is already here. It answers questions about this program in English, French and Japanese.</source>
            <translation>小さなガイドが入っています。このプログラムについての質問に、英語、フランス語、日本語で回答します。</translation>
        </message>
        <message>
            <location filename="../../gui/chat/welcome.py" />
            <source>Choose a GGUF file, or drop it anywhere on this window. It stays where it is.</source>
            <translation>GGUF ファイルを選ぶか、このウィンドウのどこかにドロップしてください。ファイルは元の場所に残ります。</translation>
        </message>
        <message>
            <location filename="../../gui/chat/welcome.py" />
            <source>Many are free to download. Good to begin with: Qwen3 4B, type Q4_K_M, 2.5 GB.</source>
            <translation>多くのモデルを無料でダウンロードできます。最初のおすすめは Qwen3 4B、型は Q4_K_M、2.5 GB です。</translation>
        </message>
        <message>
            <location filename="../../gui/chat/welcome.py" />
            <source>Welcome to Chaski</source>
            <translation>Chaski へようこそ</translation>
        </message>
        <message>
            <location filename="../../gui/chat/welcome.py" />
            <source>Or ask the guide, a small model that knows this program</source>
            <translation>このプログラムを知っている小さなモデル、ガイドに質問することもできます</translation>
        </message>
        <message>
            <location filename="../../gui/chat/welcome.py" />
            <source>Ask the guide</source>
            <translation>ガイドに質問</translation>
        </message>
        <message>
            <location filename="../../gui/chat/welcome.py" />
            <source>Talk with the small model that is already here</source>
            <translation>付属の小さなモデルと話します</translation>
        </message>
        <message>
            <location filename="../../gui/chat/welcome.py" />
            <source>Talk now</source>
            <translation>今すぐ話す</translation>
        </message>
        <message>
            <location filename="../../gui/chat/welcome.py" />
            <source>Open a file</source>
            <translation>ファイルを開く</translation>
        </message>
        <message>
            <location filename="../../gui/chat/welcome.py" />
            <source>Open a model file ({keys})</source>
            <translation>モデルファイルを開く（{keys}）</translation>
        </message>
        <message>
            <location filename="../../gui/chat/welcome.py" />
            <source>I have a model file</source>
            <translation>モデルファイルがある場合</translation>
        </message>
        <message>
            <location filename="../../gui/chat/welcome.py" />
            <source>Show me one</source>
            <translation>モデルを見る</translation>
        </message>
        <message>
            <location filename="../../gui/chat/welcome.py" />
            <source>Show a good first model, and what it needs here</source>
            <translation>最初に適したモデルと、ここでの必要量を表示します</translation>
        </message>
        <message>
            <location filename="../../gui/chat/welcome.py" />
            <source>I need a model</source>
            <translation>モデルが必要な場合</translation>
        </message>
        <message>
            <location filename="../../gui/chat/welcome.py" />
            <source>Talk to it</source>
            <translation>話してみる</translation>
        </message>
        <message>
            <location filename="../../gui/chat/welcome.py" />
            <source>Open {name}</source>
            <translation>{name} を開く</translation>
        </message>
        <message>
            <location filename="../../gui/chat/words.py" />
            <source>reused {kept:,} of {n:,} prompt tokens</source>
            <translation>プロンプト {n:,} トークンのうち {kept:,} トークンを再利用</translation>
        </message>
        <message>
            <location filename="../../gui/chat/words.py" />
            <source>{n:,} prompt tokens</source>
            <translation>プロンプト {n:,} トークン</translation>
        </message>
        <message>
            <location filename="../../gui/chat/words.py" />
            <source>{right:,} of {n:,} guesses right</source>
            <translation>下書き {n:,} 個のうち {right:,} 個が的中</translation>
        </message>
        <message>
            <location filename="../../gui/chat/words.py" />
            <source>The context of {size:,} tokens is full. Settings can give the model a larger one.</source>
            <translation>{size:,} トークンのコンテキストがいっぱいです。設定で、モデルのコンテキストを長くできます。</translation>
        </message>
        <message>
            <location filename="../../gui/chat/words.py" />
            <source>The context of {size:,} tokens is full; this model can look back no further.</source>
            <translation>{size:,} トークンのコンテキストがいっぱいです。このモデルは、これ以上さかのぼれません。</translation>
        </message>
        <message>
            <location filename="../../gui/chat/words.py" />
            <source>This exchange alone has {n:,} tokens, but the context holds {size:,}.</source>
            <translation>このやりとりだけで {n:,} トークンありますが、コンテキストは {size:,} トークンです。</translation>
        </message>
        <message>
            <location filename="../../gui/chat/words.py" />
            <source>This conversation has {n:,} tokens, but the context holds {size:,}.</source>
            <translation>この会話は {n:,} トークンありますが、コンテキストは {size:,} トークンです。</translation>
        </message>
        <message>
            <location filename="../../gui/chat/words.py" />
            <source>Today</source>
            <translation>今日</translation>
        </message>
        <message>
            <location filename="../../gui/chat/words.py" />
            <source>Yesterday</source>
            <translation>昨日</translation>
        </message>
        <message>
            <location filename="../../gui/chat/words.py" />
            <source>Last 7 days</source>
            <translation>過去 7 日間</translation>
        </message>
        <message>
            <location filename="../../gui/chat/words.py" />
            <source>Last 30 days</source>
            <translation>過去 30 日間</translation>
        </message>
        <message>
            <location filename="../../gui/chat/words.py" />
            <source>MMMM yyyy</source>
            <comment>a date in Qt's letters</comment>
            <translation>yyyy年M月</translation>
        </message>
        <message>
            <location filename="../../gui/chat/words.py" />
            <source>just now</source>
            <translation>たった今</translation>
        </message>
        <message>
            <location filename="../../gui/chat/words.py" />
            <source>{n} min ago</source>
            <translation>{n} 分前</translation>
        </message>
        <message>
            <location filename="../../gui/chat/words.py" />
            <source>{n} h ago</source>
            <translation>{n} 時間前</translation>
        </message>
        <message>
            <location filename="../../gui/chat/words.py" />
            <location filename="../../gui/library/words.py" />
            <source>yesterday</source>
            <translation>昨日</translation>
        </message>
        <message>
            <location filename="../../gui/chat/words.py" />
            <source>dddd</source>
            <comment>a date in Qt's letters</comment>
            <translation>dddd</translation>
        </message>
        <message>
            <location filename="../../gui/chat/words.py" />
            <source>d MMMM</source>
            <comment>a date in Qt's letters</comment>
            <translation>M月d日</translation>
        </message>
        <message>
            <location filename="../../gui/chat/words.py" />
            <location filename="../../gui/settings/updates_card.py" />
            <source>d MMMM yyyy</source>
            <comment>a date in Qt's letters</comment>
            <translation>yyyy年M月d日</translation>
        </message>
        <message>
            <location filename="../../gui/closing.py" />
            <source>What they have written is kept, and can be continued later. The window can also wait in the background and close by itself when they are done.</source>
            <translation>書かれた内容は保存され、あとで続きを書けます。完了するまで背後で待ち、完了したらウィンドウを自動的に閉じることもできます。</translation>
        </message>
        <message>
            <location filename="../../gui/closing.py" />
            <source>An answer is still being written</source>
            <translation>回答を書いている途中です</translation>
        </message>
        <message>
            <location filename="../../gui/closing.py" />
            <source>{n} answers are being written</source>
            <translation>{n} 件の回答を書いている途中です</translation>
        </message>
        <message>
            <location filename="../../gui/closing.py" />
            <source>Stop and close</source>
            <translation>停止して閉じる</translation>
        </message>
        <message>
            <location filename="../../gui/closing.py" />
            <source>Close when done</source>
            <translation>完了したら閉じる</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <source>light</source>
            <translation>ライト</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <source>dark</source>
            <translation>ダーク</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <source>high contrast</source>
            <translation>ハイコントラスト</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <source>as the system</source>
            <translation>システムに従う</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <location filename="../../gui/shortcuts.py" />
            <source>Choose the model</source>
            <translation>モデルを選択</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <source>Library of system prompts</source>
            <translation>システムプロンプトのライブラリ</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <source>Context, threads, cache</source>
            <translation>コンテキスト、スレッド、キャッシュ</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <source>Show the prompt</source>
            <translation>プロンプトを表示</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <source>token by token</source>
            <translation>トークンごとに</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <location filename="../../gui/main_window.py" />
            <location filename="../../gui/shortcuts.py" />
            <source>Open a model file</source>
            <translation>モデルファイルを開く</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <location filename="../../gui/shortcuts.py" />
            <source>Larger text</source>
            <translation>文字を大きく</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <location filename="../../gui/shortcuts.py" />
            <source>Smaller text</source>
            <translation>文字を小さく</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <location filename="../../gui/shortcuts.py" />
            <source>Usual text size</source>
            <translation>標準の文字の大きさ</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <location filename="../../gui/shortcuts.py" />
            <source>Full screen</source>
            <translation>全画面表示</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <source>Manual</source>
            <translation>マニュアル</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <source>how things are done</source>
            <translation>使い方</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <location filename="../../gui/manual/pages.py" />
            <source>Keyboard</source>
            <translation>キーボード</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <source>all shortcuts</source>
            <translation>すべてのショートカット</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <source>Theme: {theme}</source>
            <translation>テーマ: {theme}</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <location filename="../../gui/shortcuts.py" />
            <source>Close the window</source>
            <translation>ウィンドウを閉じる</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <location filename="../../gui/shortcuts.py" />
            <source>Quit</source>
            <translation>終了</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <source>{deed}: {what}</source>
            <translation>{deed}: {what}</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <source>go there</source>
            <translation>移動</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <source>{detail} · chat with it</source>
            <translation>{detail} · チャットする</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <source>chat with it</source>
            <translation>チャットする</translation>
        </message>
        <message>
            <location filename="../../gui/discover/card.py" />
            <source>*The rest is on its page in the browser.*</source>
            <translation>*続きはブラウザのページで読めます。*</translation>
        </message>
        <message>
            <location filename="../../gui/discover/card_view.py" />
            <source>it is damaged, or far too large</source>
            <translation>破損しているか、大きすぎます</translation>
        </message>
        <message>
            <location filename="../../gui/discover/card_view.py" />
            <source>Fetch the pictures of this card from the hub and show them</source>
            <translation>このカードの画像をハブから取得して表示します</translation>
        </message>
        <message>
            <location filename="../../gui/discover/card_view.py" />
            <source>Show pictures</source>
            <translation>画像を表示</translation>
        </message>
        <message>
            <location filename="../../gui/discover/card_view.py" />
            <source>Fetching …</source>
            <translation>取得中…</translation>
        </message>
        <message>
            <location filename="../../gui/discover/card_view.py" />
            <source>{n} {n:picture|pictures} could not be shown: {why}</source>
            <translation>{n} 枚の画像を表示できませんでした: {why}</translation>
        </message>
        <message>
            <location filename="../../gui/discover/card_view.py" />
            <source>{n} {n:picture|pictures} at {host}</source>
            <translation>{host} の画像 {n} 枚</translation>
        </message>
        <message>
            <location filename="../../gui/discover/card_view.py" />
            <source>A picture of the model card</source>
            <translation>モデルカードの画像</translation>
        </message>
        <message>
            <location filename="../../gui/discover/card_view.py" />
            <source>{n} {n:picture|pictures} on other sites {n:stays|stay} out</source>
            <translation>ほかのサイトの画像 {n} 枚は表示しません</translation>
        </message>
        <message>
            <location filename="../../gui/discover/discover_view.py" />
            <location filename="../../gui/discover/model_page.py" />
            <source>Discover</source>
            <translation>探す</translation>
        </message>
        <message>
            <location filename="../../gui/discover/filters.py" />
            <source>Any size</source>
            <translation>すべての大きさ</translation>
        </message>
        <message>
            <location filename="../../gui/discover/filters.py" />
            <source>Any</source>
            <translation>すべて</translation>
        </message>
        <message>
            <location filename="../../gui/discover/filters.py" />
            <source>Take the filter {words} away</source>
            <translation>絞り込み「{words}」を解除</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_list.py" />
            <source>Popular</source>
            <translation>人気順</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_list.py" />
            <source>Most likes</source>
            <translation>いいねの多い順</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_list.py" />
            <source>Newest</source>
            <translation>新しい順</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_list.py" />
            <source>Search Hugging Face</source>
            <translation>Hugging Face を検索</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_list.py" />
            <source>Search models on Hugging Face (Ctrl+F)</source>
            <translation>Hugging Face のモデルを検索（Ctrl+F）</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_list.py" />
            <location filename="../../gui/discover/shown.py" />
            <source>Fits this machine</source>
            <translation>ここで動作</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_list.py" />
            <source>Only models that run here</source>
            <translation>ここで動作するモデルだけを表示します</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_list.py" />
            <source>Only models that can be opened as they are</source>
            <translation>そのまま開けるモデルだけを表示します</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_list.py" />
            <source>Only models of a size, family, language or licence</source>
            <translation>大きさ、系列、言語、ライセンスで絞り込みます</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_list.py" />
            <source>Filters</source>
            <translation>絞り込み</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_list.py" />
            <location filename="../../gui/library/parts.py" />
            <source>Order</source>
            <translation>並び順</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_list.py" />
            <source>What stands first: most downloads, most likes, or the newest</source>
            <translation>先頭に表示するもの: ダウンロード数、いいね、新しさ</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_list.py" />
            <location filename="../../gui/discover/model_page.py" />
            <source>Try again</source>
            <translation>再試行</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_list.py" />
            <source>Clear filters</source>
            <translation>絞り込みを解除</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_list.py" />
            <source>Ask the hub for more models that are like this</source>
            <translation>条件に合うモデルをさらにハブから取得します</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_list.py" />
            <source>Show more</source>
            <translation>さらに表示</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_list.py" />
            <source>Models that were found</source>
            <translation>見つかったモデル</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_list.py" />
            <source>Filters · {n}</source>
            <translation>絞り込み · {n}</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_list.py" />
            <source>Show those to begin with</source>
            <translation>最初のおすすめを表示</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_list.py" />
            <source>Search all of Hugging Face</source>
            <translation>Hugging Face 全体を検索</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_list.py" />
            <source>Ask the hub for all models that are like this</source>
            <translation>条件に合うすべてのモデルをハブから取得します</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_list.py" />
            <source>Good to begin with</source>
            <translation>最初のおすすめ</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_paint.py" />
            <location filename="../../gui/discover/offer_row.py" />
            <source>Cannot run</source>
            <translation>動作しません</translation>
        </message>
        <message>
            <location filename="../../gui/discover/model_page.py" />
            <source>Its page could not be read to the end</source>
            <translation>ページを最後まで読み込めませんでした</translation>
        </message>
        <message>
            <location filename="../../gui/discover/model_page.py" />
            <source>The licence of the weights</source>
            <translation>重みのライセンス</translation>
        </message>
        <message>
            <location filename="../../gui/discover/model_page.py" />
            <source>Search for a model, or choose one on the left. Before anything is downloaded you see how much memory it takes here, how fast it will be, and what its type loses.</source>
            <translation>モデルを検索するか、左の一覧から選んでください。ダウンロードする前に、ここで使うメモリの量、速度、型による損失を確認できます。</translation>
        </message>
        <message>
            <location filename="../../gui/discover/model_page.py" />
            <source>Find a model</source>
            <translation>モデルを探す</translation>
        </message>
        <message>
            <location filename="../../gui/discover/model_page.py" />
            <source>Downloads</source>
            <translation>ダウンロード</translation>
        </message>
        <message>
            <location filename="../../gui/discover/model_page.py" />
            <source>Open its page in the browser</source>
            <translation>ブラウザでページを開きます</translation>
        </message>
        <message>
            <location filename="../../gui/discover/model_page.py" />
            <source>What the types are</source>
            <translation>型について</translation>
        </message>
        <message>
            <location filename="../../gui/discover/model_page.py" />
            <source>This model cannot run here</source>
            <translation>このモデルはここでは動作しません</translation>
        </message>
        <message>
            <location filename="../../gui/discover/model_page.py" />
            <location filename="../../gui/discover/told.py" />
            <location filename="../../gui/library/words.py" />
            <location filename="../../gui/workshop/loss_panel.py" />
            <source>{name}: {what}</source>
            <translation>{name}: {what}</translation>
        </message>
        <message>
            <location filename="../../gui/discover/offer_row.py" />
            <source>Until it begins to answer a text of ten pages</source>
            <translation>10 ページのテキストに回答し始めるまでの時間</translation>
        </message>
        <message>
            <location filename="../../gui/discover/offer_row.py" />
            <location filename="../../gui/discover/offer_table.py" />
            <source>Get</source>
            <translation>入手</translation>
        </message>
        <message>
            <location filename="../../gui/discover/offer_row.py" />
            <location filename="../../gui/hardware/models_card.py" />
            <location filename="../../gui/hardware/rates_card.py" />
            <location filename="../../gui/library/detail.py" />
            <location filename="../../gui/library/model_paint.py" />
            <location filename="../../gui/workshop/inspector_tables.py" />
            <location filename="../../gui/workshop/loss_words.py" />
            <location filename="../../gui/workshop/target_table.py" />
            <location filename="../../gui/workshop/tensor_errors.py" />
            <source>Type</source>
            <translation>型</translation>
        </message>
        <message>
            <location filename="../../gui/discover/offer_row.py" />
            <source>How its weights are written: the more bits, the larger and truer</source>
            <translation>重みの書き方です。ビット数が多いほど大きく、正確になります</translation>
        </message>
        <message>
            <location filename="../../gui/discover/offer_row.py" />
            <location filename="../../gui/settings/updates_card.py" />
            <source>Download</source>
            <translation>ダウンロード</translation>
        </message>
        <message>
            <location filename="../../gui/discover/offer_row.py" />
            <source>The size of its files</source>
            <translation>ファイルの大きさ</translation>
        </message>
        <message>
            <location filename="../../gui/discover/offer_row.py" />
            <location filename="../../gui/workshop/target_table.py" />
            <source>Memory at {context}</source>
            <translation>メモリ（{context}）</translation>
        </message>
        <message>
            <location filename="../../gui/discover/offer_row.py" />
            <source>What it takes with a context of so many tokens</source>
            <translation>このトークン数のコンテキストで使うメモリ</translation>
        </message>
        <message>
            <location filename="../../gui/discover/offer_row.py" />
            <location filename="../../gui/library/model_paint.py" />
            <location filename="../../gui/workshop/target_table.py" />
            <source>Speed here</source>
            <translation>ここでの速度</translation>
        </message>
        <message>
            <location filename="../../gui/discover/offer_row.py" />
            <source>Tokens per second that it writes here; people read about seven</source>
            <translation>ここで 1 秒間に書くトークン数です。人が読む速さは毎秒 7 トークンほどです</translation>
        </message>
        <message>
            <location filename="../../gui/discover/offer_row.py" />
            <location filename="../../gui/hardware/models_card.py" />
            <source>Ten pages</source>
            <translation>10 ページ</translation>
        </message>
        <message>
            <location filename="../../gui/discover/offer_row.py" />
            <source>On this machine</source>
            <translation>このコンピュータ</translation>
        </message>
        <message>
            <location filename="../../gui/discover/offer_row.py" />
            <source>Whether it fits into the memory that is free, and is quick</source>
            <translation>空きメモリに収まり、十分に速いかどうか</translation>
        </message>
        <message>
            <location filename="../../gui/discover/offer_row.py" />
            <source>{size} memory at {context}</source>
            <translation>{context} でメモリ {size}</translation>
        </message>
        <message>
            <location filename="../../gui/discover/offer_row.py" />
            <source>which the link names</source>
            <translation>リンクの示すもの</translation>
        </message>
        <message>
            <location filename="../../gui/discover/offer_table.py" />
            <source>Types that are not shown yet</source>
            <translation>まだ表示していない型</translation>
        </message>
        <message>
            <location filename="../../gui/discover/offer_table.py" />
            <source>Show more of {n} types</source>
            <translation>ほか {n} 個の型を表示</translation>
        </message>
        <message>
            <location filename="../../gui/discover/offer_table.py" />
            <location filename="../../gui/library/detail.py" />
            <location filename="../../gui/library/model_paint.py" />
            <source>Chat with {model}</source>
            <translation>{model} とチャット</translation>
        </message>
        <message>
            <location filename="../../gui/discover/offer_table.py" />
            <source>Download {type}, {size:file}</source>
            <translation>{type} をダウンロード、{size:file}</translation>
        </message>
        <message>
            <location filename="../../gui/discover/shown.py" />
            <location filename="../../gui/workshop/inspector_tables.py" />
            <location filename="../../gui/workshop/loss_words.py" />
            <location filename="../../gui/workshop/tensor_errors.py" />
            <source>Size</source>
            <translation>大きさ</translation>
        </message>
        <message>
            <location filename="../../gui/discover/shown.py" />
            <location filename="../../gui/library/detail.py" />
            <source>Family</source>
            <translation>系列</translation>
        </message>
        <message>
            <location filename="../../gui/discover/shown.py" />
            <location filename="../../gui/settings/settings_view.py" />
            <source>Language</source>
            <translation>言語</translation>
        </message>
        <message>
            <location filename="../../gui/discover/shown.py" />
            <source>Licence</source>
            <translation>ライセンス</translation>
        </message>
        <message>
            <location filename="../../gui/discover/shown.py" />
            <source>There is no file {file} here any more; these are the ones there are.</source>
            <translation>ファイル {file} はもうここにありません。あるのは次のファイルです。</translation>
        </message>
        <message>
            <location filename="../../gui/discover/shown.py" />
            <source>None of the models to begin with is like that.</source>
            <translation>最初のおすすめに、条件に合うモデルはありません。</translation>
        </message>
        <message>
            <location filename="../../gui/discover/shown.py" />
            <source>Nothing was found with these words.</source>
            <translation>この語では見つかりませんでした。</translation>
        </message>
        <message>
            <location filename="../../gui/discover/shown.py" />
            <source>Nothing was found.</source>
            <translation>見つかりませんでした。</translation>
        </message>
        <message>
            <location filename="../../gui/discover/shown.py" />
            <source>{what} Filters that are on: {filters}.</source>
            <translation>{what}絞り込みの条件: {filters}。</translation>
        </message>
        <message>
            <location filename="../../gui/discover/shown.py" />
            <source>{n} downloads</source>
            <translation>ダウンロード {n} 回</translation>
        </message>
        <message>
            <location filename="../../gui/discover/told.py" />
            <source>Its makers ask for your agreement first</source>
            <translation>製作者への同意が必要です</translation>
        </message>
        <message>
            <location filename="../../gui/discover/told.py" />
            <source>Chaski does not know the family {family} yet</source>
            <translation>Chaski は系列 {family} にまだ対応していません</translation>
        </message>
        <message>
            <location filename="../../gui/discover/told.py" />
            <source>It holds no file that Chaski could open or convert.</source>
            <translation>Chaski で開くか変換できるファイルがありません。</translation>
        </message>
        <message>
            <location filename="../../gui/discover/told.py" />
            <source>Made here: {loss}</source>
            <translation>ここで作成: {loss}</translation>
        </message>
        <message>
            <location filename="../../gui/discover/told.py" />
            <source>Best here: {loss}</source>
            <translation>ここに最適: {loss}</translation>
        </message>
        <message>
            <location filename="../../gui/discover/told.py" />
            <source>Best here; {loss}</source>
            <translation>ここに最適。{loss}</translation>
        </message>
        <message>
            <location filename="../../gui/discover/told.py" />
            <source>Measured on this computer with {file} over {n:,} tokens of {text}: perplexity {ppl:.3f}, its original {source:.3f}; the same likeliest token {share:.1f} % of the time</source>
            <translation>このコンピュータで {file} を使い、{text} の {n:,} トークンで測定: パープレキシティ {ppl:.3f}、元のモデル {source:.3f}。最も確率の高いトークンの一致 {share:.1f}%</translation>
        </message>
        <message>
            <location filename="../../gui/discover/told.py" />
            <location filename="../../gui/library/words.py" />
            <source>{weights} parameters</source>
            <translation>パラメータ {weights}</translation>
        </message>
        <message>
            <location filename="../../gui/discover/told.py" />
            <source>family {name}</source>
            <translation>系列 {name}</translation>
        </message>
        <message>
            <location filename="../../gui/discover/told.py" />
            <source>{n:,} tokens of trained context</source>
            <translation>学習時のコンテキスト {n:,} トークン</translation>
        </message>
        <message>
            <location filename="../../gui/discover/told.py" />
            <source>read from the file's own header, {size:file}</source>
            <translation>ファイルのヘッダーから読み取り、{size:file}</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/cards.py" />
            <source>Used by Chaski's kernels</source>
            <translation>Chaski の計算処理で使用しています</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/cards.py" />
            <source>Present, not used</source>
            <translation>搭載されていますが、使用していません</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/cards.py" />
            <source>This processor does not have it</source>
            <translation>このプロセッサにはありません</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/cards.py" />
            <source>Measuring takes about half a minute: memory by number of threads, the disks, and how fast each type of weights is computed. Until then the speeds on this page are estimates.</source>
            <translation>測定には 30 秒ほどかかり、スレッド数ごとのメモリ、ディスク、重みの型ごとの計算の速さを調べます。それまで、このページの速度は推定値です。</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/cards.py" />
            <source>Find models that fit</source>
            <translation>合うモデルを探す</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/cards.py" />
            <location filename="../../gui/works.py" />
            <source>Look for models</source>
            <translation>モデルを探す</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/cards.py" />
            <source>Not measured yet</source>
            <translation>未測定</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/cards.py" />
            <location filename="../../gui/pulse.py" />
            <source>Processor</source>
            <translation>プロセッサ</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/cards.py" />
            <source>✓ used by Chaski's kernels, compiled for this processor</source>
            <translation>✓ Chaski の計算処理で使用（このプロセッサ用にコンパイル）</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/cards.py" />
            <source>What the kernels use is known once a model has been opened</source>
            <translation>計算処理が使用するものは、モデルを一度開くと分かります</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/cards.py" />
            <source>Memory, disk, graphics</source>
            <translation>メモリ、ディスク、グラフィックス</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/cards.py" />
            <source>Memory bandwidth by threads</source>
            <translation>スレッド数ごとのメモリ帯域幅</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/cards.py" />
            <source>{unit} that so many threads read together</source>
            <translation>そのスレッド数で合わせて読み込む {unit}</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/cards.py" />
            <source>{speed:rate}, measured with one thread.</source>
            <translation>{speed:rate}、1 スレッドで測定。</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/cards.py" />
            <source>What models of each size need</source>
            <translation>モデルの大きさごとの必要量</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/cards.py" />
            <source>At Q4_K_M (about 4 bits a weight), with a context of {n:,} tokens</source>
            <translation>Q4_K_M（重みあたり約 4 ビット）、{n:,} トークンのコンテキストの場合</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/hardware_view.py" />
            <source>Hardware</source>
            <translation>性能</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/hardware_view.py" />
            <location filename="../../gui/library/model_paint.py" />
            <location filename="../../gui/workshop/target_table.py" />
            <source>This machine</source>
            <translation>このコンピュータ</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/hardware_view.py" />
            <source>What decides speed and memory</source>
            <translation>速度とメモリを決めるもの</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/hardware_view.py" />
            <source>Right now</source>
            <translation>現在の状態</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/hardware_view.py" />
            <source>Copy the report as text, for a letter or a forum</source>
            <translation>メールや掲示板に貼れるよう、レポートをテキストでコピーします</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/hardware_view.py" />
            <source>Copy as text</source>
            <translation>テキストでコピー</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/hardware_view.py" />
            <source>Copy the report as JSON, for a program</source>
            <translation>プログラム用に、レポートを JSON でコピーします</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/hardware_view.py" />
            <source>Measure memory, disks and kernels, for half a minute</source>
            <translation>メモリ、ディスク、計算処理を 30 秒ほど測定します</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/hardware_view.py" />
            <source>Measure</source>
            <translation>測定</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/hardware_view.py" />
            <location filename="../../gui/workshop/loss_card.py" />
            <source>Measure again</source>
            <translation>再測定</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/models_card.py" />
            <source>How the weights are kept</source>
            <translation>重みの保存方法</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/models_card.py" />
            <source>Foretold</source>
            <translation>予測</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/models_card.py" />
            <source>Tokens a second while it writes, from what was measured here</source>
            <translation>ここでの測定値から見積もった、1 秒間に書くトークン数</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/models_card.py" />
            <source>How long it would read a text of ten pages before it answers</source>
            <translation>10 ページのテキストを読み、回答し始めるまでの時間</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/models_card.py" />
            <source>Measured</source>
            <translation>実測</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/models_card.py" />
            <source>Tokens a second of its last replies here</source>
            <translation>ここでの最近の回答での、1 秒あたりのトークン数</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/models_card.py" />
            <source>Foretold was</source>
            <translation>予測の誤差</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/models_card.py" />
            <source>How far the prediction was off for these replies</source>
            <translation>これらの回答で予測がどれだけ外れたか</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/models_card.py" />
            <source>Foretold from the measurements above, beside what the last replies reached</source>
            <translation>上の測定値から見積もった予測と、最近の回答での実測</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/models_card.py" />
            <source>Estimated, as nothing was measured yet, beside what the last replies reached</source>
            <translation>未測定のための推定値と、最近の回答での実測</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/models_card.py" />
            <source>There is no model in the library yet. Those that come stand here with their speed.</source>
            <translation>ライブラリにまだモデルがありません。追加すると、ここに速度が表示されます。</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/models_card.py" />
            <source>Your models on this machine</source>
            <translation>このコンピュータでの手持ちのモデル</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/models_card.py" />
            <source>Show more ({n:,})</source>
            <translation>さらに表示（{n:,}）</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/models_card.py" />
            <source>Show more of your models</source>
            <translation>手持ちのモデルをさらに表示</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/models_card.py" />
            <location filename="../../gui/library/model_paint.py" />
            <source>Model</source>
            <translation>モデル</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/rates_card.py" />
            <source>Of what memory allows</source>
            <translation>メモリの上限に対する割合</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/rates_card.py" />
            <source>Token</source>
            <translation>トークン</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/rates_card.py" />
            <source>Prompt</source>
            <translation>プロンプト</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/rates_card.py" />
            <source>While a model writes, each token reads all weights once: the bar is the share of the memory's bandwidth that this type makes use of</source>
            <translation>モデルは 1 トークン書くたびに、すべての重みを 1 回読みます。棒は、この型がメモリ帯域幅をどれだけ活かしているかを示します</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/rates_card.py" />
            <source>Billions of products a second while a model writes</source>
            <translation>モデルが書くときの、1 秒あたりの積の回数（10 億回単位）</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/rates_card.py" />
            <source>Billions of products a second while a model reads a prompt</source>
            <translation>モデルがプロンプトを読むときの、1 秒あたりの積の回数（10 億回単位）</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/rates_card.py" />
            <source>Speed of each type of weights</source>
            <translation>重みの型ごとの速度</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/rates_card.py" />
            <source>Measured with the {kernels} kernels, {n} {n:thread|threads}; billions of products a second</source>
            <translation>{kernels} の計算処理、{n} スレッドで測定。1 秒あたりの積の回数（10 億回単位）</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/rates_card.py" />
            <source>Show all {n} types</source>
            <translation>{n} 個の型をすべて表示</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/rates_card.py" />
            <source>Show every type that was measured</source>
            <translation>測定した型をすべて表示します</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/rates_card.py" />
            <source>{share:.0f} %</source>
            <translation>{share:.0f}%</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/rates_card.py" />
            <source>{type}: {percent} of what memory allows</source>
            <translation>{type}: メモリの上限の {percent}</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>NEON with dot products</source>
            <translation>内積命令付き NEON</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>plain</source>
            <translation>標準</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>Disk of the models</source>
            <translation>モデルのディスク</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>Disk of chats</source>
            <translation>チャットのディスク</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>{n} {n:thread|threads}</source>
            <translation>{n} スレッド</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>{n} {n:core|cores}</source>
            <translation>{n} コア</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>{size:memory} cache</source>
            <translation>キャッシュ {size:memory}</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>Caches: {sizes}</source>
            <translation>キャッシュ: {sizes}</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>Best with {n} {n:thread|threads}: measured and kept; Settings ask for {asked}.</source>
            <translation>最適なのは {n} スレッドです（測定して保存済み）。設定では {asked} になっています。</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>Best with {n} {n:thread|threads}: measured and kept, used whenever a model is opened.</source>
            <translation>最適なのは {n} スレッドです（測定して保存済み）。モデルを開くときに使われます。</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>{n} {n:thread|threads} suit the cores; Settings ask for {asked}.</source>
            <translation>コア数に合うのは {n} スレッドです。設定では {asked} になっています。</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>{n} {n:thread|threads} suit the cores and are used; measuring finds out whether others are faster.</source>
            <translation>コア数に合う {n} スレッドを使っています。測定すると、ほかのスレッド数の方が速いかどうか分かります。</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>not measured yet</source>
            <translation>未測定</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>{speed:rate}, measured</source>
            <translation>{speed:rate}（実測）</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>{all:memory}, {free:memory} free</source>
            <translation>{all:memory}、空き {free:memory}</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <location filename="../../gui/parameter_list.py" />
            <location filename="../../gui/pulse.py" />
            <location filename="../../gui/workshop/target_table.py" />
            <source>Memory</source>
            <translation>メモリ</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>Bandwidth</source>
            <translation>帯域幅</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>System</source>
            <translation>システム</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>Disk</source>
            <translation>ディスク</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>{size:file} free</source>
            <translation>空き {size:file}</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>Disk of {use}</source>
            <translation>ディスク（{use}）</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>Graphics</source>
            <translation>グラフィックス</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>none found; Chaski computes with the processor</source>
            <translation>見つかりません。Chaski はプロセッサで計算します</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>Graphics {i}</source>
            <translation>グラフィックス {i}</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>Right</source>
            <comment>a prediction that came true</comment>
            <translation>一致</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>{share} % too high</source>
            <translation>{share}% 高め</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>{share} % too low</source>
            <translation>{share}% 低め</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>No reply was timed yet that says something: one of 16 tokens or more, with as many threads</source>
            <translation>判断できる回答（16 トークン以上で、同じスレッド数のもの）がまだありません</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>The middle of one reply</source>
            <translation>回答 1 件の中央値</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>The middle of the last {n} replies</source>
            <translation>最近の回答 {n} 件の中央値</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>Other programs took {share} % of the processor while this was measured, so the figures are lower than they could be. Measure again when it is quiet.</source>
            <translation>測定中、ほかのプログラムがプロセッサの {share}% を使っていたため、本来より低い数値になっています。落ち着いてから再測定してください。</translation>
        </message>
        <message>
            <location filename="../../gui/language.py" />
            <source>{names}, {name}</source>
            <translation>{names}、{name}</translation>
        </message>
        <message>
            <location filename="../../gui/language.py" />
            <source>{names} and {name}</source>
            <translation>{names}、{name}</translation>
        </message>
        <message>
            <location filename="../../gui/library/deeds.py" />
            <source>{model} was taken off the list; its file stays</source>
            <translation>{model} を一覧から外しました。ファイルは残っています</translation>
        </message>
        <message>
            <location filename="../../gui/library/deeds.py" />
            <source>The folder of {model} is not there any more</source>
            <translation>{model} のフォルダはもうありません</translation>
        </message>
        <message>
            <location filename="../../gui/library/deeds.py" />
            <source>No file manager was found to show {folder}</source>
            <translation>{folder} を表示するファイルマネージャが見つかりません</translation>
        </message>
        <message>
            <location filename="../../gui/library/deeds.py" />
            <source>Checking</source>
            <translation>検証中</translation>
        </message>
        <message>
            <location filename="../../gui/library/deeds.py" />
            <source>Move {model} to the trash?</source>
            <translation>{model} をゴミ箱に移動しますか？</translation>
        </message>
        <message>
            <location filename="../../gui/library/deeds.py" />
            <location filename="../../gui/library/duplicates.py" />
            <location filename="../../gui/library/menus.py" />
            <source>Move to trash</source>
            <translation>ゴミ箱に移動</translation>
        </message>
        <message>
            <location filename="../../gui/library/deeds.py" />
            <source>{model} was moved to the trash</source>
            <translation>{model} をゴミ箱に移動しました</translation>
        </message>
        <message>
            <location filename="../../gui/library/deeds.py" />
            <source>{model} stays where it was</source>
            <translation>{model} は元の場所に残っています</translation>
        </message>
        <message>
            <location filename="../../gui/library/deeds.py" />
            <source>Move {model} to another folder?</source>
            <translation>{model} を別のフォルダに移動しますか？</translation>
        </message>
        <message>
            <location filename="../../gui/library/deeds.py" />
            <location filename="../../gui/workshop/source_card.py" />
            <source>Choose a folder</source>
            <translation>フォルダを選択</translation>
        </message>
        <message>
            <location filename="../../gui/library/deeds.py" />
            <source>Move {model} to</source>
            <translation>{model} の移動先</translation>
        </message>
        <message>
            <location filename="../../gui/library/deeds.py" />
            <source>{model} lies in {folder} now</source>
            <translation>{model} を {folder} に移動しました</translation>
        </message>
        <message>
            <location filename="../../gui/library/deeds.py" />
            <source>Moving</source>
            <translation>移動中</translation>
        </message>
        <message>
            <location filename="../../gui/library/deeds.py" />
            <source>{model} is being checked or moved; Activity shows how far</source>
            <translation>{model} は検証または移動の途中です。進み具合は「進行状況」で確認できます</translation>
        </message>
        <message>
            <location filename="../../gui/library/deeds.py" />
            <source>{deed} {share} %</source>
            <translation>{deed} {share}%</translation>
        </message>
        <message>
            <location filename="../../gui/library/defaults_form.py" />
            <source>As usual</source>
            <translation>標準</translation>
        </message>
        <message>
            <location filename="../../gui/library/defaults_form.py" />
            <source>model’s own</source>
            <translation>モデル固有</translation>
        </message>
        <message>
            <location filename="../../gui/library/defaults_form.py" />
            <source>New chats with this model begin with it</source>
            <translation>このモデルとの新しいチャットの最初に使われます</translation>
        </message>
        <message>
            <location filename="../../gui/library/defaults_form.py" />
            <source>Context of this model</source>
            <translation>このモデルのコンテキスト</translation>
        </message>
        <message>
            <location filename="../../gui/library/defaults_form.py" />
            <source>Threads of this model</source>
            <translation>このモデルのスレッド数</translation>
        </message>
        <message>
            <location filename="../../gui/library/defaults_form.py" />
            <source>Cache type of this model</source>
            <translation>このモデルのキャッシュの型</translation>
        </message>
        <message>
            <location filename="../../gui/library/defaults_form.py" />
            <source>How the conversation is kept in memory</source>
            <translation>会話をメモリに保持する方法</translation>
        </message>
        <message>
            <location filename="../../gui/library/defaults_form.py" />
            <source>All sampling values</source>
            <translation>すべてのサンプリング値</translation>
        </message>
        <message>
            <location filename="../../gui/library/defaults_form.py" />
            <source>Forget these</source>
            <translation>指定を消去</translation>
        </message>
        <message>
            <location filename="../../gui/library/defaults_form.py" />
            <source>Back to no wishes at all</source>
            <translation>何も指定していない状態に戻します</translation>
        </message>
        <message>
            <location filename="../../gui/library/defaults_form.py" />
            <source>{name} of this model</source>
            <translation>このモデルの{name}</translation>
        </message>
        <message>
            <location filename="../../gui/library/defaults_form.py" />
            <source>{help} “{own}”: what the model's file recommends.</source>
            <translation>{help}「{own}」は、モデルのファイルの推奨値です。</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>They come before Settings; what a chat chooses comes before them.</source>
            <translation>設定より優先され、チャットで選んだ値がさらに優先されます。</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>Opened with other values; they count once it is opened anew.</source>
            <translation>別の値で開いています。開き直すと反映されます。</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>Name in the list</source>
            <translation>一覧での名前</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>Its name in the list; the file keeps its own</source>
            <translation>一覧での名前です。ファイル名は変わりません</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <location filename="../../gui/library/menus.py" />
            <location filename="../../gui/workshop/source_card.py" />
            <source>Look inside</source>
            <translation>中身を見る</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>Metadata and tensors of the file</source>
            <translation>ファイルのメタデータとテンソル</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>Verify, move, show in folder, …</source>
            <translation>検証、移動、フォルダを表示…</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>Tags</source>
            <translation>タグ</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>coding, French, small</source>
            <translation>プログラミング、日本語、小型</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>Notes</source>
            <translation>メモ</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>What it is good at, where it came from</source>
            <translation>得意なこと、入手元など</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>Close the details</source>
            <translation>詳細を閉じる</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <location filename="../../gui/library/menus.py" />
            <source>Details</source>
            <translation>詳細</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>Defaults of this model</source>
            <translation>このモデルの既定値</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <location filename="../../gui/settings/settings_view.py" />
            <source>Reopen</source>
            <translation>開き直す</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>Open it anew with these values</source>
            <translation>この値で開き直します</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>It calls itself {name}</source>
            <translation>ファイル内での名前は {name} です</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <location filename="../../gui/library/model_paint.py" />
            <source>Parameters</source>
            <translation>パラメータ</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <location filename="../../gui/library/model_paint.py" />
            <location filename="../../gui/workshop/target_table.py" />
            <source>File</source>
            <translation>ファイル</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>{n:,} {n:byte|bytes}</source>
            <translation>{n:,} バイト</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>Trained context</source>
            <translation>学習時のコンテキスト</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>Open with</source>
            <translation>開き方</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>Kept by</source>
            <translation>管理元</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>Its file is read where it lies, and never changed</source>
            <translation>ファイルは元の場所で読み込み、変更しません</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>Reads pictures</source>
            <translation>画像の読み取り</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>Speed, measured</source>
            <translation>速度（実測）</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>At its last use</source>
            <translation>前回使用したとき</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>Speed, foretold</source>
            <translation>速度（予測）</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <location filename="../../gui/library/model_paint.py" />
            <source>Last used</source>
            <translation>最終使用</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>Added</source>
            <translation>追加</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>Of the whole file, when it was last verified</source>
            <translation>ファイル全体のもの（前回の検証時）</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>Folder</source>
            <translation>フォルダ</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>File name</source>
            <translation>ファイル名</translation>
        </message>
        <message>
            <location filename="../../gui/library/duplicates.py" />
            <source>One copy is enough for every program that can read it where it lies. Copies that another program shares between its models can only be removed there.</source>
            <translation>その場所で読めるプログラムがいくつあっても、コピーは 1 つで足ります。ほかのプログラムがモデル間で共有しているコピーは、そのプログラムでしか削除できません。</translation>
        </message>
        <message>
            <location filename="../../gui/library/duplicates.py" />
            <location filename="../../gui/library/parts.py" />
            <source>Duplicates</source>
            <translation>重複</translation>
        </message>
        <message>
            <location filename="../../gui/library/duplicates.py" />
            <source>Looking for duplicates</source>
            <translation>重複を検索中</translation>
        </message>
        <message>
            <location filename="../../gui/library/duplicates.py" />
            <source>Files of the same size are compared.</source>
            <translation>大きさが同じファイルを比較しています。</translation>
        </message>
        <message>
            <location filename="../../gui/library/duplicates.py" />
            <source>The files could not be compared</source>
            <translation>ファイルを比較できませんでした</translation>
        </message>
        <message>
            <location filename="../../gui/library/duplicates.py" />
            <source>No model takes room twice</source>
            <translation>重複して場所を取っているモデルはありません</translation>
        </message>
        <message>
            <location filename="../../gui/library/duplicates.py" />
            <source>Links to one file take no room, and are not counted.</source>
            <translation>同じファイルへのリンクは場所を取らないため、数えません。</translation>
        </message>
        <message>
            <location filename="../../gui/library/duplicates.py" />
            <source>Duplicates take {size:file}</source>
            <translation>重複しているのは {size:file}</translation>
        </message>
        <message>
            <location filename="../../gui/library/duplicates.py" />
            <source>The largest {n} of {all:,} groups:</source>
            <translation>{all:,} 組のうち、大きい順に {n} 組:</translation>
        </message>
        <message>
            <location filename="../../gui/library/duplicates.py" />
            <source>{n} × {size:file}, the same contents</source>
            <translation>{n} × {size:file}、内容は同じ</translation>
        </message>
        <message>
            <location filename="../../gui/library/duplicates.py" />
            <source>{n} × {size:file}, most likely the same contents</source>
            <translation>{n} × {size:file}、内容はほぼ確実に同じ</translation>
        </message>
        <message>
            <location filename="../../gui/library/duplicates.py" />
            <source>{size:file} could be free</source>
            <translation>{size:file} 空けられます</translation>
        </message>
        <message>
            <location filename="../../gui/library/duplicates.py" />
            <source>Yours</source>
            <translation>自分のもの</translation>
        </message>
        <message>
            <location filename="../../gui/library/duplicates.py" />
            <source>Left alone; remove it with “{command}”</source>
            <translation>ここでは削除できません。「{command}」で削除してください</translation>
        </message>
        <message>
            <location filename="../../gui/library/duplicates.py" />
            <source>{program} shares its files between models; remove it there</source>
            <translation>{program} はファイルをモデル間で共有しています。{program} で削除してください</translation>
        </message>
        <message>
            <location filename="../../gui/library/duplicates.py" />
            <source>Move {model} to the trash</source>
            <translation>{model} をゴミ箱に移動</translation>
        </message>
        <message>
            <location filename="../../gui/library/library_view.py" />
            <source>Reading the heads of the files: {done:,} of {total:,}</source>
            <translation>ファイルのヘッダーを読み込み中: {total:,} 個中 {done:,} 個</translation>
        </message>
        <message>
            <location filename="../../gui/library/library_view.py" />
            <source>{models} found</source>
            <translation>{models} が見つかりました</translation>
        </message>
        <message>
            <location filename="../../gui/library/library_view.py" />
            <source>Looking for models…</source>
            <translation>モデルを検索中…</translation>
        </message>
        <message>
            <location filename="../../gui/library/library_view.py" />
            <source>No model has “{words}” in its name, tags, type or family</source>
            <translation>名前、タグ、型、系列に「{words}」を含むモデルはありません</translation>
        </message>
        <message>
            <location filename="../../gui/library/library_view.py" />
            <source>Every model was used or added in the last {n} months</source>
            <translation>どのモデルも、この {n} か月間に使用または追加されています</translation>
        </message>
        <message>
            <location filename="../../gui/library/library_view.py" />
            <source>{model} comes with Chaski and stays</source>
            <translation>{model} は Chaski に付属しており、削除できません</translation>
        </message>
        <message>
            <location filename="../../gui/library/menus.py" />
            <source>Close and free its memory</source>
            <translation>閉じてメモリを空けます</translation>
        </message>
        <message>
            <location filename="../../gui/library/menus.py" />
            <source>Verify</source>
            <translation>検証</translation>
        </message>
        <message>
            <location filename="../../gui/library/menus.py" />
            <location filename="../../gui/workshop/job_card.py" />
            <source>Show in folder</source>
            <translation>フォルダを表示</translation>
        </message>
        <message>
            <location filename="../../gui/library/menus.py" />
            <source>Move to another folder…</source>
            <translation>別のフォルダに移動…</translation>
        </message>
        <message>
            <location filename="../../gui/library/menus.py" />
            <source>Take off the list</source>
            <translation>一覧から外す</translation>
        </message>
        <message>
            <location filename="../../gui/library/menus.py" />
            <source>Bring back {model}</source>
            <translation>{model} を元に戻す</translation>
        </message>
        <message>
            <location filename="../../gui/library/menus.py" />
            <source>Go on moving {model} to {folder}</source>
            <translation>{model} の {folder} への移動を再開</translation>
        </message>
        <message>
            <location filename="../../gui/library/menus.py" />
            <source>Leave {model} where it is</source>
            <translation>{model} を元の場所に残す</translation>
        </message>
        <message>
            <location filename="../../gui/library/menus.py" />
            <source>Look through the folders again</source>
            <translation>フォルダを調べ直す</translation>
        </message>
        <message>
            <location filename="../../gui/library/menus.py" />
            <source>{model} is not in the list any more</source>
            <translation>{model} はもう一覧にありません</translation>
        </message>
        <message>
            <location filename="../../gui/library/model_paint.py" />
            <source>Details of {model}</source>
            <translation>{model} の詳細</translation>
        </message>
        <message>
            <location filename="../../gui/library/model_paint.py" />
            <source>More about {model}</source>
            <translation>{model} のその他の操作</translation>
        </message>
        <message>
            <location filename="../../gui/library/model_paint.py" />
            <source>Name of the model</source>
            <translation>モデルの名前</translation>
        </message>
        <message>
            <location filename="../../gui/library/model_paint.py" />
            <source>Measured when it was last used</source>
            <translation>前回の使用時の実測値</translation>
        </message>
        <message>
            <location filename="../../gui/library/model_paint.py" />
            <source>Foretold from the file's head and what this machine can do</source>
            <translation>ファイルのヘッダーと、このコンピュータの性能からの予測</translation>
        </message>
        <message>
            <location filename="../../gui/library/parts.py" />
            <source>Get one that runs well here, or add a GGUF file from your disk. It stays where it is.</source>
            <translation>快適に動作するモデルを入手するか、手元の GGUF ファイルを追加してください。ファイルは元の場所に残ります。</translation>
        </message>
        <message>
            <location filename="../../gui/library/parts.py" />
            <source>Models that take room more than once</source>
            <translation>重複して場所を取っているモデル</translation>
        </message>
        <message>
            <location filename="../../gui/library/parts.py" />
            <source>Add a model file</source>
            <translation>モデルファイルを追加</translation>
        </message>
        <message>
            <location filename="../../gui/library/parts.py" />
            <source>Add a file</source>
            <translation>ファイルを追加</translation>
        </message>
        <message>
            <location filename="../../gui/library/parts.py" />
            <source>More about the list</source>
            <translation>一覧のその他の操作</translation>
        </message>
        <message>
            <location filename="../../gui/library/parts.py" />
            <location filename="../../gui/library/shown.py" />
            <source>{n:,} {n:model|models}</source>
            <translation>モデル {n:,} 件</translation>
        </message>
        <message>
            <location filename="../../gui/library/parts.py" />
            <source>Name, tag, type, family or folder (Ctrl+F)</source>
            <translation>名前、タグ、型、系列、フォルダ（Ctrl+F）</translation>
        </message>
        <message>
            <location filename="../../gui/library/parts.py" />
            <source>Not used for {n} months</source>
            <translation>{n} か月以上未使用</translation>
        </message>
        <message>
            <location filename="../../gui/library/parts.py" />
            <source>To the models that run well here</source>
            <translation>快適に動作するモデルへ</translation>
        </message>
        <message>
            <location filename="../../gui/library/parts.py" />
            <source>Get a model</source>
            <translation>モデルを入手</translation>
        </message>
        <message>
            <location filename="../../gui/library/parts.py" />
            <source>Choose a model file</source>
            <translation>モデルファイルの選択</translation>
        </message>
        <message>
            <location filename="../../gui/library/parts.py" />
            <source>No models yet</source>
            <translation>モデルがまだありません</translation>
        </message>
        <message>
            <location filename="../../gui/library/shown.py" />
            <source>By name</source>
            <translation>名前順</translation>
        </message>
        <message>
            <location filename="../../gui/library/shown.py" />
            <source>Largest first</source>
            <translation>大きい順</translation>
        </message>
        <message>
            <location filename="../../gui/library/shown.py" />
            <source>Last used first</source>
            <translation>最近使った順</translation>
        </message>
        <message>
            <location filename="../../gui/library/shown.py" />
            <source>Fastest first</source>
            <translation>速い順</translation>
        </message>
        <message>
            <location filename="../../gui/library/shown.py" />
            <source>Your models</source>
            <translation>自分のモデル</translation>
        </message>
        <message>
            <location filename="../../gui/library/shown.py" />
            <source>Found in {program}</source>
            <translation>{program} で検出</translation>
        </message>
        <message>
            <location filename="../../gui/library/shown.py" />
            <location filename="../../gui/library/words.py" />
            <source>Built in</source>
            <translation>内蔵</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>Comes with Chaski and answers questions about it</source>
            <translation>Chaski に付属し、Chaski についての質問に回答します</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>Cannot be read</source>
            <translation>読み込めません</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>The weights as they were trained, in full: the largest files</source>
            <translation>学習時のままの重み。ファイルは最大</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>The weights at half size: as good as the original</source>
            <translation>半分の大きさの重み。元のモデルと同等</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>The original weights of most new models</source>
            <translation>最近のモデルの多くで使われる元のままの重み</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>About 8 bits a weight: nearly lossless</source>
            <translation>重みあたり約 8 ビット。ほぼ損失なし</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>About 6 bits a weight: hardly a difference to the original</source>
            <translation>重みあたり約 6 ビット。元のモデルとの差はごくわずか</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>About 5 bits a weight: very close to the original</source>
            <translation>重みあたり約 5 ビット。元のモデルにとても近い</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>About 4 bits a weight: the usual balance of size and quality</source>
            <translation>重みあたり約 4 ビット。大きさと品質の標準的なバランス</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>About 3 bits a weight: small, with some loss</source>
            <translation>重みあたり約 3 ビット。小さく、多少の損失あり</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>About 2 bits a weight: very small, with clear loss</source>
            <translation>重みあたり約 2 ビット。とても小さく、はっきりした損失あり</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>Activity shows how far it is</source>
            <translation>進み具合は「進行状況」で確認できます</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>Rests</source>
            <translation>休止中</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>Nobody used it for a while: it opens again with a message</source>
            <translation>しばらく使われていません。メッセージを送ると開き直します</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>Open</source>
            <comment>of a model: in memory</comment>
            <translation>読み込み済み</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>This model is in memory</source>
            <translation>このモデルはメモリに読み込まれています</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>never</source>
            <translation>なし</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>today</source>
            <translation>今日</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>{n} {n:day|days} ago</source>
            <translation>{n} 日前</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>{n} {n:month|months} ago</source>
            <translation>{n} か月前</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>{n} {n:year|years} ago</source>
            <translation>{n} 年前</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>{model} lies in the store of {program}, which shares its files between models. Remove it there: {command}</source>
            <translation>{model} は {program} の保存場所にあり、ファイルがモデル間で共有されています。次のコマンドで削除してください: {command}</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>{model} belongs to {program}, which would miss it.</source>
            <translation>{model} は {program} のもので、なくなると {program} が困ります。</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>{model} lies in {folder}, which is no folder of Chaski's.</source>
            <translation>{model} がある {folder} は、Chaski のフォルダではありません。</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>{file} is damaged: {problems}. Get it again.</source>
            <translation>{file} が破損しています: {problems}。入手し直してください。</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>{file} is whole, and what {program} says it should be</source>
            <translation>{file} は完全で、{program} の記録どおりです</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>{file} is whole. Its checksum is kept, to be compared the next time</source>
            <translation>{file} は完全です。次回の比較のために、チェックサムを保存しました</translation>
        </message>
        <message>
            <location filename="../../gui/main_window.py" />
            <location filename="../../gui/workshop/ask.py" />
            <source>Model files (*.gguf);;All files (*)</source>
            <translation>モデルファイル (*.gguf);;すべてのファイル (*)</translation>
        </message>
        <message>
            <location filename="../../gui/main_window.py" />
            <source>Commands, chats and models</source>
            <translation>コマンド、チャット、モデル</translation>
        </message>
        <message>
            <location filename="../../gui/main_window.py" />
            <source>Search commands, chats and models</source>
            <translation>コマンド、チャット、モデルを検索</translation>
        </message>
        <message>
            <location filename="../../gui/main_window.py" />
            <source>This chat is open in this window already</source>
            <translation>このチャットは既にこのウィンドウで開いています</translation>
        </message>
        <message>
            <location filename="../../gui/manual/manual.py" />
            <source>Search the manual</source>
            <translation>マニュアルを検索</translation>
        </message>
        <message>
            <location filename="../../gui/manual/manual.py" />
            <source>Pages that have these words</source>
            <translation>この語を含むページ</translation>
        </message>
        <message>
            <location filename="../../gui/manual/manual.py" />
            <source>Contents</source>
            <translation>目次</translation>
        </message>
        <message>
            <location filename="../../gui/manual/manual.py" />
            <location filename="../../gui/widgets/sheets.py" />
            <source>Back</source>
            <translation>戻る</translation>
        </message>
        <message>
            <location filename="../../gui/manual/manual.py" />
            <source>No page has these words</source>
            <translation>この語を含むページはありません</translation>
        </message>
        <message>
            <location filename="../../gui/manual/manual.py" />
            <source>Page</source>
            <translation>ページ</translation>
        </message>
        <message>
            <location filename="../../gui/manual/manual.py" />
            <source>{page} – Manual</source>
            <translation>{page} – マニュアル</translation>
        </message>
        <message>
            <location filename="../../gui/manual/pages.py" />
            <source>Views</source>
            <translation>画面</translation>
        </message>
        <message>
            <location filename="../../gui/manual/pages.py" />
            <source>Key</source>
            <comment>of the keyboard</comment>
            <translation>キー</translation>
        </message>
        <message>
            <location filename="../../gui/manual/pages.py" />
            <source>What it does</source>
            <translation>動作</translation>
        </message>
        <message>
            <location filename="../../gui/notices.py" />
            <source>The answer is done</source>
            <translation>回答が完了しました</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Auto</source>
            <translation>自動</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>On</source>
            <translation>オン</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Off</source>
            <translation>オフ</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Leave the oldest messages out</source>
            <translation>最も古いメッセージを除く</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Creativity</source>
            <translation>創造性</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Temperature</source>
            <translation>温度</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Low keeps to the likeliest words, high brings more surprising ones. 0 always takes the likeliest.</source>
            <translation>低いと最も確率の高い語に絞り、高いと意外な語が増えます。0 では常に最も確率の高い語を選びます。</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Top K</source>
            <translation>Top K</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Only the K likeliest words may come next. 0 turns it off.</source>
            <translation>次の語の候補を、確率の高い K 個に限ります。0 でオフになります。</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Top P</source>
            <translation>Top P</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Only the likeliest words that together reach this share may come next. 1 turns it off.</source>
            <translation>次の語の候補を、確率の高い順に合計がこの割合に達するまでに限ります。1 でオフになります。</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Min P</source>
            <translation>Min P</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Words less likely than this share of the likeliest one are left out. 0 turns it off.</source>
            <translation>最も確率の高い語に対して、この割合より確率の低い語を除きます。0 でオフになります。</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Repetition</source>
            <translation>繰り返し</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Repeat penalty</source>
            <translation>繰り返しペナルティ</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Makes words that were just used less likely. 1 turns it off.</source>
            <translation>使ったばかりの語の確率を下げます。1 でオフになります。</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Looks back</source>
            <translation>さかのぼる範囲</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>How many of the last tokens count as just used. 0 turns it off, −1 takes the whole conversation.</source>
            <translation>「使ったばかり」とみなす最近のトークン数です。0 でオフ、−1 で会話全体になります。</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Presence penalty</source>
            <translation>出現ペナルティ</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>The same small malus for every word that has appeared. 0 turns it off.</source>
            <translation>一度でも現れた語の確率を、同じだけ少し下げます。0 でオフになります。</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Frequency penalty</source>
            <translation>頻度ペナルティ</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>A malus that grows each time a word appears. 0 turns it off.</source>
            <translation>語が現れるたびに、確率をさらに下げます。0 でオフになります。</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Repeated phrases (DRY)</source>
            <translation>語句の繰り返し（DRY）</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Strength</source>
            <translation>強さ</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Works against repeating whole phrases. 0 turns it off.</source>
            <translation>語句全体の繰り返しを抑えます。0 でオフになります。</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Growth</source>
            <translation>増加率</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>How fast the malus grows with the length of the phrase.</source>
            <translation>語句の長さに応じて、抑える強さがどれだけ速く増すか。</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Allowed length</source>
            <translation>許容する長さ</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Phrases up to this many tokens may repeat.</source>
            <translation>このトークン数までの語句は、繰り返しても構いません。</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>How many of the last tokens are searched. −1 takes the whole conversation.</source>
            <translation>調べる最近のトークン数です。−1 で会話全体になります。</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Finer choices</source>
            <translation>詳細な選択</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Typical P</source>
            <translation>Typical P</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Keeps words that are about as surprising as expected. 1 turns it off.</source>
            <translation>予想と同じくらい意外な語を残します。1 でオフになります。</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Top n sigma</source>
            <translation>Top n sigma</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Keeps words within this many standard deviations of the best. Below 0 turns it off.</source>
            <translation>最良の語から、この数の標準偏差以内の語を残します。0 未満でオフになります。</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>XTC chance</source>
            <translation>XTC の確率</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>How often the most obvious words are left out, for more lively text. 0 turns it off.</source>
            <translation>最も分かりきった語を除く頻度です。文章が生き生きします。0 でオフになります。</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>XTC threshold</source>
            <translation>XTC のしきい値</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Only words at least this likely count as obvious.</source>
            <translation>この確率以上の語だけを、分かりきった語とみなします。</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Temperature range</source>
            <translation>温度の幅</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Lets the temperature move up and down by this much with the model's certainty. 0 turns it off.</source>
            <translation>モデルの確信に応じて、温度をこの幅だけ上下させます。0 でオフになります。</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Temperature exponent</source>
            <translation>温度の指数</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>How the temperature follows the certainty.</source>
            <translation>温度が確信にどう従うか。</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Mirostat</source>
            <translation>Mirostat</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Version</source>
            <translation>バージョン</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Steers the text to an even degree of surprise instead of Top K, Top P and the like. 0 is off; 1 or 2.</source>
            <translation>Top K や Top P などの代わりに、意外さが一定になるよう調整します。0 でオフ、1 または 2 でオンになります。</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Surprise aimed at</source>
            <translation>目標の意外さ</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Lower is more focused, higher more varied.</source>
            <translation>低いと焦点が絞られ、高いと変化に富みます。</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <location filename="../../gui/pulse.py" />
            <source>Speed</source>
            <translation>速度</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>How fast it corrects itself.</source>
            <translation>調整する速さです。</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Adaptive P</source>
            <translation>Adaptive P</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Likelihood aimed at</source>
            <translation>目標の確率</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Prefers words about this likely, over obvious and over odd ones. -1 turns it off.</source>
            <translation>分かりきった語や突飛な語より、このくらいの確率の語を優先します。-1 でオフになります。</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>How long it evens out what it took before. 0.9 is about ten words.</source>
            <translation>これまでに選んだ語を、どれだけ長くならすか。0.9 で 10 語ほどです。</translation>
        </message>
        <message>
            <location filename="../../gui/presets.py" />
            <source>Balanced</source>
            <translation>バランス</translation>
        </message>
        <message>
            <location filename="../../gui/presets.py" />
            <source>Precise</source>
            <translation>正確</translation>
        </message>
        <message>
            <location filename="../../gui/presets.py" />
            <source>Creative</source>
            <translation>創造的</translation>
        </message>
        <message>
            <location filename="../../gui/presets.py" />
            <source>Always the likeliest</source>
            <translation>常に最有力</translation>
        </message>
        <message>
            <location filename="../../gui/prose/code.py" />
            <source>Wrap long lines</source>
            <translation>長い行を折り返す</translation>
        </message>
        <message>
            <location filename="../../gui/prose/code.py" />
            <source>Save the code as a file</source>
            <translation>コードをファイルに保存</translation>
        </message>
        <message>
            <location filename="../../gui/prose/code.py" />
            <source>Copy</source>
            <translation>コピー</translation>
        </message>
        <message>
            <location filename="../../gui/prose/code.py" />
            <source>Copy code</source>
            <translation>コードをコピー</translation>
        </message>
        <message>
            <location filename="../../gui/prose/code.py" />
            <source>text</source>
            <comment>a language of code</comment>
            <translation>テキスト</translation>
        </message>
        <message>
            <location filename="../../gui/prose/code.py" />
            <source>Code, {language}</source>
            <translation>コード、{language}</translation>
        </message>
        <message>
            <location filename="../../gui/prose/code.py" />
            <source>Do not wrap lines</source>
            <translation>行を折り返さない</translation>
        </message>
        <message>
            <location filename="../../gui/prose/code.py" />
            <source>Save the code</source>
            <translation>コードの保存</translation>
        </message>
        <message>
            <location filename="../../gui/prose/code.py" />
            <source>Not saved: {reason}</source>
            <translation>保存できませんでした: {reason}</translation>
        </message>
        <message>
            <location filename="../../gui/prose/code.py" />
            <source>Saved</source>
            <translation>保存しました</translation>
        </message>
        <message>
            <location filename="../../gui/prose/code.py" />
            <location filename="../../gui/widgets/buttons.py" />
            <source>Copied</source>
            <translation>コピーしました</translation>
        </message>
        <message>
            <location filename="../../gui/prose/hearing.py" />
            <source>Code, {language}:</source>
            <translation>コード、{language}:</translation>
        </message>
        <message>
            <location filename="../../gui/prose/hearing.py" />
            <source>Code:</source>
            <translation>コード:</translation>
        </message>
        <message>
            <location filename="../../gui/prose/hearing.py" />
            <source>Table:</source>
            <translation>表:</translation>
        </message>
        <message>
            <location filename="../../gui/prose/hearing.py" />
            <source>formula {source}</source>
            <translation>数式 {source}</translation>
        </message>
        <message>
            <location filename="../../gui/prose/links.py" />
            <source>Link</source>
            <translation>リンク</translation>
        </message>
        <message>
            <location filename="../../gui/prose/links.py" />
            <source>Write a mail</source>
            <translation>メールを書く</translation>
        </message>
        <message>
            <location filename="../../gui/prose/links.py" />
            <source>Open in the browser</source>
            <translation>ブラウザで開く</translation>
        </message>
        <message>
            <location filename="../../gui/prose/links.py" />
            <source>Copy the address</source>
            <translation>アドレスをコピー</translation>
        </message>
        <message>
            <location filename="../../gui/pulse.py" />
            <source>Drawn while a model writes or a job goes on.</source>
            <translation>モデルが書いている間や、作業の進行中に表示します。</translation>
        </message>
        <message>
            <location filename="../../gui/pulse.py" />
            <source>Kept: {what} that may come back. Opening a model frees it.</source>
            <translation>保持: 再開するかもしれない {what}。モデルを開くと解放されます。</translation>
        </message>
        <message>
            <location filename="../../gui/pulse.py" />
            <source>Half of the threads compute, as Settings say.</source>
            <translation>設定に従い、半分のスレッドで計算しています。</translation>
        </message>
        <message>
            <location filename="../../gui/pulse.py" />
            <source>Half of the threads compute, as this computer runs on its battery.</source>
            <translation>バッテリーで動作しているため、半分のスレッドで計算しています。</translation>
        </message>
        <message>
            <location filename="../../gui/pulse.py" />
            <source>Half of the threads compute, as the processor is hot.</source>
            <translation>プロセッサが高温のため、半分のスレッドで計算しています。</translation>
        </message>
        <message>
            <location filename="../../gui/pulse.py" />
            <source>The last two minutes</source>
            <translation>最近の 2 分間</translation>
        </message>
        <message>
            <location filename="../../gui/pulse.py" />
            <source>Nothing goes on just now. The last two minutes with work:</source>
            <translation>進行中の作業はありません。作業があった最近の 2 分間:</translation>
        </message>
        <message>
            <location filename="../../gui/pulse.py" />
            <source>The last two minutes. {why}</source>
            <translation>最近の 2 分間。{why}</translation>
        </message>
        <message>
            <location filename="../../gui/pulse.py" />
            <source>What Chaski holds; {kept:memory} of it waits for conversations; {room:memory} more could be had</source>
            <translation>Chaski が使用中の量で、うち {kept:memory} は会話の再開用。あと {room:memory} 使えます</translation>
        </message>
        <message>
            <location filename="../../gui/pulse.py" />
            <source>What Chaski holds; {room:memory} more could be had</source>
            <translation>Chaski が使用中の量。あと {room:memory} 使えます</translation>
        </message>
        <message>
            <location filename="../../gui/pulse.py" />
            <source>Chaski's share of all processors together</source>
            <translation>全プロセッサのうち Chaski が使う割合</translation>
        </message>
        <message>
            <location filename="../../gui/pulse.py" />
            <source>Tokens written by all models together</source>
            <translation>全モデルが書いたトークン数の合計</translation>
        </message>
        <message>
            <location filename="../../gui/pulse.py" />
            <source>{size:memory} for {n} {n:conversation|conversations}</source>
            <translation>会話 {n} 件分の {size:memory}</translation>
        </message>
        <message>
            <location filename="../../gui/pulse.py" />
            <location filename="../../gui/settings/token_card.py" />
            <source>Forget it</source>
            <translation>トークンを削除します</translation>
        </message>
        <message>
            <location filename="../../gui/pulse.py" />
            <source>Give this memory back: a chat that is opened again is read again</source>
            <translation>このメモリを解放します。チャットを開き直すと、最初から読み直します</translation>
        </message>
        <message>
            <location filename="../../gui/pulse.py" />
            <source>{name}: {value} now</source>
            <translation>{name}: 現在 {value}</translation>
        </message>
        <message>
            <location filename="../../gui/resting.py" />
            <source>{models} rest after {time} without use; they open again with your next message</source>
            <translation>{models} は、{time}使われないと休止し、次のメッセージで開き直します</translation>
        </message>
        <message>
            <location filename="../../gui/resting.py" />
            <source>{models} rests after {time} without use; it opens again with your next message</source>
            <translation>{models} は、{time}使われないと休止し、次のメッセージで開き直します</translation>
        </message>
        <message>
            <location filename="../../gui/resting.py" />
            <source>{n} {n:minute|minutes}</source>
            <translation>{n} 分</translation>
        </message>
        <message>
            <location filename="../../gui/resting.py" />
            <source>{n} {n:hour|hours}</source>
            <translation>{n} 時間</translation>
        </message>
        <message>
            <location filename="../../gui/settings/folders_card.py" />
            <source>Folders</source>
            <translation>フォルダ</translation>
        </message>
        <message>
            <location filename="../../gui/settings/folders_card.py" />
            <location filename="../../gui/settings/network_parts.py" />
            <source>Choose…</source>
            <translation>選択…</translation>
        </message>
        <message>
            <location filename="../../gui/settings/folders_card.py" />
            <source>Choose the models folder</source>
            <translation>モデルフォルダの選択</translation>
        </message>
        <message>
            <location filename="../../gui/settings/folders_card.py" />
            <source>Models folder</source>
            <translation>モデルフォルダ</translation>
        </message>
        <message>
            <location filename="../../gui/settings/folders_card.py" />
            <source>Models are looked for here, and downloads go here, each into a folder of its own. Those of the folder before stay in the list.</source>
            <translation>モデルをここから探し、ダウンロードもここに、モデルごとのフォルダに分けて保存します。以前のフォルダのモデルも一覧に残ります。</translation>
        </message>
        <message>
            <location filename="../../gui/settings/folders_card.py" />
            <source>Add…</source>
            <translation>追加…</translation>
        </message>
        <message>
            <location filename="../../gui/settings/folders_card.py" />
            <source>Watch another folder</source>
            <translation>監視するフォルダを追加します</translation>
        </message>
        <message>
            <location filename="../../gui/settings/folders_card.py" />
            <source>Watched folders</source>
            <translation>監視するフォルダ</translation>
        </message>
        <message>
            <location filename="../../gui/settings/folders_card.py" />
            <source>Models in these and below are listed, too, also when they come later. Their files stay where they are.</source>
            <translation>このフォルダとその中のモデルを、あとから加わったものも含めて一覧に表示します。ファイルは元の場所に残ります。</translation>
        </message>
        <message>
            <location filename="../../gui/settings/folders_card.py" />
            <location filename="../../gui/settings/updates_card.py" />
            <source>Show</source>
            <translation>表示</translation>
        </message>
        <message>
            <location filename="../../gui/settings/folders_card.py" />
            <source>Show this folder</source>
            <translation>このフォルダを表示します</translation>
        </message>
        <message>
            <location filename="../../gui/settings/folders_card.py" />
            <source>Chats and lists</source>
            <translation>チャットと一覧</translation>
        </message>
        <message>
            <location filename="../../gui/settings/folders_card.py" />
            <source>What you wrote and what models answered.</source>
            <translation>あなたが書いたことと、モデルの回答。</translation>
        </message>
        <message>
            <location filename="../../gui/settings/folders_card.py" />
            <source>{size:memory} free there</source>
            <translation>空き {size:memory}</translation>
        </message>
        <message>
            <location filename="../../gui/settings/folders_card.py" />
            <source>Folder for models</source>
            <translation>モデルのフォルダ</translation>
        </message>
        <message>
            <location filename="../../gui/settings/folders_card.py" />
            <source>Folder to watch</source>
            <translation>監視するフォルダ</translation>
        </message>
        <message>
            <location filename="../../gui/settings/folders_card.py" />
            <source>Watch {file} no more</source>
            <translation>{file} の監視をやめる</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>When I ask for something</source>
            <translation>操作したときだけ</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <location filename="../../gui/settings/settings_view.py" />
            <source>Never</source>
            <translation>しない</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>At any time</source>
            <translation>いつでも</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>From 23:00 to 7:00</source>
            <translation>23:00〜7:00</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>The variable HF_ENDPOINT names another hub, which counts.</source>
            <translation>環境変数 HF_ENDPOINT に別のハブが指定されており、そちらを優先します。</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>A variable (SSL_CERT_FILE) names a file of certificates, which counts.</source>
            <translation>環境変数（SSL_CERT_FILE）に証明書のファイルが指定されており、そちらを優先します。</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>The variable HF_HUB_OFFLINE switches all connections off.</source>
            <translation>環境変数 HF_HUB_OFFLINE により、すべての接続がオフになっています。</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>{size:file}/s at most</source>
            <translation>最大 {size:file}/秒</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>As fast as it goes</source>
            <translation>制限なし</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>Network</source>
            <translation>ネットワーク</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>Speed limit</source>
            <translation>速度の制限</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>Downloads run</source>
            <translation>ダウンロードの時間帯</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>Proxy</source>
            <translation>プロキシ</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>As the system says</source>
            <translation>システムに従う</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>Hub</source>
            <translation>ハブ</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>Connections</source>
            <translation>接続</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>To search and download models, for nothing else.</source>
            <translation>モデルの検索とダウンロードだけに使います。</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>For all downloads together.</source>
            <translation>すべてのダウンロードの合計です。</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>Outside these hours they wait.</source>
            <translation>この時間帯以外は待機します。</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>Such as http://proxy:8080 or socks5://localhost:9050; none for no proxy at all.</source>
            <translation>http://proxy:8080 や socks5://localhost:9050 のように指定します。使わない場合は none と指定します。</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>Hugging Face, or a mirror of it.</source>
            <translation>Hugging Face か、そのミラーです。</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>CA certificate</source>
            <translation>CA 証明書</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>Only where a company or a proxy reads along and has its own: its file (PEM) is trusted beside the system's certificates.</source>
            <translation>会社やプロキシが通信を検査し、独自の証明書を使う場合だけ指定します。システムの証明書に加えて、このファイル（PEM）を信頼します。</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>Connection</source>
            <translation>接続の確認</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>Asks the hub one small thing, as all of this says.</source>
            <translation>ここでの指定どおりに、ハブに小さな問い合わせを 1 つ送ります。</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_parts.py" />
            <source>Choose a file of certificates</source>
            <translation>証明書ファイルの選択</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_parts.py" />
            <source>Trust the system's certificates alone</source>
            <translation>システムの証明書だけを信頼します</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_parts.py" />
            <source>The system's own are enough</source>
            <translation>システムの証明書だけで十分な場合はこちら</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_parts.py" />
            <source>Certificates (*.pem *.crt *.cer);;All files (*)</source>
            <translation>証明書 (*.pem *.crt *.cer);;すべてのファイル (*)</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_parts.py" />
            <source>File of certificates</source>
            <translation>証明書ファイル</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_parts.py" />
            <source>Try the connection</source>
            <translation>接続を確認</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_parts.py" />
            <source>Ask the hub now</source>
            <translation>今すぐハブに問い合わせます</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_parts.py" />
            <location filename="../../gui/settings/updates_card.py" />
            <source>Asking {host}…</source>
            <translation>{host} に問い合わせ中…</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_parts.py" />
            <source>{host} answers, in {time:duration}.</source>
            <translation>{host} が {time:duration}で応答しました。</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_parts.py" />
            <source>{host} answers, in {time:duration}, through the proxy {proxy}.</source>
            <translation>{host} がプロキシ {proxy} 経由で、{time:duration}で応答しました。</translation>
        </message>
        <message>
            <location filename="../../gui/settings/privacy_card.py" />
            <source>What you write, and what a model answers, never leaves this computer. These are all the connections there are, beside the address that each one shows:</source>
            <translation>あなたが書いたことや、モデルの回答が、このコンピュータの外に出ることはありません。接続するのは次の場合だけです。それぞれに、接続先と伝わる内容を示します:</translation>
        </message>
        <message>
            <location filename="../../gui/settings/privacy_card.py" />
            <source>There are no connections at all, as they are switched off.</source>
            <translation>接続がオフになっているため、一切接続しません。</translation>
        </message>
        <message>
            <location filename="../../gui/settings/privacy_card.py" />
            <source>Your system looks up the names of these hosts, as for every program. Nothing is sent of how you use Chaski. A link that you click opens in your browser.</source>
            <translation>ほかのプログラムと同じく、これらのホスト名はシステムが調べます。Chaski の使い方に関する情報は送りません。リンクをクリックすると、ブラウザで開きます。</translation>
        </message>
        <message>
            <location filename="../../gui/settings/privacy_card.py" />
            <source>Privacy</source>
            <translation>プライバシー</translation>
        </message>
        <message>
            <location filename="../../gui/settings/privacy_card.py" />
            <source>{host} learns {what}</source>
            <translation>{host}: {what}</translation>
        </message>
        <message>
            <location filename="../../gui/settings/privacy_card.py" />
            <source>When {deed}</source>
            <translation>{deed}</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Like the system</source>
            <translation>システムに従う</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Light</source>
            <translation>ライト</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Dark</source>
            <translation>ダーク</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>High contrast</source>
            <translation>ハイコントラスト</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>As the system</source>
            <translation>システムに従う</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Less</source>
            <translation>減らす</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>On battery or when hot</source>
            <translation>バッテリー使用時または高温時</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Always</source>
            <translation>常に</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Chosen for each model</source>
            <translation>モデルごとに選択</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>{n} px (usual)</source>
            <translation>{n} px（標準）</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>{n} px</source>
            <translation>{n} px</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>After {n} minutes</source>
            <translation>{n} 分後</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>After {n} {n:hour|hours}</source>
            <translation>{n} 時間後</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Settings</source>
            <translation>設定</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Look</source>
            <comment>how the window looks</comment>
            <translation>外観</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Theme</source>
            <translation>テーマ</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Text size</source>
            <translation>文字の大きさ</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Light or dark; high contrast for tired eyes and bright rooms.</source>
            <translation>明るい配色か暗い配色です。ハイコントラストは、目が疲れているときや明るい部屋に向いています。</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Everything grows with it. Ctrl with + or − does the same.</source>
            <translation>全体が大きくなります。Ctrl と + または − でも変えられます。</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Motion</source>
            <translation>動き</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Whether notices fade in and bars sweep. Progress is shown either way.</source>
            <translation>通知のフェードインやバーの動きの有無です。進み具合は常に表示されます。</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Speed of answers</source>
            <translation>回答の速度</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Under an answer: how many tokens a second its model wrote; more where one points.</source>
            <translation>回答の下に、モデルが 1 秒間に書いたトークン数を表示します。ポイントすると詳しく表示されます。</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Tell me when a long answer is done</source>
            <translation>長い回答の完了を通知</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>While you look at another program: the window asks for your attention.</source>
            <translation>ほかのプログラムを見ているときに、ウィンドウがお知らせします。</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Of buttons and sentences, at once; models write in whatever language you do.</source>
            <translation>ボタンや文章の言語です。モデルは、あなたが使う言語で書きます。</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>So far there is English.</source>
            <translation>現在は英語だけです。</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>How far a model can look back. More takes more memory. An open model keeps its own until it is opened anew.</source>
            <translation>モデルがさかのぼって読める長さです。長いほどメモリを使います。開いているモデルは、開き直すまで変わりません。</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Open models</source>
            <translation>開いているモデル</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>A good guest</source>
            <translation>ほかのプログラムへの配慮</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Fewer threads</source>
            <translation>スレッドを減らす</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Idle models rest</source>
            <translation>使わないモデルの休止</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>How many processor threads compute at most; fewer leave more to other programs. An open model keeps its own until it is opened anew.</source>
            <translation>計算に使うプロセッサのスレッド数の上限です。少なくすると、ほかのプログラムに余裕が残ります。開いているモデルは、開き直すまで変わりません。</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Half of them compute, so that the battery lasts and fans stay calm. Answers are the same, only slower.</source>
            <translation>半分のスレッドで計算し、バッテリーを長持ちさせ、ファンを静かにします。回答は同じで、遅くなるだけです。</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>A model that nobody used for so long rests: it gives its memory back, and opens again by itself with the next message.</source>
            <translation>この間使われなかったモデルを休止し、メモリを空けます。次のメッセージで自動的に開き直します。</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Chaski runs only when you start it: nothing of it starts with the system.</source>
            <translation>Chaski は、起動したときだけ動きます。システムの起動時に動くものはありません。</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Best for this machine</source>
            <translation>このコンピュータに最適</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Best for this machine ({n})</source>
            <translation>このコンピュータに最適（{n}）</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>New chats</source>
            <translation>新しいチャット</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>The system prompt that new chats begin with, unless their model has its own.</source>
            <translation>新しいチャットの最初に使うシステムプロンプトです。モデルに固有のものがあれば、そちらを使います。</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>System prompt of new chats</source>
            <translation>新しいチャットのシステムプロンプト</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>For example: Answer briefly.</source>
            <translation>例: 短く回答してください。</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Values of new chats</source>
            <translation>新しいチャットの値</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>How the model chooses its words. Presets are saved in a chat, under Parameters.</source>
            <translation>モデルが言葉を選ぶ方法です。プリセットは、チャットの「パラメータ」で保存できます。</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Full context of new chats</source>
            <translation>新しいチャットの満杯時の動作</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>What happens when a conversation no longer fits. All of it stays in the chat.</source>
            <translation>会話が収まらなくなったときの動作です。会話はすべてチャットに残ります。</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Titles by the model</source>
            <translation>モデルによるタイトル</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>After its first answer the model gives a new chat a title. One that you wrote is never changed.</source>
            <translation>新しいチャットで最初の回答のあとに、モデルがタイトルを付けます。自分で付けたタイトルは変わりません。</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>The model’s own values</source>
            <translation>モデル固有の値</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Open models again with these values</source>
            <translation>この値でモデルを開き直します</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>All use these values</source>
            <translation>すべてこの値を使っています</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Open {models} with these values</source>
            <translation>{models} をこの値で開く</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>{models}: opened with other values</source>
            <translation>{models}: 別の値で開いています</translation>
        </message>
        <message>
            <location filename="../../gui/settings/token_card.py" />
            <source>A token is kept by this system's keyring</source>
            <translation>トークンはシステムのキーリングに保存されています</translation>
        </message>
        <message>
            <location filename="../../gui/settings/token_card.py" />
            <source>A token is kept in a file that only you can read</source>
            <translation>トークンは、あなただけが読めるファイルに保存されています</translation>
        </message>
        <message>
            <location filename="../../gui/settings/token_card.py" />
            <source>A token is given by the variable HF_TOKEN</source>
            <translation>トークンは環境変数 HF_TOKEN に指定されています</translation>
        </message>
        <message>
            <location filename="../../gui/settings/token_card.py" />
            <source>Token</source>
            <comment>of a hub</comment>
            <translation>トークン</translation>
        </message>
        <message>
            <location filename="../../gui/settings/token_card.py" />
            <source>Only for models whose makers ask for your agreement first, and for your own private ones. Make one at huggingface.co/settings/tokens.</source>
            <translation>製作者への同意が必要なモデルと、自分の非公開のモデルにだけ必要です。huggingface.co/settings/tokens で作成できます。</translation>
        </message>
        <message>
            <location filename="../../gui/settings/token_card.py" />
            <source>Keep</source>
            <translation>保存</translation>
        </message>
        <message>
            <location filename="../../gui/settings/token_card.py" />
            <source>Keep this token</source>
            <translation>このトークンを保存します</translation>
        </message>
        <message>
            <location filename="../../gui/settings/token_card.py" />
            <source>Forget</source>
            <translation>削除</translation>
        </message>
        <message>
            <location filename="../../gui/settings/token_card.py" />
            <source>No token is kept</source>
            <translation>トークンは保存されていません</translation>
        </message>
        <message>
            <location filename="../../gui/settings/updates_card.py" />
            <source>Updates</source>
            <translation>更新</translation>
        </message>
        <message>
            <location filename="../../gui/settings/updates_card.py" />
            <source>Check for updates</source>
            <translation>更新を確認</translation>
        </message>
        <message>
            <location filename="../../gui/settings/updates_card.py" />
            <source>Ask now which version is the newest</source>
            <translation>最新のバージョンを問い合わせます</translation>
        </message>
        <message>
            <location filename="../../gui/settings/updates_card.py" />
            <source>Version {version}</source>
            <translation>バージョン {version}</translation>
        </message>
        <message>
            <location filename="../../gui/settings/updates_card.py" />
            <source>Look once a week</source>
            <translation>週に 1 回確認</translation>
        </message>
        <message>
            <location filename="../../gui/settings/updates_card.py" />
            <source>A while after a start, at most once in seven days. GitHub, where releases are kept, learns that it is asked. Nothing is installed by itself.</source>
            <translation>起動からしばらくあとに、最大で 7 日に 1 回確認します。公開場所の GitHub に、問い合わせがあったことが伝わります。自動的にインストールされるものはありません。</translation>
        </message>
        <message>
            <location filename="../../gui/settings/updates_card.py" />
            <source>Nobody is asked before you do.</source>
            <translation>確認するまで、どこにも問い合わせません。</translation>
        </message>
        <message>
            <location filename="../../gui/settings/updates_card.py" />
            <source>This copy was not built as a release; renew it where you got it.</source>
            <translation>この Chaski は公開版として作られたものではありません。入手元で更新してください。</translation>
        </message>
        <message>
            <location filename="../../gui/settings/updates_card.py" />
            <source>This is the newest version.</source>
            <translation>最新のバージョンです。</translation>
        </message>
        <message>
            <location filename="../../gui/settings/updates_card.py" />
            <source>There is a newer one.</source>
            <translation>新しいバージョンがあります。</translation>
        </message>
        <message>
            <location filename="../../gui/settings/updates_card.py" />
            <source>Open its page</source>
            <translation>ページを開く</translation>
        </message>
        <message>
            <location filename="../../gui/settings/updates_card.py" />
            <source>Open the page of this release in the browser</source>
            <translation>このバージョンのページをブラウザで開きます</translation>
        </message>
        <message>
            <location filename="../../gui/settings/updates_card.py" />
            <source>Stop this download</source>
            <translation>このダウンロードを停止します</translation>
        </message>
        <message>
            <location filename="../../gui/settings/updates_card.py" />
            <source>Show the folder it is in</source>
            <translation>保存先のフォルダを表示します</translation>
        </message>
        <message>
            <location filename="../../gui/settings/updates_card.py" />
            <source>Download ({size:file})</source>
            <translation>ダウンロード（{size:file}）</translation>
        </message>
        <message>
            <location filename="../../gui/settings/updates_card.py" />
            <source>Download {file}</source>
            <translation>{file} をダウンロード</translation>
        </message>
        <message>
            <location filename="../../gui/settings/updates_card.py" />
            <source>{done:file} of {size:file}</source>
            <translation>{size:file} 中 {done:file}</translation>
        </message>
        <message>
            <location filename="../../gui/settings/updates_card.py" />
            <source>{file} is in {folder}, whole and as its makers announced it. Start it when it suits you; this version stays until the new one has started.</source>
            <translation>{file} は {folder} にあり、公開元の発表どおりの完全なファイルです。都合の良いときに起動してください。新しいバージョンが起動するまで、このバージョンは残ります。</translation>
        </message>
        <message>
            <location filename="../../gui/settings/updates_card.py" />
            <source>Chaski {version}</source>
            <translation>Chaski {version}</translation>
        </message>
        <message>
            <location filename="../../gui/settings/updates_card.py" />
            <source>{name}, {date}</source>
            <translation>{name}、{date}</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>New line</source>
            <translation>改行</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>Edit your last question, in an empty box</source>
            <translation>直前の質問を編集（入力欄が空のとき）</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>Stop the answer</source>
            <translation>回答を停止</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>New chat in a new window</source>
            <translation>新しいウィンドウで新しいチャット</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>New temporary chat: nothing of it is written</source>
            <translation>新しい一時的なチャット（何も保存されません）</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>Compare two answers to the question</source>
            <translation>質問への 2 つの回答を比較</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>To the message before, and its buttons</source>
            <translation>前のメッセージとそのボタンへ</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>To the message after</source>
            <translation>次のメッセージへ</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>Parameters of the chat</source>
            <translation>チャットのパラメータ</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>Attach files to the message</source>
            <translation>メッセージにファイルを添付</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>Find in the chat, or search models; Return goes on</source>
            <translation>チャットを検索、またはモデルを検索。Enter で次へ</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>Search all chats</source>
            <translation>すべてのチャットを検索</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>Hide or show the list of chats</source>
            <translation>チャットの一覧の表示を切り替え</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>Rename the chosen chat or model</source>
            <translation>選択したチャットまたはモデルの名前を変更</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>Delete the chosen chat; a model: to the trash</source>
            <translation>選択したチャットを削除。モデルはゴミ箱に移動</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>Find a command, a chat or a model</source>
            <translation>コマンド、チャット、モデルを検索</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>Add a model file to the list of Models</source>
            <translation>モデルファイルを「モデル」の一覧に追加</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>Back, where a page has one</source>
            <translation>前のページに戻る</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>Copy the report of Hardware</source>
            <translation>「性能」のレポートをコピー</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>Undo what a notice tells of</source>
            <translation>通知された操作を取り消す</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>The manual, at the page of what is shown</source>
            <translation>マニュアル（表示中の画面のページ）</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>This list</source>
            <translation>この一覧</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>Window</source>
            <translation>ウィンドウ</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>Return</source>
            <comment>a key</comment>
            <translation>Enter</translation>
        </message>
        <message>
            <location filename="../../gui/updates.py" />
            <source>Chaski {version} is there. Settings tell what is new.</source>
            <translation>Chaski {version} が公開されています。新しい点は「設定」で確認できます。</translation>
        </message>
        <message>
            <location filename="../../gui/view.py" />
            <source>Drop the model file to open it</source>
            <translation>モデルファイルをドロップすると開きます</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/bars.py" />
            <source>Progress</source>
            <translation>進行状況</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/bars.py" />
            <source>This answer</source>
            <translation>この回答</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/bars.py" />
            <source>Not sent yet</source>
            <translation>未送信</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/bars.py" />
            <source>{n} of {size}</source>
            <translation>{n} / {size}</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/bars.py" />
            <source>{n:,} of the {size:,} tokens that the model can look back on</source>
            <translation>モデルがさかのぼれる {size:,} トークンのうち {n:,} トークン</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/bars.py" />
            <source>{name}: {n:,}</source>
            <translation>{name}: {n:,}</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/bars.py" />
            <source>Context: {n} of {size} tokens. {parts}</source>
            <translation>コンテキスト: {size} トークン中 {n}。{parts}</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/dialogs.py" />
            <source>Copy all</source>
            <translation>すべてコピー</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/file_chip.py" />
            <source>Take {name} away</source>
            <translation>{name} を外す</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/file_chip.py" />
            <source>Show what is in {name}</source>
            <translation>{name} の内容を表示</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/grip.py" />
            <source>Draw to make the list wider; a double click makes it as it was</source>
            <translation>ドラッグで一覧の幅を変え、ダブルクリックで元に戻します</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/histogram.py" />
            <source>from {low} to {high}</source>
            <translation>{low} から {high}</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/palette.py" />
            <source>Nothing is called that</source>
            <translation>当てはまるものはありません</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/rail.py" />
            <source>{name}, something goes on</source>
            <translation>{name}、作業中</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/scatter.py" />
            <source>{y} against {x}. {points}</source>
            <translation>{x} と {y}。{points}</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/search_field.py" />
            <source>Empty the search (Esc)</source>
            <translation>検索語を消去（Esc）</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/search_field.py" />
            <source>Empty the search</source>
            <translation>検索語を消去</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/slider_row.py" />
            <source>{name}, slider</source>
            <translation>{name}、スライダー</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/title.py" />
            <source>{text}
Rename (Return)</source>
            <translation>{text}
名前を変更（Enter）</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/toast.py" />
            <source>Undo</source>
            <translation>元に戻す</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/work_card.py" />
            <source>paused</source>
            <translation>一時停止中</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/work_card.py" />
            <source>waiting</source>
            <translation>待機中</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/work_card.py" />
            <source>stopped</source>
            <translation>停止</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/work_card.py" />
            <source>Pause</source>
            <translation>一時停止</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/work_card.py" />
            <source>Pause; it can go on later</source>
            <translation>一時停止します。あとで再開できます</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/work_card.py" />
            <source>Go on</source>
            <translation>再開</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/work_card.py" />
            <source>Go on from what is there</source>
            <translation>ここまでの続きから再開します</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/work_card.py" />
            <source>Chat with this model</source>
            <translation>このモデルとチャットします</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/work_card.py" />
            <source>Stop this</source>
            <translation>停止します</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/work_card.py" />
            <source>Take this off the list</source>
            <translation>一覧から消します</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/work_card.py" />
            <source>Give this up</source>
            <translation>中止します</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/work_card.py" />
            <source>Give up {title}?</source>
            <translation>{title} を中止しますか？</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/work_card.py" />
            <source>Give up</source>
            <translation>中止</translation>
        </message>
        <message>
            <location filename="../../gui/workers.py" />
            <source>The system refused: {reason}.</source>
            <translation>システムに拒否されました: {reason}。</translation>
        </message>
        <message>
            <location filename="../../gui/workers.py" />
            <source>Something went wrong inside Chaski ({kind}: {error}). Please report it.</source>
            <translation>Chaski の内部で問題が起きました（{kind}: {error}）。報告をお願いします。</translation>
        </message>
        <message>
            <location filename="../../gui/workers.py" />
            <source>{words}.</source>
            <translation>{words}。</translation>
        </message>
        <message>
            <location filename="../../gui/works.py" />
            <source>Open {what}</source>
            <translation>{what} を開く</translation>
        </message>
        <message>
            <location filename="../../gui/works.py" />
            <source>Go on with {what}</source>
            <translation>{what} の続き</translation>
        </message>
        <message>
            <location filename="../../gui/works.py" />
            <source>Logits of {what}</source>
            <translation>{what} のロジット</translation>
        </message>
        <message>
            <location filename="../../gui/works.py" />
            <source>Time {what}</source>
            <translation>{what} の時間測定</translation>
        </message>
        <message>
            <location filename="../../gui/works.py" />
            <source>Convert {what}</source>
            <translation>{what} の変換</translation>
        </message>
        <message>
            <location filename="../../gui/works.py" />
            <source>Quantize {what}</source>
            <translation>{what} の量子化</translation>
        </message>
        <message>
            <location filename="../../gui/works.py" />
            <source>Make {what}</source>
            <translation>{what} の作成</translation>
        </message>
        <message>
            <location filename="../../gui/works.py" />
            <source>Weigh {what}</source>
            <translation>{what} の重要度の計算</translation>
        </message>
        <message>
            <location filename="../../gui/works.py" />
            <source>Measure {what}</source>
            <translation>{what} の測定</translation>
        </message>
        <message>
            <location filename="../../gui/works.py" />
            <source>Compare {what}</source>
            <translation>{what} の比較</translation>
        </message>
        <message>
            <location filename="../../gui/works.py" />
            <source>Verify {what}</source>
            <translation>{what} の検証</translation>
        </message>
        <message>
            <location filename="../../gui/works.py" />
            <source>Embed {what}</source>
            <translation>{what} の埋め込み</translation>
        </message>
        <message>
            <location filename="../../gui/works.py" />
            <source>Move {what}</source>
            <translation>{what} の移動</translation>
        </message>
        <message>
            <location filename="../../gui/works.py" />
            <source>Look for duplicates</source>
            <translation>重複の検索</translation>
        </message>
        <message>
            <location filename="../../gui/works.py" />
            <source>Measure this machine</source>
            <translation>このコンピュータの測定</translation>
        </message>
        <message>
            <location filename="../../gui/works.py" />
            <source>Checked and added to your models</source>
            <translation>確認し、モデルに追加しました</translation>
        </message>
        <message>
            <location filename="../../gui/works.py" />
            <source>Done</source>
            <translation>完了</translation>
        </message>
        <message>
            <location filename="../../gui/works.py" />
            <location filename="../../gui/workshop/words.py" />
            <source>{time:duration} left</source>
            <translation>残り {time:duration}</translation>
        </message>
        <message>
            <location filename="../../gui/works.py" />
            <source>The {size:file} that have come are deleted. A later download begins anew.</source>
            <translation>受信済みの {size:file} を削除します。次回は最初からダウンロードします。</translation>
        </message>
        <message>
            <location filename="../../gui/works.py" />
            <source>What has come of it is deleted. A later download begins anew.</source>
            <translation>受信済みの分を削除します。次回は最初からダウンロードします。</translation>
        </message>
        <message>
            <location filename="../../gui/works.py" />
            <source>{done:file} of {total:file}</source>
            <translation>{total:file} 中 {done:file}</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/ask.py" />
            <source>Importance matrices (*.gguf *.dat *.imatrix);;All files (*)</source>
            <translation>重要度行列 (*.gguf *.dat *.imatrix);;すべてのファイル (*)</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/ask.py" />
            <source>Texts (*.txt *.md *.raw *.json);;All files (*)</source>
            <translation>テキスト (*.txt *.md *.raw *.json);;すべてのファイル (*)</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/ask.py" />
            <source>All files (*)</source>
            <translation>すべてのファイル (*)</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/bench.py" />
            <source>The workshop is still at work; wait, or cancel it first</source>
            <translation>工房はまだ作業中です。終わるまで待つか、先にキャンセルしてください</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/bench.py" />
            <location filename="../../gui/workshop/workshop_view.py" />
            <source>Workshop</source>
            <translation>工房</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/bench.py" />
            <source>Look inside a file</source>
            <translation>ファイルの中身を見る</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/bench.py" />
            <source>Metadata and tensors</source>
            <translation>メタデータとテンソル</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/bench.py" />
            <source>How to make a model file</source>
            <translation>モデルファイルの作り方</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/bench.py" />
            <source>Reading what it is</source>
            <translation>種類を確認中</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/bench.py" />
            <source>Stopped; nothing was finished yet</source>
            <translation>停止しました。完成したものはまだありません</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/bench.py" />
            <source>Stopped; what is finished is kept</source>
            <translation>停止しました。できたところまで残っています</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/bench.py" />
            <source>Choose the weights to work on</source>
            <translation>作業する重みの選択</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/bench.py" />
            <source>Choose the folder of a model</source>
            <translation>モデルのフォルダの選択</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/bench.py" />
            <source>Choose a text to measure over</source>
            <translation>測定に使うテキストの選択</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/bench.py" />
            <location filename="../../gui/workshop/place_card.py" />
            <source>Choose the folder for the new file</source>
            <translation>新しいファイルのフォルダの選択</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/bench.py" />
            <location filename="../../gui/workshop/place_card.py" />
            <source>Choose an importance matrix</source>
            <translation>重要度行列の選択</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/bench.py" />
            <source>Choose a text for the model to read</source>
            <translation>モデルに読ませるテキストの選択</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector.py" />
            <location filename="../../gui/workshop/tensor_errors.py" />
            <source>Search</source>
            <translation>検索</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector.py" />
            <location filename="../../gui/workshop/tensor_errors.py" />
            <source>Shows the rows that contain these words</source>
            <translation>これらの語を含む行を表示します</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector.py" />
            <source>Metadata</source>
            <translation>メタデータ</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector.py" />
            <source>Tensors</source>
            <translation>テンソル</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector.py" />
            <source>Metadata ({n})</source>
            <translation>メタデータ（{n}）</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector.py" />
            <source>Tensors ({n:,})</source>
            <translation>テンソル（{n:,}）</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector.py" />
            <source>The whole value</source>
            <translation>値の全体</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector.py" />
            <source>Nothing here contains “{text}”</source>
            <translation>「{text}」を含むものはありません</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector.py" />
            <source>How the values are spread</source>
            <translation>値の分布</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector.py" />
            <source>mean {value:.4g}</source>
            <translation>平均 {value:.4g}</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector.py" />
            <source>standard deviation {value:.4g}</source>
            <translation>標準偏差 {value:.4g}</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector.py" />
            <source>from {n:,} of its values</source>
            <translation>{n:,} 個の値から計算</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector.py" />
            <source>{n:,} are no numbers</source>
            <translation>{n:,} 個は数値ではありません</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector.py" />
            <source>no architecture named</source>
            <translation>アーキテクチャの指定なし</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector.py" />
            <location filename="../../gui/workshop/words.py" />
            <source>{weights} weights</source>
            <translation>重み {weights}</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector.py" />
            <source>GGUF version {n}</source>
            <translation>GGUF バージョン {n}</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector.py" />
            <source>{n} files</source>
            <translation>{n} 個のファイル</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector.py" />
            <source>Tensors: {types}</source>
            <translation>テンソル: {types}</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector.py" />
            <source>{n} names that GGUF has not for this architecture, {first}</source>
            <translation>このアーキテクチャでは GGUF にない名前 {n} 個、{first}</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector_tables.py" />
            <source>Key</source>
            <translation>キー</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector_tables.py" />
            <source>Kind</source>
            <translation>種類</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector_tables.py" />
            <source>Value</source>
            <translation>値</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector_tables.py" />
            <location filename="../../gui/workshop/tensor_errors.py" />
            <source>Tensor</source>
            <translation>テンソル</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector_tables.py" />
            <source>Shape</source>
            <translation>形</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/job_card.py" />
            <source>Convert</source>
            <translation>変換</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/job_card.py" />
            <source>Read the text</source>
            <translation>テキストの読み込み</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/job_card.py" />
            <source>Quantize</source>
            <translation>量子化</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/job_card.py" />
            <source>Add to your models</source>
            <translation>モデルに追加</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/job_card.py" />
            <location filename="../../gui/workshop/loss_card.py" />
            <source>Waiting for its turn</source>
            <translation>順番を待っています</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/job_card.py" />
            <source>Stop; it can go on later</source>
            <translation>停止します。あとで続きから再開できます</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/job_card.py" />
            <source>Open in chat</source>
            <translation>チャットで開く</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/job_card.py" />
            <source>Make another</source>
            <translation>もう 1 つ作成</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/job_card.py" />
            <source>Choose another type</source>
            <translation>別の型を選択</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/job_card.py" />
            <source>Adding it to your models</source>
            <translation>モデルに追加中</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/job_card.py" />
            <source>{file} is ready</source>
            <translation>{file} が完成しました</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/job_card.py" />
            <source>{size:file}, made in {time}</source>
            <translation>{size:file}、作成時間 {time}</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/job_card.py" />
            <source>Stopping; what is finished is kept</source>
            <translation>停止中です。できたところまで残ります</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/job_card.py" />
            <source>Now {deed}</source>
            <translation>{deed}</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_card.py" />
            <source>How much worse is it than its source? Both read a text, one after the other, and their guesses at the next word are compared.</source>
            <translation>元のモデルからどれだけ悪くなったでしょうか。両方に同じテキストを順に読ませ、次の語の予測を比べます。</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_card.py" />
            <source>What smaller types of this model lost, as measured before</source>
            <translation>このモデルの小さい型で以前に測定した損失</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_card.py" />
            <source>The text to measure over</source>
            <translation>測定に使うテキスト</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_card.py" />
            <source>The built-in text</source>
            <translation>内蔵のテキスト</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_card.py" />
            <source>A text of mine…</source>
            <translation>手元のテキスト…</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_card.py" />
            <source>Measure the loss</source>
            <translation>損失を測定</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_card.py" />
            <source>Compare the new file with its source</source>
            <translation>新しいファイルを元のモデルと比較します</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_card.py" />
            <location filename="../../gui/workshop/tensor_errors.py" />
            <source>Error of each tensor</source>
            <translation>テンソルごとの誤差</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_card.py" />
            <source>How far each tensor is from the source's</source>
            <translation>各テンソルが元のモデルからどれだけ離れているかを表示します</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_card.py" />
            <source>Stop measuring</source>
            <translation>測定を停止</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_card.py" />
            <source>What it loses</source>
            <translation>損失</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_card.py" />
            <source>Stopping</source>
            <translation>停止中</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_card.py" />
            <source>What was lost</source>
            <translation>測定した損失</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_panel.py" />
            <source>Lower is better, further left is smaller. Point at a dot, or use the arrow keys.</source>
            <translation>下ほど良く、左ほど小さくなります。点をポイントするか、矢印キーを使ってください。</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_panel.py" />
            <source>Size and loss of the types that were tried</source>
            <translation>試した型の大きさと損失</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_panel.py" />
            <source>What the chart shows</source>
            <translation>グラフに表示するもの</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_panel.py" />
            <source>Chart</source>
            <translation>グラフ</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_panel.py" />
            <source>Size against loss</source>
            <translation>大きさと損失</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_panel.py" />
            <source>The same as numbers</source>
            <translation>同じ内容を数値で表示します</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_panel.py" />
            <source>Losses of the types that were tried</source>
            <translation>試した型の損失</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_words.py" />
            <source>Difference from the source</source>
            <translation>元のモデルとの差</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_words.py" />
            <source>Worse at predicting the text</source>
            <translation>テキストの予測の悪化</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_words.py" />
            <source>Another next token</source>
            <translation>次のトークンの不一致</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_words.py" />
            <source>Difference from the source: KL divergence, small values drawn larger</source>
            <translation>元のモデルとの差: KL ダイバージェンス（小さい値を拡大して表示）</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_words.py" />
            <source>Worse at predicting the text: perplexity, small values drawn larger</source>
            <translation>テキストの予測の悪化: パープレキシティ（小さい値を拡大して表示）</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_words.py" />
            <source>Another likeliest next token: share of the text, small values drawn larger</source>
            <translation>最も確率の高い次のトークンの不一致: テキストに占める割合（小さい値を拡大して表示）</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_words.py" />
            <source>this text</source>
            <translation>このテキスト</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_words.py" />
            <source>It chooses the same next token {same}% of the time and is {worse} worse at predicting {text}.</source>
            <translation>次のトークンの {same}% が元のモデルと一致し、{text}の予測は {worse} 悪化しています。</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_words.py" />
            <source>It chooses the same next token {same}% of the time and is no worse at predicting {text}.</source>
            <translation>次のトークンの {same}% が元のモデルと一致し、{text}の予測は悪化していません。</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_words.py" />
            <source>Measured over {n:,} tokens of {text}. Perplexity {ppl:.4g}, the source's {source:.4g}. KL divergence {mean} on average, below {most} for 99% of the tokens.</source>
            <translation>{text}の {n:,} トークンで測定。パープレキシティ {ppl:.4g}、元のモデル {source:.4g}。KL ダイバージェンスは平均 {mean}、トークンの 99% で {most} 未満。</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_words.py" />
            <source>{size:file}, {bits:.2f} bits a weight · KL divergence {mean} · {worse} worse at predicting · same next token {same:.1f}%</source>
            <translation>{size:file}、重みあたり {bits:.2f} ビット · KL ダイバージェンス {mean} · 予測の悪化 {worse} · 次のトークンの一致 {same:.1f}%</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_words.py" />
            <source>{size:file}, the source, with which the others are compared</source>
            <translation>{size:file}、比較の基準になる元のモデル</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_words.py" />
            <source>Source {type}</source>
            <translation>元のモデル {type}</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_words.py" />
            <source>Size of the file in {unit}</source>
            <translation>ファイルの大きさ（{unit}）</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_words.py" />
            <source>{text} ({n:,} tokens)</source>
            <translation>{text}（{n:,} トークン）</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_words.py" />
            <source>Bits a weight</source>
            <translation>ビット/重み</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_words.py" />
            <source>KL, average</source>
            <translation>KL、平均</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_words.py" />
            <source>KL, 99%</source>
            <translation>KL、99%</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_words.py" />
            <source>Same next token</source>
            <translation>トークンの一致</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_words.py" />
            <source>Worse at predicting</source>
            <translation>予測の悪化</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/measurer.py" />
            <source>The source reads the text</source>
            <translation>元のモデルでテキストを読み込み</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/measurer.py" />
            <source>The new model reads the text</source>
            <translation>新しいモデルでテキストを読み込み</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/measurer.py" />
            <source>Converting the source for the comparison</source>
            <translation>比較のために元のモデルを変換</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/place_card.py" />
            <source>This model is quantized already. Quantizing it again loses more than starting from its F16, BF16 or F32 file would; do it all the same</source>
            <translation>このモデルは既に量子化されています。もう一度量子化すると、F16、BF16、F32 のファイルから始めるより損失が大きくなりますが、それでも量子化します</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/place_card.py" />
            <source>This type needs an importance matrix: which weights matter most. Choose a file that has one, or a text that the model reads to find out.</source>
            <translation>この型には重要度行列（どの重みが重要か）が必要です。重要度行列のファイルか、モデルに読ませて調べるためのテキストを選んでください。</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/place_card.py" />
            <source>Name of the new file</source>
            <translation>新しいファイルの名前</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/place_card.py" />
            <source>Quantize it again all the same</source>
            <translation>それでも量子化する</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/place_card.py" />
            <source>Make it</source>
            <translation>作成</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/place_card.py" />
            <source>New file</source>
            <translation>新しいファイル</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/place_card.py" />
            <source>in</source>
            <comment>a folder</comment>
            <translation>保存先</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/place_card.py" />
            <source>Matrix…</source>
            <translation>行列…</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/place_card.py" />
            <source>Text…</source>
            <translation>テキスト…</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/place_card.py" />
            <source>Choose a text to find out from</source>
            <translation>調べるためのテキストを選びます</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/place_card.py" />
            <source>Importance matrix: {file}</source>
            <translation>重要度行列: {file}</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/place_card.py" />
            <source>The model reads {file} to find out which weights matter most.</source>
            <translation>モデルに {file} を読ませ、どの重みが重要かを調べます。</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/place_card.py" />
            <source>Make {type}</source>
            <translation>{type} を作成</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/place_card.py" />
            <source>Make a {type} file of about {size:file}</source>
            <translation>約 {size:file} の {type} ファイルを作成します</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/place_card.py" />
            <source>Go on making the {type} file, from {percent} of this step</source>
            <translation>{type} ファイルの作成を、この段階の {percent} から続行します</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/source_card.py" />
            <source>Make a model smaller so that it fits this machine, or turn weights of other programs into a GGUF file. Drop a file or folder here, or choose one.</source>
            <translation>モデルをこのコンピュータに合わせて小さくしたり、ほかのプログラムの重みを GGUF ファイルにしたりします。ファイルかフォルダをここにドロップするか、選んでください。</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/source_card.py" />
            <source>Takes GGUF files, Hugging Face folders (safetensors, PyTorch), Meta checkpoints, llama2.c, llm.c and the ggml files of 2023. The source is only read.</source>
            <translation>GGUF ファイル、Hugging Face のフォルダ（safetensors、PyTorch）、Meta のチェックポイント、llama2.c、llm.c、2023 年の ggml ファイルに対応しています。元のファイルは読むだけです。</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/source_card.py" />
            <source>Choose a file</source>
            <translation>ファイルを選択</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/source_card.py" />
            <source>A model of the library</source>
            <translation>ライブラリのモデル</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/source_card.py" />
            <source>Choose what to work on</source>
            <translation>作業するものを選んでください</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/source_card.py" />
            <source>From your models…</source>
            <translation>自分のモデルから…</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/source_card.py" />
            <source>Metadata and tensors of this file</source>
            <translation>このファイルのメタデータとテンソル</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/source_card.py" />
            <source>Choose another</source>
            <translation>別のものを選択</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/source_card.py" />
            <source>Choose another source</source>
            <translation>別の元ファイルを選びます</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/target_table.py" />
            <source>Show all types</source>
            <translation>すべての型を表示</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/target_table.py" />
            <source>{bits:.2f} bits for each weight</source>
            <translation>重みあたり {bits:.2f} ビット</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/target_table.py" />
            <source>This family cannot be run here yet, so what it would need is not known.</source>
            <translation>この系列はまだここで実行できないため、必要なメモリは分かりません。</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/target_table.py" />
            <source>Memory = weights + {cache:memory} for a context of {n:,} tokens + {workspace:memory} workspace and {vocabulary:memory} vocabulary. Some small types are unpacked when a model is opened: their weights take more memory than the file takes on the disk.</source>
            <translation>メモリ = 重み + {n:,} トークンのコンテキスト {cache:memory} + 作業領域 {workspace:memory} と語彙 {vocabulary:memory}。小さい型の一部は、モデルを開くときに展開されるため、ディスク上のファイルより多くのメモリを使います。</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/target_table.py" />
            <source>What it means</source>
            <translation>説明</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/tensor_errors.py" />
            <source>The error is the root mean square of the difference, as a part of the root mean square of the source's values. A click on a heading sorts.</source>
            <translation>誤差は、差の二乗平均平方根を、元の値の二乗平均平方根に対する割合で表しています。見出しをクリックすると並べ替えられます。</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/tensor_errors.py" />
            <source>Errors of {name}</source>
            <translation>{name} の誤差</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/tensor_errors.py" />
            <source>Error</source>
            <translation>誤差</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/tensor_errors.py" />
            <source>Largest difference</source>
            <translation>最大の差</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/tensor_errors.py" />
            <source>All {n:,} tensors are exactly those of the source</source>
            <translation>{n:,} 個のテンソルはすべて元のモデルと同じです</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/tensor_errors.py" />
            <source>{n:,} of {all:,} tensors differ; {tensor} the most, by {percent}</source>
            <translation>{all:,} 個のテンソルのうち {n:,} 個が異なります。最大は {tensor} の {percent} です</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/unfinished.py" />
            <source>Stopped while converting, at {percent}. {size:file} are kept, and it can go on from there.</source>
            <translation>変換の途中（{percent}）で停止しました。{size:file} が残っており、続きから再開できます。</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/unfinished.py" />
            <source>Stopped after converting. {size:file} are kept, and it can go on from there.</source>
            <translation>変換のあとで停止しました。{size:file} が残っており、続きから再開できます。</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/unfinished.py" />
            <source>Stopped while reading the text, at {percent}. {size:file} are kept, and it can go on from there.</source>
            <translation>テキストの読み込みの途中（{percent}）で停止しました。{size:file} が残っており、続きから再開できます。</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/unfinished.py" />
            <source>Stopped after reading the text. {size:file} are kept, and it can go on from there.</source>
            <translation>テキストの読み込みのあとで停止しました。{size:file} が残っており、続きから再開できます。</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/unfinished.py" />
            <source>Stopped while quantizing, at {percent}. {size:file} are kept, and it can go on from there.</source>
            <translation>量子化の途中（{percent}）で停止しました。{size:file} が残っており、続きから再開できます。</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/unfinished.py" />
            <source>Stopped after quantizing. {size:file} are kept, and it can go on from there.</source>
            <translation>量子化のあとで停止しました。{size:file} が残っており、続きから再開できます。</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/unfinished.py" />
            <source>Discard</source>
            <translation>破棄</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/unfinished.py" />
            <source>Remove what was made so far; the source stays as it is</source>
            <translation>作成途中のものを削除します。元のファイルはそのままです</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/unfinished.py" />
            <source>Really discard</source>
            <translation>本当に破棄</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/unfinished.py" />
            <source>Click again to remove what was made so far</source>
            <translation>もう一度クリックすると、作成途中のものを削除します</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>Every weight in full; only needed as a source for further work</source>
            <translation>すべての重みをそのまま保持。作業の元用</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>16 bits for each weight: as good as the original</source>
            <translation>16 ビット。元のモデルと同等</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>16 bits for each weight, as most new models are trained</source>
            <translation>16 ビット。最近の学習の標準形</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>Nearly lossless</source>
            <translation>ほぼ損失なし</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>Hardly a difference to the original</source>
            <translation>元のモデルとの差はごくわずか</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>Very close to the original</source>
            <translation>元のモデルにとても近い</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>Very close to the original, a little smaller</source>
            <translation>元のモデルにとても近く、少し小さい</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>The usual balance of size and quality</source>
            <translation>大きさと品質の標準的なバランス</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>A little smaller and a little less exact than Q4_K_M</source>
            <translation>Q4_K_M より少し小さく、やや低精度</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>The smallest of the good 4-bit types</source>
            <translation>良い 4 ビットの型のうち最小</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>Four bits with finer steps where most weights lie</source>
            <translation>重みの多い部分を細かく刻む 4 ビット</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>An older 4-bit type: simple and fast everywhere</source>
            <translation>古い 4 ビット。単純で、どこでも高速</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>An older 4-bit type, larger than Q4_0</source>
            <translation>古い 4 ビット。Q4_0 より大きい</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>An older 5-bit type; Q5_K_M is better</source>
            <translation>古い 5 ビット。Q5_K_M の方が良い</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>Small, with some loss</source>
            <translation>小さく、多少の損失あり</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>Small, with some loss that you may notice</source>
            <translation>小さく、気付くこともある損失あり</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>Small, with clear loss</source>
            <translation>小さく、はっきりした損失あり</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>Very small, with clear loss</source>
            <translation>とても小さく、はっきりした損失あり</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>Four bits for models made of experts</source>
            <translation>エキスパート型のモデル用の 4 ビット</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>Only for models trained with three values for each weight</source>
            <translation>重みあたり 3 値で学習したモデル専用</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>Only for models trained with one bit for each weight</source>
            <translation>重みあたり 1 ビットで学習したモデル専用</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>Only for models trained with two bits for each weight</source>
            <translation>重みあたり 2 ビットで学習したモデル専用</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>As small as can be; answers suffer much</source>
            <translation>最小。回答の質は大きく下がる</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>Very small, better than Q2_K at its size</source>
            <translation>とても小さく、同じ大きさの Q2_K より良い</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>Small, better than Q3_K at its size</source>
            <translation>小さく、同じ大きさの Q3_K より良い</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>What the weights are now; only the file becomes another</source>
            <translation>重みは今のまま、ファイルだけ変更</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>Needs an importance matrix</source>
            <translation>重要度行列が必要</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>{type}, weighed</source>
            <translation>{type}、重要度行列付き</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>less than a second</source>
            <translation>1 秒未満</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/workshop_view.py" />
            <source>Drop a file or folder to work on it</source>
            <translation>ファイルかフォルダをドロップすると作業できます</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/workshop_view.py" />
            <source>Look inside a model file</source>
            <translation>モデルファイルの中身を見る</translation>
        </message>
    </context>
</TS>
