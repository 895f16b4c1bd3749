<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr" sourcelanguage="en">
    <context>
        <name>chaski</name>
        <message>
            <location filename="../../gui/activity/activity_view.py" />
            <source>Downloads, conversions and measurements stand here while they go on, and what came of them.</source>
            <translation>Les téléchargements, conversions et mesures se trouvent ici tant qu’ils durent, avec leur résultat.</translation>
        </message>
        <message>
            <location filename="../../gui/activity/activity_view.py" />
            <source>Activity</source>
            <translation>Activité</translation>
        </message>
        <message>
            <location filename="../../gui/activity/activity_view.py" />
            <source>Clear finished</source>
            <translation>Effacer les terminées</translation>
        </message>
        <message>
            <location filename="../../gui/activity/activity_view.py" />
            <source>Take them off the list</source>
            <translation>Les retirer de la liste</translation>
        </message>
        <message>
            <location filename="../../gui/activity/activity_view.py" />
            <source>Nothing goes on</source>
            <translation>Rien en cours</translation>
        </message>
        <message>
            <location filename="../../gui/app.py" />
            <source>The language changes as soon as what goes on here has ended</source>
            <translation>La langue change dès que ce qui est en cours ici est fini</translation>
        </message>
        <message>
            <location filename="../../gui/chat/actions.py" />
            <location filename="../../gui/chat/compare_column.py" />
            <location filename="../../gui/shortcuts.py" />
            <source>Copy the answer</source>
            <translation>Copier la réponse</translation>
        </message>
        <message>
            <location filename="../../gui/chat/actions.py" />
            <location filename="../../gui/shortcuts.py" />
            <source>Answer again</source>
            <translation>Répondre à nouveau</translation>
        </message>
        <message>
            <location filename="../../gui/chat/actions.py" />
            <source>Edit the answer</source>
            <translation>Modifier la réponse</translation>
        </message>
        <message>
            <location filename="../../gui/chat/actions.py" />
            <source>Go on in a new chat from here</source>
            <translation>Continuer de là dans une nouvelle discussion</translation>
        </message>
        <message>
            <location filename="../../gui/chat/actions.py" />
            <source>More to do with this answer</source>
            <translation>Autres actions sur cette réponse</translation>
        </message>
        <message>
            <location filename="../../gui/chat/actions.py" />
            <source>Earlier answer</source>
            <translation>Réponse précédente</translation>
        </message>
        <message>
            <location filename="../../gui/chat/actions.py" />
            <source>Later answer</source>
            <translation>Réponse suivante</translation>
        </message>
        <message>
            <location filename="../../gui/chat/actions.py" />
            <location filename="../../gui/chat/question.py" />
            <source>{i} of {n}</source>
            <translation>{i} sur {n}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/actions.py" />
            <source>Answer again once this answer has ended</source>
            <translation>Répondre à nouveau dès que cette réponse est finie</translation>
        </message>
        <message>
            <location filename="../../gui/chat/answer.py" />
            <source>Answer</source>
            <translation>Réponse</translation>
        </message>
        <message>
            <location filename="../../gui/chat/answer.py" />
            <source>Waiting for the model</source>
            <translation>Attente du modèle</translation>
        </message>
        <message>
            <location filename="../../gui/chat/answer.py" />
            <location filename="../../gui/chat/microscope.py" />
            <source>Reading {n:,} tokens</source>
            <translation>Lecture de {n:,} jetons</translation>
        </message>
        <message>
            <location filename="../../gui/chat/answer.py" />
            <source>Reading {n:,} tokens again, as this model cannot go back there</source>
            <translation>Nouvelle lecture de {n:,} jetons, car ce modèle ne peut pas y revenir</translation>
        </message>
        <message>
            <location filename="../../gui/chat/answer.py" />
            <location filename="../../gui/chat/thought.py" />
            <source>Thinking…</source>
            <translation>Réflexion…</translation>
        </message>
        <message>
            <location filename="../../gui/chat/asking.py" />
            <source>Asked as soon as this answer has ended</source>
            <translation>Demandé dès que cette réponse est finie</translation>
        </message>
        <message>
            <location filename="../../gui/chat/asking.py" />
            <source>Asked as soon as the model is ready</source>
            <translation>Demandé dès que le modèle est prêt</translation>
        </message>
        <message>
            <location filename="../../gui/chat/asking.py" />
            <source>Sent as soon as {model} is ready</source>
            <translation>Envoyé dès que {model} est prêt</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attached_row.py" />
            <location filename="../../gui/widgets/bars.py" />
            <source>Attachments</source>
            <translation>Pièces jointes</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attaching.py" />
            <source>Pasted text</source>
            <translation>Texte collé</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attaching.py" />
            <source>Attach files: text, code, PDF, DOCX, EPUB, spreadsheets</source>
            <translation>Joindre des fichiers : texte, code, PDF, DOCX, EPUB, tableurs</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attaching.py" />
            <source>Attach</source>
            <translation>Joindre</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attaching.py" />
            <location filename="../../gui/chat/edited_files.py" />
            <location filename="../../gui/chat/inline_edit.py" />
            <location filename="../../gui/commands.py" />
            <source>Attach files</source>
            <translation>Joindre des fichiers</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attaching.py" />
            <source>A message can have {n} attachments; the others were left out.</source>
            <translation>Un message peut avoir {n} pièces jointes ; les autres ont été laissées de côté.</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attaching.py" />
            <location filename="../../gui/chat/edited_files.py" />
            <source>A message can have {n} attachments.</source>
            <translation>Un message peut avoir {n} pièces jointes.</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attaching.py" />
            <source>“{file}” was taken away</source>
            <translation>« {file} » a été retiré</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attaching.py" />
            <source>Put into the message</source>
            <translation>Mettre dans le message</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attaching.py" />
            <location filename="../../gui/chat/edited_files.py" />
            <source>reading…</source>
            <translation>lecture…</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attaching.py" />
            <source>{file} is being read</source>
            <translation>{file} est en cours de lecture</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attaching.py" />
            <source>Reading {file}</source>
            <translation>Lecture de {file}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attaching.py" />
            <location filename="../../gui/chat/words.py" />
            <location filename="../../gui/library/defaults_form.py" />
            <location filename="../../gui/library/detail.py" />
            <location filename="../../gui/settings/settings_view.py" />
            <source>{n:,} tokens</source>
            <translation>{n:,} jetons</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attaching.py" />
            <source>About {n:,} tokens</source>
            <translation>Environ {n:,} jetons</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attaching.py" />
            <source>{tokens}: more than the {size:,} that this model can look back on</source>
            <translation>{tokens} : plus que les {size:,} que ce modèle peut voir</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attaching.py" />
            <source>{tokens}, but only {n:,} of {size:,} are free</source>
            <translation>{tokens}, mais seuls {n:,} sur {size:,} sont libres</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attaching.py" />
            <source>{tokens}, about {time:duration} to read</source>
            <translation>{tokens}, environ {time:duration} de lecture</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attaching.py" />
            <source>Documents and text ({patterns});;All files (*)</source>
            <translation>Documents et textes ({patterns});;Tous les fichiers (*)</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attaching.py" />
            <source>{n} tokens</source>
            <translation>{n} jetons</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attaching.py" />
            <source>≈ {n} tokens</source>
            <translation>≈ {n} jetons</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attaching.py" />
            <source>about {n:,} tokens</source>
            <translation>environ {n:,} jetons</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attachment_sheet.py" />
            <location filename="../../gui/prose/prose.py" />
            <location filename="../../gui/workshop/loss_words.py" />
            <source>Text</source>
            <translation>Texte</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attachment_sheet.py" />
            <location filename="../../gui/prose/table.py" />
            <location filename="../../gui/workshop/loss_panel.py" />
            <source>Table</source>
            <translation>Tableau</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attachment_sheet.py" />
            <source>Web page</source>
            <translation>Page web</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attachment_sheet.py" />
            <source>Word document</source>
            <translation>Document Word</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attachment_sheet.py" />
            <source>E-book</source>
            <translation>Livre électronique</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attachment_sheet.py" />
            <source>Spreadsheet</source>
            <translation>Tableur</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attachment_sheet.py" />
            <location filename="../../gui/prose/code.py" />
            <source>Code</source>
            <translation>Code</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attachment_sheet.py" />
            <source>{n:,} {n:page|pages}</source>
            <translation>{n:,} {n:page|pages}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attachment_sheet.py" />
            <source>{n:,} {n:chapter|chapters}</source>
            <translation>{n:,} {n:chapitre|chapitres}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attachment_sheet.py" />
            <source>{n:,} {n:sheet|sheets}</source>
            <translation>{n:,} {n:feuille|feuilles}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attachment_sheet.py" />
            <source>{n:,} {n:letter|letters}</source>
            <translation>{n:,} {n:caractère|caractères}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/attachment_sheet.py" />
            <source>What the model reads of {file}</source>
            <translation>Ce que le modèle lit de {file}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/book.py" />
            <location filename="../../gui/chat/chat_list.py" />
            <location filename="../../gui/chat/end_note.py" />
            <location filename="../../gui/chat/words.py" />
            <location filename="../../gui/commands.py" />
            <location filename="../../gui/shortcuts.py" />
            <source>New chat</source>
            <translation>Nouvelle discussion</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <source>New folder</source>
            <translation>Nouveau dossier</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <source>Temporary chat</source>
            <translation>Discussion temporaire</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <location filename="../../gui/library/menus.py" />
            <source>Rename</source>
            <translation>Renommer</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <source>Duplicate</source>
            <translation>Dupliquer</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <location filename="../../gui/chat/prompt_library.py" />
            <source>Delete</source>
            <translation>Supprimer</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <source>Unpin</source>
            <translation>Détacher</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <source>Pin</source>
            <translation>Épingler</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <source>No folder</source>
            <translation>Aucun dossier</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <source>New folder…</source>
            <translation>Nouveau dossier…</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <source>Move to folder</source>
            <translation>Déplacer vers un dossier</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <source>The folder “{name}” was made</source>
            <translation>Le dossier « {name} » a été créé</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <source>Remove folder, keep its chats</source>
            <translation>Supprimer le dossier, garder ses discussions</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <source>Remove folder</source>
            <translation>Supprimer le dossier</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <source>Open</source>
            <translation>Ouvrir</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <location filename="../../gui/chat/prompt_library.py" />
            <location filename="../../gui/chat/trash_sheet.py" />
            <location filename="../../gui/widgets/dialogs.py" />
            <source>Close</source>
            <translation>Fermer</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <source>The folder “{name}” was removed</source>
            <translation>Le dossier « {name} » a été supprimé</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <source>Import chats…</source>
            <translation>Importer des discussions…</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <source>Deleted chats…</source>
            <translation>Discussions supprimées…</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <source>Compare two answers…</source>
            <translation>Comparer deux réponses…</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <source>New temporary chat</source>
            <translation>Nouvelle discussion temporaire</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <source>New window</source>
            <translation>Nouvelle fenêtre</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <source>List of chats</source>
            <translation>Liste des discussions</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <source>Keep this chat</source>
            <translation>Garder cette discussion</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_deeds.py" />
            <location filename="../../gui/chat/find_bar.py" />
            <source>Find in this chat</source>
            <translation>Chercher dans cette discussion</translation>
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
            <translation>Page web…</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_files.py" />
            <source>Web page (*.html)</source>
            <translation>Page web (*.html)</translation>
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
            <translation>Document Word…</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_files.py" />
            <source>Word document (*.docx)</source>
            <translation>Document Word (*.docx)</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_files.py" />
            <source>JSON, with all branches…</source>
            <translation>JSON, avec toutes les branches…</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_files.py" />
            <source>JSON (*.json)</source>
            <translation>JSON (*.json)</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_files.py" />
            <source>Chats (*.json *.jsonl *.zip *.chat);;All files (*)</source>
            <translation>Discussions (*.json *.jsonl *.zip *.chat);;Tous les fichiers (*)</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_files.py" />
            <source>Export</source>
            <translation>Exporter</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_files.py" />
            <source>Print…</source>
            <translation>Imprimer…</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_files.py" />
            <source>Export the chat</source>
            <translation>Exporter la discussion</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_files.py" />
            <source>“{title}” was written to {file}</source>
            <translation>« {title} » a été écrit dans {file}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_files.py" />
            <source>Import chats</source>
            <translation>Importer des discussions</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_files.py" />
            <source>Importing chats from {file}</source>
            <translation>Importation de discussions de {file}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_files.py" />
            <source>{n:,} {n:chat was|chats were} imported</source>
            <translation>{n:,} {n:discussion importée|discussions importées}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_files.py" />
            <source>{imported}; {n:,} {n:file|files} could not be read, among them {file}</source>
            <translation>{imported} ; {n:,} {n:fichier illisible|fichiers illisibles}, dont {file}</translation>
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
            <translation>Discuter</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_header.py" />
            <source>opens with your message</source>
            <translation>s’ouvre avec votre message</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_header.py" />
            <location filename="../../gui/chat/starts.py" />
            <source>Stop opening the model</source>
            <translation>Arrêter l’ouverture du modèle</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_header.py" />
            <source>Parameters: how the model chooses its words</source>
            <translation>Réglages : comment le modèle choisit ses mots</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_header.py" />
            <location filename="../../gui/library/detail.py" />
            <source>More</source>
            <translation>Plus</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_header.py" />
            <source>Show the list of chats</source>
            <translation>Montrer la liste des discussions</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_header.py" />
            <source>Title of the chat</source>
            <translation>Titre de la discussion</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_header.py" />
            <location filename="../../gui/chat/compare_column.py" />
            <location filename="../../gui/chat/model_pill.py" />
            <source>Choose a model</source>
            <translation>Choisir un modèle</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_header.py" />
            <location filename="../../gui/library/library_view.py" />
            <location filename="../../gui/library/model_list.py" />
            <location filename="../../gui/library/parts.py" />
            <location filename="../../gui/settings/settings_view.py" />
            <source>Models</source>
            <translation>Modèles</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_header.py" />
            <location filename="../../gui/library/parts.py" />
            <source>Search models</source>
            <translation>Chercher des modèles</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_header.py" />
            <source>{model}, {type}, {size:file}
This chat can look back on {n:,} tokens; the model was trained on {most:,}</source>
            <translation>{model}, {type}, {size:file}
