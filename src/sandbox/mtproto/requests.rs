//! The table of methods, and the way of a request through it: journal, fault plan, pace, gate, method, answer.

use grammers_tl_types::{
    Deserializable, Identifiable as _, LAYER, RemoteCall, Serializable, functions as f, name_for_id,
};
use serde_json::{Map, Value, json};

use super::refusal::No;
use super::{auth, calls, groups, history, manage, members, people, updates};
use crate::sandbox::botapi::{Shared, lock};
use crate::sandbox::journal::Entry;
use crate::sandbox::world::World;
use crate::sandbox::world::callers::KeyId;
use crate::sandbox::world::faults::Fate;

/// One request as it came.
pub struct Request {
    pub line: u64,
    pub key: KeyId,
    pub id: u32,
    pub fields: Vec<u8>,
    pub layer: Option<i32>,
}

/// What the asker gets.
pub enum Outcome {
    Answer(Vec<u8>),
    HangUp,
}

/// A request that stands in the journal.
pub struct UnderWay {
    request: Request,
    name: String,
    fate: Fate,
    entry: Entry,
}

/// What a method works with.
pub struct Ask<'a> {
    pub world: &'a mut World,
    pub key: KeyId,
    /// Whose session it is; 0 for nobody's.
    pub me: i64,
    notes: Map<String, Value>,
    chat: Option<i64>,
}

impl Ask<'_> {
    /// Writes something about the request into the journal.
    pub fn note(&mut self, name: &str, value: impl Into<Value>) {
        self.notes.insert(name.to_owned(), value.into());
    }
    pub fn about(&mut self, chat: i64) {
        self.chat = Some(chat);
    }
    /// School time, as dates are written.
    pub fn date(&self) -> i32 {
        date(self.world.seconds())
    }
}

pub fn date(seconds: i64) -> i32 {
    i32::try_from(seconds).unwrap_or(i32::MAX)
}

type Answer = Result<Vec<u8>, No>;

impl Request {
    /// Writes it down and asks the fault plan.
    pub fn enter(self, shared: &Shared) -> UnderWay {
        let name = name_for_id(self.id).to_owned();
        let mut world = lock(shared);
        if let Some(layer) = self.layer.filter(|layer| *layer != LAYER) {
            world.violations.push(format!("{name}: layer {layer} instead of {LAYER}"));
        }
        let account = world.callers.account_of(self.key);
        let number = world.write_down(&name, json!({ "account": account }), None);
        let fate = world.plan.fate(&name);
        UnderWay { request: self, name, fate, entry: Entry { world: shared.clone(), number } }
    }
}

impl UnderWay {
    /// For how many milliseconds it is to lie.
    pub fn delay(&self) -> Option<u64> {
        self.fate.delay
    }

    /// By how many milliseconds its answer is late.
    pub fn late(&self) -> Option<u64> {
        self.fate.late
    }

    pub fn finish(&self) -> Outcome {
        if self.fate.reset {
            self.entry.settle("reset");
            return Outcome::HangUp;
        }
        let by_plan = refused_by(&self.fate);
        let planned = by_plan.is_some();
        let answer = match by_plan {
            Some(no) => Err(no),
            None => self.answer(),
        };
        if self.fate.lost || lock(&self.entry.world).plan.no_callers() {
            self.entry.settle("lost");
            return Outcome::HangUp;
        }
        let outcome = answer.as_ref().err().map_or("ok", |no| no.text.as_str());
        if planned {
            self.entry.settle_by_plan(outcome);
        } else if self.fate.late.is_some() {
            self.entry.settle("lost");
        } else {
            self.entry.settle(outcome);
        }
        Outcome::Answer(answer.unwrap_or_else(|no| no.wire().to_bytes()))
    }

