/**
 * Topics that get their first subscriber on this node, or lose their last one, as events
 * of the application context. Imports the connections and the loops.
 */
@NullMarked
package dev.realtime.spring.occupancy;

import org.jspecify.annotations.NullMarked;
