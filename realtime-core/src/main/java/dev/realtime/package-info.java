/**
 * The nouns of realtime messaging: topics, numbered messages, positions, policies, and
 * the publisher's door. Imports nothing of ours; every other package may import it.
 * <p>
 * API: all public types.
 */
@NullMarked
package dev.realtime;

import org.jspecify.annotations.NullMarked;
