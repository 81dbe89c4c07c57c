/**
 * The topics that this node follows: puts their messages in order, drops duplicates,
 * fills holes from the log and hands the messages over to the shards, in one order for
 * all of them. Imports the root package, loop, journey, delivery, broker and what
 * broker's doors name (log, relay). All its types are internal to the engine.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.feed;

import org.jspecify.annotations.NullMarked;
