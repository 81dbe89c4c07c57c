/**
 * Read positions and unread counts of users: what HTTP and STOMP have in common. Imports
 * the core's root, log, unread, jdbc and log.jdbc packages, and the starter's properties,
 * security and jdbc packages.
 * <p>
 * API: {@link dev.realtime.spring.unread.UserUnread} and
 * {@link dev.realtime.spring.unread.UnreadRefusedException}.
 */
@NullMarked
package dev.realtime.spring.unread;

import org.jspecify.annotations.NullMarked;
