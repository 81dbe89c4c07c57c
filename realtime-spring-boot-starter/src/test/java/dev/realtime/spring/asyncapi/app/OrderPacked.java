package dev.realtime.spring.asyncapi.app;

import dev.realtime.spring.publisher.PublishedOn;

/** An event that is published. */
@PublishedOn(value = "order.{orderId}", type = "packed")
public record OrderPacked(String orderId, int items) {
}
