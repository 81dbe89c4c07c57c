/** An application whose messages are described. */
@NullMarked
package dev.realtime.spring.asyncapi.app;

import org.jspecify.annotations.NullMarked;
