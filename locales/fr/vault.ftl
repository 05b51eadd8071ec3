vault-key-missing = Un secret de la base ne peut pas être lu : sa clé manque. Remettez le fichier secrets.key_file, ou donnez PREAU__SECRETS__KEY.
vault-key-other = Un secret de la base ne s’ouvre pas : la clé n’est pas celle qui l’a scellé. Remettez la bonne clé, ou reconnectez le compte avec « preau login ».
vault-exposed = La clé des secrets ({ $file }) est lisible par d’autres comptes de la machine. Tapez « chmod 600 { $file } ».
vault-key-bad = La clé des secrets n’a pas la bonne forme : il faut 64 chiffres hexadécimaux.
vault-key-new = La clé des secrets vient de PREAU__SECRETS__KEY : donnez à côté la nouvelle, différente, par PREAU__SECRETS__NEW_KEY (64 chiffres hexadécimaux, par exemple « openssl rand -hex 32 »), puis recommencez.
vault-backup-sealed = Cette sauvegarde ne s’ouvre pas : elle est scellée avec une autre clé des secrets. Remettez celle de la machine où elle a été faite (le fichier secrets.key_file, mode 0600), ou donnez-la par PREAU__SECRETS__KEY.
