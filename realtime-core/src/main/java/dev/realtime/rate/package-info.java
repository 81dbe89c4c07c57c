/**
 * Token buckets that all nodes of a fleet share. Imports nothing of ours.
 */
@NullMarked
package dev.realtime.rate;

import org.jspecify.annotations.NullMarked;
