/**
 * Spring's {@code SimpUserRegistry} with the users of all nodes. Imports the node, its
 * signals and loops.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.spring.users;

import org.jspecify.annotations.NullMarked;
