/** What operators see: health and metrics. */
@NullMarked
package dev.realtime.spring.actuate;

import org.jspecify.annotations.NullMarked;
