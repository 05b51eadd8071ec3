call-open = L’appel « { $title } » est ouvert.
call-join-key = Rejoindre
call-over = L’appel est terminé. { $session }
call-board = L’appel est ouvert : { $session }. Présents { $present }/{ $count }. Je mets ce message à jour.
call-board-hidden = L’appel est ouvert : { $session }. Vus { $present }/{ $count } : Telegram cache qui est dans l’appel. Au début du cours, pointez ici.
call-board-in = dans l’appel
call-board-out = pas encore là
call-board-announced = absence annoncée
call-failed = Pas d’appel vidéo pour { $session }. { $instead } Cause, pour les administrateurs : { $why }
call-never-signed-in = Pas d’appel vidéo : un compte appelant est prévu, mais aucun n’a encore été connecté. Sur le serveur : « preau login ». D’ici là, les cours à distance ont leur lien ou « Je suis là ».
call-groupless = Pas d’appel vidéo pour { $session } : la classe { $class } n’a pas encore de groupe Telegram. Pointez dans la feuille. Pour les administrateurs : /classes dit quand le groupe se crée ; /adopter, tapé dans un groupe, en lie un.
call-why-no-caller = le compte de l’école n’est pas connecté ; l’administrateur est prévenu.
call-why-no-caller-admin = aucun compte appelant n’est connecté (« preau login » sur le serveur).
call-why-shut = le compte de l’école ne s’ouvre pas sur le serveur ; l’administrateur est prévenu.
call-why-shut-admin = le compte appelant ne s’ouvre pas sur le serveur. /etat dit pourquoi et quoi faire.
call-why-not-allowed = aucun compte appelant ne peut ouvrir d’appel dans ce groupe : ajoutez-le et donnez-lui le droit « gérer les appels vidéo ».
call-why-wait = Telegram fait attendre le compte appelant au-delà du début du cours.
call-why-away = Telegram ne répond pas au compte appelant.
call-why-refused = Telegram a refusé ({ $word }).
call-instead-link = Le lien du cours est dans le message du groupe.
call-instead-here = Les élèves ont le bouton « Je suis là » dans le message du groupe.
call-instead-mark = Pointez dans la feuille.
call-failed-more = Si d’autres cours ont le même souci dans l’heure, seuls leurs enseignants sont prévenus.
call-groupless-more = D’autres classes sans groupe aujourd’hui : seuls leurs enseignants sont prévenus.
call-not-open = L’appel n’est pas ouvert.
call-ending = L’appel se ferme.
call-left = L’appel continue pour « { $title } » ; ce cours le quitte.
call-cut-short = L’appel vidéo de { $session } s’est fermé au moment où il était prolongé, et je ne peux pas le rouvrir. Pour continuer, ouvrez-en un dans le groupe. Cause, pour les administrateurs : { $why }
call-extended = L’appel reste ouvert jusqu’à { $hour }.
call-you-are-missed = Le cours a commencé et l’on vous attend : { $session }. Entrez dans l’appel du groupe.
call-written = { $count ->
    [0] Il n’y a personne d’autre à qui écrire.
    [one] Message envoyé à { $count } élève.
   *[other] Message envoyé à { $count } élèves.
}
call-written-some = Messages envoyés : { $count }. Sans Telegram relié : { $others }.
call-write-unseen = Je ne vois pas qui est dans l’appel en ce moment : je n’écris à personne. Pointez dans la feuille.
call-teacher-late = { $subject } : l’enseignant arrive avec { $minutes } min de retard.
call-late-said = Le groupe sait que vous arrivez avec { $minutes } min de retard.
call-late-said-before = Le groupe le sait déjà.
call-end-key = Fermer l’appel
call-extend-key = Prolonger 15 min
call-write-key = { $count ->
    [one] Écrire à l’élève
   *[other] Écrire aux { $count }
}
call-late-key = Annoncer 5 min de retard
call-account-lost = Le compte appelant { $name } n’est plus connecté à Telegram ({ $why }). Les appels passent par un autre compte s’il y en a un, sinon par « Je suis là ». Sur le serveur : { $remedy }.
call-account-shut = Le compte appelant { $name } ne s’ouvre pas sur le serveur. { $why } D’ici là, les appels passent par un autre compte s’il y en a un, sinon par « Je suis là ».
call-accounts-away = Telegram ne répond plus { $count ->
    [one] au compte appelant
   *[other] aux comptes appelants
} { $names } depuis le { $since } : les appels vidéo passent par un autre compte s’il y en a un, sinon par « Je suis là ». Je réessaie chaque minute, et /etat dit où cela en est. Sur le serveur, vérifiez le réseau.
call-nobody = { $session } : { $count } min après le début, personne n’est noté présent. Si le cours a lieu, touchez « Tous présents sauf… » ; sinon, prévenez la vie scolaire.
call-out-of-sight = Je ne vois plus qui est dans l’appel vidéo de { $session }. L’appel continue ; pointez dans la feuille. Autour du début du cours, les élèves ont aussi « Je suis là ». Cause, pour les administrateurs : { $why }
call-unseen-not-allowed = le compte appelant n’a plus accès à ce groupe : ajoutez-le et donnez-lui le droit « gérer les appels vidéo ».
call-unseen-wait = Telegram fait attendre le compte appelant.
call-unended = L’appel vidéo de { $session } reste ouvert et je ne peux pas le fermer. Fermez-le dans Telegram ; je réessaie chaque minute. Cause, pour les administrateurs : { $why }
call-unended-not-allowed = aucun compte appelant n’a encore le droit « gérer les appels vidéo » dans ce groupe.
