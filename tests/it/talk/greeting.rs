//! Who joins a class's group is greeted there: one message a day, however many come.

use preau::kernel::Lang;
use preau::school::roster::Role;

use super::school::School;
use crate::world::Engine;

/// What greets people in the group.
fn greetings(school: &School) -> Vec<String> {
    let all = school.all(school.group).into_iter().map(|message| message.text);
    all.filter(|words| words.starts_with("Bienvenue ") && !words.contains("dans le groupe")).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_class_that_joins_is_greeted_in_one_message_a_day() {
    for engine in Engine::all() {
        let mut school = School::on(engine).await;
        let class = school.class.clone();
        let mut people = Vec::new();
        for first in ["Zoé", "Jules", "Émile", "Rose"] {
            people.push(school.add(first, "Martin", Role::Student, &[&class], Lang::Fr).await);
        }
        let link = school.sandbox.links(school.group).pop().expect("a link");
        let join = async |school: &School, who: i64| {
            school.sandbox.ask_to_join(who, &link).expect("asked");
            school.drain().await.expect("quiet");
        };
        school.to("2026-11-24", "08:10").await;
        join(&school, people[0]).await;
        assert_eq!(greetings(&school), ["Bienvenue Zoé !"]);
        // Who follows is named there, a little later and without another sound.
        join(&school, people[1]).await;
        join(&school, people[2]).await;
        school.to("2026-11-24", "08:12").await;
        assert_eq!(greetings(&school), ["Bienvenue Émile, Jules et Zoé !"]);
        // Gone and back: named once.
        school.sandbox.leave(people[1], school.group);
        join(&school, people[1]).await;
        school.to("2026-11-24", "12:00").await;
        assert_eq!(greetings(&school), ["Bienvenue Émile, Jules et Zoé !"]);
        school.to("2026-11-25", "09:00").await;
        join(&school, people[3]).await;
        assert_eq!(greetings(&school), ["Bienvenue Émile, Jules et Zoé !", "Bienvenue Rose !"]);
        school.check().await;
    }
}
