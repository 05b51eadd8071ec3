//! Seeds that failed once, each with a sentence. Every run plays them first.

/// Number of the day, the print of its plan ([`super::plan::Plan::print`]: whoever draws a day otherwise must find the
/// mistake anew), and what was wrong.
pub const SEEDS: [(u64, &str, &str); 6] = [
    (
        9,
        "c90c42e33e3d",
        "killed between a notice that left and the note that it had, the class was told of the lesson as new again",
    ),
    (39, "63e1862c1dec", "killed there, the class was told of an added lesson and never of its cancellation"),
    (74, "bbc00de39f5f", "killed there, what was added and cancelled was taken for never told"),
    (
        267,
        "40e50e444568",
        "a lesson's call ended at the moment at which the next one's was opened, and was taken for it: it had none",
    ),
    (
        773,
        "a6fd6c596540",
        "a call that could not be had by two troubles in a row made the day another one, which the judge did not know",
    ),
    (153, "c5c91e963bd3", "« Fermer l’appel » pressed twice stood in the journal twice"),
];
