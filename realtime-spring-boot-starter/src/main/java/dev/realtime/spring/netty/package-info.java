/**
 * A WebSocket listener on Netty's event loops, behind the same STOMP support as the
 * servlet endpoint. Alone in importing Netty; an application adds
 * {@code io.netty:netty-codec-http} and sets {@code realtime.netty.port}.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.spring.netty;

import org.jspecify.annotations.NullMarked;
