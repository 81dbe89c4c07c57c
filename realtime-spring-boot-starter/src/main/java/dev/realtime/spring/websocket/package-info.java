/**
 * WebSockets whose bytes we read and write ourselves: frames (RFC 6455) from and to
 * bytes, and the order in which a client's frames are handled. Knows no container.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.spring.websocket;

import org.jspecify.annotations.NullMarked;
