/** An application's package, as the starter scans it. */
@NullMarked
package dev.realtime.spring.publisher.app;

import org.jspecify.annotations.NullMarked;
