approval-title = Accord demandé · { $reference }
approval-asked = Demandé par { $asker }
approval-by-preau = Préau
approval-accepted = Accepté par { $names }
approval-refused = Refusé par { $names }
approval-open = { $left ->
    [one] Il manque { $left } accord.
   *[other] Il manque { $left } accords, de personnes différentes.
} Sans réponse avant le { $until }, rien ne sera fait.
approval-open-alone = Vous êtes seul administrateur : acceptez ici ; puis, à partir du { $from }, tapez « preau agree { $reference } » sur le serveur. Sans cela avant le { $until }, rien ne sera fait.
approval-open-alone-second = Vous êtes seul administrateur : à partir du { $from }, tapez « preau agree { $reference } » sur le serveur. Sans cela avant le { $until }, rien ne sera fait.
approval-state-agreed = Accepté : c’est en cours.
approval-state-done = Accepté, et fait.
approval-state-refused = Refusé : rien n’est fait.
approval-state-withdrawn = Retiré par la personne qui l’a demandé : rien n’est fait.
approval-state-expired = Sans accord avant le { $until } : rien n’est fait.
approval-accept = Accepter
approval-refuse = Refuser
approval-counted = { $left ->
    [one] C’est noté. Il manque l’accord d’une autre personne.
   *[other] C’est noté. Il manque { $left } accords.
}
approval-counted-alone = C’est noté. Vous êtes seul administrateur : à partir du { $from }, tapez « preau agree { $reference } » sur le serveur.
approval-agreed-alert = Accepté : je m’en occupe.
approval-refused-alert = Refusé : rien ne sera fait.
approval-expired-alert = Trop tard : cette demande a expiré, rien n’a été fait. Refaites-la si elle est encore utile.
approval-already = Vous avez déjà répondu, ou c’est déjà décidé.
approval-unknown = Je ne trouve pas cette demande parmi celles qui attendent une réponse.
approval-admins-only = C’est réservé aux administrateurs de l’école.
approval-cli-others = Un autre administrateur doit accepter dans Telegram. La ligne de commande ne remplace une deuxième personne que dans une école qui a un seul administrateur.
approval-cli-first = L’administrateur doit d’abord accepter dans Telegram. La ligne de commande vient en second.
approval-cli-until = Trop tôt : avec un seul administrateur, le second accord attend un jour. Recommencez à partir du { $moment }.
