/**
 * Where a topic's messages are kept and read back in order. Imports the root package
 * only.
 * <p>
 * API: {@link dev.realtime.log.TopicLog}, {@link dev.realtime.log.LogPage} and
 * {@link dev.realtime.log.MemoryTopicLog}.
 */
@NullMarked
package dev.realtime.log;

import org.jspecify.annotations.NullMarked;
