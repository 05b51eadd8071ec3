//! What the program stands on before Telegram has answered.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use tokio::sync::mpsc;
use tokio_cron_scheduler::JobScheduler;

use super::house::{EACH_MINUTE, House};
use super::{CALLER_TERM, PATIENCE, Start, TERM, quiet, vacate};
use crate::kernel::{Clock, Result};
use crate::platform::alert::Alert;
use crate::platform::config::Config;
use crate::platform::store::{Database, Occupant, Tenure, correct_wall, keep_wall};
use crate::platform::tasks::{Leash, Tasks};
use crate::platform::web;
use crate::school::FEATURES;
use crate::telegram::caller::{self, Accounts};
use crate::telegram::port::{Hint, Updates};

/// What stands before Telegram has answered: the store, and the admin listener that says so.
pub(super) struct Ground {
    pub database: Database,
    pub tasks: Tasks,
    pub tenure: Tenure,
    /// The same for the user accounts.
    pub caller: Tenure,
    pub bot: Arc<OnceLock<Arc<dyn Updates>>>,
    pub admin: Option<SocketAddr>,
    /// Our name in a PostgreSQL database: nobody moves or restores it meanwhile.
    pub occupant: Option<Occupant>,
    pub leash: Leash,
    pub alert: Alert,
    pub house: House,
    pub ticker: Option<JobScheduler>,
}

impl Ground {
    /// Opens the store and begins to look after it.
    pub async fn lay(config: &Arc<Config>, start: &Start) -> Result<Self> {
        let Start { clock, ids, probe } = start.clone();
        let tasks = Tasks::default();
        let database = Database::open_alone(Arc::clone(config), clock.clone(), ids, probe).await?;
        let db = database.db.clone();
        correct_wall(&db).await?;
        let occupant = Occupant::running(&db, &db.ids().next()).await?;
        let tenure = if db.is_sqlite() { Tenure::alone(&clock) } else { Tenure::shared(&clock, TERM) };
        // Where no caller is foreseen, whoever serves Telegram says that there is none.
        let own = caller::login::is_configured(config) && !db.is_sqlite();
        let caller = if own { Tenure::shared(&clock, CALLER_TERM) } else { tenure.clone() };
        let bot = Arc::<OnceLock<Arc<dyn Updates>>>::default();
        let alert = Alert::under(&config.alert, config.school.language, &clock, &start.probe)?;
        let house = House::new(db.clone(), alert.clone(), tenure.clone(), Arc::clone(&bot));
        let leash = Leash::on(&tasks);
        let mut ground = Self {
            database,
            tasks,
            tenure,
            caller,
            bot,
            admin: None,
            occupant,
            leash,
            alert,
            house: house.clone(),
            ticker: None,
        };
        if let Some(listen) = config.web.admin_listen {
            let list = FEATURES.iter().flat_map(|feature| feature.pages).collect();
            let pages = web::Pages { list, db: db.clone(), token: config.web.admin_token.clone() };
            match web::serve_admin(listen, Arc::new(house.clone()), Some(pages), &clock, &ground.tasks).await {
                Ok(bound) => ground.admin = Some(bound),
                Err(error) => {
                    ground.leave(&clock).await;
                    return Err(error);
                }
            }
        }
        if let Some(occupant) = ground.occupant.clone() {
            ground.tasks.spawn(occupant.keep(db.clone(), ground.tasks.clone()));
            ground.tasks.spawn(keep_wall(db, ground.tasks.clone()));
        }
        ground.ticker = Some(house.tick(EACH_MINUTE, ground.tasks.clone()).await?);
        Ok(ground)
    }

    /// The user accounts of this program, and what is pushed to them.
    pub fn accounts(&self, start: &Start) -> (Accounts, mpsc::Receiver<Hint>) {
        Accounts::new(self.database.db.clone(), self.caller.clone(), self.tasks.clone(), start.probe.clone())
    }

    /// Lets go of all of it.
    pub async fn leave(mut self, clock: &Clock) {
        quiet(&mut self.ticker).await;
        self.tasks.stop(clock, PATIENCE).await;
        vacate(self.occupant.as_ref(), &self.database.db).await;
        self.database.close().await;
    }
}
