/**
 * What a client needs to begin with: a topic's state and the position from which the
 * topic's messages change it. Imports the core's root package only.
 * <p>
 * API: {@link dev.realtime.spring.snapshot.SnapshotProvider} and
 * {@link dev.realtime.spring.snapshot.Snapshot}.
 */
@NullMarked
package dev.realtime.spring.snapshot;

import org.jspecify.annotations.NullMarked;
