/**
 * Evens out the connections of a fleet's nodes. Imports the root package, loop and node.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.balance;

import org.jspecify.annotations.NullMarked;
