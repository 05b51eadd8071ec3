//! Signing in: phone, code, password. The code is always 12345.

use grammers_crypto::two_factor_auth::calculate_2fa;
use grammers_tl_types::{enums, functions as f, types};

use super::HOME;
use super::refusal::{No, bad};
use super::requests::Ask;
use super::shapes::{self, blank};
use crate::sandbox::world::callers::{Key, Riddle, digits, random};

const CODE: &str = "12345";
/// Telegram's well-known safe prime and generator: clients check both, and know this pair.
const PRIME: &str = "c71caeb9c6b1c9048e6c522f70f13f73980d40238e3e21c14934d037563d930f48198a0aa7c14058229493d22530f4db\
    fa336f6e0ac925139543aed44cce7c3720fd51f69458705ac68cd4fe6b6b13abdc9746512969328454f18faf8c595f642477fe96bb2a941d\
    5bcd1d4ac8cc49880708fa9b378e3c4f3a9060bee67cf9a4a4a695811051907e162753b56b0f6b410dba74d8a84b2a14b3144e0ef1284754\
    fd17ed950d5965b4b9dd46582db1178d169c6bc465b0d6ff9ca3928fef5b9ae4e418fc15e83ebea0f87fa9ff5eed70050ded2849f47bf959\
    d956850ce929851f0d8115f635b105ee2e4e15d04b2454bf6f4fadf034b10403119cd8e3b92fcc5b";
const GENERATOR: i32 = 3;

fn prime() -> Vec<u8> {
    let digits = PRIME.as_bytes().chunks(2).filter_map(|pair| std::str::from_utf8(pair).ok());
    digits.filter_map(|pair| u8::from_str_radix(pair, 16).ok()).collect()
}

/// Clients store what they are told of data centres: nothing but our own loopback address ever stands here.
pub fn config(ask: &mut Ask, _: &f::help::GetConfig) -> Result<enums::Config, No> {
    let home = types::DcOption {
        ipv6: false,
        media_only: false,
        tcpo_only: false,
        cdn: false,
        r#static: true,
        this_port_only: true,
        id: HOME,
        ip_address: "127.0.0.1".to_owned(),
        port: i32::from(ask.world.callers.port),
        secret: None,
    };
    let mut config = blank::<types::Config>(&[&[0; 12], &shapes::FALSE, &[0; 4], &shapes::NO_VECTOR, &[0; 160]])?;
    config.date = ask.date();
    config.expires = config.date + 3600;
    config.this_dc = HOME;
    config.dc_options = vec![home.into()];
    config.message_length_max = 4096;
    config.caption_length_max = 1024;
    config.megagroup_size_max = 200_000;
    Ok(config.into())
}

pub fn nearest() -> enums::NearestDc {
    types::NearestDc { country: "FR".to_owned(), this_dc: HOME, nearest_dc: HOME }.into()
}

pub fn send_code(ask: &mut Ask, request: &f::auth::SendCode) -> Result<enums::auth::SentCode, No> {
    let phone = digits(&request.phone_number);
    if !(7..=15).contains(&phone.len()) {
        return Err(bad("PHONE_NUMBER_INVALID"));
    }
    if ask.world.callers.by_phone(&phone).is_some_and(|(_, account)| account.deactivated) {
        return Err(bad("PHONE_NUMBER_BANNED"));
    }
    let hash = ask.world.ids.token();
    ask.world.callers.codes.insert(hash.clone(), phone);
    let length = i32::try_from(CODE.len()).unwrap_or(5);
    let kind = types::auth::SentCodeTypeApp { length }.into();
    Ok(types::auth::SentCode { r#type: kind, phone_code_hash: hash, next_type: None, timeout: None }.into())
}

pub fn cancel_code(ask: &mut Ask, request: &f::auth::CancelCode) -> Result<bool, No> {
    let known = ask.world.callers.codes.remove(&request.phone_code_hash);
    known.map(|_| true).ok_or_else(|| bad("PHONE_CODE_EXPIRED"))
}

pub fn sign_in(ask: &mut Ask, request: &f::auth::SignIn) -> Result<enums::auth::Authorization, No> {
    let code = request.phone_code.as_deref().filter(|code| !code.is_empty()).ok_or_else(|| bad("PHONE_CODE_EMPTY"))?;
    let phone = ask.world.callers.codes.get(&request.phone_code_hash).ok_or_else(|| bad("PHONE_CODE_EXPIRED"))?;
    if *phone != digits(&request.phone_number) {
        return Err(bad("PHONE_NUMBER_INVALID"));
    }
    if code != CODE {
        return Err(bad("PHONE_CODE_INVALID"));
    }
    let phone = ask.world.callers.codes.remove(&request.phone_code_hash).unwrap_or_default();
    let found = ask.world.callers.by_phone(&phone).map(|(id, account)| (id, account.password.is_some()));
    let Some((account, locked)) = found else {
        // Nobody has this phone yet: only an official app may sign up.
        return Ok(types::auth::AuthorizationSignUpRequired { terms_of_service: None }.into());
    };
    let key = own_key(ask)?;
    if locked {
        key.half = Some(account);
        return Err(No::new(401, "SESSION_PASSWORD_NEEDED"));
    }
    signed_in(ask, account)
}

fn own_key<'a>(ask: &'a mut Ask) -> Result<&'a mut Key, No> {
    ask.world.callers.keys.get_mut(&ask.key).ok_or_else(No::unknown_key)
}

