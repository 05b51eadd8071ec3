roster-menu-start = Faire connaissance
roster-menu-links = Les liens personnels
roster-start-anyone = Bonjour ! Je suis Préau, l’assistant de l’école dans Telegram ({ $school }). Je ne vous connais pas encore : demandez à l’école votre lien personnel, puis ouvrez-le.
roster-start-student = Bonjour ! Je suis Préau, l’assistant de l’école ({ $school }). Je vous dis vos cours, je vous les rappelle, et vous pouvez y annoncer une absence ou un retard.
roster-start-teacher = Bonjour ! Je suis Préau, l’assistant de l’école ({ $school }). Au début de chaque cours je vous propose l’appel, et à la fin la feuille se fait : vous la corrigez et la validez en deux gestes.
roster-start-supervisor = Bonjour ! Je suis Préau, l’assistant de l’école ({ $school }). Je vous aide à relier les élèves de vos classes, à suivre les présences et les feuilles qui attendent.
roster-start-manager = Bonjour ! Je suis Préau, l’assistant de l’école ({ $school }). Je vous montre les classes, leurs présences et ce qui attend une décision.
roster-start-admin = Bonjour ! Je suis Préau, l’assistant de l’école ({ $school }). Envoyez-moi l’emploi du temps (.xlsx, .xls ou .ods) : je vous montre les différences avant de rien changer.
roster-start-help = Voir ce que je fais
roster-start-link = Comment avoir mon lien
roster-start-privacy = Voir ce que je garde
roster-ask-birth = Bonjour ! Pour vérifier que ce lien est le vôtre : quelle est votre date de naissance ? Par exemple 12/03/2009.
roster-ask-card = Bonjour ! Pour vérifier que ce lien est le vôtre : quel est le numéro de votre carte (ou badge) de l’école ?
roster-ask-birth-or-card = Bonjour ! Pour vérifier que ce lien est le vôtre : quelle est votre date de naissance (par exemple 12/03/2009), ou le numéro de votre carte (ou badge) de l’école ?
roster-ask-email = Bonjour ! Pour vérifier que ce lien est le vôtre : quelle adresse mail avez-vous donnée à l’école ?
roster-ask-time = Vous avez une heure pour répondre.
roster-ask-stop = /annuler pour arrêter.
roster-unread-birth = Je n’y reconnais pas de date : cette réponse ne compte pas. Écrivez le jour, le mois et l’année de votre naissance, par exemple 25/03/2009. /annuler pour arrêter.
roster-unread-card = Je n’y vois pas de numéro : cette réponse ne compte pas. Écrivez le numéro de votre carte (ou badge) de l’école. /annuler pour arrêter.
roster-unread-birth-or-card = Je n’y reconnais ni date ni numéro : cette réponse ne compte pas. Écrivez votre date de naissance, par exemple 25/03/2009, ou le numéro de votre carte (ou badge) de l’école. /annuler pour arrêter.
roster-unread-email = Ce n’est pas une adresse mail : cette réponse ne compte pas. Écrivez l’adresse que vous avez donnée à l’école. /annuler pour arrêter.
roster-unread-enough = Arrêtons-nous là pour l’instant. Votre lien marche toujours : rouvrez-le quand vous aurez la réponse, ou demandez de l’aide à l’école.
roster-wrong = { $left ->
    [one] Ce n’est pas ce que l’école a noté. Vérifiez et réessayez : il reste { $left } essai. /annuler pour arrêter.
   *[other] Ce n’est pas ce que l’école a noté. Vérifiez et réessayez : il reste { $left } essais. /annuler pour arrêter.
}
roster-wrong-dead = Ce lien est fermé après 5 réponses qui ne correspondaient pas. L’école est prévenue : demandez-lui un nouveau lien. (LIE-05)
roster-you = { $name } : c’est vous ?
roster-you-of = { $name }, { $classes } : c’est vous ?
roster-yes = Oui, c’est moi
roster-no = Non
roster-not-me = Merci de l’avoir dit. Ce lien est fermé et l’école est prévenue : demandez-lui le vôtre.
roster-age = Quel âge avez-vous ?
roster-age-under = Moins de 16
roster-age-sixteen = 16–17
roster-age-adult = 18 et plus
roster-too-young = Telegram demande 16 ans en Europe. Votre compte n’est donc pas relié, et rien n’en est gardé : la trace technique de cet échange s’efface d’elle-même en 48 heures. L’école vous propose une autre voie, par mail ou par le compte d’un parent : elle est prévenue et vous en parlera.
roster-other-way-key = Voir l’autre voie
roster-other-way = Sans Telegram, l’école vous propose une autre voie :
    – par mail : les cours, leurs changements et votre présence à l’adresse que vous lui donnez ;
    – par un parent : les mêmes nouvelles par son compte.
    C’est la vie scolaire qui le fait, pas moi : elle est prévenue. Dites-lui laquelle vous va, et à quelle adresse ou à quel parent écrire. Votre présence est notée en cours comme celle des autres.
