/**
 * When messages that ask for it ({@link dev.realtime.Content#JOURNEY}) reached which
 * stage on this node. May import the root package and the loops.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.journey;

import org.jspecify.annotations.NullMarked;
