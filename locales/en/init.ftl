# preau init: the few questions before the first start.
init-ask-language = The school’s language, fr or en [fr]:
init-wrong-language = Answer fr or en.
init-ask-name = The school’s name:
init-wrong-empty = An answer is needed.
init-ask-zone = Time zone [Europe/Paris]:
init-wrong-zone = That is no time zone such as Europe/Paris or Indian/Reunion.
init-ask-contact = Mail address for questions about data (empty: none):
init-wrong-mail = That is no mail address.
init-ask-token = The bot’s token, as @BotFather gave it (it is not shown):
init-token-serves = Telegram answers: it is the bot @{ $bot }.
init-token-untried = Telegram did not answer: the token is kept untried. “preau check” will say later.
init-ask-alert = Mail address to warn when everything stops (empty: nobody):
init-ask-smtp = The school’s mail server (SMTP):
init-ask-port = Its port [587]:
init-wrong-port = A port is a number from 1 to 65535.
init-ask-from = The address that mails come from:
init-ask-user = User name at the mail server (empty: none):
init-ask-password = Its password (it is not shown):
init-written = Written to { $folder }:
init-next =
    Next:
    1. useradd --system --home-dir { $data } --shell /usr/sbin/nologin preau
       mkdir -p { $data } && chown -R preau: { $data } { $folder }
    2. runuser -u preau -- preau check --config { $config }
    3. systemctl enable --now { $unit }
    4. runuser -u preau -- preau invite --role admin --config { $config }
       and open the link in Telegram: you are the first administrator.
