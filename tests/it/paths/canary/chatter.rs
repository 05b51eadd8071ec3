//! What people of a class say among themselves in its group: nothing of it is ours to keep.

use serde_json::{Value, json};

use super::Cast;
use super::planted::CHATTER;
use super::town::Town;

/// People talk among themselves, in each way that Telegram has.
pub async fn talk(town: &Town, cast: &Cast) {
    let (sandbox, one, two) = (&town.stage.sandbox, cast.people[2], cast.people[3]);
    let said = sandbox.say(one, cast.group, &format!("{CHATTER} un"));
    sandbox.reply(two, cast.group, said, &format!("{CHATTER} deux"));
    sandbox.edit(one, cast.group, said, &format!("{CHATTER} trois")).expect("changed");
    sandbox.say(two, cast.group, &format!("/x@AutreBot {CHATTER}"));
    // Under somebody's words: Telegram sends them along.
    sandbox.reply(two, cast.group, said, "/prochain");
    sandbox.say(two, cast.group, &format!("/{CHATTER}é {CHATTER}"));
    let file =
        sandbox.send_file(one, cast.group, &format!("{CHATTER}.pdf"), CHATTER.as_bytes().to_vec(), Some(CHATTER));
    sandbox.edit(one, cast.group, file, &format!("{CHATTER} dessous")).expect("changed");
    town.settle().await;
    otherwise(town, cast).await;
}

/// A poll, what is passed on, what another bot wrote for somebody, a contact, a place; and commands under each, with the
/// words that they are about.
async fn otherwise(town: &Town, cast: &Cast) {
    let (sandbox, group) = (&town.stage.sandbox, cast.group);
    let (one, two, elsewhere) = (cast.people[2], cast.people[3], sandbox.add_person(CHATTER, CHATTER, "fr"));
    let bot = json!({ "id": 7_770_001, "is_bot": true, "first_name": CHATTER, "username": format!("{CHATTER}bot") });
    let place = json!({ "latitude": 48.85, "longitude": 2.35 });
    let told = |told: Value| sandbox.say_with(one, group, "", None, told);
    let all = [
        sandbox.ask_poll(one, group, &format!("{CHATTER} ?"), &[CHATTER, &format!("{CHATTER} non")]),
        sandbox.forward(one, group, elsewhere, &format!("{CHATTER} passé")),
        sandbox.forward(one, group, elsewhere, &format!("/moi {CHATTER}")),
        sandbox.say_with(one, group, &format!("{CHATTER} par un autre"), None, json!({ "via_bot": bot })),
        told(json!({ "contact": { "phone_number": "+33600000000", "first_name": CHATTER, "vcard": CHATTER } })),
        told(json!({ "venue": { "location": place, "title": CHATTER, "address": CHATTER }, "location": place })),
    ];
    for message in all {
        assert!(message > 0, "Telegram lets them say so");
        // Telegram sends along what a command answers to, and what of it is quoted.
        let quote = json!({ "quote": { "text": format!("{CHATTER} cité"), "position": 0, "is_manual": true } });
        sandbox.say_with(two, group, "/prochain", Some(message), quote);
        sandbox.reply(two, group, message, &format!("{CHATTER} dit"));
        town.settle().await;
    }
    // Whoever answers to us by a contact says nothing to us.
    let ours =
        sandbox.messages(group).into_iter().rev().find(|message| message.from_bot).expect("a message of ours").id;
    let contact = json!({ "contact": { "phone_number": "+33600000000", "first_name": CHATTER } });
    sandbox.say_with(one, group, "", Some(ours), contact);
    town.settle().await;
}
