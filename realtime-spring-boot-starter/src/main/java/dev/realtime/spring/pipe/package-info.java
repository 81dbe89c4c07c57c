/**
 * Texts that grow while their readers watch: publishes a reactive source of text as
 * messages of a topic. Imports the node, its signals and loops.
 * <p>
 * API: {@link dev.realtime.spring.pipe.RealtimeStreams},
 * {@link dev.realtime.spring.pipe.PipedStream},
 * {@link dev.realtime.spring.pipe.StreamEnd} and
 * {@link dev.realtime.spring.pipe.StreamOutcome}.
 */
@NullMarked
package dev.realtime.spring.pipe;

import org.jspecify.annotations.NullMarked;
