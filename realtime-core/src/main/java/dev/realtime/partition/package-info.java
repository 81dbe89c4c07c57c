/**
 * Which partition of the fleet a topic belongs to, whatever carries its messages. Imports
 * the root package only.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.partition;

import org.jspecify.annotations.NullMarked;