Cette discussion peut voir {n:,} jetons ; le modèle a été entraîné sur {most:,}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_header.py" />
            <location filename="../../gui/chat/chat_pages.py" />
            <source>opening</source>
            <translation>ouverture</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_header.py" />
            <source>opening, {fraction:.0%}</source>
            <translation>ouverture, {fraction:.0%}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_lines.py" />
            <source>being answered</source>
            <translation>réponse en cours</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_lines.py" />
            <location filename="../../gui/chat/daily_cards.py" />
            <source>answered, not seen yet</source>
            <translation>réponse pas encore vue</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_lines.py" />
            <source>Pinned</source>
            <translation>Épinglées</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_lines.py" />
            <source>{folder}, empty folder</source>
            <translation>{folder}, dossier vide</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_lines.py" />
            <source>{folder}, folder with {n:,} {n:chat|chats}, open</source>
            <translation>{folder}, dossier de {n:,} {n:discussion|discussions}, ouvert</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_lines.py" />
            <source>{folder}, folder with {n:,} {n:chat|chats}, closed</source>
            <translation>{folder}, dossier de {n:,} {n:discussion|discussions}, fermé</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_lines.py" />
            <location filename="../../gui/chat/trash_sheet.py" />
            <source>{n:,} {n:message|messages}</source>
            <translation>{n:,} {n:message|messages}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_list.py" />
            <source>Search titles and messages (Ctrl+Shift+F); Return goes from place to place in the open chat</source>
            <translation>Chercher dans les titres et les messages (Ctrl+Maj+F) ; Entrée passe d’un endroit à l’autre de la discussion ouverte</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_list.py" />
            <source>Hide the list of chats</source>
            <translation>Cacher la liste des discussions</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_list.py" />
            <location filename="../../gui/commands.py" />
            <source>Search chats</source>
            <translation>Chercher</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_list.py" />
            <location filename="../../gui/chat/chat_view.py" />
            <source>Chats</source>
            <translation>Discussions</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_list.py" />
            <source>No chat has these words</source>
            <translation>Aucune discussion n’a ces mots</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_list.py" />
            <source>Your chats will stand here</source>
            <translation>Vos discussions seront ici</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_list_paint.py" />
            <source>Title</source>
            <translation>Titre</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_list_paint.py" />
            <source>empty</source>
            <comment>a folder</comment>
            <translation>vide</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_pages.py" />
            <source>Ask now; the guide answers as soon as it is ready</source>
            <translation>Posez votre question ; le guide répond dès qu’il est prêt</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_pages.py" />
            <source>Ask now; {model} answers as soon as it is ready</source>
            <translation>Posez votre question ; {model} répond dès qu’il est prêt</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_pages.py" />
            <source>Message {model} – a temporary chat, nothing of it is written</source>
            <translation>Écrire à {model} – discussion temporaire, rien n’en est écrit</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_pages.py" />
            <source>Message {model}</source>
            <translation>Écrire à {model}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_pages.py" />
            <source>Choose a model to go on</source>
            <translation>Choisissez un modèle pour continuer</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_pages.py" />
            <source>Opening {model} again: {step}</source>
            <translation>Réouverture de {model} : {step}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_panels.py" />
            <source>“{name}” was deleted</source>
            <translation>« {name} » a été supprimé</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_panels.py" />
            <source>The guide keeps its values; save yours as a preset instead.</source>
            <translation>Le guide garde ses valeurs ; enregistrez plutôt les vôtres comme préréglage.</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_panels.py" />
            <source>New chats with {model} begin with these values</source>
            <translation>Les nouvelles discussions avec {model} commencent par ces valeurs</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_panels.py" />
            <source>New chats begin with “{preset}”</source>
            <translation>Les nouvelles discussions commencent par « {preset} »</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_panels.py" />
            <source>New chats begin with the model’s own values</source>
            <translation>Les nouvelles discussions commencent par les valeurs propres au modèle</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_view.py" />
            <source>Drop a model to open it, or a document to attach it</source>
            <translation>Déposez un modèle pour l’ouvrir, ou un document pour le joindre</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_view.py" />
            <source>{name} could not be opened</source>
            <translation>{name} n’a pas pu être ouvert</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_view.py" />
            <source>The temporary chat was left; nothing of it is kept</source>
            <translation>La discussion temporaire a été quittée ; rien n’en est gardé</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_view.py" />
            <source>The chat</source>
            <translation>La discussion</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_view.py" />
            <source>“{title}” was deleted</source>
            <translation>« {title} » a été supprimée</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_view.py" />
            <source>The prompt can be shown as soon as the model is open and free.</source>
            <translation>L’invite pourra être montrée dès que le modèle est ouvert et libre.</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chat_view.py" />
            <source>The guide always opens as it comes with the program.</source>
            <translation>Le guide s’ouvre toujours tel qu’il vient avec le programme.</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chats.py" />
            <source>answering now, {n:,} {n:word|words}</source>
            <translation>réponse en cours, {n:,} {n:mot|mots}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chats.py" />
            <source>reading, {fraction:.0%}</source>
            <translation>lecture, {fraction:.0%}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chats.py" />
            <source>{title} (copy)</source>
            <translation>{title} (copie)</translation>
        </message>
        <message>
            <location filename="../../gui/chat/chats.py" />
            <source>{title} (branch)</source>
            <translation>{title} (branche)</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare.py" />
            <source>Choose another model above, or another temperature; then let both sides answer.</source>
            <translation>Choisissez un autre modèle ci-dessus, ou une autre température ; puis laissez répondre les deux côtés.</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare.py" />
            <source>Both models do not fit into memory at once. This one answers when the other has, in its room.</source>
            <translation>Les deux modèles ne tiennent pas ensemble en mémoire. Celui-ci répond après l’autre, à sa place.</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare.py" />
            <source>Compare</source>
            <translation>Comparer</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare.py" />
            <source>Answer on both sides</source>
            <translation>Répondre des deux côtés</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare.py" />
            <source>Keep one</source>
            <translation>En garder une</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare.py" />
            <source>Put one of the answers into the chat</source>
            <translation>Mettre l’une des réponses dans la discussion</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare.py" />
            <source>Leave the comparison: Esc</source>
            <translation>Quitter la comparaison : Échap</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare.py" />
            <source>A new question</source>
            <translation>Une nouvelle question</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare.py" />
            <source>The model's own values</source>
            <translation>Les valeurs propres au modèle</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare.py" />
            <location filename="../../gui/chat/preset_row.py" />
            <location filename="../../gui/settings/settings_view.py" />
            <source>Preset</source>
            <translation>Préréglage</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare.py" />
            <location filename="../../gui/chat/composer.py" />
            <location filename="../../gui/chat/system_prompt.py" />
            <location filename="../../gui/commands.py" />
            <location filename="../../gui/library/defaults_form.py" />
            <location filename="../../gui/widgets/bars.py" />
            <source>System prompt</source>
            <translation>Invite système</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare.py" />
            <source>As in the chat</source>
            <translation>Comme dans la discussion</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare.py" />
            <location filename="../../gui/settings/folders_card.py" />
            <location filename="../../gui/settings/settings_view.py" />
            <source>None</source>
            <translation>Aucun</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare.py" />
            <source>System prompt: {name}</source>
            <translation>Invite système : {name}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare.py" />
            <source>Opening {model}…</source>
            <translation>Ouverture de {model}…</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare.py" />
            <source>Left</source>
            <translation>Gauche</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare.py" />
            <source>Right</source>
            <translation>Droite</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare_column.py" />
            <source>the model's own values</source>
            <translation>les valeurs propres au modèle</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare_column.py" />
            <source>Choose the model of this side</source>
            <translation>Choisir le modèle de ce côté</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare_column.py" />
            <source>Answer again on this side</source>
            <translation>Répondre à nouveau de ce côté</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare_column.py" />
            <source>Keep this answer</source>
            <translation>Garder cette réponse</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare_column.py" />
            <source>Stop this answer</source>
            <translation>Arrêter cette réponse</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare_column.py" />
            <source>How this side chooses its words: {how}</source>
            <translation>Comment ce côté choisit ses mots : {how}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare_column.py" />
            <source>{name}: choose the model of this side</source>
            <translation>{name} : choisir le modèle de ce côté</translation>
        </message>
        <message>
            <location filename="../../gui/chat/compare_column.py" />
            <source>temperature {temperature:g}</source>
            <translation>température {temperature:g}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/comparing.py" />
            <source>Write a question first, or open a chat that has one</source>
            <translation>Écrivez d’abord une question, ou ouvrez une discussion qui en a une</translation>
        </message>
        <message>
            <location filename="../../gui/chat/comparing.py" />
            <source>This answer is still being written</source>
            <translation>Cette réponse est encore en cours d’écriture</translation>
        </message>
        <message>
            <location filename="../../gui/chat/comparing.py" />
            <source>{file} is still being read</source>
            <translation>{file} est encore en cours de lecture</translation>
        </message>
        <message>
            <location filename="../../gui/chat/comparing.py" />
            <source>The comparison was left</source>
            <translation>La comparaison a été quittée</translation>
        </message>
        <message>
            <location filename="../../gui/chat/composer.py" />
            <source>What the model is told before the conversation begins</source>
            <translation>Ce qui est dit au modèle avant le début de la conversation</translation>
        </message>
        <message>
            <location filename="../../gui/chat/composer.py" />
            <source>Whether the model thinks before it answers, and how long</source>
            <translation>Si le modèle réfléchit avant de répondre, et combien de temps</translation>
        </message>
        <message>
            <location filename="../../gui/chat/composer.py" />
            <source>Send; write something first</source>
            <translation>Envoyer ; écrivez d’abord quelque chose</translation>
        </message>
        <message>
            <location filename="../../gui/chat/composer.py" />
            <location filename="../../gui/chat/message_menu.py" />
            <source>Message</source>
            <translation>Message</translation>
        </message>
        <message>
            <location filename="../../gui/chat/composer.py" />
            <location filename="../../gui/chat/parameters.py" />
            <source>Thinking</source>
            <translation>Réflexion</translation>
        </message>
        <message>
            <location filename="../../gui/chat/composer.py" />
            <location filename="../../gui/shortcuts.py" />
            <source>Send</source>
            <translation>Envoyer</translation>
        </message>
        <message>
            <location filename="../../gui/chat/composer.py" />
            <source>Choose a model first</source>
            <translation>Choisissez d’abord un modèle</translation>
        </message>
        <message>
            <location filename="../../gui/chat/composer.py" />
            <source>System prompt is set</source>
            <translation>Invite système définie</translation>
        </message>
        <message>
            <location filename="../../gui/chat/composer.py" />
            <source>Thinking: {how}</source>
            <translation>Réflexion : {how}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/composer.py" />
            <source>{tip}; now: {how}</source>
            <translation>{tip} ; actuellement : {how}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/composer.py" />
            <location filename="../../gui/settings/updates_card.py" />
            <source>Stop</source>
            <translation>Arrêter</translation>
        </message>
        <message>
            <location filename="../../gui/chat/conversation.py" />
            <source>The model wanted to call a tool; this version runs none.</source>
            <translation>Le modèle voulait appeler un outil ; cette version n’en exécute aucun.</translation>
        </message>
        <message>
            <location filename="../../gui/chat/conversation.py" />
            <source>This exchange alone fills the context of {size:,} tokens.</source>
            <translation>Cet échange remplit à lui seul le contexte de {size:,} jetons.</translation>
        </message>
        <message>
            <location filename="../../gui/chat/daily.py" />
            <source>Nothing you write leaves this computer.</source>
            <translation>Rien de ce que vous écrivez ne quitte cet ordinateur.</translation>
        </message>
        <message>
            <location filename="../../gui/chat/daily.py" />
            <source>Good morning</source>
            <translation>Bonjour</translation>
        </message>
        <message>
            <location filename="../../gui/chat/daily.py" />
            <source>Good afternoon</source>
            <translation>Bonjour</translation>
        </message>
        <message>
            <location filename="../../gui/chat/daily.py" />
            <source>Good evening</source>
            <translation>Bonsoir</translation>
        </message>
        <message>
            <location filename="../../gui/chat/daily.py" />
            <source>Answers:</source>
            <translation>Répond :</translation>
        </message>
        <message>
            <location filename="../../gui/chat/daily.py" />
            <source>Get another</source>
            <translation>En obtenir un autre</translation>
        </message>
        <message>
            <location filename="../../gui/chat/daily.py" />
            <source>Find a model that runs well here</source>
            <translation>Trouver un modèle qui tourne bien ici</translation>
        </message>
        <message>
            <location filename="../../gui/chat/daily.py" />
            <source>Go on with</source>
            <translation>Reprendre</translation>
        </message>
        <message>
            <location filename="../../gui/chat/daily_cards.py" />
            <source>answering now</source>
            <translation>réponse en cours</translation>
        </message>
        <message>
            <location filename="../../gui/chat/daily_cards.py" />
            <source>Go on with {title}</source>
            <translation>Reprendre {title}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/daily_cards.py" />
            <source>“{text}”</source>
            <translation>« {text} »</translation>
        </message>
        <message>
            <location filename="../../gui/chat/edited_files.py" />
            <source>{name} is being read</source>
            <translation>{name} est en cours de lecture</translation>
        </message>
        <message>
            <location filename="../../gui/chat/end_note.py" />
            <source>Ended at the longest reply that is set in Parameters.</source>
            <translation>Terminée à la longueur de réponse fixée dans Réglages.</translation>
        </message>
        <message>
            <location filename="../../gui/chat/end_note.py" />
            <source>Stopped before its end.</source>
            <translation>Arrêtée avant sa fin.</translation>
        </message>
        <message>
            <location filename="../../gui/chat/end_note.py" />
            <source>Broken off before its end.</source>
            <translation>Interrompue avant sa fin.</translation>
        </message>
        <message>
            <location filename="../../gui/chat/end_note.py" />
            <source>Stopped before its first word.</source>
            <translation>Arrêtée avant son premier mot.</translation>
        </message>
        <message>
            <location filename="../../gui/chat/end_note.py" />
            <source>Open the model with a larger context</source>
            <translation>Ouvrir le modèle avec un contexte plus grand</translation>
        </message>
        <message>
            <location filename="../../gui/chat/end_note.py" />
            <location filename="../../gui/workshop/place_card.py" />
            <source>Continue</source>
            <translation>Continuer</translation>
        </message>
        <message>
            <location filename="../../gui/chat/end_note.py" />
            <source>Go on with this answer where it was cut</source>
            <translation>Continuer cette réponse là où elle a été coupée</translation>
        </message>
        <message>
            <location filename="../../gui/chat/end_note.py" />
            <source>Go on without the oldest messages</source>
            <translation>Continuer sans les plus anciens</translation>
        </message>
        <message>
            <location filename="../../gui/chat/end_note.py" />
            <source>They stay in this chat; the model does not read them any more</source>
            <translation>Ils restent dans cette discussion ; le modèle ne les lit plus</translation>
        </message>
        <message>
            <location filename="../../gui/chat/end_note.py" />
            <location filename="../../gui/parameter_list.py" />
            <source>Keep the beginning and the end</source>
            <translation>Garder le début et la fin</translation>
        </message>
        <message>
            <location filename="../../gui/chat/end_note.py" />
            <source>The model goes on reading the first exchange and the last ones; all stay in this chat</source>
            <translation>Le modèle continue à lire le premier échange et les derniers ; tous restent dans cette discussion</translation>
        </message>
        <message>
            <location filename="../../gui/chat/end_note.py" />
            <source>Begin a new chat with this model</source>
            <translation>Commencer une nouvelle discussion avec ce modèle</translation>
        </message>
        <message>
            <location filename="../../gui/chat/end_note.py" />
            <source>Why a chat becomes full</source>
            <translation>Pourquoi une discussion se remplit</translation>
        </message>
        <message>
            <location filename="../../gui/chat/error_card.py" />
            <source>Open another file</source>
            <translation>Ouvrir un autre fichier</translation>
        </message>
        <message>
            <location filename="../../gui/chat/error_card.py" />
            <source>Dismiss</source>
            <translation>Fermer</translation>
        </message>
        <message>
            <location filename="../../gui/chat/find_bar.py" />
            <source>Return goes to the next place, Shift+Return back; Ctrl+F again: in all chats; Esc ends it</source>
            <translation>Entrée va à l’endroit suivant, Maj+Entrée revient ; encore Ctrl+F : dans toutes les discussions ; Échap termine</translation>
        </message>
        <message>
            <location filename="../../gui/chat/find_bar.py" />
            <source>Places</source>
            <translation>Endroits</translation>
        </message>
        <message>
            <location filename="../../gui/chat/find_bar.py" />
            <source>The place before: Shift+Return</source>
            <translation>L’endroit précédent : Maj+Entrée</translation>
        </message>
        <message>
            <location filename="../../gui/chat/find_bar.py" />
            <source>The next place: Return</source>
            <translation>L’endroit suivant : Entrée</translation>
        </message>
        <message>
            <location filename="../../gui/chat/find_bar.py" />
            <location filename="../../gui/chat/token_card.py" />
            <source>Close: Esc</source>
            <translation>Fermer : Échap</translation>
        </message>
        <message>
            <location filename="../../gui/chat/find_bar.py" />
            <location filename="../../gui/workshop/tensor_errors.py" />
            <source>none</source>
            <translation>aucune</translation>
        </message>
        <message>
            <location filename="../../gui/chat/find_bar.py" />
            <source>{i:,} of {n:,}</source>
            <translation>{i:,} sur {n:,}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/gauge.py" />
            <source>The model opens again and needs {size:memory} then</source>
            <translation>Le modèle se rouvre et a alors besoin de {size:memory}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/gauge.py" />
            <source>Reopen with {n} context</source>
            <translation>Rouvrir avec un contexte de {n}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/gauge.py" />
            <source>Free	{n:,} of {size:,}</source>
            <translation>Libre	{n:,} sur {size:,}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/gauge.py" />
            <source>When it is full:</source>
            <translation>Quand il est plein :</translation>
        </message>
        <message>
            <location filename="../../gui/chat/gauge.py" />
            <source>Reopen with {n} context	{size:memory}</source>
            <translation>Rouvrir avec un contexte de {n}	{size:memory}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/gauge.py" />
            <location filename="../../gui/chat/model_picker.py" />
            <source>Context, threads, cache…</source>
            <translation>Contexte, fils, cache…</translation>
        </message>
        <message>
            <location filename="../../gui/chat/gauge.py" />
            <source>Show the prompt…</source>
            <translation>Montrer l’invite…</translation>
        </message>
        <message>
            <location filename="../../gui/chat/guide.py" />
            <source>Questions to begin with</source>
            <translation>Questions pour commencer</translation>
        </message>
        <message>
            <location filename="../../gui/chat/guide.py" />
            <source>Ask the guide this</source>
            <translation>Poser cette question au guide</translation>
        </message>
        <message>
            <location filename="../../gui/chat/guide.py" />
            <location filename="../../gui/chat/starts.py" />
            <source>Reading the file</source>
            <translation>Lecture du fichier</translation>
        </message>
        <message>
            <location filename="../../gui/chat/guide.py" />
            <source>The guide is getting ready{percent}; only this first time, for your processor</source>
            <translation>Le guide se prépare{percent} ; seulement cette première fois, pour votre processeur</translation>
        </message>
        <message>
            <location filename="../../gui/chat/guide.py" />
            <source>The guide is getting ready{percent}</source>
            <translation>Le guide se prépare{percent}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/inline_edit.py" />
            <source>Edit the message</source>
            <translation>Modifier le message</translation>
        </message>
        <message>
            <location filename="../../gui/chat/inline_edit.py" />
            <location filename="../../gui/chat/opening_sheet.py" />
            <location filename="../../gui/chat/starts.py" />
            <location filename="../../gui/widgets/confirm.py" />
            <location filename="../../gui/workshop/job_card.py" />
            <location filename="../../gui/workshop/loss_card.py" />
            <source>Cancel</source>
            <translation>Annuler</translation>
        </message>
        <message>
            <location filename="../../gui/chat/inline_edit.py" />
            <source>Reading {name}</source>
            <translation>Lecture de {name}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/inline_edit.py" />
            <source>Save and ask again</source>
            <translation>Enregistrer et redemander</translation>
        </message>
        <message>
            <location filename="../../gui/chat/inline_edit.py" />
            <source>Save</source>
            <translation>Enregistrer</translation>
        </message>
        <message>
            <location filename="../../gui/chat/message_deeds.py" />
            <source>The question and its answer were deleted</source>
            <translation>La question et sa réponse ont été supprimées</translation>
        </message>
        <message>
            <location filename="../../gui/chat/message_deeds.py" />
            <source>The answer was deleted</source>
            <translation>La réponse a été supprimée</translation>
        </message>
        <message>
            <location filename="../../gui/chat/message_menu.py" />
            <source>Copy what is selected</source>
            <translation>Copier la sélection</translation>
        </message>
        <message>
            <location filename="../../gui/chat/message_menu.py" />
            <source>Quote it in the next message</source>
            <translation>La citer dans le prochain message</translation>
        </message>
        <message>
            <location filename="../../gui/chat/message_menu.py" />
            <source>Select all of it</source>
            <translation>Tout sélectionner</translation>
        </message>
        <message>
            <location filename="../../gui/chat/message_menu.py" />
            <source>Copy as Markdown</source>
            <translation>Copier en Markdown</translation>
        </message>
        <message>
            <location filename="../../gui/chat/message_menu.py" />
            <source>Copy as plain text</source>
            <translation>Copier en texte simple</translation>
        </message>
        <message>
            <location filename="../../gui/chat/message_menu.py" />
            <source>Look at its words	Alt+Click</source>
            <translation>Regarder ses mots	Alt+Clic</translation>
        </message>
        <message>
            <location filename="../../gui/chat/message_menu.py" />
            <source>Delete this message</source>
            <translation>Supprimer ce message</translation>
        </message>
        <message>
            <location filename="../../gui/chat/message_menu.py" />
            <source>Links</source>
            <translation>Liens</translation>
        </message>
        <message>
            <location filename="../../gui/chat/model_chip.py" />
            <source>Answer with {model}</source>
            <translation>Répondre avec {model}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/model_chip.py" />
            <source>{model} answers your next message</source>
            <translation>{model} répond à votre prochain message</translation>
        </message>
        <message>
            <location filename="../../gui/chat/model_picker.py" />
            <source>rests</source>
            <comment>a model</comment>
            <translation>au repos</translation>
        </message>
        <message>
            <location filename="../../gui/chat/model_picker.py" />
            <source>open</source>
            <comment>a model</comment>
            <translation>ouvert</translation>
        </message>
        <message>
            <location filename="../../gui/chat/model_picker.py" />
            <source>cannot be read</source>
            <translation>illisible</translation>
        </message>
        <message>
            <location filename="../../gui/chat/model_picker.py" />
            <source>built in</source>
            <translation>intégré</translation>
        </message>
        <message>
            <location filename="../../gui/chat/model_picker.py" />
            <source>Open a file…</source>
            <translation>Ouvrir un fichier…</translation>
        </message>
        <message>
            <location filename="../../gui/chat/model_picker.py" />
            <source>Find another model</source>
            <translation>Trouver un autre modèle</translation>
        </message>
        <message>
            <location filename="../../gui/chat/model_picker.py" />
            <source>Close {model}</source>
            <translation>Fermer {model}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/model_picker.py" />
            <source>Close {model} and free its memory</source>
            <translation>Fermer {model} et libérer sa mémoire</translation>
        </message>
        <message>
            <location filename="../../gui/chat/model_picker.py" />
            <source>Forget what is kept: {what}</source>
            <translation>Oublier ce qui est gardé : {what}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/model_pill.py" />
            <source>Model: {model} {detail}</source>
            <translation>Modèle : {model} {detail}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/model_pill.py" />
            <source>Change the model ({keys})</source>
            <translation>Changer de modèle ({keys})</translation>
        </message>
        <message>
            <location filename="../../gui/chat/opening_sheet.py" />
            <location filename="../../gui/library/defaults_form.py" />
            <source>F16: the usual precision</source>
            <translation>F16 : précision usuelle</translation>
        </message>
        <message>
            <location filename="../../gui/chat/opening_sheet.py" />
            <location filename="../../gui/library/defaults_form.py" />
            <source>F32: twice as large</source>
            <translation>F32 : deux fois plus</translation>
        </message>
        <message>
            <location filename="../../gui/chat/opening_sheet.py" />
            <location filename="../../gui/library/defaults_form.py" />
            <source>Q8_0: half as large</source>
            <translation>Q8_0 : deux fois moins</translation>
        </message>
        <message>
            <location filename="../../gui/chat/opening_sheet.py" />
            <source>Open {model} otherwise</source>
            <translation>Ouvrir {model} autrement</translation>
        </message>
        <message>
            <location filename="../../gui/chat/opening_sheet.py" />
            <location filename="../../gui/chat/parameters.py" />
            <source> tokens</source>
            <translation> jetons</translation>
        </message>
        <message>
            <location filename="../../gui/chat/opening_sheet.py" />
            <location filename="../../gui/discover/model_page.py" />
            <location filename="../../gui/library/defaults_form.py" />
            <location filename="../../gui/settings/settings_view.py" />
            <source>Context</source>
            <translation>Contexte</translation>
        </message>
        <message>
            <location filename="../../gui/chat/opening_sheet.py" />
            <location filename="../../gui/library/defaults_form.py" />
            <location filename="../../gui/settings/settings_view.py" />
            <source>Threads</source>
            <translation>Fils</translation>
        </message>
        <message>
            <location filename="../../gui/chat/opening_sheet.py" />
            <location filename="../../gui/library/defaults_form.py" />
            <source>As in Settings</source>
            <translation>Des paramètres</translation>
        </message>
        <message>
            <location filename="../../gui/chat/opening_sheet.py" />
            <location filename="../../gui/library/defaults_form.py" />
            <source>Cache</source>
            <translation>Cache</translation>
        </message>
        <message>
            <location filename="../../gui/chat/opening_sheet.py" />
            <source>Open again</source>
            <translation>Rouvrir</translation>
        </message>
        <message>
            <location filename="../../gui/chat/opening_sheet.py" />
            <source>Trained on {n:,} tokens. It is opened like this from now on.</source>
            <translation>Entraîné sur {n:,} jetons. Il s’ouvre désormais ainsi.</translation>
        </message>
        <message>
            <location filename="../../gui/chat/opening_sheet.py" />
            <source>Cache of the conversation</source>
            <translation>Cache de la conversation</translation>
        </message>
        <message>
            <location filename="../../gui/chat/opening_sheet.py" />
            <source>Memory not known</source>
            <translation>Mémoire inconnue</translation>
        </message>
        <message>
            <location filename="../../gui/chat/opening_sheet.py" />
            <source>Needs {size:memory} of {free:memory} that are free for it.</source>
            <translation>Demande {size:memory} sur {free:memory} libres pour lui.</translation>
        </message>
        <message>
            <location filename="../../gui/chat/parameters.py" />
            <location filename="../../gui/parameter_list.py" />
            <source>Stop and ask</source>
            <translation>S’arrêter</translation>
        </message>
        <message>
            <location filename="../../gui/chat/parameters.py" />
            <source>Leave oldest out</source>
            <translation>Sans les anciens</translation>
        </message>
        <message>
            <location filename="../../gui/chat/parameters.py" />
            <source>Keep both ends</source>
            <translation>Les deux bouts</translation>
        </message>
        <message>
            <location filename="../../gui/chat/parameters.py" />
            <source>Show or hide {name}</source>
            <translation>Montrer ou cacher {name}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/parameters.py" />
            <source>Reset</source>
            <translation>Rétablir</translation>
        </message>
        <message>
            <location filename="../../gui/chat/parameters.py" />
            <source>Back to the model's own values</source>
            <translation>Revenir aux valeurs propres au modèle</translation>
        </message>
        <message>
            <location filename="../../gui/chat/parameters.py" />
            <source>Close the parameters</source>
            <translation>Fermer les réglages</translation>
        </message>
        <message>
            <location filename="../../gui/chat/parameters.py" />
            <location filename="../../gui/commands.py" />
            <source>Parameters</source>
            <comment>of a chat</comment>
            <translation>Réglages</translation>
        </message>
        <message>
            <location filename="../../gui/chat/parameters.py" />
            <source>Reply</source>
            <translation>Réponse</translation>
        </message>
        <message>
            <location filename="../../gui/chat/parameters.py" />
            <source>Longest reply</source>
            <translation>Longueur max.</translation>
        </message>
        <message>
            <location filename="../../gui/chat/parameters.py" />
            <location filename="../../gui/chat/thinking_menu.py" />
            <source>No limit</source>
            <translation>Sans limite</translation>
        </message>
        <message>
            <location filename="../../gui/chat/parameters.py" />
            <source>Seed</source>
            <translation>Graine</translation>
        </message>
        <message>
            <location filename="../../gui/chat/parameters.py" />
            <source>New each time</source>
            <translation>Au hasard</translation>
        </message>
        <message>
            <location filename="../../gui/chat/parameters.py" />
            <source>The same seed gives the same text again</source>
            <translation>La même graine redonne le même texte</translation>
        </message>
        <message>
            <location filename="../../gui/chat/parameters.py" />
            <source>Whether a model that can think does so first; auto: it decides</source>
            <translation>Si un modèle qui peut réfléchir le fait d’abord ; auto : il décide</translation>
        </message>
        <message>
            <location filename="../../gui/chat/parameters.py" />
            <source>Longest thinking</source>
            <translation>Réflexion max.</translation>
        </message>
        <message>
            <location filename="../../gui/chat/parameters.py" />
            <source>After so many tokens of thinking the answer begins; with 0 there is none</source>
            <translation>Après autant de jetons de réflexion, la réponse commence ; avec 0, il n’y en a pas</translation>
        </message>
        <message>
            <location filename="../../gui/chat/parameters.py" />
            <location filename="../../gui/settings/settings_view.py" />
            <source>Full context</source>
            <translation>Contexte plein</translation>
        </message>
        <message>
            <location filename="../../gui/chat/parameters.py" />
            <source>What happens when the conversation no longer fits: it stops and asks, or the model no longer reads the oldest messages, or those between the beginning and the end. All stay in the chat</source>
            <translation>Ce qui se passe quand la conversation ne tient plus : il s’arrête et demande, ou le modèle ne lit plus les plus anciens messages, ou ceux entre le début et la fin. Tous restent dans la discussion</translation>
        </message>
        <message>
            <location filename="../../gui/chat/parameters.py" />
            <source>Stop at</source>
            <translation>S’arrêter à</translation>
        </message>
        <message>
            <location filename="../../gui/chat/parameters.py" />
            <source>stop | more stops</source>
            <translation>stop | autre</translation>
        </message>
        <message>
            <location filename="../../gui/chat/parameters.py" />
            <source>The reply ends where one of these would appear</source>
            <translation>La réponse se termine là où l’un d’eux apparaîtrait</translation>
        </message>
        <message>
            <location filename="../../gui/chat/preset_row.py" />
            <source>Values that were kept under a name</source>
            <translation>Des valeurs gardées sous un nom</translation>
        </message>
        <message>
            <location filename="../../gui/chat/preset_row.py" />
            <source>Save these values, or delete the preset</source>
            <translation>Enregistrer ces valeurs, ou supprimer le préréglage</translation>
        </message>
        <message>
            <location filename="../../gui/chat/preset_row.py" />
            <source>Name of the preset</source>
            <translation>Nom du préréglage</translation>
        </message>
        <message>
            <location filename="../../gui/chat/preset_row.py" />
            <source>The model’s own</source>
            <translation>Propre au modèle</translation>
        </message>
        <message>
            <location filename="../../gui/chat/preset_row.py" />
            <source>Changed by hand</source>
            <translation>Modifié à la main</translation>
        </message>
        <message>
            <location filename="../../gui/chat/preset_row.py" />
            <source>Save as a preset…</source>
            <translation>Enregistrer comme préréglage…</translation>
        </message>
        <message>
            <location filename="../../gui/chat/preset_row.py" />
            <source>Make these {model}’s own values</source>
            <translation>En faire les valeurs propres à {model}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/preset_row.py" />
            <source>Begin new chats with “{preset}”</source>
            <translation>Commencer les discussions par « {preset} »</translation>
        </message>
        <message>
            <location filename="../../gui/chat/preset_row.py" />
            <source>Begin new chats with the model’s own values</source>
            <translation>Commencer les discussions par les valeurs propres au modèle</translation>
        </message>
        <message>
            <location filename="../../gui/chat/preset_row.py" />
            <source>Delete “{preset}”</source>
            <translation>Supprimer « {preset} »</translation>
        </message>
        <message>
            <location filename="../../gui/chat/preset_row.py" />
            <source>“{name}” comes with the program; choose another name</source>
            <translation>« {name} » vient avec le programme ; choisissez un autre nom</translation>
        </message>
        <message>
            <location filename="../../gui/chat/prompt_library.py" />
            <source>New prompt</source>
            <translation>Nouvelle invite</translation>
        </message>
        <message>
            <location filename="../../gui/chat/prompt_library.py" />
            <source>System prompts</source>
            <translation>Invites système</translation>
        </message>
        <message>
            <location filename="../../gui/chat/prompt_library.py" />
            <source>Search prompts</source>
            <translation>Chercher des invites</translation>
        </message>
        <message>
            <location filename="../../gui/chat/prompt_library.py" />
            <source>Name</source>
            <translation>Nom</translation>
        </message>
        <message>
            <location filename="../../gui/chat/prompt_library.py" />
            <source>Text of the prompt</source>
            <translation>Texte de l’invite</translation>
        </message>
        <message>
            <location filename="../../gui/chat/prompt_library.py" />
            <source>What the model reads before the conversation</source>
            <translation>Ce que le modèle lit avant la conversation</translation>
        </message>
        <message>
            <location filename="../../gui/chat/prompt_library.py" />
            <source>Nothing here yet. Add one: it starts with this chat's prompt.</source>
            <translation>Rien ici pour l’instant. Ajoutez-en une : elle commence par l’invite de cette discussion.</translation>
        </message>
        <message>
            <location filename="../../gui/chat/prompt_library.py" />
            <source>New</source>
            <translation>Nouvelle</translation>
        </message>
        <message>
            <location filename="../../gui/chat/prompt_library.py" />
            <source>Add a prompt</source>
            <translation>Ajouter une invite</translation>
        </message>
        <message>
            <location filename="../../gui/chat/prompt_library.py" />
            <source>Use in this chat</source>
            <translation>Utiliser dans cette discussion</translation>
        </message>
        <message>
            <location filename="../../gui/chat/prompt_sheet.py" />
            <source>What the model reads</source>
            <translation>Ce que le modèle lit</translation>
        </message>
        <message>
            <location filename="../../gui/chat/prompt_sheet.py" />
            <source>{n:,} of {size:,} tokens. Shades show where tokens begin; point at one for its number. Coloured words are tokens with a meaning of their own.</source>
            <translation>{n:,} jetons sur {size:,}. Les teintes montrent où commencent les jetons ; pointez-en un pour voir son numéro. Les mots colorés sont des jetons qui ont un sens propre.</translation>
        </message>
        <message>
            <location filename="../../gui/chat/prompt_sheet.py" />
            <source>The context is full: some messages are left out.</source>
            <translation>Le contexte est plein : des messages sont laissés de côté.</translation>
        </message>
        <message>
            <location filename="../../gui/chat/prompt_sheet.py" />
            <source>The prompt with its tokens</source>
            <translation>L’invite avec ses jetons</translation>
        </message>
        <message>
            <location filename="../../gui/chat/prompt_sheet.py" />
            <source>“{text}”
{n:token|tokens} {numbers} · {place:,} from the beginning</source>
            <translation>« {text} »
{n:jeton|jetons} {numbers} · {place:,} depuis le début</translation>
        </message>
        <message>
            <location filename="../../gui/chat/question.py" />
            <source>Question</source>
            <translation>Question</translation>
        </message>
        <message>
            <location filename="../../gui/chat/question.py" />
            <source>More to do with this question</source>
            <translation>Autres actions sur cette question</translation>
        </message>
        <message>
            <location filename="../../gui/chat/question.py" />
            <source>Copy the question</source>
            <translation>Copier la question</translation>
        </message>
        <message>
            <location filename="../../gui/chat/question.py" />
            <source>Edit the question and ask again</source>
            <translation>Modifier la question et redemander</translation>
        </message>
        <message>
            <location filename="../../gui/chat/question.py" />
            <source>Earlier version</source>
            <translation>Version précédente</translation>
        </message>
        <message>
            <location filename="../../gui/chat/question.py" />
            <source>Later version</source>
            <translation>Version suivante</translation>
        </message>
        <message>
            <location filename="../../gui/chat/queued_row.py" />
            <source>Back to the box, to change it</source>
            <translation>Remettre dans le cadre, pour la changer</translation>
        </message>
        <message>
            <location filename="../../gui/chat/queued_row.py" />
            <source>Do not ask this</source>
            <translation>Ne pas demander cela</translation>
        </message>
        <message>
            <location filename="../../gui/chat/queued_row.py" />
            <source>Ask this now</source>
            <translation>Demander cela maintenant</translation>
        </message>
        <message>
            <location filename="../../gui/chat/queued_row.py" />
            <source>Waiting</source>
            <translation>En attente</translation>
        </message>
        <message>
            <location filename="../../gui/chat/queued_row.py" />
            <source>Waiting to be asked: {text}</source>
            <translation>En attente d’être demandé : {text}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/queued_row.py" />
            <source>Asked after this answer</source>
            <translation>Demandé après cette réponse</translation>
        </message>
        <message>
            <location filename="../../gui/chat/starts.py" />
            <source>Opening {name}</source>
            <translation>Ouverture de {name}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/starts.py" />
            <source>Only the first time: Chaski makes its code fit your processor.</source>
            <translation>Seulement la première fois : Chaski adapte son code à votre processeur.</translation>
        </message>
        <message>
            <location filename="../../gui/chat/system_prompt.py" />
            <source>Close the system prompt</source>
            <translation>Fermer l’invite système</translation>
        </message>
        <message>
            <location filename="../../gui/chat/system_prompt.py" />
            <source>Prompts that are kept under a name</source>
            <translation>Des invites gardées sous un nom</translation>
        </message>
        <message>
            <location filename="../../gui/chat/system_prompt.py" />
            <source>Library</source>
            <translation>Bibliothèque</translation>
        </message>
        <message>
            <location filename="../../gui/chat/system_prompt.py" />
            <source>For example: Answer briefly, in French.</source>
            <translation>Par exemple : réponds brièvement, en français.</translation>
        </message>
        <message>
            <location filename="../../gui/chat/system_prompt.py" />
            <source>The model reads this before the conversation. Only for this chat.</source>
            <translation>Le modèle lit cela avant la conversation. Seulement pour cette discussion.</translation>
        </message>
        <message>
            <location filename="../../gui/chat/thinking_menu.py" />
            <source>up to {n:,}</source>
            <translation>jusqu’à {n:,}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/thinking_menu.py" />
            <source>no limit</source>
            <translation>sans limite</translation>
        </message>
        <message>
            <location filename="../../gui/chat/thinking_menu.py" />
            <source>off</source>
            <translation>désactivée</translation>
        </message>
        <message>
            <location filename="../../gui/chat/thinking_menu.py" />
            <source>Up to {n:,} tokens</source>
            <translation>Jusqu’à {n:,} jetons</translation>
        </message>
        <message>
            <location filename="../../gui/chat/thinking_menu.py" />
            <source>Up to {n:,} tokens; change…</source>
            <translation>Jusqu’à {n:,} jetons ; changer…</translation>
        </message>
        <message>
            <location filename="../../gui/chat/thinking_menu.py" />
            <source>Another limit…</source>
            <translation>Autre limite…</translation>
        </message>
        <message>
            <location filename="../../gui/chat/thought.py" />
            <source>Show the thinking</source>
            <translation>Montrer la réflexion</translation>
        </message>
        <message>
            <location filename="../../gui/chat/thought.py" />
            <source>Thought for {seconds:.1f} s</source>
            <translation>Réflexion de {seconds:.1f} s</translation>
        </message>
        <message>
            <location filename="../../gui/chat/thought.py" />
            <source>Thought first</source>
            <translation>Réflexion préalable</translation>
        </message>
        <message>
            <location filename="../../gui/chat/thought.py" />
            <source>Hide the thinking</source>
            <translation>Cacher la réflexion</translation>
        </message>
        <message>
            <location filename="../../gui/chat/token_card.py" />
            <source>the penalties</source>
            <translation>les pénalités</translation>
        </message>
        <message>
            <location filename="../../gui/chat/token_card.py" />
            <source>temperature 0</source>
            <translation>température 0</translation>
        </message>
        <message>
            <location filename="../../gui/chat/token_card.py" />
            <source>a ban</source>
            <translation>une interdiction</translation>
        </message>
        <message>
            <location filename="../../gui/chat/token_card.py" />
            <source>the end</source>
            <translation>la fin</translation>
        </message>
        <message>
            <location filename="../../gui/chat/token_card.py" />
            <source>a mark</source>
            <translation>une marque</translation>
        </message>
        <message>
            <location filename="../../gui/chat/token_card.py" />
            <source>a new line</source>
            <translation>un retour à la ligne</translation>
        </message>
        <message>
            <location filename="../../gui/chat/token_card.py" />
            <source>a space</source>
            <translation>une espace</translation>
        </message>
        <message>
            <location filename="../../gui/chat/token_card.py" />
            <source>cut by {what}</source>
            <translation>écarté par {what}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/token_card.py" />
            <source>The model gives “{word}” {percent}; {what} took it out.</source>
            <translation>Le modèle donne {percent} à « {word} » ; écarté par {what}.</translation>
        </message>
        <message>
            <location filename="../../gui/chat/token_card.py" />
            <source>The model gives “{word}” {percent}; with your parameters it is drawn with {chance}.</source>
            <translation>Le modèle donne {percent} à « {word} » ; avec vos réglages, il est tiré dans {chance} des cas.</translation>
        </message>
        <message>
            <location filename="../../gui/chat/token_card.py" />
            <source>What else could have stood here</source>
            <translation>Ce qui aurait pu s’y trouver d’autre</translation>
        </message>
        <message>
            <location filename="../../gui/chat/token_card.py" />
            <source>Take</source>
            <translation>Prendre</translation>
        </message>
        <message>
            <location filename="../../gui/chat/token_card.py" />
            <source>The word before (Left)</source>
            <translation>Le mot précédent (Gauche)</translation>
        </message>
        <message>
            <location filename="../../gui/chat/token_card.py" />
            <source>Next word</source>
            <translation>Mot suivant</translation>
        </message>
        <message>
            <location filename="../../gui/chat/token_card.py" />
            <source>Next word (Right)</source>
            <translation>Mot suivant (Droite)</translation>
        </message>
        <message>
            <location filename="../../gui/chat/token_card.py" />
            <source>Looking…</source>
            <translation>Recherche…</translation>
        </message>
        <message>
            <location filename="../../gui/chat/token_card.py" />
            <source>This word cannot be looked at</source>
            <translation>Ce mot ne peut pas être examiné</translation>
        </message>
        <message>
            <location filename="../../gui/chat/token_card.py" />
            <source>Instead of “{word}”</source>
            <translation>Au lieu de « {word} »</translation>
        </message>
        <message>
            <location filename="../../gui/chat/token_card.py" />
            <source>As the model would choose now, with today's parameters.</source>
            <translation>Ce que le modèle choisirait maintenant, avec les réglages actuels.</translation>
        </message>
        <message>
            <location filename="../../gui/chat/token_card.py" />
            <source>End the answer here</source>
            <translation>Terminer la réponse ici</translation>
        </message>
        <message>
            <location filename="../../gui/chat/token_card.py" />
            <source>Take “{word}” and go on</source>
            <translation>Prendre « {word} » et continuer</translation>
        </message>
        <message>
            <location filename="../../gui/chat/token_card.py" />
            <source>{deed} (Enter)</source>
            <translation>{deed} (Entrée)</translation>
        </message>
        <message>
            <location filename="../../gui/chat/transcript.py" />
            <source>The model no longer reads what stands above this line</source>
            <translation>Le modèle ne lit plus ce qui se trouve au-dessus de cette ligne</translation>
        </message>
        <message>
            <location filename="../../gui/chat/transcript.py" />
            <source>The model no longer reads what stands between the first exchange and this line</source>
            <translation>Le modèle ne lit plus ce qui se trouve entre le premier échange et cette ligne</translation>
        </message>
        <message>
            <location filename="../../gui/chat/transcript.py" />
            <location filename="../../gui/widgets/bars.py" />
            <source>Conversation</source>
            <translation>Conversation</translation>
        </message>
        <message>
            <location filename="../../gui/chat/transcript.py" />
            <location filename="../../gui/shortcuts.py" />
            <source>To the latest message</source>
            <translation>Au dernier message</translation>
        </message>
        <message>
            <location filename="../../gui/chat/trash_sheet.py" />
            <source>Nothing here. Chats that you delete stay here for 30 days.</source>
            <translation>Rien ici. Les discussions que vous supprimez restent ici 30 jours.</translation>
        </message>
        <message>
            <location filename="../../gui/chat/trash_sheet.py" />
            <source>Deleted chats stay here for 30 days; then nothing of them is left on this computer.</source>
            <translation>Les discussions supprimées restent ici 30 jours ; ensuite, il n’en reste rien sur cet ordinateur.</translation>
        </message>
        <message>
            <location filename="../../gui/chat/trash_sheet.py" />
            <source>Deleted chats</source>
            <translation>Discussions supprimées</translation>
        </message>
        <message>
            <location filename="../../gui/chat/trash_sheet.py" />
            <source>Forget all…</source>
            <translation>Tout oublier…</translation>
        </message>
        <message>
            <location filename="../../gui/chat/trash_sheet.py" />
            <source>{n:,} {n:day|days} left</source>
            <translation>encore {n:,} {n:jour|jours}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/trash_sheet.py" />
            <source>Restore</source>
            <translation>Restaurer</translation>
        </message>
        <message>
            <location filename="../../gui/chat/trash_sheet.py" />
            <source>Restore {title}</source>
            <translation>Restaurer {title}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/trash_sheet.py" />
            <source>Really forget {n:,} {n:chat|chats} for good</source>
            <translation>Oublier vraiment {n:,} {n:discussion|discussions} pour de bon</translation>
        </message>
        <message>
            <location filename="../../gui/chat/welcome.py" />
            <source>Language models on your own computer. Nothing you write leaves it.</source>
            <translation>Des modèles de langage sur votre ordinateur. Rien de ce que vous écrivez ne le quitte.</translation>
        </message>
        <message>
            <location filename="../../gui/chat/welcome.py" />
            <source>A small guide is already here. It answers questions about this program in English, French and Japanese.</source>
            <translation>Un petit guide est déjà là. Il répond aux questions sur ce programme en anglais, en français et en japonais.</translation>
        </message>
        <message>
            <location filename="../../gui/chat/welcome.py" />
            <source>Choose a GGUF file, or drop it anywhere on this window. It stays where it is.</source>
            <translation>Choisissez un fichier GGUF, ou déposez-le n’importe où sur cette fenêtre. Il reste où il est.</translation>
        </message>
        <message>
            <location filename="../../gui/chat/welcome.py" />
            <source>Many are free to download. Good to begin with: Qwen3 4B, type Q4_K_M, 2.5 GB.</source>
            <translation>Beaucoup se téléchargent gratuitement. Pour bien commencer : Qwen3 4B, type Q4_K_M, 2,5 Go.</translation>
        </message>
        <message>
            <location filename="../../gui/chat/welcome.py" />
            <source>Welcome to Chaski</source>
            <translation>Bienvenue dans Chaski</translation>
        </message>
        <message>
            <location filename="../../gui/chat/welcome.py" />
            <source>Or ask the guide, a small model that knows this program</source>
            <translation>Ou demandez au guide, un petit modèle qui connaît ce programme</translation>
        </message>
        <message>
            <location filename="../../gui/chat/welcome.py" />
            <source>Ask the guide</source>
            <translation>Demander au guide</translation>
        </message>
        <message>
            <location filename="../../gui/chat/welcome.py" />
            <source>Talk with the small model that is already here</source>
            <translation>Discuter avec le petit modèle déjà là</translation>
        </message>
        <message>
            <location filename="../../gui/chat/welcome.py" />
            <source>Talk now</source>
            <translation>Discuter maintenant</translation>
        </message>
        <message>
            <location filename="../../gui/chat/welcome.py" />
            <source>Open a file</source>
            <translation>Ouvrir un fichier</translation>
        </message>
        <message>
            <location filename="../../gui/chat/welcome.py" />
            <source>Open a model file ({keys})</source>
            <translation>Ouvrir un fichier de modèle ({keys})</translation>
        </message>
        <message>
            <location filename="../../gui/chat/welcome.py" />
            <source>I have a model file</source>
            <translation>J’ai un fichier de modèle</translation>
        </message>
        <message>
            <location filename="../../gui/chat/welcome.py" />
            <source>Show me one</source>
            <translation>M’en montrer un</translation>
        </message>
        <message>
            <location filename="../../gui/chat/welcome.py" />
            <source>Show a good first model, and what it needs here</source>
            <translation>Montrer un bon premier modèle, et ce qu’il demande ici</translation>
        </message>
        <message>
            <location filename="../../gui/chat/welcome.py" />
            <source>I need a model</source>
            <translation>Il me faut un modèle</translation>
        </message>
        <message>
            <location filename="../../gui/chat/welcome.py" />
            <source>Talk to it</source>
            <translation>Discuter avec lui</translation>
        </message>
        <message>
            <location filename="../../gui/chat/welcome.py" />
            <source>Open {name}</source>
            <translation>Ouvrir {name}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/words.py" />
            <source>reused {kept:,} of {n:,} prompt tokens</source>
            <translation>{kept:,} jetons d’invite réutilisés sur {n:,}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/words.py" />
            <source>{n:,} prompt tokens</source>
            <translation>{n:,} jetons d’invite</translation>
        </message>
        <message>
            <location filename="../../gui/chat/words.py" />
            <source>{right:,} of {n:,} guesses right</source>
            <translation>{right:,} ébauches justes sur {n:,}</translation>
        </message>
        <message>
            <location filename="../../gui/chat/words.py" />
            <source>The context of {size:,} tokens is full. Settings can give the model a larger one.</source>
            <translation>Le contexte de {size:,} jetons est plein. Les paramètres peuvent en donner un plus grand au modèle.</translation>
        </message>
        <message>
            <location filename="../../gui/chat/words.py" />
            <source>The context of {size:,} tokens is full; this model can look back no further.</source>
            <translation>Le contexte de {size:,} jetons est plein ; ce modèle ne peut pas voir plus loin.</translation>
        </message>
        <message>
            <location filename="../../gui/chat/words.py" />
            <source>This exchange alone has {n:,} tokens, but the context holds {size:,}.</source>
            <translation>Cet échange a {n:,} jetons à lui seul, mais le contexte en contient {size:,}.</translation>
        </message>
        <message>
            <location filename="../../gui/chat/words.py" />
            <source>This conversation has {n:,} tokens, but the context holds {size:,}.</source>
            <translation>Cette conversation a {n:,} jetons, mais le contexte en contient {size:,}.</translation>
        </message>
        <message>
            <location filename="../../gui/chat/words.py" />
            <source>Today</source>
            <translation>Aujourd’hui</translation>
        </message>
        <message>
            <location filename="../../gui/chat/words.py" />
            <source>Yesterday</source>
            <translation>Hier</translation>
        </message>
        <message>
            <location filename="../../gui/chat/words.py" />
            <source>Last 7 days</source>
            <translation>7 derniers jours</translation>
        </message>
        <message>
            <location filename="../../gui/chat/words.py" />
            <source>Last 30 days</source>
            <translation>30 derniers jours</translation>
        </message>
        <message>
            <location filename="../../gui/chat/words.py" />
            <source>MMMM yyyy</source>
            <comment>a date in Qt's letters</comment>
            <translation>MMMM yyyy</translation>
        </message>
        <message>
            <location filename="../../gui/chat/words.py" />
            <source>just now</source>
            <translation>à l’instant</translation>
        </message>
        <message>
            <location filename="../../gui/chat/words.py" />
            <source>{n} min ago</source>
            <translation>il y a {n} min</translation>
        </message>
        <message>
            <location filename="../../gui/chat/words.py" />
            <source>{n} h ago</source>
            <translation>il y a {n} h</translation>
        </message>
        <message>
            <location filename="../../gui/chat/words.py" />
            <location filename="../../gui/library/words.py" />
            <source>yesterday</source>
            <translation>hier</translation>
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
            <translation>d MMMM</translation>
        </message>
        <message>
            <location filename="../../gui/chat/words.py" />
            <location filename="../../gui/settings/updates_card.py" />
            <source>d MMMM yyyy</source>
            <comment>a date in Qt's letters</comment>
            <translation>d MMMM yyyy</translation>
        </message>
        <message>
            <location filename="../../gui/closing.py" />
            <source>What they have written is kept, and can be continued later. The window can also wait in the background and close by itself when they are done.</source>
            <translation>Ce qu’elles ont écrit est gardé, et peut être continué plus tard. La fenêtre peut aussi attendre en arrière-plan et se fermer d’elle-même quand elles sont finies.</translation>
        </message>
        <message>
            <location filename="../../gui/closing.py" />
            <source>An answer is still being written</source>
            <translation>Une réponse est encore en cours d’écriture</translation>
        </message>
        <message>
            <location filename="../../gui/closing.py" />
            <source>{n} answers are being written</source>
            <translation>{n} réponses sont en cours d’écriture</translation>
        </message>
        <message>
            <location filename="../../gui/closing.py" />
            <source>Stop and close</source>
            <translation>Arrêter et fermer</translation>
        </message>
        <message>
            <location filename="../../gui/closing.py" />
            <source>Close when done</source>
            <translation>Fermer à la fin</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <source>light</source>
            <translation>clair</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <source>dark</source>
            <translation>sombre</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <source>high contrast</source>
            <translation>contraste élevé</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <source>as the system</source>
            <translation>comme le système</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <location filename="../../gui/shortcuts.py" />
            <source>Choose the model</source>
            <translation>Choisir le modèle</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <source>Library of system prompts</source>
            <translation>Bibliothèque d’invites système</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <source>Context, threads, cache</source>
            <translation>Contexte, fils, cache</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <source>Show the prompt</source>
            <translation>Montrer l’invite</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <source>token by token</source>
            <translation>jeton par jeton</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <location filename="../../gui/main_window.py" />
            <location filename="../../gui/shortcuts.py" />
            <source>Open a model file</source>
            <translation>Ouvrir un fichier de modèle</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <location filename="../../gui/shortcuts.py" />
            <source>Larger text</source>
            <translation>Texte plus grand</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <location filename="../../gui/shortcuts.py" />
            <source>Smaller text</source>
            <translation>Texte plus petit</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <location filename="../../gui/shortcuts.py" />
            <source>Usual text size</source>
            <translation>Taille de texte habituelle</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <location filename="../../gui/shortcuts.py" />
            <source>Full screen</source>
            <translation>Plein écran</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <source>Manual</source>
            <translation>Manuel</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <source>how things are done</source>
            <translation>comment faire les choses</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <location filename="../../gui/manual/pages.py" />
            <source>Keyboard</source>
            <translation>Clavier</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <source>all shortcuts</source>
            <translation>tous les raccourcis</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <source>Theme: {theme}</source>
            <translation>Thème : {theme}</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <location filename="../../gui/shortcuts.py" />
            <source>Close the window</source>
            <translation>Fermer la fenêtre</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <location filename="../../gui/shortcuts.py" />
            <source>Quit</source>
            <translation>Quitter</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <source>{deed}: {what}</source>
            <translation>{deed} : {what}</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <source>go there</source>
            <translation>y aller</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <source>{detail} · chat with it</source>
            <translation>{detail} · discuter avec lui</translation>
        </message>
        <message>
            <location filename="../../gui/commands.py" />
            <source>chat with it</source>
            <translation>discuter avec lui</translation>
        </message>
        <message>
            <location filename="../../gui/discover/card.py" />
            <source>*The rest is on its page in the browser.*</source>
            <translation>*La suite se trouve sur sa page, dans le navigateur.*</translation>
        </message>
        <message>
            <location filename="../../gui/discover/card_view.py" />
            <source>it is damaged, or far too large</source>
            <translation>elle est endommagée, ou bien trop grande</translation>
        </message>
        <message>
            <location filename="../../gui/discover/card_view.py" />
            <source>Fetch the pictures of this card from the hub and show them</source>
            <translation>Demander au hub les images de cette fiche et les montrer</translation>
        </message>
        <message>
            <location filename="../../gui/discover/card_view.py" />
            <source>Show pictures</source>
            <translation>Montrer les images</translation>
        </message>
        <message>
            <location filename="../../gui/discover/card_view.py" />
            <source>Fetching …</source>
            <translation>Récupération …</translation>
        </message>
        <message>
            <location filename="../../gui/discover/card_view.py" />
            <source>{n} {n:picture|pictures} could not be shown: {why}</source>
            <translation>{n} {n:image n’a pas pu être montrée|images n’ont pas pu être montrées} : {why}</translation>
        </message>
        <message>
            <location filename="../../gui/discover/card_view.py" />
            <source>{n} {n:picture|pictures} at {host}</source>
            <translation>{n} {n:image|images} sur {host}</translation>
        </message>
        <message>
            <location filename="../../gui/discover/card_view.py" />
            <source>A picture of the model card</source>
            <translation>Une image de la fiche du modèle</translation>
        </message>
        <message>
            <location filename="../../gui/discover/card_view.py" />
            <source>{n} {n:picture|pictures} on other sites {n:stays|stay} out</source>
            <translation>{n} {n:image d’autres sites reste|images d’autres sites restent} {n:absente|absentes}</translation>
        </message>
        <message>
            <location filename="../../gui/discover/discover_view.py" />
            <location filename="../../gui/discover/model_page.py" />
            <source>Discover</source>
            <translation>Découvrir</translation>
        </message>
        <message>
            <location filename="../../gui/discover/filters.py" />
            <source>Any size</source>
            <translation>Toutes tailles</translation>
        </message>
        <message>
            <location filename="../../gui/discover/filters.py" />
            <source>Any</source>
            <translation>Toutes</translation>
        </message>
        <message>
            <location filename="../../gui/discover/filters.py" />
            <source>Take the filter {words} away</source>
            <translation>Retirer le filtre {words}</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_list.py" />
            <source>Popular</source>
            <translation>Populaires</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_list.py" />
            <source>Most likes</source>
            <translation>Plus aimés</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_list.py" />
            <source>Newest</source>
            <translation>Récents</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_list.py" />
            <source>Search Hugging Face</source>
            <translation>Chercher sur Hugging Face</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_list.py" />
            <source>Search models on Hugging Face (Ctrl+F)</source>
            <translation>Chercher des modèles sur Hugging Face (Ctrl+F)</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_list.py" />
            <location filename="../../gui/discover/shown.py" />
            <source>Fits this machine</source>
            <translation>Adaptés à cette machine</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_list.py" />
            <source>Only models that run here</source>
            <translation>Seulement les modèles qui tournent ici</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_list.py" />
            <source>Only models that can be opened as they are</source>
            <translation>Seulement les modèles qui s’ouvrent tels quels</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_list.py" />
            <source>Only models of a size, family, language or licence</source>
            <translation>Seulement les modèles d’une taille, famille, langue ou licence</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_list.py" />
            <source>Filters</source>
            <translation>Filtres</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_list.py" />
            <location filename="../../gui/library/parts.py" />
            <source>Order</source>
            <translation>Ordre</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_list.py" />
            <source>What stands first: most downloads, most likes, or the newest</source>
            <translation>Ce qui vient en premier : plus de téléchargements, plus d’appréciations, ou le plus récent</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_list.py" />
            <location filename="../../gui/discover/model_page.py" />
            <source>Try again</source>
            <translation>Réessayer</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_list.py" />
            <source>Clear filters</source>
            <translation>Effacer les filtres</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_list.py" />
            <source>Ask the hub for more models that are like this</source>
            <translation>Demander au hub d’autres modèles de ce genre</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_list.py" />
            <source>Show more</source>
            <translation>Montrer plus</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_list.py" />
            <source>Models that were found</source>
            <translation>Modèles trouvés</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_list.py" />
            <source>Filters · {n}</source>
            <translation>Filtres · {n}</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_list.py" />
            <source>Show those to begin with</source>
            <translation>Montrer ceux pour commencer</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_list.py" />
            <source>Search all of Hugging Face</source>
            <translation>Chercher dans tout Hugging Face</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_list.py" />
            <source>Ask the hub for all models that are like this</source>
            <translation>Demander au hub tous les modèles de ce genre</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_list.py" />
            <source>Good to begin with</source>
            <translation>Pour bien commencer</translation>
        </message>
        <message>
            <location filename="../../gui/discover/found_paint.py" />
            <location filename="../../gui/discover/offer_row.py" />
            <source>Cannot run</source>
            <translation>Ne tourne pas</translation>
        </message>
        <message>
            <location filename="../../gui/discover/model_page.py" />
            <source>Its page could not be read to the end</source>
            <translation>Sa page n’a pas pu être lue jusqu’au bout</translation>
        </message>
        <message>
            <location filename="../../gui/discover/model_page.py" />
            <source>The licence of the weights</source>
            <translation>La licence des poids</translation>
        </message>
        <message>
            <location filename="../../gui/discover/model_page.py" />
            <source>Search for a model, or choose one on the left. Before anything is downloaded you see how much memory it takes here, how fast it will be, and what its type loses.</source>
            <translation>Cherchez un modèle, ou choisissez-en un à gauche. Avant tout téléchargement, vous voyez combien de mémoire il prend ici, à quelle vitesse il écrira, et ce que son type perd.</translation>
        </message>
        <message>
            <location filename="../../gui/discover/model_page.py" />
            <source>Find a model</source>
            <translation>Trouver un modèle</translation>
        </message>
        <message>
            <location filename="../../gui/discover/model_page.py" />
            <source>Downloads</source>
            <translation>Téléchargements</translation>
        </message>
        <message>
            <location filename="../../gui/discover/model_page.py" />
            <source>Open its page in the browser</source>
            <translation>Ouvrir sa page dans le navigateur</translation>
        </message>
        <message>
            <location filename="../../gui/discover/model_page.py" />
            <source>What the types are</source>
            <translation>Ce que sont les types</translation>
        </message>
        <message>
            <location filename="../../gui/discover/model_page.py" />
            <source>This model cannot run here</source>
            <translation>Ce modèle ne peut pas tourner ici</translation>
        </message>
        <message>
            <location filename="../../gui/discover/model_page.py" />
            <location filename="../../gui/discover/told.py" />
            <location filename="../../gui/library/words.py" />
            <location filename="../../gui/workshop/loss_panel.py" />
            <source>{name}: {what}</source>
            <translation>{name} : {what}</translation>
        </message>
        <message>
            <location filename="../../gui/discover/offer_row.py" />
            <source>Until it begins to answer a text of ten pages</source>
            <translation>Jusqu’à ce qu’il commence à répondre à un texte de dix pages</translation>
        </message>
        <message>
            <location filename="../../gui/discover/offer_row.py" />
            <location filename="../../gui/discover/offer_table.py" />
            <source>Get</source>
            <translation>Obtenir</translation>
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
            <translation>Type</translation>
        </message>
        <message>
            <location filename="../../gui/discover/offer_row.py" />
            <source>How its weights are written: the more bits, the larger and truer</source>
            <translation>Comment ses poids sont écrits : plus il y a de bits, plus c’est grand et fidèle</translation>
        </message>
        <message>
            <location filename="../../gui/discover/offer_row.py" />
            <location filename="../../gui/settings/updates_card.py" />
            <source>Download</source>
            <translation>Fichier</translation>
        </message>
        <message>
            <location filename="../../gui/discover/offer_row.py" />
            <source>The size of its files</source>
            <translation>La taille de ses fichiers</translation>
        </message>
        <message>
            <location filename="../../gui/discover/offer_row.py" />
            <location filename="../../gui/workshop/target_table.py" />
            <source>Memory at {context}</source>
            <translation>Mémoire à {context}</translation>
        </message>
        <message>
            <location filename="../../gui/discover/offer_row.py" />
            <source>What it takes with a context of so many tokens</source>
            <translation>Ce qu’il prend avec un contexte d’autant de jetons</translation>
        </message>
        <message>
            <location filename="../../gui/discover/offer_row.py" />
            <location filename="../../gui/library/model_paint.py" />
            <location filename="../../gui/workshop/target_table.py" />
            <source>Speed here</source>
            <translation>Vitesse ici</translation>
        </message>
        <message>
            <location filename="../../gui/discover/offer_row.py" />
            <source>Tokens per second that it writes here; people read about seven</source>
            <translation>Jetons par seconde qu’il écrit ici ; on en lit environ sept</translation>
        </message>
        <message>
            <location filename="../../gui/discover/offer_row.py" />
            <location filename="../../gui/hardware/models_card.py" />
            <source>Ten pages</source>
            <translation>Dix pages</translation>
        </message>
        <message>
            <location filename="../../gui/discover/offer_row.py" />
            <source>On this machine</source>
            <translation>Ici</translation>
        </message>
        <message>
            <location filename="../../gui/discover/offer_row.py" />
            <source>Whether it fits into the memory that is free, and is quick</source>
            <translation>S’il tient dans la mémoire libre, et s’il est rapide</translation>
        </message>
        <message>
            <location filename="../../gui/discover/offer_row.py" />
            <source>{size} memory at {context}</source>
            <translation>{size} de mémoire à {context}</translation>
        </message>
        <message>
            <location filename="../../gui/discover/offer_row.py" />
            <source>which the link names</source>
            <translation>que nomme le lien</translation>
        </message>
        <message>
            <location filename="../../gui/discover/offer_table.py" />
            <source>Types that are not shown yet</source>
            <translation>Types qui ne sont pas encore montrés</translation>
        </message>
        <message>
            <location filename="../../gui/discover/offer_table.py" />
            <source>Show more of {n} types</source>
            <translation>Montrer {n} types de plus</translation>
        </message>
        <message>
            <location filename="../../gui/discover/offer_table.py" />
            <location filename="../../gui/library/detail.py" />
            <location filename="../../gui/library/model_paint.py" />
            <source>Chat with {model}</source>
            <translation>Discuter avec {model}</translation>
        </message>
        <message>
            <location filename="../../gui/discover/offer_table.py" />
            <source>Download {type}, {size:file}</source>
            <translation>Télécharger {type}, {size:file}</translation>
        </message>
        <message>
            <location filename="../../gui/discover/shown.py" />
            <location filename="../../gui/workshop/inspector_tables.py" />
            <location filename="../../gui/workshop/loss_words.py" />
            <location filename="../../gui/workshop/tensor_errors.py" />
            <source>Size</source>
            <translation>Taille</translation>
        </message>
        <message>
            <location filename="../../gui/discover/shown.py" />
            <location filename="../../gui/library/detail.py" />
            <source>Family</source>
            <translation>Famille</translation>
        </message>
        <message>
            <location filename="../../gui/discover/shown.py" />
            <location filename="../../gui/settings/settings_view.py" />
            <source>Language</source>
            <translation>Langue</translation>
        </message>
        <message>
            <location filename="../../gui/discover/shown.py" />
            <source>Licence</source>
            <translation>Licence</translation>
        </message>
        <message>
            <location filename="../../gui/discover/shown.py" />
            <source>There is no file {file} here any more; these are the ones there are.</source>
            <translation>Il n’y a plus de fichier {file} ici ; voici ceux qu’il y a.</translation>
        </message>
        <message>
            <location filename="../../gui/discover/shown.py" />
            <source>None of the models to begin with is like that.</source>
            <translation>Aucun des modèles pour commencer n’est de ce genre.</translation>
        </message>
        <message>
            <location filename="../../gui/discover/shown.py" />
            <source>Nothing was found with these words.</source>
            <translation>Rien n’a été trouvé avec ces mots.</translation>
        </message>
        <message>
            <location filename="../../gui/discover/shown.py" />
            <source>Nothing was found.</source>
            <translation>Rien n’a été trouvé.</translation>
        </message>
        <message>
            <location filename="../../gui/discover/shown.py" />
            <source>{what} Filters that are on: {filters}.</source>
            <translation>{what} Filtres actifs : {filters}.</translation>
        </message>
        <message>
            <location filename="../../gui/discover/shown.py" />
            <source>{n} downloads</source>
            <translation>{n} téléchargements</translation>
        </message>
        <message>
            <location filename="../../gui/discover/told.py" />
            <source>Its makers ask for your agreement first</source>
            <translation>Ses auteurs demandent d’abord votre accord</translation>
        </message>
        <message>
            <location filename="../../gui/discover/told.py" />
            <source>Chaski does not know the family {family} yet</source>
            <translation>Chaski ne connaît pas encore la famille {family}</translation>
        </message>
        <message>
            <location filename="../../gui/discover/told.py" />
            <source>It holds no file that Chaski could open or convert.</source>
            <translation>Il ne contient aucun fichier que Chaski puisse ouvrir ou convertir.</translation>
        </message>
        <message>
            <location filename="../../gui/discover/told.py" />
            <source>Made here: {loss}</source>
            <translation>Fait ici : {loss}</translation>
        </message>
        <message>
            <location filename="../../gui/discover/told.py" />
            <source>Best here: {loss}</source>
            <translation>Le meilleur ici : {loss}</translation>
        </message>
        <message>
            <location filename="../../gui/discover/told.py" />
            <source>Best here; {loss}</source>
            <translation>Le meilleur ici ; {loss}</translation>
        </message>
        <message>
            <location filename="../../gui/discover/told.py" />
            <source>Measured on this computer with {file} over {n:,} tokens of {text}: perplexity {ppl:.3f}, its original {source:.3f}; the same likeliest token {share:.1f} % of the time</source>
            <translation>Mesuré sur cet ordinateur avec {file} sur {n:,} jetons de {text} : perplexité {ppl:.3f}, celle de l’original {source:.3f} ; le même jeton le plus probable dans {share:.1f} % des cas</translation>
        </message>
        <message>
            <location filename="../../gui/discover/told.py" />
            <location filename="../../gui/library/words.py" />
            <source>{weights} parameters</source>
            <translation>{weights} paramètres</translation>
        </message>
        <message>
            <location filename="../../gui/discover/told.py" />
            <source>family {name}</source>
            <translation>famille {name}</translation>
        </message>
        <message>
            <location filename="../../gui/discover/told.py" />
            <source>{n:,} tokens of trained context</source>
            <translation>{n:,} jetons de contexte d’entraînement</translation>
        </message>
        <message>
            <location filename="../../gui/discover/told.py" />
            <source>read from the file's own header, {size:file}</source>
            <translation>lu dans l’en-tête même du fichier, {size:file}</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/cards.py" />
            <source>Used by Chaski's kernels</source>
            <translation>Utilisé par les noyaux de Chaski</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/cards.py" />
            <source>Present, not used</source>
            <translation>Présent, non utilisé</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/cards.py" />
            <source>This processor does not have it</source>
            <translation>Ce processeur ne l’a pas</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/cards.py" />
            <source>Measuring takes about half a minute: memory by number of threads, the disks, and how fast each type of weights is computed. Until then the speeds on this page are estimates.</source>
            <translation>La mesure prend une demi-minute environ : la mémoire selon le nombre de fils d’exécution, les disques, et la vitesse de calcul de chaque type de poids. D’ici là, les vitesses de cette page sont des estimations.</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/cards.py" />
            <source>Find models that fit</source>
            <translation>Trouver des modèles adaptés</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/cards.py" />
            <location filename="../../gui/works.py" />
            <source>Look for models</source>
            <translation>Chercher des modèles</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/cards.py" />
            <source>Not measured yet</source>
            <translation>Pas encore mesuré</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/cards.py" />
            <location filename="../../gui/pulse.py" />
            <source>Processor</source>
            <translation>Processeur</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/cards.py" />
            <source>✓ used by Chaski's kernels, compiled for this processor</source>
            <translation>✓ utilisé par les noyaux de Chaski, compilés pour ce processeur</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/cards.py" />
            <source>What the kernels use is known once a model has been opened</source>
            <translation>Ce que les noyaux utilisent est connu dès qu’un modèle a été ouvert</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/cards.py" />
            <source>Memory, disk, graphics</source>
            <translation>Mémoire, disque, graphisme</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/cards.py" />
            <source>Memory bandwidth by threads</source>
            <translation>Débit de la mémoire selon les fils</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/cards.py" />
            <source>{unit} that so many threads read together</source>
            <translation>{unit} que lisent ensemble autant de fils d’exécution</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/cards.py" />
            <source>{speed:rate}, measured with one thread.</source>
            <translation>{speed:rate}, mesuré avec un seul fil d’exécution.</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/cards.py" />
            <source>What models of each size need</source>
            <translation>Ce qu’il faut aux modèles de chaque taille</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/cards.py" />
            <source>At Q4_K_M (about 4 bits a weight), with a context of {n:,} tokens</source>
            <translation>En Q4_K_M (environ 4 bits par poids), avec un contexte de {n:,} jetons</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/hardware_view.py" />
            <source>Hardware</source>
            <translation>Matériel</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/hardware_view.py" />
            <location filename="../../gui/library/model_paint.py" />
            <location filename="../../gui/workshop/target_table.py" />
            <source>This machine</source>
            <translation>Cette machine</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/hardware_view.py" />
            <source>What decides speed and memory</source>
            <translation>Ce qui décide de la vitesse et de la mémoire</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/hardware_view.py" />
            <source>Right now</source>
            <translation>En ce moment</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/hardware_view.py" />
            <source>Copy the report as text, for a letter or a forum</source>
            <translation>Copier le rapport en texte, pour une lettre ou un forum</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/hardware_view.py" />
            <source>Copy as text</source>
            <translation>Copier en texte</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/hardware_view.py" />
            <source>Copy the report as JSON, for a program</source>
            <translation>Copier le rapport en JSON, pour un programme</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/hardware_view.py" />
            <source>Measure memory, disks and kernels, for half a minute</source>
            <translation>Mesurer la mémoire, les disques et les noyaux, pendant une demi-minute</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/hardware_view.py" />
            <source>Measure</source>
            <translation>Mesurer</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/hardware_view.py" />
            <location filename="../../gui/workshop/loss_card.py" />
            <source>Measure again</source>
            <translation>Remesurer</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/models_card.py" />
            <source>How the weights are kept</source>
            <translation>Comment les poids sont gardés</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/models_card.py" />
            <source>Foretold</source>
            <translation>Prévu</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/models_card.py" />
            <source>Tokens a second while it writes, from what was measured here</source>
            <translation>Jetons par seconde quand il écrit, d’après ce qui a été mesuré ici</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/models_card.py" />
            <source>How long it would read a text of ten pages before it answers</source>
            <translation>Le temps qu’il lirait un texte de dix pages avant de répondre</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/models_card.py" />
            <source>Measured</source>
            <translation>Mesuré</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/models_card.py" />
            <source>Tokens a second of its last replies here</source>
            <translation>Jetons par seconde de ses dernières réponses ici</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/models_card.py" />
            <source>Foretold was</source>
            <translation>Écart</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/models_card.py" />
            <source>How far the prediction was off for these replies</source>
            <translation>De combien la prévision s’est trompée pour ces réponses</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/models_card.py" />
            <source>Foretold from the measurements above, beside what the last replies reached</source>
            <translation>Ce que prévoient les mesures ci-dessus, à côté de ce que les dernières réponses ont atteint</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/models_card.py" />
            <source>Estimated, as nothing was measured yet, beside what the last replies reached</source>
            <translation>Estimations, rien n’étant encore mesuré, à côté de ce que les dernières réponses ont atteint</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/models_card.py" />
            <source>There is no model in the library yet. Those that come stand here with their speed.</source>
            <translation>Il n’y a pas encore de modèle dans la bibliothèque. Ceux qui viendront seront ici avec leur vitesse.</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/models_card.py" />
            <source>Your models on this machine</source>
            <translation>Vos modèles sur cette machine</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/models_card.py" />
            <source>Show more ({n:,})</source>
            <translation>Montrer plus ({n:,})</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/models_card.py" />
            <source>Show more of your models</source>
            <translation>Montrer plus de vos modèles</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/models_card.py" />
            <location filename="../../gui/library/model_paint.py" />
            <source>Model</source>
            <translation>Modèle</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/rates_card.py" />
            <source>Of what memory allows</source>
            <translation>De ce que permet la mémoire</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/rates_card.py" />
            <source>Token</source>
            <translation>Jeton</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/rates_card.py" />
            <source>Prompt</source>
            <translation>Invite</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/rates_card.py" />
            <source>While a model writes, each token reads all weights once: the bar is the share of the memory's bandwidth that this type makes use of</source>
            <translation>Quand un modèle écrit, chaque jeton lit une fois tous les poids : la barre est la part du débit de la mémoire que ce type utilise</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/rates_card.py" />
            <source>Billions of products a second while a model writes</source>
            <translation>Milliards de produits par seconde quand un modèle écrit</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/rates_card.py" />
            <source>Billions of products a second while a model reads a prompt</source>
            <translation>Milliards de produits par seconde quand un modèle lit une invite</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/rates_card.py" />
            <source>Speed of each type of weights</source>
            <translation>Vitesse de chaque type de poids</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/rates_card.py" />
            <source>Measured with the {kernels} kernels, {n} {n:thread|threads}; billions of products a second</source>
            <translation>Mesuré avec les noyaux {kernels}, {n} {n:fil|fils} d’exécution ; milliards de produits par seconde</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/rates_card.py" />
            <source>Show all {n} types</source>
            <translation>Montrer les {n} types</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/rates_card.py" />
            <source>Show every type that was measured</source>
            <translation>Montrer tous les types mesurés</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/rates_card.py" />
            <source>{share:.0f} %</source>
            <translation>{share:.0f} %</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/rates_card.py" />
            <source>{type}: {percent} of what memory allows</source>
            <translation>{type} : {percent} de ce que permet la mémoire</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>NEON with dot products</source>
            <translation>NEON avec produits scalaires</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>plain</source>
            <translation>simple</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>Disk of the models</source>
            <translation>Disque des modèles</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>Disk of chats</source>
            <translation>Disque des discussions</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>{n} {n:thread|threads}</source>
            <translation>{n} {n:fil|fils} d’exécution</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>{n} {n:core|cores}</source>
            <translation>{n} {n:cœur|cœurs}</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>{size:memory} cache</source>
            <translation>{size:memory} de cache</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>Caches: {sizes}</source>
            <translation>Caches : {sizes}</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>Best with {n} {n:thread|threads}: measured and kept; Settings ask for {asked}.</source>
            <translation>Au mieux avec {n} {n:fil|fils} d’exécution : mesuré et gardé ; les paramètres en demandent {asked}.</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>Best with {n} {n:thread|threads}: measured and kept, used whenever a model is opened.</source>
            <translation>Au mieux avec {n} {n:fil|fils} d’exécution : mesuré et gardé, utilisé dès qu’un modèle est ouvert.</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>{n} {n:thread|threads} suit the cores; Settings ask for {asked}.</source>
            <translation>{n} {n:fil|fils} d’exécution conviennent aux cœurs ; les paramètres en demandent {asked}.</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>{n} {n:thread|threads} suit the cores and are used; measuring finds out whether others are faster.</source>
            <translation>{n} {n:fil d’exécution convient|fils d’exécution conviennent} aux cœurs ; une mesure dira si un autre nombre est plus rapide.</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>not measured yet</source>
            <translation>pas encore mesuré</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>{speed:rate}, measured</source>
            <translation>{speed:rate}, mesuré</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>{all:memory}, {free:memory} free</source>
            <translation>{all:memory}, dont {free:memory} libres</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <location filename="../../gui/parameter_list.py" />
            <location filename="../../gui/pulse.py" />
            <location filename="../../gui/workshop/target_table.py" />
            <source>Memory</source>
            <translation>Mémoire</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>Bandwidth</source>
            <translation>Débit</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>System</source>
            <translation>Système</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>Disk</source>
            <translation>Disque</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>{size:file} free</source>
            <translation>{size:file} libres</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>Disk of {use}</source>
            <translation>Disque ({use})</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>Graphics</source>
            <translation>Graphisme</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>none found; Chaski computes with the processor</source>
            <translation>aucun trouvé ; Chaski calcule avec le processeur</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>Graphics {i}</source>
            <translation>Graphisme {i}</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>Right</source>
            <comment>a prediction that came true</comment>
            <translation>Juste</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>{share} % too high</source>
            <translation>{share} % de trop</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>{share} % too low</source>
            <translation>{share} % trop bas</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>No reply was timed yet that says something: one of 16 tokens or more, with as many threads</source>
            <translation>Aucune réponse parlante n’a encore été chronométrée : au moins 16 jetons, avec autant de fils d’exécution</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>The middle of one reply</source>
            <translation>La médiane d’une seule réponse</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>The middle of the last {n} replies</source>
            <translation>La médiane des {n} dernières réponses</translation>
        </message>
        <message>
            <location filename="../../gui/hardware/words.py" />
            <source>Other programs took {share} % of the processor while this was measured, so the figures are lower than they could be. Measure again when it is quiet.</source>
            <translation>D’autres programmes ont pris {share} % du processeur pendant la mesure, les chiffres sont donc plus bas qu’ils ne pourraient. Mesurez à nouveau au calme.</translation>
        </message>
        <message>
            <location filename="../../gui/language.py" />
            <source>{names}, {name}</source>
            <translation>{names}, {name}</translation>
        </message>
        <message>
            <location filename="../../gui/language.py" />
            <source>{names} and {name}</source>
            <translation>{names} et {name}</translation>
        </message>
        <message>
            <location filename="../../gui/library/deeds.py" />
            <source>{model} was taken off the list; its file stays</source>
            <translation>{model} a été retiré de la liste ; son fichier reste</translation>
        </message>
        <message>
            <location filename="../../gui/library/deeds.py" />
            <source>The folder of {model} is not there any more</source>
            <translation>Le dossier de {model} n’existe plus</translation>
        </message>
        <message>
            <location filename="../../gui/library/deeds.py" />
            <source>No file manager was found to show {folder}</source>
            <translation>Aucun gestionnaire de fichiers n’a été trouvé pour montrer {folder}</translation>
        </message>
        <message>
            <location filename="../../gui/library/deeds.py" />
            <source>Checking</source>
            <translation>Vérification</translation>
        </message>
        <message>
            <location filename="../../gui/library/deeds.py" />
            <source>Move {model} to the trash?</source>
            <translation>Mettre {model} à la corbeille ?</translation>
        </message>
        <message>
            <location filename="../../gui/library/deeds.py" />
            <location filename="../../gui/library/duplicates.py" />
            <location filename="../../gui/library/menus.py" />
            <source>Move to trash</source>
            <translation>Mettre à la corbeille</translation>
        </message>
        <message>
            <location filename="../../gui/library/deeds.py" />
            <source>{model} was moved to the trash</source>
            <translation>{model} a été mis à la corbeille</translation>
        </message>
        <message>
            <location filename="../../gui/library/deeds.py" />
            <source>{model} stays where it was</source>
            <translation>{model} reste où il était</translation>
        </message>
        <message>
            <location filename="../../gui/library/deeds.py" />
            <source>Move {model} to another folder?</source>
            <translation>Déplacer {model} vers un autre dossier ?</translation>
        </message>
        <message>
            <location filename="../../gui/library/deeds.py" />
            <location filename="../../gui/workshop/source_card.py" />
            <source>Choose a folder</source>
            <translation>Choisir un dossier</translation>
        </message>
        <message>
            <location filename="../../gui/library/deeds.py" />
            <source>Move {model} to</source>
            <translation>Déplacer {model} vers</translation>
        </message>
        <message>
            <location filename="../../gui/library/deeds.py" />
            <source>{model} lies in {folder} now</source>
            <translation>{model} se trouve maintenant dans {folder}</translation>
        </message>
        <message>
            <location filename="../../gui/library/deeds.py" />
            <source>Moving</source>
            <translation>Déplacement</translation>
        </message>
        <message>
            <location filename="../../gui/library/deeds.py" />
            <source>{model} is being checked or moved; Activity shows how far</source>
            <translation>{model} est en cours de vérification ou de déplacement ; Activité montre où il en est</translation>
        </message>
        <message>
            <location filename="../../gui/library/deeds.py" />
            <source>{deed} {share} %</source>
            <translation>{deed} {share} %</translation>
        </message>
        <message>
            <location filename="../../gui/library/defaults_form.py" />
            <source>As usual</source>
            <translation>Habituel</translation>
        </message>
        <message>
            <location filename="../../gui/library/defaults_form.py" />
            <source>model’s own</source>
            <translation>propre au modèle</translation>
        </message>
        <message>
            <location filename="../../gui/library/defaults_form.py" />
            <source>New chats with this model begin with it</source>
            <translation>Les nouvelles discussions avec ce modèle commencent par elle</translation>
        </message>
        <message>
            <location filename="../../gui/library/defaults_form.py" />
            <source>Context of this model</source>
            <translation>Contexte de ce modèle</translation>
        </message>
        <message>
            <location filename="../../gui/library/defaults_form.py" />
            <source>Threads of this model</source>
            <translation>Fils d’exécution de ce modèle</translation>
        </message>
        <message>
            <location filename="../../gui/library/defaults_form.py" />
            <source>Cache type of this model</source>
            <translation>Type de cache de ce modèle</translation>
        </message>
        <message>
            <location filename="../../gui/library/defaults_form.py" />
            <source>How the conversation is kept in memory</source>
            <translation>Comment la conversation est gardée en mémoire</translation>
        </message>
        <message>
            <location filename="../../gui/library/defaults_form.py" />
            <source>All sampling values</source>
            <translation>Toutes les valeurs d’échantillonnage</translation>
        </message>
        <message>
            <location filename="../../gui/library/defaults_form.py" />
            <source>Forget these</source>
            <translation>Oublier ces réglages</translation>
        </message>
        <message>
            <location filename="../../gui/library/defaults_form.py" />
            <source>Back to no wishes at all</source>
            <translation>Revenir à aucun souhait</translation>
        </message>
        <message>
            <location filename="../../gui/library/defaults_form.py" />
            <source>{name} of this model</source>
            <translation>{name} de ce modèle</translation>
        </message>
        <message>
            <location filename="../../gui/library/defaults_form.py" />
            <source>{help} “{own}”: what the model's file recommends.</source>
            <translation>{help} « {own} » : ce que recommande le fichier du modèle.</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>They come before Settings; what a chat chooses comes before them.</source>
            <translation>Ils passent avant les paramètres ; ce qu’une discussion choisit passe avant eux.</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>Opened with other values; they count once it is opened anew.</source>
            <translation>Ouvert avec d’autres valeurs ; celles-ci comptent dès qu’il est rouvert.</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>Name in the list</source>
            <translation>Nom dans la liste</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>Its name in the list; the file keeps its own</source>
            <translation>Son nom dans la liste ; le fichier garde le sien</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <location filename="../../gui/library/menus.py" />
            <location filename="../../gui/workshop/source_card.py" />
            <source>Look inside</source>
            <translation>Examiner</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>Metadata and tensors of the file</source>
            <translation>Métadonnées et tenseurs du fichier</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>Verify, move, show in folder, …</source>
            <translation>Vérifier, déplacer, montrer dans le dossier, …</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>Tags</source>
            <translation>Étiquettes</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>coding, French, small</source>
            <translation>code, français, petit</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>Notes</source>
            <translation>Notes</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>What it is good at, where it came from</source>
            <translation>Ce qu’il fait bien, d’où il vient</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>Close the details</source>
            <translation>Fermer les détails</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <location filename="../../gui/library/menus.py" />
            <source>Details</source>
            <translation>Détails</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>Defaults of this model</source>
            <translation>Réglages de ce modèle</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <location filename="../../gui/settings/settings_view.py" />
            <source>Reopen</source>
            <translation>Rouvrir</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>Open it anew with these values</source>
            <translation>Le rouvrir avec ces valeurs</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>It calls itself {name}</source>
            <translation>Il se nomme {name}</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <location filename="../../gui/library/model_paint.py" />
            <source>Parameters</source>
            <translation>Paramètres</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <location filename="../../gui/library/model_paint.py" />
            <location filename="../../gui/workshop/target_table.py" />
            <source>File</source>
            <translation>Fichier</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>{n:,} {n:byte|bytes}</source>
            <translation>{n:,} {n:octet|octets}</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>Trained context</source>
            <translation>Contexte d’entraînement</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>Open with</source>
            <translation>Ouvrir avec</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>Kept by</source>
            <translation>Gardé par</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>Its file is read where it lies, and never changed</source>
            <translation>Son fichier est lu là où il est, et jamais modifié</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>Reads pictures</source>
            <translation>Lit les images</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>Speed, measured</source>
            <translation>Vitesse mesurée</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>At its last use</source>
            <translation>À sa dernière utilisation</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>Speed, foretold</source>
            <translation>Vitesse prévue</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <location filename="../../gui/library/model_paint.py" />
            <source>Last used</source>
            <translation>Utilisé</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>Added</source>
            <translation>Ajouté</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>Of the whole file, when it was last verified</source>
            <translation>Du fichier entier, à sa dernière vérification</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>Folder</source>
            <translation>Dossier</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>File name</source>
            <translation>Nom du fichier</translation>
        </message>
        <message>
            <location filename="../../gui/library/duplicates.py" />
            <source>One copy is enough for every program that can read it where it lies. Copies that another program shares between its models can only be removed there.</source>
            <translation>Un exemplaire suffit à tous les programmes qui peuvent le lire là où il est. Ceux qu’un autre programme partage entre ses modèles ne se suppriment que là-bas.</translation>
        </message>
        <message>
            <location filename="../../gui/library/duplicates.py" />
            <location filename="../../gui/library/parts.py" />
            <source>Duplicates</source>
            <translation>Doublons</translation>
        </message>
        <message>
            <location filename="../../gui/library/duplicates.py" />
            <source>Looking for duplicates</source>
            <translation>Recherche de doublons</translation>
        </message>
        <message>
            <location filename="../../gui/library/duplicates.py" />
            <source>Files of the same size are compared.</source>
            <translation>Les fichiers de même taille sont comparés.</translation>
        </message>
        <message>
            <location filename="../../gui/library/duplicates.py" />
            <source>The files could not be compared</source>
            <translation>Les fichiers n’ont pas pu être comparés</translation>
        </message>
        <message>
            <location filename="../../gui/library/duplicates.py" />
            <source>No model takes room twice</source>
            <translation>Aucun modèle ne prend deux fois de la place</translation>
        </message>
        <message>
            <location filename="../../gui/library/duplicates.py" />
            <source>Links to one file take no room, and are not counted.</source>
            <translation>Les liens vers un même fichier ne prennent pas de place, et ne sont pas comptés.</translation>
        </message>
        <message>
            <location filename="../../gui/library/duplicates.py" />
            <source>Duplicates take {size:file}</source>
            <translation>Les doublons prennent {size:file}</translation>
        </message>
        <message>
            <location filename="../../gui/library/duplicates.py" />
            <source>The largest {n} of {all:,} groups:</source>
            <translation>Les {n} plus grands groupes sur {all:,} :</translation>
        </message>
        <message>
            <location filename="../../gui/library/duplicates.py" />
            <source>{n} × {size:file}, the same contents</source>
            <translation>{n} × {size:file}, même contenu</translation>
        </message>
        <message>
            <location filename="../../gui/library/duplicates.py" />
            <source>{n} × {size:file}, most likely the same contents</source>
            <translation>{n} × {size:file}, très probablement le même contenu</translation>
        </message>
        <message>
            <location filename="../../gui/library/duplicates.py" />
            <source>{size:file} could be free</source>
            <translation>{size:file} à libérer</translation>
        </message>
        <message>
            <location filename="../../gui/library/duplicates.py" />
            <source>Yours</source>
            <translation>À vous</translation>
        </message>
        <message>
            <location filename="../../gui/library/duplicates.py" />
            <source>Left alone; remove it with “{command}”</source>
            <translation>Laissé tel quel ; supprimez-le avec « {command} »</translation>
        </message>
        <message>
            <location filename="../../gui/library/duplicates.py" />
            <source>{program} shares its files between models; remove it there</source>
            <translation>{program} partage ses fichiers entre modèles ; supprimez-le là-bas</translation>
        </message>
        <message>
            <location filename="../../gui/library/duplicates.py" />
            <source>Move {model} to the trash</source>
            <translation>Mettre {model} à la corbeille</translation>
        </message>
        <message>
            <location filename="../../gui/library/library_view.py" />
            <source>Reading the heads of the files: {done:,} of {total:,}</source>
            <translation>Lecture des en-têtes des fichiers : {done:,} sur {total:,}</translation>
        </message>
        <message>
            <location filename="../../gui/library/library_view.py" />
            <source>{models} found</source>
            <translation>{models} trouvés</translation>
        </message>
        <message>
            <location filename="../../gui/library/library_view.py" />
            <source>Looking for models…</source>
            <translation>Recherche de modèles…</translation>
        </message>
        <message>
            <location filename="../../gui/library/library_view.py" />
            <source>No model has “{words}” in its name, tags, type or family</source>
            <translation>Aucun modèle n’a « {words} » dans son nom, ses étiquettes, son type ou sa famille</translation>
        </message>
        <message>
            <location filename="../../gui/library/library_view.py" />
            <source>Every model was used or added in the last {n} months</source>
            <translation>Tous les modèles ont été utilisés ou ajoutés ces {n} derniers mois</translation>
        </message>
        <message>
            <location filename="../../gui/library/library_view.py" />
            <source>{model} comes with Chaski and stays</source>
            <translation>{model} vient avec Chaski et reste</translation>
        </message>
        <message>
            <location filename="../../gui/library/menus.py" />
            <source>Close and free its memory</source>
            <translation>Fermer et libérer sa mémoire</translation>
        </message>
        <message>
            <location filename="../../gui/library/menus.py" />
            <source>Verify</source>
            <translation>Vérifier</translation>
        </message>
        <message>
            <location filename="../../gui/library/menus.py" />
            <location filename="../../gui/workshop/job_card.py" />
            <source>Show in folder</source>
            <translation>Montrer dans le dossier</translation>
        </message>
        <message>
            <location filename="../../gui/library/menus.py" />
            <source>Move to another folder…</source>
            <translation>Déplacer vers un autre dossier…</translation>
        </message>
        <message>
            <location filename="../../gui/library/menus.py" />
            <source>Take off the list</source>
            <translation>Retirer de la liste</translation>
        </message>
        <message>
            <location filename="../../gui/library/menus.py" />
            <source>Bring back {model}</source>
            <translation>Ramener {model}</translation>
        </message>
        <message>
            <location filename="../../gui/library/menus.py" />
            <source>Go on moving {model} to {folder}</source>
            <translation>Continuer à déplacer {model} vers {folder}</translation>
        </message>
        <message>
            <location filename="../../gui/library/menus.py" />
            <source>Leave {model} where it is</source>
            <translation>Laisser {model} où il est</translation>
        </message>
        <message>
            <location filename="../../gui/library/menus.py" />
            <source>Look through the folders again</source>
            <translation>Parcourir à nouveau les dossiers</translation>
        </message>
        <message>
            <location filename="../../gui/library/menus.py" />
            <source>{model} is not in the list any more</source>
            <translation>{model} n’est plus dans la liste</translation>
        </message>
        <message>
            <location filename="../../gui/library/model_paint.py" />
            <source>Details of {model}</source>
            <translation>Détails de {model}</translation>
        </message>
        <message>
            <location filename="../../gui/library/model_paint.py" />
            <source>More about {model}</source>
            <translation>Plus sur {model}</translation>
        </message>
        <message>
            <location filename="../../gui/library/model_paint.py" />
            <source>Name of the model</source>
            <translation>Nom du modèle</translation>
        </message>
        <message>
            <location filename="../../gui/library/model_paint.py" />
            <source>Measured when it was last used</source>
            <translation>Mesurée à sa dernière utilisation</translation>
        </message>
        <message>
            <location filename="../../gui/library/model_paint.py" />
            <source>Foretold from the file's head and what this machine can do</source>
            <translation>Prévue d’après l’en-tête du fichier et ce que peut cette machine</translation>
        </message>
        <message>
            <location filename="../../gui/library/parts.py" />
            <source>Get one that runs well here, or add a GGUF file from your disk. It stays where it is.</source>
            <translation>Obtenez-en un qui tourne bien ici, ou ajoutez un fichier GGUF de votre disque. Il reste où il est.</translation>
        </message>
        <message>
            <location filename="../../gui/library/parts.py" />
            <source>Models that take room more than once</source>
            <translation>Modèles qui prennent plusieurs fois de la place</translation>
        </message>
        <message>
            <location filename="../../gui/library/parts.py" />
            <source>Add a model file</source>
            <translation>Ajouter un fichier de modèle</translation>
        </message>
        <message>
            <location filename="../../gui/library/parts.py" />
            <source>Add a file</source>
            <translation>Ajouter un fichier</translation>
        </message>
        <message>
            <location filename="../../gui/library/parts.py" />
            <source>More about the list</source>
            <translation>Plus sur la liste</translation>
        </message>
        <message>
            <location filename="../../gui/library/parts.py" />
            <location filename="../../gui/library/shown.py" />
            <source>{n:,} {n:model|models}</source>
            <translation>{n:,} {n:modèle|modèles}</translation>
        </message>
        <message>
            <location filename="../../gui/library/parts.py" />
            <source>Name, tag, type, family or folder (Ctrl+F)</source>
            <translation>Nom, étiquette, type, famille ou dossier (Ctrl+F)</translation>
        </message>
        <message>
            <location filename="../../gui/library/parts.py" />
            <source>Not used for {n} months</source>
            <translation>Inutilisés depuis {n} mois</translation>
        </message>
        <message>
            <location filename="../../gui/library/parts.py" />
            <source>To the models that run well here</source>
            <translation>Vers les modèles qui tournent bien ici</translation>
        </message>
        <message>
            <location filename="../../gui/library/parts.py" />
            <source>Get a model</source>
            <translation>Obtenir un modèle</translation>
        </message>
        <message>
            <location filename="../../gui/library/parts.py" />
            <source>Choose a model file</source>
            <translation>Choisir un fichier de modèle</translation>
        </message>
        <message>
            <location filename="../../gui/library/parts.py" />
            <source>No models yet</source>
            <translation>Pas encore de modèle</translation>
        </message>
        <message>
            <location filename="../../gui/library/shown.py" />
            <source>By name</source>
            <translation>Par nom</translation>
        </message>
        <message>
            <location filename="../../gui/library/shown.py" />
            <source>Largest first</source>
            <translation>Les plus grands d’abord</translation>
        </message>
        <message>
            <location filename="../../gui/library/shown.py" />
            <source>Last used first</source>
            <translation>Les derniers utilisés d’abord</translation>
        </message>
        <message>
            <location filename="../../gui/library/shown.py" />
            <source>Fastest first</source>
            <translation>Les plus rapides d’abord</translation>
        </message>
        <message>
            <location filename="../../gui/library/shown.py" />
            <source>Your models</source>
            <translation>Vos modèles</translation>
        </message>
        <message>
            <location filename="../../gui/library/shown.py" />
            <source>Found in {program}</source>
            <translation>Trouvés dans {program}</translation>
        </message>
        <message>
            <location filename="../../gui/library/shown.py" />
            <location filename="../../gui/library/words.py" />
            <source>Built in</source>
            <translation>Intégré</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>Comes with Chaski and answers questions about it</source>
            <translation>Vient avec Chaski et répond aux questions sur lui</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>Cannot be read</source>
            <translation>Illisible</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>The weights as they were trained, in full: the largest files</source>
            <translation>Les poids tels qu’ils ont été entraînés, en entier : les plus grands fichiers</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>The weights at half size: as good as the original</source>
            <translation>Les poids à moitié de taille : aussi bons que l’original</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>The original weights of most new models</source>
            <translation>Les poids d’origine de la plupart des modèles récents</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>About 8 bits a weight: nearly lossless</source>
            <translation>Environ 8 bits par poids : presque sans perte</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>About 6 bits a weight: hardly a difference to the original</source>
            <translation>Environ 6 bits par poids : à peine une différence avec l’original</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>About 5 bits a weight: very close to the original</source>
            <translation>Environ 5 bits par poids : très proche de l’original</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>About 4 bits a weight: the usual balance of size and quality</source>
            <translation>Environ 4 bits par poids : l’équilibre habituel entre taille et qualité</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>About 3 bits a weight: small, with some loss</source>
            <translation>Environ 3 bits par poids : petit, avec une certaine perte</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>About 2 bits a weight: very small, with clear loss</source>
            <translation>Environ 2 bits par poids : très petit, avec une perte nette</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>Activity shows how far it is</source>
            <translation>Activité montre où il en est</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>Rests</source>
            <translation>Au repos</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>Nobody used it for a while: it opens again with a message</source>
            <translation>Personne ne l’a utilisé depuis un moment : il se rouvre avec un message</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>Open</source>
            <comment>of a model: in memory</comment>
            <translation>Ouvert</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>This model is in memory</source>
            <translation>Ce modèle est en mémoire</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>never</source>
            <translation>jamais</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>today</source>
            <translation>aujourd’hui</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>{n} {n:day|days} ago</source>
            <translation>il y a {n} {n:jour|jours}</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>{n} {n:month|months} ago</source>
            <translation>il y a {n} {n:mois|mois}</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>{n} {n:year|years} ago</source>
            <translation>il y a {n} {n:an|ans}</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>{model} lies in the store of {program}, which shares its files between models. Remove it there: {command}</source>
            <translation>{model} se trouve dans les fichiers de {program}, qui les partage entre modèles. Supprimez-le là-bas : {command}</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>{model} belongs to {program}, which would miss it.</source>
            <translation>{model} appartient à {program}, à qui il manquerait.</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>{model} lies in {folder}, which is no folder of Chaski's.</source>
            <translation>{model} se trouve dans {folder}, qui n’est pas un dossier de Chaski.</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>{file} is damaged: {problems}. Get it again.</source>
            <translation>{file} est endommagé : {problems}. Récupérez-le à nouveau.</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>{file} is whole, and what {program} says it should be</source>
            <translation>{file} est entier, et c’est bien ce qu’annonce {program}</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>{file} is whole. Its checksum is kept, to be compared the next time</source>
            <translation>{file} est entier. Sa somme de contrôle est gardée pour la prochaine comparaison</translation>
        </message>
        <message>
            <location filename="../../gui/main_window.py" />
            <location filename="../../gui/workshop/ask.py" />
            <source>Model files (*.gguf);;All files (*)</source>
            <translation>Fichiers de modèle (*.gguf);;Tous les fichiers (*)</translation>
        </message>
        <message>
            <location filename="../../gui/main_window.py" />
            <source>Commands, chats and models</source>
            <translation>Commandes, discussions et modèles</translation>
        </message>
        <message>
            <location filename="../../gui/main_window.py" />
            <source>Search commands, chats and models</source>
            <translation>Chercher des commandes, discussions et modèles</translation>
        </message>
        <message>
            <location filename="../../gui/main_window.py" />
            <source>This chat is open in this window already</source>
            <translation>Cette discussion est déjà ouverte dans cette fenêtre</translation>
        </message>
        <message>
            <location filename="../../gui/manual/manual.py" />
            <source>Search the manual</source>
            <translation>Chercher</translation>
        </message>
        <message>
            <location filename="../../gui/manual/manual.py" />
            <source>Pages that have these words</source>
            <translation>Les pages qui ont ces mots</translation>
        </message>
        <message>
            <location filename="../../gui/manual/manual.py" />
            <source>Contents</source>
            <translation>Sommaire</translation>
        </message>
        <message>
            <location filename="../../gui/manual/manual.py" />
            <location filename="../../gui/widgets/sheets.py" />
            <source>Back</source>
            <translation>Retour</translation>
        </message>
        <message>
            <location filename="../../gui/manual/manual.py" />
            <source>No page has these words</source>
            <translation>Aucune page n’a ces mots</translation>
        </message>
        <message>
            <location filename="../../gui/manual/manual.py" />
            <source>Page</source>
            <translation>Page</translation>
        </message>
        <message>
            <location filename="../../gui/manual/manual.py" />
            <source>{page} – Manual</source>
            <translation>{page} – Manuel</translation>
        </message>
        <message>
            <location filename="../../gui/manual/pages.py" />
            <source>Views</source>
            <translation>Vues</translation>
        </message>
        <message>
            <location filename="../../gui/manual/pages.py" />
            <source>Key</source>
            <comment>of the keyboard</comment>
            <translation>Touche</translation>
        </message>
        <message>
            <location filename="../../gui/manual/pages.py" />
            <source>What it does</source>
            <translation>Ce que cela fait</translation>
        </message>
        <message>
            <location filename="../../gui/notices.py" />
            <source>The answer is done</source>
            <translation>La réponse est prête</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Auto</source>
            <translation>Auto</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>On</source>
            <translation>Activé</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Off</source>
            <translation>Désactivé</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Leave the oldest messages out</source>
            <translation>Omettre les plus anciens messages</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Creativity</source>
            <translation>Créativité</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Temperature</source>
            <translation>Température</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Low keeps to the likeliest words, high brings more surprising ones. 0 always takes the likeliest.</source>
            <translation>Basse, elle s’en tient aux mots les plus probables ; haute, elle en amène de plus surprenants. 0 prend toujours le plus probable.</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Top K</source>
            <translation>Top K</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Only the K likeliest words may come next. 0 turns it off.</source>
            <translation>Seuls les K mots les plus probables peuvent suivre. 0 le désactive.</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Top P</source>
            <translation>Top P</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Only the likeliest words that together reach this share may come next. 1 turns it off.</source>
            <translation>Seuls les mots les plus probables qui atteignent ensemble cette part peuvent suivre. 1 le désactive.</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Min P</source>
            <translation>Min P</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Words less likely than this share of the likeliest one are left out. 0 turns it off.</source>
            <translation>Les mots moins probables que cette part du plus probable sont écartés. 0 le désactive.</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Repetition</source>
            <translation>Répétition</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Repeat penalty</source>
            <translation>Pénalité de répétition</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Makes words that were just used less likely. 1 turns it off.</source>
            <translation>Rend moins probables les mots tout juste utilisés. 1 la désactive.</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Looks back</source>
            <translation>Portée</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>How many of the last tokens count as just used. 0 turns it off, −1 takes the whole conversation.</source>
            <translation>Combien des derniers jetons comptent comme tout juste utilisés. 0 la désactive, −1 prend toute la conversation.</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Presence penalty</source>
            <translation>Pénalité de présence</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>The same small malus for every word that has appeared. 0 turns it off.</source>
            <translation>Le même petit malus pour chaque mot déjà apparu. 0 la désactive.</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Frequency penalty</source>
            <translation>Pénalité de fréquence</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>A malus that grows each time a word appears. 0 turns it off.</source>
            <translation>Un malus qui grandit à chaque apparition d’un mot. 0 la désactive.</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Repeated phrases (DRY)</source>
            <translation>Phrases répétées (DRY)</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Strength</source>
            <translation>Force</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Works against repeating whole phrases. 0 turns it off.</source>
            <translation>Agit contre la répétition de phrases entières. 0 la désactive.</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Growth</source>
            <translation>Croissance</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>How fast the malus grows with the length of the phrase.</source>
            <translation>À quelle vitesse le malus grandit avec la longueur de la phrase.</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Allowed length</source>
            <translation>Longueur permise</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Phrases up to this many tokens may repeat.</source>
            <translation>Les phrases jusqu’à autant de jetons peuvent se répéter.</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>How many of the last tokens are searched. −1 takes the whole conversation.</source>
            <translation>Combien des derniers jetons sont examinés. −1 prend toute la conversation.</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Finer choices</source>
            <translation>Choix plus fins</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Typical P</source>
            <translation>Typical P</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Keeps words that are about as surprising as expected. 1 turns it off.</source>
            <translation>Garde les mots à peu près aussi surprenants qu’attendu. 1 le désactive.</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Top n sigma</source>
            <translation>Top n sigma</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Keeps words within this many standard deviations of the best. Below 0 turns it off.</source>
            <translation>Garde les mots à moins d’autant d’écarts types du meilleur. Au-dessous de 0, il est désactivé.</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>XTC chance</source>
            <translation>Chance XTC</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>How often the most obvious words are left out, for more lively text. 0 turns it off.</source>
            <translation>À quelle fréquence les mots les plus évidents sont écartés, pour un texte plus vivant. 0 la désactive.</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>XTC threshold</source>
            <translation>Seuil XTC</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Only words at least this likely count as obvious.</source>
            <translation>Seuls les mots au moins aussi probables comptent comme évidents.</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Temperature range</source>
            <translation>Plage de température</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Lets the temperature move up and down by this much with the model's certainty. 0 turns it off.</source>
            <translation>Laisse la température monter et descendre d’autant selon la certitude du modèle. 0 la désactive.</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Temperature exponent</source>
            <translation>Exposant de température</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>How the temperature follows the certainty.</source>
            <translation>Comment la température suit la certitude.</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Mirostat</source>
            <translation>Mirostat</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Version</source>
            <translation>Version</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Steers the text to an even degree of surprise instead of Top K, Top P and the like. 0 is off; 1 or 2.</source>
            <translation>Mène le texte vers un degré de surprise régulier, à la place de Top K, Top P et autres. 0 est désactivé ; 1 ou 2.</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Surprise aimed at</source>
            <translation>Surprise visée</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Lower is more focused, higher more varied.</source>
            <translation>Plus bas est plus ciblé, plus haut plus varié.</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <location filename="../../gui/pulse.py" />
            <source>Speed</source>
            <translation>Vitesse</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>How fast it corrects itself.</source>
            <translation>À quelle vitesse il se corrige.</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Adaptive P</source>
            <translation>Adaptive P</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Likelihood aimed at</source>
            <translation>Probabilité visée</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>Prefers words about this likely, over obvious and over odd ones. -1 turns it off.</source>
            <translation>Préfère les mots à peu près aussi probables, plutôt que les évidents et les étranges. -1 la désactive.</translation>
        </message>
        <message>
            <location filename="../../gui/parameter_list.py" />
            <source>How long it evens out what it took before. 0.9 is about ten words.</source>
            <translation>Combien de temps il lisse ce qu’il a pris avant. 0,9 fait environ dix mots.</translation>
        </message>
        <message>
            <location filename="../../gui/presets.py" />
            <source>Balanced</source>
            <translation>Équilibré</translation>
        </message>
        <message>
            <location filename="../../gui/presets.py" />
            <source>Precise</source>
            <translation>Précis</translation>
        </message>
        <message>
            <location filename="../../gui/presets.py" />
            <source>Creative</source>
            <translation>Créatif</translation>
        </message>
        <message>
            <location filename="../../gui/presets.py" />
            <source>Always the likeliest</source>
            <translation>Toujours le plus probable</translation>
        </message>
        <message>
            <location filename="../../gui/prose/code.py" />
            <source>Wrap long lines</source>
            <translation>Couper les longues lignes</translation>
        </message>
        <message>
            <location filename="../../gui/prose/code.py" />
            <source>Save the code as a file</source>
            <translation>Enregistrer le code dans un fichier</translation>
        </message>
        <message>
            <location filename="../../gui/prose/code.py" />
            <source>Copy</source>
            <translation>Copier</translation>
        </message>
        <message>
            <location filename="../../gui/prose/code.py" />
            <source>Copy code</source>
            <translation>Copier le code</translation>
        </message>
        <message>
            <location filename="../../gui/prose/code.py" />
            <source>text</source>
            <comment>a language of code</comment>
            <translation>texte</translation>
        </message>
        <message>
            <location filename="../../gui/prose/code.py" />
            <source>Code, {language}</source>
            <translation>Code, {language}</translation>
        </message>
        <message>
            <location filename="../../gui/prose/code.py" />
            <source>Do not wrap lines</source>
            <translation>Ne pas couper les lignes</translation>
        </message>
        <message>
            <location filename="../../gui/prose/code.py" />
            <source>Save the code</source>
            <translation>Enregistrer le code</translation>
        </message>
        <message>
            <location filename="../../gui/prose/code.py" />
            <source>Not saved: {reason}</source>
            <translation>Non enregistré : {reason}</translation>
        </message>
        <message>
            <location filename="../../gui/prose/code.py" />
            <source>Saved</source>
            <translation>Enregistré</translation>
        </message>
        <message>
            <location filename="../../gui/prose/code.py" />
            <location filename="../../gui/widgets/buttons.py" />
            <source>Copied</source>
            <translation>Copié</translation>
        </message>
        <message>
            <location filename="../../gui/prose/hearing.py" />
            <source>Code, {language}:</source>
            <translation>Code, {language} :</translation>
        </message>
        <message>
            <location filename="../../gui/prose/hearing.py" />
            <source>Code:</source>
            <translation>Code :</translation>
        </message>
        <message>
            <location filename="../../gui/prose/hearing.py" />
            <source>Table:</source>
            <translation>Tableau :</translation>
        </message>
        <message>
            <location filename="../../gui/prose/hearing.py" />
            <source>formula {source}</source>
            <translation>formule {source}</translation>
        </message>
        <message>
            <location filename="../../gui/prose/links.py" />
            <source>Link</source>
            <translation>Lien</translation>
        </message>
        <message>
            <location filename="../../gui/prose/links.py" />
            <source>Write a mail</source>
            <translation>Écrire un courriel</translation>
        </message>
        <message>
            <location filename="../../gui/prose/links.py" />
            <source>Open in the browser</source>
            <translation>Ouvrir dans le navigateur</translation>
        </message>
        <message>
            <location filename="../../gui/prose/links.py" />
            <source>Copy the address</source>
            <translation>Copier l’adresse</translation>
        </message>
        <message>
            <location filename="../../gui/pulse.py" />
            <source>Drawn while a model writes or a job goes on.</source>
            <translation>Dessiné quand un modèle écrit ou qu’une tâche est en cours.</translation>
        </message>
        <message>
            <location filename="../../gui/pulse.py" />
            <source>Kept: {what} that may come back. Opening a model frees it.</source>
            <translation>Gardé : {what} qui peuvent reprendre. Ouvrir un modèle le libère.</translation>
        </message>
        <message>
            <location filename="../../gui/pulse.py" />
            <source>Half of the threads compute, as Settings say.</source>
            <translation>La moitié des fils d’exécution calcule, comme le disent les paramètres.</translation>
        </message>
        <message>
            <location filename="../../gui/pulse.py" />
            <source>Half of the threads compute, as this computer runs on its battery.</source>
            <translation>La moitié des fils d’exécution calcule, car cet ordinateur est sur batterie.</translation>
        </message>
        <message>
            <location filename="../../gui/pulse.py" />
            <source>Half of the threads compute, as the processor is hot.</source>
            <translation>La moitié des fils d’exécution calcule, car le processeur est chaud.</translation>
        </message>
        <message>
            <location filename="../../gui/pulse.py" />
            <source>The last two minutes</source>
            <translation>Les deux dernières minutes</translation>
        </message>
        <message>
            <location filename="../../gui/pulse.py" />
            <source>Nothing goes on just now. The last two minutes with work:</source>
            <translation>Rien en cours. Les deux dernières minutes de travail :</translation>
        </message>
        <message>
            <location filename="../../gui/pulse.py" />
            <source>The last two minutes. {why}</source>
            <translation>Les deux dernières minutes. {why}</translation>
        </message>
        <message>
            <location filename="../../gui/pulse.py" />
            <source>What Chaski holds; {kept:memory} of it waits for conversations; {room:memory} more could be had</source>
            <translation>Ce que Chaski occupe ; {kept:memory} y attendent des conversations ; {room:memory} de plus seraient disponibles</translation>
        </message>
        <message>
            <location filename="../../gui/pulse.py" />
            <source>What Chaski holds; {room:memory} more could be had</source>
            <translation>Ce que Chaski occupe ; {room:memory} de plus seraient disponibles</translation>
        </message>
        <message>
            <location filename="../../gui/pulse.py" />
            <source>Chaski's share of all processors together</source>
            <translation>La part de Chaski de tous les processeurs ensemble</translation>
        </message>
        <message>
            <location filename="../../gui/pulse.py" />
            <source>Tokens written by all models together</source>
            <translation>Jetons écrits par tous les modèles ensemble</translation>
        </message>
        <message>
            <location filename="../../gui/pulse.py" />
            <source>{size:memory} for {n} {n:conversation|conversations}</source>
            <translation>{size:memory} pour {n} {n:conversation|conversations}</translation>
        </message>
        <message>
            <location filename="../../gui/pulse.py" />
            <location filename="../../gui/settings/token_card.py" />
            <source>Forget it</source>
            <translation>L’oublier</translation>
        </message>
        <message>
            <location filename="../../gui/pulse.py" />
            <source>Give this memory back: a chat that is opened again is read again</source>
            <translation>Rendre cette mémoire : une discussion rouverte sera relue</translation>
        </message>
        <message>
            <location filename="../../gui/pulse.py" />
            <source>{name}: {value} now</source>
            <translation>{name} : {value} en ce moment</translation>
        </message>
        <message>
            <location filename="../../gui/resting.py" />
            <source>{models} rest after {time} without use; they open again with your next message</source>
            <translation>{models} se reposent après {time} sans utilisation ; ils se rouvrent à votre prochain message</translation>
        </message>
        <message>
            <location filename="../../gui/resting.py" />
            <source>{models} rests after {time} without use; it opens again with your next message</source>
            <translation>{models} se repose après {time} sans utilisation ; il se rouvre à votre prochain message</translation>
        </message>
        <message>
            <location filename="../../gui/resting.py" />
            <source>{n} {n:minute|minutes}</source>
            <translation>{n} {n:minute|minutes}</translation>
        </message>
        <message>
            <location filename="../../gui/resting.py" />
            <source>{n} {n:hour|hours}</source>
            <translation>{n} {n:heure|heures}</translation>
        </message>
        <message>
            <location filename="../../gui/settings/folders_card.py" />
            <source>Folders</source>
            <translation>Dossiers</translation>
        </message>
        <message>
            <location filename="../../gui/settings/folders_card.py" />
            <location filename="../../gui/settings/network_parts.py" />
            <source>Choose…</source>
            <translation>Choisir…</translation>
        </message>
        <message>
            <location filename="../../gui/settings/folders_card.py" />
            <source>Choose the models folder</source>
            <translation>Choisir le dossier des modèles</translation>
        </message>
        <message>
            <location filename="../../gui/settings/folders_card.py" />
            <source>Models folder</source>
            <translation>Dossier des modèles</translation>
        </message>
        <message>
            <location filename="../../gui/settings/folders_card.py" />
            <source>Models are looked for here, and downloads go here, each into a folder of its own. Those of the folder before stay in the list.</source>
            <translation>Les modèles sont cherchés ici, et les téléchargements y vont, chacun dans son dossier. Ceux du dossier précédent restent dans la liste.</translation>
        </message>
        <message>
            <location filename="../../gui/settings/folders_card.py" />
            <source>Add…</source>
            <translation>Ajouter…</translation>
        </message>
        <message>
            <location filename="../../gui/settings/folders_card.py" />
            <source>Watch another folder</source>
            <translation>Surveiller un autre dossier</translation>
        </message>
        <message>
            <location filename="../../gui/settings/folders_card.py" />
            <source>Watched folders</source>
            <translation>Dossiers surveillés</translation>
        </message>
        <message>
            <location filename="../../gui/settings/folders_card.py" />
            <source>Models in these and below are listed, too, also when they come later. Their files stay where they are.</source>
            <translation>Les modèles de ces dossiers et de leurs sous-dossiers sont aussi dans la liste, même s’ils viennent plus tard. Leurs fichiers restent où ils sont.</translation>
        </message>
        <message>
            <location filename="../../gui/settings/folders_card.py" />
            <location filename="../../gui/settings/updates_card.py" />
            <source>Show</source>
            <translation>Montrer</translation>
        </message>
        <message>
            <location filename="../../gui/settings/folders_card.py" />
            <source>Show this folder</source>
            <translation>Montrer ce dossier</translation>
        </message>
        <message>
            <location filename="../../gui/settings/folders_card.py" />
            <source>Chats and lists</source>
            <translation>Discussions et listes</translation>
        </message>
        <message>
            <location filename="../../gui/settings/folders_card.py" />
            <source>What you wrote and what models answered.</source>
            <translation>Ce que vous avez écrit et ce que les modèles ont répondu.</translation>
        </message>
        <message>
            <location filename="../../gui/settings/folders_card.py" />
            <source>{size:memory} free there</source>
            <translation>{size:memory} libres à cet endroit</translation>
        </message>
        <message>
            <location filename="../../gui/settings/folders_card.py" />
            <source>Folder for models</source>
            <translation>Dossier pour les modèles</translation>
        </message>
        <message>
            <location filename="../../gui/settings/folders_card.py" />
            <source>Folder to watch</source>
            <translation>Dossier à surveiller</translation>
        </message>
        <message>
            <location filename="../../gui/settings/folders_card.py" />
            <source>Watch {file} no more</source>
            <translation>Ne plus surveiller {file}</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>When I ask for something</source>
            <translation>Quand je le demande</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <location filename="../../gui/settings/settings_view.py" />
            <source>Never</source>
            <translation>Jamais</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>At any time</source>
            <translation>À toute heure</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>From 23:00 to 7:00</source>
            <translation>De 23:00 à 7:00</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>The variable HF_ENDPOINT names another hub, which counts.</source>
            <translation>La variable HF_ENDPOINT nomme un autre hub, et c’est lui qui compte.</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>A variable (SSL_CERT_FILE) names a file of certificates, which counts.</source>
            <translation>Une variable (SSL_CERT_FILE) nomme un fichier de certificats, et c’est lui qui compte.</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>The variable HF_HUB_OFFLINE switches all connections off.</source>
            <translation>La variable HF_HUB_OFFLINE désactive toutes les connexions.</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>{size:file}/s at most</source>
            <translation>{size:file}/s au plus</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>As fast as it goes</source>
            <translation>Aussi vite que possible</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>Network</source>
            <translation>Réseau</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>Speed limit</source>
            <translation>Limite de vitesse</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>Downloads run</source>
            <translation>Heures de téléchargement</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>Proxy</source>
            <translation>Proxy</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>As the system says</source>
            <translation>Comme le système</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>Hub</source>
            <translation>Hub</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>Connections</source>
            <translation>Connexions</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>To search and download models, for nothing else.</source>
            <translation>Pour chercher et télécharger des modèles, pour rien d’autre.</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>For all downloads together.</source>
            <translation>Pour tous les téléchargements ensemble.</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>Outside these hours they wait.</source>
            <translation>Hors de ces heures, ils attendent.</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>Such as http://proxy:8080 or socks5://localhost:9050; none for no proxy at all.</source>
            <translation>Par exemple http://proxy:8080 ou socks5://localhost:9050 ; none pour aucun proxy.</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>Hugging Face, or a mirror of it.</source>
            <translation>Hugging Face, ou un miroir.</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>CA certificate</source>
            <translation>Certificat d’autorité</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>Only where a company or a proxy reads along and has its own: its file (PEM) is trusted beside the system's certificates.</source>
            <translation>Seulement si une entreprise ou un proxy lit le trafic avec le sien : son fichier (PEM) est reconnu à côté des certificats du système.</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>Connection</source>
            <translation>Connexion</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>Asks the hub one small thing, as all of this says.</source>
            <translation>Pose une petite question au hub, selon tous ces réglages.</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_parts.py" />
            <source>Choose a file of certificates</source>
            <translation>Choisir un fichier de certificats</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_parts.py" />
            <source>Trust the system's certificates alone</source>
            <translation>Ne reconnaître que les certificats du système</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_parts.py" />
            <source>The system's own are enough</source>
            <translation>Ceux du système suffisent</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_parts.py" />
            <source>Certificates (*.pem *.crt *.cer);;All files (*)</source>
            <translation>Certificats (*.pem *.crt *.cer);;Tous les fichiers (*)</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_parts.py" />
            <source>File of certificates</source>
            <translation>Fichier de certificats</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_parts.py" />
            <source>Try the connection</source>
            <translation>Essayer la connexion</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_parts.py" />
            <source>Ask the hub now</source>
            <translation>Interroger le hub maintenant</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_parts.py" />
            <location filename="../../gui/settings/updates_card.py" />
            <source>Asking {host}…</source>
            <translation>Demande à {host}…</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_parts.py" />
            <source>{host} answers, in {time:duration}.</source>
            <translation>{host} répond, en {time:duration}.</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_parts.py" />
            <source>{host} answers, in {time:duration}, through the proxy {proxy}.</source>
            <translation>{host} répond, en {time:duration}, par le proxy {proxy}.</translation>
        </message>
        <message>
            <location filename="../../gui/settings/privacy_card.py" />
            <source>What you write, and what a model answers, never leaves this computer. These are all the connections there are, beside the address that each one shows:</source>
            <translation>Ce que vous écrivez, et ce qu’un modèle répond, ne quitte jamais cet ordinateur. Voici toutes les connexions qui existent, et ce que chacune apprend en plus de votre adresse :</translation>
        </message>
        <message>
            <location filename="../../gui/settings/privacy_card.py" />
            <source>There are no connections at all, as they are switched off.</source>
            <translation>Il n’y a aucune connexion, elles sont désactivées.</translation>
        </message>
        <message>
            <location filename="../../gui/settings/privacy_card.py" />
            <source>Your system looks up the names of these hosts, as for every program. Nothing is sent of how you use Chaski. A link that you click opens in your browser.</source>
            <translation>Votre système cherche les noms de ces hôtes, comme pour tout programme. Rien n’est envoyé de votre usage de Chaski. Un lien sur lequel vous cliquez s’ouvre dans votre navigateur.</translation>
        </message>
        <message>
            <location filename="../../gui/settings/privacy_card.py" />
            <source>Privacy</source>
            <translation>Confidentialité</translation>
        </message>
        <message>
            <location filename="../../gui/settings/privacy_card.py" />
            <source>{host} learns {what}</source>
            <translation>{host} apprend {what}</translation>
        </message>
        <message>
            <location filename="../../gui/settings/privacy_card.py" />
            <source>When {deed}</source>
            <translation>Quand {deed}</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Like the system</source>
            <translation>Comme le système</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Light</source>
            <translation>Clair</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Dark</source>
            <translation>Sombre</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>High contrast</source>
            <translation>Contraste élevé</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>As the system</source>
            <translation>Comme le système</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Less</source>
            <translation>Réduites</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>On battery or when hot</source>
            <translation>Sur batterie ou si chaud</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Always</source>
            <translation>Toujours</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Chosen for each model</source>
            <translation>Choisi pour chaque modèle</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>{n} px (usual)</source>
            <translation>{n} px (habituelle)</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>{n} px</source>
            <translation>{n} px</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>After {n} minutes</source>
            <translation>Après {n} minutes</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>After {n} {n:hour|hours}</source>
            <translation>Après {n} {n:heure|heures}</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Settings</source>
            <translation>Paramètres</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Look</source>
            <comment>how the window looks</comment>
            <translation>Apparence</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Theme</source>
            <translation>Thème</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Text size</source>
            <translation>Taille du texte</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Light or dark; high contrast for tired eyes and bright rooms.</source>
            <translation>Clair ou sombre ; contraste élevé pour les yeux fatigués et les pièces lumineuses.</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Everything grows with it. Ctrl with + or − does the same.</source>
            <translation>Tout grandit avec elle. Ctrl et + ou − font de même.</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Motion</source>
            <translation>Animations</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Whether notices fade in and bars sweep. Progress is shown either way.</source>
            <translation>Si les avis apparaissent en fondu et si les barres glissent. La progression est toujours montrée.</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Speed of answers</source>
            <translation>Vitesse des réponses</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Under an answer: how many tokens a second its model wrote; more where one points.</source>
            <translation>Sous une réponse : combien de jetons par seconde son modèle a écrits ; plus encore au survol.</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Tell me when a long answer is done</source>
            <translation>M’avertir quand une longue réponse est prête</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>While you look at another program: the window asks for your attention.</source>
            <translation>Quand vous regardez un autre programme : la fenêtre attire votre attention.</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Of buttons and sentences, at once; models write in whatever language you do.</source>
            <translation>Des boutons et des phrases, aussitôt ; les modèles écrivent dans votre langue quelle qu’elle soit.</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>So far there is English.</source>
            <translation>Pour l’instant, il y a l’anglais.</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>How far a model can look back. More takes more memory. An open model keeps its own until it is opened anew.</source>
            <translation>Jusqu’où un modèle peut se souvenir. Plus demande plus de mémoire. Un modèle ouvert garde le sien jusqu’à ce qu’il soit rouvert.</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Open models</source>
            <translation>Modèles ouverts</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>A good guest</source>
            <translation>Un invité discret</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Fewer threads</source>
            <translation>Moins de fils d’exécution</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Idle models rest</source>
            <translation>Modèles inactifs au repos</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>How many processor threads compute at most; fewer leave more to other programs. An open model keeps its own until it is opened anew.</source>
            <translation>Combien de fils d’exécution du processeur calculent au plus ; moins en laisse davantage aux autres programmes. Un modèle ouvert garde les siens jusqu’à ce qu’il soit rouvert.</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Half of them compute, so that the battery lasts and fans stay calm. Answers are the same, only slower.</source>
            <translation>La moitié d’entre eux calcule, la batterie dure et les ventilateurs restent calmes. Les réponses sont les mêmes, seulement plus lentes.</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>A model that nobody used for so long rests: it gives its memory back, and opens again by itself with the next message.</source>
            <translation>Un modèle que personne n’a utilisé aussi longtemps se repose : il rend sa mémoire, et se rouvre de lui-même au prochain message.</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Chaski runs only when you start it: nothing of it starts with the system.</source>
            <translation>Chaski ne tourne que si vous le lancez : rien de lui ne démarre avec le système.</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Best for this machine</source>
            <translation>Le mieux pour cette machine</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Best for this machine ({n})</source>
            <translation>Le mieux pour cette machine ({n})</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>New chats</source>
            <translation>Nouvelles discussions</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>The system prompt that new chats begin with, unless their model has its own.</source>
            <translation>L’invite système par laquelle commencent les nouvelles discussions, sauf si leur modèle a la sienne.</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>System prompt of new chats</source>
            <translation>Invite système des nouvelles discussions</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>For example: Answer briefly.</source>
            <translation>Par exemple : réponds brièvement.</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Values of new chats</source>
            <translation>Valeurs des nouvelles discussions</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>How the model chooses its words. Presets are saved in a chat, under Parameters.</source>
            <translation>Comment le modèle choisit ses mots. Les préréglages s’enregistrent dans une discussion, sous Réglages.</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Full context of new chats</source>
            <translation>Contexte plein des nouvelles discussions</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>What happens when a conversation no longer fits. All of it stays in the chat.</source>
            <translation>Ce qui se passe quand une conversation ne tient plus. Tout en reste dans la discussion.</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Titles by the model</source>
            <translation>Titres par le modèle</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>After its first answer the model gives a new chat a title. One that you wrote is never changed.</source>
            <translation>Après sa première réponse, le modèle donne un titre à une nouvelle discussion. Celui que vous avez écrit ne change jamais.</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>The model’s own values</source>
            <translation>Celles du modèle</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Open models again with these values</source>
            <translation>Rouvrir les modèles avec ces valeurs</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>All use these values</source>
            <translation>Tous utilisent ces valeurs</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>Open {models} with these values</source>
            <translation>Ouvrir {models} avec ces valeurs</translation>
        </message>
        <message>
            <location filename="../../gui/settings/settings_view.py" />
            <source>{models}: opened with other values</source>
            <translation>{models} : ouverts avec d’autres valeurs</translation>
        </message>
        <message>
            <location filename="../../gui/settings/token_card.py" />
            <source>A token is kept by this system's keyring</source>
            <translation>Un jeton d’accès est gardé par le trousseau de ce système</translation>
        </message>
        <message>
            <location filename="../../gui/settings/token_card.py" />
            <source>A token is kept in a file that only you can read</source>
            <translation>Un jeton d’accès est gardé dans un fichier que vous seul pouvez lire</translation>
        </message>
        <message>
            <location filename="../../gui/settings/token_card.py" />
            <source>A token is given by the variable HF_TOKEN</source>
            <translation>Un jeton d’accès est donné par la variable HF_TOKEN</translation>
        </message>
        <message>
            <location filename="../../gui/settings/token_card.py" />
            <source>Token</source>
            <comment>of a hub</comment>
            <translation>Jeton d’accès</translation>
        </message>
        <message>
            <location filename="../../gui/settings/token_card.py" />
            <source>Only for models whose makers ask for your agreement first, and for your own private ones. Make one at huggingface.co/settings/tokens.</source>
            <translation>Seulement pour les modèles dont les auteurs demandent d’abord votre accord, et pour les vôtres qui sont privés. Créez-en un sur huggingface.co/settings/tokens.</translation>
        </message>
        <message>
            <location filename="../../gui/settings/token_card.py" />
            <source>Keep</source>
            <translation>Garder</translation>
        </message>
        <message>
            <location filename="../../gui/settings/token_card.py" />
            <source>Keep this token</source>
            <translation>Garder ce jeton d’accès</translation>
        </message>
        <message>
            <location filename="../../gui/settings/token_card.py" />
            <source>Forget</source>
            <translation>Oublier</translation>
        </message>
        <message>
            <location filename="../../gui/settings/token_card.py" />
            <source>No token is kept</source>
            <translation>Aucun jeton d’accès n’est gardé</translation>
        </message>
        <message>
            <location filename="../../gui/settings/updates_card.py" />
            <source>Updates</source>
            <translation>Mises à jour</translation>
        </message>
        <message>
            <location filename="../../gui/settings/updates_card.py" />
            <source>Check for updates</source>
            <translation>Chercher des mises à jour</translation>
        </message>
        <message>
            <location filename="../../gui/settings/updates_card.py" />
            <source>Ask now which version is the newest</source>
            <translation>Demander maintenant quelle version est la plus récente</translation>
        </message>
        <message>
            <location filename="../../gui/settings/updates_card.py" />
            <source>Version {version}</source>
            <translation>Version {version}</translation>
        </message>
        <message>
            <location filename="../../gui/settings/updates_card.py" />
            <source>Look once a week</source>
            <translation>Chercher une fois par semaine</translation>
        </message>
        <message>
            <location filename="../../gui/settings/updates_card.py" />
            <source>A while after a start, at most once in seven days. GitHub, where releases are kept, learns that it is asked. Nothing is installed by itself.</source>
            <translation>Un moment après un démarrage, au plus une fois tous les sept jours. GitHub, où sont gardées les versions, apprend qu’on l’interroge. Rien ne s’installe de soi-même.</translation>
        </message>
        <message>
            <location filename="../../gui/settings/updates_card.py" />
            <source>Nobody is asked before you do.</source>
            <translation>Personne n’est interrogé avant que vous ne le demandiez.</translation>
        </message>
        <message>
            <location filename="../../gui/settings/updates_card.py" />
            <source>This copy was not built as a release; renew it where you got it.</source>
            <translation>Cette copie n’est pas une version publiée ; renouvelez-la là où vous l’avez obtenue.</translation>
        </message>
        <message>
            <location filename="../../gui/settings/updates_card.py" />
            <source>This is the newest version.</source>
            <translation>C’est la version la plus récente.</translation>
        </message>
        <message>
            <location filename="../../gui/settings/updates_card.py" />
            <source>There is a newer one.</source>
            <translation>Il y en a une plus récente.</translation>
        </message>
        <message>
            <location filename="../../gui/settings/updates_card.py" />
            <source>Open its page</source>
            <translation>Ouvrir sa page</translation>
        </message>
        <message>
            <location filename="../../gui/settings/updates_card.py" />
            <source>Open the page of this release in the browser</source>
            <translation>Ouvrir la page de cette version dans le navigateur</translation>
        </message>
        <message>
            <location filename="../../gui/settings/updates_card.py" />
            <source>Stop this download</source>
            <translation>Arrêter ce téléchargement</translation>
        </message>
        <message>
            <location filename="../../gui/settings/updates_card.py" />
            <source>Show the folder it is in</source>
            <translation>Montrer le dossier où il se trouve</translation>
        </message>
        <message>
            <location filename="../../gui/settings/updates_card.py" />
            <source>Download ({size:file})</source>
            <translation>Télécharger ({size:file})</translation>
        </message>
        <message>
            <location filename="../../gui/settings/updates_card.py" />
            <source>Download {file}</source>
            <translation>Télécharger {file}</translation>
        </message>
        <message>
            <location filename="../../gui/settings/updates_card.py" />
            <source>{done:file} of {size:file}</source>
            <translation>{done:file} sur {size:file}</translation>
        </message>
        <message>
            <location filename="../../gui/settings/updates_card.py" />
            <source>{file} is in {folder}, whole and as its makers announced it. Start it when it suits you; this version stays until the new one has started.</source>
            <translation>{file} est dans {folder}, entier et tel que ses auteurs l’ont annoncé. Lancez-le quand cela vous convient ; cette version reste jusqu’à ce que la nouvelle ait démarré.</translation>
        </message>
        <message>
            <location filename="../../gui/settings/updates_card.py" />
            <source>Chaski {version}</source>
            <translation>Chaski {version}</translation>
        </message>
        <message>
            <location filename="../../gui/settings/updates_card.py" />
            <source>{name}, {date}</source>
            <translation>{name}, {date}</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>New line</source>
            <translation>Nouvelle ligne</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>Edit your last question, in an empty box</source>
            <translation>Modifier votre dernière question, dans un cadre vide</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>Stop the answer</source>
            <translation>Arrêter la réponse</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>New chat in a new window</source>
            <translation>Nouvelle discussion dans une nouvelle fenêtre</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>New temporary chat: nothing of it is written</source>
            <translation>Nouvelle discussion temporaire : rien n’en est écrit</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>Compare two answers to the question</source>
            <translation>Comparer deux réponses à la question</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>To the message before, and its buttons</source>
            <translation>Au message précédent, et à ses boutons</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>To the message after</source>
            <translation>Au message suivant</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>Parameters of the chat</source>
            <translation>Réglages de la discussion</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>Attach files to the message</source>
            <translation>Joindre des fichiers au message</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>Find in the chat, or search models; Return goes on</source>
            <translation>Chercher dans la discussion, ou des modèles ; Entrée continue</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>Search all chats</source>
            <translation>Chercher dans toutes les discussions</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>Hide or show the list of chats</source>
            <translation>Cacher ou montrer la liste des discussions</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>Rename the chosen chat or model</source>
            <translation>Renommer la discussion ou le modèle choisi</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>Delete the chosen chat; a model: to the trash</source>
            <translation>Supprimer la discussion choisie ; un modèle : à la corbeille</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>Find a command, a chat or a model</source>
            <translation>Trouver une commande, une discussion ou un modèle</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>Add a model file to the list of Models</source>
            <translation>Ajouter un fichier de modèle à la liste de Modèles</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>Back, where a page has one</source>
            <translation>Retour, si une page en a un</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>Copy the report of Hardware</source>
            <translation>Copier le rapport de Matériel</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>Undo what a notice tells of</source>
            <translation>Annuler ce que dit un avis</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>The manual, at the page of what is shown</source>
            <translation>Le manuel, à la page de ce qui est montré</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>This list</source>
            <translation>Cette liste</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>Window</source>
            <translation>Fenêtre</translation>
        </message>
        <message>
            <location filename="../../gui/shortcuts.py" />
            <source>Return</source>
            <comment>a key</comment>
            <translation>Entrée</translation>
        </message>
        <message>
            <location filename="../../gui/updates.py" />
            <source>Chaski {version} is there. Settings tell what is new.</source>
            <translation>Chaski {version} est là. Les paramètres disent ce qui est nouveau.</translation>
        </message>
        <message>
            <location filename="../../gui/view.py" />
            <source>Drop the model file to open it</source>
            <translation>Déposez le fichier de modèle pour l’ouvrir</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/bars.py" />
            <source>Progress</source>
            <translation>Progression</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/bars.py" />
            <source>This answer</source>
            <translation>Cette réponse</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/bars.py" />
            <source>Not sent yet</source>
            <translation>Pas encore envoyé</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/bars.py" />
            <source>{n} of {size}</source>
            <translation>{n} sur {size}</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/bars.py" />
            <source>{n:,} of the {size:,} tokens that the model can look back on</source>
            <translation>{n:,} des {size:,} jetons que le modèle peut voir</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/bars.py" />
            <source>{name}: {n:,}</source>
            <translation>{name} : {n:,}</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/bars.py" />
            <source>Context: {n} of {size} tokens. {parts}</source>
            <translation>Contexte : {n} jetons sur {size}. {parts}</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/dialogs.py" />
            <source>Copy all</source>
            <translation>Tout copier</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/file_chip.py" />
            <source>Take {name} away</source>
            <translation>Retirer {name}</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/file_chip.py" />
            <source>Show what is in {name}</source>
            <translation>Montrer ce que contient {name}</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/grip.py" />
            <source>Draw to make the list wider; a double click makes it as it was</source>
            <translation>Tirez pour élargir la liste ; un double clic la remet comme avant</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/histogram.py" />
            <source>from {low} to {high}</source>
            <translation>de {low} à {high}</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/palette.py" />
            <source>Nothing is called that</source>
            <translation>Rien ne s’appelle ainsi</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/rail.py" />
            <source>{name}, something goes on</source>
            <translation>{name}, en cours</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/scatter.py" />
            <source>{y} against {x}. {points}</source>
            <translation>{y} selon {x}. {points}</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/search_field.py" />
            <source>Empty the search (Esc)</source>
            <translation>Vider la recherche (Échap)</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/search_field.py" />
            <source>Empty the search</source>
            <translation>Vider la recherche</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/slider_row.py" />
            <source>{name}, slider</source>
            <translation>{name}, curseur</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/title.py" />
            <source>{text}
