/** The relay contract and its failures against a real Redis. */
@NullMarked
package dev.realtime.relay.redis;

import org.jspecify.annotations.NullMarked;
