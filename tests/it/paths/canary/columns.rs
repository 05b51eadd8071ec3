//! Every column that there is, by whether somebody may stand in it: a new one is looked at before it is there.

use std::collections::BTreeSet;

use super::planted::{Canary, LINK, canary, found};
use crate::place::{Engine, Place};
use crate::store::{self, Raw};

/// What the columns of a table hold.
struct Table {
    name: &'static str,
    /// Something of somebody: a canary stands there at the end of the day, which is looked at.
    planted: &'static str,
    /// Something of somebody, for a while or on other days than this one.
    passing: &'static str,
    /// Numbers, moments, ids, and words of ours or of the school: no canary stands there, which is looked at.
    harmless: &'static str,
}

const fn table(name: &'static str, planted: &'static str, passing: &'static str, harmless: &'static str) -> Table {
    Table { name, planted, passing, harmless }
}

const TABLES: &[Table] = &[
    table("account", "", "", "telegram_id person_id lang linked_at reachable age_band"),
    // What two persons agree to names people.
    table(
        "agreement",
        "",
        "effects payload ending",
        "id kind needs asked_by asked_at expires_at state decided_at over_kind",
    ),
    table("agreement_voice", "", "", "agreement_id voter agrees at"),
    table("announcement", "", "", "session_id person_id kind minutes at"),
    table("audit_batch", "", "", "id batch at"),
    // Who was taken back has no other name any more; the school's own account is called by its name.
    table("audit_entry", "", "old new", "id at actor_kind actor action object"),
    table("audit_salt", "", "", "id salt"),
    table("audit_staged", "", "old new", "batch id actor_kind actor action object"),
    table(
        "caller_account",
        "name",
        "",
        "account sealed state why signed_in_at lost_at standing standing_why standing_since",
    ),
    table("caller_muting", "", "", "call_id done at"),
    table("caller_peer", "", "", "account peer access_hash"),
    table("class_notice", "", "said", "id classroom_id day at"),
    table("classroom", "", "", "id name name_fold lang created_at closed_at"),
    table(
        "classroom_group",
        "",
        "",
        "classroom_id chat title bot_is_admin missing_rights join_link owner_account spare_account adopted_by adopted_at \
         owner spare",
    ),
    table("classroom_making", "", "", "classroom_id account day began_at chat done_at"),
    table("contest", "words reason", "", "id session_id person_id state decided_by at decided_at"),
    table("departure", "", "", "classroom_id person_id account due_at state at"),
    table("enrolment", "", "", "person_id classroom_id since"),
    table("enrolment_past", "", "", "person_id classroom_id since until"),
    table("enrolment_staged", "", "", "batch person_id classroom_id leaves"),
    table("group_kept", "", "", "chat title about photo"),
    table("group_manager", "", "", "chat account rights stuck_at"),
    table("group_member", "", "", "chat account standing since"),
    table("group_movement", "", "", "id chat account was becomes by_account at"),
    table("group_notice", "", "", "chat account what at"),
    table("group_pause", "", "", "account day why until"),
    table("group_welcome", "", "", "classroom_id day person_id"),
    // Emptied as soon as it was answered.
    table("inbox", "", "body", "update_id chat state attempts received_at settled_at note"),
    table("lease", "", "", "name holder until taken_at"),
    table(
        "live_call",
        "",
        "",
        "session_id call_id chat account title adopted message opened_at closed_at extended end_asked again",
    ),
    // Emptied once it is done.
    table(
        "outbox",
        "",
        "payload",
        "id kind key lane door rank policy state due_at expires_at hold_until lease_until holder called_at attempts \
         created_at settled_at note trace doubt_at",
    ),
    table(
        "person",
        "last_name first_name name_fold email email_fold birth card",
        "",
        "id role lang active created_at updated_at",
    ),
    // An import on its way.
    table(
        "person_staged",
        "",
        "last_name first_name name_fold email email_fold birth card",
        "batch id role lang active",
    ),
    table("personal_link", "", "", "token_hash kind person_id made_at expires_at made_by tries state used_by used_at"),
    table("presence_event", "", "", "id session_id person_id account kind source source_at received_at detail"),
    table("presence_now", "", "", "session_id peer person_id since"),
    table("presence_peer", "title", "", "session_id peer first_at person_id matched_by matched_at"),
    table("presence_poll", "", "", "session_id at complete people"),
    table("presence_watch", "", "", "session_id opened_at closed_at"),
    table("removal", "", "", "id at kind classroom_id object"),
    // While its reader looks at a name.
    table("roll_shown", "", "screen", "session_id account words"),
    table(
        "session",
        "teacher_name link",
        "",
        "id classroom_id reference start_at end_at subject teacher_id room mode state revision created_at updated_at",
    ),
    table("session_call", "", "", "session_id state at"),
    table("session_pack", "", "sessions", "batch first_id"),
    table(
        "session_staged",
        "",
        "teacher_name link",
        "batch id classroom_id reference start_at end_at subject teacher_id room mode state revision",
    ),
    table("session_untold", "", "known", "session_id classroom_id due_at notice"),
    table("setting", "", "", "name value"),
    table("sheet", "", "", "session_id state version opened_at proposed_at validated_at validated_by revision"),
    table("sheet_change", "reason", "", "id session_id person_id version old new by_person at"),
    table("sheet_line", "", "", "session_id person_id state late early minutes source updated_at"),
    // A key may stand for people who would be taken out of a group, or for words that were looked for.
    table("telegram_button", "", "args", "id action actor made_at chat"),
    table("telegram_dialogue", "", "", "account topic args until"),
    table("telegram_slot", "", "", "slot chat message at"),
    table("workbook_again", "", "said", "key mark at"),
    // For as long as it may be undone.
    table("workbook_effect", "", "effect", "import_id position at outcome"),
    table(
        "workbook_import",
        "file_name workbook",
        "",
        "id sha256 chat by_person state fingerprint agreement_id created_at settled_at undone_at effects_until",
    ),
    table("workbook_receipt", "", "", "key receipt at"),
    table("workbook_rest", "", "", "plan import_id at receipt_key account"),
    table("workbook_round", "", "work", "plan position batch"),
];