Rename (Return)</source>
            <translation>{text}
Renommer (Entrée)</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/toast.py" />
            <source>Undo</source>
            <translation>Annuler</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/work_card.py" />
            <source>paused</source>
            <translation>en pause</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/work_card.py" />
            <source>waiting</source>
            <translation>en attente</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/work_card.py" />
            <source>stopped</source>
            <translation>arrêté</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/work_card.py" />
            <source>Pause</source>
            <translation>Pause</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/work_card.py" />
            <source>Pause; it can go on later</source>
            <translation>Pause ; on pourra continuer plus tard</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/work_card.py" />
            <source>Go on</source>
            <translation>Continuer</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/work_card.py" />
            <source>Go on from what is there</source>
            <translation>Continuer à partir de ce qui est là</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/work_card.py" />
            <source>Chat with this model</source>
            <translation>Discuter avec ce modèle</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/work_card.py" />
            <source>Stop this</source>
            <translation>Arrêter cela</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/work_card.py" />
            <source>Take this off the list</source>
            <translation>Retirer cela de la liste</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/work_card.py" />
            <source>Give this up</source>
            <translation>Y renoncer</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/work_card.py" />
            <source>Give up {title}?</source>
            <translation>Renoncer à {title} ?</translation>
        </message>
        <message>
            <location filename="../../gui/widgets/work_card.py" />
            <source>Give up</source>
            <translation>Renoncer</translation>
        </message>
        <message>
            <location filename="../../gui/workers.py" />
            <source>The system refused: {reason}.</source>
            <translation>Le système a refusé : {reason}.</translation>
        </message>
        <message>
            <location filename="../../gui/workers.py" />
            <source>Something went wrong inside Chaski ({kind}: {error}). Please report it.</source>
            <translation>Quelque chose s’est mal passé dans Chaski ({kind} : {error}). Merci de le signaler.</translation>
        </message>
        <message>
            <location filename="../../gui/workers.py" />
            <source>{words}.</source>
            <translation>{words}.</translation>
        </message>
        <message>
            <location filename="../../gui/works.py" />
            <source>Open {what}</source>
            <translation>Ouverture de {what}</translation>
        </message>
        <message>
            <location filename="../../gui/works.py" />
            <source>Go on with {what}</source>
            <translation>Suite de {what}</translation>
        </message>
        <message>
            <location filename="../../gui/works.py" />
            <source>Logits of {what}</source>
            <translation>Logits de {what}</translation>
        </message>
        <message>
            <location filename="../../gui/works.py" />
            <source>Time {what}</source>
            <translation>Chronométrage de {what}</translation>
        </message>
        <message>
            <location filename="../../gui/works.py" />
            <source>Convert {what}</source>
            <translation>Conversion de {what}</translation>
        </message>
        <message>
            <location filename="../../gui/works.py" />
            <source>Quantize {what}</source>
            <translation>Quantification de {what}</translation>
        </message>
        <message>
            <location filename="../../gui/works.py" />
            <source>Make {what}</source>
            <translation>Création de {what}</translation>
        </message>
        <message>
            <location filename="../../gui/works.py" />
            <source>Weigh {what}</source>
            <translation>Pesée de {what}</translation>
        </message>
        <message>
            <location filename="../../gui/works.py" />
            <source>Measure {what}</source>
            <translation>Mesure de {what}</translation>
        </message>
        <message>
            <location filename="../../gui/works.py" />
            <source>Compare {what}</source>
            <translation>Comparaison de {what}</translation>
        </message>
        <message>
            <location filename="../../gui/works.py" />
            <source>Verify {what}</source>
            <translation>Vérification de {what}</translation>
        </message>
        <message>
            <location filename="../../gui/works.py" />
            <source>Embed {what}</source>
            <translation>Vecteurs de {what}</translation>
        </message>
        <message>
            <location filename="../../gui/works.py" />
            <source>Move {what}</source>
            <translation>Déplacement de {what}</translation>
        </message>
        <message>
            <location filename="../../gui/works.py" />
            <source>Look for duplicates</source>
            <translation>Recherche de doublons</translation>
        </message>
        <message>
            <location filename="../../gui/works.py" />
            <source>Measure this machine</source>
            <translation>Mesure de cette machine</translation>
        </message>
        <message>
            <location filename="../../gui/works.py" />
            <source>Checked and added to your models</source>
            <translation>Contrôlé et ajouté à vos modèles</translation>
        </message>
        <message>
            <location filename="../../gui/works.py" />
            <source>Done</source>
            <translation>Terminé</translation>
        </message>
        <message>
            <location filename="../../gui/works.py" />
            <location filename="../../gui/workshop/words.py" />
            <source>{time:duration} left</source>
            <translation>encore {time:duration}</translation>
        </message>
        <message>
            <location filename="../../gui/works.py" />
            <source>The {size:file} that have come are deleted. A later download begins anew.</source>
            <translation>Les {size:file} déjà arrivés sont supprimés. Un nouveau téléchargement recommence depuis le début.</translation>
        </message>
        <message>
            <location filename="../../gui/works.py" />
            <source>What has come of it is deleted. A later download begins anew.</source>
            <translation>Ce qui était déjà arrivé est supprimé. Un nouveau téléchargement recommence depuis le début.</translation>
        </message>
        <message>
            <location filename="../../gui/works.py" />
            <source>{done:file} of {total:file}</source>
            <translation>{done:file} sur {total:file}</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/ask.py" />
            <source>Importance matrices (*.gguf *.dat *.imatrix);;All files (*)</source>
            <translation>Matrices d’importance (*.gguf *.dat *.imatrix);;Tous les fichiers (*)</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/ask.py" />
            <source>Texts (*.txt *.md *.raw *.json);;All files (*)</source>
            <translation>Textes (*.txt *.md *.raw *.json);;Tous les fichiers (*)</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/ask.py" />
            <source>All files (*)</source>
            <translation>Tous les fichiers (*)</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/bench.py" />
            <source>The workshop is still at work; wait, or cancel it first</source>
            <translation>L’atelier travaille encore ; attendez, ou annulez d’abord</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/bench.py" />
            <location filename="../../gui/workshop/workshop_view.py" />
            <source>Workshop</source>
            <translation>Atelier</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/bench.py" />
            <source>Look inside a file</source>
            <translation>Examiner un fichier</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/bench.py" />
            <source>Metadata and tensors</source>
            <translation>Métadonnées et tenseurs</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/bench.py" />
            <source>How to make a model file</source>
            <translation>Comment faire un fichier de modèle</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/bench.py" />
            <source>Reading what it is</source>
            <translation>Lecture de ce que c’est</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/bench.py" />
            <source>Stopped; nothing was finished yet</source>
            <translation>Arrêté ; rien n’était encore terminé</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/bench.py" />
            <source>Stopped; what is finished is kept</source>
            <translation>Arrêté ; ce qui est terminé est gardé</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/bench.py" />
            <source>Choose the weights to work on</source>
            <translation>Choisir les poids à travailler</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/bench.py" />
            <source>Choose the folder of a model</source>
            <translation>Choisir le dossier d’un modèle</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/bench.py" />
            <source>Choose a text to measure over</source>
            <translation>Choisir un texte pour la mesure</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/bench.py" />
            <location filename="../../gui/workshop/place_card.py" />
            <source>Choose the folder for the new file</source>
            <translation>Choisir le dossier du nouveau fichier</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/bench.py" />
            <location filename="../../gui/workshop/place_card.py" />
            <source>Choose an importance matrix</source>
            <translation>Choisir une matrice d’importance</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/bench.py" />
            <source>Choose a text for the model to read</source>
            <translation>Choisir un texte que le modèle lira</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector.py" />
            <location filename="../../gui/workshop/tensor_errors.py" />
            <source>Search</source>
            <translation>Chercher</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector.py" />
            <location filename="../../gui/workshop/tensor_errors.py" />
            <source>Shows the rows that contain these words</source>
            <translation>Montre les lignes qui contiennent ces mots</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector.py" />
            <source>Metadata</source>
            <translation>Métadonnées</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector.py" />
            <source>Tensors</source>
            <translation>Tenseurs</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector.py" />
            <source>Metadata ({n})</source>
            <translation>Métadonnées ({n})</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector.py" />
            <source>Tensors ({n:,})</source>
            <translation>Tenseurs ({n:,})</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector.py" />
            <source>The whole value</source>
            <translation>La valeur entière</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector.py" />
            <source>Nothing here contains “{text}”</source>
            <translation>Rien ici ne contient « {text} »</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector.py" />
            <source>How the values are spread</source>
            <translation>Répartition des valeurs</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector.py" />
            <source>mean {value:.4g}</source>
            <translation>moyenne {value:.4g}</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector.py" />
            <source>standard deviation {value:.4g}</source>
            <translation>écart type {value:.4g}</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector.py" />
            <source>from {n:,} of its values</source>
            <translation>sur {n:,} de ses valeurs</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector.py" />
            <source>{n:,} are no numbers</source>
            <translation>{n:,} ne sont pas des nombres</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector.py" />
            <source>no architecture named</source>
            <translation>aucune architecture nommée</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector.py" />
            <location filename="../../gui/workshop/words.py" />
            <source>{weights} weights</source>
            <translation>{weights} poids</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector.py" />
            <source>GGUF version {n}</source>
            <translation>GGUF version {n}</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector.py" />
            <source>{n} files</source>
            <translation>{n} fichiers</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector.py" />
            <source>Tensors: {types}</source>
            <translation>Tenseurs : {types}</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector.py" />
            <source>{n} names that GGUF has not for this architecture, {first}</source>
            <translation>{n} noms que GGUF n’a pas pour cette architecture, {first}</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector_tables.py" />
            <source>Key</source>
            <translation>Clé</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector_tables.py" />
            <source>Kind</source>
            <translation>Sorte</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector_tables.py" />
            <source>Value</source>
            <translation>Valeur</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector_tables.py" />
            <location filename="../../gui/workshop/tensor_errors.py" />
            <source>Tensor</source>
            <translation>Tenseur</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/inspector_tables.py" />
            <source>Shape</source>
            <translation>Forme</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/job_card.py" />
            <source>Convert</source>
            <translation>Convertir</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/job_card.py" />
            <source>Read the text</source>
            <translation>Lire le texte</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/job_card.py" />
            <source>Quantize</source>
            <translation>Quantifier</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/job_card.py" />
            <source>Add to your models</source>
            <translation>Ajouter à vos modèles</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/job_card.py" />
            <location filename="../../gui/workshop/loss_card.py" />
            <source>Waiting for its turn</source>
            <translation>Attend son tour</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/job_card.py" />
            <source>Stop; it can go on later</source>
            <translation>Arrêter ; on pourra continuer plus tard</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/job_card.py" />
            <source>Open in chat</source>
            <translation>Ouvrir pour discuter</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/job_card.py" />
            <source>Make another</source>
            <translation>En faire un autre</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/job_card.py" />
            <source>Choose another type</source>
            <translation>Choisir un autre type</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/job_card.py" />
            <source>Adding it to your models</source>
            <translation>Ajout à vos modèles</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/job_card.py" />
            <source>{file} is ready</source>
            <translation>{file} est prêt</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/job_card.py" />
            <source>{size:file}, made in {time}</source>
            <translation>{size:file}, fait en {time}</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/job_card.py" />
            <source>Stopping; what is finished is kept</source>
            <translation>Arrêt ; ce qui est terminé est gardé</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/job_card.py" />
            <source>Now {deed}</source>
            <translation>En cours : {deed}</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_card.py" />
            <source>How much worse is it than its source? Both read a text, one after the other, and their guesses at the next word are compared.</source>
            <translation>Combien est-il moins bon que sa source ? Les deux lisent un texte, l’un après l’autre, et leurs attentes du mot suivant sont comparées.</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_card.py" />
            <source>What smaller types of this model lost, as measured before</source>
            <translation>Ce que de plus petits types de ce modèle ont perdu, d’après les mesures précédentes</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_card.py" />
            <source>The text to measure over</source>
            <translation>Le texte de la mesure</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_card.py" />
            <source>The built-in text</source>
            <translation>Le texte fourni</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_card.py" />
            <source>A text of mine…</source>
            <translation>Un texte à moi…</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_card.py" />
            <source>Measure the loss</source>
            <translation>Mesurer la perte</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_card.py" />
            <source>Compare the new file with its source</source>
            <translation>Comparer le nouveau fichier à sa source</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_card.py" />
            <location filename="../../gui/workshop/tensor_errors.py" />
            <source>Error of each tensor</source>
            <translation>Erreur de chaque tenseur</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_card.py" />
            <source>How far each tensor is from the source's</source>
            <translation>L’écart de chaque tenseur avec celui de la source</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_card.py" />
            <source>Stop measuring</source>
            <translation>Arrêter la mesure</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_card.py" />
            <source>What it loses</source>
            <translation>Ce qu’il perd</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_card.py" />
            <source>Stopping</source>
            <translation>Arrêt</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_card.py" />
            <source>What was lost</source>
            <translation>Ce qui a été perdu</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_panel.py" />
            <source>Lower is better, further left is smaller. Point at a dot, or use the arrow keys.</source>
            <translation>Plus bas est meilleur, plus à gauche est plus petit. Pointez un point, ou utilisez les flèches.</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_panel.py" />
            <source>Size and loss of the types that were tried</source>
            <translation>Taille et perte des types essayés</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_panel.py" />
            <source>What the chart shows</source>
            <translation>Ce que montre le graphique</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_panel.py" />
            <source>Chart</source>
            <translation>Graphique</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_panel.py" />
            <source>Size against loss</source>
            <translation>La perte selon la taille</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_panel.py" />
            <source>The same as numbers</source>
            <translation>La même chose en chiffres</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_panel.py" />
            <source>Losses of the types that were tried</source>
            <translation>Pertes des types essayés</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_words.py" />
            <source>Difference from the source</source>
            <translation>Écart avec la source</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_words.py" />
            <source>Worse at predicting the text</source>
            <translation>Prédit moins bien le texte</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_words.py" />
            <source>Another next token</source>
            <translation>Autre jeton suivant</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_words.py" />
            <source>Difference from the source: KL divergence, small values drawn larger</source>
            <translation>Écart avec la source : divergence KL, petites valeurs agrandies</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_words.py" />
            <source>Worse at predicting the text: perplexity, small values drawn larger</source>
            <translation>Prédit moins bien le texte : perplexité, petites valeurs agrandies</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_words.py" />
            <source>Another likeliest next token: share of the text, small values drawn larger</source>
            <translation>Autre jeton suivant le plus probable : part du texte, petites valeurs agrandies</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_words.py" />
            <source>this text</source>
            <translation>ce texte</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_words.py" />
            <source>It chooses the same next token {same}% of the time and is {worse} worse at predicting {text}.</source>
            <translation>Il choisit le même jeton suivant dans {same} % des cas et prédit {text} {worse} moins bien.</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_words.py" />
            <source>It chooses the same next token {same}% of the time and is no worse at predicting {text}.</source>
            <translation>Il choisit le même jeton suivant dans {same} % des cas et ne prédit pas {text} moins bien.</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_words.py" />
            <source>Measured over {n:,} tokens of {text}. Perplexity {ppl:.4g}, the source's {source:.4g}. KL divergence {mean} on average, below {most} for 99% of the tokens.</source>
            <translation>Mesuré sur {n:,} jetons de {text}. Perplexité {ppl:.4g}, celle de la source {source:.4g}. Divergence KL {mean} en moyenne, moins de {most} pour 99 % des jetons.</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_words.py" />
            <source>{size:file}, {bits:.2f} bits a weight · KL divergence {mean} · {worse} worse at predicting · same next token {same:.1f}%</source>
            <translation>{size:file}, {bits:.2f} bits par poids · divergence KL {mean} · prédit {worse} moins bien · même jeton suivant {same:.1f} %</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_words.py" />
            <source>{size:file}, the source, with which the others are compared</source>
            <translation>{size:file}, la source, à laquelle les autres sont comparés</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_words.py" />
            <source>Source {type}</source>
            <translation>Source {type}</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_words.py" />
            <source>Size of the file in {unit}</source>
            <translation>Taille du fichier en {unit}</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_words.py" />
            <source>{text} ({n:,} tokens)</source>
            <translation>{text} ({n:,} jetons)</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_words.py" />
            <source>Bits a weight</source>
            <translation>Bits/poids</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_words.py" />
            <source>KL, average</source>
            <translation>KL, moyenne</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_words.py" />
            <source>KL, 99%</source>
            <translation>KL, 99 %</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_words.py" />
            <source>Same next token</source>
            <translation>Même jeton</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_words.py" />
            <source>Worse at predicting</source>
            <translation>Prédit moins bien</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/measurer.py" />
            <source>The source reads the text</source>
            <translation>La source lit le texte</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/measurer.py" />
            <source>The new model reads the text</source>
            <translation>Le nouveau modèle lit le texte</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/measurer.py" />
            <source>Converting the source for the comparison</source>
            <translation>Conversion de la source pour la comparaison</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/place_card.py" />
            <source>This model is quantized already. Quantizing it again loses more than starting from its F16, BF16 or F32 file would; do it all the same</source>
            <translation>Ce modèle est déjà quantifié. Le quantifier encore perd plus qu’en partant de son fichier F16, BF16 ou F32 ; le faire quand même</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/place_card.py" />
            <source>This type needs an importance matrix: which weights matter most. Choose a file that has one, or a text that the model reads to find out.</source>
            <translation>Ce type demande une matrice d’importance : quels poids comptent le plus. Choisissez un fichier qui en a une, ou un texte que le modèle lit pour le savoir.</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/place_card.py" />
            <source>Name of the new file</source>
            <translation>Nom du nouveau fichier</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/place_card.py" />
            <source>Quantize it again all the same</source>
            <translation>Quantifier à nouveau quand même</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/place_card.py" />
            <source>Make it</source>
            <translation>Créer</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/place_card.py" />
            <source>New file</source>
            <translation>Nouveau fichier</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/place_card.py" />
            <source>in</source>
            <comment>a folder</comment>
            <translation>dans</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/place_card.py" />
            <source>Matrix…</source>
            <translation>Matrice…</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/place_card.py" />
            <source>Text…</source>
            <translation>Texte…</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/place_card.py" />
            <source>Choose a text to find out from</source>
            <translation>Choisir un texte à lire</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/place_card.py" />
            <source>Importance matrix: {file}</source>
            <translation>Matrice d’importance : {file}</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/place_card.py" />
            <source>The model reads {file} to find out which weights matter most.</source>
            <translation>Le modèle lit {file} pour savoir quels poids comptent le plus.</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/place_card.py" />
            <source>Make {type}</source>
            <translation>Créer {type}</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/place_card.py" />
            <source>Make a {type} file of about {size:file}</source>
            <translation>Créer un fichier {type} d’environ {size:file}</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/place_card.py" />
            <source>Go on making the {type} file, from {percent} of this step</source>
            <translation>Continuer le fichier {type}, à {percent} de cette étape</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/source_card.py" />
            <source>Make a model smaller so that it fits this machine, or turn weights of other programs into a GGUF file. Drop a file or folder here, or choose one.</source>
            <translation>Rendez un modèle plus petit pour qu’il tienne sur cette machine, ou faites un fichier GGUF des poids d’autres programmes. Déposez ici un fichier ou un dossier, ou choisissez-en un.</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/source_card.py" />
            <source>Takes GGUF files, Hugging Face folders (safetensors, PyTorch), Meta checkpoints, llama2.c, llm.c and the ggml files of 2023. The source is only read.</source>
            <translation>Prend les fichiers GGUF, dossiers Hugging Face (safetensors, PyTorch), points de contrôle Meta, llama2.c, llm.c et les fichiers ggml de 2023. La source est seulement lue.</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/source_card.py" />
            <source>Choose a file</source>
            <translation>Choisir un fichier</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/source_card.py" />
            <source>A model of the library</source>
            <translation>Un modèle de la bibliothèque</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/source_card.py" />
            <source>Choose what to work on</source>
            <translation>Choisir sur quoi travailler</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/source_card.py" />
            <source>From your models…</source>
            <translation>De vos modèles…</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/source_card.py" />
            <source>Metadata and tensors of this file</source>
            <translation>Métadonnées et tenseurs de ce fichier</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/source_card.py" />
            <source>Choose another</source>
            <translation>Choisir autre chose</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/source_card.py" />
            <source>Choose another source</source>
            <translation>Choisir une autre source</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/target_table.py" />
            <source>Show all types</source>
            <translation>Montrer tous les types</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/target_table.py" />
            <source>{bits:.2f} bits for each weight</source>
            <translation>{bits:.2f} bits pour chaque poids</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/target_table.py" />
            <source>This family cannot be run here yet, so what it would need is not known.</source>
            <translation>Cette famille ne peut pas encore tourner ici, ce qu’il lui faudrait est donc inconnu.</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/target_table.py" />
            <source>Memory = weights + {cache:memory} for a context of {n:,} tokens + {workspace:memory} workspace and {vocabulary:memory} vocabulary. Some small types are unpacked when a model is opened: their weights take more memory than the file takes on the disk.</source>
            <translation>Mémoire = poids + {cache:memory} pour un contexte de {n:,} jetons + {workspace:memory} d’espace de travail et {vocabulary:memory} de vocabulaire. Certains petits types sont dépliés à l’ouverture : ils prennent plus en mémoire que sur le disque.</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/target_table.py" />
            <source>What it means</source>
            <translation>Ce que cela veut dire</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/tensor_errors.py" />
            <source>The error is the root mean square of the difference, as a part of the root mean square of the source's values. A click on a heading sorts.</source>
            <translation>L’erreur est la moyenne quadratique de la différence, rapportée à celle des valeurs de la source. Un clic sur un en-tête trie.</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/tensor_errors.py" />
            <source>Errors of {name}</source>
            <translation>Erreurs de {name}</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/tensor_errors.py" />
            <source>Error</source>
            <translation>Erreur</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/tensor_errors.py" />
            <source>Largest difference</source>
            <translation>Plus grande différence</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/tensor_errors.py" />
            <source>All {n:,} tensors are exactly those of the source</source>
            <translation>Les {n:,} tenseurs sont exactement ceux de la source</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/tensor_errors.py" />
            <source>{n:,} of {all:,} tensors differ; {tensor} the most, by {percent}</source>
            <translation>{n:,} tenseurs sur {all:,} diffèrent ; {tensor} le plus, de {percent}</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/unfinished.py" />
            <source>Stopped while converting, at {percent}. {size:file} are kept, and it can go on from there.</source>
            <translation>Arrêté pendant la conversion, à {percent}. {size:file} sont gardés, on peut continuer de là.</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/unfinished.py" />
            <source>Stopped after converting. {size:file} are kept, and it can go on from there.</source>
            <translation>Arrêté après la conversion. {size:file} sont gardés, on peut continuer de là.</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/unfinished.py" />
            <source>Stopped while reading the text, at {percent}. {size:file} are kept, and it can go on from there.</source>
            <translation>Arrêté pendant la lecture du texte, à {percent}. {size:file} sont gardés, on peut continuer de là.</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/unfinished.py" />
            <source>Stopped after reading the text. {size:file} are kept, and it can go on from there.</source>
            <translation>Arrêté après la lecture du texte. {size:file} sont gardés, on peut continuer de là.</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/unfinished.py" />
            <source>Stopped while quantizing, at {percent}. {size:file} are kept, and it can go on from there.</source>
            <translation>Arrêté pendant la quantification, à {percent}. {size:file} sont gardés, on peut continuer de là.</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/unfinished.py" />
            <source>Stopped after quantizing. {size:file} are kept, and it can go on from there.</source>
            <translation>Arrêté après la quantification. {size:file} sont gardés, on peut continuer de là.</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/unfinished.py" />
            <source>Discard</source>
            <translation>Abandonner</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/unfinished.py" />
            <source>Remove what was made so far; the source stays as it is</source>
            <translation>Supprimer ce qui a été fait jusqu’ici ; la source reste telle quelle</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/unfinished.py" />
            <source>Really discard</source>
            <translation>Abandonner vraiment</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/unfinished.py" />
            <source>Click again to remove what was made so far</source>
            <translation>Cliquez encore pour supprimer ce qui a été fait jusqu’ici</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>Every weight in full; only needed as a source for further work</source>
            <translation>Chaque poids en entier ; utile seulement comme source d’un autre travail</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>16 bits for each weight: as good as the original</source>
            <translation>16 bits par poids : aussi bon que l’original</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>16 bits for each weight, as most new models are trained</source>
            <translation>16 bits par poids, comme sont entraînés la plupart des modèles récents</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>Nearly lossless</source>
            <translation>Presque sans perte</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>Hardly a difference to the original</source>
            <translation>À peine une différence avec l’original</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>Very close to the original</source>
            <translation>Très proche de l’original</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>Very close to the original, a little smaller</source>
            <translation>Très proche de l’original, un peu plus petit</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>The usual balance of size and quality</source>
            <translation>L’équilibre habituel entre taille et qualité</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>A little smaller and a little less exact than Q4_K_M</source>
            <translation>Un peu plus petit et un peu moins exact que Q4_K_M</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>The smallest of the good 4-bit types</source>
            <translation>Le plus petit des bons types à 4 bits</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>Four bits with finer steps where most weights lie</source>
            <translation>Quatre bits, plus fins là où sont la plupart des poids</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>An older 4-bit type: simple and fast everywhere</source>
            <translation>Un ancien type à 4 bits : simple et rapide partout</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>An older 4-bit type, larger than Q4_0</source>
            <translation>Un ancien type à 4 bits, plus grand que Q4_0</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>An older 5-bit type; Q5_K_M is better</source>
            <translation>Un ancien type à 5 bits ; Q5_K_M est meilleur</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>Small, with some loss</source>
            <translation>Petit, avec une certaine perte</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>Small, with some loss that you may notice</source>
            <translation>Petit, avec une perte parfois sensible</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>Small, with clear loss</source>
            <translation>Petit, avec une perte nette</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>Very small, with clear loss</source>
            <translation>Très petit, avec une perte nette</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>Four bits for models made of experts</source>
            <translation>Quatre bits pour les modèles faits d’experts</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>Only for models trained with three values for each weight</source>
            <translation>Seulement pour les modèles entraînés avec trois valeurs par poids</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>Only for models trained with one bit for each weight</source>
            <translation>Seulement pour les modèles entraînés avec un bit par poids</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>Only for models trained with two bits for each weight</source>
            <translation>Seulement pour les modèles entraînés avec deux bits par poids</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>As small as can be; answers suffer much</source>
            <translation>Aussi petit que possible ; les réponses en souffrent beaucoup</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>Very small, better than Q2_K at its size</source>
            <translation>Très petit, meilleur que Q2_K à sa taille</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>Small, better than Q3_K at its size</source>
            <translation>Petit, meilleur que Q3_K à sa taille</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>What the weights are now; only the file becomes another</source>
            <translation>Ce que les poids sont maintenant ; seul le fichier devient autre</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>Needs an importance matrix</source>
            <translation>Demande une matrice d’importance</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>{type}, weighed</source>
            <translation>{type}, pondéré</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/words.py" />
            <source>less than a second</source>
            <translation>moins d’une seconde</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/workshop_view.py" />
            <source>Drop a file or folder to work on it</source>
            <translation>Déposez un fichier ou un dossier pour y travailler</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/workshop_view.py" />
            <source>Look inside a model file</source>
            <translation>Examiner un fichier de modèle</translation>
        </message>
    </context>
</TS>
