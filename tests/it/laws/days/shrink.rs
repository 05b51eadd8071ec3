//! A day that broke a law is made smaller: a size by which its number alone gives it again, then single acts left out.

use std::time::Duration;

use preau::kernel::Clock;

use super::plan::Plan;
use super::school::School;
use super::{SIZE, judged};

/// Shorter days are sought for so long, once in a run (machine time).
const SHRINKING: Duration = Duration::from_mins(1);

/// The smallest size by which this number breaks a law, and what then can be left out without its being whole again.
pub async fn shrunk(school: &School, seed: u64, number: u64) -> (usize, Plan) {
    let clock = Clock::machine();
    let breaks = async |plan: &Plan| !judged(school, plan, [number]).await.broken.is_empty();
    let mut size = 0;
    while size < SIZE && clock.elapsed() < SHRINKING / 2 && !breaks(&Plan::of(seed, size)).await {
        size += 1;
    }
    if clock.elapsed() >= SHRINKING / 2 {
        size = SIZE;
    }
    let plan = Plan::of(seed, size);
    let acts = smallest(plan.acts.clone(), async |acts| {
        clock.elapsed() < SHRINKING && breaks(&plan.with(acts.to_vec())).await
    });
    let acts = acts.await;
    (size, plan.with(acts))
}

/// What is left of these when halves, then quarters, then single ones are left out as long as it `breaks` without them.
async fn smallest<T: Clone>(all: Vec<T>, breaks: impl AsyncFn(&[T]) -> bool) -> Vec<T> {
    let mut left = all;
    let mut piece = left.len().div_ceil(2);
    while piece > 0 {
        let mut from = 0;
        while from < left.len() {
            let mut less = left.clone();
            less.drain(from..(from + piece).min(left.len()));
            if breaks(&less).await {
                left = less;
            } else {
                from += piece;
            }
        }
        piece /= 2;
    }
    left
}

#[tokio::test]
async fn what_is_not_needed_to_break_it_is_left_out() {
    let all: Vec<u32> = (0..40).collect();
    let two = smallest(all.clone(), async |some| some.contains(&7) && some.contains(&31)).await;
    assert_eq!(two, [7, 31]);
    assert_eq!(smallest(all.clone(), async |_| true).await, Vec::<u32>::new());
    assert_eq!(smallest(all.clone(), async |some| some.len() == 40).await, all, "whole it stays");
}
