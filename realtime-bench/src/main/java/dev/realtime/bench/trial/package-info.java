/**
 * The load of {@code load --url=…} against any deployment: phases, exact counts of every
 * delivery, results of several processes together.
 */
@NullMarked
package dev.realtime.bench.trial;

import org.jspecify.annotations.NullMarked;
