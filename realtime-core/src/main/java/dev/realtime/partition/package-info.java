/**
 * Which partition of the fleet a topic belongs to, whatever carries its messages. Imports
 * the root package only.
 */
@NullMarked
package dev.realtime.partition;

import org.jspecify.annotations.NullMarked;
