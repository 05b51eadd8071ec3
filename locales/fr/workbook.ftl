# ── Mots ──────────────────────────────────────────────────────────────────────
workbook-role-student = étudiant
workbook-role-teacher = enseignant
workbook-role-supervisor = superviseur
workbook-role-manager = responsable
workbook-role-admin = admin
workbook-mode-on-site = présentiel
workbook-mode-remote = distanciel
workbook-mode-hybrid = hybride
workbook-monday = lundi
workbook-tuesday = mardi
workbook-wednesday = mercredi
workbook-thursday = jeudi
workbook-friday = vendredi
workbook-saturday = samedi
workbook-sunday = dimanche
workbook-line = ligne { $row }
workbook-line-of = ligne { $row } de « { $sheet } »
workbook-sheets = { $count ->
    [one] { $count } onglet
   *[other] { $count } onglets
}
workbook-lines = { $count ->
    [one] { $count } ligne
   *[other] { $count } lignes
}
workbook-names-and-more = { $count ->
    [one] { $names } et { $count } autre
   *[other] { $names } et { $count } autres
}

# ── Le fichier n’est pas lisible ──────────────────────────────────────────────
workbook-too-heavy = Je n’ai pas lu ce fichier : il dépasse 20 Mo. Enlevez les images et les onglets inutiles, puis renvoyez-le.
workbook-not-a-workbook = Je n’ai pas lu ce fichier : ce n’est pas un classeur. Enregistrez-le en .xlsx, .xls ou .ods, puis renvoyez-le.
workbook-password = Je n’ai pas lu ce fichier : il est protégé par un mot de passe. Enregistrez une copie sans mot de passe, puis renvoyez-la.
workbook-corrupt = Je n’ai pas lu ce fichier : il est abîmé. Ouvrez-le dans Excel ou LibreOffice, enregistrez-le à nouveau, puis renvoyez-le.
workbook-bomb = Je n’ai pas lu ce fichier : une fois ouvert, il prend beaucoup trop de place. Copiez vos lignes dans un classeur neuf, puis renvoyez-le.
workbook-too-many-cells = Je n’ai pas lu ce fichier : il a plus de 2 000 000 de cellules. Enlevez les onglets et les lignes inutiles, puis renvoyez-le.
workbook-no-column = Je n’ai rien reconnu dans ce fichier : aucun onglet n’a de titres comme Date, Début, Fin, Classe, Matière, ou Nom, Prénom, E-mail. Envoyez /modele pour recevoir un classeur à remplir.
workbook-too-many-lessons = Je n’ai pas gardé ce fichier : il annonce plus de 200 000 séances. Envoyez-le en plusieurs fichiers, par période.
workbook-reader-spent = Je n’ai pas lu ce fichier : le lire demande trop de mémoire ou de temps. Enregistrez-le à nouveau sans images ni onglets inutiles, ou en plusieurs fichiers, puis renvoyez-le.
workbook-reader-broke = Je n’ai pas lu ce fichier : sa lecture s’est arrêtée net. Ouvrez-le dans Excel ou LibreOffice, enregistrez-le à nouveau, puis renvoyez-le.

