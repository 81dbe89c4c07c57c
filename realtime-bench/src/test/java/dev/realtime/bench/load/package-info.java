/** Tests of the load's clients. */
@NullMarked
package dev.realtime.bench.load;

import org.jspecify.annotations.NullMarked;
