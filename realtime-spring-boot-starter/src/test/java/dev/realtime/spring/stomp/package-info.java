/** Tests of the broker inside Spring's STOMP support. */
@NullMarked
package dev.realtime.spring.stomp;

import org.jspecify.annotations.NullMarked;