# ── Lignes à corriger ─────────────────────────────────────────────────────────
workbook-column-missing = il manque une colonne « { $column } », cet onglet n’est pas lu. Ajoutez-la.
workbook-column-missing-end = il manque une colonne « Fin » ou « Durée », cet onglet n’est pas lu. Ajoutez-la.
workbook-column-missing-date = il manque une colonne « Date » (ou « Jour », « Du » et « Au »), cet onglet n’est pas lu. Ajoutez-la.
workbook-sheet-hidden = cet onglet est masqué : les séances qui s’y trouvent ne sont pas lues. Affichez-le, ou supprimez-le.
workbook-sheet-headless = cet onglet a des dates et des heures mais pas de titres comme Date, Début, Fin, Classe, Matière : il n’est pas lu. Ajoutez-les, ou supprimez-le.
workbook-line-above = cette ligne est au-dessus des titres (ligne { $row }) : elle n’est pas lue. Mettez les titres au-dessus d’elle.
workbook-fault-empty = « { $column } » est vide. Remplissez la cellule.
workbook-fault-class-missing = la classe manque. Écrivez son nom.
workbook-fault-class-unreadable = « { $value } » n’est pas un nom de classe : Excel y voit une date ou une erreur. Mettez la cellule au format Texte.
workbook-fault-too-long = le texte est trop long ({ $limit } lettres au plus). Raccourcissez-le.
workbook-fault-error-value = la formule donne « { $value } ». Corrigez-la ou écrivez la valeur.
workbook-fault-mode = « { $value } » n’est pas un mode. Écrivez présentiel, distanciel ou hybride.
workbook-fault-date-missing = la date manque. Écrivez-la comme 24/11/2026.
workbook-fault-date-none = « { $value } » n’existe pas. Corrigez la date.
workbook-fault-date-unreadable = « { $value } » n’est pas une date. Écrivez-la comme 24/11/2026.
workbook-fault-date-far = « { $value } » est bien loin. Vérifiez l’année.
workbook-fault-weekday = « { $value } » n’est pas un jour. Écrivez lundi, mardi…
workbook-fault-range-backwards = la date de fin vient avant la date de début. Échangez-les.
workbook-fault-range-long = il y a plus d’un an entre les deux dates. Vérifiez l’année.
workbook-fault-range-empty = ce jour ne tombe jamais entre les deux dates. Vérifiez-les.
workbook-fault-hour = « { $value } » n’est pas une heure. Écrivez-la comme 08:30.
workbook-fault-hour-missing = l’heure de début manque. Écrivez-la comme 08:30.
workbook-fault-end-missing = l’heure de fin manque. Écrivez-la comme 10:30.
workbook-fault-end-before-start = la fin ne vient pas après le début. Corrigez l’une des deux heures.
workbook-fault-length = « { $value } » n’est pas une durée. Écrivez-la comme 1h30 ou 90 min.
workbook-fault-past-midnight = la séance finirait après minuit. Corrigez le début ou la durée.
workbook-fault-reference-twice = la même référence est déjà en { $other }. Donnez-en une différente à chaque ligne.
workbook-fault-identity = on ne sait pas de qui il s’agit. Donnez l’e-mail, ou la carte, ou le nom, le prénom et la naissance.
workbook-fault-nameless = cette personne est nouvelle : il faut son nom et son prénom.
workbook-fault-email = « { $value } » n’est pas une adresse e-mail. Corrigez-la.
workbook-fault-birth-far = « { $value } » ne peut pas être une naissance. Vérifiez l’année.
workbook-fault-role = « { $value } » n’est pas un rôle. Écrivez étudiant, enseignant, superviseur ou responsable.
workbook-fault-admin = un fichier ne peut pas nommer d’admin : un lien d’admin se fait avec la commande « preau invite --role admin ». Choisissez un autre rôle.
workbook-fault-status = « { $value } » n’est pas un statut. Écrivez actif ou parti.
workbook-fault-person-twice = cette personne est déjà en { $other }, avec d’autres données. Gardez une seule des deux lignes ; si ce sont deux personnes, laissez vide ce qu’elles partagent.
workbook-fault-same-person = deux lignes désignent la même personne. Gardez-en une seule.
workbook-fault-two-matches = l’e-mail, la carte et le nom désignent deux personnes différentes. Corrigez celui qui est faux.
workbook-fault-other-person = cet e-mail ou cette carte est à { $name }. Si c’est quelqu’un d’autre, donnez le sien ou laissez la case vide. Si c’est bien { $name }, écrivez son nom ainsi ; pour changer de prénom, il faut sur la ligne l’e-mail et la carte que l’école connaît déjà.

