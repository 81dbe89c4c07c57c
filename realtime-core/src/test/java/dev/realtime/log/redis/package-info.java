/** The log contract and its failures against a real Redis. */
@NullMarked
package dev.realtime.log.redis;

import org.jspecify.annotations.NullMarked;
