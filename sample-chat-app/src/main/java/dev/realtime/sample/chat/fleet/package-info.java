/** The nodes, and the way of a message between them: for curious people. */
@NullMarked
package dev.realtime.sample.chat.fleet;

import org.jspecify.annotations.NullMarked;