# ── À regarder ────────────────────────────────────────────────────────────────
workbook-warning-column-aside = la colonne « { $aside } » n’est pas lue : « { $column } » dit la même chose et compte seule.
workbook-warning-link = le lien « { $value } » ne s’ouvre pas, la séance est gardée sans lien.
workbook-warning-far = le { $day } est bien loin. Vérifiez l’année.
workbook-warning-weekday = le { $day } est un { $real }, pas un { $said }. La date compte.
workbook-warning-lang = je ne parle pas « { $value } ». La langue reste comme avant.
workbook-warning-twice = déjà en { $other }, comptée une fois.
workbook-warning-class-near = la classe « { $class } » est nouvelle et ressemble à « { $near } ». Est-ce la même ?
workbook-warning-over = ligne non prise : sa référence ({ $reference }) est celle de « { $subject } » ({ $day }), déjà passée ou commencée, qui reste comme elle est. Si c’est une autre séance, donnez-en une autre.
workbook-warning-has-sheet = ligne non prise : sa référence ({ $reference }) est celle de « { $subject } » ({ $day }), qui a déjà sa feuille et reste comme elle est. Si c’est une autre séance, donnez-en une autre.
workbook-warning-into-past = ligne non prise : sa référence ({ $reference }) est celle de « { $subject } » ({ $day }), et la nouvelle date est déjà passée ; la séance reste comme elle est.
workbook-warning-numbered-anew = « { $reference } » était la référence de « { $subject } » ({ $day }), déjà passée ou commencée : cette ligne est une autre séance. Donnez à chaque séance une référence qui ne revient pas.
workbook-warning-class-joined = la classe « { $class } » est nouvelle et prise d’un seul bloc. Si ce sont plusieurs classes, mettez une virgule entre leurs noms.
workbook-warning-teacher-none = { $count ->
    [one] aucun enseignant ne s’appelle « { $name } ». L’appel d’une séance ira à la vie scolaire.
   *[other] aucun enseignant ne s’appelle « { $name } ». L’appel de { $count } séances ira à la vie scolaire.
}
workbook-warning-teacher-several = { $count ->
    [one] plusieurs enseignants peuvent être « { $name } ». Ajoutez le prénom ; sinon l’appel d’une séance ira à la vie scolaire.
   *[other] plusieurs enseignants peuvent être « { $name } ». Ajoutez le prénom ; sinon l’appel de { $count } séances ira à la vie scolaire.
}
workbook-warning-teacher-kept-several = { $count ->
    [one] plusieurs enseignants peuvent être « { $name } ». Une séance reste à { $keeper }, comme avant. Si c’est quelqu’un d’autre, ajoutez le prénom.
   *[other] plusieurs enseignants peuvent être « { $name } ». { $count } séances restent à { $keeper }, comme avant. Si c’est quelqu’un d’autre, ajoutez le prénom.
}
workbook-warning-teacher-kept = { $count ->
    [one] aucun enseignant ne s’appelle « { $name } ». Une séance reste à { $keeper }, comme avant. Si c’est quelqu’un d’autre, corrigez le nom.
   *[other] aucun enseignant ne s’appelle « { $name } ». { $count } séances restent à { $keeper }, comme avant. Si c’est quelqu’un d’autre, corrigez le nom.
}
workbook-warning-from-afar = « { $subject } » ({ $reference }), prévue { $day }, hors des semaines de ce fichier, est déplacée ici. Si c’est une autre séance, donnez-lui une autre référence.
workbook-warning-reference-elsewhere = « { $reference } » est déjà la référence de { $subject } ({ $class }, { $day }), qui reste : deux séances la portent. Donnez-en une autre, ou, pour déplacer celle de { $class }, mettez aussi { $class } et sa semaine dans le fichier.
workbook-warning-renamed = { $old } devient { $new }, et ce qui était à son nom suit : feuilles, compte Telegram. Si c’est quelqu’un d’autre, corrigez l’e-mail ou la carte.
workbook-warning-namesake = { $name } existe déjà, avec d’autres données : une seconde personne est ajoutée. Si c’est la même, donnez ici l’e-mail, la carte ou la naissance que l’école connaît.
workbook-warning-namesake-line = { $name } est déjà en { $other }, avec d’autres données : deux personnes sont ajoutées. Si c’est la même, gardez une seule ligne.
workbook-warning-lowered = { $name } ({ $from }) perd ce rôle et devient { $to }.
workbook-warning-namesake-admin = { $name } est déjà admin, sans e-mail ni naissance : une seconde personne est ajoutée. Si c’est la même, enlevez cette ligne : un fichier ne change rien à un admin qui n’a que son nom.
workbook-warning-admin-left = { $name } est admin et ne part pas par un fichier.
workbook-warning-admin-role = { $name } est admin et le reste : un fichier n’y change rien.
workbook-warning-gone = { $name } est noté parti. Écrivez « actif » dans Statut pour le reprendre.
workbook-clash-lesson = { $subject } ({ $class }, L.{ $row })
workbook-clash-lesson-known = { $subject } ({ $class })
workbook-clash-class = { $class } a deux séances à la fois, { $moment } : { $first } et { $second }.
workbook-clash-teacher = { $teacher } a deux séances à la fois, { $moment } : { $first } et { $second }.
workbook-clash-room = la salle { $room } est prise deux fois, { $moment } : { $first } et { $second }.

