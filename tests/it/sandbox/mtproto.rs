//! The `MTProto` door with a real grammers client: connecting, signing in, who is who.

use std::collections::HashMap;
use std::net::{SocketAddrV4, SocketAddrV6};
use std::sync::Arc;

use grammers_client::client::UpdateStream;
use grammers_client::sender::{ConnectionParams, InvocationError, NoRetries, SenderPool, UpdatesConfiguration};
use grammers_client::session::storages::MemorySession;
use grammers_client::session::types::{DcOption, PeerAuth, PeerId, PeerInfo};
use grammers_client::session::updates::UpdatesLike;
use grammers_client::session::{Session as _, SessionData};
use grammers_client::{Client, SignInError, tl};
use preau::sandbox::Sandbox;
use serde_json::{Value, json};
use tl::{enums, functions as f};
use tokio::sync::mpsc::Receiver;

use super::sandbox;

/// Any number will do.
const API_ID: i32 = 12345;

/// A client, and what it hears by itself.
pub struct Caller {
    pub client: Client,
    pub session: Arc<MemorySession>,
    news: Option<Receiver<UpdatesLike>>,
}

/// A session as a product keeps it: where home is, the key, and who one is.
pub fn session(seed: &str) -> MemorySession {
    let seed: Value = serde_json::from_str(seed).unwrap();
    let hex = seed["auth_key"].as_str().unwrap();
    let key: Vec<u8> = (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect();
    let ipv4: SocketAddrV4 = seed["address"].as_str().unwrap().parse().unwrap();
    let ipv6 = SocketAddrV6::new(ipv4.ip().to_ipv6_mapped(), ipv4.port(), 0, 0);
    let home = i32::try_from(seed["dc"].as_i64().unwrap()).unwrap();
    let dc = DcOption { id: home, ipv4, ipv6, auth_key: Some(key.try_into().unwrap()) };
    let mut data = SessionData { home_dc: home, dc_options: HashMap::from([(home, dc)]), ..SessionData::default() };
    if let Some(id) = seed["account"]["id"].as_i64() {
        let auth = Some(PeerAuth::from_hash(seed["account"]["access_hash"].as_i64().unwrap()));
        let info = PeerInfo::User { id, auth, bot: Some(false), is_self: Some(true) };
        data.peer_infos.insert(PeerId::user(id).unwrap(), info.clone());
        data.peer_infos.insert(PeerId::self_user(), info);
    }
    data.into()
}

#[expect(clippy::disallowed_methods, reason = "a client's own task ends with the client")]
pub fn connect(seed: &str) -> Caller {
    let session = Arc::new(session(seed));
    let params = ConnectionParams { retry_policy: Box::new(NoRetries), ..ConnectionParams::default() };
    let pool = SenderPool::with_configuration(session.clone(), API_ID, params);
    tokio::spawn(pool.runner.run());
    Caller { client: Client::new(pool.handle), session, news: Some(pool.updates) }
}

pub fn caller(sandbox: &Sandbox, account: i64) -> Caller {
    connect(&sandbox.caller_seed(Some(account)))
}

impl Caller {
    pub async fn ask<R: tl::RemoteCall>(&self, request: R) -> R::Return {
        self.client.invoke(&request).await.unwrap()
    }
    /// The name of the error that a request must end with; `FLOOD_WAIT 3` when there is a number.
    pub async fn refused<R: tl::RemoteCall>(&self, request: R) -> String
    where
        R::Return: std::fmt::Debug,
    {
        match self.client.invoke(&request).await {
            Err(InvocationError::Rpc(error)) => {
                error.value.map_or(error.name.clone(), |value| format!("{} {value}", error.name))
            }
            other => panic!("not refused: {other:?}"),
        }
    }
    pub async fn news(&mut self) -> UpdateStream {
        let news = self.news.take().unwrap();
        self.client.stream_updates(news, UpdatesConfiguration { catch_up: false }).await.unwrap()
    }
}

fn methods(sandbox: &Sandbox) -> Vec<String> {
    sandbox.journal().into_iter().map(|call| call.method).collect()
}

#[tokio::test]
async fn a_seeded_session_is_signed_in() {
    let sandbox = sandbox().await;
    let claire = sandbox.add_caller("Claire", "Martin", "+33 6 00 00 00 01", None);
    let caller = caller(&sandbox, claire);
    assert!(caller.client.is_authorized().await.unwrap());
    let me = caller.client.get_me().await.unwrap();
    assert_eq!((me.id().bare_id(), me.first_name()), (Some(claire), Some("Claire")));
    assert_eq!(me.phone(), Some("33600000001"));
    let bot = caller.client.resolve_username(sandbox.bot_username()).await.unwrap().unwrap();
    assert_eq!(bot.id().bare_id(), Some(sandbox.bot_id()));
    let none = f::contacts::ResolveUsername { username: "nobody_here".to_owned(), referer: None };
    assert_eq!(caller.refused(none).await, "USERNAME_NOT_OCCUPIED");
    // Home stays where it was: the server names no other data centre.
    let home = caller.session.dc_option(2).unwrap().unwrap();
    assert_eq!(home.ipv4.to_string(), format!("127.0.0.1:{}", sandbox.mtproto_port()));
    assert_eq!(methods(&sandbox)[..3], ["help.getConfig", "updates.getState", "users.getUsers"]);
    assert_eq!(sandbox.journal()[2].params, json!({ "account": claire }));
    assert_eq!(sandbox.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn signing_in_with_a_code() {
    let sandbox = sandbox().await;
    let claire = sandbox.add_caller("Claire", "Martin", "+33 6 00 00 00 01", None);
    let caller = connect(&sandbox.caller_seed(None));
    assert!(!caller.client.is_authorized().await.unwrap());
    let no_phone = caller.client.request_login_code("12", "hash").await;
    assert!(no_phone.is_err_and(|error| error.is("PHONE_NUMBER_INVALID")));
    let nobody = caller.client.request_login_code("+33 6 99 99 99 99", "hash").await.unwrap();
    assert!(matches!(caller.client.sign_in(&nobody, "12345").await, Err(SignInError::SignUpRequired)));
    let token = caller.client.request_login_code("+33600000001", "hash").await.unwrap();
    assert!(matches!(caller.client.sign_in(&token, "54321").await, Err(SignInError::InvalidCode)));
    let me = caller.client.sign_in(&token, "12345").await.unwrap();
    assert_eq!(me.id().bare_id(), Some(claire));
    assert!(caller.client.is_authorized().await.unwrap());
    caller.client.sign_out().await.unwrap();
    assert!(!caller.client.is_authorized().await.unwrap());
}

#[tokio::test]
async fn signing_in_with_a_password() {
    let sandbox = sandbox().await;
    let claire = sandbox.add_caller("Claire", "Martin", "33600000002", Some("préau"));
    let caller = connect(&sandbox.caller_seed(None));
    let token = caller.client.request_login_code("33600000002", "hash").await.unwrap();
    let Err(SignInError::PasswordRequired(question)) = caller.client.sign_in(&token, "12345").await else {
        panic!("no password was asked for")
    };
    assert!(!caller.client.is_authorized().await.unwrap(), "half a sign-in is none");
    let Err(SignInError::InvalidPassword(question)) = caller.client.check_password(question, "wrong").await else {
        panic!("a wrong password was taken")
    };
    let me = caller.client.check_password(question, "préau").await.unwrap();
    assert_eq!(me.id().bare_id(), Some(claire));
}

#[tokio::test]
async fn a_key_that_is_not_known_cannot_be_made_known() {
    let (one, other) = (sandbox().await, sandbox().await);
    let claire = one.add_caller("Claire", "Martin", "33600000001", None);
    let mut seed: Value = serde_json::from_str(&one.caller_seed(Some(claire))).unwrap();
    seed["address"] = json!(format!("127.0.0.1:{}", other.mtproto_port()));
    seed["auth_key"] = json!("ab".repeat(256));
    let error = connect(&seed.to_string()).client.get_me().await.unwrap_err();
    assert!(error.to_string().contains("404"), "{error}");
}

#[tokio::test]
async fn a_cut_line_is_dialled_again() {
    let sandbox = sandbox().await;
    let claire = sandbox.add_caller("Claire", "Martin", "33600000001", None);
    let caller = caller(&sandbox, claire);
    caller.client.get_me().await.unwrap();
    sandbox.restart();
    super::rest(100).await;
    caller.client.get_me().await.unwrap();
    assert_eq!(methods(&sandbox).iter().filter(|method| *method == "help.getConfig").count(), 2);
}

#[tokio::test]
async fn what_is_not_served_is_refused_and_noticed() {
    let sandbox = sandbox().await;
    let claire = sandbox.add_caller("Claire", "Martin", "33600000001", None);
    let caller = caller(&sandbox, claire);
    // The number in a name is taken for its value by the client; this one has none.
    let refused = caller.refused(f::account::GetAuthorizations {}).await;
    assert_eq!(refused, "NOT_IMPLEMENTED_ACCOUNT_GETAUTHORIZATIONS");
    assert_eq!(sandbox.violations(), ["account.getAuthorizations: not served by the sandbox's MTProto door"]);
    // Long requests come gzipped.
    let many = f::users::GetUsers { id: vec![enums::InputUser::UserSelf; 200] };
    assert_eq!(caller.ask(many).await.len(), 200);
}
