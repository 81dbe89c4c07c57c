/**
 * Who a client is, and who may read which topic outside STOMP. Imports the core's root
 * package only.
 */
@NullMarked
package dev.realtime.spring.security;

import org.jspecify.annotations.NullMarked;
