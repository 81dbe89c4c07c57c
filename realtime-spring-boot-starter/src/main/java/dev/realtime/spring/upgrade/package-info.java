/**
 * Takes WebSockets over from the servlet container through its protocol upgrade: Spring's
 * handshake stays as it is, and what comes after it is ours.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.spring.upgrade;

import org.jspecify.annotations.NullMarked;
