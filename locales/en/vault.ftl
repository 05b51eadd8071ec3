vault-key-missing = A secret of the database cannot be read: its key is missing. Put the file secrets.key_file back, or give PREAU__SECRETS__KEY.
vault-key-other = A secret of the database does not open: the key is not the one that sealed it. Put the right key back, or connect the account again with “preau login”.
vault-exposed = The key of the secrets ({ $file }) can be read by other accounts of this machine. Type “chmod 600 { $file }”.
vault-key-bad = The key of the secrets has not the right form: it takes 64 hexadecimal digits.
vault-key-new = The key of the secrets comes from PREAU__SECRETS__KEY: give the new, different one beside it as PREAU__SECRETS__NEW_KEY (64 hexadecimal digits, for example “openssl rand -hex 32”), then try again.
vault-backup-sealed = This backup does not open: it is sealed with another key of the secrets. Put back the one of the machine where it was made (the file secrets.key_file, mode 0600), or give it by PREAU__SECRETS__KEY.
