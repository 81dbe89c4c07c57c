/**
 * What operators see: health and metrics.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.spring.actuate;

import org.jspecify.annotations.NullMarked;
