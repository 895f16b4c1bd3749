; What the installer for Windows says itself, in each of its languages. A sentence that the
; uninstaller says, too, has a twin with un. before its name (macro BOTH).

!macro BOTH NAME LANGUAGE TEXT
  LangString ${NAME} ${LANGUAGE} "${TEXT}"
  LangString un.${NAME} ${LANGUAGE} "${TEXT}"
!macroend

LangString SUMMARY ${LANG_ENGLISH} "${SUMMARY_EN}"
LangString SUMMARY ${LANG_FRENCH} "${SUMMARY_FR}"
LangString SUMMARY ${LANG_JAPANESE} "${SUMMARY_JA}"

LangString FILE_NAME ${LANG_ENGLISH} "${FILE_NAME_EN}"
LangString FILE_NAME ${LANG_FRENCH} "${FILE_NAME_FR}"
LangString FILE_NAME ${LANG_JAPANESE} "${FILE_NAME_JA}"

LangString WELCOME ${LANG_ENGLISH} "${SUMMARY_EN}.$\r$\n$\r$\n${NAME} is installed for you alone; no administrator is needed. An older version goes only when this one has started. Your models and chats stay as they are."
LangString WELCOME ${LANG_FRENCH} "${SUMMARY_FR}.$\r$\n$\r$\n${NAME} est installé pour vous seul, sans administrateur. Une version plus ancienne ne disparaît qu’une fois celle-ci démarrée. Vos modèles et vos discussions restent tels quels."
LangString WELCOME ${LANG_JAPANESE} "${SUMMARY_JA}。$\r$\n$\r$\n${NAME} は現在のユーザー用にインストールされます。管理者の権限は不要です。以前のバージョンは、新しいバージョンの起動を確認してから削除されます。モデルとチャットはそのまま残ります。"

LangString START_IT ${LANG_ENGLISH} "Start ${NAME}"
LangString START_IT ${LANG_FRENCH} "Démarrer ${NAME}"
LangString START_IT ${LANG_JAPANESE} "${NAME} を起動する"

LangString ON_DESKTOP ${LANG_ENGLISH} "Icon on the desktop"
LangString ON_DESKTOP ${LANG_FRENCH} "Icône sur le bureau"
LangString ON_DESKTOP ${LANG_JAPANESE} "デスクトップのアイコン"

LangString ON_DESKTOP_MORE ${LANG_ENGLISH} "There is an entry in the Start menu either way."
LangString ON_DESKTOP_MORE ${LANG_FRENCH} "Il y a dans tous les cas une entrée dans le menu Démarrer."
LangString ON_DESKTOP_MORE ${LANG_JAPANESE} "スタートメニューにはどちらの場合も項目が追加されます。"

LangString OPENS_FILES ${LANG_ENGLISH} "Open .${EXTENSION} files"
LangString OPENS_FILES ${LANG_FRENCH} "Ouvrir les fichiers .${EXTENSION}"
LangString OPENS_FILES ${LANG_JAPANESE} ".${EXTENSION} ファイルを開く"

LangString OPENS_FILES_MORE ${LANG_ENGLISH} "A double click on a model opens it in ${NAME}, unless another program does so already."
LangString OPENS_FILES_MORE ${LANG_FRENCH} "Un double-clic sur un modèle l’ouvre dans ${NAME}, sauf si un autre programme le fait déjà."
LangString OPENS_FILES_MORE ${LANG_JAPANESE} "モデルをダブルクリックすると ${NAME} で開きます。既に別のプログラムで開く場合は変わりません。"

LangString OPENS_LINKS ${LANG_ENGLISH} "Open ${SCHEME}:// links"
LangString OPENS_LINKS ${LANG_FRENCH} "Ouvrir les liens ${SCHEME}://"
LangString OPENS_LINKS ${LANG_JAPANESE} "${SCHEME}:// リンクを開く"

