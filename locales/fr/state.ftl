state-menu = Mon état, ce qui attend
state-title = { $school } · { $now }
state-well = Tout va bien.
state-look = { $count ->
    [one] { $count } point à regarder.
   *[other] { $count } points à regarder.
}
state-now = En ce moment :
state-line = · { $line }
state-stuck = { $count ->
    [one] { $count } envoi attend
   *[other] { $count } envois attendent
} depuis plus de { $minutes } minutes. Je continue d’essayer ; « preau check » sur la machine dit ce qui ne répond pas.
state-doubts = { $count ->
    [one] { $count } envoi peut-être pas parti : à vous de décider.
   *[other] { $count } envois peut-être pas partis : à vous de décider.
}
state-dead = { $count ->
    [one] { $count } envoi que j’ai dû abandonner.
   *[other] { $count } envois que j’ai dû abandonner.
}
state-agreements = { $count ->
    [one] { $count } accord attendu
   *[other] { $count } accords attendus, le premier
} avant le { $until }.
state-weak = Groupe « { $group } » : il me manque { $count ->
    [one] { $count } droit
   *[other] { $count } droits
}. /adopter dans le groupe dit lesquels.
state-weak-more = { $count ->
    [one] Et { $count } autre groupe.
   *[other] Et { $count } autres groupes.
}
state-groupless = { $count ->
    [one] { $count } classe sans groupe
   *[other] { $count } classes sans groupe
} : { $names }. Pour en lier un : /adopter dans le groupe.
state-coming = { $count ->
    [one] Groupe à créer : { $count }, le { $day } ; /classes montre lequel.
   *[other] Groupes à créer : { $count }, d’ici au { $day } ; /classes montre lesquels.
}
state-no-classes = Aucune classe. Envoyez-moi votre emploi du temps Excel, ou prenez le modèle : /modele.
state-no-alert = Aucun canal d’alerte : si Telegram tombe, personne n’est prévenu. Sur la machine, réglez alert.smtp_host, alert.mail_to et alert.mail_from, ou alert.webhook_url.
state-alert = Canal d’alerte : réglé, aucune alerte encore (« preau check » l’essaie).
state-alert-last = Canal d’alerte : la dernière, { $at }.
state-updates = Lecture : dernier message, { $at }{ $count ->
    [0] .
    [one] {" "}; { $count } attend.
   *[other] {" "}; { $count } attendent.
}
state-updates-never = Lecture : aucun message encore, ou plus depuis deux jours{ $count ->
    [0] .
    [one] {" "}; { $count } attend.
   *[other] {" "}; { $count } attendent.
}
state-waiting = Envois : le dernier, { $at }{ $count ->
    [0] .
    [one] {" "}; { $count } attend ou part.
   *[other] {" "}; { $count } attendent ou partent.
}
state-waiting-never = Envois : aucun encore, ou plus depuis deux jours{ $count ->
    [0] .
    [one] {" "}; { $count } attend ou part.
   *[other] {" "}; { $count } attendent ou partent.
}
state-next = Ensuite : { $what }, { $at }.
state-next-none = Ensuite : rien n’est prévu.
state-classes = Classes : { $classes }, dont { $groups } avec un groupe.
state-people = Reliés à Telegram : { $people }.
state-people-student = élèves { $linked } sur { $all }
state-people-teacher = enseignants { $linked } sur { $all }
state-people-supervisor = vie scolaire { $linked } sur { $all }
state-people-manager = responsables { $linked } sur { $all }
state-people-admin = administrateurs { $linked } sur { $all }
state-numbered = { $number }. { $sentence }
state-doubt = Peut-être non envoyé : { $what }. Je ne l’ai pas renvoyé, pour ne pas le doubler.
state-missed = Non parti à temps : { $what }. Je ne l’ai pas envoyé après coup.
state-overdue-again = En retard : { $what }. Ce n’est pas encore passé ; je réessaie à { $at }.
state-overdue-turn = En retard : { $what }. On m’a demandé d’attendre : pas avant le { $at }.
state-overdue-queued = En retard : { $what }. J’essaie, ou j’attends ce qui doit passer avant.
state-failed = Je n’ai pas réussi : { $what }. J’ai essayé plusieurs fois.
state-what-lesson = { $kind } ({ $class }, { $subject }, { $start })
state-what = { $kind } ({ $due })
state-more = { $count ->
    [one] Et { $count } autre. /etat les montre.
   *[other] Et { $count } autres. /etat les montre.
}
state-all-settled = C’est réglé : il n’y a plus rien à décider ici.
state-retried = Je réessaie : { $what }.
state-forgotten = Oublié : { $what }.
state-retry-key = Réessayer
state-forget-key = Oublier
state-retry-key-number = Réessayer le { $number }
state-forget-key-number = Oublier le { $number }
state-recall-key = Annuler ({ $minutes } min)
state-retried-alert = Je réessaie.
state-forgotten-alert = Oublié.
state-recalled-alert = C’est remis dans la liste.
state-settled-alert = C’était déjà réglé, ou il est trop tard pour que ce soit utile.
state-too-late-alert = Trop tard pour annuler.
state-restored = La base vient d’être restaurée d’une sauvegarde. Ce qui devait partir avant maintenant ne part plus, pour ne rien envoyer deux fois :
state-restored-reminders = { $count ->
    [one] { $count } rappel de cours d’avant la restauration n’a pas été renvoyé.
   *[other] { $count } rappels de cours d’avant la restauration n’ont pas été renvoyés.
}
state-restored-others = { $count ->
    [one] { $count } autre message n’a pas été renvoyé.
   *[other] { $count } autres messages n’ont pas été renvoyés.
}
state-restored-doubts = { $count ->
    [one] { $count } envoi était en cours : peut-être parti. /etat le montre.
   *[other] { $count } envois étaient en cours : peut-être partis. /etat les montre.
}
state-restored-since = Ce qui a été fait depuis la sauvegarde n’y est pas : refaites-le si besoin. Ce qui est prévu pour la suite partira.
state-kind-telegram-answer = une réponse à quelqu’un
state-kind-telegram-press = la réponse à un bouton
state-kind-telegram-delete = l’effacement d’un message
state-kind-telegram-menus = la mise à jour des menus
state-kind-group-queue = la liste des groupes à créer
state-kind-group-make = la création d’un groupe de classe
state-kind-group-equip = l’installation d’un groupe de classe
state-kind-group-greet = le mot d’accueil d’un groupe
state-kind-group-tend = la vérification des groupes
state-kind-group-rights = les droits des enseignants dans un groupe
state-kind-group-compare = la comparaison des membres d’un groupe
state-kind-group-remove = la sortie d’un groupe de qui n’est pas de la classe
state-kind-group-photo = la photo d’un groupe
state-kind-classroom-adopt = le lien entre un groupe et sa classe
state-kind-classroom-grouped = les rappels d’une classe qui vient d’avoir son groupe
state-kind-classroom-rights = la vérification de mes droits dans un groupe
state-kind-classroom-hush = l’effacement d’une ligne « a quitté le groupe »
state-kind-classroom-standing = la question de savoir qui est dans un groupe
state-kind-roster-approve-join = l’entrée d’une personne dans son groupe
state-kind-roster-decline-join = le refus d’une entrée dans un groupe
state-kind-roster-decline-note = l’explication d’un refus d’entrée
state-kind-roster-welcome = un mot de bienvenue
state-kind-roster-tell = un message à la vie scolaire
state-kind-roster-menu = la mise à jour d’un menu personnel
state-kind-roster-mail = un lien personnel par mail
state-kind-roster-depart = la sortie d’un groupe de classe
state-kind-roster-links = un fichier de liens personnels
state-kind-approval-show = une demande d’accord
state-kind-approval-outcome = le résultat d’une demande d’accord
state-kind-approval-expire = la fin d’une demande d’accord
state-kind-session-remind = un rappel de cours
state-kind-session-notice = un avis de changements à une classe
state-kind-session-arrange = la préparation des rappels et des feuilles
state-kind-session-show = la mise à jour du message d’un cours
state-kind-attendance-open = l’ouverture d’une feuille de présence
state-kind-attendance-close = la clôture d’une feuille de présence
state-kind-attendance-nudge = la vérification d’une feuille à valider
state-kind-attendance-tell-nudge = une relance pour une feuille à valider
state-kind-attendance-lock = le verrouillage des anciennes feuilles
state-kind-attendance-roll = l’appel envoyé à l’enseignant
state-kind-attendance-follow = une mise à jour de l’appel
state-kind-attendance-ask = la feuille à valider, envoyée à l’enseignant
state-kind-attendance-report = le bilan d’un cours dans le groupe
state-kind-attendance-file = le fichier d’une feuille validée
state-kind-attendance-change = un changement tardif d’une feuille
state-kind-attendance-contested = une contestation à décider
state-kind-attendance-decided = la réponse à une contestation
state-kind-workbook-read = la lecture d’un emploi du temps
state-kind-workbook-apply = l’application d’un emploi du temps
state-kind-workbook-rest = la suite d’un grand emploi du temps
state-kind-workbook-leave = les départs des groupes après un import
state-kind-workbook-show = un message sur un emploi du temps envoyé
state-kind-workbook-over = la fin d’une demande d’accord
state-kind-workbook-undo = l’annulation d’un import
state-kind-workbook-annotate = l’envoi du fichier annoté
state-kind-workbook-template = l’envoi du modèle d’emploi du temps
state-kind-workbook-forget = l’effacement des imports anciens
state-kind-journal-file = le fichier du journal
state-kind-state = un avis d’ennui aux administrateurs
state-kind-unknown = une tâche ({ $kind })
state-kind-roster-walked-out = un mot sur qui a quitté le groupe
state-kind-roster-stray = le départ des groupes d’un compte délié
state-kind-roster-forget = l’effacement des comptes de qui a quitté l’école
state-kind-call-open = l’ouverture d’un appel vidéo
state-kind-call-end = la fin d’un appel vidéo
state-kind-call-look = un regard dans un appel vidéo
state-kind-call-find = la recherche d’un appel rouvert
state-kind-call-show = le message d’un appel dans un groupe
state-kind-call-board = l’annonce d’un appel à un enseignant
state-kind-call-say = un mot de l’enseignant au groupe
state-kind-caller-lost = l’annonce d’un compte appelant perdu
state-kind-caller-shut = l’annonce d’un compte appelant qui ne s’ouvre pas
state-kind-caller-away = l’annonce d’un compte appelant sans réponse
state-kind-caller-left = la reprise des groupes d’un compte perdu
state-kind-call-nobody = la vérification que quelqu’un est là
state-caller-trouble = Compte appelant { $name } : { $trouble }
state-caller-unsigned = Compte appelant : prévu, mais aucun n’est connecté, donc pas d’appel vidéo. Sur le serveur : « preau login ».
state-caller-no-api = Compte appelant : telegram.caller.api_id et telegram.caller.api_hash_file manquent, et sans eux Telegram peut le refuser. Remettez-les sur le serveur (my.telegram.org).
state-caller-none = Compte appelant : aucun, donc ni appels vidéo ni groupes créés. Sur le serveur, « preau check » dit comment en avoir un.
state-callers = { $count ->
    [one] Compte appelant
   *[other] Comptes appelants
} : { $names }.
state-backup = Sauvegarde : la dernière, { $at } ; la prochaine, { $next }.
state-backup-never = Sauvegarde : la première, { $next }.
state-backup-none = Sauvegarde : aucune ne se fait toute seule. Sur le serveur, « preau check » dit comment.
state-imported = Emploi du temps : dernier import, { $at }.
state-imported-never = Emploi du temps : aucun import encore.
state-calls = Appels vidéo : le dernier, { $at } ; le prochain, { $next }.
state-calls-last = Appels vidéo : le dernier, { $at }.
state-calls-next = Appels vidéo : le premier, { $next }.
state-from-hour = à partir de { $at }
state-from-moment = à partir du { $at }
state-store = Base de données : elle répond ({ $engine }).
state-telegram-away = Telegram ne répond plus depuis le { $since }. Ce qui est dû part dès qu’il répond.
state-telegram-was-away = Telegram n’a pas répondu du { $since } à { $until }. Ce qui pouvait encore partir est parti ; ce qui était trop tard est dit à part.
state-store-away = La base de données ne se laisse plus écrire depuis le { $since }. Tout attend.
state-store-was-away = La base de données ne s’est pas laissé écrire du { $since } à { $until }. Ce qui attendait est repris ; ce qui était trop tard est dit à part.
state-backup-failed = Sauvegarde : celle du jour a échoué ({ $why }). Je réessaie chaque heure ; sur la machine, vérifiez backup.folder, et la place à côté de la base.
state-page-off = Cette page est fermée. Pour l’ouvrir, sur le serveur : un jeton d’au moins 16 lettres dans un fichier que le service peut lire (chown root:preau et chmod 640), son chemin dans web.admin_token_file, puis redémarrer Préau.
state-page-refused = Il faut le jeton de cette page : /?token=…, une fois, ou « Authorization: Bearer … ». Il est dans le fichier que nomme web.admin_token_file.
state-page-away = La base de données ne répond pas.
state-page-troubles = À décider
state-page-decide = Réessayer ou oublier : /etat dans Telegram, ou « preau outbox list » ici.
state-page-overdue = En retard
state-page-again = Réessayer tout de suite : /etat dans Telegram.
state-page-parts = Chaque partie
state-page-ahead = Ensuite
state-page-machine = Pour les machines
state-check-not-yet = Telegram n’a pas encore répondu depuis le démarrage. Sur la machine, « preau check » dit ce qui manque.
state-check-silent = Telegram ne répond pas : ce qui doit partir attend. Sur la machine, « preau check » dit ce qui manque.
state-check-rival = Un autre programme relève les messages du bot avec le même jeton. Arrêtez-le, ou changez le jeton chez @BotFather (/revoke).
state-check-webhook = Telegram envoie les messages du bot ailleurs (un « webhook ») : je le retire. S’il revient, changez le jeton chez @BotFather (/revoke).
state-check-store-silent = La base de données ne répond pas. Tout attend.
state-check-late = Je n’arrive pas à vérifier mon propre état en 3 secondes : la machine est surchargée, ou son disque ne répond pas. Sur la machine, « preau check » dit ce qui manque.
state-check-stands-by = un autre processus sert Telegram, celui-ci est prêt à le remplacer
state-check-other = { $name } : { $detail }
state-page-due = { $what }, { $at }