roster-tied = C’est fait, { $name } : votre compte est relié.
roster-yours = Votre compte est déjà relié, { $name }.
roster-notice-student = Ce que l’école garde ({ $school }), en six lignes :
    1. Quoi : nom, classe et, si l’école les a notés, date de naissance, numéro de carte, adresse mail ; compte Telegram, langue, tranche d’âge, présences et absences.
    2. Pourquoi : prévenir des cours, vérifier qui vous êtes et établir les feuilles de présence.
    3. Combien de temps : les présences de 3 à 10 ans, selon les financeurs ; ce compte tant que vous êtes à l’école.
    4. Qui voit : vous, vos enseignants, la vie scolaire, les responsables, les administrateurs. Pas vos camarades.
    5. Dans le groupe, je ne garde pas les conversations.
    6. Vos droits et le détail : /confidentialite.
roster-notice-staff = Ce que l’école garde ({ $school }), en six lignes :
    1. Quoi : nom, rôle, classes et, si l’école les a notés, date de naissance, numéro de carte, adresse mail ; compte Telegram, langue, et vos décisions (appels, corrections, accords).
    2. Pourquoi : faire tourner les cours, vérifier qui vous êtes et prouver qui a décidé quoi.
    3. Combien de temps : les preuves de 3 à 10 ans, selon les financeurs ; ce compte tant que vous êtes à l’école.
    4. Qui voit : vous, la vie scolaire, les responsables, les administrateurs.
    5. Dans les groupes, je ne garde pas les conversations.
    6. Vos droits et le détail : /confidentialite.