LangString OPENS_LINKS_MORE ${LANG_ENGLISH} "Such a link shows the page of a model. Nothing is downloaded until you say so."
LangString OPENS_LINKS_MORE ${LANG_FRENCH} "Un tel lien montre la page d’un modèle. Rien n’est téléchargé sans votre accord."
LangString OPENS_LINKS_MORE ${LANG_JAPANESE} "リンクを開くとモデルのページが表示されます。指示するまで何もダウンロードされません。"

LangString NEEDS_X64 ${LANG_ENGLISH} "${NAME} needs a 64-bit version of Windows."
LangString NEEDS_X64 ${LANG_FRENCH} "${NAME} demande une version 64 bits de Windows."
LangString NEEDS_X64 ${LANG_JAPANESE} "${NAME} には 64 ビット版の Windows が必要です。"

LangString NEEDS_WINDOWS_10 ${LANG_ENGLISH} "${NAME} needs Windows 10 or newer."
LangString NEEDS_WINDOWS_10 ${LANG_FRENCH} "${NAME} demande Windows 10 ou plus récent."
LangString NEEDS_WINDOWS_10 ${LANG_JAPANESE} "${NAME} には Windows 10 以降が必要です。"

!insertmacro BOTH FOREIGN_FOLDER ${LANG_ENGLISH} "The folder $INSTDIR\app holds something that is not ${NAME}, so it is left alone. Choose another folder."
!insertmacro BOTH FOREIGN_FOLDER ${LANG_FRENCH} "Le dossier $INSTDIR\app contient autre chose que ${NAME} et n’est donc pas touché. Choisissez un autre dossier."
!insertmacro BOTH FOREIGN_FOLDER ${LANG_JAPANESE} "フォルダ $INSTDIR\app には ${NAME} 以外のものが入っているため、変更しません。別のフォルダを選んでください。"

!insertmacro BOTH IT_RUNS ${LANG_ENGLISH} "${NAME} is open. Close it, then choose Retry."
!insertmacro BOTH IT_RUNS ${LANG_FRENCH} "${NAME} est ouvert. Fermez-le, puis choisissez Réessayer."
!insertmacro BOTH IT_RUNS ${LANG_JAPANESE} "${NAME} が開いています。閉じてから「再試行」を選んでください。"

LangString NOT_WRITTEN ${LANG_ENGLISH} "The new version could not be written. What was there before is as it was. Make room on the disk, then start this installer again."
LangString NOT_WRITTEN ${LANG_FRENCH} "La nouvelle version n’a pas pu être écrite. Ce qui était là reste en place. Libérez de l’espace disque, puis relancez cet installateur."
LangString NOT_WRITTEN ${LANG_JAPANESE} "新しいバージョンを書き込めませんでした。以前の状態のままです。ディスクの空きを増やしてから、もう一度インストーラーを起動してください。"

LangString TRYING_IT ${LANG_ENGLISH} "Trying whether the new version starts"
LangString TRYING_IT ${LANG_FRENCH} "Essai de démarrage de la nouvelle version"
LangString TRYING_IT ${LANG_JAPANESE} "新しいバージョンが起動するか確認しています"

LangString DOES_NOT_START ${LANG_ENGLISH} "The new version does not start on this computer. What was there before is as it was."
LangString DOES_NOT_START ${LANG_FRENCH} "La nouvelle version ne démarre pas sur cet ordinateur. Ce qui était là reste en place."
LangString DOES_NOT_START ${LANG_JAPANESE} "新しいバージョンはこのコンピュータで起動しません。以前の状態のままです。"

LangString un.CHATS_TOO ${LANG_ENGLISH} "Remove your chats and settings, too? They cannot be brought back. Your models stay in any case."
LangString un.CHATS_TOO ${LANG_FRENCH} "Supprimer aussi vos discussions et vos paramètres ? Ils ne pourront pas être récupérés. Vos modèles restent dans tous les cas."
LangString un.CHATS_TOO ${LANG_JAPANESE} "チャットと設定も削除しますか？元に戻すことはできません。モデルはいずれの場合も残ります。"
