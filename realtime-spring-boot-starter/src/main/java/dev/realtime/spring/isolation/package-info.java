/**
 * A node that cannot reach the relay while others can: how it learns of the others, and
 * what load balancers see. Imports the core and the starter's root and json.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.spring.isolation;

import org.jspecify.annotations.NullMarked;
