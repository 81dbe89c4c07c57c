/** Tests of the simulation. */
@NullMarked
package dev.realtime.bench.simulation;

import org.jspecify.annotations.NullMarked;
