/**
 * Spring's {@code SimpUserRegistry} with the users of all nodes. Imports the node, its
 * signals and loops.
 */
@NullMarked
package dev.realtime.spring.users;

import org.jspecify.annotations.NullMarked;
