/**
 * How far each user has read, how many messages they have not, and who is told when that
 * changes. Imports the root and log packages.
 * <p>
 * API: {@link dev.realtime.unread.Unread} and {@link dev.realtime.unread.UnreadWatch}.
 */
@NullMarked
package dev.realtime.unread;

import org.jspecify.annotations.NullMarked;
