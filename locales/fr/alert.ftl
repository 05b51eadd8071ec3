alert-stuck-subject = Préau : des envois sont bloqués
alert-stuck-body = { $count ->
    [one] { $count } envoi attend
   *[other] { $count } envois attendent
} depuis plus de { $minutes } minutes. Regardez /etat dans Telegram, ou les journaux si Telegram ne répond pas. Rien n’est perdu : les envois repartent dès que possible.
alert-webhook-subject = Préau : un webhook prenait les messages du bot
alert-webhook-body = Telegram envoyait les messages du bot à { $host } (un « webhook »). Préau l’a retiré et relève de nouveau les messages lui-même ; aucun n’est perdu. S’il revient, un autre programme a le jeton du bot : arrêtez-le, ou changez le jeton chez @BotFather (/revoke) puis dans le fichier que nomme telegram.token_file, et redémarrez Préau.
alert-rival-subject = Préau : un autre programme relève les messages du bot
alert-rival-body = Deux programmes relèvent les messages du bot avec le même jeton ; Telegram ne les donne qu’à un à la fois, et des personnes restent sans réponse. Arrêtez l’autre programme. Si vous ne le connaissez pas, changez le jeton chez @BotFather (/revoke) puis dans le fichier que nomme telegram.token_file, et redémarrez Préau.
alert-away-subject = Préau : Telegram ne répond pas
alert-away-body = Telegram ne répond plus à Préau depuis le { $since }. Rien n’est perdu : ce qui est dû part dès que la liaison revient, et ce qui serait trop tard est dit aux administrateurs. Vérifiez la connexion de la machine ; si d’autres bots marchent, vérifiez le jeton avec « preau check ».
alert-store-subject = Préau : la base de données ne se laisse plus écrire
alert-store-body = La base de données ne se laisse plus écrire depuis le { $since } : personne n’a de réponse, et rien ne part. Rien n’est perdu : tout attend et repart dès qu’elle s’écrit, et ce qui serait trop tard est dit aux administrateurs. Vérifiez la place sur le disque, puis si un autre programme la bloque ou si le serveur PostgreSQL répond ; « preau check » dit ce qui ne va pas.
alert-backup-subject = Préau : la sauvegarde du jour n’est pas faite
alert-backup-body = La sauvegarde dans { $folder } (backup.folder) a échoué : { $why }. Préau réessaie chaque heure. Vérifiez les droits du dossier et la place, sur son disque et à côté de la base (une sauvegarde y passe d’abord) ; /etat dit quand la dernière a été faite.
