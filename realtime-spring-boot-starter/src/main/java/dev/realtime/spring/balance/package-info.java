/**
 * Evens out the connections of nodes, where the application asks. Imports the core and
 * the starter's root.
 */
@NullMarked
package dev.realtime.spring.balance;

import org.jspecify.annotations.NullMarked;
