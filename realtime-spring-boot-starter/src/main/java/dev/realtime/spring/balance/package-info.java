/**
 * Evens out the connections of nodes, where the application asks. Imports the core and
 * the starter's root.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.spring.balance;

import org.jspecify.annotations.NullMarked;
