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
cli-why-read-only = le système de fichiers est en lecture seule
cli-why-full = il n’y a plus de place sur le disque
cli-why-of = { $what } : { $why }
cli-why-open = Impossible d’ouvrir { $place }
cli-why-make = Impossible de créer { $place }
cli-no-token = telegram.token n’est pas réglé : donnez-le par PREAU__TELEGRAM__TOKEN, ou dans le fichier que nomme telegram.token_file.
cli-no-token-for-link = telegram.token n’est pas réglé, et le lien mène au bot : donnez-le par PREAU__TELEGRAM__TOKEN, ou dans le fichier que nomme telegram.token_file.
cli-pending = { $count ->
    [one] { $count } changement des tables attend
   *[other] { $count } changements des tables attendent
} : arrêtez Préau, puis « preau migrate ».
cli-newer = { $place } a été écrite par une version plus récente de Préau : installez cette version.
cli-no-database = Pas de base de données de Préau dans { $place } : tapez la commande dans le dossier de « preau run », ou nommez sa configuration avec --config.
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
cli-not-as-owner = Cette commande continue comme propriétaire de { $place }, et n’y arrive pas : { $why }.
