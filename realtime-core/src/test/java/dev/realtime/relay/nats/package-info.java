/** Tests of the relay over NATS. */
@NullMarked
package dev.realtime.relay.nats;

import org.jspecify.annotations.NullMarked;
