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
            <location filename="../../gui/library/defaults_form.py" />
            <location filename="../../gui/settings/settings_view.py" />
            <source>Context</source>
            <translation>Contexte</translation>
        </message>
        <message>
            <location filename="../../gui/discover/model_page.py" />
            <source>This model cannot run here</source>
            <translation>Ce modèle ne peut pas tourner ici</translation>
        </message>
        <message>
            <location filename="../../gui/discover/offer_row.py" />
            <source>Until it begins to answer a text of ten pages</source>
            <translation>Jusqu’à ce qu’il commence à répondre à un texte de dix pages</translation>
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
            <translation>Sur cette machine</translation>
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
            <location filename="../../gui/library/menus.py" />
            <source>Chat</source>
            <translation>Discuter</translation>
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
            <location filename="../../gui/discover/offer_table.py" />
            <source>Get</source>
            <translation>Obtenir</translation>
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
            <translation>Mesurer à nouveau</translation>
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
            <translation>Comme d’habitude</translation>
        </message>
        <message>
            <location filename="../../gui/library/defaults_form.py" />
            <source>F16: the usual precision</source>
            <translation>F16 : la précision habituelle</translation>
        </message>
        <message>
            <location filename="../../gui/library/defaults_form.py" />
            <source>F32: twice as large</source>
            <translation>F32 : deux fois plus grand</translation>
        </message>
        <message>
            <location filename="../../gui/library/defaults_form.py" />
            <source>Q8_0: half as large</source>
            <translation>Q8_0 : deux fois plus petit</translation>
        </message>
        <message>
            <location filename="../../gui/library/defaults_form.py" />
            <source>model’s own</source>
            <translation>propre au modèle</translation>
        </message>
        <message>
            <location filename="../../gui/library/defaults_form.py" />
            <source>System prompt</source>
            <translation>Invite système</translation>
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
            <source>As in Settings</source>
            <translation>Comme dans les paramètres</translation>
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
            <location filename="../../gui/settings/settings_view.py" />
            <source>Threads</source>
            <translation>Fils</translation>
        </message>
        <message>
            <location filename="../../gui/library/defaults_form.py" />
            <source>Cache</source>
            <translation>Cache</translation>
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
            <location filename="../../gui/library/defaults_form.py" />
            <location filename="../../gui/library/detail.py" />
            <location filename="../../gui/settings/settings_view.py" />
            <source>{n:,} tokens</source>
            <translation>{n:,} jetons</translation>
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
            <translation>Voir dedans</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>Metadata and tensors of the file</source>
            <translation>Métadonnées et tenseurs du fichier</translation>
        </message>
        <message>
            <location filename="../../gui/library/detail.py" />
            <source>More</source>
            <translation>Plus</translation>
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
            <translation>Dernière utilisation</translation>
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
            <location filename="../../gui/library/model_list.py" />
            <location filename="../../gui/library/parts.py" />
            <location filename="../../gui/settings/settings_view.py" />
            <source>Models</source>
            <translation>Modèles</translation>
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
            <source>Rename</source>
            <translation>Renommer</translation>
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
            <source>Search models</source>
            <translation>Chercher des modèles</translation>
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
            <source>Cannot be read</source>
            <translation>Illisible</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>never</source>
            <translation>jamais</translation>
        </message>
        <message>
            <location filename="../../gui/library/words.py" />
            <source>yesterday</source>
            <translation>hier</translation>
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
            <location filename="../../gui/settings/settings_view.py" />
            <source>None</source>
            <translation>Aucun</translation>
        </message>
        <message>
            <location filename="../../gui/settings/folders_card.py" />
            <source>Watch {file} no more</source>
            <translation>Ne plus surveiller {file}</translation>
        </message>
        <message>
            <location filename="../../gui/settings/network_card.py" />
            <source>When I ask for something</source>
            <translation>Quand je demande quelque chose</translation>
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
            <source>Your system looks up the names of these hosts, as for every program. Nothing is sent of how you use Chaski, and it looks for no updates. A link that you click opens in your browser.</source>
            <translation>Votre système cherche les noms de ces hôtes, comme pour tout programme. Rien n’est envoyé de votre usage de Chaski, et il ne cherche pas de mises à jour. Un lien sur lequel vous cliquez s’ouvre dans votre navigateur.</translation>
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
            <translation>Sur batterie ou en cas de chaleur</translation>
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
            <source>Of buttons and sentences, from the next start on; models write in whatever language you do.</source>
            <translation>Des boutons et des phrases, dès le prochain démarrage ; les modèles écrivent dans votre langue quelle qu’elle soit.</translation>
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
            <translation>Un hôte discret</translation>
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
            <source>Preset</source>
            <translation>Préréglage</translation>
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
            <source>Full context</source>
            <translation>Contexte plein</translation>
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
            <translation>Les valeurs propres au modèle</translation>
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
            <source>Forget it</source>
            <translation>L’oublier</translation>
        </message>
        <message>
            <location filename="../../gui/settings/token_card.py" />
            <source>No token is kept</source>
            <translation>Aucun jeton d’accès n’est gardé</translation>
        </message>
        <message>
            <location filename="../../gui/workers.py" />
            <source>{words}.</source>
            <translation>{words}.</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/ask.py" />
            <source>Model files (*.gguf);;All files (*)</source>
            <translation>Fichiers de modèle (*.gguf);;Tous les fichiers (*)</translation>
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
            <translation>Voir dans un fichier</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/bench.py" />
            <source>Metadata and tensors</source>
            <translation>Métadonnées et tenseurs</translation>
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
            <location filename="../../gui/workshop/loss_card.py" />
            <source>Cancel</source>
            <translation>Annuler</translation>
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
            <source>Table</source>
            <translation>Tableau</translation>
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
            <translation>Bits par poids</translation>
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
            <translation>Même jeton suivant</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_words.py" />
            <source>Worse at predicting</source>
            <translation>Prédit moins bien</translation>
        </message>
        <message>
            <location filename="../../gui/workshop/loss_words.py" />
            <source>Text</source>
            <translation>Texte</translation>
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
            <source>Continue</source>
            <translation>Continuer</translation>
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
            <translation>Mémoire = poids + {cache:memory} pour un contexte de {n:,} jetons + {workspace:memory} d’espace de travail et {vocabulary:memory} de vocabulaire. Certains petits types sont dépliés à l’ouverture du modèle : leurs poids prennent plus de mémoire que le fichier n’en prend sur le disque.</translation>
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
            <source>none</source>
            <translation>aucune</translation>
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
            <source>{time:duration} left</source>
            <translation>encore {time:duration}</translation>
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
            <translation>Voir dans un fichier de modèle</translation>
        </message>
    </context>
</TS>
