/** The contract of restrictions and their failures against a real Redis. */
@NullMarked
package dev.realtime.restriction.redis;

import org.jspecify.annotations.NullMarked;
