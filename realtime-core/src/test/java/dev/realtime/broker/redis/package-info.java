/** The broker contract and its failures against a real Redis. */
@NullMarked
package dev.realtime.broker.redis;

import org.jspecify.annotations.NullMarked;
