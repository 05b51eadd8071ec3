-- A row of every table of 0030, as that version wrote them.
INSERT INTO session_pack (batch, first_id, sessions) VALUES ('b30', 's30',
    '{"words":["c1","Réseaux","","B204"],"sessions":[["s30",0,null,1795600000000,1795607200000,1,null,2,3,"on_site",null,"planned",1]]}');