    fn answer(&self) -> Answer {
        let mut world = lock(&self.entry.world);
        let me = world.callers.account_of(self.request.key);
        world.callers.asking = Some(self.request.line);
        let mut ask = Ask {
            world: &mut world,
            key: self.request.key,
            me: me.unwrap_or(0),
            notes: Map::from_iter([("account".to_owned(), json!(me))]),
            chat: None,
        };
        let answer = gate(&mut ask, &self.name).and_then(|()| dispatch(&mut ask, &self.request, &self.name));
        let (notes, chat) = (std::mem::take(&mut ask.notes), ask.chat);
        world.callers.asking = None;
        drop(world);
        self.entry.note(Value::Object(notes), chat);
        answer
    }
}

fn refused_by(fate: &Fate) -> Option<No> {
    if fate.server_error {
        return Some(No::new(500, "INTERNAL_SERVER_ERROR"));
    }
    if let Some((code, error)) = &fate.refused {
        return Some(No::new(*code, error.as_str()));
    }
    fate.retry_after.map(No::flood)
}

/// What a session may ask that is nobody's.
const OPEN: [&str; 7] = [
    "help.getConfig",
    "help.getNearestDc",
    "auth.sendCode",
    "auth.signIn",
    "auth.cancelCode",
    "auth.checkPassword",
    "account.getPassword",
];

/// May this session ask this, and already again?
fn gate(ask: &mut Ask, name: &str) -> Result<(), No> {
    let me = ask.me;
    if ask.world.callers.accounts.get(&me).is_some_and(|account| account.deactivated) && name != "help.getConfig" {
        return Err(No::new(401, "USER_DEACTIVATED_BAN"));
    }
    if me == 0 && !OPEN.contains(&name) {
        return Err(No::unknown_key());
    }
    ask.world.within_callers_pace(me, name).map_err(No::flood)
}

/// Reads the request, runs its method and writes the answer.
fn run<R: Deserializable + RemoteCall>(
    ask: &mut Ask,
    fields: &[u8],
    method: fn(&mut Ask, &R) -> Result<R::Return, No>,
) -> Answer
where
    R::Return: Serializable,
{
    method(ask, &R::from_bytes(fields)?).map(|answer| answer.to_bytes())
}

fn dispatch(ask: &mut Ask, request: &Request, name: &str) -> Answer {
    let b = &request.fields;
    match request.id {
        f::help::GetConfig::CONSTRUCTOR_ID => run(ask, b, auth::config),
        f::help::GetNearestDc::CONSTRUCTOR_ID => run(ask, b, |_, _: &f::help::GetNearestDc| Ok(auth::nearest())),
        f::auth::SendCode::CONSTRUCTOR_ID => run(ask, b, auth::send_code),
        f::auth::SignIn::CONSTRUCTOR_ID => run(ask, b, auth::sign_in),
        f::auth::CancelCode::CONSTRUCTOR_ID => run(ask, b, auth::cancel_code),
        f::auth::CheckPassword::CONSTRUCTOR_ID => run(ask, b, auth::check_password),
        f::auth::LogOut::CONSTRUCTOR_ID => run(ask, b, auth::log_out),
        f::account::GetPassword::CONSTRUCTOR_ID => run(ask, b, auth::password),
        f::account::UpdateStatus::CONSTRUCTOR_ID => run(ask, b, |_, _: &f::account::UpdateStatus| Ok(true)),
        f::updates::GetState::CONSTRUCTOR_ID => run(ask, b, |ask, _: &f::updates::GetState| Ok(updates::state(ask))),
        f::updates::GetDifference::CONSTRUCTOR_ID => {
            run(ask, b, |ask, _: &f::updates::GetDifference| Ok(updates::difference(ask)))
        }
        f::updates::GetChannelDifference::CONSTRUCTOR_ID => run(ask, b, updates::of_group),
        f::users::GetUsers::CONSTRUCTOR_ID => run(ask, b, people::users),
        f::users::GetFullUser::CONSTRUCTOR_ID => run(ask, b, people::full_user),
        f::contacts::ResolveUsername::CONSTRUCTOR_ID => run(ask, b, people::resolve),
        f::contacts::ResolvePhone::CONSTRUCTOR_ID => run(ask, b, people::resolve_phone),
        f::phone::CreateGroupCall::CONSTRUCTOR_ID => run(ask, b, calls::create),
        f::phone::StartScheduledGroupCall::CONSTRUCTOR_ID => run(ask, b, calls::start_scheduled),
        f::phone::DiscardGroupCall::CONSTRUCTOR_ID => run(ask, b, calls::discard),
        f::phone::EditGroupCallTitle::CONSTRUCTOR_ID => run(ask, b, calls::title),
        f::phone::ToggleGroupCallSettings::CONSTRUCTOR_ID => run(ask, b, calls::settings),
        f::phone::GetGroupCall::CONSTRUCTOR_ID => run(ask, b, calls::get),
        f::phone::GetGroupParticipants::CONSTRUCTOR_ID => run(ask, b, calls::participants),
        _ => in_groups(ask, request, name),
    }
}

