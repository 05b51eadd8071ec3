kernel-people = { $count ->
    [one] { $count } personne
   *[other] { $count } personnes
}
