/**
 * Messages to users who are connected to no node, for the application to pass on. Imports
 * the sessions, which know who is connected, the bound of what waits, and the loops.
 * <p>
 * API: {@link dev.realtime.spring.offline.OfflineHandler} and
 * {@link dev.realtime.spring.offline.OfflineMessage}.
 */
@NullMarked
package dev.realtime.spring.offline;

import org.jspecify.annotations.NullMarked;
