attendance-open = à pointer
attendance-present = présent
attendance-partial = partiel
attendance-absent = absent
attendance-justified = justifié
attendance-source-nothing = rien
attendance-source-call = appel vidéo
attendance-source-button = bouton
attendance-source-card = carte
attendance-source-signature = signature
attendance-source-manual = à la main
attendance-menu-presence = Les feuilles de présence
attendance-menu-me = Ma présence
attendance-gone = Cette feuille n’existe plus. /presence vous donne les feuilles récentes. (PRE-01)
attendance-not-yours = Cette feuille est celle d’un autre enseignant. La vie scolaire peut la corriger. (PRE-02)
attendance-not-open = La feuille s’ouvre au début du cours.
attendance-stale = La feuille a changé entre-temps, la voici à jour.
attendance-locked = Feuille validée et close. L’enseignant ou la vie scolaire la change par Corriger, avec un motif ; un administrateur donne son accord. (PRE-03)
attendance-change-asked = Cette feuille est close : un administrateur doit donner son accord. Je le lui demande ; sans réponse sous 3 jours, rien ne change.
attendance-change-waits = Cette demande attend déjà l’accord d’un administrateur.
attendance-change-effects = Changer une feuille de présence close. { $class }, { $session }. { $name } : { $old } → { $new }. Motif : { $reason }
attendance-roll-effects = { $absent ->
    [0] Faire l’appel d’une feuille de présence close. { $class }, { $session }. Présents : { $present }.
    [one] Faire l’appel d’une feuille de présence close. { $class }, { $session }. Présents : { $present }. Absent : { $names }.
   *[other] Faire l’appel d’une feuille de présence close. { $class }, { $session }. Présents : { $present }. Absents : { $names }.
}
attendance-same = C’est déjà noté ainsi.
attendance-not-absent = Une justification se note sur une absence. Mettez d’abord « Absent ».
attendance-saved = { $count ->
    [one] { $count } ligne notée.
   *[other] { $count } lignes notées.
}
attendance-unsaved = { $count ->
    [one] C’est annulé : { $count } ligne est comme avant.
   *[other] C’est annulé : { $count } lignes sont comme avant.
}
attendance-unsave-late = Les 10 minutes sont passées. Changez chaque ligne par la liste.
attendance-undone = C’est annulé. { $name } : { $state }.
attendance-undo-late = Les 10 minutes sont passées. Corrigez par la liste, avec un motif.
attendance-reason-words = Écrivez-moi le motif en une phrase (ou /annuler). Pas de détail de santé, s’il vous plaît.
attendance-validated-alert = Feuille validée.
attendance-file-coming = La feuille arrive.
attendance-here-noted = C’est noté : vous êtes là.
attendance-here-not-listed = Votre nom n’est pas sur la feuille de ce cours, figée à son début. Dites à votre enseignant que vous êtes là. (PRE-05)
attendance-choose = Quelle feuille ?
attendance-choose-key = { $hour } { $subject } · { $class }, { $day }
attendance-choose-open = À valider, en tête de liste : { $count }.
attendance-none = { $count ->
    [one] Aucune feuille de présence depuis hier. Elle s’ouvre d’elle-même au début du cours.
   *[other] Aucune feuille de présence ces { $count } derniers jours. Elle s’ouvre d’elle-même au début du cours.
}
attendance-me-none = Je n’ai aucune présence notée pour vous ces deux dernières semaines.
attendance-me-head = Votre présence ces deux dernières semaines :
attendance-me-line = – { $subject }, { $day }, { $hours } : { $state }
attendance-me-seen = { $state }, vu { $count } min dans l’appel
attendance-me-open = { $state } (feuille pas encore validée)
attendance-contest-key = Contester { $hour } { $day }
attendance-contest-late = { $count ->
    [one] Le délai de { $count } jour pour contester est passé. Parlez-en à l’école. (PRE-04)
   *[other] Le délai de { $count } jours pour contester est passé. Parlez-en à l’école. (PRE-04)
}
attendance-contest-early = Le cours n’est pas terminé : attendez la feuille proposée à la fin.
attendance-contest-twice = Vous avez déjà contesté cette ligne. La réponse vous arrivera ici.
attendance-contest-over = Vous avez déjà contesté cette ligne, et la réponse vous est arrivée ici. Si la ligne est encore fausse, parlez-en à l’école.
attendance-contest-ask = Vous contestez votre ligne : { $session }. Écrivez-moi en une ou deux phrases ce qui s’est passé (ou /annuler). Pas de détail de santé, s’il vous plaît.
attendance-contest-noted = C’est transmis à votre enseignant. La réponse vous arrivera ici.
attendance-contest-decided-already = C’est déjà décidé.
attendance-contest-refuse-words = Écrivez-moi en une phrase pourquoi vous refusez (ou /annuler). La personne qui conteste la lira. Pas de détail de santé, s’il vous plaît.
attendance-contest-accepted = C’est noté : la ligne dit maintenant « { $state } », et je le fais savoir.
attendance-contest-refused = Refusé. Je transmets votre explication.
attendance-contested = { $name } conteste sa ligne ({ $state }). { $session }. « { $words } »
attendance-contest-accept-key = Mettre présent
attendance-contest-other-key = Autre état…
attendance-contest-refuse-key = Refuser
attendance-decided-accepted = Votre contestation est acceptée. Votre ligne dit maintenant « { $state } » : { $session }.
attendance-decided-corrected = Réponse à votre contestation : votre ligne dit maintenant « { $state } ». { $session }. Motif : { $reason }
attendance-decided-refused = Votre contestation est refusée. { $session }. Explication : « { $reason } »
attendance-late-short = retard { $count } min
attendance-late-by = en retard de { $count } min
attendance-early-short = départ { $count } min avant
attendance-early-by = départ { $count } min avant la fin
attendance-changed = { $name } : { $old } → { $new }.
attendance-undo-key = Annuler (10 min)
attendance-ask-open = { $count ->
    [one] { $count } personne à pointer : la laisser ainsi ? Elle ne comptera ni présente ni absente.
   *[other] { $count } personnes à pointer : les laisser ainsi ? Elles ne compteront ni présentes ni absentes.
}
attendance-leave-open-key = Valider ainsi
attendance-list-key = Liste
attendance-correct-key = Corriger
attendance-back-key = « Retour
attendance-closed = La feuille attend toujours d’être validée.
attendance-head = { $class } : { $session }
attendance-counts = { $counts }.
attendance-running = { $count ->
    [0] Personne n’est inscrit dans cette classe.
    [one] { $count } inscrit. Qui est là ? Je mets ce message à jour.
   *[other] { $count } inscrits. Qui est là ? Je mets ce message à jour.
}
attendance-live-present = Présents { $count }
attendance-live-late = En retard { $count }
attendance-live-partial = Partiels { $count }
attendance-live-open = À pointer { $count }
attendance-live-waiting = Pas encore là { $count }
attendance-live-waiting-names = Pas encore là { $count } ({ $names })
attendance-live-announced = { $count ->
    [one] Annoncé absent { $count } ({ $names })
   *[other] Annoncés absents { $count } ({ $names })
}
attendance-live-gone = { $count ->
    [one] Parti { $count } ({ $names })
   *[other] Partis { $count } ({ $names })
}
attendance-live-absent = Absents { $count }
attendance-live-justified = Justifiés { $count }
attendance-hidden = Telegram cache qui est dans l’appel : pointez ici.
attendance-roll-ended = Le cours est terminé. La feuille à valider est dans un message à part ; /presence la redonne.
attendance-roll-cancelled = Ce cours vient d’être annulé : il n’y a plus d’appel à faire.
attendance-handed-over = Une autre personne est chargée de ce cours maintenant. Je ne mets plus ce message à jour.
attendance-roll-late = Cet appel arrive avec { $count } min de retard.
attendance-proposed = Le cours est terminé. Tout est bon ?
attendance-validated = Feuille validée.
attendance-locked-open = Feuille close sans avoir été validée : vous pouvez la valider telle quelle ; un changement demande deux personnes.
attendance-locked-state = Feuille close : un changement demande deux personnes.
attendance-count-present = { $count ->
    [one] { $count } présent
   *[other] { $count } présents
}
attendance-count-late = { $count ->
    [one] { $present } (dont { $count } retard)
   *[other] { $present } (dont { $count } retards)
}
attendance-count-partial = { $count ->
    [one] { $count } partiel
   *[other] { $count } partiels
}
attendance-count-absent = { $count ->
    [one] { $count } absent
   *[other] { $count } absents
}
attendance-count-justified = { $count ->
    [one] { $count } justifié
   *[other] { $count } justifiés
}
attendance-count-open = { $count } à pointer
attendance-names-more = { $names } et { $count } autres
attendance-names-absent = { $count ->
    [one] Absent : { $names }
   *[other] Absents : { $names }
}
attendance-names-partial = { $count ->
    [one] Partiel, à vous de décider : { $names }
   *[other] Partiels, à vous de décider : { $names }
}
attendance-names-open = À pointer : { $names }
attendance-announced-absent = Absence annoncée : { $names }
attendance-announced-late = Retard annoncé : { $names }
attendance-file-key = Recevoir la feuille
attendance-except-key = Tous présents sauf…
attendance-all-key = Tous présents
attendance-validate-key = Valider
attendance-page-before = ‹ { $page }/{ $pages }
attendance-page-after = { $page }/{ $pages } ›
attendance-list-head = { $class } : { $session }. Touchez un nom pour changer sa ligne.
attendance-name-key = { $name } · { $state }
attendance-except-head = { $count ->
    [0] Touchez les absents, puis enregistrez.
    [one] { $count } absent choisi, { $present } à noter « présent ». Touchez-le encore pour l’enlever.
   *[other] { $count } absents choisis, { $present } à noter « présent ». Touchez un nom encore pour l’enlever.
}
attendance-picked-key = Absent : { $name }
attendance-save-key = { $absent ->
    [0] Enregistrer, 0 absent
    [one] Enregistrer, { $absent } absent
   *[other] Enregistrer, { $absent } absents
}
attendance-one = { $name } : { $state }.
attendance-one-source = Source : { $source }.
attendance-minutes = Vu { $count } min sur { $of } dans l’appel. Règle : présent si ≥ { $percent } %.
attendance-present-key = Présent
attendance-absent-key = Absent
attendance-late-key = En retard…
attendance-late-by-key = Retard { $count } min
attendance-justified-key = Absence justifiée
attendance-late-ask = { $name } : combien de retard ?
attendance-minutes-key = { $count } min
attendance-why = Motif ?
attendance-why-network = Panne réseau
attendance-why-mistake = Erreur de ma part
attendance-why-other = Autre…
attendance-why-document = Justificatif reçu
attendance-why-school = Accord de l’école
attendance-why-contest = contestation acceptée
attendance-why-contest-key = Contestation acceptée
attendance-report = { $session } : séance terminée, { $counts }.
attendance-report-counts = { $present ->
    [0] 0 présent sur { $all }
    [one] { $present } présent sur { $all }
   *[other] { $present } présents sur { $all }
}
attendance-report-open = { $count ->
    [one] { $count } non pointé
   *[other] { $count } non pointés
}
attendance-report-me = Chacun voit sa ligne avec /moi.
attendance-nudge = Cette feuille attend encore votre validation.
attendance-nudge-staff = Cette feuille n’est toujours pas validée par l’enseignant. Vous pouvez la relire et la valider.
attendance-file-caption = Feuille de présence, { $class } : { $session }
# sheet
attendance-sheet-tab = Présence
attendance-sheet-title = Feuille de présence
attendance-sheet-school = Établissement
attendance-sheet-registration = SIRET, n° d’activité
attendance-sheet-class = Classe
attendance-sheet-subject = Matière
attendance-sheet-teacher = Enseignant
attendance-sheet-date = Date
attendance-sheet-time = Horaires
attendance-sheet-mode = Modalité
attendance-sheet-place = Lieu ou lien
attendance-sheet-day = { $day } { $year }
attendance-sheet-hours = { $hours }
attendance-sheet-last-name = Nom
attendance-sheet-first-name = Prénom
attendance-sheet-state = État
attendance-sheet-late-minutes = Retard (min)
attendance-sheet-early-minutes = Départ avant la fin (min)
attendance-sheet-minutes = Minutes vues
attendance-sheet-source = Source
attendance-sheet-signature = Signature
attendance-sheet-late = retard { $minutes } min
attendance-sheet-open = non pointé
attendance-sheet-all = Élèves
attendance-sheet-count-present = Présents
attendance-sheet-count-late = dont en retard
attendance-sheet-count-partial = Partiels (non pointés)
attendance-sheet-count-absent = Absents
attendance-sheet-count-justified = Justifiés
attendance-sheet-count-open = À pointer (non pointés)
attendance-sheet-revision = Révision { $number }
attendance-sheet-validated = Validée par { $who }, { $day } { $year }, { $hour }
attendance-sheet-corrected = Corrigée par { $who }, { $day } { $year }, { $hour }
attendance-sheet-not-validated = Proposition, non validée
attendance-sheet-teacher-signature = Signature de l’enseignant
attendance-sheet-rule = Règle : présent si ≥ { $present } % des minutes vues, partiel dès { $partial } %, retard au-delà de { $late } min, départ au-delà de { $early } min
attendance-sheet-watched = Appel vu { $minutes } min sur { $lesson } ; ouvert sans être vu : { $blind } min
attendance-sheet-interval = Appel regardé toutes les { $seconds } s
attendance-sheet-unusable = L’appel n’a pas été assez vu : rien n’a été proposé d’après lui
# call
attendance-rule = Règle : présent si ≥ { $percent } % des { $minutes } min.
attendance-rule-none = L’appel n’a été vu que { $minutes } min sur { $lesson } : je ne propose rien d’après lui, à vous de pointer.
attendance-rule-unseen = Je n’ai jamais vu qui était dans l’appel : je ne propose rien d’après lui, à vous de pointer.
attendance-blind = Pendant { $count } min, je n’ai pas vu qui était dans l’appel : ce temps ne compte pour personne.
attendance-interval = L’appel a été regardé toutes les { $seconds } s.
attendance-minutes-all-key = Voir les minutes
attendance-minutes-line = – { $name } : { $count } min, { $state }
attendance-name-line = – { $name } : { $state }
attendance-strangers = { $count ->
    [one] Dans l’appel, sans que je sache qui : { $names }.
   *[other] Dans l’appel, sans que je sache qui ({ $count }) : { $names }.
}
attendance-stranger-channel = { $title } ({ $hour })
attendance-stranger-account = compte inconnu ({ $hour })
attendance-stranger-accounts = { $count } comptes inconnus
attendance-who-key = Qui est-ce ?
attendance-who-which = Ils étaient dans l’appel, à partir de l’heure indiquée, et je ne sais pas qui c’est. Touchez celui que vous connaissez.
attendance-who-whose = { $who } était dans l’appel. Qui est-ce ? Voici ceux que je n’y ai pas vus.
attendance-who-nobody-key = Pas de la classe
attendance-who-named = { $who }, c’est { $name } : { $state }.
attendance-who-nobody = { $who } : pas de la classe. C’est noté.
attendance-who-none = Il n’y a plus d’inconnu dans cet appel.
attendance-who-undone = C’est annulé : je ne sais de nouveau pas qui c’est.
attendance-who-undo-late = Les 10 minutes sont passées. Corrigez la ligne par la liste, avec un motif.
attendance-all-ask = { $count ->
    [one] { $names } a annoncé son absence. Que noter ?
   *[other] { $names } ont annoncé leur absence. Que noter ?
}
attendance-all-but-key = Tous présents sauf { $absent }
attendance-all-sure-key = { $count ->
    [one] Présent : { $count }
   *[other] Tous présents : { $count }
}