# ── Le message ────────────────────────────────────────────────────────────────
workbook-preview-read = Lu : { $sheets }, { $lines }.
workbook-preview-ignored = { $count ->
    [one] Onglet laissé de côté : { $names }.
   *[other] Onglets laissés de côté : { $names }.
}
workbook-preview-lessons = Séances : +{ $added } −{ $removed } ~{ $changed }, inchangées { $unchanged }.
workbook-preview-untaken = { $count ->
    [one] { $count } ligne non prise.
   *[other] { $count } lignes non prises.
}
workbook-preview-past = { $count ->
    [one] { $count } séance déjà passée, laissée de côté.
   *[other] { $count } séances déjà passées, laissées de côté.
}
workbook-preview-people = { $left ->
    [0] Personnes : +{ $added } ~{ $changed }, inchangées { $unchanged }.
    [one] Personnes : +{ $added } ~{ $changed }, { $left } départ, inchangées { $unchanged }.
   *[other] Personnes : +{ $added } ~{ $changed }, { $left } départs, inchangées { $unchanged }.
}
workbook-preview-strangers = { $count ->
    [one] { $count } personne notée partie, inconnue de l’école.
   *[other] { $count } personnes notées parties, inconnues de l’école.
}
workbook-preview-legend = + à ajouter, − à retirer, ~ à modifier.
workbook-preview-classes = { $count ->
    [one] Classe à créer : { $names }.
   *[other] Classes à créer : { $names }.
}
workbook-preview-to-look-at = { $faults ->
    [0] {""}
    [one] { $faults } ligne à corriger{ $warnings ->
        [0] {" :"}
       *[other] {", "}
    }
   *[other] { $faults } lignes à corriger{ $warnings ->
        [0] {" :"}
       *[other] {", "}
    }
}{ $warnings ->
    [0] {""}
    [one] { $warnings } avertissement :
   *[other] { $warnings } avertissements :
}
workbook-preview-clean = Rien à corriger.
workbook-preview-rest = { $count ->
    [one] et { $count } autre, dans le fichier annoté.
   *[other] et { $count } autres, dans le fichier annoté.
}
workbook-preview-frozen = { $count ->
    [one] { $count } séance absente du fichier est gardée : une ligne à corriger parle peut-être d’elle.
   *[other] { $count } séances absentes du fichier sont gardées : une ligne à corriger parle peut-être d’elles.
}
workbook-preview-right = { $name } ({ $role })
workbook-preview-rights = { $count ->
    [one] Rôle à confirmer à part : { $names }.
   *[other] Rôles à confirmer à part : { $names }.
}
workbook-preview-waiting = { $sessions ->
    [0] { $people ->
        [one] { $people } personne attend ces droits.
       *[other] { $people } personnes attendent ces droits.
    }
    [one] { $people ->
        [one] { $people } personne et { $sessions } séance attendent ces droits.
       *[other] { $people } personnes et { $sessions } séance attendent ces droits.
    }
   *[other] { $people ->
        [one] { $people } personne et { $sessions } séances attendent ces droits.
       *[other] { $people } personnes et { $sessions } séances attendent ces droits.
    }
}
workbook-told-now = { $count ->
    [one] { $count } classe sera prévenue tout de suite.
   *[other] { $count } classes seront prévenues tout de suite.
}
workbook-told-sunday = { $count ->
    [one] { $count } classe sera prévenue le { $at } : pas d’avis le dimanche.
   *[other] { $count } classes seront prévenues le { $at } : pas d’avis le dimanche.
}
workbook-told-night = { $count ->
    [one] { $count } classe sera prévenue le { $at }, après les heures calmes.
   *[other] { $count } classes seront prévenues le { $at }, après les heures calmes.
}
workbook-told-rest = { $count ->
    [one] { $count } autre le sera au plus tard le { $at }.
   *[other] { $count } autres le seront au plus tard le { $at }.
}
workbook-preview-empty = Il n’y a que des titres, aucune ligne en dessous : rien n’a changé. Remplissez le fichier, puis renvoyez-le.
workbook-preview-nothing = Rien à changer : tout est déjà comme dans le fichier.
workbook-preview-nothing-yet = Rien à appliquer : corrigez d’abord ces lignes, puis renvoyez le fichier.
workbook-said-cell = • { $sheet }, ligne { $row }, { $column } : { $what }
workbook-said-line = • { $sheet }, ligne { $row } : { $what }
workbook-said = • { $what }

