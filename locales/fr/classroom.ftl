classroom-menu-adopt = Lier ce groupe à une classe
classroom-menu-classes = Les classes et leurs groupes
classroom-adopt-small-group = Ce groupe est encore un petit groupe. Ouvrez ses réglages, activez « Historique visible pour les nouveaux membres » (Telegram en fait alors un supergroupe), puis refaites /adopter. (CLA-01)
classroom-adopt-not-admin = Je ne peux pas encore m’occuper de ce groupe. Nommez-moi administrateur avec ces droits, puis refaites /adopter (CLA-02) :
classroom-rights-missing = Il me manque encore ces droits d’administrateur dans ce groupe (CLA-03) :
classroom-right-invite = – inviter des membres (pour les liens d’entrée)
classroom-right-delete = – supprimer des messages (pour retirer ce qui est privé)
classroom-right-ban = – bannir des membres (pour faire sortir qui quitte la classe)
classroom-right-pin = – épingler des messages
classroom-right-info = – modifier le profil du groupe
classroom-adopted = Ce groupe est maintenant celui de la classe { $class }. Rappels et bilans des séances arriveront ici.
classroom-adopted-already = Ce groupe est déjà celui de la classe { $class }.
classroom-group-taken = Ce groupe est déjà celui de la classe { $class }. Un groupe ne sert qu’une classe. (CLA-04)
classroom-has-group = La classe { $class } a déjà un groupe : « { $title } ». Le remplacer par celui-ci ?
classroom-replace-key = Prendre ce groupe-ci
classroom-unknown = Je ne connais pas de classe « { $name } ». /classes vous donne la liste. (CLA-05)
classroom-gone = Cette classe n’existe plus. /adopter vous donne les autres. (CLA-06)
classroom-unknown-near = Je ne connais pas de classe « { $name } ». Vouliez-vous dire { $near } ? (CLA-05)
classroom-choose = Quelle classe se retrouve dans ce groupe ?
classroom-none-free = Toutes les classes ont déjà un groupe. Pour en remplacer un : /adopter suivi du nom de la classe.
classroom-none = Aucune classe pour l’instant. Envoyez-moi votre emploi du temps Excel, ou prenez le modèle : /modele.
classroom-list = { $count ->
    [one] { $count } classe :
   *[other] { $count } classes :
}
classroom-line = – { $class } : groupe « { $title } »
classroom-line-no-group = – { $class } : pas encore de groupe
classroom-line-making = – { $class } : le groupe est en cours de création
classroom-line-foreseen = – { $class } : le groupe sera créé le { $day }
classroom-line-no-rights = – { $class } : groupe « { $title } », où je ne suis plus administrateur
classroom-adopt-late = Rien n’a changé : entre-temps, la classe { $class } a reçu un autre groupe, ou ce groupe une autre classe. Pour voir ce qui vaut maintenant : /classes. (CLA-07)
classroom-adopted-again = Ce groupe est bien celui de la classe { $class }. Son lien d’entrée est renouvelé : chacun le trouve avec /start.
