attendance-open = à pointer
attendance-present = présent
attendance-partial = partiel
attendance-absent = absent
attendance-justified = justifié
attendance-source-nothing = rien
attendance-source-call = appel
attendance-source-button = bouton
attendance-source-card = carte
attendance-source-signature = signature
attendance-source-manual = enseignant
attendance-menu-presence = les feuilles de présence
attendance-menu-me = ma présence
attendance-gone = Cette feuille n’existe plus. /presence vous donne les feuilles récentes. (PRE-01)
attendance-not-yours = Cette feuille est celle d’un autre enseignant. La vie scolaire peut la corriger. (PRE-02)
attendance-not-open = La feuille s’ouvre au début du cours.
attendance-stale = La feuille a changé entre-temps, la voici à jour.
attendance-locked = Cette feuille est close depuis trop longtemps pour être changée par une seule personne. Voyez la vie scolaire. (PRE-03)
attendance-same = C’est déjà noté ainsi.
attendance-saved = { $count ->
    [one] { $count } ligne notée.
   *[other] { $count } lignes notées.
}
attendance-undo-late = Les 10 minutes sont passées. Corrigez par la liste, avec un motif.
attendance-reason-words = Écrivez le motif en une phrase (ou /annuler).
attendance-validated-alert = Feuille validée.
attendance-file-coming = La feuille arrive.
attendance-file-sent = Cette version vous a déjà été envoyée, un peu plus haut.
attendance-here-noted = Noté : vous êtes arrivé.
attendance-choose = Quelle feuille ?
attendance-choose-key = { $day } { $hour } { $subject }
attendance-none = Aucune feuille depuis hier. Elle s’ouvre d’elle-même au début du cours.
attendance-me-in-private = Votre présence se consulte ici, en privé : tapez /moi.
attendance-me-none = Aucune présence notée ces deux dernières semaines.
attendance-me-head = Votre présence, deux dernières semaines :
attendance-me-line = { $day } · { $subject } · { $hours } : { $state }
attendance-me-final = { $state }
attendance-me-open = { $state } (pas encore validé)
attendance-contest-key = Contester : { $subject } { $day }
attendance-contest-late = { $count ->
    [one] Le délai de { $count } jour pour contester est passé. Parlez-en à l’école. (PRE-04)
   *[other] Le délai de { $count } jours pour contester est passé. Parlez-en à l’école. (PRE-04)
}
attendance-contest-twice = Vous avez déjà contesté cette ligne. La réponse vous arrivera ici.
attendance-contest-ask = { $session } : écrivez en une ou deux phrases ce qui s’est passé (ou /annuler). Pas de détail de santé, s’il vous plaît.
attendance-contest-noted = Transmis à votre enseignant. La réponse vous arrivera ici.
attendance-contest-decided-already = C’est déjà décidé.
attendance-contest-refuse-words = Écrivez en une phrase pourquoi vous refusez : l’étudiant la lira (ou /annuler).
attendance-contest-accepted = Accepté : la ligne est passée à présent, l’étudiant est prévenu.
attendance-contest-refused = Refusé. L’étudiant reçoit votre explication.
attendance-contested = { $name } conteste sa ligne. { $session } : { $state }. « { $words } »
attendance-contest-accept-key = Mettre présent
attendance-contest-refuse-key = Refuser
attendance-decided-accepted = Votre contestation est acceptée. { $session } : { $state }.
attendance-decided-refused = Votre contestation est refusée. { $session } : « { $reason } »
attendance-late-by = en retard { $count } min
attendance-early-by = parti { $count } min avant la fin
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
attendance-head = { $class } · { $session }
attendance-running = { $count ->
    [one] { $count } inscrit. Qui est là ?
   *[other] { $count } inscrits. Qui est là ?
}
attendance-proposed = Le cours est terminé. Tout est bon ?
attendance-validated = Feuille validée.
attendance-locked-state = Feuille close.
attendance-count-present = { $count ->
    [one] présent { $count }
   *[other] présents { $count }
}
attendance-count-late = dont en retard { $count }
attendance-count-partial = { $count ->
    [one] partiel { $count }
   *[other] partiels { $count }
}
attendance-count-absent = { $count ->
    [one] absent { $count }
   *[other] absents { $count }
}
attendance-count-justified = { $count ->
    [one] justifié { $count }
   *[other] justifiés { $count }
}
attendance-count-open = à pointer { $count }
attendance-names-absent = Absents : { $names }
attendance-names-partial = Partiels, à vous de décider : { $names }
attendance-names-open = À pointer : { $names }
attendance-announced-absent = Absence annoncée : { $names }
attendance-announced-late = Retard annoncé : { $names }
attendance-file-key = Recevoir la feuille
attendance-except-key = Tous présents sauf…
attendance-all-key = Tous présents
attendance-validate-key = Valider
attendance-page-before = ‹
attendance-page-after = { $page }/{ $pages } ›
attendance-list-head = { $session }. Touchez un nom pour le changer.
attendance-name-key = { $name } · { $state }
attendance-except-head = { $absent ->
    [0] Touchez les absents, puis enregistrez.
    [one] { $absent } absent choisi.
   *[other] { $absent } absents choisis.
}
attendance-picked-key = Absent : { $name }
attendance-save-key = Enregistrer : { $present } présents, { $absent } absents
attendance-one = { $name } · { $state } (source : { $source })
attendance-minutes = Vu { $count } min dans l’appel.
attendance-present-key = Présent
attendance-absent-key = Absent
attendance-late-key = En retard…
attendance-justified-key = Absence justifiée
attendance-late-ask = { $name } : combien de retard ?
attendance-minutes-key = { $count } min
attendance-why = { $name } : { $old } → { $new }. Motif ?
attendance-why-network = Panne réseau
attendance-why-mistake = Erreur de ma part
attendance-why-other = Autre…
attendance-report = { $session } : séance terminée.
attendance-report-counts = { $present ->
    [one] { $present } présent sur { $all }.
   *[other] { $present } présents sur { $all }.
}
attendance-report-late = { $count ->
    [one] Dont { $count } en retard.
   *[other] Dont { $count } en retard.
}
attendance-report-me = Chacun voit sa ligne avec /moi.
attendance-nudge = Cette feuille attend encore votre validation.
attendance-file-caption = Feuille de présence · { $class } · { $session }
# sheet
attendance-sheet-tab = Présence
attendance-sheet-title = Feuille de présence
attendance-sheet-school = Établissement
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
attendance-sheet-early-minutes = Départ (min)
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
attendance-sheet-not-validated = Proposition, non validée
attendance-sheet-teacher-signature = Signature de l’enseignant