# ── Le modèle et le fichier annoté ────────────────────────────────────────────
workbook-problem = Problème
workbook-template-timetable = Emploi du temps
workbook-template-people = Personnes
workbook-template-help = Aide
workbook-template-active = actif
workbook-template-left = parti
workbook-template-date = Date
workbook-template-date-note = Le jour de la séance, comme 24/11/2026.
workbook-template-start = Début
workbook-template-start-note = L’heure de début, comme 08:30, 8h30 ou 0830. Pas 8,5 : serait-ce 8h30 ou 8h50 ?
workbook-template-end = Fin
workbook-template-end-note = L’heure de fin. Une colonne Durée convient aussi : 1h30, 90 min.
workbook-template-class = Classe
workbook-template-class-note = Le nom de la classe. Plusieurs : 1A, 1B.
workbook-template-subject = Matière
workbook-template-subject-note = Le nom du cours.
workbook-template-teacher = Enseignant
workbook-template-teacher-note = Prénom et nom, comme dans Personnes.
workbook-template-room = Salle
workbook-template-room-note = Facultatif.
workbook-template-mode = Mode
workbook-template-mode-note = présentiel, distanciel ou hybride. Vide : présentiel, ou distanciel s’il y a un lien.
workbook-template-link = Lien
workbook-template-link-note = L’adresse de la visio. Facultatif.
workbook-template-reference = Référence
workbook-template-reference-note = Facultatif : un numéro propre à chaque séance, qui ne revient ni la semaine suivante ni dans une autre matière. C’est lui qui permet de reconnaître une séance déplacée, même dans une autre classe.
workbook-template-last-name = Nom
workbook-template-last-name-note = Le nom de famille.
workbook-template-first-name = Prénom
workbook-template-first-name-note = Le prénom.
workbook-template-email = E-mail
workbook-template-email-note = Une personne est reconnue à son e-mail, sinon à sa carte, sinon à ses nom, prénom et naissance.
workbook-template-birth = Naissance
workbook-template-birth-note = Comme 12/03/2009.
workbook-template-role = Rôle
workbook-template-role-note = étudiant, enseignant, superviseur ou responsable. Vide : étudiant.
workbook-template-classes = Classe(s)
workbook-template-classes-note = Une ou plusieurs : 1A, 1B.
workbook-template-language = Langue
workbook-template-language-note = fr ou en.
workbook-template-card = Carte
workbook-template-card-note = Le numéro de la carte ou du badge.
workbook-template-status = Statut
workbook-template-status-note = Vide ou actif. Écrivez parti quand la personne quitte l’école : l’effacer de la liste ne suffit pas.
workbook-template-help-lines = Comment remplir ce classeur
    Emploi du temps : une ligne par séance. L’ordre des colonnes est libre.
    Exemple : 24/11/2026, 08:30, 10:30, 1A, Réseaux, M. Diallo, B204, présentiel.
    Chaque semaine : remplacez Date par trois colonnes, Jour, Du et Au. Exemple : mardi, 01/09/2026, 18/12/2026.
    Deux classes ensemble : 1A, 1B dans la même cellule.
    Le fichier parle des classes qu’il nomme, et des semaines entières entre sa première et sa dernière date. Le reste ne bouge pas.
    Une séance passée, ou qui a déjà sa feuille, ne change plus.
    Personnes : une ligne par personne. Exemple : Moreau, Inès, ines.moreau@ecole.fr, 12/03/2009, étudiant, 1A.
    Une personne absente de la liste n’est jamais retirée. Écrivez parti dans Statut.
    Les rôles au-dessus d’étudiant sont confirmés à part : jusque-là, une personne nouvelle n’est pas inscrite. Un admin se nomme avec preau invite.

