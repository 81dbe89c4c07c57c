/**
 * The numbers of topics. Imports the root package only.
 * <p>
 * API: {@link dev.realtime.sequence.SequenceService},
 * {@link dev.realtime.sequence.MemorySequence} and
 * {@link dev.realtime.sequence.TopicCounter}.
 */
@NullMarked
package dev.realtime.sequence;

import org.jspecify.annotations.NullMarked;
