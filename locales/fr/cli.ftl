# La ligne de commande : ce qui n’a pas pu se faire.
cli-away = { $system } : { $why }.
cli-away-telegram = Telegram ne répond pas : { $why }.
cli-away-database = Base de données : { $why }.
cli-away-other-database = L’autre base de données : { $why }.
cli-away-backup = Sauvegarde : { $why }.
cli-away-files = { $why }.
cli-fault = Défaut de Préau lui-même : { $why }.
cli-nothing-typed = Rien n’a été tapé : une réponse est attendue au terminal. Rien n’est fait.
cli-why-no-connection = pas de connexion
cli-why-broke = la connexion s’est coupée
cli-why-no-answer = pas de réponse à temps
cli-why-no-tls = pas de connexion chiffrée (TLS)
cli-why-io = lecture ou écriture impossible
cli-why-in-use = { $place } sert déjà à un autre preau, arrêtez-le d’abord
cli-why-in-use-shared = elle sert déjà à un autre preau, arrêtez-le d’abord (un programme tué est oublié après dix secondes)
cli-why-port = { $place } sert déjà à un autre programme
cli-why-moved = un autre preau la déplace ou la restaure en ce moment, réessayez ensuite
cli-why-denied = accès refusé
cli-why-absent = cela n’existe pas
cli-why-no-folder = un fichier s’y trouve, pas un dossier
cli-why-read-only = le système de fichiers est en lecture seule
cli-why-full = il n’y a plus de place sur le disque
cli-why-full-there = il n’y a plus de place sur le disque du serveur de la base
cli-why-file = un fichier ne s’ouvre pas
cli-why-wait = il demande d’attendre { $seconds } s
cli-why-of = { $what } : { $why }
cli-why-open = Impossible d’ouvrir { $place }
cli-why-make = Impossible de créer { $place }
cli-no-token = telegram.token n’est pas réglé : donnez-le par PREAU__TELEGRAM__TOKEN, ou dans le fichier que nomme telegram.token_file. Rien n’est encore réglé ici ? « preau init » pose les questions.
cli-no-token-for-link = telegram.token n’est pas réglé, et le lien mène au bot : donnez-le par PREAU__TELEGRAM__TOKEN, ou dans le fichier que nomme telegram.token_file. Rien n’est encore réglé ici ? « preau init » pose les questions.
cli-pending = { $count ->
    [one] { $count } changement des tables attend
   *[other] { $count } changements des tables attendent
} : arrêtez Préau, puis « preau migrate ».
cli-newer = { $place } a été écrite par une version plus récente de Préau : installez cette version.
cli-no-database = Pas de base de données de Préau dans { $place } : tapez la commande dans le dossier de « preau run », ou nommez sa configuration avec --config. Si Préau n’a jamais tourné : « preau init », puis « preau migrate ».
cli-no-row = { $id } n’est pas un envoi abandonné ou incertain : « preau outbox list » les montre.
cli-file-there = { $file } existe déjà : nommez un autre fichier.
cli-file-absent = { $file } n’existe pas.
cli-file-unreadable = { $file } : { $why }.
cli-not-empty = { $place } n’est pas vide ; --replace retire d’abord ce qu’elle contient.
cli-same-database = { $key } nomme la base de database.url elle-même.
cli-no-target = Il faut --to ou --to-file pour nommer une base.
cli-no-admin-listen = web.admin_listen est vide : il n’y a personne à interroger.
cli-health-away = { $address } ne répond pas : { $why }.
cli-clock-source = clock.source doit valoir « machine ».
cli-migrated = { $place } : { $count ->
    [one] { $count } migration faite
   *[other] { $count } migrations faites
}, dont { $now } à l’instant.
cli-store-moved = Tout est pareil des deux côtés : { $old } → { $new }. Réglez maintenant database.url (PREAU__DATABASE__URL) sur la nouvelle.
cli-store-unrecorded = Copié : tout est dans { $new }, à l’identique. Seule manque l’écriture dans les deux journaux. { $why }
cli-password-seen = --to contient un mot de passe que d’autres comptes de cette machine peuvent voir ; mieux : --to-file FICHIER.
cli-saved = Sauvegardé dans { $file }, scellé en entier. Seule la clé des secrets de cette machine (secrets.key_file) l’ouvre, et elle n’y est pas : gardez-en une copie ailleurs.
cli-restored = { $file } est de retour dans { $place }.
cli-table-name = table
cli-table-rows = lignes
cli-table-hash = sha256 (somme des lignes)
cli-table-total = { $rows ->
    [one] { $rows } ligne
   *[other] { $rows } lignes
} dans { $tables ->
    [one] { $tables } table
   *[other] { $tables } tables
}
cli-outbox-nothing = Rien n’attend.
cli-outbox-again = { $id } : essayé de nouveau.
cli-outbox-kind = genre
cli-outbox-state = état
cli-outbox-due = prévu
cli-outbox-key = clé
cli-outbox-why = pourquoi
cli-row-scheduled = prévu
cli-row-executing = en cours
cli-row-retryable = à refaire
cli-row-completed = fait
cli-row-cancelled = annulé
cli-row-discarded = abandonné
cli-row-unknown = incertain
cli-not-as-owner = Cette commande continue comme propriétaire de { $place }, et n’y arrive pas : { $why }.
cli-bench-school = Un banc d’essai ne touche aucune école : cette base connaît déjà des personnes ou des classes. Nommez une base vide par PREAU__DATABASE__URL.
cli-bench-loopback = Un banc d’essai écrit à des groupes inventés : telegram.api_url doit être une adresse de cette machine (127.0.0.1).
