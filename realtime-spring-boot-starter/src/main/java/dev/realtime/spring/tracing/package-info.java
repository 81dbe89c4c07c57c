/**
 * Observations of publications, of clients' SENDs and of deliveries, recorded as spans
 * where the application has a tracer. Imports {@code .publisher}, {@code .stomp} and
 * {@code .gateway} (the bound of what waits), and is the only package that knows
 * Micrometer Tracing, which applications add.
 */
@NullMarked
package dev.realtime.spring.tracing;

import org.jspecify.annotations.NullMarked;
