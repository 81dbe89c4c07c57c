/** The sequence contract and its failures against a real Redis. */
@NullMarked
package dev.realtime.sequence.redis;

import org.jspecify.annotations.NullMarked;
