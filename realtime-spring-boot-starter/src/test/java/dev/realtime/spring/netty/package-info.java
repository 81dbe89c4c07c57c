/** The Netty listener, byte by byte. */
@NullMarked
package dev.realtime.spring.netty;

import org.jspecify.annotations.NullMarked;
