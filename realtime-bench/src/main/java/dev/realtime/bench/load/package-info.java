/** The load client: thousands of connections on one event loop, exact counts. */
@NullMarked
package dev.realtime.bench.load;

import org.jspecify.annotations.NullMarked;
