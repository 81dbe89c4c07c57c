/** Tests of what finds and ends sessions. */
@NullMarked
package dev.realtime.spring.sessions;

import org.jspecify.annotations.NullMarked;