fn signed_in(ask: &mut Ask, account: i64) -> Result<enums::auth::Authorization, No> {
    let key = own_key(ask)?;
    (key.account, key.half, key.riddle) = (Some(account), None, None);
    ask.me = account;
    ask.note("account", account);
    let user = shapes::user(ask.world, account, account)?;
    Ok(types::auth::Authorization {
        setup_password_required: false,
        otherwise_relogin_days: None,
        tmp_sessions: None,
        future_auth_token: None,
        user,
    }
    .into())
}

/// The account whose password this session has to do with.
fn locked(ask: &mut Ask) -> Result<(i64, Option<String>), No> {
    let key = own_key(ask)?;
    let account = key.account.or(key.half).ok_or_else(No::unknown_key)?;
    let password = ask.world.callers.accounts.get(&account).and_then(|account| account.password.clone());
    Ok((account, password))
}

pub fn password(ask: &mut Ask, _: &f::account::GetPassword) -> Result<enums::account::Password, No> {
    let (_, password) = locked(ask)?;
    let ids = ask.world.ids.clone();
    let mut riddle = Riddle {
        id: i64::try_from(ids.below(1 << 60)).unwrap_or(1),
        salts: [random(&ids, 16), random(&ids, 16)],
        server: random(&ids, 256),
        client: random(&ids, 256),
    };
    // Smaller than the prime, as residues are.
    for residue in [&mut riddle.server, &mut riddle.client] {
        residue.splice(..1, [0x3f]);
    }
    let [salt1, salt2] = riddle.salts.clone();
    let algorithm =
        enums::PasswordKdfAlgo::from(types::PasswordKdfAlgoSha256Sha256Pbkdf2Hmacsha512iter100000Sha256ModPow {
            salt1,
            salt2,
            g: GENERATOR,
            p: prime(),
        });
    let (has, question) = (password.is_some(), riddle.clone());
    own_key(ask)?.riddle = Some(riddle);
    Ok(types::account::Password {
        has_recovery: false,
        has_secure_values: false,
        has_password: has,
        current_algo: has.then(|| algorithm.clone()),
        srp_b: has.then_some(question.server),
        srp_id: has.then_some(question.id),
        hint: None,
        email_unconfirmed_pattern: None,
        new_algo: algorithm,
        new_secure_algo: enums::SecurePasswordKdfAlgo::Unknown,
        secure_random: question.client,
        pending_reset_date: None,
        login_email_pattern: None,
    }
    .into())
}

/// grammers takes the server's random bytes as its own secret, so the one right answer can be computed here.
pub fn check_password(ask: &mut Ask, request: &f::auth::CheckPassword) -> Result<enums::auth::Authorization, No> {
    let (account, password) = locked(ask)?;
    let Some(password) = password else { return Err(bad("PASSWORD_EMPTY")) };
    let enums::InputCheckPasswordSrp::Srp(answer) = &request.password else { return Err(bad("PASSWORD_EMPTY")) };
    let riddle = own_key(ask)?.riddle.clone().filter(|riddle| riddle.id == answer.srp_id);
    let Some(Riddle { salts: [salt1, salt2], server, client, .. }) = riddle else {
        return Err(bad("SRP_ID_INVALID"));
    };
    let (right, _) = calculate_2fa(&salt1, &salt2, &prime(), &GENERATOR, server, client, password);
    if answer.m1 != right {
        return Err(bad("PASSWORD_HASH_INVALID"));
    }
    signed_in(ask, account)
}

pub fn log_out(ask: &mut Ask, _: &f::auth::LogOut) -> Result<enums::auth::LoggedOut, No> {
    own_key(ask)?.account = None;
    Ok(types::auth::LoggedOut { future_auth_token: None }.into())
}