/// What is done in groups, calls left out.
fn in_groups(ask: &mut Ask, request: &Request, name: &str) -> Answer {
    let b = &request.fields;
    match request.id {
        f::channels::CreateChannel::CONSTRUCTOR_ID => run(ask, b, groups::create),
        f::channels::GetChannels::CONSTRUCTOR_ID => run(ask, b, groups::several),
        f::channels::GetFullChannel::CONSTRUCTOR_ID => run(ask, b, groups::full),
        f::messages::GetDialogs::CONSTRUCTOR_ID => run(ask, b, groups::dialogs),
        f::channels::InviteToChannel::CONSTRUCTOR_ID => run(ask, b, members::invite),
        f::channels::EditAdmin::CONSTRUCTOR_ID => run(ask, b, members::edit_admin),
        f::channels::EditBanned::CONSTRUCTOR_ID => run(ask, b, members::edit_banned),
        f::channels::GetParticipant::CONSTRUCTOR_ID => run(ask, b, members::one),
        f::channels::GetParticipants::CONSTRUCTOR_ID => run(ask, b, members::list),
        f::channels::LeaveChannel::CONSTRUCTOR_ID => run(ask, b, members::leave),
        f::channels::EditTitle::CONSTRUCTOR_ID => run(ask, b, manage::title),
        f::channels::EditPhoto::CONSTRUCTOR_ID => run(ask, b, manage::photo),
        f::channels::DeleteChannel::CONSTRUCTOR_ID => run(ask, b, manage::delete),
        f::messages::EditChatAbout::CONSTRUCTOR_ID => run(ask, b, manage::about),
        f::messages::ExportChatInvite::CONSTRUCTOR_ID => run(ask, b, manage::link),
        f::messages::ImportChatInvite::CONSTRUCTOR_ID => run(ask, b, manage::join),
        f::upload::SaveFilePart::CONSTRUCTOR_ID => run(ask, b, manage::upload),
        f::messages::GetHistory::CONSTRUCTOR_ID => run(ask, b, history::read),
        f::messages::Search::CONSTRUCTOR_ID => run(ask, b, history::search),
        f::channels::GetMessages::CONSTRUCTOR_ID => run(ask, b, history::by_id),
        f::messages::SendMessage::CONSTRUCTOR_ID => run(ask, b, history::send),
        f::messages::UpdatePinnedMessage::CONSTRUCTOR_ID => run(ask, b, history::pin),
        f::channels::DeleteMessages::CONSTRUCTOR_ID => run(ask, b, history::delete),
        _ => {
            ask.world.violations.push(format!("{name}: not served by the sandbox's MTProto door"));
            let method = name.replace('.', "_").to_uppercase();
            Err(No::new(400, format!("NOT_IMPLEMENTED_{method}")))
        }
    }
}
