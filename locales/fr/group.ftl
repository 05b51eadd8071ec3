group-about = Groupe de la classe { $class } · { $school }
group-welcome = Bienvenue dans le groupe de la classe { $class }. Rappels, appels vidéo et bilans des séances arrivent ici. Pour vos questions personnelles, écrivez-moi en privé : @{ $bot }.
group-made = Le groupe de la classe { $class } est créé. Les élèves reliés le trouvent avec /start ; enseignants et vie scolaire y entrent par ce lien : { $link }
group-orphaned = Pendant que je créais le groupe « { $title } », la classe { $class } en a reçu un autre par /adopter. Celui que j’ai créé ne sert à personne : le compte qui l’a créé peut le supprimer.
group-all-paused = { $count ->
    [one] { $count } groupe de classe attend
   *[other] { $count } groupes de classe attendent
} : Telegram ne laisse plus nos comptes en créer ({ $why }). Prochain essai : { $day }. Pour aller plus vite : connectez un autre compte (« preau login » sur le serveur), ou créez le groupe vous-même puis /adopter.
group-strangers = { $count ->
    [one] Une personne est dans le groupe { $class } sans être de la classe : { $names }. Je n’ai retiré personne
   *[other] { $count } personnes sont dans le groupe { $class } sans être de la classe : { $names }. Je n’ai retiré personne
} : à vous de voir qui inscrire dans la classe, et qui retirer du groupe dans Telegram.
group-missing = { $count ->
    [one] Un élève de { $class } n’est pas dans le groupe : { $names }. Il y entre
   *[other] { $count } élèves de { $class } ne sont pas dans le groupe : { $names }. Ils y entrent
} avec /start, ou par le lien que vous leur donnez.
group-maker-lost = Le compte qui créait le groupe « { $title } » de la classe { $class } est perdu : Telegram l’a déconnecté. Le groupe qu’il a peut-être créé ne sert à personne. Un autre compte en crée un ; s’il n’y en a pas, connectez-en un (« preau login » sur le serveur).
group-owner-lost = { $count ->
    [one] Le compte qui tenait le groupe « { $titles } » est perdu et aucun autre n’y est : les appels ne s’y ouvrent plus tout seuls. Faites entrer dans ce groupe un compte connecté par « preau login », et donnez-lui le droit de gérer les appels vidéo.
   *[other] Le compte qui tenait ces { $count } groupes est perdu et aucun autre n’y est : { $titles }. Les appels ne s’y ouvrent plus tout seuls. Faites entrer dans chacun un compte connecté par « preau login », et donnez-lui le droit de gérer les appels vidéo.
}
group-rights-stuck = Dans le groupe « { $title } », { $name } garde ses anciens droits d’administrateur : un compte que l’école n’a plus les a donnés, et nos autres comptes ne peuvent pas les changer. Reconnectez ce compte (« preau login » sur le serveur), et je m’en charge ; ou changez-les dans Telegram avec le compte propriétaire du groupe.
group-back-key = « Retour
group-page = Classe { $class } · groupe « { $title } ».
group-page-gone = Cette classe n’a pas de groupe. /classes vous donne la liste.
group-compare-key = Comparer les membres
group-compare-begun = Je compare les membres du groupe à la classe : la réponse arrive ici.
group-compared = Groupe { $class } : { $count ->
    [one] une personne comparée
   *[other] { $count } personnes comparées
} à la liste de la classe.
group-compared-strangers = Sans être de la classe : { $names }. Je n’ai retiré personne.
group-compared-missing = De la classe, sans être dans le groupe : { $names }
group-compared-same = Chacun est à sa place.
group-compare-hidden = Telegram ne me montre pas tous les membres du groupe { $class } : je n’en conclus rien et je n’ai retiré personne. Dans les réglages du groupe, désactivez « Masquer les membres », puis réessayez.
group-compare-nobody = Aucun de nos comptes n’est dans le groupe « { $title } » : je ne peux pas lire la liste des membres. Faites-y entrer un compte connecté par « preau login », puis réessayez.
group-photo-unreadable = Je ne peux pas lire l’image des groupes ({ $why }) : ils gardent celle d’avant. Corrigez school.photo (un fichier JPEG ou PNG de 10 Mo au plus), puis relancez Préau.
group-remove-key = Retirer { $count ->
    [one] une personne
   *[other] { $count } personnes
}
group-remove-sure = Retirer du groupe de la classe { $class } : { $names } ? { $count ->
    [one] Cette personne sort
   *[other] Ces { $count } personnes sortent
} du groupe sans annonce. Qui a le lien peut redemander à entrer.
group-remove-now-key = Oui, retirer { $count }
group-remove-begun = { $count ->
    [one] Je retire cette personne
   *[other] Je retire ces { $count } personnes
} : le résultat arrive ici.
group-remove-asked = { $count ->
    [one] Retirer encore une personne, c’est
   *[other] Retirer ces { $count } personnes, c’est
} plus que ce qu’une seule personne décide en un jour. Je n’ai retiré personne : je demande deux accords aux admins.
group-remove-effects = Retirer du groupe de la classe { $class } { $count ->
    [one] une personne qui n’est
   *[other] { $count } personnes qui ne sont
} pas de la classe : { $names }.
group-remove-nobody = Il n’y a plus personne à retirer : la liste a changé depuis. « Comparer les membres » vous donne la nouvelle.
group-removed = { $count ->
    [one] Sortie du groupe
   *[other] Sorties du groupe
} : { $names }.
group-remove-stuck = Telegram ne me laisse pas retirer { $names } : je ne peux pas retirer un admin du groupe, ni personne sans le droit de bannir. Faites-le dans Telegram.
