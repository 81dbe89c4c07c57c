/**
 * Observations of publications, of clients' SENDs and of deliveries, recorded as spans
 * where the application has a tracer. Imports {@code .publisher}, {@code .stomp} and
 * {@code .gateway} (the bound of what waits), and is the only package that knows
 * Micrometer Tracing, which applications add.
 * <p>
 * API: {@link dev.realtime.spring.tracing.DefaultDeliverObservationConvention},
 * {@link dev.realtime.spring.tracing.DefaultPublishObservationConvention},
 * {@link dev.realtime.spring.tracing.DefaultReceiveObservationConvention},
 * {@link dev.realtime.spring.tracing.DeliverObservationContext},
 * {@link dev.realtime.spring.tracing.DeliverObservationConvention},
 * {@link dev.realtime.spring.tracing.PublishObservationContext},
 * {@link dev.realtime.spring.tracing.PublishObservationConvention},
 * {@link dev.realtime.spring.tracing.RealtimeObservation},
 * {@link dev.realtime.spring.tracing.ReceiveObservationContext} and
 * {@link dev.realtime.spring.tracing.ReceiveObservationConvention}.
 */
@NullMarked
package dev.realtime.spring.tracing;

import org.jspecify.annotations.NullMarked;
