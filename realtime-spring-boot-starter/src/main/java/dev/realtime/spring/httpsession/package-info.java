/**
 * Ends the connections that an HTTP session has started when that session ends. Imports
 * sessions and the STOMP endpoint's requests.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.spring.httpsession;

import org.jspecify.annotations.NullMarked;
