//! Stand-ins for every outside system, on loopback.
