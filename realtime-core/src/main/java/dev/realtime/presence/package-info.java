/**
 * Who is on a topic. Imports the root package only.
 * <p>
 * API: {@link dev.realtime.presence.Presence},
 * {@link dev.realtime.presence.PresenceEvent},
 * {@link dev.realtime.presence.PresenceOptions},
 * {@link dev.realtime.presence.PresenceLimits} and
 * {@link dev.realtime.presence.MemoryPresence}.
 */
@NullMarked
package dev.realtime.presence;

import org.jspecify.annotations.NullMarked;
