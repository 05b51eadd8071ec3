//! A phone: the chats of one person, the open one, and what can be done in it.

use maud::{Markup, html};
use serde_json::{Value, json};

use super::text::marked;
use super::view::{Phone, View};
use super::{Demo, part_word};
use crate::demo::school::{Part, Persona};
use crate::kernel::At;
use crate::kernel::text::{Lang, Text};
use crate::sandbox::{Button, CallLook, ChatLook, Message};
use crate::text;

/// So many messages of a chat are shown; a chat has thousands in the end.
const SHOWN: usize = 80;

/// A phone on the page of a tab.
#[derive(Clone, Copy)]
pub struct Shown<'a> {
    pub demo: &'a Demo,
    pub view: &'a View,
    pub nth: usize,
    pub phone: Phone,
}

fn own_name(persona: &Persona) -> String {
    format!("{} {}", persona.first, persona.last)
}

impl Shown<'_> {
    fn say(self, text: &Text) -> String {
        text.render(self.view.lang)
    }

    /// Whose phone it is.
    fn name(self) -> String {
        self.demo.persona(self.phone.account).map(own_name).unwrap_or_default()
    }

    fn bot(self) -> String {
        self.demo.sandbox.name(self.demo.sandbox.bot_id())
    }

    /// The whole phone; what changes of it is sent again: what stands above the messages as `phone-N`, these as `wall-N`.
    pub fn whole(self) -> Markup {
        let name = self.name();
        html! {
            section.phone id={ "phone-" (self.nth) } tabindex="-1" aria-label=(self.say(&text!("demo-phone-of", name = name.as_str()))) {
                header {
                    (self.who())
                    @if self.view.phones.len() > 1 {
                        @let beside = self.nth.min(self.view.phones.len() - 2);
                        a.tab id={ "away-" (self.nth) } href=(self.view.without_phone(self.nth).href_at(beside)) aria-label=(self.say(&text!("demo-phone-away"))) { "✕" }
                    }
                }
                div.seen sse-swap={ "phone-" (self.nth) } hx-swap="innerHTML" { (self.above()) }
                // The list itself stays: who listens hears what is new, and the focus is not lost.
                ol.wall id={ "wall-" (self.nth) } tabindex="0" role="log" sse-swap={ "wall-" (self.nth) } hx-swap="innerHTML"
                    data-chat=(self.phone.chat) lang=(self.demo.lang.code()) aria-label=(self.say(&text!("demo-messages", name = name.as_str()))) {
                    (self.messages())
                }
                div.said id={ "said-" (self.nth) } role="status" aria-live="polite" {}
                (self.foot())
            }
        }
    }

    /// Whose phone it is: everybody of the school.
    fn who(self) -> Markup {
        let groups = [Part::Student, Part::Teacher, Part::Supervisor, Part::Manager, Part::Admin, Part::Stranger];
        let lang = self.view.lang;
        html! {
            form {
                label {
                    span hidden { (self.say(&text!("demo-who"))) }
                    select data-go id={ "who-" (self.nth) } aria-label=(self.say(&text!("demo-who")))
                        title=(self.say(&text!("demo-who-keys"))) {
                        @for part in groups {
                            optgroup label=(part_word(part).render(lang)) {
                                @for one in self.demo.personas.iter().filter(|one| one.part == part) {
                                    @let phone = Phone { account: one.account, chat: one.account };
                                    option value=(self.view.with_phone(self.nth, phone).href_at(self.nth))
                                        selected[one.account == self.phone.account] {
                                        (own_name(one))
                                        @if !one.class.is_empty() { " · " (one.class) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    fn is_private(self) -> bool {
        self.phone.chat == self.phone.account
    }

    /// Chats, call and pinned message.
    pub fn above(self) -> Markup {
        let sandbox = &self.demo.sandbox;
        let chats = sandbox.chats_of(self.phone.account);
        let open = chats.iter().find(|chat| chat.id == self.phone.chat);
        let private = self.is_private();
        let call = sandbox.calls(self.phone.chat).into_iter().next_back().filter(|call| call.open && !private);
        let pinned = open
            .and_then(|chat| chat.pinned)
            .and_then(|id| sandbox.messages_as_sent(self.phone.chat).into_iter().find(|message| message.id == id));
        html! {
            (self.chats(&chats))
            @if private || open.is_some() {
                (self.head(open))
                @if let Some(call) = &call { (self.call(call)) }
                @if let Some(message) = pinned {
                    div.strip { "📌" b { (message.text.lines().next().unwrap_or_default()) } }
                }
            } @else {
                p.strip { (self.say(&text!("demo-not-inside"))) }
            }
        }
    }

    /// The newest messages of the open chat; each has a number of its own, by which the page tells what is new.
    pub fn messages(self) -> Markup {
        let sandbox = &self.demo.sandbox;
        let inside =
            self.is_private() || sandbox.chats_of(self.phone.account).iter().any(|chat| chat.id == self.phone.chat);
        let messages = if inside { sandbox.messages_as_sent(self.phone.chat) } else { Vec::new() };
        let from = messages.len().saturating_sub(SHOWN);
        html! { @for message in messages.get(from..).unwrap_or_default() { (self.message(message)) } }
    }

    fn chats(self, chats: &[ChatLook]) -> Markup {
        let phone = |chat: i64| Phone { account: self.phone.account, chat };
        html! {
            nav.chats aria-label=(self.say(&text!("demo-chats", name = self.name()))) {
                a.tab id={ "chat-" (self.nth) "-" (self.phone.account) }
                    href=(self.view.with_phone(self.nth, phone(self.phone.account)).href_at(self.nth))
                    aria-current=[(self.phone.chat == self.phone.account).then_some("page")] { (self.bot()) }
                @for chat in chats.iter().filter(|chat| !chat.private) {
                    a.tab id={ "chat-" (self.nth) "-" (chat.id) }
                        href=(self.view.with_phone(self.nth, phone(chat.id)).href_at(self.nth))
                        aria-current=[(self.phone.chat == chat.id).then_some("page")] { (chat.title) }
                }
            }
        }
    }

    fn head(self, chat: Option<&ChatLook>) -> Markup {
        let group = chat.filter(|chat| !chat.private);
        let title = group.map_or_else(|| self.bot(), |chat| chat.title.clone());
        html! {
            div.head {
                span.face aria-hidden="true" { (title.chars().next().unwrap_or('?')) }
                div.who {
                    h2 { (title) }
                    @match group {
                        Some(chat) => small { (self.say(&text!("demo-members", count = chat.members))) },
                        None => small { (self.say(&text!("demo-bot"))) },
                    }
                }
            }
        }
    }

    fn call(self, call: &CallLook) -> Markup {
        let here = |stay: &&crate::sandbox::CallStay| stay.left.is_none();
        let inside = call.participants.iter().filter(here).count();
        let mine = call.participants.iter().filter(here).any(|stay| stay.person == self.phone.account);
        let (act, word) =
            if mine { ("leave-call", text!("demo-leave-call")) } else { ("join-call", text!("demo-join-call")) };
        html! {
            div.strip role="region" aria-label=(self.say(&text!("demo-call", name = self.name()))) {
                "🎥" b { (call.title) " · " (inside) }
                (self.act(act, &json!({}), &self.say(&word), Some(format!("call-{}", self.nth)), "strong"))
            }
        }
    }

    /// A button that does something as this person.
    fn act(self, act: &str, values: &Value, word: &str, id: Option<String>, class: &str) -> Markup {
        let mut all = json!({ "account": self.phone.account, "chat": self.phone.chat, "l": self.view.lang.code() });
        if let (Some(all), Some(more)) = (all.as_object_mut(), values.as_object()) {
            all.extend(more.clone());
        }
        html! {
            button type="button" class=(class) id=[id] hx-post={ "/act/" (act) } hx-vals=(all.to_string())
                hx-target={ "#said-" (self.nth) } { (word) }
        }
    }

    fn message(self, message: &Message) -> Markup {
        if let Some(name) = &message.service {
            return html! {
                li.told id={ "m-" (self.nth) "-" (message.id) } lang=(self.view.lang.code()) { (self.told(message, name)) }
            };
        }
        let mine = message.from == self.phone.account;
        let named = self.phone.chat != self.phone.account && !mine;
        let zone = crate::kernel::time::Zone::default();
        let hour = |at: At| zone.clock_hour(at);
        html! {
            li.mine[mine] id={ "m-" (self.nth) "-" (message.id) } {
                div.bubble {
                    @if named { span.from { (self.demo.sandbox.name(message.from)) } }
                    @if let Some(file) = &message.document {
                        @let link = format!("/file/{}/{}?as={}", message.chat, message.id, self.phone.account);
                        @if message.photo { img src=(link) alt=(file.name); }
                        @else { a.file href=(link) download=(file.name) { "📄 " (file.name) } }
                    }
                    (marked(self.shown(message), &message.entities))
                    span.at {
                        @if message.edited.is_some() { (self.say(&text!("demo-edited"))) " · " }
                        (hour(message.at))
                    }
                }
                @if !message.buttons.is_empty() { (self.keys(message)) }
            }
        }
    }

    /// Who opens a personal link reads « /start » alone on their phone: what stands behind is for the bot.
    fn shown(self, message: &Message) -> &str {
        let own = self.is_private() && message.from == self.phone.account;
        let start = message.text.split_once(' ').filter(|(command, rest)| *command == "/start" && !rest.contains(' '));
        start.filter(|_| own).map_or(&message.text, |(command, _)| command)
    }

    fn keys(self, message: &Message) -> Markup {
        html! {
            div.keys {
                @for (row, buttons) in message.buttons.iter().enumerate() {
                    div {
                        @for (column, button) in buttons.iter().enumerate() {
                            (self.key(message, button, format!("k-{}-{}-{row}-{column}", self.nth, message.id)))
                        }
                    }
                }
            }
        }
    }

    fn key(self, message: &Message, button: &Button, id: String) -> Markup {
        match (&button.data, &button.url) {
            (Some(data), _) => {
                let values = json!({ "message": message.id, "data": data });
                self.act("press", &values, &button.text, Some(id), "")
            }
            (None, Some(url)) => self.act("link", &json!({ "link": url }), &button.text, Some(id), ""),
            (None, None) => html! {},
        }
    }

    /// A service message, as Telegram words it.
    fn told(self, message: &Message, name: &str) -> String {
        let who = self.demo.sandbox.name(message.from);
        let one = |value: &Value| value.get("id").and_then(Value::as_i64).map(|id| self.demo.sandbox.name(id));
        let detail = &message.detail;
        let text = match name {
            "new_chat_members" => {
                let people: Vec<String> = detail.as_array().into_iter().flatten().filter_map(one).collect();
                text!("demo-told-came", name = people.join(", "))
            }
            "left_chat_member" => text!("demo-told-left", name = one(detail).unwrap_or_default()),
            "video_chat_started" => text!("demo-told-call"),
            "video_chat_ended" => text!("demo-told-call-over"),
            "new_chat_title" => text!("demo-told-title", title = detail.as_str().unwrap_or_default()),
            "pinned_message" => text!("demo-told-pinned", name = who),
            "supergroup_chat_created" => text!("demo-told-created"),
            "new_chat_photo" => text!("demo-told-photo"),
            other => text!("demo-told-other", what = other),
        };
        self.say(&text)
    }

    /// What is typed, chosen and sent.
    fn foot(self) -> Markup {
        let Phone { account, chat } = self.phone;
        let lang = self.view.lang;
        let target = format!("#said-{}", self.nth);
        let private = self.is_private();
        html! {
            div.foot {
                form.row data-empties hx-post="/act/say" hx-target=(target) autocomplete="off" {
                    input type="hidden" name="account" value=(account);
                    input type="hidden" name="chat" value=(chat);
                    input type="hidden" name="l" value=(lang.code());
                    input type="text" name="text" id={ "say-" (self.nth) } required
                        aria-label=(self.say(&text!("demo-write"))) placeholder=(self.say(&text!("demo-write")));
                    button type="submit" { (self.say(&text!("demo-send"))) }
                }
                div.row {
                    details hx-get={ "/menu?account=" (account) "&chat=" (chat) "&nth=" (self.nth) "&l=" (lang.code()) }
                        hx-trigger="toggle" hx-target={ "#menu-" (self.nth) } hx-swap="innerHTML" {
                        summary.tab { (self.say(&text!("demo-commands"))) }
                        div id={ "menu-" (self.nth) } {}
                    }
                    @if private { (self.papers()) }
                    form hx-post={ "/act/file?account=" (account) "&chat=" (chat) "&l=" (lang.code()) }
                        hx-encoding="multipart/form-data" hx-target=(target) data-empties {
                        label.tab { (self.say(&text!("demo-file")))
                            input.veiled type="file" name="file" data-go id={ "file-" (self.nth) }; }
                    }
                }
            }
        }
    }

    /// The commands that this person's app shows here, each sent by a press.
    pub fn menu(self) -> Markup {
        html! {
            @for (name, about) in self.demo.sandbox.command_list(self.phone.account, self.phone.chat) {
                (self.act("say", &json!({ "text": format!("/{name}") }), &format!("/{name} · {about}"), None, ""))
            }
        }
    }

    /// Codes to scan: personal links on paper, one's own first.
    fn papers(self) -> Markup {
        let mut papers: Vec<&Persona> = self.demo.personas.iter().filter(|one| one.paper.is_some()).collect();
        papers.sort_by_key(|one| one.account != self.phone.account);
        html! {
            details {
                summary.tab { (self.say(&text!("demo-scan"))) }
                div {
                    @for one in papers {
                        @let token = one.paper.clone().unwrap_or_default();
                        @let word = text!("demo-scan-paper", name = own_name(one), birth = one.birth.as_str());
                        (self.act("scan", &json!({ "link": format!("https://t.me/{}?start={token}", self.demo.sandbox.bot_username()) }), &self.say(&word), None, ""))
                    }
                    @if self.demo.persona(self.phone.account).is_some_and(|one| one.part == Part::Stranger) {
                        @for (class, chat) in &self.demo.groups {
                            @if let Some(link) = self.demo.sandbox.links(*chat).into_iter().next_back() {
                                (self.act("scan", &json!({ "link": link }), &self.say(&text!("demo-scan-group", class = class.as_str())), None, ""))
                            }
                        }
                    }
                    form.row data-empties hx-post="/act/scan" hx-target={ "#said-" (self.nth) } {
                        input type="hidden" name="account" value=(self.phone.account);
                        input type="hidden" name="chat" value=(self.phone.chat);
                        input type="hidden" name="l" value=(self.view.lang.code());
                        input type="text" name="link" required aria-label=(self.say(&text!("demo-scan-link")))
                            placeholder="https://t.me/…";
                        button type="submit" { (self.say(&text!("demo-open"))) }
                    }
                }
            }
        }
    }
}

/// What an act came to, under the chat: an alert as a dialogue, or a word that goes by itself.
pub fn said(words: &str, alert: bool, lang: Lang) -> Markup {
    html! {
        @if alert {
            dialog data-alert {
                p { (words) }
                form method="dialog" { button.strong { (text!("demo-close").render(lang)) } }
            }
        } @else if !words.is_empty() {
            p data-brief { (words) }
        }
    }
}
