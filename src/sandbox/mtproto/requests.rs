//! The table of methods, and the way of a request through it: journal, fault plan, pace, gate, method, answer.

use grammers_tl_types::{
    Deserializable, Identifiable as _, LAYER, RemoteCall, Serializable, functions as f, name_for_id,
};
use serde_json::{Map, Value, json};

use super::refusal::No;
use super::{auth, people, updates};
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

    pub fn finish(self) -> Outcome {
        if self.fate.reset {
            self.entry.settle("reset");
            return Outcome::HangUp;
        }
        let answer = match refused_by(&self.fate) {
            Some(no) => Err(no),
            None => self.answer(),
        };
        if self.fate.lost || lock(&self.entry.world).plan.away {
            self.entry.settle("lost");
            return Outcome::HangUp;
        }
        self.entry.settle(answer.as_ref().err().map_or("ok", |no| no.text.as_str()));
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
    method: fn(&mut Ask, R) -> Result<R::Return, No>,
) -> Answer
where
    R::Return: Serializable,
{
    method(ask, R::from_bytes(fields)?).map(|answer| answer.to_bytes())
}

fn dispatch(ask: &mut Ask, request: &Request, name: &str) -> Answer {
    let b = &request.fields;
    match request.id {
        f::help::GetConfig::CONSTRUCTOR_ID => run(ask, b, auth::config),
        f::help::GetNearestDc::CONSTRUCTOR_ID => run(ask, b, auth::nearest),
        f::auth::SendCode::CONSTRUCTOR_ID => run(ask, b, auth::send_code),
        f::auth::SignIn::CONSTRUCTOR_ID => run(ask, b, auth::sign_in),
        f::auth::CancelCode::CONSTRUCTOR_ID => run(ask, b, auth::cancel_code),
        f::auth::CheckPassword::CONSTRUCTOR_ID => run(ask, b, auth::check_password),
        f::auth::LogOut::CONSTRUCTOR_ID => run(ask, b, auth::log_out),
        f::account::GetPassword::CONSTRUCTOR_ID => run(ask, b, auth::password),
        f::account::UpdateStatus::CONSTRUCTOR_ID => run(ask, b, people::status),
        f::updates::GetState::CONSTRUCTOR_ID => run(ask, b, updates::state),
        f::updates::GetDifference::CONSTRUCTOR_ID => run(ask, b, updates::difference),
        f::users::GetUsers::CONSTRUCTOR_ID => run(ask, b, people::users),
        f::users::GetFullUser::CONSTRUCTOR_ID => run(ask, b, people::full_user),
        f::contacts::ResolveUsername::CONSTRUCTOR_ID => run(ask, b, people::resolve),
        f::contacts::ResolvePhone::CONSTRUCTOR_ID => run(ask, b, people::resolve_phone),
        _ => {
            ask.world.violations.push(format!("{name}: not served by the sandbox's MTProto door"));
            let method = name.replace('.', "_").to_uppercase();
            Err(No::new(400, format!("NOT_IMPLEMENTED_{method}")))
        }
    }
}
