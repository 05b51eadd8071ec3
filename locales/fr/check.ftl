check-well = ✓ { $said }
check-note = · { $said }
check-missing = ✗ { $said }
check-configuration = Configuration lue : { $school }, fuseau horaire { $zone }.
check-sandbox = L’heure vient du bac à sable (clock.source) : rien ici n’est une vraie école.
check-secret-exposed = Le fichier { $file } tient un secret et d’autres comptes de la machine peuvent le lire. Corrigez : chmod 600 { $file } s’il est à votre compte ; pour le service, chown root:preau { $file } et chmod 640 { $file }.
check-key-unread = La clé des secrets (secrets.key_file) ne se lit pas : { $why } Elle doit être au compte du service (chown preau), lisible par lui seul (chmod 600).
check-store = Base de données ouverte : { $engine }, { $place }, { $count ->
    [one] { $count } migration faite
   *[other] { $count } migrations faites
}.
check-store-pending = { $count ->
    [one] { $count } migration sera faite
   *[other] { $count } migrations seront faites
} au prochain « preau run » (ou tout de suite par « preau migrate »).
check-store-empty = La base { $place } est encore vide : « preau migrate » ou « preau run » y fait ses tables.
check-store-absent = La base { $place } n’existe pas encore : « preau migrate » ou « preau run » la crée.
check-store-newer = La base { $place } a été écrite par une version plus récente de Préau : installez celle-ci.
check-store-away = La base de données ne répond pas : { $why }. Vérifiez database.url.
check-telegram = Telegram répond : le bot est @{ $bot }.
check-telegram-token = Le jeton du bot manque. Demandez-le à @BotFather et donnez-le par PREAU__TELEGRAM__TOKEN, ou dans le fichier que nomme telegram.token_file. Rien n’est encore réglé ici ? « preau init » pose les questions.
check-telegram-away = Telegram ne répond pas à { $address }. Vérifiez le réseau et telegram.api_url.
check-telegram-no-groups = Le bot ne peut être ajouté à aucun groupe. Chez @BotFather : /setjoingroups, puis Enable.
check-telegram-reads-all = Le bot peut lire tous les messages des groupes ; ce qui n’est pas pour lui est jeté sans être gardé. Pour le lui interdire là où il n’est pas administrateur : @BotFather, /setprivacy, Enable.
check-telegram-reads-little = Dans les groupes où il n’est pas administrateur, le bot ne lit que ce qui lui est adressé.
check-classes-none = Aucune classe encore : un administrateur importe l’emploi du temps (« preau invite --role admin » crée le premier).
check-rule-class = « { $class } » a sa propre règle de présence (attendance.classes), mais aucune classe ne porte ce nom : corrigez-le.
check-language-class = « { $class } » a sa propre langue (classroom.languages), mais aucune classe ne porte ce nom : corrigez-le.
check-groups = { $classes ->
    [one] { $classes } classe
   *[other] { $classes } classes
}, { $groups ->
    [0] aucun groupe adopté
    [one] { $groups } groupe adopté
   *[other] { $groups } groupes adoptés
}. Pour en adopter un : /adopter dans le groupe.
check-group-rights = Groupe « { $group } » : dans ses réglages, donnez au bot les droits d’administrateur qui lui manquent :
check-outbox-troubled = { $count ->
    [one] { $count } envoi est abandonné, ou peut-être pas parti
   *[other] { $count } envois sont abandonnés, ou peut-être pas partis
} : « preau outbox list » les montre.
check-alert = Canal d’alerte connecté : les administrateurs sont prévenus même sans Telegram.
check-alert-none = Aucun canal d’alerte : si Telegram tombe, personne n’est prévenu. Réglez alert.smtp_host, alert.mail_to et alert.mail_from, ou alert.webhook_url.
check-webhook-away = L’adresse des alertes (alert.webhook_url) ne répond pas : { $why }. Vérifiez-la, et le réseau.
check-admin-none = web.admin_listen est vide : ni /healthz, ni /readyz, ni /metrics.
check-web-unused = web.listen ou web.public_url sont réglés, mais rien n’y est encore servi : seul web.admin_listen répond.
check-end-well = Tout le nécessaire est là.
check-end-broken = Préau peut tourner. Ce qui est réglé et ne marche pas est marqué ✗.
check-end-missing = Il manque quelque chose de nécessaire : voir les lignes marquées ✗.
check-invited = Ce lien fait un administrateur, une seule fois, jusqu’à { $until } ({ $zone }). Envoyez-le à une seule personne.
check-telegram-webhook = Telegram envoie les messages du bot à { $host } (un « webhook ») : tant qu’il est là, rien n’arrive ici. « preau run » le retire en démarrant. S’il revient, un autre programme a le jeton : arrêtez-le, ou changez le jeton chez @BotFather (/revoke).
check-mail = Les liens personnels peuvent partir par mail, de { $from }.
check-mail-none = Les liens personnels ne partent pas par mail. Pour le permettre, réglez alert.smtp_host et mail.from.
check-mail-away = Le serveur de mail (alert.smtp_host) ne répond pas comme il faut : { $why }. Vérifiez alert.smtp_host, smtp_port, smtp_tls, smtp_user et son mot de passe.
check-privacy-contact-none = Personne n’est nommé pour les questions sur les données (/confidentialite) : réglez school.privacy_contact.
check-caller-none = Aucun compte appelant : ni groupes créés, ni appels vidéo. Pour en avoir un : telegram.caller.api_id et telegram.caller.api_hash_file (my.telegram.org), puis « preau login ».
check-caller-not-signed = Un compte appelant est prévu, mais aucun n’est connecté : tapez « preau login ».
check-caller-no-api = Un compte appelant est connecté, mais telegram.caller.api_id et telegram.caller.api_hash_file manquent : remettez-les (my.telegram.org).
check-caller = Compte appelant connecté à Telegram : { $name }.
check-caller-served = Compte appelant { $name } : connecté, et le « preau run » qui tourne s’en sert.
check-caller-hindered = Compte appelant { $name } : { $trouble }
check-caller-lost = Compte appelant { $name } : perdu depuis le { $since } ({ $why }). Tapez { $remedy }.
check-caller-gone = Compte appelant { $name } : { $why }. Tapez { $remedy }.
check-caller-away = Compte appelant { $name } : Telegram ne répond pas ({ $why }). Vérifiez le réseau : ses serveurs doivent être joignables directement, sans proxy.
check-caller-shut = Compte appelant { $name } : { $why }
check-caller-one = Un seul compte appelant : si Telegram le bloque, les appels s’arrêtent. Un second, de réserve, prend le relais tout seul (« preau login » encore une fois).
check-secrets-rotated = { $count ->
    [0] Nouvelle clé en place ; il n’y avait encore aucun secret.
    [one] Nouvelle clé en place : { $count } secret est scellé avec elle.
   *[other] Nouvelle clé en place : { $count } secrets sont scellés avec elle.
}
check-secrets-given = Maintenant, mettez la nouvelle clé dans PREAU__SECRETS__KEY et retirez PREAU__SECRETS__NEW_KEY. L’ancienne n’ouvre plus que les sauvegardes d’avant : gardez-la pour elles.
check-live-title = Essai avec le compte { $name }.
check-live-left = Un essai interrompu avait laissé un groupe : effacé.
check-live-group = Groupe d’essai « { $title } » créé : ce compte peut créer les groupes des classes.
check-live-call = Appel ouvert : il peut ouvrir ceux des cours.
check-live-look = L’appel se lit sans y être : la présence est visible.
check-live-ask = À vous, dans les { $seconds } secondes : ouvrez ce lien sur un téléphone, entrez dans le groupe, puis rejoignez l’appel.
check-live-pushed = Quelqu’un est entré, vu après { $seconds } s, et Telegram l’a annoncé sans que le compte soit dans l’appel : Préau regarde aussitôt.
check-live-polled = Quelqu’un est entré, vu après { $seconds } s. Telegram ne l’a pas annoncé : Préau le voit en regardant, toutes les { $pace } secondes environ.
check-live-nobody = Personne n’est entré : on ne sait pas si Telegram annonce les arrivées. La présence n’en dépend pas.
check-live-ended = Appel fermé.
check-live-deleted = Groupe d’essai effacé : il ne reste rien.
check-live-stopped = Interrompu : je range.
check-live-failed = { $step } : Telegram ne l’a pas fait ({ $why }).
check-live-step-group = Créer un groupe
check-live-step-call = Ouvrir un appel
check-live-step-look = Lire l’appel
check-live-step-link = Faire un lien vers le groupe
check-live-step-end = Fermer l’appel
check-live-step-delete = Effacer le groupe
check-live-by-hand = Le groupe « { $title } » est peut-être encore là : effacez-le dans l’application de ce compte.
check-backup = Sauvegarde chaque jour à partir de { $hour }, dans { $folder } ; { $keep ->
    [one] { $keep } est gardée
   *[other] { $keep } sont gardées
}.
check-backup-sealed = Seule la clé des secrets (secrets.key_file) ouvre les sauvegardes : gardez-en une copie ailleurs que sur cette machine.
check-backup-last = Dernière sauvegarde : { $at }.
check-backup-failed = La sauvegarde du { $at } a échoué : { $why }. Vérifiez backup.folder, la place sur son disque et sur celui de la base, et les droits.
check-backup-none = Préau ne se sauvegarde pas de lui-même. Pour qu’il le fasse chaque jour, réglez backup.folder ; sinon, « preau backup » chaque nuit.
check-admin-page = Page d’administration : { $address }, suivi du jeton (celui de web.admin_token_file).
check-admin-page-off = Aucune page d’administration : mettez un jeton d’au moins 16 lettres dans un fichier que le service peut lire (chown root:preau et chmod 640), et son chemin dans web.admin_token_file.
