/**
 * Who is connected to the fleet, and what stops them: {@code RealtimeSessions} is for
 * applications. Imports the hub, the node, restrictions, and who a client is.
 */
@NullMarked
package dev.realtime.spring.sessions;

import org.jspecify.annotations.NullMarked;
