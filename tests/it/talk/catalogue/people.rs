//! First words, help, settings, privacy; refusals; the state of things.

use preau::kernel::Lang;
use preau::sandbox::Fault;
use preau::school::roster::Role;

use super::tale::{Both, Tale};

const COMMANDS: [Both<'static>; 18] = [
    ["start", "start"],
    ["aide", "help"],
    ["reglages", "settings"],
    ["confidentialite", "privacy"],
    ["annuler", "cancel"],
    ["ping", "ping"],
    ["aujourdhui", "today"],
    ["semaine", "week"],
    ["prochain", "next"],
    ["presence", "attendance"],
    ["moi", "me"],
    ["horaires", "timetable"],
    ["modele", "template"],
    ["classes", "classrooms"],
    ["liens", "links"],
    ["adopter", "adopt"],
    ["etat", "status"],
    ["journal", "journal"],
];

const CODES: [(&str, usize); 9] =
    [("TEL", 8), ("LIE", 8), ("CLA", 7), ("AGR", 1), ("SES", 6), ("PRE", 5), ("IMP", 13), ("ROS", 2), ("XYZ", 1)];

async fn told(lang: Lang) {
    let mut tale = Tale::begin(lang, &[]).await;
    tale.join("Odile", "Roy", Role::Manager, &[]).await;
    tale.stranger("Passant");
    for who in ["Passant", "Inès", "Mamadou", "Éric", "Odile", "Claire"] {
        tale.start(who, "").await;
        tale.tell(who, ["/aide", "/help"]).await;
    }
    for who in ["Passant", "Inès", "Claire"] {
        tale.tell(who, ["/reglages", "/settings"]).await;
        tale.tell(who, ["/confidentialite", "/privacy"]).await;
        tale.tell(who, ["/annuler", "/cancel"]).await;
        tale.tell(who, ["/licorne", "/unicorn"]).await;
        tale.tell(who, ["/semain", "/wek"]).await;
        tale.tell(who, ["Bonjour", "Hello"]).await;
    }
    for command in COMMANDS {
        let line = command.map(|name| format!("/aide {name}"));
        tale.tell("Claire", [&line[0], &line[1].replace("aide", "help")]).await;
    }
    for name in [["presence", "attendance"], ["licorne", "unicorn"], ["semain", "wek"]] {
        let line = [format!("/aide {}", name[0]), format!("/help {}", name[1])];
        tale.tell("Inès", [&line[0], &line[1]]).await;
    }
    for (room, count) in CODES {
        for number in 1..=count {
            let line = [format!("/aide {room}-{number:02}"), format!("/help {room}-{number:02}")];
            tale.tell("Claire", [&line[0], &line[1]]).await;
        }
    }
    for who in ["Passant", "Inès", "Mamadou", "Éric"] {
        for command in
            [["/presence", "/attendance"], ["/liens", "/links"], ["/classes", "/classrooms"], ["/etat", "/status"]]
        {
            tale.tell(who, command).await;
        }
        for command in [["/prochain", "/next"], ["/moi", "/me"], ["/horaires", "/timetable"], ["/adopter", "/adopt"]] {
            tale.tell(who, command).await;
        }
    }
    tale.touch("Inès", "telegram-why-key").await;
    tale.send("Inès", "certificat.pdf", b"%PDF".to_vec()).await;
    tale.send("Claire", "horaires.pdf", b"%PDF".to_vec()).await;
    for command in [["/etat", "/status"], ["/classes", "/classrooms"], ["/ping", "/ping"], ["/modele", "/template"]] {
        tale.tell("Claire", command).await;
    }
    tale.sandbox.fault(Fault::TooManyRequests { method: Some("sendDocument".to_owned()), retry_after: 1, times: 1 });
    tale.tell("Inès", ["/reglages", "/settings"]).await;
    tale.touch("Inès", "welcome-english").await;
    tale.touch("Inès", "telegram-close-key").await;
    tale.end("people").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_in_french() {
    told(Lang::Fr).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_in_english() {
    told(Lang::En).await;
}