roster-join = Rejoindre le groupe
roster-join-class = Rejoindre { $class }
roster-group-soon = Votre école ouvrira bientôt le groupe de { $classes }. Rouvrez alors /start : vous n’avez rien d’autre à faire.
roster-ask-name = Bonjour ! Ce lien fait de vous un administrateur de l’école ({ $school }). Quels sont vos prénom et nom ? Par exemple : Claire Dupont.
roster-name-again = Il me faut un prénom et un nom, par exemple : Claire Dupont. /annuler pour arrêter.
roster-admin-confirm = { $name }, ce lien fait de vous un administrateur de l’école : emplois du temps, liens personnels, groupes. Le voulez-vous ?
roster-admin-yes = Devenir administrateur
roster-admin-no = Ne rien changer
roster-admin-stay = Rien n’est changé. Le lien reste ouvert jusqu’à la fin de son heure.
roster-admin-done = C’est fait, { $name } : vous êtes administrateur de l’école. Envoyez-moi l’emploi du temps (.xlsx, .xls ou .ods) ; /modele vous en donne un vide.
roster-link-unknown = Je ne reconnais pas ce lien. Vérifiez qu’il est entier, ou demandez-en un nouveau à l’école. (LIE-01)
roster-link-used = Ce lien a déjà servi : il ne marche qu’une fois. Si ce n’était pas vous, prévenez l’école ; elle vous en donnera un nouveau. (LIE-02)
roster-link-dead = Ce lien ne marche plus : un autre l’a remplacé, ou il a été fermé. Demandez-en un nouveau à l’école. (LIE-03)
roster-link-expired = Ce lien a expiré. La vie scolaire ou le secrétariat vous en donne un nouveau tout de suite : demandez-le, puis ouvrez-le. (LIE-04)
roster-link-expired-admin = Ce lien a expiré : il vit une heure, et une de plus pour répondre quand il est ouvert à temps. Sur la machine de l’école, tapez « preau invite --role admin » pour en avoir un nouveau. (LIE-04)
roster-account-taken = Ce compte Telegram est déjà relié à une autre personne. L’école est prévenue : demandez-lui de défaire ce lien, ou ouvrez le vôtre depuis votre propre compte. (LIE-06)
roster-person-taken = La personne de ce lien a déjà relié un autre compte Telegram. L’école est prévenue : demandez-lui de défaire l’ancien, puis rouvrez ce lien. (LIE-07)
roster-nothing-known = L’école n’a noté ni date de naissance, ni carte, ni adresse mail pour ce lien : je ne peux pas vérifier qu’il est le vôtre. Elle est prévenue. (LIE-08)
roster-told-nothing-known = { $name } a ouvert son lien personnel, mais je n’ai ni date de naissance, ni carte, ni mail pour vérifier. Ajoutez l’un des trois dans la feuille Personnes, puis dites-lui de rouvrir le lien.
roster-told-account-taken = Quelqu’un a ouvert le lien de { $name } depuis un compte Telegram relié à { $other }. Je n’ai rien relié. Si ce compte est celui de { $name }, déliez-le, puis dites-lui de rouvrir son lien.
roster-told-person-taken = Quelqu’un a ouvert un lien de { $name }, qui a déjà relié un autre compte Telegram. Je n’ai rien relié. Si { $name } a changé de compte, déliez l’ancien, puis dites-lui de rouvrir son lien.
roster-told-tries = Le lien personnel de { $name } ({ $classes }) est fermé : 5 réponses de suite ne correspondaient pas. Si c’était bien cette personne, faites-lui un nouveau lien avec /liens.
roster-told-tries-alone = Le lien personnel de { $name } est fermé : 5 réponses de suite ne correspondaient pas. Si c’était bien cette personne, faites-lui un nouveau lien avec /liens.
roster-told-not-me = Quelqu’un a ouvert le lien de { $name }, a donné la bonne réponse, puis a dit ne pas être cette personne. Le lien est fermé. Faites-en un nouveau avec /liens.
roster-told-too-young = { $name } a moins de 16 ans : Telegram ne le permet pas en Europe. Je n’ai rien relié et le lien est fermé. Proposez-lui le mail ou le compte d’un parent.
roster-told-tied = { $name } vient de relier son compte Telegram. Si ce n’est pas cette personne, déliez le compte.
roster-told-tied-of = { $name } ({ $classes }) vient de relier son compte Telegram. Si ce n’est pas cette personne, déliez le compte.
roster-told-tied-many = { $class } : { $count } personnes viennent de relier leur compte Telegram : { $names }. Ce n’est pas l’une de ces personnes ? Déliez son compte.
roster-told-admin = { $name } est maintenant administrateur de l’école, par un lien fait sur la machine. Si vous ne l’attendiez pas, déliez le compte.
roster-told-join-failed = Je n’ai pas pu faire entrer { $name } dans le groupe de { $class } : Telegram l’a refusé. Vérifiez que je suis administrateur du groupe avec le droit d’inviter, puis acceptez la demande dans le groupe.
roster-untie = Délier
roster-untied = Le compte de { $name } n’est plus relié : il ne reçoit plus rien et ne peut plus rien faire. Dans 10 minutes, il quittera aussi les groupes de classe où il n’était que par ce lien, sans que le groupe en soit informé. Un nouveau lien se fait avec /liens.
roster-untied-already = Ce compte n’est plus relié : c’était déjà fait.
roster-retie = Annuler (10 min)
roster-retied = Le compte de { $name } est de nouveau relié.
roster-retie-late = Trop tard pour annuler, ou quelque chose a changé entre-temps. Faites un nouveau lien avec /liens.
roster-not-yours = Ce n’est pas à vous d’en décider : c’est à la vie scolaire de la classe, ou à un administrateur.
roster-welcome = Bienvenue { $name } !
roster-welcome-many = Bienvenue { $names } et { $last } !
roster-welcome-crowd = Bienvenue { $names } et { $count } autres !
roster-decline = Ce groupe est réservé aux personnes de la classe, et je ne vous connais pas encore. Demandez à l’école votre lien personnel, ouvrez-le ici, puis demandez de nouveau à entrer.
roster-decline-known = Ce groupe est réservé aux personnes de la classe, et vous n’êtes pas dans cette classe. Si c’est une erreur, parlez-en à la vie scolaire.
roster-links-which = Pour quelle classe ?
roster-links-staff = Personnel sans classe
roster-links-no-class = Je ne trouve pas de classe « { $class } ». /liens sans rien d’autre les montre toutes.
roster-links-no-classes = Il n’y a pas encore de classe dont vous vous occupez. Elles viennent avec l’emploi du temps.
roster-links-not-yours = Vous ne vous occupez pas de { $class } : demandez à sa vie scolaire ou à un administrateur.
roster-links-staff-not-yours = Le personnel sans classe reçoit ses liens d’un responsable ou d’un administrateur : demandez-leur.
roster-links-none = { $class } : tout le monde est relié. Il n’y a pas de lien à créer.
roster-links-count = { $count ->
    [one] { $class } : { $count } personne n’a pas encore relié son compte.
   *[other] { $class } : { $count } personnes n’ont pas encore relié leur compte.
}
roster-links-dying = { $count ->
    [one] { $count } lien déjà imprimé cessera de marcher.
   *[other] { $count } liens déjà imprimés cesseront de marcher.
}
roster-links-life = Un lien sert une fois et vit 14 jours. Vous recevrez un fichier à imprimer et à découper ; donnez à chacun le sien.
roster-links-make = { $count ->
    [one] Créer { $count } lien
   *[other] Créer { $count } liens
}
roster-links-changed = La liste a changé entre-temps, voici la nouvelle.
roster-links-coming = { $count ->
    [one] { $class } : le fichier avec { $count } lien arrive.
   *[other] { $class } : le fichier avec { $count } liens arrive.
}
roster-links-failed = Le fichier des liens de { $class } n’est peut-être pas arrivé. Ses liens ne marchent pas, ceux d’avant marchent toujours : refaites /liens.
roster-csv-name = Liens { $class }
roster-csv-last-name = Nom
roster-csv-first-name = Prénom
roster-csv-link = Lien
roster-csv-until = Valable jusqu’au
roster-csv-caption = { $count ->
    [one] { $class } : { $count } lien personnel, valable une fois, jusqu’au { $until }. Donnez-le uniquement à sa personne.
   *[other] { $class } : { $count } liens personnels, valables une fois, jusqu’au { $until }. Donnez à chacun uniquement le sien.
}
roster-told-bot-left = Je ne suis plus dans le groupe « { $title } » de la classe { $class } : ni rappels ni bilans n’y arrivent. Pour y remédier : remettez-moi dans le groupe comme administrateur, puis tapez-y /adopter.
roster-told-rights = Dans le groupe « { $title } » de la classe { $class }, il me manque des droits d’administrateur :
roster-told-rights-how = Pour y remédier : dans le groupe, ouvrez ses administrateurs, touchez mon nom et rendez-moi ces droits.
roster-links-back = « Retour
roster-link-expired-mailed = Ce lien a expiré : par mail, il ne vit que 15 minutes. Recevez-en un nouveau à la même adresse. (LIE-04)
roster-mail-key = Envoyer par mail…
roster-mail-off = Je ne peux pas encore écrire par mail : aucun serveur de mail n’est réglé pour l’école. Sur la machine, « preau check » dit comment faire. /liens prépare un fichier à imprimer.
roster-mail-nobody = { $count ->
    [0] { $class } : tout le monde est relié. Il n’y a pas de lien à envoyer.
    [one] { $class } : { $count } personne n’est pas reliée, et l’école ne connaît pas son adresse mail. Donnez-lui un lien imprimé.
   *[other] { $class } : { $count } personnes ne sont pas reliées, et l’école ne connaît pas leurs adresses mail. Donnez-leur des liens imprimés.
}
roster-mail-count = { $count ->
    [one] { $class } : { $count } mail partira, à { $names }
   *[other] { $class } : { $count } mails partiront, à { $names }
}
roster-mail-without = { $count ->
    [one] { $count } personne n’a pas d’adresse connue : il lui faut un lien imprimé.
   *[other] { $count } personnes n’ont pas d’adresse connue : il leur faut un lien imprimé.
}
roster-mail-life = Un lien reçu par mail sert une fois et vit 15 minutes ; ouvert trop tard, il en propose un nouveau. Les liens imprimés marchent toujours. Un mail parti ne se reprend pas.
roster-mail-send = { $count ->
    [one] Envoyer { $count } mail
   *[other] Envoyer { $count } mails
}
roster-mail-leaving = { $count ->
    [one] { $class } : { $count } mail part.
   *[other] { $class } : { $count } mails partent. S’il en est un qui ne peut pas partir, je vous le dis.
}
roster-mail-failed = Le lien de { $name } n’a pas pu partir par mail, ou n’est peut-être pas parti. Vérifiez son adresse dans la feuille Personnes, puis refaites /liens.
roster-mail-again-key = Recevoir un nouveau lien
roster-mail-again-sent = Un nouveau lien part à l’adresse mail que l’école connaît. Ouvrez-le dans les 15 minutes.
roster-mail-subject = Votre lien pour { $school } dans Telegram
roster-mail-body =
    Bonjour { $name },

    { $school } utilise Telegram pour dire les cours et les présences. Voici votre lien personnel :

    { $link }

    Il sert une seule fois, dans les 15 minutes. Ne le transmettez à personne. Trop tard ? Ouvrez-le quand même : il vous en propose un nouveau.

    Si vous n’attendiez pas ce message, ou si vous ne voulez pas de Telegram, laissez-le et parlez-en à l’école : elle a une autre voie.
