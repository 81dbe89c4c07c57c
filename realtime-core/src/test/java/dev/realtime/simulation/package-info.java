/**
 * Deterministic simulation of a fleet: the real nodes over models of the store, the
 * relay, the sockets and the clients, under one virtual clock and one seed. See
 * {@code docs/reliability.md}.
 */
@NullMarked
package dev.realtime.simulation;

import org.jspecify.annotations.NullMarked;
