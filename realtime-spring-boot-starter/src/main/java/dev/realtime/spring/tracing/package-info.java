/**
 * Observations of publications, of how they are stored, announced and delivered, of
 * repairs, and of clients' CONNECTs, SUBSCRIBEs, recoveries and SENDs, recorded as spans
 * where the application has a tracer. Imports {@code .publisher} and {@code .stomp}, and
 * is the only package that knows Micrometer Tracing, which applications add.
 * <p>
 * API: {@link dev.realtime.spring.tracing.AnnounceObservationContext},
 * {@link dev.realtime.spring.tracing.AnnounceObservationConvention},
 * {@link dev.realtime.spring.tracing.ConnectObservationContext},
 * {@link dev.realtime.spring.tracing.ConnectObservationConvention},
 * {@link dev.realtime.spring.tracing.DefaultAnnounceObservationConvention},
 * {@link dev.realtime.spring.tracing.DefaultConnectObservationConvention},
 * {@link dev.realtime.spring.tracing.DefaultDeliverObservationConvention},
 * {@link dev.realtime.spring.tracing.DefaultPublishObservationConvention},
 * {@link dev.realtime.spring.tracing.DefaultReceiveObservationConvention},
 * {@link dev.realtime.spring.tracing.DefaultRecoverObservationConvention},
 * {@link dev.realtime.spring.tracing.DefaultRepairObservationConvention},
 * {@link dev.realtime.spring.tracing.DefaultStoreObservationConvention},
 * {@link dev.realtime.spring.tracing.DefaultSubscribeObservationConvention},
 * {@link dev.realtime.spring.tracing.DeliverObservationContext},
 * {@link dev.realtime.spring.tracing.DeliverObservationConvention},
 * {@link dev.realtime.spring.tracing.FrameObservationContext},
 * {@link dev.realtime.spring.tracing.PublishObservationContext},
 * {@link dev.realtime.spring.tracing.PublishObservationConvention},
 * {@link dev.realtime.spring.tracing.RealtimeObservation},
 * {@link dev.realtime.spring.tracing.ReceiveObservationContext},
 * {@link dev.realtime.spring.tracing.ReceiveObservationConvention},
 * {@link dev.realtime.spring.tracing.RecoverObservationContext},
 * {@link dev.realtime.spring.tracing.RecoverObservationConvention},
 * {@link dev.realtime.spring.tracing.RepairObservationContext},
 * {@link dev.realtime.spring.tracing.RepairObservationConvention},
 * {@link dev.realtime.spring.tracing.StoreObservationContext},
 * {@link dev.realtime.spring.tracing.StoreObservationConvention},
 * {@link dev.realtime.spring.tracing.SubscribeObservationContext},
 * {@link dev.realtime.spring.tracing.SubscribeObservationConvention} and
 * {@link dev.realtime.spring.tracing.TimedObservationContext}.
 */
@NullMarked
package dev.realtime.spring.tracing;

import org.jspecify.annotations.NullMarked;
