session-menu-today = Les cours d’aujourd’hui
session-menu-week = La semaine
session-menu-next = Le prochain cours
session-place-remote = à distance
session-place-unknown = salle à préciser
session-place-room = salle { $room }
session-place-hybrid = en salle ou à distance
session-place-hybrid-room = salle { $room } ou à distance
session-place-hybrid-named = { $room } ou à distance
session-head = { $subject }, { $hours }, { $teacher }, { $place }
session-head-no-teacher = { $subject }, { $hours }, { $place }
session-title = { $subject }, { $when }
session-when = { $day }, { $hours }
session-long-day = { $day }
session-line = – { $session }
session-line-class = { $class } : { $session }
session-reminder = Rappel : { $session }.
session-over = Séance terminée : { $session }.
session-reminder-late = Ce rappel part avec { $count } min de retard.
session-moved = Cours déplacé : { $session }.
session-cancelled = Cours annulé : { $session }.
session-running = En ce moment : { $session }
session-join-key = Rejoindre
session-here-key = Je suis là
session-absent-key = Je serai absent
session-late-key = En retard
session-withdraw-key = Annuler
session-line-cancelled = annulé : { $session }
session-none-today = Pas de cours aujourd’hui.
session-none-week = Pas de cours cette semaine.
session-none-ahead = Pas de cours prévu pour l’instant.
session-more = { $count ->
    [one] et { $count } autre.
   *[other] et { $count } autres.
}
session-who-are-you = Je ne vous connais pas encore. Demandez à l’école votre lien personnel, puis ouvrez-le. (SES-01)
session-no-class-here = Ce groupe n’est lié à aucune classe. Un administrateur de l’école peut le lier avec /adopter. (SES-02)
session-not-yours = Ce cours n’est pas celui de votre classe. (SES-03)
session-students-only = Ce bouton est pour les élèves de la classe. (SES-06)
session-cancelled-alert = Ce cours est annulé.
session-over-alert = Ce cours est terminé. Votre ligne se trouve avec /moi.
session-gone = Ce cours n’existe plus. /prochain vous donne le suivant. (SES-04)
session-absent-noted = C’est noté : absence annoncée. L’enseignant la voit sur sa liste.
session-late-noted = C’est noté : retard annoncé. L’enseignant le voit sur sa liste.
session-absent-private = Absence annoncée : { $session }. L’enseignant la voit sur sa liste.
session-late-private = Retard annoncé : { $session }. L’enseignant le voit sur sa liste.
session-withdrawn = C’est annulé. Plus rien n’est annoncé pour vous : { $session }.
session-here-closed = « Je suis là » se touche pendant ce créneau : { $hours }. En dehors, c’est l’enseignant qui vous pointe. (SES-05)
session-notice-head = Changements :
session-notice-line = – { $change }
session-notice-added = Ajouté : { $session }
session-notice-cancelled = Annulé : { $session }
session-notice-back = De nouveau prévu : { $session }
session-notice-moved = Déplacé : { $subject }, { $old } → { $new }
session-notice-changed = Modifié : { $session }
session-notice-from-to = { $old } → { $new }
session-notice-no-teacher = enseignant à préciser
session-notice-link = nouveau lien
session-notice-more = { $count ->
    [one] et { $count } autre : /semaine
   *[other] et { $count } autres : /semaine
}
session-call-foreseen = Appel vidéo du groupe à { $hour }.
session-here-call = Un appel est ouvert dans le groupe : entrez-y, c’est ce qui compte.
session-here-on-site = Ce cours a lieu en salle : c’est l’enseignant qui vous pointe.
