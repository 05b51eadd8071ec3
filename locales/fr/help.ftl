help-start = Dit qui je suis et ce que je peux faire pour vous. Avec un lien personnel de l’école, relie votre compte.
    Exemple : tapez /start quand vous ne savez plus par où commencer.
help-help = Montre ce que l’on me demande le plus selon votre rôle. Avec un nom de commande ou le code d’un refus, l’explique.
    Exemple : /aide semaine
help-settings = Choisit la langue dans laquelle je vous écris : elle vaut aussi pour le menu des commandes.
    Exemple : tapez /reglages, puis English.
help-privacy = Dit exactement ce que je lis, ce que l’école garde de vous, pour combien de temps, et quels sont vos droits.
    Exemple : /confidentialite
help-cancel = Abandonne la question que je vous ai posée ; rien n’est changé. Une question sans réponse s’oublie d’elle-même en 24 heures.
    Exemple : je demande un motif, vous changez d’avis : /annuler
help-ping = Répond aussitôt, avec l’heure de l’école : c’est que je marche.
    Exemple : /ping
help-today = Montre les cours du jour, avec l’heure, la matière, l’enseignant et la salle ou le lien. Dans un groupe : ceux de sa classe.
    Exemple : /aujourdhui
help-week = Montre les cours de la semaine, du lundi au dimanche. Dans un groupe : ceux de sa classe.
    Exemple : /semaine
help-next = Montre le prochain cours, ou celui qui a lieu en ce moment, avec un bouton pour le rejoindre s’il a un lien.
    Exemple : /prochain
help-attendance = Montre les feuilles de présence des 7 derniers jours. Touchez-en une pour la remplir, la corriger ou la valider.
    Exemple : après le cours, /presence, puis la feuille, puis Valider.
help-me = Montre vos présences, absences et retards des deux dernières semaines. Ce qui vous semble faux se conteste d’un bouton.
    Exemple : /moi, puis Contester sous la ligne.
help-timetable = Dit comment m’envoyer l’emploi du temps. Je montre les différences avant de rien changer, et les lignes à corriger.
    Exemple : tapez /horaires, puis envoyez votre fichier .xlsx.
help-template = Envoie un classeur vide à remplir : une feuille pour les personnes, une pour les cours.
    Exemple : /modele
help-links = Prépare les liens personnels de ceux d’une classe qui n’ont pas encore relié leur compte. Avant, je dis combien. C’est aussi là que l’on délie un compte : perdu, changé, ou relié par erreur.
    Exemple : /liens 1A
help-classes = Montre chaque classe et son groupe, et celles qui n’en ont pas.
    Exemple : /classes
help-adopt = Lie ce groupe à une classe : rappels, avis et bilans y arrivent. Il faut que je sois administrateur du groupe.
    Exemple : dans le groupe, /adopter 1A
help-status = Dit comment je vais : ce qui attend, ce qui n’a pas pu partir, ce qui demande quelqu’un.
    Exemple : /etat
help-journal = Montre qui a fait quoi, du plus récent au plus ancien. Se cherche par nom, classe, jour ou action.
    Exemple : /journal Diallo 24/11