workbook-menu-timetable = Envoyer l’emploi du temps
workbook-menu-template = Un modèle Excel vide
workbook-send = Envoyez-moi ici votre emploi du temps (.xlsx, .xls ou .ods). Je vous montre d’abord ce qui changerait ; rien n’est appliqué sans votre accord. /modele vous donne un fichier vide.
workbook-reading = Je lis votre fichier…
workbook-apply-key = Appliquer
workbook-apply-without-key = { $count ->
    [one] Appliquer sans L.{ $row }
   *[other] Appliquer le reste
}
workbook-give-rights-key = Donner ces droits
workbook-annotated-key = Avoir le fichier annoté
workbook-annotated-coming = Votre fichier arrive, avec une colonne « Problème ».
workbook-annotated-caption = Votre fichier, avec une colonne « Problème » et les cases à revoir en couleur. Corrigez, puis renvoyez-le-moi.
workbook-abandon-key = Abandonner
workbook-abandoned = Abandonné : rien n’a changé.
workbook-applying = Je vérifie, puis j’applique…
workbook-stale = L’emploi du temps a changé depuis cet aperçu. Voici l’aperçu à jour.
workbook-settled = Cet import est déjà terminé.
workbook-forgotten = Je n’ai plus ce fichier. Renvoyez-le-moi, s’il vous plaît. (IMP-09)
workbook-not-applied = Rien n’a été appliqué : l’emploi du temps a changé entre-temps. Renvoyez le fichier pour un nouvel aperçu. (IMP-10)
workbook-done = Fait : { $what }.
workbook-done-sessions-added = { $count ->
    [one] { $count } séance ajoutée
   *[other] { $count } séances ajoutées
}
workbook-done-sessions-changed = { $count ->
    [one] { $count } séance modifiée
   *[other] { $count } séances modifiées
}
workbook-done-sessions-removed = { $count ->
    [one] { $count } séance retirée
   *[other] { $count } séances retirées
}
workbook-done-people-added = { $count ->
    [one] { $count } personne ajoutée
   *[other] { $count } personnes ajoutées
}
workbook-done-people-changed = { $count ->
    [one] { $count } personne modifiée
   *[other] { $count } personnes modifiées
}
workbook-done-people-left = { $count ->
    [one] { $count } départ
   *[other] { $count } départs
}
workbook-done-added = { $count ->
    [one] { $count } ajoutée
   *[other] { $count } ajoutées
}
workbook-done-changed = { $count ->
    [one] { $count } modifiée
   *[other] { $count } modifiées
}
workbook-done-removed = { $count ->
    [one] { $count } retirée
   *[other] { $count } retirées
}
workbook-done-left = { $count ->
    [one] { $count } départ
   *[other] { $count } départs
}
workbook-done-classes = { $count ->
    [one] { $count } classe créée
   *[other] { $count } classes créées
}
workbook-done-kept = { $count ->
    [one] { $count } changement n’est pas fait : pendant l’écriture, la séance a commencé ou quelqu’un a modifié la séance ou la personne. Renvoyez le fichier pour voir ce qui diffère encore.
   *[other] { $count } changements ne sont pas faits : pendant l’écriture, la séance a commencé ou quelqu’un a modifié la séance ou la personne. Renvoyez le fichier pour voir ce qui diffère encore.
}
workbook-rights-given = { $count ->
    [one] Fait : { $count } rôle donné.
   *[other] Fait : { $count } rôles donnés.
}
workbook-waits = Cet import attend l’accord de deux personnes.
workbook-unfetched = Je n’ai pas pu prendre ce fichier chez Telegram. Renvoyez-le-moi, s’il vous plaît.
workbook-confirm = { $count ->
    [one] Ce fichier { $moves ->
        [0] retire
       *[other] déplace
    } { $count } séance ({ $classes }) : plus que d’habitude en un jour. Est-ce voulu ?
   *[other] Ce fichier { $moves ->
        [0] retire
       *[other] { $removes ->
            [0] déplace
           *[other] retire ou déplace
        }
    } { $count } séances ({ $classes }) : plus que d’habitude en un jour. Est-ce voulu ?
}
workbook-confirm-key = { $moves ->
    [0] Retirer { $count } : { $classes }
   *[other] Oui, { $count } : { $classes }
}
workbook-confirm-key-many = { $classes ->
    [one] { $moves ->
        [0] Retirer { $count } ({ $classes } classe)
       *[other] Oui, { $count } ({ $classes } classe)
    }
   *[other] { $moves ->
        [0] Retirer { $count } ({ $classes } classes)
       *[other] Oui, { $count } ({ $classes } classes)
    }
}
workbook-agree-people = { $count ->
    [one] Le fichier « { $file } » retire { $count } personne ({ $classes }).
   *[other] Le fichier « { $file } » retire { $count } personnes ({ $classes }).
}
workbook-agree-names = { $count ->
    [one] Personne retirée : { $names }
   *[other] Personnes retirées : { $names }
}
workbook-agree-rights = { $count ->
    [one] Rôle donné : { $names }.
   *[other] Rôles donnés : { $names }.
}
workbook-no-class = sans classe
workbook-waiting = { $count ->
    [one] Ce fichier retire { $count } personne : plus que permis en un jour. Il faut l’accord de deux personnes : le vôtre est compté ; le message « Accord demandé » dit qui donne le second, ou quand. Rien n’est appliqué d’ici là.
   *[other] Ce fichier retire { $count } personnes : plus que permis en un jour. Il faut l’accord de deux personnes : le vôtre est compté ; le message « Accord demandé » dit qui donne le second, ou quand. Rien n’est appliqué d’ici là.
}
workbook-template-name = modele-emploi-du-temps.xlsx
workbook-template-caption = Le modèle vide. La feuille « Aide » explique chaque colonne.