roster-told-departed = { $count ->
    [one] { $names } a quitté la classe { $class } et n’est plus dans son groupe Telegram. Le groupe n’en est pas informé.
   *[other] { $names } ont quitté la classe { $class } et ne sont plus dans son groupe Telegram. Le groupe n’en est pas informé.
}
roster-told-stuck = Je n’ai pas pu retirer { $names } du groupe de { $class } : Telegram ne me laisse pas retirer un administrateur du groupe. Faites-le vous-même dans Telegram. (ROS-02)
roster-told-held = { $count ->
    [one] { $names } a quitté la classe { $class }, mais je n’ai pas pu l’enlever du groupe : il me manque le droit « bannir des membres ». Donnez-le-moi dans les administrateurs du groupe, et je m’en charge aussitôt ; ou retirez cette personne vous-même. (ROS-01)
   *[other] { $names } ont quitté la classe { $class }, mais je n’ai pas pu les enlever du groupe : il me manque le droit « bannir des membres ». Donnez-le-moi dans les administrateurs du groupe, et je m’en charge aussitôt ; ou retirez ces personnes vous-même. (ROS-01)
}
roster-told-walked-out = { $count ->
    [one] { $names } n’est plus dans le groupe Telegram de { $class }, mais est toujours dans la classe. Le groupe n’en est pas informé. Pour revenir : ouvrir sa conversation avec moi, taper /start, toucher « Rejoindre ».
   *[other] { $names } ne sont plus dans le groupe Telegram de { $class }, mais sont toujours dans la classe. Le groupe n’en est pas informé. Pour revenir : ouvrir leur conversation avec moi, taper /start, toucher « Rejoindre ».
}
roster-told-stray = { $count ->
    [one] Le compte Telegram délié de { $names } n’est plus dans le groupe de { $class }. Le groupe n’en est pas informé.
   *[other] Les comptes Telegram déliés de { $names } ne sont plus dans le groupe de { $class }. Le groupe n’en est pas informé.
}
roster-told-stray-held = { $count ->
    [one] Le compte Telegram délié de { $names } est encore dans le groupe de { $class } : pour l’enlever, il me manque le droit « bannir des membres ». Donnez-le-moi dans les administrateurs du groupe, et je m’en charge aussitôt ; ou retirez-le vous-même. (ROS-01)
   *[other] Les comptes Telegram déliés de { $names } sont encore dans le groupe de { $class } : pour les enlever, il me manque le droit « bannir des membres ». Donnez-le-moi dans les administrateurs du groupe, et je m’en charge aussitôt ; ou retirez-les vous-même. (ROS-01)
}
roster-untied-account = le compte délié de { $name }
roster-told-taken-elsewhere = Quelqu’un a ouvert le lien de { $name } depuis un compte Telegram déjà relié à une autre personne. Je n’ai rien relié. Qui s’occupe de cette autre personne a reçu le bouton pour délier ce compte.
roster-linked-key = Délier un compte…
roster-linked-which = { $class } : quel compte délier ? Voici les personnes reliées. Rien n’est défait avant que vous ne touchiez « Délier ».
roster-linked-one = Depuis le { $since }, { $name } a un compte Telegram relié. Le délier ? Cette personne ne reçoit alors plus rien, et le compte quitte les groupes où il n’était que par ce lien.
roster-linked-one-of = Depuis le { $since }, { $name } ({ $classes }) a un compte Telegram relié. Le délier ? Cette personne ne reçoit alors plus rien, et le compte quitte les groupes où il n’était que par ce lien.
