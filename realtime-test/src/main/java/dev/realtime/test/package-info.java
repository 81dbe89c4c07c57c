/**
 * A test kit for applications that use the starter: STOMP clients, what was published,
 * faults and time. Imports the core's and the starter's public types.
 */
@NullMarked
package dev.realtime.test;

import org.jspecify.annotations.NullMarked;