# ── Sur la machine de l’école ─────────────────────────────────────────────────
workbook-cli-remove = { $count ->
    [one] Ce fichier { $moves ->
        [0] retire
       *[other] déplace
    } { $count } séance ({ $classes }) : plus que d’habitude en un jour. Si c’est voulu, ajoutez { $option }.
   *[other] Ce fichier { $moves ->
        [0] retire
       *[other] { $removes ->
            [0] déplace
           *[other] retire ou déplace
        }
    } { $count } séances ({ $classes }) : plus que d’habitude en un jour. Si c’est voulu, ajoutez { $option }.
}
workbook-cli-people = { $count ->
    [one] Ce fichier retire { $count } personne ({ $classes }) : plus que permis en un jour. Il faudra l’accord de deux personnes.
   *[other] Ce fichier retire { $count } personnes ({ $classes }) : plus que permis en un jour. Il faudra l’accord de deux personnes.
}
workbook-cli-asked = { $count ->
    [one] Ce fichier retire { $count } personne ({ $classes }) : plus que permis en un jour. Rien n’est appliqué : deux admins doivent accepter dans Telegram, où ils viennent d’être prévenus. S’il n’y en a qu’un, la seconde voix est « { $command } », après 24 h.
   *[other] Ce fichier retire { $count } personnes ({ $classes }) : plus que permis en un jour. Rien n’est appliqué : deux admins doivent accepter dans Telegram, où ils viennent d’être prévenus. S’il n’y en a qu’un, la seconde voix est « { $command } », après 24 h.
}
workbook-cli-nobody = { $count ->
    [one] Ce fichier retire { $count } personne ({ $classes }) : plus que permis en un jour. Rien n’est appliqué : il faut l’accord de deux personnes, et aucun administrateur n’est relié. Faites d’abord « { $command } », puis recommencez.
   *[other] Ce fichier retire { $count } personnes ({ $classes }) : plus que permis en un jour. Rien n’est appliqué : il faut l’accord de deux personnes, et aucun administrateur n’est relié. Faites d’abord « { $command } », puis recommencez.
}
workbook-cli-rights = { $count ->
    [one] { $count } rôle au-dessus d’étudiant n’est pas donné : ajoutez { $option }.
   *[other] { $count } rôles au-dessus d’étudiant ne sont pas donnés : ajoutez { $option }.
}
workbook-cli-rights-later = { $count ->
    [one] { $count } rôle n’a pas pu être nommé dans la demande : une fois qu’elle est acceptée, importez ce fichier encore une fois avec { $option }.
   *[other] { $count } rôles sont trop nombreux pour être tous nommés dans la demande : une fois qu’elle est acceptée, importez ce fichier encore une fois avec { $option }.
}

