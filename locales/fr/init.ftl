# preau init : les quelques questions avant le premier démarrage.
init-ask-language = Langue de l’école, fr ou en [fr] :
init-wrong-language = Répondez fr ou en.
init-ask-name = Nom de l’école :
init-wrong-empty = Il faut une réponse.
init-ask-zone = Fuseau horaire [Europe/Paris] :
init-wrong-zone = Ce n’est pas un fuseau comme Europe/Paris ou Indian/Reunion.
init-ask-contact = Adresse mail pour les questions sur les données (vide : aucune) :
init-wrong-mail = Ce n’est pas une adresse mail.
init-ask-token = Jeton du bot, donné par @BotFather (il ne s’affiche pas) :
init-token-serves = Telegram répond : c’est le bot @{ $bot }.
init-token-untried = Telegram n’a pas répondu : le jeton est gardé sans être essayé. « preau check » le dira plus tard.
init-ask-alert = Adresse mail à prévenir si tout s’arrête (vide : personne) :
init-ask-smtp = Serveur de mail de l’école (SMTP) :
init-ask-port = Son port [587] :
init-wrong-port = Un port est un nombre de 1 à 65535.
init-ask-from = Adresse d’où partent les mails :
init-ask-user = Nom d’utilisateur du serveur de mail (vide : sans) :
init-ask-password = Son mot de passe (il ne s’affiche pas) :
init-written = Écrit dans { $folder } :
init-next =
    Ensuite :
    1. useradd --system --home-dir { $data } --shell /usr/sbin/nologin preau
       mkdir -p { $data } && chown -R preau: { $data } { $folder }
    2. runuser -u preau -- preau check --config { $config }
    3. systemctl enable --now { $unit }
    4. runuser -u preau -- preau invite --role admin --config { $config }
       et ouvrez le lien dans Telegram : vous êtes le premier administrateur.
