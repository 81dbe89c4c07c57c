/**
 * How far each user has read, how many messages they have not, and who is told when that
 * changes. Imports the root and log packages.
 */
@NullMarked
package dev.realtime.unread;

import org.jspecify.annotations.NullMarked;
