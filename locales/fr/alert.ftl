alert-stuck-subject = Préau : des envois sont bloqués
alert-stuck-body = { $count ->
    [one] { $count } envoi attend
   *[other] { $count } envois attendent
} depuis plus de { $minutes } minutes. Regardez /etat dans Telegram, ou les journaux si Telegram ne répond pas. Rien n’est perdu : les envois repartent dès que possible.
