//! What the connected systems can do, by trait. `app` fills it from the connectors' list; jobs ask for an ability and
//! get `None` where nothing that has it is connected.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::Arc;

/// At most one of each. Cheap to clone.
#[derive(Clone, Default)]
pub struct Abilities(HashMap<TypeId, Arc<dyn Any + Send + Sync>>);

impl std::fmt::Debug for Abilities {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Abilities({})", self.0.len())
    }
}

impl Abilities {
    /// `T` is an ability's trait: `offer::<dyn Mailer>(…)`.
    pub fn offer<T: ?Sized + Send + Sync + 'static>(&mut self, ability: Arc<T>) {
        self.0.insert(TypeId::of::<T>(), Arc::new(ability));
    }

    pub fn get<T: ?Sized + Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        self.0.get(&TypeId::of::<T>())?.downcast_ref::<Arc<T>>().cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    trait Bark: Send + Sync {
        fn bark(&self) -> &'static str;
    }
    trait Fly: Send + Sync {}
    struct Dog;
    impl Bark for Dog {
        fn bark(&self) -> &'static str {
            "woof"
        }
    }

    #[test]
    fn an_ability_is_found_by_its_trait() {
        let mut abilities = Abilities::default();
        assert!(abilities.get::<dyn Bark>().is_none());
        abilities.offer::<dyn Bark>(Arc::new(Dog));
        assert_eq!(abilities.clone().get::<dyn Bark>().map(|dog| dog.bark()), Some("woof"));
        assert!(abilities.get::<dyn Fly>().is_none());
    }
}