# ── Ce qui changerait, ligne à ligne ──────────────────────────────────────────
workbook-changes-key = { $count ->
    [one] Voir le changement
   *[other] Voir les { $count } changements
}
workbook-changes-key-many = Voir les changements
workbook-roles-key = Voir les { $count } rôles
workbook-roles-head = Rôles à confirmer à part : { $count }.
workbook-roles-line = – { $right }
workbook-changes-back-key = « Retour
workbook-changes-before = ‹ { $page }/{ $pages }
workbook-changes-after = { $page }/{ $pages } ›
workbook-changes-none = Il n’y a plus rien à changer.
workbook-changes-sessions-removed = Séances à retirer ({ $count })
workbook-changes-sessions-changed = Séances à modifier ({ $count })
workbook-changes-sessions-added = Séances à ajouter ({ $count })
workbook-changes-people-left = Départs ({ $count })
workbook-changes-people-changed = Personnes à modifier ({ $count })
workbook-changes-people-added = Personnes à ajouter ({ $count })
workbook-changes-classes = Classes à créer ({ $count })
workbook-change-removed = − { $what }
workbook-change-added = + { $what }
workbook-change-changed = ~ { $what } : { $details }
workbook-change-when = { $day }, { $hours }
workbook-change-when-year = { $day } { $year }, { $hours }
workbook-change-session = { $when } · { $class } · { $subject }
workbook-change-hours = désormais { $new }
workbook-change-class = classe { $old } → { $new }
workbook-change-subject = matière { $old } → { $new }
workbook-change-teacher = enseignant { $old } → { $new }
workbook-change-teacher-found = enseignant reconnu ({ $name })
workbook-change-room = salle { $old } → { $new }
workbook-change-mode = { $old } → { $new }
workbook-change-reference = référence { $old } → { $new }
workbook-change-link = lien changé
workbook-change-link-added = lien ajouté
workbook-change-link-removed = lien retiré
workbook-change-nothing = rien
workbook-change-person = { $name } ({ $role })
workbook-change-person-of = { $name } ({ $role }) · { $classes }
workbook-change-back = de retour
workbook-change-name = nom { $old } → { $new }
workbook-change-role = rôle { $old } → { $new }
workbook-change-classes = classe { $old } → { $new }
workbook-change-lang = langue { $new }
workbook-change-email = e-mail changé
workbook-change-birth = naissance changée
workbook-change-card = carte changée

# ── Après l’application ───────────────────────────────────────────────────────
workbook-undo-key = Annuler (10 min)
workbook-undoing = J’annule…
workbook-undone = Annulé : l’emploi du temps et les personnes sont comme avant cet import.
workbook-undone-some = { $back ->
    [one] Annulé : { $back } changement est défait.
   *[other] Annulé : { $back } changements sont défaits.
}
workbook-undone-kept = { $count ->
    [one] { $count } reste comme il est :
   *[other] { $count } restent comme ils sont :
}
workbook-undone-line = • { $what } : { $why }
workbook-undone-more = et d’autres. Le fichier d’avant, renvoyé, montre ce qui diffère encore.
workbook-undone-older = { $count ->
    [one] { $count } changement de cet import a plus de 10 minutes et reste.
   *[other] { $count } changements de cet import ont plus de 10 minutes et restent.
}
workbook-undone-class = une classe
workbook-kept-changed = changé depuis par quelqu’un
workbook-kept-begun = la séance a commencé
workbook-kept-near = la séance commence bientôt, sa classe est prévenue
workbook-kept-joined = la personne est entrée entre-temps dans Telegram
workbook-kept-used = ce qui reste en a besoin
workbook-undone-already = C’est déjà annulé, ou en cours.
workbook-undo-late = Trop tard : les 10 minutes sont passées, cet import reste. Renvoyez le fichier d’avant pour revenir en arrière. (IMP-13)

# ── Les accords ───────────────────────────────────────────────────────────────
workbook-not-agreed = Rien n’a été appliqué : un admin a refusé. Parlez-en entre vous ; si c’est voulu, renvoyez le fichier. (IMP-11)
workbook-ran-out = Rien n’a été appliqué : personne d’autre n’a accepté à temps. Si c’est toujours voulu, renvoyez le fichier. (IMP-12)
workbook-agreed-late = Accepté, mais rien n’est fait : l’emploi du temps ou les personnes ont changé entre-temps. Il faut renvoyer le fichier.
workbook-agree-stray = Le compte Telegram délié de { $name } quittera le groupe de { $classes }. Avec les autres départs des dernières 24 heures, c’est plus que permis sans un second accord.
workbook-stray-nothing = Plus rien à faire : ce compte n’est plus dans ces groupes, ou il y a de nouveau sa place.
