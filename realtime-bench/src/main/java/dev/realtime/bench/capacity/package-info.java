/**
 * How many nodes, cores, bytes and servers a fleet needs, from unit costs that were
 * measured. It calculates and prints, and starts nothing.
 */
@NullMarked
package dev.realtime.bench.capacity;

import org.jspecify.annotations.NullMarked;
