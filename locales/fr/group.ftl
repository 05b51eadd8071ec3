group-about = Groupe de la classe { $class } · { $school }
group-welcome = Bienvenue dans le groupe de la classe { $class }. Rappels, appels vidéo et bilans des séances arrivent ici. Pour vos questions personnelles, écrivez-moi en privé : @{ $bot }.
group-made = Le groupe de la classe { $class } est créé. Les élèves reliés le trouvent avec /start ; enseignants et vie scolaire y entrent par ce lien : { $link }
group-orphaned = Pendant que je créais le groupe « { $title } », la classe { $class } en a reçu un autre par /adopter. Celui que j’ai créé ne sert à personne : le compte qui l’a créé peut le supprimer.
group-all-paused = { $count ->
    [one] { $count } groupe de classe attend
   *[other] { $count } groupes de classe attendent
} : Telegram ne laisse plus nos comptes en créer aujourd’hui ({ $why }). Je réessaie demain. Pour aller plus vite : connectez un autre compte (« preau login » sur le serveur), ou créez le groupe vous-même puis /adopter.
group-strangers = { $count ->
    [one] Une personne est dans le groupe { $class } sans être de la classe : { $names }. Je n’ai retiré personne
   *[other] { $count } personnes sont dans le groupe { $class } sans être de la classe : { $names }. Je n’ai retiré personne
} : à vous de voir qui inscrire dans la classe, et qui retirer du groupe dans Telegram.
group-missing = { $count ->
    [one] Un élève de { $class } n’est pas dans le groupe : { $names }. Il y entre
   *[other] { $count } élèves de { $class } ne sont pas dans le groupe : { $names }. Ils y entrent
} avec /start, ou par le lien que vous leur donnez.
