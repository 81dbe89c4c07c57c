/**
 * Who somebody is. A real application has a login already; what is worth copying is that
 * STOMP and HTTP take the same token.
 */
@NullMarked
package dev.realtime.sample.chat.login;

import org.jspecify.annotations.NullMarked;