impl Table {
    fn columns(&self) -> Vec<&'static str> {
        [self.planted, self.passing, self.harmless].into_iter().flat_map(str::split_whitespace).collect()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_column_is_planted_or_harmless() {
    for engine in Engine::all() {
        let mut place = Place::on(engine).await;
        let (migrator, mut raw) = (store::migrator().await, Raw::open(&place).await);
        let last = migrator.iter().map(|migration| migration.version).max().expect("migrations");
        raw.migrate_to(&migrator, last).await;
        let tables = raw.tables().await;
        let known: BTreeSet<&str> = TABLES.iter().map(|table| table.name).collect();
        assert_eq!(known, tables.iter().map(String::as_str).collect(), "{engine:?}: each table, and no other");
        for table in TABLES {
            let (mut listed, there) = (table.columns(), raw.columns(table.name).await);
            listed.sort_unstable();
            assert_eq!(listed, there, "{engine:?}: {}: is a new column planted, or harmless?", table.name);
        }
        drop(raw);
        place.remove().await;
    }
}

/// Where a canary stands that should not, and where none does that should.
pub async fn wrong(place: &Place, canaries: &[Canary]) -> Vec<String> {
    let (mut raw, mut wrong) = (Raw::open(place).await, Vec::new());
    for table in TABLES {
        for column in table.columns() {
            let values = raw.values(table.name, &[column.to_owned()]).await.join("\n");
            let what = format!("{}.{column}", table.name);
            if table.planted.split_whitespace().any(|planted| planted == column) {
                if found(&what, values.as_bytes(), canaries).is_empty() {
                    wrong.push(format!("{what}: nothing is planted there"));
                }
            } else if table.harmless.split_whitespace().any(|harmless| harmless == column) {
                wrong.extend(found(&format!("{what}, which is said to be harmless"), values.as_bytes(), canaries));
            } else if table.name.starts_with("audit_") {
                // What may hold a key is told by its fingerprint.
                wrong.extend(found(&what, values.as_bytes(), &[canary("link to a room", LINK)]));
            }
        }
    }
    wrong
}
