/** An application's package with a type of events that cannot be published. */
@NullMarked
package dev.realtime.spring.publisher.broken;

import org.jspecify.annotations.NullMarked;
