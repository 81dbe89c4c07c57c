/**
 * Who somebody is. A real application has a login already; what is worth copying is that
 * the token goes with HTTP requests alone, and connections take tickets.
 */
@NullMarked
package dev.realtime.sample.chat.login;

import org.jspecify.annotations.NullMarked;
